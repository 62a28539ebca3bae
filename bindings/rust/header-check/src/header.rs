// SPDX-License-Identifier: Apache-2.0
//! Reads the subset of C in which libocienv's headers are written. What it does not know ends the
//! test: a declaration that is passed over is one that nobody checks.
use crate::{Declared, Typed};

/// What a header declares between `extern "C" {` and the end.
pub fn read_header(text: &str) -> Declared {
    let text = without_comments(text);
    let mut declared = Declared::default();
    let mut code = String::new();

    for line in text.lines() {
        match line.strip_prefix("#define ") {
            Some(define) => constant(define, &mut declared),
            None if !line.starts_with('#') => {
                code.push_str(line);
                code.push('\n');
            }
            None => {}
        }
    }
    for item in items(code.trim_start().strip_prefix("extern \"C\" {").expect("extern \"C\"")) {
        read_item(&item, &mut declared);
    }
    declared
}

fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;

    while let Some(start) = rest.find("/*") {
        out.push_str(&rest[..start]);
        let length = rest[start..].find("*/").expect("the end of a comment");
        rest = &rest[start + length + 2..];
    }
    out + rest
}

/// A macro with a value; the one against a second inclusion has none.
fn constant(define: &str, declared: &mut Declared) {
    let mut words = define.split_whitespace();
    let name = words.next().expect("a name behind #define");

    if words.next().is_some() {
        declared.constants.insert(name.to_string(), None);
    }
}

/// The declarations, which end at a ";" outside of braces.
fn items(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut item = String::new();
    let mut depth = 0;

    for c in code.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ => {}
        }
        if c == ';' && depth == 0 {
            found.push(std::mem::take(&mut item));
        } else {
            item.push(if c.is_whitespace() { ' ' } else { c });
        }
    }
    assert!(item.trim().is_empty(), "expected the end of the header, found {:?}", item);
    found
}

fn read_item(item: &str, declared: &mut Declared) {
    let item = item.trim();

    if let Some((head, body)) = item.split_once('{') {
        let body = body.strip_suffix('}').expect("a closing brace");
        if head.starts_with("enum") {
            for constant in body.split(',').filter(|part| !part.trim().is_empty()) {
                let name = constant.split('=').next().unwrap_or("").trim();
                declared.constants.insert(name.to_string(), None);
            }
        } else {
            let name = head.trim().strip_prefix("struct ").expect("a struct");
            let members = body.split(';').filter(|part| !part.trim().is_empty()).map(typed);
            declared.structs.insert(name.to_string(), members.collect());
        }
    } else if let Some((head, parameters)) = item.split_once('(') {
        let (name, result) = typed(head);
        let parameters = parameters.strip_suffix(')').expect("a closing parenthesis");
        let mut function = parameter_list(parameters);
        function.push(("->".to_string(), result));
        declared.functions.insert(name, function);
    } else {
        let name = item.strip_prefix("struct ").unwrap_or_else(|| panic!("what is {:?}?", item));
        declared.structs.entry(name.to_string()).or_default();
    }
}

fn parameter_list(text: &str) -> Vec<Typed> {
    match text.trim() {
        "void" => Vec::new(),
        text => text.split(',').map(parameter).collect(),
    }
}

/// An array as a parameter is a pointer.
fn parameter(text: &str) -> Typed {
    let (name, kind) = typed(text);

    match kind.strip_prefix('[').and_then(|kind| kind.split_once(';')) {
        Some((element, _)) => (name, format!("*mut {}", element)),
        None => (name, kind),
    }
}

/// A declarator: its name, and its type as Rust writes it.
fn typed(text: &str) -> Typed {
    let text = text.trim();

    if let Some((result, rest)) = text.split_once("(*") {
        let (name, parameters) = rest.split_once(")(").expect("parameters of a function");
        let parameters = parameter_list(parameters.trim_end_matches(')'));
        return (name.trim().to_string(), callback(parameters, result.trim()));
    }
    let (text, count) = match text.split_once('[') {
        Some((text, count)) => (text, count.strip_suffix(']')),
        None => (text, None),
    };
    let split = text.rfind(|c: char| !is_word(c)).map_or(0, |at| at + 1);
    let kind = kind_of(&text[..split]);
    let kind = count.map_or(kind.clone(), |count| format!("[{}; {}]", kind, count));
    (text[split..].to_string(), kind)
}

fn callback(parameters: Vec<Typed>, result: &str) -> String {
    let parameters: Vec<String> =
        parameters.iter().map(|(name, kind)| format!("{}: {}", name, kind)).collect();
    let result = match kind_of(result) {
        kind if kind == "c_void" => String::new(),
        kind => format!(" -> {}", kind),
    };
    format!("Option<unsafe extern \"C\" fn({}){}>", parameters.join(", "), result)
}

/// `const` says something about what stands in front of the next `*`.
fn kind_of(text: &str) -> String {
    let text = text.replace('*', " * ");
    let mut kind = String::new();
    let mut is_const = false;

    for word in text.split_whitespace() {
        match word {
            "const" => is_const = true,
            "struct" => {}
            "*" => {
                kind = format!("{} {}", if is_const { "*const" } else { "*mut" }, kind);
                is_const = false;
            }
            word => kind = scalar(word).to_string(),
        }
    }
    kind
}

fn scalar(word: &str) -> &str {
    match word {
        "int32_t" => "i32",
        "int64_t" => "i64",
        "uint8_t" => "u8",
        "uint32_t" => "u32",
        "uint64_t" => "u64",
        "size_t" => "usize",
        "int" => "c_int",
        "char" => "c_char",
        "void" => "c_void",
        word => word,
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
