// SPDX-License-Identifier: Apache-2.0
use super::error::{check, make};
use super::layer::pointers;
use super::sys;
use super::text::present;
use super::values::numbered;
use crate::{Buffer, Document, Exec, Item, Layer, Options, Origin, Result, Ruling, User, Warning};
use std::ffi::CStr;
use std::fmt;
use std::mem::MaybeUninit;
use std::os::raw::{c_char, c_int};
use std::os::unix::io::{AsRawFd, BorrowedFd};
use std::ptr::NonNull;
use std::slice;

/// The answer. Immutable.
pub struct Config(NonNull<sys::ocienv_config>);

/// Arguments or environment entries, in the order that execve gets them.
pub type Strings<'a> =
    std::iter::Map<slice::Iter<'a, *const c_char>, fn(&'a *const c_char) -> &'a CStr>;

impl Config {
    /// Which file, which argv, env, cwd and user? At most one layer of each kind, in any order;
    /// without a rootfs nothing is looked up, and nothing is guessed.
    pub fn resolve(
        layers: &[&Layer],
        rootfs: Option<BorrowedFd<'_>>,
        options: &Options<'_>,
    ) -> Result<Config> {
        let layers = pointers(layers);

        options.with(|options| {
            // SAFETY: all of it lives for the call.
            make(|ret, error| unsafe {
                let (first, count) = (layers.as_ptr(), layers.len());
                sys::ocienv_resolve(ret, first, count, descriptor(rootfs), options, error)
            })
            .map(Config)
        })
    }

    /// Reads a CONFIG blob back. It knows the class of each value's source, but no document, line
    /// or column, and no file descriptor.
    pub fn decode(blob: &Document<'_>, options: &Options<'_>) -> Result<Config> {
        blob.with(|blob| {
            options.with(|options| {
                // SAFETY: both live for the call, and are not referred to after it.
                make(|ret, error| unsafe { sys::ocienv_config_decode(ret, blob, options, error) })
                    .map(Config)
            })
        })
    }

    /// Writes a CONFIG blob: one encoding per content, the environment sorted by name.
    pub fn encode(&self, options: &Options<'_>) -> Result<Buffer> {
        self.write(options, sys::ocienv_config_encode)
    }

    /// Writes the public form of a CONFIG blob: values that came out of Secrets are replaced by their
    /// HMAC-SHA-384 under `key`, 32 to 128 bytes; those that are sealed stay as they are. Its digest
    /// may be told to everybody. Nothing reads it back.
    pub fn encode_public(&self, key: &[u8], options: &Options<'_>) -> Result<Buffer> {
        options.with(|options| {
            // SAFETY: all of it lives for the call.
            Buffer::fill(|ret, error| unsafe {
                let (first, size) = (key.as_ptr().cast(), key.len());
                sys::ocienv_config_encode_public(ret, self.as_ptr(), first, size, options, error)
            })
        })
    }

    /// The whole answer as JSON text. It holds values of Secrets.
    pub fn report(&self, options: &Options<'_>) -> Result<Buffer> {
        self.write(options, sys::ocienv_config_report)
    }

    /// The answer as lines of a Gramine manifest.
    pub fn gramine(&self, options: &Options<'_>) -> Result<Buffer> {
        self.write(options, sys::ocienv_config_gramine)
    }

    /// The policy that pins the answer, as JSON text. The config must have been resolved with one,
    /// usually the built-in "observe".
    pub fn pin(&self, options: &Options<'_>) -> Result<Buffer> {
        self.write(options, sys::ocienv_policy_pin)
    }

    fn write(&self, options: &Options<'_>, writer: Writer) -> Result<Buffer> {
        options.with(|options| {
            // SAFETY: both live for the call.
            Buffer::fill(|ret, error| unsafe { writer(ret, self.as_ptr(), options, error) })
        })
    }

    /// SHA-384 of the CONFIG blob's measured prefix: what `sha384sum` gives for the blob.
    pub fn digest(&self) -> Result<[u8; sys::OCIENV_DIGEST_SIZE]> {
        let mut digest = [0; sys::OCIENV_DIGEST_SIZE];

        // SAFETY: the array has the size that is written.
        check(|error| unsafe {
            sys::ocienv_config_digest(digest.as_mut_ptr(), self.as_ptr(), error)
        })?;
        Ok(digest)
    }

