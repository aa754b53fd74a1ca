//! What objects and arrays hold, their values as they are written.

use std::fmt;

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::Deserializer;
use serde_json::value::RawValue;

/// The entries of an object in their order.
pub fn entries(text: &str) -> serde_json::Result<Vec<(String, &str)>> {
    Deserializer::from_str(text).deserialize_map(Entries)
}

/// The items of an array; none of what is none.
pub fn items(text: &str) -> Vec<&str> {
    let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
    items.into_iter().map(RawValue::get).collect()
}

struct Entries;

impl<'t> Visitor<'t> for Entries {
    type Value = Vec<(String, &'t str)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
            entries.push((key, value.get()));
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_as_they_are_written() {
        let object = r#" {"a" : 1.0, "\u0062": [ "x" ] , "a":null} "#;
        let expected = [("a", "1.0"), ("b", r#"[ "x" ]"#), ("a", "null")];
        let found = entries(object).unwrap();
        let found: Vec<_> = found.iter().map(|(key, value)| (&**key, *value)).collect();
        assert_eq!(found, expected);
        assert!(entries("[1]").is_err());
        assert!(entries(r#"{"a":"#).is_err());
        assert_eq!(
            items(r#"[ 1.0, {"a": []},"x"]"#),
            ["1.0", r#"{"a": []}"#, r#""x""#]
        );
        assert!(items("{}").is_empty());
    }
}
