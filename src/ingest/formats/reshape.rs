//! Moves the values of an object to the paths that a mapping names; all else stays as it was written.

use super::tree::{Author, Tree};
use crate::ingest::mapping::{Address, Mapping, Nulls};
use crate::ingest::row::{Warning, warn};
use crate::model::Path;
use crate::model::json_scan::{BrokenOff, Scan};

/// What a mapping moves and clears in JSON objects.
#[derive(Debug)]
pub struct Reshape<'r> {
    moves: Vec<(&'r Path, &'r Path)>,
    nulls: &'r Nulls,
}

impl<'r> Reshape<'r> {
    /// The work of a mapping; `None` where bodies stay byte for byte.
    pub fn new(mapping: &'r Mapping) -> Option<Reshape<'r>> {
        let moves: Vec<_> = mapping
            .fields
            .iter()
            .map(|field| (&field.from.path, &field.to))
            .filter(|(from, to)| from != to)
            .collect();
        let is_idle = moves.is_empty() && mapping.nulls.is_empty();
        (!is_idle).then_some(Reshape {
            moves,
            nulls: &mapping.nulls,
        })
    }

    /// An object, which is known to be sound, in its new shape.
    pub fn apply(&self, text: &str, warnings: &mut Vec<Warning>) -> Result<String, BrokenOff> {
        let mut work = Work {
            reshape: self,
            tree: Tree::empty(),
            warnings,
        };
        work.object(text, &mut Path::root())?;
        let mut out = String::with_capacity(text.len() + 64);
        work.tree.write(&mut out);
        Ok(out)
    }

    /// Whether something may be moved from, to or cleared below this path.
    fn is_touched(&self, path: &Path) -> bool {
        !self.nulls.any.is_empty()
            || self
                .moves
                .iter()
                .any(|(from, to)| from.starts_with(path) || to.starts_with(path))
            || self
                .nulls
                .by_field
                .iter()
                .any(|(at, _)| at.path.starts_with(path))
    }

    fn is_nothing(&self, path: &Path, value: &str) -> bool {
        let Some(text) = plain_text(value) else {
            return false;
        };
        let is_listed = |values: &[String]| values.contains(&text);
        let by_field = self.nulls.by_field.iter();
        is_listed(&self.nulls.any)
            || by_field
                .filter(|(at, _): &&(Address, _)| at.path == *path)
                .any(|(_, values)| is_listed(values))
    }
}

struct Work<'w, 'r, 't> {
    reshape: &'w Reshape<'r>,
    tree: Tree<'t>,
    warnings: &'w mut Vec<Warning>,
}

impl<'t> Work<'_, '_, 't> {
    /// Puts every value of an object to its place; empty objects stay where they were.
    fn object(&mut self, text: &'t str, path: &mut Path) -> Result<(), BrokenOff> {
        let mut scan = Scan::of(text);
        scan.next_sign()?;
        scan.pass();
        if scan.next_sign()? == b'}' && !path.keys().is_empty() {
            self.value(text, path);
        }
        while !scan.is_over(b'}')? {
            path.0.push(scan.key()?.into_owned());
            let value = scan.value()?;
            if value.starts_with('{') && self.is_opened(path) {
                self.object(value, path)?;
            } else {
                self.value(value, path);
            }
            path.0.pop();
        }
        Ok(())
    }

    /// Whether an object is taken apart, rather than kept or moved whole.
    fn is_opened(&self, path: &Path) -> bool {
        let is_moved = self.reshape.moves.iter().any(|(from, _)| *from == path);
        !is_moved && self.reshape.is_touched(path)
    }

    fn value(&mut self, value: &'t str, path: &Path) {
        let value = if self.reshape.is_nothing(path, value) {
            "null"
        } else {
            value
        };
        let target = self.reshape.moves.iter().find(|(from, _)| **from == *path);
        if let Some((_, to)) = target {
            if self
                .tree
                .put(to, (value, Author::Mapping), self.warnings)
                .is_ok()
            {
                return;
            }
            let path = (*to).clone();
            warn(self.warnings, Warning::Blocked { path });
        }
        if self
            .tree
            .put(path, (value, Author::Row), self.warnings)
            .is_err()
        {
            let path = path.clone();
            warn(self.warnings, Warning::Displaced { path });
        }
    }
}

