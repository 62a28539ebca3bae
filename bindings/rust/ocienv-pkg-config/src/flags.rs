// SPDX-License-Identifier: Apache-2.0
//! The words that pkg-config answers with.

/// What there is to tell cargo.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Directories with libraries, in order.
    pub dirs: Vec<String>,
    /// Libraries by name, in order.
    pub libraries: Vec<String>,
    /// Directories with headers, in order.
    pub includes: Vec<String>,
}

/// Reads pkg-config's answer. A word that cargo has no place for is an error: a library that is
/// linked in part fails later, where nobody can tell why.
pub fn parse(text: &str) -> Result<Flags, String> {
    let mut flags = Flags::default();

    for word in words(text) {
        if let Some(dir) = word.strip_prefix("-L") {
            flags.dirs.push(dir.to_string());
        } else if let Some(dir) = word.strip_prefix("-I") {
            flags.includes.push(dir.to_string());
        } else if word == "-pthread" {
            flags.libraries.push("pthread".to_string());
        } else if let Some(library) = word.strip_prefix("-l") {
            flags.libraries.push(library.to_string());
        } else {
            return Err(format!("expected -L, -l or -I from pkg-config, found {:?}", word));
        }
    }
    Ok(flags)
}

/// Splits at white space. As a shell reads it, a backslash takes the meaning of the next character.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut chars = text.chars();

    while let Some(c) = chars.next() {
        match c {
            '\\' => word.extend(chars.next()),
            c if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_directories_libraries_and_headers() {
        let flags =
            parse("-I/usr/include/json-c -L/opt/my\\ lib -locienv -ljson-c -pthread\n").unwrap();

        assert_eq!(flags.dirs, ["/opt/my lib"]);
        assert_eq!(flags.libraries, ["ocienv", "json-c", "pthread"]);
        assert_eq!(flags.includes, ["/usr/include/json-c"]);
    }

    #[test]
    fn refuses_what_it_cannot_hand_on() {
        assert!(parse("-locienv /usr/lib/libx.a").unwrap_err().contains("libx.a"));
    }

    #[test]
    fn answers_nothing_for_nothing() {
        assert_eq!(parse(" \n").unwrap(), Flags::default());
    }
}
