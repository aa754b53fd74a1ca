//! In which order results come, where it is not that of closeness.

use std::cmp::Ordering;
use std::convert::Infallible;
use std::str::FromStr;

use serde_json::Value;

use crate::model::value::{compare_numbers, is_number};
use crate::model::{Moment, Path};

use super::attributes::text_of;
use super::pattern::PathPattern;
use super::text::fold;

/// An order of results; every text is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// From the last to the first.
    pub is_descending: bool,
}

/// What results are ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// The name of the profile.
    Name,
    /// Its last event, else its last ingestion.
    Seen,
    /// When it was first seen.
    First,
    /// How many identities it has.
    Identities,
    /// How many events.
    Events,
    /// How many fragments.
    Fragments,
    /// An attribute.
    Attribute(PathPattern),
}

impl FromStr for Sort {
    type Err = Infallible;

    /// A word of the language or an attribute's path; `-` before it is descending, `attr.` makes it a path.
    fn from_str(text: &str) -> Result<Sort, Infallible> {
        let text = text.trim();
        let (is_descending, field) = match text.strip_prefix('-') {
            Some(field) => (true, field),
            None => (false, text),
        };
        let by = match field.to_ascii_lowercase().as_str() {
            "name" => SortBy::Name,
            "seen" => SortBy::Seen,
            "first" => SortBy::First,
            "ids" => SortBy::Identities,
            "events" => SortBy::Events,
            "fragments" => SortBy::Fragments,
            _ => {
                let path: Path = field.strip_prefix("attr.").unwrap_or(field).parse()?;
                SortBy::Attribute(PathPattern::of(path))
            }
        };
        Ok(Sort { by, is_descending })
    }
}

/// Orders values: numbers by what they count, then moments, then texts as they are folded.
pub fn compare_values(a: &Value, b: &Value) -> Ordering {
    compare_texts(&text_of(a), &text_of(b))
}

/// The same of values as their texts.
pub fn compare_texts(a: &str, b: &str) -> Ordering {
    let key = |text: &str| match (is_number(text), Moment::read(text)) {
        (true, _) => (0, None),
        (false, Some(moment)) => (1, Some(moment)),
        (false, None) => (2, None),
    };
    let numbers = || compare_numbers(a, b).unwrap_or(Ordering::Equal);
    key(a)
        .cmp(&key(b))
        .then_with(numbers)
        .then_with(|| fold(a).cmp(&fold(b)))
        .then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_sort_as_numbers_then_moments_then_texts() {
        let mut values: Vec<Value> = serde_json::from_str(
            r#"["b", "A", "10", 9, "2024-01-02", "2024-01-01T23:00:00Z", true, 1e1]"#,
        )
        .expect("JSON");
        values.sort_by(compare_values);
        let sorted = serde_json::to_string(&values).expect("JSON");
        let expected = r#"[9,"10",1e1,"2024-01-01T23:00:00Z","2024-01-02","A","b",true]"#;
        assert_eq!(sorted.replace("1e+1", "1e1"), expected);
    }

    #[test]
    fn an_order_is_a_word_or_a_path() {
        let check = |text: &str, expected: &SortBy, is_descending: bool| {
            let sort: Sort = text.parse().expect("every text is an order");
            assert_eq!(
                (&sort.by, sort.is_descending),
                (expected, is_descending),
                "{text}"
            );
        };
        check("name", &SortBy::Name, false);
        check("-seen", &SortBy::Seen, true);
        let name = PathPattern::of(Path(vec!["name".into()]));
        check("-attr.name", &SortBy::Attribute(name), true);
    }
}
