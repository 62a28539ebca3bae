// SPDX-License-Identifier: Apache-2.0
use super::sys;
use core::fmt;

/// What the functions of this module can fail with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// Too few slots, or too small a scratch.
    Argument,
    /// A variable that is not UTF-8, of which Occlum dies, or a plain text with a NUL.
    Encoding,
    /// A sealed value that nobody opened.
    Value,
    /// A path to execute that Occlum refuses.
    Unsupported,
    /// No canonical CONFIG blob of a known version.
    Blob,
    /// A number that this version of the crate has no name for.
    Unknown(i32),
}

pub(super) fn check(status: i32) -> Result<(), Error> {
    match status {
        sys::OCIENV_BOOT_OK => Ok(()),
        sys::OCIENV_BOOT_ERR_ARGUMENT => Err(Error::Argument),
        sys::OCIENV_BOOT_ERR_ENCODING => Err(Error::Encoding),
        sys::OCIENV_BOOT_ERR_VALUE => Err(Error::Value),
        sys::OCIENV_BOOT_ERR_UNSUPPORTED => Err(Error::Unsupported),
        sys::OCIENV_BOOT_ERR_BLOB => Err(Error::Blob),
        status => Err(Error::Unknown(status)),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Error::Argument => "expected more room, found too little [argument]",
            Error::Encoding => "expected variables in UTF-8 without a NUL, found others [encoding]",
            Error::Value => "expected the plain text of a sealed value, found none [value]",
            Error::Unsupported => "expected a path without \"..\", found one with it [unsupported]",
            Error::Blob => "expected a canonical CONFIG blob of a known version [blob]",
            Error::Unknown(status) => return write!(to, "status {} [unknown]", status),
        })
    }
}

#[cfg(feature = "std")]
impl std::error::Error for Error {}
