// SPDX-License-Identifier: Apache-2.0
//! Structs of ocienv.h, member by member. What the header calls private is public here and must
//! be left alone just the same.
use std::marker::{PhantomData, PhantomPinned};
use std::os::raw::{c_char, c_void};

/// An object that only the library knows: never moved, never made here.
macro_rules! opaque {
    ($($name:ident),*) => {$(
        #[repr(C)]
        pub struct $name {
            _data: [u8; 0],
            _marker: PhantomData<(*mut u8, PhantomPinned)>,
        }
    )*};
}

opaque!(ocienv_cluster, ocienv_config, ocienv_layer, ocienv_lookup, ocienv_policy, ocienv_verdict);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_error {
    pub status: i32,
    pub sys_errno: i32,
    pub offset: u64,
    pub line: u32,
    pub column: u32,
    pub document: [c_char; 72],
    pub pointer: [c_char; 160],
    pub message: [c_char; 256],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_allocator {
    pub alloc: Option<unsafe extern "C" fn(ctx: *mut c_void, size: usize) -> *mut c_void>,
    pub free: Option<unsafe extern "C" fn(ctx: *mut c_void, ptr: *mut c_void)>,
    pub ctx: *mut c_void,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_limits {
    pub size: usize,
    pub max_document: u32,
    pub max_depth: u32,
    pub max_nodes: u32,
    pub max_string: u32,
    pub max_args: u32,
    pub max_env: u32,
    pub max_symlinks: u32,
    pub max_result: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_document {
    pub name: *const c_char,
    pub data: *const c_void,
    pub size: usize,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_options {
    pub size: usize,
    pub allocator: *const ocienv_allocator,
    pub limits: *const ocienv_limits,
    pub runtime: u32,
    pub cri: u32,
    pub flags: u32,
    pub user: u32,
    pub workload: *const c_char,
    pub container: *const c_char,
    pub hostname: *const c_char,
    pub pod_kind: u32,
    pub libos: u32,
    pub stack_size: u64,
    pub library_path: *const *const c_char,
    pub library_path_count: usize,
    pub occlum_json: *const ocienv_document,
    pub policy: *const ocienv_policy,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_buffer {
    pub data: *mut c_void,
    pub size: usize,
    pub allocator: ocienv_allocator,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_interpreter {
    pub path: *const c_char,
    pub arg: *const c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_exec {
    pub path: *const c_char,
    pub canonical: *const c_char,
    pub path_index: i32,
    pub fd: i32,
    pub device: u64,
    pub inode: u64,
    pub interpreters: *const ocienv_interpreter,
    pub interpreter_count: usize,
    pub machine: *const c_char,
    pub elf_type: *const c_char,
    pub elf_interp: *const c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_user {
    pub uid: u32,
    pub gid: u32,
    pub umask: u32,
    pub group_count: u32,
    pub groups: *const u32,
    pub name: *const c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_origin {
    pub source: u32,
    pub secret: u32,
    pub document: *const c_char,
    pub line: u32,
    pub column: u32,
    pub changed: u32,
    pub lost_in: u32,
    pub reserved: [u32; 2],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_ruling {
    pub name: *const c_char,
    pub verdict: *const c_char,
    pub source: u32,
    pub rule: u32,
    pub line: u32,
    pub reserved: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_warning {
    pub code: *const c_char,
    pub subject: *const c_char,
    pub message: *const c_char,
    pub origin: ocienv_origin,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_difference {
    pub code: *const c_char,
    pub subject: *const c_char,
    pub item: u32,
    pub allowed: u32,
    pub expected: ocienv_origin,
    pub found: ocienv_origin,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_candidate {
    pub path: *const c_char,
    pub path_index: i32,
    pub status: i32,
    pub reason: *const c_char,
    pub secret: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ocienv_library {
    pub name: *const c_char,
    pub path: *const c_char,
    pub rule: *const c_char,
    pub needed_by: *const c_char,
    pub broken: u32,
    pub secret: u32,
}
