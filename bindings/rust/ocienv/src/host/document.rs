// SPDX-License-Identifier: Apache-2.0
use super::{sys, text};
use crate::Result;
use std::ffi::OsStr;
use std::fmt;

/// A document in memory. It is taken to be hostile.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    name: &'a OsStr,
    data: &'a [u8],
}

impl<'a> Document<'a> {
    /// `name` is for errors and origins, a file name usually, and is not opened. With a NUL in it,
    /// the call that the document is used in fails with [`Status::Argument`](crate::Status).
    pub fn new<N: AsRef<OsStr> + ?Sized>(name: &'a N, data: &'a [u8]) -> Document<'a> {
        Document { name: name.as_ref(), data }
    }

    /// Calls with the struct, which lives no longer.
    pub(crate) fn with<T>(
        &self,
        call: impl FnOnce(&sys::ocienv_document) -> Result<T>,
    ) -> Result<T> {
        let name = text::to_c("a document's name", self.name)?;

        call(&sys::ocienv_document {
            name: name.as_ptr(),
            data: self.data.as_ptr().cast(),
            size: self.data.len(),
        })
    }
}

/// Its bytes can be Secrets.
impl fmt::Debug for Document<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Document({:?}, {} bytes)", self.name, self.data.len())
    }
}
