// SPDX-License-Identifier: Apache-2.0
//! The declarations are those of the header that the library is installed with.
use header_check::{
    ask_compiler, include_flags, layout, read_header, read_source, Declared, Layout,
};
use ocienv_boot_sys::*;
use std::fs;
use std::path::Path;

const SOURCE: &str = include_str!("../src/lib.rs");

fn header() -> (Vec<String>, Declared) {
    let flags = include_flags("ocienv-boot");
    let text = flags
        .iter()
        .filter_map(|flag| flag.strip_prefix("-I"))
        .find_map(|dir| fs::read_to_string(Path::new(dir).join("ocienv/boot.h")).ok());

    (flags, read_header(&text.expect("boot.h in a directory that pkg-config names")))
}

#[test]
fn declares_what_the_header_does() {
    let (wanted, found) = (header().1, read_source(SOURCE));

    assert!(wanted.functions.len() >= 12 && wanted.structs.len() >= 4, "{:?}", wanted);
    assert_eq!(found.structs, wanted.structs);
    assert_eq!(found.functions, wanted.functions);
    assert!(found.constants.keys().eq(wanted.constants.keys()), "{:?}", found.constants);
}

#[test]
fn compilers_agree() {
    let (flags, declared) = header();
    let (numbers, layout) = ask_compiler("ocienv/boot.h", &flags, &declared);
    let source = read_source(SOURCE).constants;

    assert!(!numbers.is_empty());
    for (name, number) in numbers {
        assert_eq!(source[&name], Some(number), "{}", name);
    }
    assert_eq!(layout_here(), layout);
}

fn layout_here() -> Layout {
    layout! {
        ocienv_boot { bytes, size, section, length }
        ocienv_boot_user { uid, gid, umask, group_count, groups }
        ocienv_occlum_rootfs_config { len, upper_layer_path, lower_layer_path, entry_point, hostfs_source, hostfs_target, envp }
        ocienv_boot_unseal { open, ctx }
    }
}

#[test]
fn char_is_that_of_c() {
    let of_c: std::os::raw::c_char = -1i8 as c_char;

    assert_eq!(of_c as u8, 255);
}
