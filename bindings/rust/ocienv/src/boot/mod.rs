// SPDX-License-Identifier: Apache-2.0
//! The reader of CONFIG blobs for the inside of an enclave: libocienv-boot. It allocates nothing,
//! makes no system call and parses neither JSON nor YAML.
//!
//! A [`Boot`] borrows the blob, so nobody in this process changes it meanwhile. Memory that others
//! can write to (shared with the host) is no `&[u8]`: copy a blob that lies there before you open
//! it, and check the digest of [`Boot::measured()`] before you use what it says.
//!
//! ```
//! use ocienv::boot::{Boot, Error, Slot};
//!
//! fn run(blob: &[u8]) -> Result<(), Error> {
//!     let boot = Boot::open(blob)?;
//!     let mut argv = [Slot::EMPTY; 64];
//!     let mut env = [Slot::EMPTY; 256];
//!     let (argv, env) = (boot.argv(&mut argv)?, boot.env(&mut env)?);
//!     // execve(boot.exec(), argv.as_ptr(), env.as_ptr())
//!     # let _ = (argv, env);
//!     Ok(())
//! }
//! assert_eq!(run(b"no blob"), Err(Error::Blob));
//! ```
mod error;
mod occlum;
mod text;
mod unseal;

pub use error::Error;
pub use occlum::RootfsConfig;
pub use text::{Slot, Text, Vector};

use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use error::check;
use ocienv_boot_sys as sys;

/// The largest blob that is read, in bytes.
pub const MAX_SIZE: usize = sys::OCIENV_BOOT_MAX_SIZE;

/// An opened CONFIG blob, all of it checked.
#[derive(Clone)]
pub struct Boot<'a> {
    raw: sys::ocienv_boot,
    blob: &'a [u8],
}

/// The user of the process.
#[derive(Clone)]
#[non_exhaustive]
pub struct User<'a> {
    /// uid.
    pub uid: u32,
    /// gid.
    pub gid: u32,
    /// File mode creation mask.
    pub umask: u32,
    raw: sys::ocienv_boot_user,
    blob: PhantomData<&'a [u8]>,
}

impl<'a> Boot<'a> {
    /// Checks a whole CONFIG blob and opens it. Bytes behind the measured prefix (a trailer) are
    /// neither read nor trusted.
    pub fn open(blob: &'a [u8]) -> Result<Boot<'a>, Error> {
        let mut raw = MaybeUninit::uninit();

        // SAFETY: the bytes are there, and stay as they are for `'a`.
        check(unsafe {
            sys::ocienv_boot_open(raw.as_mut_ptr(), blob.as_ptr().cast(), blob.len())
        })?;
        // SAFETY: a function that does not fail has filled the struct.
        Ok(Boot { raw: unsafe { raw.assume_init() }, blob })
    }

    /// The measured prefix: hash exactly these bytes.
    pub fn measured(&self) -> &'a [u8] {
        &self.blob[..self.measured_size()]
    }

    /// Its size.
    pub fn measured_size(&self) -> usize {
        // SAFETY: an opened blob.
        unsafe { sys::ocienv_boot_measured_size(&self.raw) }
    }

    /// The path to execute, absolute; `None` if the blob was made without a rootfs.
    pub fn exec(&self) -> Option<Text<'a>> {
        // SAFETY: a string of the blob.
        unsafe { Text::from_ptr(sys::ocienv_boot_exec(&self.raw)) }
    }

    /// The working directory, absolute.
    pub fn cwd(&self) -> Text<'a> {
        // SAFETY: a string of the blob.
        unsafe { Text::from_ptr(sys::ocienv_boot_cwd(&self.raw)) }.unwrap_or_default()
    }

    /// Number of arguments, at least 1; [`argv()`](Boot::argv) needs one slot more.
    pub fn argc(&self) -> usize {
        // SAFETY: an opened blob.
        unsafe { sys::ocienv_boot_argc(&self.raw) }
    }

    /// Number of environment entries; [`env()`](Boot::env) needs one slot more.
    pub fn envc(&self) -> usize {
        // SAFETY: an opened blob.
        unsafe { sys::ocienv_boot_envc(&self.raw) }
    }

    /// Fills the slots with the arguments and a NULL.
    pub fn argv<'v>(&self, slots: &'v mut [Slot<'a>]) -> Result<Vector<'v, 'a>, Error> {
        // SAFETY: an opened blob, and as many slots as said.
        check(unsafe { sys::ocienv_boot_argv(&self.raw, slots.as_mut_ptr().cast(), slots.len()) })?;
        Ok(Vector::new(&slots[..=self.argc()]))
    }

    /// Fills the slots with the environment, "NAME=VALUE", unique names, sorted, and a NULL. Sealed
    /// values stay sealed.
    pub fn env<'v>(&self, slots: &'v mut [Slot<'a>]) -> Result<Vector<'v, 'a>, Error> {
        // SAFETY: an opened blob, and as many slots as said.
        check(unsafe { sys::ocienv_boot_envp(&self.raw, slots.as_mut_ptr().cast(), slots.len()) })?;
        Ok(Vector::new(&slots[..=self.envc()]))
    }

    /// The user of the process.
    pub fn user(&self) -> Result<User<'a>, Error> {
        let mut raw = MaybeUninit::<sys::ocienv_boot_user>::uninit();

        // SAFETY: an opened blob.
        check(unsafe { sys::ocienv_boot_user(&self.raw, raw.as_mut_ptr()) })?;
        // SAFETY: a function that does not fail has filled the struct.
        let raw = unsafe { raw.assume_init() };
        Ok(User { uid: raw.uid, gid: raw.gid, umask: raw.umask, raw, blob: PhantomData })
    }
}

impl<'a> User<'a> {
    /// Supplementary groups: the complete list.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = u32> + 'a {
        let raw = self.raw;

        // SAFETY: the numbers lie in the blob, which lives for `'a`.
        (0..raw.group_count).map(move |i| unsafe { sys::ocienv_boot_group(&raw, i as usize) })
    }
}

/// It holds values of Secrets.
impl fmt::Debug for Boot<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Boot({} bytes)", self.measured_size())
    }
}

impl fmt::Debug for User<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "User({}:{}, umask {:04o}, groups ", self.uid, self.gid, self.umask)?;
        to.debug_list().entries(self.groups()).finish()?;
        to.write_str(")")
    }
}

// SAFETY: the pointer in it is that of the blob, which is only read.
unsafe impl Send for Boot<'_> {}
// SAFETY: every function is pure over its arguments.
unsafe impl Sync for Boot<'_> {}
// SAFETY: as for the blob.
unsafe impl Send for User<'_> {}
// SAFETY: as for the blob.
unsafe impl Sync for User<'_> {}
