// SPDX-License-Identifier: Apache-2.0
//! What getters answer. Strings are borrowed from the object that was asked.
use super::sys;
use super::text::{borrowed, present};
use crate::{Changed, Source, Step};
use std::ffi::CStr;
use std::os::unix::io::BorrowedFd;
use std::slice;

/// Where a value was written, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin<'a> {
    /// Who it comes from.
    pub source: Source,
    /// It came from a Secret: do not show the value.
    pub secret: bool,
    /// Name of the document.
    pub document: Option<&'a CStr>,
    /// From 1; 0: unknown.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// Why it is not what the document says.
    pub changed: Changed,
    /// Of a value that was overridden: in which step.
    pub lost_in: Step,
}

impl<'a> Origin<'a> {
    /// # Safety
    /// The strings of `raw` live for `'a`.
    pub(crate) unsafe fn from_c(raw: &sys::ocienv_origin) -> Origin<'a> {
        Origin {
            source: Source::from_raw(raw.source),
            secret: raw.secret != 0,
            // SAFETY: the caller's promise.
            document: unsafe { borrowed(raw.document) },
            line: raw.line,
            column: raw.column,
            changed: Changed::from_raw(raw.changed),
            lost_in: Step::from_raw(raw.lost_in),
        }
    }
}

/// One interpreter of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interpreter<'a> {
    /// As written after "#!".
    pub path: &'a CStr,
    /// Its one argument.
    pub arg: Option<&'a CStr>,
}

/// The file that is executed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exec<'a> {
    /// As found: absolute, what the runtime would execve.
    pub path: &'a CStr,
    /// Without links, "." and "..", inside the rootfs; a config that was read from a blob does
    /// not know it.
    pub canonical: Option<&'a CStr>,
    /// Number of the entry of PATH, if PATH was searched.
    pub path_index: Option<usize>,
    /// O_PATH descriptor of the file.
    pub fd: Option<BorrowedFd<'a>>,
    /// st_dev of the file.
    pub device: u64,
    /// st_ino of the file.
    pub inode: u64,
    /// Script chain, outermost first.
    pub interpreters: Vec<Interpreter<'a>>,
    /// Of the ELF file that runs in the end: "x86_64".
    pub machine: Option<&'a CStr>,
    /// "exec" or "dyn".
    pub elf_type: Option<&'a CStr>,
    /// Its PT_INTERP, if it is not static.
    pub elf_interp: Option<&'a CStr>,
}

impl<'a> Exec<'a> {
    /// # Safety
    /// What `raw` points to lives for `'a`.
    pub(crate) unsafe fn from_c(raw: &sys::ocienv_exec) -> Exec<'a> {
        let interpreters = match raw.interpreter_count {
            0 => &[][..],
            // SAFETY: the library's list has that many.
            count => unsafe { slice::from_raw_parts(raw.interpreters, count) },
        };

        // SAFETY: the caller's promise.
        unsafe {
            Exec {
                path: present(raw.path),
                canonical: borrowed(raw.canonical),
                path_index: usize::try_from(raw.path_index).ok(),
                fd: (raw.fd >= 0).then(|| BorrowedFd::borrow_raw(raw.fd)),
                device: raw.device,
                inode: raw.inode,
                interpreters: interpreters
                    .iter()
                    .map(|one| Interpreter { path: present(one.path), arg: borrowed(one.arg) })
                    .collect(),
                machine: borrowed(raw.machine),
                elf_type: borrowed(raw.elf_type),
                elf_interp: borrowed(raw.elf_interp),
            }
        }
    }
}

/// The user of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct User<'a> {
    /// uid.
    pub uid: u32,
    /// gid.
    pub gid: u32,
    /// File mode creation mask.
    pub umask: u32,
    /// Supplementary groups: the complete list.
    pub groups: &'a [u32],
    /// Still a name: no rootfs to look it up in. Then the numbers mean nothing.
    pub name: Option<&'a CStr>,
}

impl<'a> User<'a> {
    /// # Safety
    /// What `raw` points to lives for `'a`.
    pub(crate) unsafe fn from_c(raw: &sys::ocienv_user) -> User<'a> {
        let groups = match raw.group_count {
            0 => &[][..],
            // SAFETY: the library's list has that many.
            count => unsafe { slice::from_raw_parts(raw.groups, count as usize) },
        };

        User {
            uid: raw.uid,
            gid: raw.gid,
            umask: raw.umask,
            groups,
            // SAFETY: the caller's promise.
            name: unsafe { borrowed(raw.name) },
        }
    }
}

/// What a policy said about one variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ruling<'a> {
    /// The variable.
    pub name: &'a CStr,
    /// "allowed", "dropped", or "kept": left out, the image's value stands.
    pub verdict: &'a CStr,
    /// Who it comes from, as the policy trusts it.
    pub source: Source,
    /// Number of the rule from 0, as in /env/rules/N.
    pub rule: Option<u32>,
    /// Of the rule in the policy; 0: none.
    pub line: u32,
}

impl<'a> Ruling<'a> {
    /// # Safety
    /// What `raw` points to lives for `'a`.
    pub(crate) unsafe fn from_c(raw: &sys::ocienv_ruling) -> Ruling<'a> {
        Ruling {
            // SAFETY: the caller's promise.
            name: unsafe { present(raw.name) },
            // SAFETY: the caller's promise.
            verdict: unsafe { present(raw.verdict) },
            source: Source::from_raw(raw.source),
            rule: (raw.rule != u32::MAX).then(|| raw.rule),
            line: raw.line,
        }
    }
}

/// Something that users get hurt by, although there is an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning<'a> {
    /// Of docs/warnings.md: "cwd-missing".
    pub code: &'a CStr,
    /// What it is about: a variable's name, a path; maybe "".
    pub subject: &'a CStr,
    /// For people.
    pub message: &'a CStr,
    /// Line 0: not about a place in a document.
    pub origin: Origin<'a>,
}

impl<'a> Warning<'a> {
    /// # Safety
    /// What `raw` points to lives for `'a`.
    pub(crate) unsafe fn from_c(raw: &sys::ocienv_warning) -> Warning<'a> {
        // SAFETY: the caller's promise.
        unsafe {
            Warning {
                code: present(raw.code),
                subject: present(raw.subject),
                message: present(raw.message),
                origin: Origin::from_c(&raw.origin),
            }
        }
    }
}

/// Asks a getter for number 0, 1, ... until there are no more.
pub(crate) fn numbered<T: Copy>(get: impl Fn(usize, *mut T) -> i32) -> impl Iterator<Item = T> {
    let mut index = 0;

    std::iter::from_fn(move || {
        let mut raw = std::mem::MaybeUninit::<T>::uninit();

        if get(index, raw.as_mut_ptr()) != sys::OCIENV_OK {
            return None;
        }
        index += 1;
        // SAFETY: the getter filled it.
        Some(unsafe { raw.assume_init() })
    })
}
