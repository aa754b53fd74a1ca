//! The mask: hiding on the screen what says who a person is.

use std::borrow::Cow;

use serde_json::Value;

use crate::model::privacy::is_personal;
use crate::model::{Identity, Path};

use super::icons::Icons;

/// Whether personal values are hidden.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mask {
    /// Everything is shown.
    #[default]
    Off,
    /// Values that say who a person is are hidden.
    On,
}

impl Mask {
    /// The other one.
    #[must_use]
    pub fn turned(self) -> Mask {
        match self {
            Mask::Off => Mask::On,
            Mask::On => Mask::Off,
        }
    }

    /// A text that says who a person is, as it may be shown.
    pub fn personal<'a>(self, text: &'a str, icons: &Icons) -> Cow<'a, str> {
        match self {
            Mask::Off => Cow::Borrowed(text),
            Mask::On => Cow::Borrowed(icons.masked),
        }
    }

    /// An identity as it may be shown: its namespace stays.
    pub fn identity(self, identity: &Identity, icons: &Icons) -> String {
        match self {
            Mask::Off => identity.to_string(),
            Mask::On => format!("{}:{}", identity.namespace, icons.masked),
        }
    }

    /// Whether the value at this path is to be hidden.
    pub fn hides(self, path: &Path, value: &Value) -> bool {
        self == Mask::On && is_personal(path.keys(), value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_hides_who_a_person_is() {
        let check = |path: &str, json: &str, expected: bool| {
            let path: Path = path.parse().expect("every text is a path");
            let value = serde_json::from_str(json).expect(json);
            assert_eq!(Mask::On.hides(&path, &value), expected, "{path} {json}");
            assert!(!Mask::Off.hides(&path, &value));
        };
        check("person.name.firstName", r#""Maya""#, true);
        check("homeAddress.city", r#""Lagos""#, true);
        check("loyalty.tier", r#""gold""#, false);
        check("notes", r#""write to maya@example.com""#, true);
        check("notes", r#"["+234 555 0142"]"#, true);
        check("person.name.isNickname", "true", false);
        check("points", "12400", false);
    }
}
