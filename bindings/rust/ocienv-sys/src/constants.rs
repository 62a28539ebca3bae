// SPDX-License-Identifier: Apache-2.0
//! Numbers of ocienv.h. What the C enums hold is a 32-bit number wherever the library takes or
//! gives one.
use std::os::raw::c_int;

pub const OCIENV_VERSION_MAJOR: u32 = 0;

pub const OCIENV_VERSION_MINOR: u32 = 1;

pub const OCIENV_VERSION_PATCH: u32 = 0;

pub const OCIENV_OK: i32 = 0;
pub const OCIENV_ERR_ARGUMENT: i32 = -1;
pub const OCIENV_ERR_NOMEM: i32 = -2;
pub const OCIENV_ERR_LIMIT: i32 = -3;
pub const OCIENV_ERR_SYNTAX: i32 = -4;
pub const OCIENV_ERR_ENCODING: i32 = -5;
pub const OCIENV_ERR_AMBIGUOUS: i32 = -6;
pub const OCIENV_ERR_TYPE: i32 = -7;
pub const OCIENV_ERR_VALUE: i32 = -8;
pub const OCIENV_ERR_REFERENCE: i32 = -9;
pub const OCIENV_ERR_NOTFOUND: i32 = -10;
pub const OCIENV_ERR_ACCESS: i32 = -11;
pub const OCIENV_ERR_UNSUPPORTED: i32 = -12;
pub const OCIENV_ERR_UNSAFE: i32 = -13;
pub const OCIENV_ERR_POLICY: i32 = -14;
pub const OCIENV_ERR_MISMATCH: i32 = -15;
pub const OCIENV_ERR_BLOB: i32 = -16;
pub const OCIENV_ERR_SYSTEM: i32 = -17;

pub const OCIENV_RUNTIME_RUNC: u32 = 0;
pub const OCIENV_RUNTIME_RUNC_1_2: u32 = 1;
pub const OCIENV_RUNTIME_RUNC_1_3: u32 = 2;
pub const OCIENV_RUNTIME_CRUN: u32 = 3;
pub const OCIENV_RUNTIME_KATA: u32 = 4;
pub const OCIENV_RUNTIME_EXECVP: u32 = 5;
pub const OCIENV_RUNTIME_RUNC_1_1: u32 = 6;
pub const OCIENV_RUNTIME_CRUN_1_8: u32 = 7;

pub const OCIENV_CRI_CONTAINERD: u32 = 0;
pub const OCIENV_CRI_CRIO: u32 = 1;

pub const OCIENV_POD_OBJECT: u32 = 0;
pub const OCIENV_POD_SPEC: u32 = 1;
pub const OCIENV_POD_CONTAINER: u32 = 2;

pub const OCIENV_USER_STRICT: u32 = 0;
pub const OCIENV_USER_CONTAINERD: u32 = 1;
pub const OCIENV_USER_CONTAINERD_1_7: u32 = 2;
pub const OCIENV_USER_CRIO: u32 = 3;
pub const OCIENV_USER_DOCKER: u32 = 4;

pub const OCIENV_LIBOS_NONE: u32 = 0;
pub const OCIENV_LIBOS_OCCLUM: u32 = 1;
pub const OCIENV_LIBOS_GRAMINE: u32 = 2;

pub const OCIENV_STRICT: u32 = 1 << 0;
pub const OCIENV_LENIENT: u32 = 1 << 1;
pub const OCIENV_CRI_DIRECT: u32 = 1 << 2;
pub const OCIENV_ACCEPT_ROOT: u32 = 1 << 3;
pub const OCIENV_KEEP_DIGEST: u32 = 1 << 4;
pub const OCIENV_INSIDE_LIBOS: u32 = 1 << 5;

pub const OCIENV_LAYER_IMAGE: u32 = 1;
pub const OCIENV_LAYER_RUNTIME: u32 = 2;
pub const OCIENV_LAYER_POD: u32 = 3;

pub const OCIENV_NO_ROOTFS: c_int = -2;

pub const OCIENV_DIGEST_SIZE: usize = 48;

pub const OCIENV_SOURCE_DEFAULT: u32 = 0;
pub const OCIENV_SOURCE_IMAGE: u32 = 1;
pub const OCIENV_SOURCE_RUNTIME: u32 = 2;
pub const OCIENV_SOURCE_SERVICE: u32 = 3;
pub const OCIENV_SOURCE_CONFIGMAP: u32 = 4;
pub const OCIENV_SOURCE_SECRET: u32 = 5;
pub const OCIENV_SOURCE_DOWNWARD: u32 = 6;
pub const OCIENV_SOURCE_POD: u32 = 7;
pub const OCIENV_SOURCE_POLICY: u32 = 8;
pub const OCIENV_SOURCE_LIBOS: u32 = 9;
pub const OCIENV_SOURCE_CALLER: u32 = 10;

pub const OCIENV_STEP_NONE: u32 = 0;
pub const OCIENV_STEP_KUBELET: u32 = 1;
pub const OCIENV_STEP_CRI: u32 = 2;
pub const OCIENV_STEP_RUNTIME: u32 = 3;
pub const OCIENV_STEP_LIBOS: u32 = 4;

pub const OCIENV_CHANGED_BY_EXPANSION: u32 = 1 << 0;
pub const OCIENV_CHANGED_BY_DEFAULT: u32 = 1 << 1;
pub const OCIENV_CHANGED_BY_RUNTIME: u32 = 1 << 2;

pub const OCIENV_ITEM_ENV: u32 = 1;
pub const OCIENV_ITEM_ARGV: u32 = 2;
pub const OCIENV_ITEM_CWD: u32 = 3;
pub const OCIENV_ITEM_USER: u32 = 4;
