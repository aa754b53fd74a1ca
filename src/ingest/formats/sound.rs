//! JSON that is checked while it is passed over, as strictly as serde checks it; what is rare is left to serde.

/// A text and how far it is known to be sound.
#[derive(Debug)]
pub struct Sound<'t> {
    text: &'t str,
    at: usize,
}

/// The eighth bits of eight bytes, and their first.
const HIGHS: u64 = u64::MAX / 255 * 128;
const ONES: u64 = u64::MAX / 255;

/// All of these give `None` where the text is not sound, or is so in a way that is left to serde.
impl<'t> Sound<'t> {
    /// The text from its beginning.
    pub fn of(text: &'t str) -> Sound<'t> {
        Sound { text, at: 0 }
    }

    /// The next byte that is no blank; it is not passed over.
    pub fn next_sign(&mut self) -> Option<u8> {
        loop {
            match self.byte()? {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                sign => return Some(sign),
            }
        }
    }

    /// How far the text was passed over.
    pub fn place(&self) -> usize {
        self.at
    }

    /// The text from a place up to here.
    pub fn since(&self, place: usize) -> Option<&'t str> {
        self.text.get(place..self.at)
    }

    /// Begins the list in hand, an object or array, and says whether anything stands in it.
    pub fn open(&mut self, end: u8) -> Option<bool> {
        self.next_sign()?;
        self.at += 1;
        let is_empty = self.next_sign()? == end;
        self.at += usize::from(is_empty);
        Some(!is_empty)
    }

    /// Passes over what stands behind an entry of a list, and says whether another follows.
    pub fn goes_on(&mut self, end: u8) -> Option<bool> {
        let sign = self.next_sign()?;
        self.at += 1;
        (sign == b',' || sign == end).then_some(sign == b',')
    }

    /// The next key of an object; one with escapes is left to serde.
    pub fn key(&mut self) -> Option<&'t str> {
        self.next_sign()?;
        let from = self.at;
        let has_escapes = self.string()?;
        let key = self.text.get(from + 1..self.at - 1)?;
        self.take(b':')?;
        (!has_escapes).then_some(key)
    }

    /// Passes over a value that nests no deeper than this; deeper ones are left to serde.
    pub fn value(&mut self, depth: usize) -> Option<()> {
        match self.next_sign()? {
            b'"' => self.string().map(drop),
            b'{' => {
                let mut goes_on = self.open(b'}')?;
                while goes_on {
                    self.key()?;
                    self.value(depth.checked_sub(1)?)?;
                    goes_on = self.goes_on(b'}')?;
                }
                Some(())
            }
            b'[' => {
                let mut goes_on = self.open(b']')?;
                while goes_on {
                    self.value(depth.checked_sub(1)?)?;
                    goes_on = self.goes_on(b']')?;
                }
                Some(())
            }
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.number(),
        }
    }

    /// Nothing but blanks follows.
    pub fn end(mut self) -> Option<()> {
        self.next_sign().is_none().then_some(())
    }

    /// Passes over this sign, and blanks in front of it.
    fn take(&mut self, sign: u8) -> Option<()> {
        (self.next_sign()? == sign).then(|| self.at += 1)
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let is_it = self.text.get(self.at..)?.starts_with(word);
        is_it.then(|| self.at += word.len())
    }

    /// Passes over the text in quotes in hand, and says whether it has escapes.
    fn string(&mut self) -> Option<bool> {
        let mut has_escapes = false;
        (self.byte()? == b'"').then(|| self.at += 1)?;
        loop {
            self.pass_plain()?;
            match self.byte()? {
                b'"' => {
                    self.at += 1;
                    return Some(has_escapes);
                }
                b'\\' => self.escape()?,
                _ => return None,
            }
            has_escapes = true;
        }
    }

    /// Goes on to the next quote, backslash or control character, eight bytes at a time.
    fn pass_plain(&mut self) -> Option<()> {
        let mut rest = self.text.as_bytes().get(self.at..)?;
        while let Some((eight, behind)) = rest.split_first_chunk::<8>() {
            let eight = u64::from_le_bytes(*eight);
            let quotes = eight ^ (ONES * u64::from(b'"'));
            let slashes = eight ^ (ONES * u64::from(b'\\'));
            // A byte below a number is the lowest to borrow when that is taken from all.
            let found = (below(eight, 0x20) | below(quotes, 1) | below(slashes, 1)) & HIGHS;
            if found != 0 {
                self.at += found.trailing_zeros() as usize / 8;
                return Some(());
            }
            self.at += 8;
            rest = behind;
        }
        let is_plain = |byte: &u8| *byte >= 0x20 && !matches!(byte, b'"' | b'\\');
        self.at += rest.iter().take_while(|byte| is_plain(byte)).count();
        Some(())
    }

    fn escape(&mut self) -> Option<()> {
        let escape = self.text.as_bytes().get(self.at + 1..)?;
        self.at += match escape {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', a, b, c, d, ..]
                if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) =>
            {
                6
            }
            _ => return None,
        };
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        self.at += usize::from(self.byte()? == b'-');
        let begins_with_zero = self.byte()? == b'0';
        let digits = self.digits()?;
        if begins_with_zero && digits > 1 {
            return None;
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.byte()?, b'+' | b'-'));
            self.digits()?;
        }
        Some(())
    }

    /// Passes over one digit or more, and says how many.
    fn digits(&mut self) -> Option<usize> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        (digits > 0).then_some(digits)
    }
}

