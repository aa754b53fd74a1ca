//! What the body of an event says of the identities that it names: which is marked, and in which order they come.

use serde_json::{Map, Value};

/// The keys of an `identityMap`.
const MAPS: [&str; 2] = ["identityMap", "xdm:identityMap"];

/// How an identity stands in a body; the smallest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Standing {
    /// Nothing marks it as primary.
    is_unmarked: bool,
    /// How many values stand before it; those that the body does not name are last.
    place: usize,
}

/// How each of these identities, told by code and value, stands in a body.
pub(super) fn standings(body: &str, identities: &[(&str, &str)]) -> Vec<Standing> {
    let mut search = Search {
        wanted: identities,
        found: vec![Found::default(); identities.len()],
        passed: 0,
    };
    if let Ok(Value::Object(fields)) = serde_json::from_str(body) {
        search.document(&fields);
    }
    let standing = |found: Found| Standing {
        is_unmarked: !found.is_marked,
        place: found.in_map.or(found.elsewhere).unwrap_or(usize::MAX),
    };
    search.found.into_iter().map(standing).collect()
}

#[derive(Clone, Copy, Default)]
struct Found {
    is_marked: bool,
    /// Its place as an entry of an `identityMap`.
    in_map: Option<usize>,
    /// The place of its value in any other field, of which a mapping may have made it.
    elsewhere: Option<usize>,
}

struct Search<'a> {
    wanted: &'a [(&'a str, &'a str)],
    found: Vec<Found>,
    passed: usize,
}

impl Search<'_> {
    fn document(&mut self, fields: &Map<String, Value>) {
        for (key, value) in fields {
            match value {
                Value::Object(map) if MAPS.contains(&key.as_str()) => self.identity_map(map),
                other => self.value(other),
            }
        }
    }

    fn identity_map(&mut self, map: &Map<String, Value>) {
        for (code, list) in map {
            let entries = list
                .as_array()
                .map_or(std::slice::from_ref(list), |l| &l[..]);
            for entry in entries {
                self.entry(code.trim(), entry);
            }
        }
    }

    fn entry(&mut self, code: &str, entry: &Value) {
        let field = |name: &str, long: &str| entry.get(name).or_else(|| entry.get(long));
        let value = field("id", "xdm:id").and_then(text);
        let mark = field("primary", "xdm:primary");
        let is_marked = mark.is_some_and(|m| *m == Value::Bool(true) || *m == "true");
        for ((space, wanted), found) in self.wanted.iter().zip(&mut self.found) {
            let is_it = space.eq_ignore_ascii_case(code) && value.as_deref() == Some(*wanted);
            // Of an identity that comes twice only the first counts.
            if is_it && found.in_map.is_none() {
                (found.in_map, found.is_marked) = (Some(self.passed), is_marked);
            }
        }
        self.passed += 1;
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => fields.values().for_each(|value| self.value(value)),
            Value::Array(items) => items.iter().for_each(|value| self.value(value)),
            leaf => {
                let said = text(leaf);
                for ((_, wanted), found) in self.wanted.iter().zip(&mut self.found) {
                    if found.elsewhere.is_none() && said.as_deref() == Some(*wanted) {
                        found.elsewhere = Some(self.passed);
                    }
                }
                self.passed += 1;
            }
        }
    }
}

/// A text, or a number by its digits.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(digits) => Some(digits.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marked_one_comes_first_and_then_the_order_of_the_document() {
        let check = |body: &str, expected: &str| {
            let named = [("ECID", "e"), ("AAID", "a"), ("Visitor", "7")];
            let mut order: Vec<_> = standings(body, &named).into_iter().zip(named).collect();
            order.sort_by_key(|(standing, _)| *standing);
            let order: Vec<_> = order.iter().map(|(_, (code, _))| *code).collect();
            assert_eq!(order.join(" "), expected, "{body}");
        };
        check("no json", "ECID AAID Visitor");
        check(
            r#"{"identityMap":{"Visitor":[{"id":7}],"AAID":[{"id":"a"}]}}"#,
            "Visitor AAID ECID",
        );
        check(
            r#"{"identityMap":{"aaid":[{"id":"x"},{"id":"a","primary":true}],"ECID":[{"id":"e"}]}}"#,
            "AAID ECID Visitor",
        );
        check(
            r#"{"identityMap":{"ECID":[{"id":"e"}],"Visitor":{"id":7,"primary":"true"}}}"#,
            "Visitor ECID AAID",
        );
        check(
            r#"{"xdm:identityMap":{"ECID":[{"xdm:id":"e"}],"AAID":[{"xdm:id":"a","xdm:primary":true}]}}"#,
            "AAID ECID Visitor",
        );
        // Columns stand where they stand; an entry of the map counts before a field that says the same.
        check(
            r#"{"visitor":7,"id":{"of":["a"]},"ecid":"e"}"#,
            "Visitor AAID ECID",
        );
        check(
            r#"{"ecid":"e","identityMap":{"AAID":[{"id":"a"}],"ECID":[{"id":"e"}]}}"#,
            "AAID ECID Visitor",
        );
        // A mark on another namespace's value is none.
        check(
            r#"{"identityMap":{"AAID":[{"id":"a"},{"id":"a","primary":true}],"Email":[{"id":"e","primary":true}],"ECID":[{"id":"e"}]}}"#,
            "AAID ECID Visitor",
        );
    }
}
