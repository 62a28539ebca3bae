// SPDX-License-Identifier: Apache-2.0
//! From an opened blob to the running program. chroot and the kernel stand in for the LibOS: under
//! Occlum system call 363 gets the struct and changes the root, and there is only uid 0, so what is
//! left of this is chdir and execve.
use ocienv::boot::{RootfsConfig, Text, User, Vector};
use std::ffi::CString;
use std::fmt;
use std::io;
use std::os::raw::{c_char, c_int, c_uint};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Of libc; types as on Linux.
mod c {
    use super::{c_char, c_int, c_uint};
    extern "C" {
        pub fn chdir(path: *const c_char) -> c_int;
        pub fn chroot(path: *const c_char) -> c_int;
        pub fn close_range(first: c_uint, last: c_uint, flags: c_int) -> c_int;
        pub fn execve(
            path: *const c_char,
            argv: *const *const c_char,
            envp: *const *const c_char,
        ) -> c_int;
        pub fn setgid(gid: u32) -> c_int;
        pub fn setgroups(size: usize, list: *const u32) -> c_int;
        pub fn setuid(uid: u32) -> c_int;
        pub fn signal(number: c_int, handler: usize) -> usize;
        pub fn umask(mask: u32) -> u32;
    }
    pub const SIGPIPE: c_int = 13;
    pub const SIG_DFL: usize = 0;
}

/// All that is started.
pub struct Process<'a> {
    pub exec: Text<'a>,
    pub argv: Vector<'a, 'a>,
    pub cwd: Text<'a>,
    pub user: User<'a>,
    /// The environment is that of the struct: the program gets what Occlum would be given.
    pub config: RootfsConfig<'a>,
}

/// What failed, and how.
pub struct Failure(&'static str, io::Error);

impl fmt::Display for Failure {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}: {}", self.0, self.1)
    }
}

fn check(what: &'static str, status: c_int) -> Result<(), Failure> {
    match status {
        0 => Ok(()),
        _ => Err(Failure(what, io::Error::last_os_error())),
    }
}

impl Process<'_> {
    /// Returns only if something failed; the process may be half changed then, and is to end.
    pub fn start(&self, root: &Path) -> Result<(), Failure> {
        let root = CString::new(root.as_os_str().as_bytes())
            .map_err(|error| Failure("chroot", error.into()))?;

        // SAFETY: all of these take C strings and numbers, and there is one thread.
        unsafe {
            // A descriptor of the host's file system would be a way out of the new root.
            check("close_range", c::close_range(3, c_uint::MAX, 0))?;
            check("chroot", c::chroot(root.as_ptr()))?;
            check("chdir", c::chdir(b"/\0".as_ptr().cast()))?;
        }
        self.take_identity()?;
        // SAFETY: as above; the vectors end with NULL and live as long as the blob.
        unsafe {
            c::umask(self.user.umask);
            // Rust ignores it, which a program inherits.
            c::signal(c::SIGPIPE, c::SIG_DFL);
            check("cwd", c::chdir(self.cwd.as_ptr().cast()))?;
            let envp = (*self.config.as_ptr()).envp;
            check(
                "execve",
                c::execve(self.exec.as_ptr().cast(), self.argv.as_ptr().cast(), envp.cast()),
            )
        }
    }

    /// Groups first, as nothing of this is allowed any more once the uid has changed.
    fn take_identity(&self) -> Result<(), Failure> {
        let groups: Vec<u32> = self.user.groups().collect();

        // SAFETY: as many numbers as said.
        unsafe {
            check("setgroups", c::setgroups(groups.len(), groups.as_ptr()))?;
            check("setgid", c::setgid(self.user.gid))?;
            check("setuid", c::setuid(self.user.uid))
        }
    }
}
