//! What an event was about, in a few words out of its body.

use serde_json::Value;

use crate::model::{Body, Path};
use crate::tui::icons::Icons;
use crate::tui::privacy::Mask;
use crate::tui::text::brief;

/// Bodies beyond this many bytes are only read when they are opened.
pub const MOST_BYTES: usize = 64 * 1024;

/// Letters of one part.
const MOST_LETTERS: usize = 80;

/// Parts that are put together.
const MOST_PARTS: usize = 4;

/// Keys, outermost first, that say what an event was about; the first that is there of each line is taken.
const TELLING: &[&[&str]] = &[
    &[
        "web.webPageDetails.name",
        "web.webPageDetails.URL",
        "page.name",
        "page",
        "url",
        "path",
    ],
    &["search.term", "siteSearch.term", "query"],
    &[
        "productListItems",
        "products",
        "items",
        "product.name",
        "product",
        "sku",
        "SKU",
    ],
    &[
        "commerce.order.priceTotal",
        "order.total",
        "total",
        "amount",
        "price",
        "value",
        "revenue",
    ],
    &[
        "campaign.name",
        "campaign",
        "subject",
        "title",
        "name",
        "message",
        "description",
        "reason",
    ],
    &[
        "store",
        "storeName",
        "location.name",
        "placeContext.POIinteraction.POIDetail.name",
        "city",
    ],
];

/// A few words, and whether they say who a person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    text: String,
    is_personal: bool,
}

/// The parts as one text, without what the mask hides.
pub fn joined(parts: &[Part], mask: Mask, icons: &Icons) -> String {
    let shown = parts.iter().map(|part| match mask {
        Mask::On if part.is_personal => icons.masked,
        _ => part.text.as_str(),
    });
    shown.collect::<Vec<_>>().join(&format!(" {} ", icons.dot))
}

/// The words; none where nothing tells, or where the body is too long to be read for them.
pub fn describe(body: &Body) -> Vec<Part> {
    if body.text().len() > MOST_BYTES {
        return Vec::new();
    }
    let body = body.value();
    let parts = TELLING.iter().filter_map(|paths| {
        let (path, value) = paths
            .iter()
            .find_map(|path| found(&body, path).map(|value| (*path, value)))?;
        Some(part(path, value, words(&body, path, value)?))
    });
    let parts: Vec<_> = parts.take(MOST_PARTS).collect();
    if parts.is_empty() {
        return first_leaves(&body);
    }
    parts
}

fn part(path: &str, value: &Value, text: String) -> Part {
    let keys = Path(path.split('.').map(str::to_owned).collect());
    Part {
        text,
        is_personal: Mask::On.hides(&keys, value),
    }
}

fn found<'a>(body: &'a Value, path: &str) -> Option<&'a Value> {
    let value = path
        .split('.')
        .try_fold(body, |value, key| value.get(key))?;
    let is_empty = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    (!is_empty).then_some(value)
}

fn words(body: &Value, path: &str, value: &Value) -> Option<String> {
    match value {
        Value::Array(items) => Some(listed(items)),
        Value::Object(map) => {
            let name = map.get("name").or_else(|| map.get("SKU"))?;
            Some(brief(name, MOST_LETTERS))
        }
        Value::Number(_) => {
            let currency = ["commerce.order.currencyCode", "currency", "currencyCode"]
                .iter()
                .find_map(|path| found(body, path));
            let number = brief(value, MOST_LETTERS);
            Some(match currency {
                Some(currency) => format!("{number} {}", brief(currency, 8)),
                None => number,
            })
        }
        Value::String(_) => Some(brief(value, MOST_LETTERS)),
        _ => Some(format!("{path} {}", brief(value, MOST_LETTERS))),
    }
}

/// The first product by its name, and how many more there are.
fn listed(items: &[Value]) -> String {
    let first = items.first().map_or(&Value::Null, |item| {
        let keys = ["name", "SKU", "sku", "id"];
        keys.iter().find_map(|key| item.get(key)).unwrap_or(item)
    });
    let first = brief(first, MOST_LETTERS);
    match items.len() {
        0 | 1 => first,
        n => format!("{first} +{}", n - 1),
    }
}

/// Where no known key is there: the first values of its own, without those that every event has.
fn first_leaves(body: &Value) -> Vec<Part> {
    const COMMON: [&str; 5] = ["_id", "timestamp", "eventType", "identityMap", "type"];
    let Value::Object(map) = body else {
        return Vec::new();
    };
    let own = map
        .iter()
        .filter(|(key, value)| !COMMON.contains(&key.as_str()) && !value.is_object());
    own.take(2)
        .map(|(key, value)| {
            let name = brief(&Value::from(key.as_str()), 24);
            part(key, value, format!("{name} {}", brief(value, 40)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str, mask: Mask) -> String {
        joined(&describe(&Body::new(json)), mask, &Icons::UNICODE)
    }

    #[test]
    fn a_body_tells_what_it_was_about() {
        let check = |json: &str, expected: &str| {
            assert_eq!(told(json, Mask::Off), expected, "{json}");
        };
        check(r#"{"web":{"webPageDetails":{"URL":"/sale"}}}"#, "/sale");
        check(
            r#"{"commerce":{"order":{"priceTotal":42.5,"currencyCode":"NGN"}},"productListItems":[{"name":"Tote"},{"SKU":"1"}]}"#,
            "Tote +1 · 42.5 NGN",
        );
        check(r#"{"product":{"name":"Tote","id":1}}"#, "Tote");
        check(r#"{"_id":"x","step":2,"flag":true}"#, "step 2 · flag true");
        check(r#"{"page":null,"name":""}"#, "page null · name ");
        check("[1]", "");
        check("no json", "");
    }

    #[test]
    fn the_mask_hides_what_says_who_a_person_is() {
        let check = |json: &str, expected: &str| {
            assert_eq!(told(json, Mask::On), expected, "{json}");
        };
        check(r#"{"total":5,"message":"to maya@example.com"}"#, "5 · •••");
        check(r#"{"email":"x","step":2}"#, "••• · step 2");
    }

    #[test]
    fn a_body_that_is_too_long_is_left_alone() {
        let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(10_000_000));
        assert_eq!(describe(&Body::new(long)), []);
    }
}
