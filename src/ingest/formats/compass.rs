//! Which paths of an object are wanted, and a walk through JSON text that takes only these out.

mod findings;
mod quick;
mod thorough;

use crate::ingest::interpret::Rules;
use crate::ingest::shapes::Notation;
use crate::model::{DatasetKind, Path};

/// What a wanted value is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The row's `identityMap`.
    IdentityMap,
    /// Identities in another notation than an `identityMap`.
    Named(Notation),
    /// The event's id.
    Id,
    /// An id of the event that counts where there is no other.
    OtherId,
    /// The event's type.
    Kind,
    /// The event's timestamp, or the record's own time.
    Time,
    /// A time that counts where none of a lower number can be read; the `Time` itself has none.
    OtherTime(u8),
    /// The row's own moment of ingestion.
    Ingested,
    /// The mapping's identity at this place of its list.
    Identity(usize),
    /// The record or event itself, within what it came in.
    Payload,
    /// What says whether the row is a record or an event.
    Word,
}

/// The wanted paths as a tree of keys.
#[derive(Clone, Debug, Default)]
pub struct Compass {
    slots: Vec<Slot>,
    children: Vec<(String, Compass)>,
}

impl Compass {
    /// The paths that these rules want.
    pub fn new(rules: &Rules<'_>) -> Compass {
        let wanted = rules.wanted().into_iter();
        let mapped = wanted.map(|(address, slot)| (address.path, slot));
        Compass::to(mapped.chain(rules.shaped()))
    }

    /// A compass that leads to these paths.
    pub fn to(paths: impl IntoIterator<Item = (Path, Slot)>) -> Compass {
        let mut compass = Compass::default();
        for (path, slot) in paths {
            compass.want(path.keys(), slot);
        }
        compass
    }

    fn want(&mut self, keys: &[String], slot: Slot) {
        let Some((key, rest)) = keys.split_first() else {
            if !self.slots.contains(&slot) {
                self.slots.push(slot);
            }
            return;
        };
        let place = self.children.iter().position(|(name, _)| name == key);
        let place = place.unwrap_or_else(|| {
            self.children.push((key.clone(), Compass::default()));
            self.children.len() - 1
        });
        if let Some((_, child)) = self.children.get_mut(place) {
            child.want(rest, slot);
        }
    }

    /// Takes what is wanted out of an object, in document order; the whole text is checked to be JSON.
    ///
    /// Of a key that an object repeats the last counts, as everywhere in JSON.
    pub fn walk<'t>(&self, text: &'t str) -> serde_json::Result<Vec<(Slot, &'t str)>> {
        match self.quick_walk(text) {
            Some(found) => Ok(found),
            None => self.thorough_walk(text),
        }
    }

    fn child(&self, key: &str) -> Option<(usize, &Compass)> {
        let mut children = self.children.iter().enumerate();
        let child = children.find(|(_, (name, _))| name == key);
        child.map(|(place, (_, compass))| (place, compass))
    }
}

/// The paths at which XDM rows have what every row may have; each key also with the prefix `xdm:`.
pub fn conventions(kind: DatasetKind) -> Vec<(Path, Slot)> {
    let mut conventions = Vec::new();
    let mut add = |keys: &[&str], slot| {
        conventions.extend(with_prefixes(keys).into_iter().map(|path| (path, slot)));
    };
    add(&["identityMap"], Slot::IdentityMap);
    match kind {
        DatasetKind::Event => {
            add(&["_id"], Slot::Id);
            add(&["eventType"], Slot::Kind);
            add(&["timestamp"], Slot::Time);
        }
        DatasetKind::Record => add(&["extSourceSystemAudit", "lastUpdatedDate"], Slot::Time),
    }
    conventions
}

/// A path as XDM may write it: each key plain or with the prefix `xdm:`.
pub fn with_prefixes(keys: &[&str]) -> Vec<Path> {
    let variant = |variant: u32| {
        let prefixed = keys.iter().enumerate().map(|(place, key)| {
            let prefix = if variant >> place & 1 == 1 {
                "xdm:"
            } else {
                ""
            };
            format!("{prefix}{key}")
        });
        Path(prefixed.collect())
    };
    (0..1_u32 << keys.len()).map(variant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[&str], text: &str) -> Vec<(usize, String)> {
        let mut compass = Compass::default();
        for (place, path) in paths.iter().enumerate() {
            let path: Path = path.parse().unwrap();
            compass.want(path.keys(), Slot::Identity(place));
        }
        let found = compass.walk(text).unwrap();
        found
            .into_iter()
            .map(|(slot, value)| match slot {
                Slot::Identity(place) => (place, value.to_owned()),
                _ => unreachable!("no other slot was wanted"),
            })
            .collect()
    }

    #[test]
    fn a_path_is_found_through_objects_and_arrays() {
        let check = |path: &str, text: &str, expected: &[&str]| {
            let values: Vec<_> = found(&[path], text).into_iter().map(|(_, v)| v).collect();
            assert_eq!(values, expected, "{path} in {text}");
        };
        check("a", r#"{"b":1,"a":"x"}"#, &["\"x\""]);
        check(
            "a.b",
            r#"{"a":{"b":12345678901234567890}}"#,
            &["12345678901234567890"],
        );
        check(
            "a.b",
            r#"{"a":[{"b":1},{"c":2},3,{"b":[4]}]}"#,
            &["1", "[4]"],
        );
        check(r"a\.b", r#"{"a":{"b":1},"a.b":2}"#, &["2"]);
        check("_org.id", r#"{"\u005forg":{"id":null}}"#, &["null"]);
        check("a.b", r#"{"a":"text","b":1}"#, &[]);
        check("a.b", r#"{"a":7}"#, &[]);
    }

    #[test]
    fn a_path_and_its_branch_can_both_be_wanted() {
        let both = found(&["a", "a.b"], r#"{"a":{"b":1}}"#);
        assert_eq!(both, [(0, r#"{"b":1}"#.to_owned()), (1, "1".to_owned())]);
    }

    #[test]
    fn of_a_key_that_is_repeated_the_last_counts() {
        let check = |text: &str, expected: &[&str]| {
            let found = found(&["a", "b.c", "d"], text);
            let values: Vec<_> = found.iter().map(|(_, value)| value.as_str()).collect();
            assert_eq!(values, expected, "{text}");
        };
        check(r#"{"a":1,"d":2,"a":3}"#, &["2", "3"]);
        check(
            r#"{"b":{"c":1,"c":2},"a":[0],"b":{"c":3,"c":4},"d":5}"#,
            &["[0]", "4", "5"],
        );
        check(r#"{"b":[{"c":1},{"c":2}],"b":{}}"#, &[]);
        check(
            r#"{"a":1,"b":[{"c":1,"c":2},{"c":3}],"\u0061":4}"#,
            &["2", "3", "4"],
        );
    }

    #[test]
    fn text_that_is_no_json_is_refused_wherever_it_breaks() {
        let compass = Compass::default();
        for text in [
            "",
            "{",
            r#"{"a":}"#,
            r#"{"a":1} x"#,
            r#"{"a":01}"#,
            "{\"a\":\"\u{1}\"}",
        ] {
            assert!(compass.walk(text).is_err(), "{text}");
        }
    }
}
