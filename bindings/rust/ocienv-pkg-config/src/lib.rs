// SPDX-License-Identifier: Apache-2.0
//! How the build scripts of `ocienv-sys` and `ocienv-boot-sys` find the C libraries: they ask the
//! program `pkg-config`, so that nothing has to be fetched to build.
//!
//! | variable | means |
//! |---|---|
//! | `PKG_CONFIG` | the program to ask; `pkg-config` |
//! | `PKG_CONFIG_PATH`, `PKG_CONFIG_LIBDIR`, `PKG_CONFIG_SYSROOT_DIR` | as pkg-config has them |
//! | `OCIENV_STATIC` | set, and neither empty nor `0`: link archives where there are any |
#![warn(missing_docs)]

use std::env;
use std::path::Path;
use std::process::{exit, Command};

mod flags;

pub use flags::{parse, Flags};

/// Versions whose interface is the one that the bindings declare.
const FROM: &str = "0.1";
const BELOW: &str = "0.2";

const VARIABLES: [&str; 5] = [
    "PKG_CONFIG",
    "PKG_CONFIG_PATH",
    "PKG_CONFIG_LIBDIR",
    "PKG_CONFIG_SYSROOT_DIR",
    "OCIENV_STATIC",
];

/// Tells cargo how to link library `name`, or ends the build with what to do about it.
pub fn link(name: &str) {
    for variable in VARIABLES {
        println!("cargo:rerun-if-env-changed={}", variable);
    }
    println!("cargo:rerun-if-changed=build.rs");
    if let Err(why) = emit(name, is_static()) {
        eprintln!("{}", why);
        exit(1);
    }
}

fn is_static() -> bool {
    matches!(env::var("OCIENV_STATIC"), Ok(value) if !value.is_empty() && value != "0")
}

fn emit(name: &str, wants_static: bool) -> Result<(), String> {
    let mode: &[&str] = if wants_static { &["--static"] } else { &[] };
    let flags = parse(&ask(name, &[mode, &["--libs"]].concat(), wants_static)?)?;

    for dir in &flags.dirs {
        println!("cargo:rustc-link-search=native={}", dir);
    }
    for library in &flags.libraries {
        println!("cargo:rustc-link-lib={}{}", kind(name, library, &flags, wants_static)?, library);
    }
    for dir in parse(&ask(name, &["--cflags-only-I"], true)?)?.includes {
        println!("cargo:include={}", dir);
    }
    Ok(())
}

/// A library that has no archive is linked as usual; but the one that was asked for must have one.
fn kind(
    name: &str,
    library: &str,
    flags: &Flags,
    wants_static: bool,
) -> Result<&'static str, String> {
    if !wants_static {
        return Ok("dylib=");
    }
    let archive = format!("lib{}.a", library);
    if flags.dirs.iter().any(|dir| Path::new(dir).join(&archive).is_file()) {
        return Ok("static=");
    }
    if library == name {
        return Err(format!(
            "OCIENV_STATIC is set, but {} is in none of {:?}: build libocienv with \
             -Ddefault_library=both, or unset OCIENV_STATIC",
            archive, flags.dirs
        ));
    }
    Ok("dylib=")
}

/// What pkg-config answers. `system`: with the directories that every linker searches, too, as
/// rustc does not when it looks for an archive.
fn ask(name: &str, args: &[&str], system: bool) -> Result<String, String> {
    let program = env::var("PKG_CONFIG").unwrap_or_else(|_| "pkg-config".to_string());
    let mut command = Command::new(&program);

    command.args(args);
    command.arg("--print-errors");
    command.arg(format!("{} >= {}", name, FROM)).arg(format!("{} < {}", name, BELOW));
    if system {
        command.env("PKG_CONFIG_ALLOW_SYSTEM_LIBS", "1").env("PKG_CONFIG_ALLOW_SYSTEM_CFLAGS", "1");
    }
    let output = command.output().map_err(|error| {
        format!(
            "cannot run {}: {}\nInstall pkg-config, or name one in the variable PKG_CONFIG.",
            program, error
        )
    })?;
    if !output.status.success() {
        return Err(format!(
            "{} finds no {} of version {} or later and below {}:\n{}\n\
             Install libocienv (meson setup build && meson install -C build), and put the directory \
             of its {}.pc into PKG_CONFIG_PATH if it is none of the usual ones. A tree that is built \
             but not installed has one in build/meson-uninstalled.",
            program,
            name,
            FROM,
            BELOW,
            String::from_utf8_lossy(&output.stderr).trim(),
            name
        ));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{} does not answer in UTF-8", program))
}
