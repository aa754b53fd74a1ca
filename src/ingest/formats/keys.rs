//! The keys of an object, which tell what it is without its values being read.

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

/// The keys of an object, its values unread.
#[derive(Clone, Debug)]
pub struct Keys(pub Vec<String>);

impl<'t> serde::Deserialize<'t> for Keys {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Keys, D::Error> {
        struct KeysVisitor;
        impl<'t> Visitor<'t> for KeysVisitor {
            type Value = Keys;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, IgnoredAny)) = map.next_entry()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(KeysVisitor)
    }
}
