// SPDX-License-Identifier: Apache-2.0
//! libocienv-boot's C interface as it is: structs, numbers and functions of `ocienv/boot.h`, whose
//! comments are the reference. A test holds each declaration against the header. The module `boot`
//! of the crate `ocienv` is the safe interface.
//!
//! The library wants memcpy, memset and memcmp from whoever links it, and nothing else.
#![no_std]
#![allow(non_camel_case_types)]

use core::ffi::c_void;

/// C's `char`, as Linux has it; `core` has a name for it only from Rust 1.64 on.
#[cfg(any(
    target_arch = "aarch64",
    target_arch = "arm",
    target_arch = "powerpc",
    target_arch = "powerpc64",
    target_arch = "riscv32",
    target_arch = "riscv64",
    target_arch = "s390x"
))]
pub type c_char = u8;
#[cfg(not(any(
    target_arch = "aarch64",
    target_arch = "arm",
    target_arch = "powerpc",
    target_arch = "powerpc64",
    target_arch = "riscv32",
    target_arch = "riscv64",
    target_arch = "s390x"
)))]
pub type c_char = i8;

pub const OCIENV_BOOT_MAX_SIZE: usize = 16_777_216;

pub const OCIENV_BOOT_OK: i32 = 0;
pub const OCIENV_BOOT_ERR_ARGUMENT: i32 = -1;
pub const OCIENV_BOOT_ERR_ENCODING: i32 = -5;
pub const OCIENV_BOOT_ERR_VALUE: i32 = -8;
pub const OCIENV_BOOT_ERR_UNSUPPORTED: i32 = -12;
pub const OCIENV_BOOT_ERR_BLOB: i32 = -16;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_boot {
    pub bytes: *const u8,
    pub size: u32,
    pub section: [u32; 16],
    pub length: [u32; 16],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_boot_user {
    pub uid: u32,
    pub gid: u32,
    pub umask: u32,
    pub group_count: u32,
    pub groups: *const u8,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_occlum_rootfs_config {
    pub len: usize,
    pub upper_layer_path: *const c_char,
    pub lower_layer_path: *const c_char,
    pub entry_point: *const c_char,
    pub hostfs_source: *const c_char,
    pub hostfs_target: *const c_char,
    pub envp: *const *const c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_boot_unseal {
    pub open: Option<
        unsafe extern "C" fn(
            ctx: *mut c_void,
            name: *const c_char,
            value: *const c_char,
            size: usize,
            ret: *mut c_char,
            most: usize,
        ) -> i64,
    >,
    pub ctx: *mut c_void,
}

extern "C" {
    pub fn ocienv_boot_open(ret: *mut ocienv_boot, blob: *const c_void, size: usize) -> i32;
    pub fn ocienv_boot_measured_size(boot: *const ocienv_boot) -> usize;
    pub fn ocienv_boot_exec(boot: *const ocienv_boot) -> *const c_char;
    pub fn ocienv_boot_cwd(boot: *const ocienv_boot) -> *const c_char;
    pub fn ocienv_boot_argc(boot: *const ocienv_boot) -> usize;
    pub fn ocienv_boot_envc(boot: *const ocienv_boot) -> usize;
    pub fn ocienv_boot_argv(
        boot: *const ocienv_boot,
        vec: *mut *mut c_char,
        capacity: usize,
    ) -> i32;
    pub fn ocienv_boot_envp(
        boot: *const ocienv_boot,
        vec: *mut *mut c_char,
        capacity: usize,
    ) -> i32;
    pub fn ocienv_boot_envp_unsealed(
        boot: *const ocienv_boot,
        vec: *mut *mut c_char,
        capacity: usize,
        scratch: *mut c_char,
        scratch_size: usize,
        unseal: *const ocienv_boot_unseal,
    ) -> i32;
    pub fn ocienv_boot_user(boot: *const ocienv_boot, ret: *mut ocienv_boot_user) -> i32;
    pub fn ocienv_boot_group(user: *const ocienv_boot_user, i: usize) -> u32;
    pub fn ocienv_boot_occlum(
        boot: *const ocienv_boot,
        ret: *mut ocienv_occlum_rootfs_config,
        vec: *mut *mut c_char,
        capacity: usize,
    ) -> i32;
}
