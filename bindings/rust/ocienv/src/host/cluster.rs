// SPDX-License-Identifier: Apache-2.0
use super::error::{check, make};
use super::{sys, text};
use crate::{Document, Options, Result};
use std::ffi::OsStr;
use std::fmt;
use std::ptr::NonNull;

/// What a cluster knows beside the pod: ConfigMaps, Secrets, Services, facts.
///
/// Adding takes it mutably, so that a cluster which is being added to belongs to one thread.
pub struct Cluster(NonNull<sys::ocienv_cluster>);

impl Cluster {
    /// An empty one. The limits of the options stay with it.
    pub fn new(options: &Options<'_>) -> Result<Cluster> {
        options.with(|options| {
            // SAFETY: the options live for the call, which copies the limits.
            make(|ret, error| unsafe { sys::ocienv_cluster_new(ret, options, error) }).map(Cluster)
        })
    }

    /// Adds the ConfigMaps, Secrets and Services of a file (JSON, or YAML with any number of
    /// documents). Of two with the same kind, namespace and name the later one counts. On failure
    /// the cluster is as it was.
    pub fn add_objects(&mut self, document: &Document<'_>) -> Result<()> {
        document.with(|document| {
            // SAFETY: the cluster is ours alone; the document is read during the call.
            check(|error| unsafe {
                sys::ocienv_cluster_add_objects(self.0.as_ptr(), document, error)
            })
        })
    }

    /// States what no document holds, by its fieldRef path: "status.podIP", "spec.nodeName". A
    /// later value replaces an earlier one.
    pub fn add_fact(&mut self, key: &str, value: impl AsRef<OsStr>) -> Result<()> {
        let key = text::to_c("a fact's name", OsStr::new(key))?;
        let value = text::to_c("a fact's value", value.as_ref())?;

        // SAFETY: the cluster is ours alone; both strings live for the call.
        check(|error| unsafe {
            sys::ocienv_cluster_add_fact(self.0.as_ptr(), key.as_ptr(), value.as_ptr(), error)
        })
    }

    pub(crate) fn as_ptr(&self) -> *const sys::ocienv_cluster {
        self.0.as_ptr()
    }
}

impl fmt::Debug for Cluster {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Cluster(..)")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SAFETY: made by the library and freed once.
        unsafe { sys::ocienv_cluster_free(self.0.as_ptr()) }
    }
}

// SAFETY: an object belongs to no thread.
unsafe impl Send for Cluster {}
// SAFETY: a const object may be used from many threads, and adding takes it mutably.
unsafe impl Sync for Cluster {}
