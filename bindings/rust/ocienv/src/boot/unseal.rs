// SPDX-License-Identifier: Apache-2.0
use super::error::check;
use super::sys::{self, c_char};
use super::{Boot, Error, Slot, Text, Vector};
use core::ffi::c_void;
use core::slice;

impl<'a> Boot<'a> {
    /// Like [`env()`](Boot::env), with the plain text in place of each sealed value (one that
    /// begins with "sealed."). Call it last: open the blob, check its digest, apply your policy,
    /// and unseal then. It fails closed: whatever goes wrong, the whole scratch is cleared and the
    /// vector is empty.
    ///
    /// `unseal` gets the variable's name, the sealed value, and all that is left of the scratch. It
    /// writes the plain text there, without a NUL, and returns its length; `None`, 0 and more than
    /// there is room for fail the whole call.
    ///
    /// What is in the scratch afterwards is the caller's to clear.
    ///
    /// # Panics
    /// A panic of `unseal` never unwinds through C. With `std` it fails the call, so that the
    /// scratch is cleared, and goes on behind it. Without `std` it aborts the process.
    pub fn env_unsealed<'v, 's>(
        &self,
        slots: &'v mut [Slot<'s>],
        scratch: &'s mut [u8],
        unseal: impl FnMut(Text<'_>, &[u8], &mut [u8]) -> Option<usize>,
    ) -> Result<Vector<'v, 's>, Error>
    where
        'a: 's,
    {
        self.fill_unsealed(slots, scratch, unseal)?;
        Ok(Vector::new(&slots[..=self.envc()]))
    }

    pub(super) fn fill_unsealed<'s, F>(
        &self,
        slots: &mut [Slot<'s>],
        scratch: &'s mut [u8],
        unseal: F,
    ) -> Result<(), Error>
    where
        'a: 's,
        F: FnMut(Text<'_>, &[u8], &mut [u8]) -> Option<usize>,
    {
        let mut state = State { unseal, panicked: Panicked::default() };
        let raw = sys::ocienv_boot_unseal {
            open: Some(open::<F>),
            ctx: (&mut state as *mut State<F>).cast(),
        };

        // SAFETY: an opened blob, as many slots and bytes as said, and a function that knows what
        // `ctx` is.
        let status = unsafe {
            sys::ocienv_boot_envp_unsealed(
                &self.raw,
                slots.as_mut_ptr().cast(),
                slots.len(),
                scratch.as_mut_ptr().cast(),
                scratch.len(),
                &raw,
            )
        };
        state.panicked.go_on();
        check(status)
    }
}

struct State<F> {
    unseal: F,
    panicked: Panicked,
}

/// What C calls.
unsafe extern "C" fn open<F>(
    ctx: *mut c_void,
    name: *const c_char,
    value: *const c_char,
    size: usize,
    ret: *mut c_char,
    most: usize,
) -> i64
where
    F: FnMut(Text<'_>, &[u8], &mut [u8]) -> Option<usize>,
{
    // SAFETY: `ctx` is what fill_unsealed() gave, and nobody else has it during the call.
    let state = unsafe { &mut *ctx.cast::<State<F>>() };
    // SAFETY: a C string that is good until this function returns.
    let name = unsafe { Text::from_ptr(name) }.unwrap_or_default();
    // SAFETY: bytes of the blob.
    let value = unsafe { slice::from_raw_parts(value.cast(), size) };
    // SAFETY: what is left of the scratch, which nobody reads or writes during the call; where
    // nothing is left the pointer may be NULL.
    let room = match most {
        0 => &mut [][..],
        most => unsafe { slice::from_raw_parts_mut(ret.cast(), most) },
    };
    let unseal = &mut state.unseal;
    let size = state.panicked.guard(|| unseal(name, value, room));

    size.and_then(|size| i64::try_from(size).ok()).unwrap_or(-1)
}

/// Keeps a panic until C has returned.
#[cfg(feature = "std")]
#[derive(Default)]
struct Panicked(Option<Box<dyn std::any::Any + Send>>);

#[cfg(feature = "std")]
impl Panicked {
    fn guard(&mut self, call: impl FnOnce() -> Option<usize>) -> Option<usize> {
        // What the closure may have left half done is seen by nobody but who catches the panic.
        match std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)) {
            Ok(size) => size,
            Err(payload) => {
                self.0 = Some(payload);
                None
            }
        }
    }

    fn go_on(self) {
        if let Some(payload) = self.0 {
            std::panic::resume_unwind(payload);
        }
    }
}

/// Without `std` nothing can be caught. A second panic while the first one unwinds aborts.
#[cfg(not(feature = "std"))]
#[derive(Default)]
struct Panicked;

#[cfg(not(feature = "std"))]
impl Panicked {
    fn guard(&mut self, call: impl FnOnce() -> Option<usize>) -> Option<usize> {
        let bomb = Bomb;
        let size = call();

        core::mem::forget(bomb);
        size
    }

    fn go_on(self) {}
}

#[cfg(not(feature = "std"))]
struct Bomb;

#[cfg(not(feature = "std"))]
impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a panic may not unwind through C");
    }
}
