// SPDX-License-Identifier: Apache-2.0
use super::{sys, text};
use crate::{Cri, Document, LibOs, PodKind, Policy, Result, Runtime, UserProfile};
use std::ffi::{CString, OsStr, OsString};
use std::mem::size_of;
use std::os::raw::c_char;
use std::ptr;

/// Bounds. A member that is 0 means its default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Bytes per document; 4 MiB.
    pub max_document: u32,
    /// Nested lists and maps; 64.
    pub max_depth: u32,
    /// Values per document, after alias expansion; 65,536.
    pub max_nodes: u32,
    /// Bytes per decoded string; 131,072.
    pub max_string: u32,
    /// Arguments; 4,096.
    pub max_args: u32,
    /// Environment entries per list, and of the result; 4,096.
    pub max_env: u32,
    /// Links followed in one look-up; 40.
    pub max_symlinks: u32,
    /// Bytes of one object; 16 MiB.
    pub max_result: u32,
}

/// How a call is to be done. Each member that is not set means its default.
///
/// Strings with a NUL are refused by the call that the options are used in, with
/// [`Status::Argument`](crate::Status).
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    limits: Limits,
    runtime: Runtime,
    cri: Cri,
    flags: u32,
    user: UserProfile,
    workload: Option<OsString>,
    container: Option<OsString>,
    hostname: Option<OsString>,
    pod_kind: PodKind,
    libos: LibOs,
    stack_size: u64,
    library_path: Vec<OsString>,
    occlum_json: Option<Document<'a>>,
    policy: Option<&'a Policy>,
}

/// A member that is chosen or counted.
macro_rules! values {
    ($($(#[$doc:meta])* $name:ident: $type:ty;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: $type) -> Options<'a> {
            self.$name = $name;
            self
        }
    )*};
}

/// A member that is a string.
macro_rules! strings {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: impl AsRef<OsStr>) -> Options<'a> {
            self.$name = Some($name.as_ref().to_os_string());
            self
        }
    )*};
}

/// A bit of the flags.
macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident = $bit:ident;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, on: bool) -> Options<'a> {
            self.flags = if on { self.flags | sys::$bit } else { self.flags & !sys::$bit };
            self
        }
    )*};
}

impl<'a> Options<'a> {
    /// The defaults.
    pub fn new() -> Options<'a> {
        Options::default()
    }

    values! {
        /// Bounds.
        limits: Limits;
        /// Whose last step before execve is reproduced.
        runtime: Runtime;
        /// Whose merge of image and pod is reproduced.
        cri: Cri;
        /// Who looks the user up.
        user: UserProfile;
        /// Pod: what the document is.
        pod_kind: PodKind;
        /// Where the program is to run.
        libos: LibOs;
        /// Bytes of the first stack in the LibOS; 0: what the LibOS has by default.
        stack_size: u64;
    }

    strings! {
        /// Pod: "KIND/NAME" when the document has several workloads.
        workload;
        /// Pod: name of the container.
        container;
        /// Pod: the sandbox's host name.
        hostname;
    }

    flags! {
        /// Members that no reader of the document knows are errors, not warnings.
        strict = OCIENV_STRICT;
        /// What only a check beforehand refuses is treated as what comes behind it does.
        lenient = OCIENV_LENIENT;
        /// There is no kubelet.
        cri_direct = OCIENV_CRI_DIRECT;
        /// Whoever asked Occlum for another user than root gets a warning, not an error.
        accept_root = OCIENV_ACCEPT_ROOT;
        /// Layers keep the SHA-256 of their documents.
        keep_digest = OCIENV_KEEP_DIGEST;
        /// The caller itself runs inside a LibOS whose directory descriptors are but names.
        inside_libos = OCIENV_INSIDE_LIBOS;
    }

    /// Directories in the rootfs that go in front of LD_LIBRARY_PATH.
    #[must_use]
    pub fn library_path<D: AsRef<OsStr>>(mut self, dirs: impl IntoIterator<Item = D>) -> Self {
        self.library_path = dirs.into_iter().map(|dir| dir.as_ref().to_os_string()).collect();
        self
    }

    /// The Occlum.json that the enclave is built from.
    #[must_use]
    pub fn occlum_json(mut self, document: Document<'a>) -> Options<'a> {
        self.occlum_json = Some(document);
        self
    }

    /// Resolving: what may set what. Without one everything may, and is reported.
    #[must_use]
    pub fn policy(mut self, policy: &'a Policy) -> Options<'a> {
        self.policy = Some(policy);
        self
    }

    /// Calls with the struct, which lives no longer.
    pub(crate) fn with<T>(
        &self,
        call: impl FnOnce(&sys::ocienv_options) -> Result<T>,
    ) -> Result<T> {
        match &self.occlum_json {
            None => self.with_document(ptr::null(), call),
            Some(document) => document.with(|document| self.with_document(document, call)),
        }
    }

    fn with_document<T>(
        &self,
        occlum_json: *const sys::ocienv_document,
        call: impl FnOnce(&sys::ocienv_options) -> Result<T>,
    ) -> Result<T> {
        let workload = optional("a workload", &self.workload)?;
        let container = optional("a container's name", &self.container)?;
        let hostname = optional("a host name", &self.hostname)?;
        let dirs: Result<Vec<CString>> =
            self.library_path.iter().map(|dir| text::to_c("a directory", dir)).collect();
        let dirs = dirs?;
        let library_path: Vec<*const c_char> = dirs.iter().map(|dir| dir.as_ptr()).collect();
        let limits = self.limits.to_c();

        call(&sys::ocienv_options {
            size: size_of::<sys::ocienv_options>(),
            allocator: ptr::null(),
            limits: &limits,
            runtime: self.runtime.to_raw(),
            cri: self.cri.to_raw(),
            flags: self.flags,
            user: self.user.to_raw(),
            workload: pointer(&workload),
            container: pointer(&container),
            hostname: pointer(&hostname),
            pod_kind: self.pod_kind.to_raw(),
            libos: self.libos.to_raw(),
            stack_size: self.stack_size,
            library_path: if dirs.is_empty() { ptr::null() } else { library_path.as_ptr() },
            library_path_count: library_path.len(),
            occlum_json,
            policy: self.policy.map_or(ptr::null(), Policy::as_ptr),
        })
    }
}

impl Limits {
    fn to_c(self) -> sys::ocienv_limits {
        sys::ocienv_limits {
            size: size_of::<sys::ocienv_limits>(),
            max_document: self.max_document,
            max_depth: self.max_depth,
            max_nodes: self.max_nodes,
            max_string: self.max_string,
            max_args: self.max_args,
            max_env: self.max_env,
            max_symlinks: self.max_symlinks,
            max_result: self.max_result,
        }
    }
}

fn optional(what: &str, value: &Option<OsString>) -> Result<Option<CString>> {
    value.as_ref().map(|value| text::to_c(what, value)).transpose()
}

fn pointer(value: &Option<CString>) -> *const c_char {
    value.as_ref().map_or(ptr::null(), |value| value.as_ptr())
}
