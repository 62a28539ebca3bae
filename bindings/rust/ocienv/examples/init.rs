// SPDX-License-Identifier: Apache-2.0
//! init BLOB: what the init process of an enclave makes of a CONFIG blob, with libocienv-boot
//! alone. It prints what it would hand to execve; values of variables are not shown.
use ocienv::boot::{Boot, Error, Slot, Text, MAX_SIZE};
use std::fs::File;
use std::io::Read;
use std::process::exit;

fn show(label: &str, text: Text<'_>) {
    println!("{}: {}", label, text.escape_ascii());
}

fn run(blob: &[u8]) -> Result<(), Error> {
    let boot = Boot::open(blob)?;
    let user = boot.user()?;
    // Here one would check the digest of boot.measured() against what was attested.
    let mut argv = vec![Slot::EMPTY; boot.argc() + 1];
    let mut env = vec![Slot::EMPTY; boot.envc() + 1];

    if let Some(exec) = boot.exec() {
        show("exec", exec);
    }
    for argument in boot.argv(&mut argv)?.iter() {
        show("argv", argument);
    }
    for entry in boot.env(&mut env)?.iter() {
        let name = entry.split(|byte| *byte == b'=').next().unwrap_or_default();
        println!("env: {}", name.escape_ascii());
    }
    show("cwd", boot.cwd());
    println!("user: {}:{}, umask {:04o}", user.uid, user.gid, user.umask);
    println!("groups: {:?}", user.groups().collect::<Vec<_>>());
    println!("measured: {} bytes", boot.measured_size());
    Ok(())
}

fn main() {
    let name = std::env::args_os().nth(1).unwrap_or_else(|| {
        eprintln!("usage: init BLOB");
        exit(2)
    });
    let mut blob = Vec::new();
    // Into memory of our own: whoever can write to the file cannot change what was checked.
    let read =
        File::open(&name).and_then(|file| file.take(MAX_SIZE as u64 + 1).read_to_end(&mut blob));

    if let Err(error) = read {
        eprintln!("init: {}: {}", name.to_string_lossy(), error);
        exit(1);
    }
    if let Err(error) = run(&blob) {
        eprintln!("init: {}: {}", name.to_string_lossy(), error);
        exit(1);
    }
}
