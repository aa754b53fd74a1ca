//! The mask: which values say who a person is, and hiding them on the screen.

use std::borrow::Cow;

use serde_json::Value;

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
        self == Mask::On
            && !matches!(value, Value::Null | Value::Bool(_))
            && is_personal(path, value)
    }
}

/// Keys that hold who a person is, in lower case; a part of the key is enough.
const PERSONAL: [&str; 18] = [
    "name",
    "mail",
    "phone",
    "mobile",
    "address",
    "street",
    "postal",
    "zip",
    "birth",
    "gender",
    "identitymap",
    "latitude",
    "longitude",
    "geo",
    "passport",
    "ssn",
    "iban",
    "customerid",
];

/// Whether a value says who a person is: by the keys that lead to it, or because it looks like an e-mail or a phone.
fn is_personal(path: &Path, value: &Value) -> bool {
    let by_key = path.keys().iter().any(|key| {
        let key = key.to_lowercase();
        PERSONAL.iter().any(|word| key.contains(word)) || key == "ip"
    });
    by_key || looks_personal(value)
}

fn looks_personal(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            let digits = text.chars().filter(char::is_ascii_digit).count();
            let is_phone = text.starts_with('+') && digits >= 7 && text.len() <= 24;
            is_phone
                || text
                    .split_once('@')
                    .is_some_and(|(_, host)| host.contains('.'))
        }
        Value::Array(items) => items.iter().any(looks_personal),
        Value::Object(map) => map.values().any(looks_personal),
        _ => false,
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
