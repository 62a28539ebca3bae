// SPDX-License-Identifier: Apache-2.0
//! libocienv's C interface as it is: structs, numbers and functions of `ocienv/ocienv.h`, whose
//! comments are the reference. A test holds each declaration against the header. The crate `ocienv`
//! is the safe interface.
//!
//! The build script finds the library with pkg-config; see `ocienv-pkg-config`. Crates that depend
//! on this one find the directory of the header in `DEP_OCIENV_INCLUDE`.
#![allow(non_camel_case_types)]

mod constants;
mod functions;
mod types;

pub use constants::*;
pub use functions::*;
pub use types::*;
