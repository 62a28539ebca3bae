// SPDX-License-Identifier: Apache-2.0
use super::error::check;
use super::{sys, Boot, Error, Slot, Text};
use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr;

/// Occlum's `struct user_rootfs_config`: the second argument of its system call 363 (MountRootFS).
#[derive(Clone)]
#[repr(transparent)]
pub struct RootfsConfig<'v> {
    raw: sys::ocienv_occlum_rootfs_config,
    of: PhantomData<&'v [Slot<'v>]>,
}

/// A path of the struct; `None`: what was measured into the enclave, or the LibOS's default.
macro_rules! paths {
    ($($(#[$doc:meta])* $name:ident, $set:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(&self) -> Option<Text<'v>> {
            // SAFETY: a string that lives for `'v`.
            unsafe { Text::from_ptr(self.raw.$name) }
        }

        /// Sets it.
        pub fn $set(&mut self, path: Option<Text<'v>>) {
            self.raw.$name = path.map_or(ptr::null(), Text::as_ptr);
        }
    )*};
}

impl<'v> RootfsConfig<'v> {
    paths! {
        /// Host path of the read-write SEFS.
        upper_layer_path, set_upper_layer_path;
        /// Host path of the image SEFS.
        lower_layer_path, set_lower_layer_path;
        /// The one path prefix that may be run.
        entry_point, set_entry_point;
        /// Host directory.
        hostfs_source, set_hostfs_source;
        /// Where it is mounted.
        hostfs_target, set_hostfs_target;
    }

    /// What the system call takes. It points into the blob and the slots.
    pub fn as_ptr(&self) -> *const sys::ocienv_occlum_rootfs_config {
        &self.raw
    }

    /// The trusted environment.
    pub fn env(&self) -> impl Iterator<Item = Text<'v>> {
        let envp = self.raw.envp;

        // SAFETY: a vector that ends with NULL, and its strings, live for `'v`.
        (0..).map_while(move |i| unsafe { Text::from_ptr(*envp.add(i)) })
    }
}

impl<'a> Boot<'a> {
    /// Fills Occlum's struct: len, entry_point and the environment, and what the blob's ROOTFS
    /// section has. Needs [`envc()`](Boot::envc) + 1 slots.
    pub fn occlum<'v>(&self, slots: &'v mut [Slot<'a>]) -> Result<RootfsConfig<'v>, Error>
    where
        'a: 'v,
    {
        let mut filled = self.fill_occlum(slots)?;

        filled.raw.envp = slots.as_ptr().cast();
        Ok(filled)
    }

    /// The same with the plain text in place of each sealed value, as
    /// [`env_unsealed()`](Boot::env_unsealed) makes it.
    pub fn occlum_unsealed<'v, 's>(
        &self,
        slots: &'v mut [Slot<'s>],
        scratch: &'s mut [u8],
        unseal: impl FnMut(Text<'_>, &[u8], &mut [u8]) -> Option<usize>,
    ) -> Result<RootfsConfig<'v>, Error>
    where
        'a: 's,
        's: 'v,
    {
        let mut filled = self.fill_occlum(slots)?;

        self.fill_unsealed(slots, scratch, unseal)?;
        filled.raw.envp = slots.as_ptr().cast();
        Ok(filled)
    }

    /// Its callers set envp: an address of the slots is good only until they are borrowed anew.
    fn fill_occlum<'v>(&self, slots: &mut [Slot<'_>]) -> Result<RootfsConfig<'v>, Error> {
        let mut raw = MaybeUninit::uninit();

        // SAFETY: an opened blob, and as many slots as said.
        check(unsafe {
            let vec = slots.as_mut_ptr().cast();
            sys::ocienv_boot_occlum(&self.raw, raw.as_mut_ptr(), vec, slots.len())
        })?;
        // SAFETY: a function that does not fail has filled the struct.
        Ok(RootfsConfig { raw: unsafe { raw.assume_init() }, of: PhantomData })
    }
}

/// It holds values of Secrets.
impl fmt::Debug for RootfsConfig<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("RootfsConfig")
            .field("upper_layer_path", &self.upper_layer_path())
            .field("lower_layer_path", &self.lower_layer_path())
            .field("entry_point", &self.entry_point())
            .field("hostfs_source", &self.hostfs_source())
            .field("hostfs_target", &self.hostfs_target())
            .finish_non_exhaustive()
    }
}
