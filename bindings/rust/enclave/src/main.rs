// SPDX-License-Identifier: Apache-2.0
//! enclave < BLOB: prints the arguments and the names of the variables of a CONFIG blob, without
//! std and without an allocator. Exit status: 0, 1 the blob is refused, 101 a panic.
//!
//! What it is for: that it links shows that the reader needs libocienv-boot and a few functions of
//! libc, and a test looks at what it refers to.
#![no_std]
#![no_main]

use core::ffi::c_void;
use ocienv::boot::{Boot, Error, Slot, Text};

#[link(name = "c")]
extern "C" {
    fn read(fd: i32, bytes: *mut c_void, size: usize) -> isize;
    fn write(fd: i32, bytes: *const c_void, size: usize) -> isize;
    fn _exit(status: i32) -> !;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: it does not return.
    unsafe { _exit(101) }
}

const ROOM: usize = 64 * 1024;

fn print(bytes: &[u8]) {
    // SAFETY: as many bytes as said.
    unsafe { write(1, bytes.as_ptr().cast(), bytes.len()) };
}

fn print_line(label: &[u8], bytes: &[u8]) {
    print(label);
    print(bytes);
    print(b"\n");
}

fn unseal(_: Text<'_>, _: &[u8], room: &mut [u8]) -> Option<usize> {
    room.get_mut(..5)?.copy_from_slice(b"plain");
    Some(5)
}

fn run(blob: &[u8]) -> Result<(), Error> {
    let boot = Boot::open(blob)?;
    let mut slots = [Slot::EMPTY; 128];
    let mut scratch = [0; 1024];

    for argument in boot.argv(&mut slots)?.iter() {
        print_line(b"argv: ", &argument);
    }
    for entry in boot.env_unsealed(&mut slots, &mut scratch, unseal)?.iter() {
        print_line(b"env: ", entry.split(|byte| *byte == b'=').next().unwrap_or_default());
    }
    print_line(b"cwd: ", &boot.cwd());
    Ok(())
}

/// What libc's start calls.
#[no_mangle]
pub extern "C" fn main(_argc: i32, _argv: *const *const u8) -> i32 {
    let mut blob = [0; ROOM];
    let mut size = 0;

    while size < ROOM {
        // SAFETY: as much room as said.
        let got = unsafe { read(0, blob.as_mut_ptr().add(size).cast(), ROOM - size) };
        if got <= 0 {
            break;
        }
        size += got as usize;
    }
    i32::from(run(&blob[..size]).is_err())
}