    /// Arguments.
    pub fn argv(&self) -> Strings<'_> {
        self.strings(sys::ocienv_config_argv)
    }

    /// Environment: "NAME=VALUE", unique names, in the runtime's order.
    pub fn env(&self) -> Strings<'_> {
        self.strings(sys::ocienv_config_envp)
    }

    fn strings(&self, list: Lister) -> Strings<'_> {
        let mut count = 0;
        // SAFETY: the object lives.
        let first = unsafe { list(self.as_ptr(), &mut count) };
        let list = match count {
            0 => &[][..],
            // SAFETY: the library's list has that many, and lives as long as the object.
            count => unsafe { slice::from_raw_parts(first, count) },
        };

        // SAFETY: each is a string of the object.
        list.iter().map(|text| unsafe { present(*text) })
    }

    /// Arguments, NULL-terminated, as execve takes them; they live as long as the config.
    pub fn argv_ptr(&self) -> *const *const c_char {
        // SAFETY: the object lives.
        unsafe { sys::ocienv_config_argv(self.as_ptr(), std::ptr::null_mut()) }
    }

    /// The environment likewise.
    pub fn envp_ptr(&self) -> *const *const c_char {
        // SAFETY: the object lives.
        unsafe { sys::ocienv_config_envp(self.as_ptr(), std::ptr::null_mut()) }
    }

    /// Working directory; "/" if nobody said otherwise.
    pub fn cwd(&self) -> &CStr {
        // SAFETY: a string of the object.
        unsafe { present(sys::ocienv_config_cwd(self.as_ptr())) }
    }

    /// The file that is executed; `None` if the config was made without a rootfs.
    pub fn exec(&self) -> Option<Exec<'_>> {
        // SAFETY: it fills the struct or fails; strings and descriptor are the object's.
        get(|ret| unsafe { sys::ocienv_config_exec(self.as_ptr(), ret) })
            .map(|raw| unsafe { Exec::from_c(&raw) })
    }

    /// The user of the process.
    pub fn user(&self) -> User<'_> {
        // SAFETY: it fills the struct; strings and numbers are the object's.
        get(|ret| unsafe { sys::ocienv_config_user(self.as_ptr(), ret) })
            .map(|raw| unsafe { User::from_c(&raw) })
            .expect("each config has a user")
    }

    /// Where a value came from (depth 0), and what it overrode (1, 2, ...). `None`: no such item,
    /// or nothing at that depth.
    pub fn origin(&self, item: Item, depth: usize) -> Option<Origin<'_>> {
        let (item, index) = item.to_raw();

        // SAFETY: it fills the struct or fails; strings are the object's.
        get(|ret| unsafe { sys::ocienv_config_origin(self.as_ptr(), item, index, depth, ret) })
            .map(|raw| unsafe { Origin::from_c(&raw) })
    }

    /// What the policy said of each variable: those of [`env()`](Config::env), in its order, as the
    /// policy saw them, then those of what was left out. None without a policy.
    pub fn rulings(&self) -> impl Iterator<Item = Ruling<'_>> {
        // SAFETY: it fills the struct or fails; strings are the object's.
        numbered(move |index, ret| unsafe { sys::ocienv_config_ruling(self.as_ptr(), index, ret) })
            .map(|raw| unsafe { Ruling::from_c(&raw) })
    }

    /// What users get hurt by, although there is an answer.
    pub fn warnings(&self) -> impl Iterator<Item = Warning<'_>> {
        // SAFETY: it fills the struct or fails; strings are the object's.
        numbered(move |index, ret| unsafe { sys::ocienv_config_warning(self.as_ptr(), index, ret) })
            .map(|raw| unsafe { Warning::from_c(&raw) })
    }

    /// One that belongs to another object, which frees it.
    pub(crate) fn of_another(raw: NonNull<sys::ocienv_config>) -> std::mem::ManuallyDrop<Config> {
        std::mem::ManuallyDrop::new(Config(raw))
    }

    fn as_ptr(&self) -> *const sys::ocienv_config {
        self.0.as_ptr()
    }
}

/// How the functions look that write an answer.
type Writer = unsafe extern "C" fn(
    *mut sys::ocienv_buffer,
    *const sys::ocienv_config,
    *const sys::ocienv_options,
    *mut sys::ocienv_error,
) -> i32;

/// How the two functions look that list strings.
type Lister = unsafe extern "C" fn(*const sys::ocienv_config, *mut usize) -> *const *const c_char;

/// What a getter fills, if it does not fail.
fn get<T>(call: impl FnOnce(*mut T) -> i32) -> Option<T> {
    let mut raw = MaybeUninit::uninit();

    // SAFETY: a getter that does not fail has filled the struct.
    (call(raw.as_mut_ptr()) == sys::OCIENV_OK).then(|| unsafe { raw.assume_init() })
}

pub(crate) fn descriptor(rootfs: Option<BorrowedFd<'_>>) -> c_int {
    rootfs.map_or(sys::OCIENV_NO_ROOTFS, |fd| fd.as_raw_fd())
}

/// It holds values of Secrets.
impl fmt::Debug for Config {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Config(..)")
    }
}

impl Drop for Config {
    fn drop(&mut self) {
        // SAFETY: made by the library and freed once.
        unsafe { sys::ocienv_config_free(self.0.as_ptr()) }
    }
}

// SAFETY: an object belongs to no thread.
unsafe impl Send for Config {}
// SAFETY: immutable.
unsafe impl Sync for Config {}
