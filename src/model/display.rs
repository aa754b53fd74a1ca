//! Text as it may be shown: what a terminal would obey is written out.

use std::borrow::Cow;
use std::fmt::Write;

/// The text with control characters in caret notation, line breaks as `⏎`, tabs as `→`, and whatever turns or hides text as `<U+202E>`.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        push_printable(&mut shown, letter);
    }
    Cow::Owned(shown)
}

fn push_printable(shown: &mut String, letter: char) {
    match letter {
        '\n' => shown.push('⏎'),
        '\t' => shown.push('→'),
        '\u{7f}' => shown.push_str("^?"),
        '\0'..='\u{1f}' => push_caret(shown, letter as u8),
        '\u{80}'..='\u{9f}' => {
            shown.push_str("M-");
            push_caret(shown, letter as u8 - 0x80);
        }
        _ if turns_or_hides(letter) => {
            // Writing into a text cannot fail.
            let _ = write!(shown, "<U+{:04X}>", letter as u32);
        }
        _ => shown.push(letter),
    }
}

fn push_caret(shown: &mut String, control: u8) {
    shown.push('^');
    shown.push(char::from(control + b'@'));
}

/// Whether a terminal would obey the letter, or let it turn or hide text.
pub fn is_unprintable(letter: char) -> bool {
    letter.is_control() || turns_or_hides(letter)
}

fn turns_or_hides(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        let check = |text: &str, expected: &str| assert_eq!(printable(text), expected);
        check("Zoë 岡部", "Zoë 岡部");
        check("a\x1b[31mb\x07", "a^[[31mb^G");
        check("\u{9b}31m", "M-^[31m");
        check("one\ntwo\tthree\r", "one⏎two→three^M");
        check("\u{202e}evil\u{200b}", "<U+202E>evil<U+200B>");
        check("\0\u{7f}", "^@^?");
    }

    #[test]
    fn names_of_all_scripts_stay_as_they_are() {
        for name in [
            "Zoë Ångström",
            "Олена",
            "Γιώργος",
            "فاطمة",
            "欧阳芳",
            "황보은",
            "प्रिया शर्मा",
            "e\u{301}",
            "❤\u{fe0f}",
        ] {
            assert!(matches!(printable(name), Cow::Borrowed(_)), "{name}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_a_terminal_would_obey_survives(text in any::<String>()) {
            let shown = printable(&text);
            prop_assert!(!shown.chars().any(is_unprintable), "{shown:?}");
        }

        #[test]
        fn what_is_shown_stays_when_shown_again(text in "[\\x00-\u{2fff}]{0,40}") {
            let shown = printable(&text).into_owned();
            prop_assert_eq!(printable(&shown), shown.as_str());
        }
    }
}
