// SPDX-License-Identifier: Apache-2.0
use super::error::make;
use super::{sys, text};
use crate::{Document, Options, Result};
use std::ffi::OsStr;
use std::fmt;
use std::ptr::NonNull;

/// Rules about what may set what. Immutable; configs made with it do not need it afterwards.
pub struct Policy(NonNull<sys::ocienv_policy>);

impl Policy {
    /// Reads a policy (JSON; docs/policy.md tells the language).
    pub fn from_json(document: &Document<'_>, options: &Options<'_>) -> Result<Policy> {
        document.with(|document| {
            options.with(|options| {
                // SAFETY: both live for the call, and are not referred to after it.
                make(|ret, error| unsafe {
                    sys::ocienv_policy_from_json(ret, document, options, error)
                })
                .map(Policy)
            })
        })
    }

    /// One that the library brings along: "image-only" or "observe".
    pub fn builtin(name: &str, options: &Options<'_>) -> Result<Policy> {
        let name = text::to_c("a policy's name", OsStr::new(name))?;

        options.with(|options| {
            // SAFETY: both live for the call.
            make(|ret, error| unsafe {
                sys::ocienv_policy_builtin(ret, name.as_ptr(), options, error)
            })
            .map(Policy)
        })
    }

    pub(crate) fn as_ptr(&self) -> *const sys::ocienv_policy {
        self.0.as_ptr()
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Policy(..)")
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        // SAFETY: made by the library and freed once.
        unsafe { sys::ocienv_policy_free(self.0.as_ptr()) }
    }
}

// SAFETY: an object belongs to no thread.
unsafe impl Send for Policy {}
// SAFETY: immutable.
unsafe impl Sync for Policy {}
