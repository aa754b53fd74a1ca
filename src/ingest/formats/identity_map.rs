//! The entries of an `identityMap` as nearly all sources write it, read in one go.

use std::borrow::Cow;

use super::json_row::cell;
use crate::ingest::interpret::MapEntry;
use crate::model::json_scan::Scan;

/// An identity of an `identityMap`.
#[derive(Debug, PartialEq, Eq)]
pub struct PlainEntry<'t> {
    namespace: Cow<'t, str>,
    /// Its value as it is written.
    id: &'t str,
    is_primary: bool,
}

impl PlainEntry<'_> {
    /// The same, its value read.
    pub fn map_entry(&self) -> MapEntry<'_> {
        MapEntry {
            namespace: &self.namespace,
            id: cell(self.id),
            is_primary: self.is_primary,
        }
    }
}

/// The entries of a sound JSON text like `{"Email": [{"id": "ana@example.com", "primary": true}]}`; `None` where it is written in
/// another way, be it one that can be read all the same.
pub fn plain_entries(map: &str) -> Option<Vec<PlainEntry<'_>>> {
    let mut scan = Scan::of(map);
    let mut entries = Vec::new();
    if scan.next_sign().ok()? != b'{' {
        return None;
    }
    scan.pass();
    while !scan.is_over(b'}').ok()? {
        let namespace = scan.key().ok()?;
        if scan.next_sign().ok()? != b'[' {
            return None;
        }
        scan.pass();
        while !scan.is_over(b']').ok()? {
            if scan.next_sign().ok()? != b'{' {
                return None;
            }
            let (id, is_primary) = entry(&mut scan)?;
            if let Some(id) = id {
                let namespace = namespace.clone();
                entries.push(PlainEntry {
                    namespace,
                    id,
                    is_primary,
                });
            }
        }
    }
    Some(entries)
}

/// The value of the entry in hand, where it has one, and whether it is marked; `None` where it says either twice.
fn entry<'t>(scan: &mut Scan<'t>) -> Option<(Option<&'t str>, bool)> {
    let (mut id, mut primary) = (None, None);
    scan.pass();
    while !scan.is_over(b'}').ok()? {
        let key = scan.key().ok()?;
        let value = scan.value().ok()?;
        let place = match &*key {
            "id" | "xdm:id" => &mut id,
            "primary" | "xdm:primary" => &mut primary,
            _ => continue,
        };
        if place.replace(value).is_some() {
            return None;
        }
    }
    let is_primary = matches!(primary, Some("true" | "\"true\""));
    Some((id.filter(|id| *id != "null"), is_primary))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_in_the_order_of_the_text() {
        let check = |map: &str, expected: Option<&[(&str, &str, bool)]>| {
            let entries = plain_entries(map);
            let entries = entries.as_ref().map(|entries| {
                let entries = entries.iter();
                let all = entries.map(|e| (&*e.namespace, e.id, e.is_primary));
                all.collect::<Vec<_>>()
            });
            assert_eq!(entries.as_deref(), expected, "{map}");
        };
        check(
            r#"{"Email":[{"id":"a@x","primary":true},{"authenticatedState":{"a":1},"id":7}],"E\u0043ID":[{"xdm:id":"1"}]}"#,
            Some(&[
                ("Email", "\"a@x\"", true),
                ("Email", "7", false),
                ("ECID", "\"1\"", false),
            ]),
        );
        check(
            r#"{"Email":[{"id":null},{"primary":true}],"X":[]}"#,
            Some(&[]),
        );
        check("{ }", Some(&[]));
        check(
            r#"{"Email":[{"id":"a","primary":"true"}]}"#,
            Some(&[("Email", "\"a\"", true)]),
        );
        for other in [
            "[]",
            r#"{"Email":{"id":"a"}}"#,
            r#"{"Email":["a"]}"#,
            r#"{"Email":[["a",true]]}"#,
            r#"{"Email":[{"id":"a","xdm:id":"b"}]}"#,
            r#"{"Email":[{"id":null,"id":"b"}]}"#,
        ] {
            check(other, None);
        }
    }
}
