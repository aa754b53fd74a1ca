//! JSON as text: how it is written, and what of it a later reader would refuse.

use std::fmt::Write as _;

use crate::ingest::rejects::Reason;

/// The deepest nesting that serde reads, and so the deepest that is kept.
pub const DEEPEST: usize = 127;

/// Keys beginning so are serde's own: an object that has one could not be read back as it was.
const RESERVED: &[u8] = b"\"$serde_json::private::";

/// Writes a text in quotes.
pub fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let needs_escape = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    // Without a way out of the loop it looks at many bytes at once.
    let escapes = text
        .bytes()
        .fold(false, |any, byte| any | needs_escape(byte));
    if !escapes {
        out.push_str(text);
        out.push('"');
        return;
    }
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(text.get(written..at).unwrap_or_default());
        out.push_str(escape);
        if escape.is_empty() {
            // Writing into a text can't fail.
            let _ = write!(out, "\\u{byte:04x}");
        }
        written = at + 1;
    }
    out.push_str(text.get(written..).unwrap_or_default());
    out.push('"');
}

/// Refuses valid JSON that could not be read back value by value.
pub fn check_readable(text: &str) -> Result<(), Reason> {
    let text = text.as_bytes();
    let signs = Signs::of(text);
    if signs.brackets > DEEPEST && is_deeper_than(text, DEEPEST) {
        return Err(Reason::TooDeep { limit: DEEPEST });
    }
    if signs.has_escapes && has_half_character(text) {
        return Err(Reason::HalfCharacter);
    }
    if signs.has_dollars && has_reserved_key(text) {
        return Err(Reason::NotJson(
            "a key begins with `$serde_json::private::`".into(),
        ));
    }
    Ok(())
}

/// Bytes without which there is nothing to refuse; hardly any text has many of them.
#[derive(Default)]
struct Signs {
    /// How many open, those inside of texts included.
    brackets: usize,
    has_escapes: bool,
    has_dollars: bool,
}

/// Bytes in which brackets are counted by a byte.
const SIGNS_AT_ONCE: usize = 128;

impl Signs {
    /// Without a way out of the inner loop it looks at many bytes at once.
    fn of(text: &[u8]) -> Signs {
        let mut signs = Signs::default();
        for part in text.chunks(SIGNS_AT_ONCE) {
            let (mut brackets, mut escapes, mut dollars) = (0_u8, 0_u8, 0_u8);
            for byte in part {
                // The two that open differ in the bit that makes letters small.
                brackets += u8::from(byte | 0x20 == b'{');
                escapes |= u8::from(*byte == b'\\');
                dollars |= u8::from(*byte == b'$');
            }
            signs.brackets += usize::from(brackets);
            signs.has_escapes |= escapes > 0;
            signs.has_dollars |= dollars > 0;
        }
        signs
    }
}

/// Whether a key begins as serde's own do.
fn has_reserved_key(text: &[u8]) -> bool {
    memchr::memchr_iter(b'$', text).any(|at| {
        let quote = at.checked_sub(1).and_then(|quote| text.get(quote..));
        quote.is_some_and(|rest| rest.starts_with(RESERVED))
    })
}

/// Whether brackets nest deeper; those inside of texts do not count.
fn is_deeper_than(text: &[u8], limit: usize) -> bool {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => at = end_of_text(text, at + 1),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return true;
        }
        at += 1;
    }
    false
}

/// The place of the quote that ends a text.
fn end_of_text(text: &[u8], mut at: usize) -> usize {
    while let Some(rest) = text.get(at..) {
        let Some(found) = memchr::memchr2(b'"', b'\\', rest) else {
            break;
        };
        at += found;
        if text.get(at) == Some(&b'"') {
            return at;
        }
        at += 2;
    }
    text.len()
}

/// Whether an escape names one half of a surrogate pair without the other.
fn has_half_character(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        at += found;
        match escaped_unit(text, at) {
            None => at += 2,
            Some(0xd800..=0xdbff) => {
                if !matches!(escaped_unit(text, at + 6), Some(0xdc00..=0xdfff)) {
                    return true;
                }
                at += 12;
            }
            Some(0xdc00..=0xdfff) => return true,
            Some(_) => at += 6,
        }
    }
    false
}

/// The number of the escape `\uXXXX` at this place.
fn escaped_unit(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_as_the_same_text() {
        for text in [
            "",
            "plain",
            "a\"b\\c",
            "zoë\u{202e}€",
            "\0\u{1f}\u{7f}\n\r\t\u{8}",
            "\u{1f600}",
        ] {
            let mut out = String::new();
            write_text(&mut out, text);
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text, "{out}");
        }
    }

    #[test]
    fn what_passes_can_be_read_back_as_a_value() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let check = |text: &str, expected: bool| {
            assert_eq!(check_readable(text).is_ok(), expected, "{text}");
            let is_readable = serde_json::from_str::<serde_json::Value>(text).is_ok();
            assert_eq!(is_readable, expected, "{text}");
        };
        check(&nested(DEEPEST), true);
        check(&nested(DEEPEST + 1), false);
        check(&format!("[{:?}]", "[".repeat(500)), true);
        check(r#"["\\\"[{"]"#, true);
        check(r#"["\ud83d\ude00","\\ud800"]"#, true);
        check(r#"["\ud83d"]"#, false);
        check(r#"["\ud83d\\ude00"]"#, false);
        check(r#"["\ude00\ud83d"]"#, false);
        check(r#"{"$serde_json::private::Number":"x"}"#, false);
        let long = "x".repeat(3 * SIGNS_AT_ONCE);
        check(&format!(r#"["\ud83d","{long}"]"#), false);
        check(
            &format!(r#"{{"$serde_json::private::Number":"{long}"}}"#),
            false,
        );
        check(&format!(r#"["{long}\ud83d\ude00{long}$"]"#), true);
    }
}
