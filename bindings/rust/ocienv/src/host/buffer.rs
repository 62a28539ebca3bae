// SPDX-License-Identifier: Apache-2.0
use super::error::check;
use super::sys;
use crate::Result;
use std::mem::MaybeUninit;
use std::ops::{Deref, DerefMut};
use std::{fmt, slice};

/// Bytes that the library made. They can hold values of Secrets, so it clears them when the buffer
/// is dropped; a copy is the caller's to clear.
pub struct Buffer(sys::ocienv_buffer);

impl Buffer {
    pub(crate) fn fill(
        call: impl FnOnce(*mut sys::ocienv_buffer, *mut sys::ocienv_error) -> i32,
    ) -> Result<Buffer> {
        // SAFETY: pointers, numbers and optional functions, for which 0 is a value.
        let mut raw: sys::ocienv_buffer = unsafe { MaybeUninit::zeroed().assume_init() };

        check(|error| call(&mut raw, error))?;
        Ok(Buffer(raw))
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        if self.0.size == 0 {
            return &[];
        }
        // SAFETY: the library filled `size` bytes at `data`, which are this object's own.
        unsafe { slice::from_raw_parts(self.0.data.cast(), self.0.size) }
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        if self.0.size == 0 {
            return &mut [];
        }
        // SAFETY: as above, and nobody else has them.
        unsafe { slice::from_raw_parts_mut(self.0.data.cast(), self.0.size) }
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Buffer({} bytes)", self.0.size)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: it was filled by the library and is freed once.
        unsafe { sys::ocienv_buffer_free(&mut self.0) }
    }
}

// SAFETY: memory of its own, from malloc.
unsafe impl Send for Buffer {}
// SAFETY: behind a shared reference it is only read.
unsafe impl Sync for Buffer {}
