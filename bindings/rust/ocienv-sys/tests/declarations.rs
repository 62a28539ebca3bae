// SPDX-License-Identifier: Apache-2.0
//! The declarations are those of the header that the library is installed with.
use header_check::{
    ask_compiler, include_flags, layout, read_header, read_source, Declared, Layout,
};
use ocienv_sys::*;
use std::fs;
use std::path::Path;

const SOURCE: &str = concat!(
    include_str!("../src/constants.rs"),
    include_str!("../src/types.rs"),
    include_str!("../src/functions.rs")
);

fn header() -> (Vec<String>, Declared) {
    let flags = include_flags("ocienv");
    let text = flags
        .iter()
        .filter_map(|flag| flag.strip_prefix("-I"))
        .find_map(|dir| fs::read_to_string(Path::new(dir).join("ocienv/ocienv.h")).ok());

    (flags, read_header(&text.expect("ocienv.h in a directory that pkg-config names")))
}

#[test]
fn declares_what_the_header_does() {
    let (wanted, found) = (header().1, read_source(SOURCE));

    assert!(wanted.functions.len() >= 47 && wanted.structs.len() >= 20, "{:?}", wanted);
    assert_eq!(found.structs, wanted.structs);
    assert_eq!(found.functions, wanted.functions);
    assert!(found.constants.keys().eq(wanted.constants.keys()), "{:?}", found.constants);
}

#[test]
fn compilers_agree() {
    let (flags, declared) = header();
    let (numbers, layout) = ask_compiler("ocienv/ocienv.h", &flags, &declared);
    let source = read_source(SOURCE).constants;

    assert!(!numbers.is_empty());
    for (name, number) in numbers {
        assert_eq!(source[&name], Some(number), "{}", name);
    }
    assert_eq!(layout_here(), layout);
}

fn layout_here() -> Layout {
    layout! {
        ocienv_error { status, sys_errno, offset, line, column, document, pointer, message }
        ocienv_allocator { alloc, free, ctx }
        ocienv_limits { size, max_document, max_depth, max_nodes, max_string, max_args, max_env, max_symlinks, max_result }
        ocienv_document { name, data, size }
        ocienv_options { size, allocator, limits, runtime, cri, flags, user, workload, container, hostname, pod_kind, libos, stack_size, library_path, library_path_count, occlum_json, policy }
        ocienv_buffer { data, size, allocator }
        ocienv_interpreter { path, arg }
        ocienv_exec { path, canonical, path_index, fd, device, inode, interpreters, interpreter_count, machine, elf_type, elf_interp }
        ocienv_user { uid, gid, umask, group_count, groups, name }
        ocienv_origin { source, secret, document, line, column, changed, lost_in, reserved }
        ocienv_ruling { name, verdict, source, rule, line, reserved }
        ocienv_warning { code, subject, message, origin }
        ocienv_difference { code, subject, item, allowed, expected, found }
        ocienv_candidate { path, path_index, status, reason, secret }
        ocienv_library { name, path, rule, needed_by, broken, secret }
    }
}

/// What the linker's map exports is what can be called. The map lies in the source tree alone.
#[test]
fn declares_what_the_library_exports() {
    let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../lib/ocienv.map");
    let map = fs::read_to_string(map).expect("lib/ocienv.map");
    let exported: Vec<&str> = map
        .lines()
        .filter_map(|line| line.trim().strip_suffix(';'))
        .filter(|name| name.starts_with("ocienv_"))
        .collect();

    assert!(read_source(SOURCE).functions.keys().eq(exported.iter()), "{:?}", exported);
}
