//! Putting a text on the clipboard of whoever sits before the terminal, also over a network.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Bytes that terminals take at most, before base64.
const MOST: usize = 74_000;

/// Whether a terminal stands before another one that has to be spoken through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    /// None does.
    Nothing,
    /// It is tmux.
    Tmux,
}

/// The bytes that ask a terminal to take a text; `None` where the text is too long for one.
pub fn request(text: &str, through: Through) -> Option<String> {
    if text.len() > MOST {
        return None;
    }
    let ask = format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
    // What runs inside tmux may or may not be let through, depending on its settings; both ways do no harm.
    let passed = format!("\x1bPtmux;{}\x1b\\", ask.replace('\x1b', "\x1b\x1b"));
    Some(match through {
        Through::Tmux => ask + &passed,
        Through::Nothing => ask,
    })
}

/// Writes a text that no terminal takes into a file that only its owner can read; where it is.
pub fn to_file(text: &str) -> io::Result<String> {
    let mut file = tempfile::Builder::new()
        .prefix("onefold-copy-")
        .suffix(".txt")
        .tempfile()?;
    file.write_all(text.as_bytes())?;
    let (_, path) = file.keep().map_err(|error| error.error)?;
    Ok(path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_asked_in_base64() {
        let check = |text: &str, through: Through, expected: Option<&str>| {
            assert_eq!(request(text, through).as_deref(), expected);
        };
        check("maya", Through::Nothing, Some("\x1b]52;c;bWF5YQ==\x07"));
        check(
            "a",
            Through::Tmux,
            Some("\x1b]52;c;YQ==\x07\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\"),
        );
        check(&"x".repeat(MOST + 1), Through::Nothing, None);
    }

    #[test]
    fn what_is_too_long_goes_to_a_file() {
        let path = to_file("long").expect("a file");
        assert_eq!(std::fs::read_to_string(&path).expect("the file"), "long");
        std::fs::remove_file(path).expect("the file");
    }
}
