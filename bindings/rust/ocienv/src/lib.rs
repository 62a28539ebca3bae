// SPDX-License-Identifier: Apache-2.0
//! Which file does a container execute, with which arguments, environment, working directory and
//! user, and where did each value come from? Safe bindings of libocienv.
//!
//! | feature | gives | links |
//! |---|---|---|
//! | `host` (default) | documents, resolving, policies, blobs | libocienv |
//! | `boot` | [`boot`](crate::boot): the reader of CONFIG blobs inside an enclave | libocienv-boot |
//! | `std` | conversions of `boot` to types of `std`; part of `host` | |
//!
//! With `default-features = false, features = ["boot"]` the crate is `no_std`, allocates nothing
//! and links neither libocienv nor what that one needs.
//!
#![cfg_attr(feature = "host", doc = include_str!("example.md"))]
#![cfg_attr(not(feature = "std"), no_std)]
#![warn(missing_docs)]
#![deny(unsafe_op_in_unsafe_fn)]

#[cfg(feature = "boot")]
pub mod boot;

#[cfg(feature = "host")]
mod host;

#[cfg(feature = "host")]
pub use host::*;

/// The examples of the README are tests.
#[cfg(all(doctest, feature = "host", feature = "boot"))]
#[doc = include_str!("../../README.md")]
pub struct Readme;
