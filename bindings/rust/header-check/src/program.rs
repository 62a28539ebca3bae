// SPDX-License-Identifier: Apache-2.0
//! Asks the C compiler what a header means.
use crate::{Declared, Layout};
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::process::{self, Command};

/// The directories of the headers of library `name`, as pkg-config tells them.
pub fn include_flags(name: &str) -> Vec<String> {
    let program = env::var("PKG_CONFIG").unwrap_or_else(|_| "pkg-config".to_string());
    let mut command = Command::new(program);

    command.args(["--cflags", name]).env("PKG_CONFIG_ALLOW_SYSTEM_CFLAGS", "1");
    run(&mut command).split_whitespace().map(str::to_string).collect()
}

/// Numbers, sizes and offsets of all that `header` (as in `#include <header>`) declares.
pub fn ask_compiler(
    header: &str,
    flags: &[String],
    declared: &Declared,
) -> (BTreeMap<String, i64>, Layout) {
    let folder = env::temp_dir().join(format!("header-check-{}", process::id()));
    let (source, program) = (folder.join("ask.c"), folder.join("ask"));

    fs::create_dir_all(&folder).expect("a temporary directory");
    fs::write(&source, program_text(header, declared)).expect("a temporary file");
    compile(&source, &program, flags);
    let text = run(&mut Command::new(&program));
    fs::remove_dir_all(&folder).expect("a temporary directory to remove");
    read_answer(&text)
}

fn program_text(header: &str, declared: &Declared) -> String {
    let mut lines = vec![
        format!("#include <{}>", header),
        "#include <stdio.h>".to_string(),
        "int main(void)\n{".to_string(),
    ];

    for name in declared.constants.keys() {
        lines.push(format!("\tprintf(\"{0} %lld\\n\", (long long)({0}));", name));
    }
    for (name, members) in declared.structs.iter().filter(|(_, members)| !members.is_empty()) {
        lines.push(format!("\tprintf(\"{0} 0 %zu\\n\", sizeof(struct {0}));", name));
        for (member, _) in members {
            lines.push(format!(
                "\tprintf(\"{0}.{1} %zu %zu\\n\", offsetof(struct {0}, {1}), \
                 sizeof(((struct {0} *)0)->{1}));",
                name, member
            ));
        }
    }
    lines.push("\treturn 0;\n}\n".to_string());
    lines.join("\n")
}

fn compile(source: &Path, program: &Path, flags: &[String]) {
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_string());
    let mut words = compiler.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or("cc"));

    command.args(words).args(flags).arg("-o").arg(program).arg(source);
    run(&mut command);
}

fn read_answer(text: &str) -> (BTreeMap<String, i64>, Layout) {
    let mut numbers = BTreeMap::new();
    let mut layout = Layout::new();

    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |at: usize| words[at].parse::<i64>().expect("a number of the program");
        if words.len() == 2 {
            numbers.insert(words[0].to_string(), number(1));
        } else {
            layout.insert(words[0].to_string(), (number(1) as usize, number(2) as usize));
        }
    }
    (numbers, layout)
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{:?}: {}", command, error));

    assert!(output.status.success(), "{:?}: {}", command, String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}
