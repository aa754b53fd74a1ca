//! A JSON text that is known to be sound, read from sign to sign without a tree.

use std::borrow::Cow;

/// A JSON text and how far it has been read.
#[derive(Clone, Debug)]
pub struct Scan<'t> {
    text: &'t str,
    at: usize,
}

/// The text is over too early, or is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenOff;

type Step<T> = Result<T, BrokenOff>;

impl<'t> Scan<'t> {
    /// The text from its beginning.
    pub fn of(text: &'t str) -> Scan<'t> {
        Scan { text, at: 0 }
    }

    /// The next byte that is no blank; it is not passed over.
    pub fn next_sign(&mut self) -> Step<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(sign) => return Ok(*sign),
                None => return Err(BrokenOff),
            }
        }
    }

    /// Passes over the sign in hand.
    pub fn pass(&mut self) {
        self.at += 1;
    }

    /// Whether the list in hand ends here; the comma before its next entry is passed over.
    pub fn is_over(&mut self, end: u8) -> Step<bool> {
        let sign = self.next_sign()?;
        let is_over = sign == end;
        if is_over || sign == b',' {
            self.at += 1;
        }
        Ok(is_over)
    }

    /// The next key of an object, its escapes resolved, and the colon behind it.
    pub fn key(&mut self) -> Step<Cow<'t, str>> {
        self.next_sign()?;
        let key = self.quoted()?;
        self.next_sign()?;
        self.at += 1;
        Ok(key)
    }

    /// Passes over the next key and the colon behind it, if it is this one, which has neither quotes nor backslashes.
    pub fn passes_key(&mut self, key: &str) -> Step<bool> {
        self.next_sign()?;
        let rest = self.text.as_bytes().get(self.at + 1..).unwrap_or_default();
        let is_it = rest.starts_with(key.as_bytes()) && rest.get(key.len()) == Some(&b'"');
        if is_it {
            self.at += key.len() + 2;
            self.next_sign()?;
            self.at += 1;
        }
        Ok(is_it)
    }

    /// The string in hand, its escapes resolved.
    pub fn quoted(&mut self) -> Step<Cow<'t, str>> {
        let from = self.at;
        let has_escapes = self.pass_string()?;
        if has_escapes {
            let text = self.text.get(from..self.at).ok_or(BrokenOff)?;
            return serde_json::from_str(text)
                .map(Cow::Owned)
                .map_err(|_| BrokenOff);
        }
        let text = self.text.get(from + 1..self.at - 1).ok_or(BrokenOff)?;
        Ok(Cow::Borrowed(text))
    }

    /// The number, truth value or null in hand, as it is written.
    pub fn plain(&mut self) -> Step<&'t str> {
        let rest = self.text.get(self.at..).ok_or(BrokenOff)?;
        let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
        let length = rest.as_bytes().iter().position(ends).unwrap_or(rest.len());
        if length == 0 {
            return Err(BrokenOff);
        }
        self.at += length;
        rest.get(..length).ok_or(BrokenOff)
    }

    /// The value in hand, whatever it is, as it is written.
    pub fn value(&mut self) -> Step<&'t str> {
        let sign = self.next_sign()?;
        let from = self.at;
        match sign {
            b'"' => drop(self.pass_string()?),
            b'{' | b'[' => self.pass_nested()?,
            _ => drop(self.plain()?),
        }
        self.text.get(from..self.at).ok_or(BrokenOff)
    }

    fn pass_nested(&mut self) -> Step<()> {
        let mut depth = 0_usize;
        loop {
            match self.text.as_bytes().get(self.at).ok_or(BrokenOff)? {
                b'"' => {
                    self.pass_string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// Passes over the string in hand, and says whether it has escapes.
    fn pass_string(&mut self) -> Step<bool> {
        let mut has_escapes = false;
        let mut at = self.at + 1;
        loop {
            let rest = self.text.as_bytes().get(at..).ok_or(BrokenOff)?;
            at += memchr::memchr2(b'"', b'\\', rest).ok_or(BrokenOff)?;
            if self.text.as_bytes().get(at) == Some(&b'"') {
                break;
            }
            has_escapes = true;
            at += 2;
        }
        self.at = at + 1;
        Ok(has_escapes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_given_back_as_it_is_written() {
        for value in [
            r#""a\"b,}""#,
            r#"{"a":[1,{"b":"]}"}],"c":{}}"#,
            "[]",
            "-2e+5",
            "null",
            r#"[ "\\", [ ] ]"#,
        ] {
            let text = format!(" {value} ,1");
            let mut scan = Scan::of(&text);
            assert_eq!(scan.value(), Ok(value));
            assert_eq!(scan.is_over(b']'), Ok(false), "{value}");
            assert_eq!(scan.plain(), Ok("1"));
            for (at, _) in value.char_indices().skip(1) {
                let mut scan = Scan::of(&value[..at]);
                let read = scan.value();
                assert!(
                    read == Err(BrokenOff) || !value.starts_with(['"', '{', '[']),
                    "{value} broken off at {at}"
                );
            }
        }
    }

    #[test]
    fn a_key_is_passed_over_only_if_it_is_the_one() {
        let passes = |text: &str, key: &str| {
            let mut scan = Scan::of(text);
            let passes = scan.passes_key(key);
            (passes, scan.at)
        };
        assert_eq!(passes(r#" "ab" : 1"#, "ab"), (Ok(true), 7));
        assert_eq!(passes(r#""é":1"#, "é"), (Ok(true), 5));
        assert_eq!(passes(r#""":1"#, ""), (Ok(true), 3));
        for other in ["a", "abc", "", "b", "ab\\"] {
            assert_eq!(passes(r#" "ab" : 1"#, other), (Ok(false), 1), "{other}");
        }
        assert_eq!(passes(r#""ab"#, "ab"), (Ok(false), 0));
        assert_eq!(passes(r#""ab""#, "ab").0, Err(BrokenOff));
    }

    #[test]
    fn keys_come_with_their_escapes_resolved() {
        let mut scan = Scan::of("{ \"b\\u0063\" : \"q\\\"\\u00e9\" }");
        assert_eq!(scan.next_sign(), Ok(b'{'));
        scan.pass();
        assert_eq!(scan.is_over(b'}'), Ok(false));
        assert_eq!(scan.key().as_deref(), Ok("bc"));
        assert_eq!(scan.next_sign(), Ok(b'"'));
        assert_eq!(scan.quoted().as_deref(), Ok("q\"é"));
        assert_eq!(scan.is_over(b'}'), Ok(true));
        assert_eq!(scan.next_sign(), Err(BrokenOff));
    }
}
