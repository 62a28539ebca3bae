// SPDX-License-Identifier: Apache-2.0
//! The host's and the agent's side: all of libocienv.
mod buffer;
mod cluster;
mod config;
mod document;
mod error;
mod layer;
mod lookup;
mod numbers;
mod options;
mod policy;
mod text;
mod values;
mod verdict;

pub use buffer::Buffer;
pub use cluster::Cluster;
pub use config::{Config, Strings};
pub use document::Document;
pub use error::{Error, Result};
pub use layer::Layer;
pub use lookup::{Candidate, Library, Lookup};
pub use numbers::{
    Changed, Cri, Item, LayerKind, LibOs, PodKind, Runtime, Source, Status, Step, UserProfile,
};
pub use options::{Limits, Options};
pub use policy::Policy;
pub use values::{Exec, Interpreter, Origin, Ruling, User, Warning};
pub use verdict::{Difference, Verdict};

use ocienv_sys as sys;

/// The version of the library that runs, "0.1.0".
pub fn version() -> &'static str {
    // SAFETY: static text.
    unsafe { text::borrowed(sys::ocienv_version()) }
        .and_then(|text| text.to_str().ok())
        .unwrap_or("")
}