/// The value that a text says where it is a text in quotes.
pub fn plain_text(value: &str) -> Option<String> {
    value
        .starts_with('"')
        .then(|| serde_json::from_str(value).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::mapping::FieldMove;

    fn check(moves: &[(&str, &str)], nulls: &[&str], text: &str, expected: &str) {
        let (reshaped, warnings) = reshaped(moves, nulls, text);
        assert_eq!(reshaped, expected, "{text}");
        assert_eq!(warnings, [], "{text}");
    }

    fn reshaped(moves: &[(&str, &str)], nulls: &[&str], text: &str) -> (String, Vec<Warning>) {
        let field = |(from, to): &(&str, &str)| FieldMove {
            from: Address::new(from),
            to: Address::new(to).path,
        };
        let mapping = Mapping {
            fields: moves.iter().map(field).collect(),
            nulls: Nulls {
                any: nulls.iter().map(|value| (*value).to_owned()).collect(),
                by_field: vec![(Address::new("n.x"), vec!["-".to_owned()])],
            },
            ..Mapping::default()
        };
        let mut warnings = Vec::new();
        let reshape = Reshape::new(&mapping).unwrap();
        (reshape.apply(text, &mut warnings).unwrap(), warnings)
    }

    #[test]
    fn values_move_and_the_rest_keeps_its_place_and_digits() {
        let name = [("first", "person.name.firstName")];
        check(
            &name,
            &[],
            r#"{"a":1.50,"first":"Ana","z":[1, 2]}"#,
            r#"{"a":1.50,"person":{"name":{"firstName":"Ana"}},"z":[1, 2]}"#,
        );
        check(
            &name,
            &[],
            r#"{"person":{"name":{"lastName":"X"},"age":1e5},"first":"Ana"}"#,
            r#"{"person":{"name":{"lastName":"X","firstName":"Ana"},"age":1e5}}"#,
        );
        check(
            &name,
            &[],
            r#"{"person":{},"first":"A"}"#,
            r#"{"person":{"name":{"firstName":"A"}}}"#,
        );
        check(
            &name,
            &[],
            r#"{"person":null,"first":"A"}"#,
            r#"{"person":{"name":{"firstName":"A"}}}"#,
        );
        check(
            &[("t.a", "b")],
            &[],
            r#"{"t":{"a":1},"e":{}}"#,
            r#"{"b":1,"e":{}}"#,
        );
        check(
            &[("t", "u.v")],
            &[],
            r#"{"t":{"a":{ "b":1}}}"#,
            r#"{"u":{"v":{"a":{ "b":1}}}}"#,
        );
        check(
            &[(r"a\.b", "c")],
            &[],
            r#"{"a.b":1,"a":{"b":2}}"#,
            r#"{"c":1,"a":{"b":2}}"#,
        );
        check(
            &[("a", "b"), ("b", "a")],
            &[],
            r#"{"a":1,"b":2}"#,
            r#"{"b":1,"a":2}"#,
        );
    }

    #[test]
    fn an_object_of_many_keys_takes_no_longer_for_each() {
        let entry = |n: u32| format!("\"k{n}\":{n}");
        let list: Vec<_> = (0..200_000).map(entry).collect();
        let text = format!("{{{},\"k7\":\"last\",\"first\":1}}", list.join(","));
        let (body, warnings) = reshaped(&[("first", "k100.x")], &[], &text);
        assert!(body.starts_with(r#"{"k0":0,"k1":1,"#));
        assert!(body.contains(r#","k7":"last","#) && !body.contains(r#""k7":7,"#));
        assert!(body.ends_with(r#""k199999":199999,"first":1}"#));
        assert_eq!(warnings.len(), 1);
    }

    #[test]
    fn values_that_mean_nothing_become_null() {
        check(
            &[],
            &["", "n/a"],
            r#"{"a":"","b":{"c":"n/a","d":"x"},"e":0}"#,
            r#"{"a":null,"b":{"c":null,"d":"x"},"e":0}"#,
        );
        check(
            &[],
            &[],
            r#"{"n":{"x":"-","y":"-"},"x":"-"}"#,
            r#"{"n":{"x":null,"y":"-"},"x":"-"}"#,
        );
    }

    #[test]
    fn a_taken_path_is_said() {
        let path = |text: &str| Address::new(text).path;
        let (body, warnings) = reshaped(&[("a", "b")], &[], r#"{"b":1,"a":2}"#);
        assert_eq!(body, r#"{"b":2}"#);
        assert_eq!(warnings, [Warning::Displaced { path: path("b") }]);
        let (body, warnings) = reshaped(&[("a", "b.c")], &[], r#"{"b":1,"a":2}"#);
        assert_eq!(body, r#"{"b":1,"a":2}"#);
        assert_eq!(warnings, [Warning::Blocked { path: path("b.c") }]);
    }
}
