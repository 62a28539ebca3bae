// SPDX-License-Identifier: Apache-2.0
use super::error::make;
use super::sys;
use crate::{Buffer, Cluster, Document, LayerKind, Options, Result};
use std::fmt;
use std::ptr::{self, NonNull};

/// What one document says. Immutable, and independent of the document's bytes.
pub struct Layer(NonNull<sys::ocienv_layer>);

impl Layer {
    /// Reads an OCI or Docker image config (JSON).
    pub fn from_image_config(document: &Document<'_>, options: &Options<'_>) -> Result<Layer> {
        read(document, options, sys::ocienv_layer_from_image_config)
    }

    /// Reads an OCI runtime spec (config.json): what the CRI plugin already decided.
    pub fn from_runtime_spec(document: &Document<'_>, options: &Options<'_>) -> Result<Layer> {
        read(document, options, sys::ocienv_layer_from_runtime_spec)
    }

    /// Reads one container of a Pod (YAML or JSON) and does the kubelet's part. The cluster is what
    /// the pod may refer to; the layer does not need it afterwards.
    pub fn from_pod(
        document: &Document<'_>,
        cluster: Option<&Cluster>,
        options: &Options<'_>,
    ) -> Result<Layer> {
        let cluster = cluster.map_or(ptr::null(), Cluster::as_ptr);

        document.with(|document| {
            options.with(|options| {
                // SAFETY: all of it lives for the call.
                make(|ret, error| unsafe {
                    sys::ocienv_layer_from_pod(ret, document, cluster, options, error)
                })
                .map(Layer)
            })
        })
    }

    /// Reads a LAYER blob back.
    pub fn decode(blob: &Document<'_>, options: &Options<'_>) -> Result<Layer> {
        read(blob, options, sys::ocienv_layer_decode)
    }

    /// Writes a LAYER blob: one encoding per content.
    pub fn encode(&self, options: &Options<'_>) -> Result<Buffer> {
        options.with(|options| {
            // SAFETY: all of it lives for the call.
            Buffer::fill(|ret, error| unsafe {
                sys::ocienv_layer_encode(ret, self.as_ptr(), options, error)
            })
        })
    }

    /// As JSON text, with a line feed at the end.
    pub fn report(&self, options: &Options<'_>) -> Result<Buffer> {
        options.with(|options| {
            // SAFETY: all of it lives for the call.
            Buffer::fill(|ret, error| unsafe {
                sys::ocienv_layer_report(ret, self.as_ptr(), options, error)
            })
        })
    }

    /// What it was made from.
    pub fn kind(&self) -> LayerKind {
        // SAFETY: the object lives.
        LayerKind::from_raw(unsafe { sys::ocienv_layer_kind(self.as_ptr()) })
    }

    pub(crate) fn as_ptr(&self) -> *const sys::ocienv_layer {
        self.0.as_ptr()
    }
}

/// How the functions look that read a document and need nothing else.
type Reader = unsafe extern "C" fn(
    *mut *mut sys::ocienv_layer,
    *const sys::ocienv_document,
    *const sys::ocienv_options,
    *mut sys::ocienv_error,
) -> i32;

fn read(document: &Document<'_>, options: &Options<'_>, reader: Reader) -> Result<Layer> {
    document.with(|document| {
        options.with(|options| {
            // SAFETY: both live for the call, and are not referred to after it.
            make(|ret, error| unsafe { reader(ret, document, options, error) }).map(Layer)
        })
    })
}

/// The list that the functions take that resolve.
pub(crate) fn pointers(layers: &[&Layer]) -> Vec<*const sys::ocienv_layer> {
    layers.iter().map(|layer| layer.as_ptr()).collect()
}

impl fmt::Debug for Layer {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Layer({:?}, ..)", self.kind())
    }
}

impl Drop for Layer {
    fn drop(&mut self) {
        // SAFETY: made by the library and freed once.
        unsafe { sys::ocienv_layer_free(self.0.as_ptr()) }
    }
}

// SAFETY: an object belongs to no thread.
unsafe impl Send for Layer {}
// SAFETY: immutable.
unsafe impl Sync for Layer {}
