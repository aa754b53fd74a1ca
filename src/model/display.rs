//! Text from sources made harmless for a terminal: nothing of it moves the cursor, hides or turns letters around.

use std::fmt::{self, Write as _};

/// A text as it may be shown: control characters as `^[` and `M-^[`, a line's end as `⏎`, a tab as `→`, characters that
/// hide or reorder others as `<U+202E>`. Everything else stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((at, sign)) = rest.char_indices().find(|(_, sign)| !is_harmless(*sign)) {
            let (before, from) = rest.split_at(at);
            f.write_str(before)?;
            write_sign(sign, f)?;
            rest = from.strip_prefix(sign).unwrap_or_default();
        }
        f.write_str(rest)
    }
}

/// Whether a character may reach a terminal as it is.
pub fn is_harmless(sign: char) -> bool {
    match sign {
        ' '..='~' => true,
        // Controls, and the soft hyphen.
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' => false,
        _ => !is_hidden(sign),
    }
}

/// Without a width of their own, or with the power to turn others around.
fn is_hidden(sign: char) -> bool {
    matches!(
        sign,
        '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn write_sign(sign: char, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let caret = |code: u32| char::from_u32(code ^ 0x40).unwrap_or('?');
    match sign {
        '\n' => f.write_char('⏎'),
        '\t' => f.write_char('→'),
        '\0'..='\u{1f}' | '\u{7f}' => write!(f, "^{}", caret(sign.into())),
        '\u{80}'..='\u{9f}' => write!(f, "M-^{}", caret(u32::from(sign) - 0x80)),
        _ => write!(f, "<U+{:04X}>", u32::from(sign)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_could_harm_a_terminal_is_written_out() {
        let check = |text: &str, expected: &str| assert_eq!(Shown(text).to_string(), expected);
        check("plain", "plain");
        check("", "");
        check("\u{1b}[31mred", "^[[31mred");
        check("\u{1b}]52;c;aGk=\u{7}", "^[]52;c;aGk=^G");
        check("a\0b\u{7f}", "a^@b^?");
        check("\u{9b}2J\u{80}", "M-^[2JM-^@");
        check("one\r\ntwo\tthree", "one^M⏎two→three");
        check("abc\u{202e}fed", "abc<U+202E>fed");
        check("a\u{200b}b\u{feff}", "a<U+200B>b<U+FEFF>");
        check("tag\u{e0041}", "tag<U+E0041>");
    }

    #[test]
    fn names_of_all_scripts_stay_as_they_are() {
        for name in [
            "Zoë Ångström",
            "Олена",
            "Γιώργος",
            "فاطمة",
            "欧阳芳",
            "髙木 さくら",
            "황보은",
            "प्रिया शर्मा",
            "e\u{301}",
            "❤\u{fe0f}",
        ] {
            assert_eq!(Shown(name).to_string(), name);
        }
    }

    proptest! {
        #[test]
        fn nothing_that_controls_survives(text in any::<String>()) {
            let shown = Shown(&text).to_string();
            prop_assert!(shown.chars().all(is_harmless), "{shown:?}");
            prop_assert!(!shown.chars().any(char::is_control));
        }

        #[test]
        fn what_is_shown_stays_when_shown_again(text in "[\\x00-\\u{2fff}]{0,40}") {
            let shown = Shown(&text).to_string();
            prop_assert_eq!(Shown(&shown).to_string(), shown);
        }
    }
}
