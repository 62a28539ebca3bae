// SPDX-License-Identifier: Apache-2.0
use super::{sys, Status};
use std::fmt::{self, Write};
use std::mem::MaybeUninit;
use std::os::raw::c_char;
use std::ptr;

/// What functions of this crate answer.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, and where. No part of it holds a value of an environment variable.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    /// What kind of failure it is.
    pub status: Status,
    /// With [`Status::System`]: the errno of the system call, else 0.
    pub errno: i32,
    /// Of the offending value, in bytes from the document's start.
    pub offset: u64,
    /// From 1; 0: the error is not about a place in a document.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// The name that the caller gave to the document, or "".
    pub document: String,
    /// RFC 6901 pointer to the value, or "" for the whole document.
    pub pointer: String,
    /// One line: what was expected, what was found.
    pub message: String,
}

impl Error {
    /// What this crate itself refuses before C is asked.
    pub(crate) fn argument(message: &str) -> Error {
        Error {
            status: Status::Argument,
            errno: 0,
            offset: 0,
            line: 0,
            column: 0,
            document: String::new(),
            pointer: String::new(),
            message: message.to_string(),
        }
    }

    fn from_c(status: i32, error: &sys::ocienv_error) -> Error {
        Error {
            status: Status::from_raw(status),
            errno: error.sys_errno,
            offset: error.offset,
            line: error.line,
            column: error.column,
            document: member(&error.document),
            pointer: member(&error.pointer),
            message: member(&error.message),
        }
    }
}

/// A string in an array, which ends in a NUL. It may have been cut inside of a character.
fn member(text: &[c_char]) -> String {
    let bytes: Vec<u8> = text.iter().take_while(|c| **c != 0).map(|c| *c as u8).collect();

    String::from_utf8_lossy(&bytes).into_owned()
}

/// Calls a function that takes a `reterr`.
pub(crate) fn check(call: impl FnOnce(*mut sys::ocienv_error) -> i32) -> Result<()> {
    // SAFETY: the struct is numbers, for which 0 is a value.
    let mut error: sys::ocienv_error = unsafe { MaybeUninit::zeroed().assume_init() };

    match call(&mut error) {
        sys::OCIENV_OK => Ok(()),
        status => Err(Error::from_c(status, &error)),
    }
}

/// The same, for one that makes an object.
pub(crate) fn make<T>(
    call: impl FnOnce(*mut *mut T, *mut sys::ocienv_error) -> i32,
) -> Result<ptr::NonNull<T>> {
    let mut object = ptr::null_mut();

    check(|error| call(&mut object, error))?;
    ptr::NonNull::new(object).ok_or_else(|| Error::argument("expected an object, found none"))
}

/// `FILE:LINE:COLUMN: /pointer: message [status]`, as the command `ocienv` prints it; what there
/// is not is left out. No character of a document can steer a terminal.
impl fmt::Display for Error {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let document = if self.document.is_empty() { "ocienv" } else { &self.document };

        escaped(to, document)?;
        if self.line > 0 {
            write!(to, ":{}:{}", self.line, self.column)?;
        }
        to.write_str(": ")?;
        if !self.pointer.is_empty() {
            escaped(to, &self.pointer)?;
            to.write_str(": ")?;
        }
        escaped(to, &self.message)?;
        write!(to, " [{}]", self.status)
    }
}

fn escaped(to: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for c in text.chars() {
        if steers(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                write!(to, "\\x{:02x}", byte)?;
            }
        } else {
            to.write_char(c)?;
        }
    }
    Ok(())
}

/// Control characters, and those of format which turn the reading direction, end a line or cannot
/// be seen.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

impl std::error::Error for Error {}
