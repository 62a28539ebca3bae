// SPDX-License-Identifier: Apache-2.0
//! Strings on the way to C and back.
use crate::Error;
use std::ffi::{CStr, CString, OsStr};
use std::os::raw::c_char;
use std::os::unix::ffi::OsStrExt;

/// A string for C. `what` names it in the error, which tells no value.
pub(crate) fn to_c(what: &str, text: &OsStr) -> Result<CString, Error> {
    CString::new(text.as_bytes())
        .map_err(|_| Error::argument(&format!("expected {} without a NUL, found one", what)))
}

/// What a getter returned, for as long as its object lives; `None` for NULL.
///
/// # Safety
/// `text` is NULL or a C string that lives and stays as it is for `'a`.
pub(crate) unsafe fn borrowed<'a>(text: *const c_char) -> Option<&'a CStr> {
    // SAFETY: the caller's promise.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })
}

/// The same for what is never NULL.
///
/// # Safety
/// As for `borrowed()`.
pub(crate) unsafe fn present<'a>(text: *const c_char) -> &'a CStr {
    // SAFETY: the caller's promise.
    unsafe { borrowed(text) }.unwrap_or_default()
}
