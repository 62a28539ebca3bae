// SPDX-License-Identifier: Apache-2.0
//! What the tests share. Each of them uses a part of it.
#![allow(dead_code)]
use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The tests of the library, which lie in its source tree.
pub fn tests_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests")
}

/// A temporary folder, which goes when it is dropped.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("ocienv-rust-{}-{}", process::id(), number));

        fs::create_dir(&path).expect("a temporary folder");
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).expect("a temporary folder to remove");
    }
}

/// One line of lines.py.
#[derive(Clone, Debug)]
pub struct Line {
    pub key: String,
    pub words: Vec<Vec<u8>>,
}

impl Line {
    pub fn word(&self) -> OsString {
        OsString::from_vec(self.words[0].clone())
    }

    pub fn text(&self, at: usize) -> &str {
        std::str::from_utf8(&self.words[at]).expect("UTF-8")
    }

    pub fn number(&self, at: usize) -> u32 {
        self.text(at).parse().expect("a number")
    }
}

/// Runs lines.py; each record begins with a line whose key is `first`.
pub fn records(first: &str, args: &[&Path]) -> Vec<Vec<Line>> {
    let output = Command::new("python3")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(tests_folder().join("rust/lines.py"))
        .args(args)
        .output()
        .expect("python3");
    let mut records: Vec<Vec<Line>> = Vec::new();

    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for line in output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let mut words: Vec<Vec<u8>> = line.split(|byte| *byte == b'\t').map(unescaped).collect();
        let key = String::from_utf8(words.remove(0)).expect("UTF-8");
        if key == first {
            records.push(Vec::new());
        }
        records.last_mut().expect("a first line").push(Line { key, words });
    }
    records
}

fn unescaped(word: &[u8]) -> Vec<u8> {
    let mut bytes = word.iter().copied();
    let mut plain = Vec::new();

    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'\\' => match bytes.next() {
                Some(b't') => b'\t',
                Some(b'n') => b'\n',
                other => other.expect("a character behind a backslash"),
            },
            byte => byte,
        });
    }
    plain
}

/// The first line of a record with that key.
pub fn find<'a>(record: &'a [Line], key: &str) -> Option<&'a Line> {
    record.iter().find(|line| line.key == key)
}
