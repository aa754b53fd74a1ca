//! Hiding inside JSON values: leaf by leaf, so that the shape stays.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Mask;
use crate::model::privacy::{HIDDEN, is_personal};
use crate::model::{Body, Identity};

/// What is hidden inside values: what looks personal, and the values of a profile's own hidden identities.
pub(super) struct Veil<'a> {
    mask: &'a Mask,
    identities: HashSet<String>,
}

impl<'a> Veil<'a> {
    /// The veil over values that belong to these identities.
    pub(super) fn over<'i>(
        mask: &'a Mask,
        identities: impl IntoIterator<Item = &'i Identity>,
    ) -> Veil<'a> {
        let hidden = identities
            .into_iter()
            .filter(|identity| mask.hides(identity));
        Veil {
            mask,
            identities: hidden.map(|identity| identity.value.clone()).collect(),
        }
    }

    /// Hides the leaves of a value to which these keys lead.
    pub(super) fn value(&self, keys: &mut Vec<String>, value: &mut Value) {
        match value {
            Value::Object(map) => self.object(keys, map),
            Value::Array(items) => {
                for item in items {
                    self.value(keys, item);
                }
            }
            leaf if self.covers(keys, leaf) => *leaf = Value::from(HIDDEN),
            _ => {}
        }
    }

    /// Hides the leaves of an object, those of an `identityMap` by their namespaces.
    pub(super) fn object(&self, keys: &mut Vec<String>, map: &mut Map<String, Value>) {
        for (key, value) in map {
            if key.ends_with("identityMap") {
                self.identity_map(value);
                continue;
            }
            keys.push(key.clone());
            self.value(keys, value);
            keys.pop();
        }
    }

    /// A body with its leaves hidden.
    pub(super) fn body(&self, body: &mut Body) {
        let mut value = body.value();
        self.value(&mut Vec::new(), &mut value);
        *body = Body::new(value.to_string());
    }

    fn covers(&self, keys: &[String], leaf: &Value) -> bool {
        let is_known = match leaf {
            Value::String(text) => self.identities.contains(text.as_str()),
            Value::Number(number) => self.identities.contains(&number.to_string()),
            _ => false,
        };
        is_known || is_personal(keys, leaf)
    }

    fn identity_map(&self, value: &mut Value) {
        let Value::Object(namespaces) = value else {
            return;
        };
        for (code, ids) in namespaces {
            if self.mask.hides_namespace(code) {
                hide_all_text(ids);
            }
        }
    }
}

fn hide_all_text(value: &mut Value) {
    match value {
        Value::String(_) | Value::Number(_) => *value = Value::from(HIDDEN),
        Value::Array(items) => items.iter_mut().for_each(hide_all_text),
        Value::Object(map) => map.values_mut().for_each(hide_all_text),
        Value::Null | Value::Bool(_) => {}
    }
}

/// A sentence with these texts and every e-mail address in it hidden.
pub(super) fn sentence<'t>(text: &str, hidden: impl IntoIterator<Item = &'t str>) -> String {
    let known = hidden
        .into_iter()
        .filter(|value| !value.is_empty() && *value != HIDDEN)
        .fold(text.to_owned(), |text, value| text.replace(value, HIDDEN));
    let words = known.split(' ').map(|word| match word.split_once('@') {
        Some((_, host)) if host.contains('.') => HIDDEN,
        _ => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_are_hidden_and_the_shape_stays() {
        let identities = ["CRMID:C-1", "ECID:38"].map(|text| text.parse().expect(text));
        let mask = Mask::on();
        let veil = Veil::over(&mask, &identities);
        let check = |json: &str, expected: &str| {
            let mut value = serde_json::from_str(json).expect(json);
            veil.value(&mut Vec::new(), &mut value);
            assert_eq!(value.to_string(), expected);
        };
        check(
            r#"{"person":{"name":{"firstName":"Ana","age":3}},"tier":"gold"}"#,
            r#"{"person":{"name":{"firstName":"•••","age":"•••"}},"tier":"gold"}"#,
        );
        check(
            r#"{"identityMap":{"ECID":[{"id":"38","primary":true}],"email":[{"id":"a@b.example"}]}}"#,
            r#"{"identityMap":{"ECID":[{"id":"38","primary":true}],"email":[{"id":"•••"}]}}"#,
        );
        check(
            r#"{"account":"C-1","visitor":"38","list":["C-1",{"mail":"x"}]}"#,
            r#"{"account":"•••","visitor":"38","list":["•••",{"mail":"•••"}]}"#,
        );
    }

    #[test]
    fn a_sentence_hides_what_is_known_and_addresses() {
        let hidden = sentence(
            "CRMID is unique per graph: C-1 and C-2, seen with ana@example.com today",
            ["C-1", "C-2", ""],
        );
        assert_eq!(
            hidden,
            "CRMID is unique per graph: ••• and •••, seen with ••• today"
        );
    }
}
