//! The leaves of a JSON text that is known to be sound, in document order and without a tree in between.

use std::borrow::Cow;

use super::paths::{PathNumber, Paths, ROOT};
use crate::model::json_scan::{BrokenOff, Scan};

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
    let scan = Scan::of(text);
    let mut walk = Walk { scan, paths };
    walk.value(ROOT, visit);
}

struct Walk<'t, 'p> {
    scan: Scan<'t>,
    paths: &'p mut Paths,
}

type Step<T> = Result<T, BrokenOff>;

impl Walk<'_, '_> {
    fn value(&mut self, path: PathNumber, visit: Visit<'_>) {
        // Bodies were checked when they came in: one that breaks off says no more than what stands before.
        let _ = self.any(path, visit);
    }

    fn any(&mut self, path: PathNumber, visit: Visit<'_>) -> Step<()> {
        match self.scan.next_sign()? {
            b'{' => self.object(path, visit),
            b'[' => self.array(path, visit),
            b'"' => {
                let text = self.scan.quoted()?;
                visit(path, Leaf::Text(text));
                Ok(())
            }
            _ => {
                let plain = self.scan.plain()?;
                if plain != "null" {
                    visit(path, Leaf::Plain(plain));
                }
                Ok(())
            }
        }
    }

    fn object(&mut self, path: PathNumber, visit: Visit<'_>) -> Step<()> {
        self.scan.pass();
        if self.scan.is_over(b'}')? {
            return Ok(());
        }
        let mut before = None;
        loop {
            let key = self.scan.key()?;
            if path == ROOT && key == "identityMap" {
                self.scan.value()?;
            } else {
                let child = self.paths.child(path, before, &key);
                self.any(child, visit)?;
                before = Some(child);
            }
            if self.scan.is_over(b'}')? {
                return Ok(());
            }
        }
    }

    fn array(&mut self, path: PathNumber, visit: Visit<'_>) -> Step<()> {
        self.scan.pass();
        while !self.scan.is_over(b']')? {
            self.any(path, visit)?;
        }
        Ok(())
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
