//! Which values say who a person is.

use serde_json::Value;

/// What stands in place of a hidden value.
pub const HIDDEN: &str = "•••";

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
///
/// Null and truth values never do.
pub fn is_personal(keys: &[String], value: &Value) -> bool {
    if matches!(value, Value::Null | Value::Bool(_)) {
        return false;
    }
    is_personal_place(keys) || looks_personal(value)
}

/// Whether these keys lead to who a person is; a consent is named after a channel, and says nothing of the person.
fn is_personal_place(keys: &[String]) -> bool {
    let keys: Vec<String> = keys.iter().map(|key| key.to_lowercase()).collect();
    let is_consent = keys.iter().any(|key| key == "consents");
    !is_consent
        && keys
            .iter()
            .any(|key| PERSONAL.iter().any(|word| key.contains(word)) || key == "ip")
}

fn looks_personal(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
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
    use crate::model::Path;

    #[test]
    fn keys_and_looks_say_who_a_person_is() {
        let check = |path: &str, json: &str, expected: bool| {
            let path: Path = path.parse().expect("every text is a path");
            let value = serde_json::from_str(json).expect(json);
            assert_eq!(is_personal(path.keys(), &value), expected, "{path} {json}");
        };
        check("person.name.firstName", r#""Maya""#, true);
        check("homeAddress.city", r#""Lagos""#, true);
        check("loyalty.tier", r#""gold""#, false);
        check("notes", r#""write to maya@example.com""#, true);
        check("notes", r#"["+234 555 0142"]"#, true);
        check("person.name.isNickname", "true", false);
        check("points", "12400", false);
        check("consents.marketing.email.val", r#""n""#, false);
    }
}
