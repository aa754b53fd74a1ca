//! A walk that goes through a text once, and leaves to serde what is rare.

use super::{Compass, Slot};
use crate::ingest::formats::json_text::DEEPEST;
use crate::ingest::formats::sound::Sound;

impl Compass {
    /// The same in one go; `None` where the text is not sound, or has what is rare: keys that repeat or are escaped.
    pub(super) fn quick_walk<'t>(&self, text: &'t str) -> Option<Vec<(Slot, &'t str)>> {
        let (mut sound, mut found) = (Sound::of(text), Vec::new());
        self.pass_object(&mut sound, DEEPEST, &mut found)?;
        sound.end()?;
        Some(found)
    }

    fn pass_object<'t>(
        &self,
        sound: &mut Sound<'t>,
        depth: usize,
        found: &mut Vec<(Slot, &'t str)>,
    ) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        (sound.next_sign()? == b'{').then_some(())?;
        let mut goes_on = sound.open(b'}')?;
        let mut met = 0_u64;
        while goes_on {
            match self.child(sound.key()?) {
                None => sound.value(depth)?,
                Some((branch, compass)) => {
                    let bit = 1_u64.checked_shl(branch as u32)?;
                    (met & bit == 0).then(|| met |= bit)?;
                    compass.pass_wanted(sound, depth, found)?;
                }
            }
            goes_on = sound.goes_on(b'}')?;
        }
        Some(())
    }

    /// Passes over a value to which these paths lead, and takes out what is wanted of it.
    fn pass_wanted<'t>(
        &self,
        sound: &mut Sound<'t>,
        depth: usize,
        found: &mut Vec<(Slot, &'t str)>,
    ) -> Option<()> {
        let sign = sound.next_sign()?;
        let (place, own) = (sound.place(), found.len());
        found.extend(self.slots.iter().map(|slot| (*slot, "")));
        match sign {
            b'{' if !self.children.is_empty() => self.pass_object(sound, depth, found)?,
            b'[' if !self.children.is_empty() => {
                let depth = depth.checked_sub(1)?;
                let mut goes_on = sound.open(b']')?;
                while goes_on {
                    match sound.next_sign()? {
                        b'{' => self.pass_object(sound, depth, found)?,
                        _ => sound.value(depth)?,
                    }
                    goes_on = sound.goes_on(b']')?;
                }
            }
            _ => sound.value(depth)?,
        }
        let text = sound.since(place)?;
        let own = found.iter_mut().skip(own).take(self.slots.len());
        own.for_each(|(_, value)| *value = text);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Path;
    use proptest::prelude::*;

    /// Objects with keys that lead somewhere, that repeat, and that are escaped.
    fn object() -> impl Strategy<Value = String> {
        let leaf = prop::sample::select(&["1", "-0.5e3", " \"x\\n{\" ", "null", "[]", "{}"]);
        let any = leaf
            .prop_map(str::to_owned)
            .prop_recursive(4, 24, 4, |inner| {
                prop_oneof![
                    prop::collection::vec(inner.clone(), 0..4)
                        .prop_map(|items| format!("[{}]", items.join(", "))),
                    object_of(inner),
                ]
            });
        object_of(any)
    }

    fn object_of(inner: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
        let key = prop::sample::select(&["a", "b", "c", "d", "\\u0061"]);
        prop::collection::vec((key, inner), 0..4).prop_map(|entries| {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("\"{key}\" :{value}"));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        })
    }

    proptest! {
        #[test]
        fn a_quick_walk_finds_what_a_thorough_one_finds(text in object(), cut in 0_usize..200) {
            let mut compass = Compass::default();
            for (place, path) in ["a", "a.b", "b.c.a", "c.a"].iter().enumerate() {
                compass.want(path.parse::<Path>().unwrap().keys(), Slot::Identity(place));
            }
            let thorough = compass.thorough_walk(&text).unwrap();
            if let Some(quick) = compass.quick_walk(&text) {
                prop_assert_eq!(quick, thorough, "{}", text);
            } else {
                let repeats = |key: &str| text.matches(key).count() > 1;
                prop_assert!(text.contains("\\u") || ["\"a\"", "\"b\"", "\"c\""].into_iter().any(repeats), "{}", text);
            }
            if let Some((cut, _)) = text.char_indices().nth(cut) {
                prop_assert_eq!(compass.quick_walk(&text[..cut]), None, "{} cut at {}", text, cut);
            }
        }
    }
}
