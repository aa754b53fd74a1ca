//! JSON text laid out for reading or on one line, without changing what it says.

use std::fmt::Write as _;

use crate::model::display::is_unprintable;

/// The text on one line: blanks between its tokens go, those inside its strings stay.
pub fn flat(text: &str) -> String {
    let mut flat = String::with_capacity(text.len());
    for token in Tokens::of(text) {
        push(&mut flat, token);
    }
    flat
}

/// The text with an entry a line, each level two blanks further in.
pub fn indented(text: &str) -> String {
    let mut page = String::with_capacity(text.len() + text.len() / 4);
    let mut level = 0usize;
    let mut tokens = Tokens::of(text).peekable();
    while let Some(token) = tokens.next() {
        match token {
            "{" | "[" => {
                page.push_str(token);
                if let Some(end) = tokens.next_if(|next| matches!(*next, "}" | "]")) {
                    page.push_str(end);
                } else {
                    level += 1;
                    break_line(&mut page, level);
                }
            }
            "}" | "]" => {
                level = level.saturating_sub(1);
                break_line(&mut page, level);
                page.push_str(token);
            }
            "," => {
                page.push(',');
                break_line(&mut page, level);
            }
            ":" => page.push_str(": "),
            _ => push(&mut page, token),
        }
    }
    page
}

/// A token; what a terminal would obey in a string is escaped, which is the same string to a program.
fn push(page: &mut String, token: &str) {
    if !token.chars().any(is_unprintable) {
        page.push_str(token);
        return;
    }
    for letter in token.chars() {
        if is_unprintable(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // Writing into a text cannot fail.
                let _ = write!(page, "\\u{unit:04x}");
            }
        } else {
            page.push(letter);
        }
    }
}

fn break_line(page: &mut String, level: usize) {
    page.push('\n');
    page.extend(std::iter::repeat_n("  ", level));
}

/// The tokens of a JSON text: signs, strings with their quotes, and whatever else stands together.
struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Tokens<'a> {
        Tokens { rest: text }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let length = match text.as_bytes().first()? {
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            b'"' => string_length(text),
            _ => text
                .find(['{', '}', '[', ']', ',', ':', '"', ' ', '\t', '\n', '\r'])
                .unwrap_or(text.len()),
        };
        let (token, rest) = text.split_at_checked(length)?;
        self.rest = rest;
        Some(token)
    }
}

/// How far a string reaches that begins with the text's first byte, its quotes included.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_changes_blanks_between_tokens_alone() {
        let text = r#" { "a b" : [ 1.0 , {} , [ ], "x, \"y\" : \\" ],"n":1E5 } "#;
        let one_line = r#"{"a b":[1.0,{},[],"x, \"y\" : \\"],"n":1E5}"#;
        assert_eq!(flat(text), one_line);
        let expected = "{\n  \"a b\": [\n    1.0,\n    {},\n    [],\n    \"x, \\\"y\\\" : \\\\\"\n  ],\n  \"n\": 1E5\n}";
        assert_eq!(indented(text), expected);
        assert_eq!(flat(&indented(text)), one_line);
    }

    #[test]
    fn what_a_terminal_would_obey_is_escaped_and_means_the_same() {
        let check = |text: &str, expected: &str| {
            assert_eq!(flat(text), expected);
            let meaning = |text: &str| serde_json::from_str::<String>(text).unwrap();
            assert_eq!(meaning(&flat(text)), meaning(text));
        };
        check("\"Zoë 岡部\"", "\"Zoë 岡部\"");
        check("\"\u{9b}31m\u{7f}\"", "\"\\u009b31m\\u007f\"");
        check("\"\u{202e}a\\\\\u{200b}\"", "\"\\u202ea\\\\\\u200b\"");
        check("\"\u{e0041}\"", "\"\\udb40\\udc41\"");
    }

    #[test]
    fn what_is_no_json_ends() {
        for text in ["", "\"open", "}}]", "a\\", "\"é\\"] {
            assert_eq!(flat(&indented(text)), flat(text));
        }
    }
}
