// SPDX-License-Identifier: Apache-2.0
//! Reads the subset of Rust in which the -sys crates are written.
use crate::{Declared, Typed};

/// What a source declares for C. `opaque!(A, B);` stands for structs without members.
pub fn read_source(text: &str) -> Declared {
    let text: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or("")).collect();
    let text = text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    let mut declared = Declared::default();

    for rest in text.split("pub const ").skip(1) {
        constant(rest, &mut declared);
    }
    for rest in text.split("pub struct ").skip(1).filter(|rest| !rest.starts_with('$')) {
        let (name, members) = rest.split_once('{').expect("members of a struct");
        let members = members.split('}').next().unwrap_or("");
        declared.structs.insert(name.trim().to_string(), typed_list(members));
    }
    for rest in text.split("opaque!(").skip(1) {
        for name in rest.split(')').next().unwrap_or("").split(',') {
            declared.structs.insert(name.trim().to_string(), Vec::new());
        }
    }
    for rest in text.split("pub fn ").skip(1) {
        function(rest.split(';').next().unwrap_or(""), &mut declared);
    }
    declared
}

fn constant(rest: &str, declared: &mut Declared) {
    let (name, rest) = rest.split_once(':').expect("a type of a constant");
    let (_, value) = rest.split_once('=').expect("a value of a constant");
    let value = value.split(';').next().unwrap_or("").replace(&['_', ' '][..], "");

    declared.constants.insert(name.to_string(), Some(number(&value)));
}

/// A number, or `1 << N`.
fn number(text: &str) -> i64 {
    let parse = |part: &str| -> i64 {
        part.parse().unwrap_or_else(|_| panic!("expected a number, found {:?}", text))
    };

    match text.split_once("<<") {
        Some((number, by)) => parse(number) << parse(by),
        None => parse(text),
    }
}

fn function(text: &str, declared: &mut Declared) {
    let (head, result) = text.rsplit_once(')').expect("parameters of a function");
    let (name, parameters) = head.split_once('(').expect("parameters of a function");
    let mut function = typed_list(parameters);
    let result = result.trim().strip_prefix("-> ").unwrap_or("c_void");

    function.push(("->".to_string(), result.to_string()));
    declared.functions.insert(name.to_string(), function);
}

/// `name: type, ...`; a comma inside of brackets parts nothing.
fn typed_list(text: &str) -> Vec<Typed> {
    let mut parts = vec![String::new()];
    let (mut depth, mut before) = (0, ' ');

    for c in text.chars() {
        match c {
            '(' | '[' | '<' => depth += 1,
            '>' if before == '-' => {}
            ')' | ']' | '>' => depth -= 1,
            _ => {}
        }
        if c == ',' && depth == 0 {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        before = c;
    }
    parts.iter().filter(|part| !part.trim().is_empty()).map(|part| typed(part)).collect()
}

fn typed(part: &str) -> Typed {
    let (name, kind) = part.split_once(':').expect("a name and a type");
    let name = name.trim().trim_start_matches("pub ");
    // As rustfmt leaves a type that it broke into lines.
    let kind =
        kind.trim().replace("( ", "(").replace(", )", ")").replace("< ", "<").replace(", >", ">");

    (name.to_string(), kind)
}
