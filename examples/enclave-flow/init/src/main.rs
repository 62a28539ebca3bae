// SPDX-License-Identifier: Apache-2.0
//! init SOCKET SHA384 ROOTFS
//!
//! The first process of the application's enclave. It takes one config blob from SOCKET, and starts
//! what it says if the blob is the one whose SHA-384 it was told; anything else ends it. SHA384 is
//! what the owner of the container computed beforehand. It comes with the attested configuration of
//! the enclave, not over the socket.
//!
//! Exit status: 1 refused, 2 usage, 126 what the blob says cannot be executed; else the program's.
mod process;
mod sha384;

use frame::Channel;
use ocienv::boot::{Boot, Error, Slot, Text};
use process::Process;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::exit;
use std::time::Duration;

const LARGEST_BLOB: usize = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(10);

fn die(status: i32, message: &str) -> ! {
    eprintln!("init: {}", message);
    exit(status)
}

/// 96 digits.
fn digest_from(text: &str) -> Option<[u8; 48]> {
    let mut digest = [0; 48];

    if text.len() != 96 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (i, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(digest)
}

/// As it is named in a reply.
fn status_of(error: Error) -> &'static str {
    match error {
        Error::Encoding => "encoding",
        Error::Value => "value",
        Error::Unsupported => "unsupported",
        Error::Blob => "blob",
        _ => "argument",
    }
}

/// Nothing of the blob is used before this was right.
fn open<'a>(blob: &'a [u8], wanted: &[u8; 48]) -> Result<Boot<'a>, &'static str> {
    let boot = Boot::open(blob).map_err(status_of)?;

    if sha384::sha384(boot.measured()) != *wanted {
        return Err("mismatch");
    }
    Ok(boot)
}

/// Fills what the LibOS and execve take. It points into the blob and the slots.
fn fill<'a>(
    boot: &Boot<'a>,
    argv: &'a mut [Slot<'a>],
    envp: &'a mut [Slot<'a>],
) -> Result<Process<'a>, &'static str> {
    Ok(Process {
        exec: boot.exec().ok_or("notfound")?,
        argv: boot.argv(argv).map_err(status_of)?,
        cwd: boot.cwd(),
        user: boot.user().map_err(status_of)?,
        config: boot.occlum(envp).map_err(status_of)?,
    })
}

fn show(process: &Process<'_>) {
    let path =
        |path: Option<Text<'_>>| path.map_or("NULL".into(), |path| path.escape_ascii().to_string());

    eprintln!("init: struct user_rootfs_config (Occlum, system call 363):");
    eprintln!("init:   upper_layer_path {}", path(process.config.upper_layer_path()));
    eprintln!("init:   lower_layer_path {}", path(process.config.lower_layer_path()));
    eprintln!("init:   entry_point {}", path(process.config.entry_point()));
    // Values can be secrets.
    for entry in process.config.env() {
        let name = entry.split(|byte| *byte == b'=').next().unwrap_or_default();
        eprintln!("init:   envp {}", name.escape_ascii());
    }
}

/// The one conversation that there is.
fn listen(socket: &Path) -> Channel {
    let accepted = frame::listen(socket).and_then(|listener| listener.accept());

    fs::remove_file(socket).unwrap_or_default();
    match accepted {
        Ok((stream, _)) => Channel::new(stream, PATIENCE),
        Err(error) => die(1, &error.to_string()),
    }
}

fn main() {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let (socket, wanted, root) = match &args[..] {
        [socket, digest, root] => {
            (Path::new(socket), digest.to_str().and_then(digest_from), Path::new(root))
        }
        _ => die(2, "usage: init SOCKET SHA384 ROOTFS"),
    };
    let wanted = wanted.unwrap_or_else(|| die(2, "expected 96 hexadecimal digits"));
    let mut agent = listen(socket);
    let blob = match agent.receive(LARGEST_BLOB) {
        Ok(blob) => blob,
        Err(broken) => refuse(&mut agent, broken.status()),
    };
    let boot = open(&blob, &wanted).unwrap_or_else(|status| refuse(&mut agent, status));
    let mut argv = vec![Slot::EMPTY; boot.argc() + 1];
    let mut envp = vec![Slot::EMPTY; boot.envc() + 1];
    let process =
        fill(&boot, &mut argv, &mut envp).unwrap_or_else(|status| refuse(&mut agent, status));

    show(&process);
    if let Err(broken) = agent.send(b"ok") {
        die(1, &broken.to_string());
    }
    if let Err(failure) = process.start(root) {
        die(126, &failure.to_string());
    }
}

fn refuse(agent: &mut Channel, status: &str) -> ! {
    agent.extend(PATIENCE);
    if let Err(broken) = agent.send(status.as_bytes()) {
        eprintln!("init: reply: {}", broken);
    }
    die(1, status)
}
