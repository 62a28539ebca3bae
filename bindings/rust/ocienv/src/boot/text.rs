// SPDX-License-Identifier: Apache-2.0
use super::sys::c_char;
use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;
use core::slice;

/// A C string that is borrowed: `CStr`, which `core` has only from Rust 1.64 on. It derefs to its
/// bytes without the NUL.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<'a> {
    /// Ends in the only NUL.
    bytes: &'a [u8],
}

impl<'a> Text<'a> {
    /// `None` for NULL.
    ///
    /// # Safety
    /// `text` is NULL or a C string that lives and stays as it is for `'a`.
    pub(super) unsafe fn from_ptr(text: *const c_char) -> Option<Text<'a>> {
        let mut size = 1;

        if text.is_null() {
            return None;
        }
        // SAFETY: the string goes on up to its NUL.
        while unsafe { *text.add(size - 1) } != 0 {
            size += 1;
        }
        // SAFETY: all of these were read.
        Some(Text { bytes: unsafe { slice::from_raw_parts(text.cast(), size) } })
    }

    /// Bytes that end in a NUL and have no other one.
    pub fn from_bytes_with_nul(bytes: &'a [u8]) -> Option<Text<'a>> {
        let nul = bytes.iter().position(|byte| *byte == 0)?;

        (nul + 1 == bytes.len()).then(|| Text { bytes })
    }

    /// Without the NUL.
    pub fn to_bytes(self) -> &'a [u8] {
        &self.bytes[..self.bytes.len() - 1]
    }

    /// With the NUL.
    pub fn to_bytes_with_nul(self) -> &'a [u8] {
        self.bytes
    }

    /// For C.
    pub fn as_ptr(self) -> *const c_char {
        self.bytes.as_ptr().cast()
    }

    /// As a string of `std`.
    #[cfg(feature = "std")]
    pub fn to_c_str(self) -> &'a std::ffi::CStr {
        // SAFETY: the one NUL stands at the end.
        unsafe { std::ffi::CStr::from_bytes_with_nul_unchecked(self.bytes) }
    }
}

impl Deref for Text<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.to_bytes()
    }
}

/// The empty string.
impl Default for Text<'_> {
    fn default() -> Self {
        Text { bytes: &[0] }
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("\"")?;
        for byte in self.to_bytes() {
            write!(to, "{}", core::ascii::escape_default(*byte))?;
        }
        to.write_str("\"")
    }
}

/// Room for one pointer of a vector for execve, to a string that lives for `'a`.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Slot<'a> {
    text: *mut c_char,
    of: PhantomData<&'a [u8]>,
}

impl Slot<'_> {
    /// NULL, which a vector ends with.
    pub const EMPTY: Self = Slot { text: core::ptr::null_mut(), of: PhantomData };
}

impl fmt::Debug for Slot<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(if self.text.is_null() { "Slot(empty)" } else { "Slot(..)" })
    }
}

// SAFETY: the string behind it is only read.
unsafe impl Send for Slot<'_> {}
// SAFETY: the string behind it is only read.
unsafe impl Sync for Slot<'_> {}

/// A filled vector: strings and a NULL.
#[derive(Clone, Copy, Debug)]
pub struct Vector<'v, 'a> {
    slots: &'v [Slot<'a>],
}

impl<'v, 'a> Vector<'v, 'a> {
    /// The last slot is NULL.
    pub(super) fn new(slots: &'v [Slot<'a>]) -> Vector<'v, 'a> {
        debug_assert!(slots.last().map_or(false, |slot| slot.text.is_null()));
        Vector { slots }
    }

    /// As execve takes it. The strings must not be written to.
    pub fn as_ptr(&self) -> *const *const c_char {
        self.slots.as_ptr().cast()
    }

    /// Number of strings, without the NULL.
    pub fn len(&self) -> usize {
        self.slots.len() - 1
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The strings.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Text<'a>> + 'v {
        // SAFETY: each points to a string that lives for `'a`.
        self.slots[..self.len()]
            .iter()
            .map(|slot| unsafe { Text::from_ptr(slot.text) }.unwrap_or_default())
    }
}
