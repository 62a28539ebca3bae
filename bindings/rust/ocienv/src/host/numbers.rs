// SPDX-License-Identifier: Apache-2.0
//! The enums of ocienv.h.
use super::{sys, text};
use std::fmt;

/// An enum that the library answers with. A later version of it may know more.
macro_rules! answers {
    ($(#[$doc:meta])* $name:ident: $raw:ty { $($(#[$of:meta])* $variant:ident = $number:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$of])* $variant,)*
            /// A number that this version of the crate has no name for.
            Unknown($raw),
        }

        impl $name {
            /// The number as C has it.
            pub fn to_raw(self) -> $raw {
                match self {
                    $($name::$variant => sys::$number,)*
                    $name::Unknown(number) => number,
                }
            }

            /// What C answered.
            pub fn from_raw(number: $raw) -> $name {
                match number {
                    $(sys::$number => $name::$variant,)*
                    number => $name::Unknown(number),
                }
            }
        }
    };
}

/// An enum that the caller chooses from; the first one is the default.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident {
        $(#[$of_first:meta])* $first:ident = $first_number:ident,
        $($(#[$of:meta])* $variant:ident = $number:ident,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[$of_first])* $first,
            $($(#[$of])* $variant,)*
        }

        impl $name {
            /// The number as C has it.
            pub fn to_raw(self) -> u32 {
                match self {
                    $name::$first => sys::$first_number,
                    $($name::$variant => sys::$number,)*
                }
            }
        }

        impl Default for $name {
            fn default() -> $name {
                $name::$first
            }
        }
    };
}

answers! {
    /// What a call can fail with. The numbers are frozen.
    Status: i32 {
        /// The caller broke the contract of the function.
        Argument = OCIENV_ERR_ARGUMENT,
        /// An allocation failed.
        NoMemory = OCIENV_ERR_NOMEM,
        /// A size, count or depth limit.
        Limit = OCIENV_ERR_LIMIT,
        /// Not well-formed JSON or YAML.
        Syntax = OCIENV_ERR_SYNTAX,
        /// Not UTF-8, or a NUL where a C string must come out.
        Encoding = OCIENV_ERR_ENCODING,
        /// Parsers of this document are known to disagree.
        Ambiguous = OCIENV_ERR_AMBIGUOUS,
        /// Wrong type for a field that is read.
        Type = OCIENV_ERR_TYPE,
        /// An invalid value, or a required field is missing.
        Value = OCIENV_ERR_VALUE,
        /// Something is named that is not there.
        Reference = OCIENV_ERR_REFERENCE,
        /// No such executable (or cwd) in the rootfs.
        NotFound = OCIENV_ERR_NOTFOUND,
        /// Found, but this user may not execute it.
        Access = OCIENV_ERR_ACCESS,
        /// The target cannot run it.
        Unsupported = OCIENV_ERR_UNSUPPORTED,
        /// A path that cannot be trusted or pinned.
        Unsafe = OCIENV_ERR_UNSAFE,
        /// Refused by the policy.
        Policy = OCIENV_ERR_POLICY,
        /// The host's document is not what image and pod give.
        Mismatch = OCIENV_ERR_MISMATCH,
        /// Not a canonical blob of a known version.
        Blob = OCIENV_ERR_BLOB,
        /// A system call failed; see [`Error::errno`](crate::Error::errno).
        System = OCIENV_ERR_SYSTEM,
    }
}

impl Status {
    /// The short name, "syntax"; "unknown" where the library has none.
    pub fn name(self) -> &'static str {
        // SAFETY: static text.
        let name = unsafe { text::borrowed(sys::ocienv_status_name(self.to_raw())) };

        name.and_then(|name| name.to_str().ok()).unwrap_or("unknown")
    }
}

impl fmt::Display for Status {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.name())
    }
}

answers! {
    /// Who a value comes from.
    Source: u32 {
        /// Built into the CRI plugin or the runtime.
        Default = OCIENV_SOURCE_DEFAULT,
        /// The image config.
        Image = OCIENV_SOURCE_IMAGE,
        /// The runtime spec, or a value that the runtime adds.
        Runtime = OCIENV_SOURCE_RUNTIME,
        /// A Service's variables.
        Service = OCIENV_SOURCE_SERVICE,
        /// A ConfigMap.
        ConfigMap = OCIENV_SOURCE_CONFIGMAP,
        /// A Secret.
        Secret = OCIENV_SOURCE_SECRET,
        /// A field of the pod, or a fact.
        Downward = OCIENV_SOURCE_DOWNWARD,
        /// The pod itself.
        Pod = OCIENV_SOURCE_POD,
        /// A policy.
        Policy = OCIENV_SOURCE_POLICY,
        /// The step that the LibOS needs.
        LibOs = OCIENV_SOURCE_LIBOS,
        /// The caller of the library.
        Caller = OCIENV_SOURCE_CALLER,
    }
}

impl Source {
    /// The short name, "image"; "unknown" where the library has none.
    pub fn name(self) -> &'static str {
        // SAFETY: static text.
        let name = unsafe { text::borrowed(sys::ocienv_source_name(self.to_raw())) };

