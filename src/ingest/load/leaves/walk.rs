//! The leaves of a JSON text that is known to be sound, in document order and without a tree in between.

use std::borrow::Cow;

use super::paths::{PathNumber, Paths, ROOT};

/// A plain value, where it is something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leaf<'t> {
    /// A text, its escapes resolved.
    Text(Cow<'t, str>),
    /// A number or truth value, as it is written.
    Plain(&'t str),
}

impl Leaf<'_> {
    /// What it says, without quotes.
    pub(super) fn text(&self) -> &str {
        match self {
            Leaf::Text(text) => text,
            Leaf::Plain(text) => text,
        }
    }
}

/// Hears of a leaf.
type Visit<'v> = &'v mut dyn FnMut(PathNumber, Leaf<'_>);

/// Visits every leaf with its path; what stands under `identityMap` is none, and a text that breaks off ends there.
pub(super) fn each_leaf(text: &str, paths: &mut Paths, visit: Visit<'_>) {
    let mut walk = Walk { text, at: 0, paths };
    walk.value(ROOT, visit);
}

struct Walk<'t, 'p> {
    text: &'t str,
    at: usize,
    paths: &'p mut Paths,
}

/// The text is over too early.
struct BrokenOff;

type Step<T> = Result<T, BrokenOff>;

impl<'t> Walk<'t, '_> {
    fn value(&mut self, path: PathNumber, visit: Visit<'_>) {
        // Bodies were checked when they came in: one that breaks off says no more than what stands before.
        let _ = self.any(path, visit);
    }

    fn any(&mut self, path: PathNumber, visit: Visit<'_>) -> Step<()> {
        match self.next_sign()? {
            b'{' => self.object(path, visit),
            b'[' => self.array(path, visit),
            b'"' => {
                let text = self.quoted()?;
                visit(path, Leaf::Text(text));
                Ok(())
            }
            _ => {
                let plain = self.plain()?;
                if plain != "null" {
                    visit(path, Leaf::Plain(plain));
                }
                Ok(())
            }
        }
    }

    fn object(&mut self, path: PathNumber, visit: Visit<'_>) -> Step<()> {
        self.at += 1;
        if self.is_over(b'}')? {
            return Ok(());
        }
        loop {
            self.next_sign()?;
            let key = self.quoted()?;
            self.next_sign()?;
            self.at += 1;
            if path == ROOT && key == "identityMap" {
                self.any(path, &mut |_, _| ())?;
            } else {
                let child = self.paths.child(path, &key);
                self.any(child, visit)?;
            }
            if self.is_over(b'}')? {
                return Ok(());
            }
        }
    }

    fn array(&mut self, path: PathNumber, visit: Visit<'_>) -> Step<()> {
        self.at += 1;
        while !self.is_over(b']')? {
            self.any(path, visit)?;
        }
        Ok(())
    }

    /// Whether the list in hand ends here; the comma before its next entry is passed over.
    fn is_over(&mut self, end: u8) -> Step<bool> {
        let sign = self.next_sign()?;
        let is_over = sign == end;
        if is_over || sign == b',' {
            self.at += 1;
        }
        Ok(is_over)
    }

    /// The next byte that is no blank.
    fn next_sign(&mut self) -> Step<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(sign) => return Ok(*sign),
                None => return Err(BrokenOff),
            }
        }
    }

    fn quoted(&mut self) -> Step<Cow<'t, str>> {
        let from = self.at;
        let mut has_escapes = false;
        let mut at = from + 1;
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
        if has_escapes {
            let text = self.text.get(from..=at).ok_or(BrokenOff)?;
            return serde_json::from_str(text)
                .map(Cow::Owned)
                .map_err(|_| BrokenOff);
        }
        let text = self.text.get(from + 1..at).ok_or(BrokenOff)?;
        Ok(Cow::Borrowed(text))
    }

    fn plain(&mut self) -> Step<&'t str> {
        let rest = self.text.get(self.at..).ok_or(BrokenOff)?;
        let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
        let length = rest.as_bytes().iter().position(ends).unwrap_or(rest.len());
        if length == 0 {
            return Err(BrokenOff);
        }
        self.at += length;
        rest.get(..length).ok_or(BrokenOff)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(text: &str) -> Vec<String> {
        let mut paths = Paths::default();
        let mut found = Vec::new();
        each_leaf(text, &mut paths, &mut |path, leaf| {
            found.push((
                path,
                match leaf {
                    Leaf::Text(text) => format!("{text:?}"),
                    Leaf::Plain(text) => text.to_owned(),
                },
            ));
        });
        let written = |(path, leaf): (PathNumber, String)| format!("{}={leaf}", paths.text(path));
        found.into_iter().map(written).collect()
    }

    #[test]
    fn every_leaf_comes_with_its_path() {
        let check = |text: &str, expected: &[&str]| assert_eq!(leaves(text), expected, "{text}");
        check(
            r#"{"a":{"b":1,"c":["x",true,{"d":null}]},"e":""}"#,
            &["a.b=1", "a.c=\"x\"", "a.c=true", "e=\"\""],
        );
        check(
            " {\n\"a\" : [ 1.0 , -2e+5 ] , \"b\\u0063\" : \"q\\\"\\u00e9\" }",
            &["a=1.0", "a=-2e+5", "bc=\"q\\\"é\""],
        );
        check(
            r#"{"identityMap":{"E":[{"id":"x"}]},"p":{"identityMap":"y"}}"#,
            &["p.identityMap=\"y\""],
        );
        check(r#"{"a.b":{"c\\":1},"":{"x":2}}"#, &[r"a\.b.c\\=1", ".x=2"]);
        check(r#"{"a":{},"b":[],"c":[[3]]}"#, &["c=3"]);
    }

    #[test]
    fn a_text_that_breaks_off_says_what_stands_before() {
        let whole = r#"{"a":"x","b":[1,{"c":"d\n"}],"e":false}"#;
        for (at, _) in whole.char_indices() {
            assert!(leaves(&whole[..at]).len() <= 4, "{at}");
        }
        assert_eq!(leaves(r#"{"a":1,"b":"x"#), ["a=1"]);
    }
}
