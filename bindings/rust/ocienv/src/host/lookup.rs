// SPDX-License-Identifier: Apache-2.0
use super::config::descriptor;
use super::error::{check, make};
use super::layer::pointers;
use super::sys;
use super::text::{borrowed, present};
use super::values::numbered;
use crate::{Buffer, Config, Layer, Options, Result, Status};
use std::ffi::CStr;
use std::fmt;
use std::mem::ManuallyDrop;
use std::os::unix::io::BorrowedFd;
use std::ptr::NonNull;

/// Which file is executed, and what else was looked at. Immutable.
pub struct Lookup {
    raw: NonNull<sys::ocienv_lookup>,
    /// Part of the lookup, which frees it.
    config: Option<ManuallyDrop<Config>>,
}

/// One file that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate<'a> {
    /// As it was tried: absolute in the rootfs.
    pub path: &'a CStr,
    /// Number of the entry of PATH; `None`: the name has a slash, PATH was not searched.
    pub path_index: Option<usize>,
    /// Why it is not executed; `None`: it is.
    pub refusal: Option<Status>,
    /// The same for people.
    pub reason: Option<&'a CStr>,
    /// The path is made of a value that came from a Secret or is sealed.
    pub secret: bool,
}

/// A library that the program needs, or another of its libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Library<'a> {
    /// As it is asked for: "libc.so.6".
    pub name: &'a CStr,
    /// Where the loader finds it in the rootfs.
    pub path: Option<&'a CStr>,
    /// By which of its rules: "LD_LIBRARY_PATH", "DT_RUNPATH".
    pub rule: Option<&'a CStr>,
    /// The library that asks for it; `None`: the program.
    pub needed_by: Option<&'a CStr>,
    /// The loader takes it, and it is no library for the machine.
    pub broken: bool,
    /// The path is made of a value that came from a Secret or is sealed.
    pub secret: bool,
}

impl Lookup {
    /// As [`Config::resolve()`], but what the rootfs refuses is an answer, too: `Ok` means that the
    /// program was looked up, not that it was found. [`status()`](Lookup::status) says that.
    pub fn new(layers: &[&Layer], rootfs: BorrowedFd<'_>, options: &Options<'_>) -> Result<Lookup> {
        let layers = pointers(layers);
        let raw = options.with(|options| {
            // SAFETY: all of it lives for the call.
            make(|ret, error| unsafe {
                let (first, count) = (layers.as_ptr(), layers.len());
                sys::ocienv_lookup_new(ret, first, count, descriptor(Some(rootfs)), options, error)
            })
        })?;
        // SAFETY: the object lives. That its config is const is kept: it is never handed out to
        // be changed, and never dropped.
        let config = NonNull::new(unsafe { sys::ocienv_lookup_config(raw.as_ptr()) } as *mut _);

        Ok(Lookup { raw, config: config.map(Config::of_another) })
    }

    /// What [`Config::resolve()`] would answer.
    pub fn status(&self) -> Result<()> {
        // SAFETY: the object lives.
        check(|error| unsafe { sys::ocienv_lookup_status(self.raw.as_ptr(), error) })
    }

    /// The answer, if there is one.
    pub fn config(&self) -> Option<&Config> {
        self.config.as_deref()
    }

    /// The files that were looked at, in the order of PATH.
    pub fn candidates(&self) -> impl Iterator<Item = Candidate<'_>> {
        // SAFETY: it fills the struct or fails; strings are the object's.
        numbered(move |index, ret| unsafe {
            sys::ocienv_lookup_candidate(self.raw.as_ptr(), index, ret)
        })
        .map(|raw: sys::ocienv_candidate| unsafe {
            Candidate {
                path: present(raw.path),
                path_index: usize::try_from(raw.path_index).ok(),
                refusal: (raw.status != sys::OCIENV_OK).then(|| Status::from_raw(raw.status)),
                reason: borrowed(raw.reason),
                secret: raw.secret != 0,
            }
        })
    }

    /// The libraries: those of the program first, then those of each in its turn.
    pub fn libraries(&self) -> impl Iterator<Item = Library<'_>> {
        // SAFETY: it fills the struct or fails; strings are the object's.
        numbered(move |index, ret| unsafe {
            sys::ocienv_lookup_library(self.raw.as_ptr(), index, ret)
        })
        .map(|raw: sys::ocienv_library| unsafe {
            Library {
                name: present(raw.name),
                path: borrowed(raw.path),
                rule: borrowed(raw.rule),
                needed_by: borrowed(raw.needed_by),
                broken: raw.broken != 0,
                secret: raw.secret != 0,
            }
        })
    }

    /// The whole lookup as JSON text. Without `show_secrets`, paths made of secrets are null.
    pub fn report(&self, show_secrets: bool, options: &Options<'_>) -> Result<Buffer> {
        options.with(|options| {
            // SAFETY: both live for the call.
            Buffer::fill(|ret, error| unsafe {
                let raw = self.raw.as_ptr();
                sys::ocienv_lookup_report(ret, raw, show_secrets.into(), options, error)
            })
        })
    }
}

impl fmt::Debug for Lookup {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Lookup(..)")
    }
}

impl Drop for Lookup {
    fn drop(&mut self) {
        // SAFETY: made by the library and freed once, with its config.
        unsafe { sys::ocienv_lookup_free(self.raw.as_ptr()) }
    }
}

// SAFETY: an object belongs to no thread.
unsafe impl Send for Lookup {}
// SAFETY: immutable.
unsafe impl Sync for Lookup {}
