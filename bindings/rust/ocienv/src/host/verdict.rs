// SPDX-License-Identifier: Apache-2.0
use super::config::descriptor;
use super::error::{check, make};
use super::layer::pointers;
use super::sys;
use super::text::present;
use super::values::numbered;
use crate::{Buffer, Layer, Options, Origin, Result};
use std::ffi::CStr;
use std::fmt;
use std::os::unix::io::BorrowedFd;
use std::ptr::NonNull;

/// How a host's runtime spec differs from what image and pod give. Immutable.
pub struct Verdict(NonNull<sys::ocienv_verdict>);

/// One difference. It holds no value of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference<'a> {
    /// "dropped", "changed", "added", "duplicated", "reordered", "cannot-tell".
    pub code: &'a CStr,
    /// The variable's name; "argv[2]", "cwd", "uid", "gid", "groups", "umask".
    pub subject: &'a CStr,
    /// A host may do it.
    pub allowed: bool,
    /// Where image or pod say it; line 0: nowhere.
    pub expected: Origin<'a>,
    /// Where the runtime spec says it; line 0: nowhere.
    pub found: Origin<'a>,
}

impl Verdict {
    /// What did the host drop, change, add, repeat or reorder? The layers are a runtime spec, and
    /// an image or a pod or both. `Ok` means that there is a verdict, not that the host is right:
    /// [`status()`](Verdict::status) says that.
    pub fn new(
        layers: &[&Layer],
        rootfs: Option<BorrowedFd<'_>>,
        options: &Options<'_>,
    ) -> Result<Verdict> {
        let layers = pointers(layers);

        options.with(|options| {
            // SAFETY: all of it lives for the call.
            make(|ret, error| unsafe {
                let (first, count) = (layers.as_ptr(), layers.len());
                sys::ocienv_verify(ret, first, count, descriptor(rootfs), options, error)
            })
            .map(Verdict)
        })
    }

    /// Is the host's document what image and pod give? The error is about the first difference
    /// that is not allowed.
    pub fn status(&self) -> Result<()> {
        // SAFETY: the object lives.
        check(|error| unsafe { sys::ocienv_verdict_status(self.0.as_ptr(), error) })
    }

    /// All differences.
    pub fn differences(&self) -> impl Iterator<Item = Difference<'_>> {
        // SAFETY: it fills the struct or fails; strings are the object's.
        numbered(move |index, ret| unsafe {
            sys::ocienv_verdict_difference(self.0.as_ptr(), index, ret)
        })
        .map(|raw: sys::ocienv_difference| unsafe {
            Difference {
                code: present(raw.code),
                subject: present(raw.subject),
                allowed: raw.allowed != 0,
                expected: Origin::from_c(&raw.expected),
                found: Origin::from_c(&raw.found),
            }
        })
    }

    /// The whole verdict as JSON text.
    pub fn report(&self, options: &Options<'_>) -> Result<Buffer> {
        options.with(|options| {
            // SAFETY: both live for the call.
            Buffer::fill(|ret, error| unsafe {
                sys::ocienv_verdict_report(ret, self.0.as_ptr(), options, error)
            })
        })
    }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Verdict(..)")
    }
}

impl Drop for Verdict {
    fn drop(&mut self) {
        // SAFETY: made by the library and freed once.
        unsafe { sys::ocienv_verdict_free(self.0.as_ptr()) }
    }
}

// SAFETY: an object belongs to no thread.
unsafe impl Send for Verdict {}
// SAFETY: immutable.
unsafe impl Sync for Verdict {}