        name.and_then(|name| name.to_str().ok()).unwrap_or("unknown")
    }
}

impl fmt::Display for Source {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.name())
    }
}

answers! {
    /// The steps between the documents and execve.
    Step: u32 {
        /// None of them.
        None = OCIENV_STEP_NONE,
        /// envFrom, env and Services become one list.
        Kubelet = OCIENV_STEP_KUBELET,
        /// Image and pod become a runtime spec.
        Cri = OCIENV_STEP_CRI,
        /// The last one of a name wins, HOME is added.
        Runtime = OCIENV_STEP_RUNTIME,
        /// Directories of libraries are put in front.
        LibOs = OCIENV_STEP_LIBOS,
    }
}

answers! {
    /// What a layer was made from.
    LayerKind: u32 {
        /// An image config.
        Image = OCIENV_LAYER_IMAGE,
        /// A runtime spec.
        Runtime = OCIENV_LAYER_RUNTIME,
        /// A container of a pod.
        Pod = OCIENV_LAYER_POD,
    }
}

choices! {
    /// Whose last step before execve is reproduced.
    Runtime {
        /// runc, current.
        Runc = OCIENV_RUNTIME_RUNC,
        /// runc 1.2.
        Runc1_2 = OCIENV_RUNTIME_RUNC_1_2,
        /// runc 1.3.0 to 1.5.1.
        Runc1_3 = OCIENV_RUNTIME_RUNC_1_3,
        /// crun.
        Crun = OCIENV_RUNTIME_CRUN,
        /// The kata agent.
        Kata = OCIENV_RUNTIME_KATA,
        /// runc's environment, glibc's execvp for the look-up.
        Execvp = OCIENV_RUNTIME_EXECVP,
        /// runc before 1.2, as in Debian 12.
        Runc1_1 = OCIENV_RUNTIME_RUNC_1_1,
        /// crun 1.8, as in Debian 12.
        Crun1_8 = OCIENV_RUNTIME_CRUN_1_8,
    }
}

choices! {
    /// Whose merge of image and pod is reproduced.
    Cri {
        /// containerd's CRI plugin.
        Containerd = OCIENV_CRI_CONTAINERD,
        /// CRI-O.
        Crio = OCIENV_CRI_CRIO,
    }
}

choices! {
    /// What the document of [`Layer::from_pod()`](crate::Layer::from_pod) is.
    PodKind {
        /// A Pod or a workload, as its apiVersion and kind say.
        Object = OCIENV_POD_OBJECT,
        /// A PodSpec and nothing around it.
        Spec = OCIENV_POD_SPEC,
        /// One container and nothing around it.
        Container = OCIENV_POD_CONTAINER,
    }
}

choices! {
    /// Who looks the user up, and how much of what upstreams accept by luck is accepted.
    UserProfile {
        /// As the CRI plugin does, and stricter; ocienv.h tells in what.
        Strict = OCIENV_USER_STRICT,
        /// containerd 2.2.4, 2.3.1 and later.
        Containerd = OCIENV_USER_CONTAINERD,
        /// containerd 1.7.27 to 1.7.30.
        Containerd1_7 = OCIENV_USER_CONTAINERD_1_7,
        /// CRI-O.
        Crio = OCIENV_USER_CRIO,
        /// docker: no kubelet, the image's User whole.
        Docker = OCIENV_USER_DOCKER,
    }
}

choices! {
    /// Where the program is to run.
    LibOs {
        /// On Linux: nothing is checked.
        None = OCIENV_LIBOS_NONE,
        /// Occlum 0.31.
        Occlum = OCIENV_LIBOS_OCCLUM,
        /// Gramine 1.9.
        Gramine = OCIENV_LIBOS_GRAMINE,
    }
}

/// What an origin can be asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// Environment entry by its number.
    Env(usize),
    /// Argument by its number.
    Argv(usize),
    /// The working directory.
    Cwd,
    /// The user.
    User,
}

impl Item {
    /// The two numbers of `ocienv_config_origin()`.
    pub(crate) fn to_raw(self) -> (u32, usize) {
        match self {
            Item::Env(index) => (sys::OCIENV_ITEM_ENV, index),
            Item::Argv(index) => (sys::OCIENV_ITEM_ARGV, index),
            Item::Cwd => (sys::OCIENV_ITEM_CWD, 0),
            Item::User => (sys::OCIENV_ITEM_USER, 0),
        }
    }
}

/// Why a value is not what a document says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Changed {
    /// The kubelet replaced a `$(NAME)` or `$$`.
    pub by_expansion: bool,
    /// No document says it: it is built in.
    pub by_default: bool,
    /// The runtime made or trimmed it.
    pub by_runtime: bool,
}

impl Changed {
    pub(crate) fn from_raw(bits: u32) -> Changed {
        Changed {
            by_expansion: bits & sys::OCIENV_CHANGED_BY_EXPANSION != 0,
            by_default: bits & sys::OCIENV_CHANGED_BY_DEFAULT != 0,
            by_runtime: bits & sys::OCIENV_CHANGED_BY_RUNTIME != 0,
        }
    }
}
