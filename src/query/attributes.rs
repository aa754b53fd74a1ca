//! Tests on attributes: which values stand at a path, and whether one of them is wanted.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use crate::model::value::{compare_numbers, is_number};
use crate::model::{Match, Path, Profile};

use super::ast::{Side, Values};
use super::eval::{Closeness, Outcome};
use super::operand::Wanted;
use super::pattern::{PathPattern, Pattern};

/// How many matching values of one term are told.
const MOST_MATCHES: usize = 8;

/// A test on one path.
pub(super) struct AttributeTest<'q> {
    pub path: &'q PathPattern,
    pub values: &'q Values,
}

impl AttributeTest<'_> {
    /// The values of a profile that are wanted; with `Side::Said` those that lost too.
    pub fn of_profile(&self, profile: &Profile, side: Side) -> Option<Outcome> {
        let mut found = Found::default();
        each_value(profile, |path, value, is_winning| {
            if is_winning {
                self.of_value(path, value, Standing::Won, &mut found);
            } else if side == Side::Said {
                self.of_value(path, value, Standing::Lost, &mut found);
            }
        });
        found.outcome()
    }

    /// The values of an event that are wanted.
    pub fn of_body(&self, body: &Value) -> Option<Outcome> {
        let mut found = Found::default();
        self.of_value(&Path::root(), body, Standing::Won, &mut found);
        found.outcome()
    }

    fn of_value(&self, path: &Path, value: &Value, standing: Standing, found: &mut Found) {
        let mut keys: Vec<&str> = path.keys().iter().map(String::as_str).collect();
        each_scalar(&mut keys, value, &mut |keys, value| {
            if let Some(closeness) = self.closeness(keys, value) {
                found.add(keys, value, standing, closeness);
            }
        });
    }

    fn closeness(&self, keys: &[&str], value: &Value) -> Option<Closeness> {
        match self.values {
            Values::Present => self.path.holds(keys).then_some(Closeness::ExactValue),
            Values::OneOf(wanted) if self.path.ends(keys) => {
                let text = text_of(value);
                let all = wanted.iter().filter_map(|one| closeness(one, value, &text));
                all.min()
            }
            Values::OneOf(_) => None,
        }
    }
}

/// How close the scalars of a value at a path come to what a test on attributes asks for.
pub fn how_close(
    pattern: &PathPattern,
    values: &Values,
    keys: &[String],
    value: &Value,
) -> Option<Closeness> {
    let test = AttributeTest {
        path: pattern,
        values,
    };
    let mut keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut closest = None;
    each_scalar(&mut keys, value, &mut |keys, value| {
        let own = test.closeness(keys, value);
        closest = closest.into_iter().chain(own).min();
    });
    closest
}

/// Every value of a profile that attributes' tests look at, with its path and whether it wins.
pub fn each_value(profile: &Profile, mut visit: impl FnMut(&Path, &Value, bool)) {
    for leaf in &profile.leaves {
        visit(&leaf.path, &leaf.value, true);
        for candidate in &leaf.candidates {
            visit(&leaf.path, &candidate.value, false);
        }
    }
    each_segment(profile, |path, value| visit(path, value, true));
}

/// The segments among them, which are no leaves.
pub fn each_segment(profile: &Profile, mut visit: impl FnMut(&Path, &Value)) {
    if let Some((key, value)) = profile.entity.get_key_value("segmentMembership") {
        visit(&Path(vec![key.clone()]), value);
    }
}

/// How close a pattern comes to a text that it matches.
pub fn closeness_of(pattern: &Pattern) -> Closeness {
    match (pattern.literal(), pattern.prefix()) {
        (Some(_), _) => Closeness::ExactValue,
        (None, "") => Closeness::Inside,
        (None, _) => Closeness::Prefix,
    }
}

/// Every text, number and truth value inside a value, with the keys that lead to it; places in arrays are no keys.
pub fn each_scalar<'v>(
    keys: &mut Vec<&'v str>,
    value: &'v Value,
    visit: &mut dyn FnMut(&[&'v str], &'v Value),
) {
    match value {
        Value::Null => {}
        Value::Array(elements) => {
            for element in elements {
                each_scalar(keys, element, visit);
            }
        }
        Value::Object(object) => {
            for (key, value) in object {
                keys.push(key);
                each_scalar(keys, value, visit);
                keys.pop();
            }
        }
        scalar => visit(keys, scalar),
    }
}

/// A scalar as people read it.
pub fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

fn closeness(wanted: &Wanted, value: &Value, text: &str) -> Option<Closeness> {
    match wanted {
        Wanted::Like(pattern) if pattern.matches(text) => Some(closeness_of(pattern)),
        Wanted::Like(pattern) => {
            let literal = pattern.literal().filter(|text| is_number(text))?;
            let is_equal =
                value.is_number() && compare_numbers(text, literal) == Some(Ordering::Equal);
            is_equal.then_some(Closeness::ExactValue)
        }
        compared => compared
            .accepts(|operand| operand.compare(text))
            .then_some(Closeness::ExactValue),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Won,
    Lost,
}

#[derive(Default)]
struct Found {
    matches: Vec<Match>,
    closeness: Option<Closeness>,
}

impl Found {
    fn add(&mut self, keys: &[&str], value: &Value, standing: Standing, closeness: Closeness) {
        let best = self.closeness.map_or(closeness, |best| best.min(closeness));
        self.closeness = Some(best);
        if self.matches.len() >= MOST_MATCHES {
            return;
        }
        let path = Path(keys.iter().map(ToString::to_string).collect()).to_string();
        let mut known = self.matches.iter();
        if known.all(|known| known.path != path || known.value != *value) {
            self.matches.push(Match {
                path,
                value: value.clone(),
                winning: standing == Standing::Won,
            });
        }
    }

    fn outcome(self) -> Option<Outcome> {
        let matches = self.matches;
        self.closeness
            .map(|closeness| Outcome { matches, closeness })
    }
}