/// The high bit of each byte below a number; above the lowest of them others may have it too.
fn below(eight: u64, number: u64) -> u64 {
    eight.wrapping_sub(ONES * number) & !eight
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_sound(text: &str) -> bool {
        let mut sound = Sound::of(text);
        sound.value(127).and_then(|()| sound.end()).is_some()
    }

    fn is_json(text: &str) -> bool {
        serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
    }

    #[test]
    fn what_serde_refuses_is_not_sound() {
        for text in [
            "",
            " ",
            "{",
            "}",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{1:2}",
            "[1}",
            "{\"a\":1]",
            "01",
            "-",
            "-01",
            "1.",
            ".5",
            "1.e2",
            "1e",
            "1e+",
            "+1",
            "1x",
            "tru",
            "nulll",
            "\"",
            "\"a",
            "\"\\x\"",
            "\"\\u12g4\"",
            "\"\\u123",
            "\"a\nb\"",
            "\"12345678\t\"",
            "'a'",
            "1 1",
            "{}{}",
            "NaN",
            "\u{a0}1",
        ] {
            assert!(!is_json(text), "{text}");
            assert!(!is_sound(text), "{text}");
        }
    }

    #[test]
    fn what_is_sound_is_passed_over_to_its_end() {
        for text in [
            "0",
            "-0.0e-0",
            "1E+9",
            "[]",
            "{ }",
            " [ 1 , {\"a\" : [ ] } ] ",
            "true",
            "false",
            "null",
            "\"\"",
            "\"1234567\\\"89\\u00e9\\/é\u{7f}€\"",
            "{\"\":\"\",\"\":0}",
        ] {
            assert!(is_json(text), "{text}");
            assert!(is_sound(text), "{text}");
        }
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(is_sound(&nested(128)));
        assert!(!is_sound(&nested(129)), "left to serde");
        assert!(!is_sound(r#"{"\u0061":1}"#), "left to serde");
    }

    proptest! {
        #[test]
        fn a_text_is_sound_as_serde_writes_it_and_not_with_a_control_character(
            text in "[a-zé€\u{1f600}\"\\\\\t\u{1}/]{0,40}",
            at in 0_usize..40,
            control in 0_u8..0x20,
        ) {
            let mut json = serde_json::to_string(&text).unwrap();
            prop_assert!(is_sound(&json), "{}", json);
            let places: Vec<usize> = json.char_indices().map(|(at, _)| at).skip(1).collect();
            json.insert(places[at % places.len()], char::from(control));
            prop_assert!(!is_sound(&json), "{}", json);
        }

        #[test]
        fn whatever_is_sound_serde_takes_too(
            text in r#"([\[\]{},: ]|"[a-z\\"/u0é\t]{0,10}"|"a":|-?[01]{1,2}|[.eE+-]|true|null|[ \n]){0,9}"#,
        ) {
            let has_escaped_key = text.contains('\\');
            prop_assert!(is_json(&text) || !is_sound(&text), "{}", text);
            prop_assert!(is_sound(&text) || !is_json(&text) || has_escaped_key, "{}", text);
        }
    }
}
