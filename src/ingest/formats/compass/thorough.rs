//! A walk of serde's, which says what is wrong with a text.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::findings::{Findings, Repeats};
use super::{Compass, Slot};

impl Compass {
    /// Asks serde, which says what is wrong; a key that repeats takes a second walk.
    pub(super) fn thorough_walk<'t>(
        &self,
        text: &'t str,
    ) -> serde_json::Result<Vec<(Slot, &'t str)>> {
        let mut findings = Findings::default();
        self.walk_into(text, &mut findings)?;
        if findings.repeats == Repeats::Met {
            findings = Findings {
                repeats: Repeats::Replace(Vec::new()),
                ..Findings::default()
            };
            self.walk_into(text, &mut findings)?;
        }
        Ok(findings.found)
    }

    fn walk_into<'t>(&self, text: &'t str, into: &mut Findings<'t>) -> serde_json::Result<()> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let compass = self;
        Walk { compass, into }.deserialize(&mut deserializer)?;
        deserializer.end()
    }
}

struct Walk<'w, 't> {
    compass: &'w Compass,
    into: &'w mut Findings<'t>,
}

impl<'t> Walk<'_, 't> {
    fn find(&mut self, value: &'t RawValue) -> serde_json::Result<()> {
        for slot in &self.compass.slots {
            self.into.found.push((*slot, value.get()));
        }
        if self.compass.children.is_empty() || !value.get().starts_with(['{', '[']) {
            return Ok(());
        }
        let inner = Walk {
            compass: self.compass,
            into: self.into,
        };
        inner.deserialize(&mut serde_json::Deserializer::from_str(value.get()))
    }
}

impl<'t> DeserializeSeed<'t> for Walk<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Walk<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        let begin = self.into.branches();
        // Branches beyond the first 64 share a bit; the second walk tells them apart.
        let mut met = 0_u64;
        while let Some(child) = map.next_key_seed(KeySeed(self.compass))? {
            let Some((branch, compass)) = child else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let bit = 1 << (branch & 63);
            if met & bit != 0 {
                self.into.meet_again(branch, begin);
            }
            met |= bit;
            let from = self.into.found.len();
            let mut walk = Walk {
                compass,
                into: &mut *self.into,
            };
            let value = map.next_value::<&'t RawValue>()?;
            walk.find(value).map_err(serde::de::Error::custom)?;
            self.into.note(branch, from);
        }
        self.into.leave(begin);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<&'t RawValue>()? {
            if !item.get().starts_with('{') {
                continue;
            }
            let inner = Walk {
                compass: self.compass,
                into: &mut *self.into,
            };
            inner
                .deserialize(&mut serde_json::Deserializer::from_str(item.get()))
                .map_err(serde::de::Error::custom)?;
        }
        Ok(())
    }
}

/// Finds the branch of a key without keeping the key.
struct KeySeed<'c>(&'c Compass);

impl<'t, 'c> DeserializeSeed<'t> for KeySeed<'c> {
    type Value = Option<(usize, &'c Compass)>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'c> Visitor<'_> for KeySeed<'c> {
    type Value = Option<(usize, &'c Compass)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.child(key))
    }
}
