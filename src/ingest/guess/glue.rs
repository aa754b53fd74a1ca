//! Values that would glue strangers together: one phone number of 37 customers, `test@test.com`.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use xxhash_rust::xxh3::xxh3_64;

use super::sample::Rows;
use super::shape::is_email;
use crate::ingest::mapping::{Address, IdentityField, Mapping, Nulls};
use crate::ingest::plan::PlannedFile;
use crate::model::{DatasetKind, GluedValue};

/// So many persons with one value are no family any more.
const STRANGERS: usize = 5;
/// A placeholder glues from two on.
const WITH_PLACEHOLDER: usize = 2;
/// Values of a column that are counted; later ones are not.
const MOST_VALUES: usize = 300_000;
/// Values that are named.
const MOST_NAMED: usize = 5;
/// Persons beyond these are not counted for a value.
const MOST_PERSONS: usize = 100_000;

/// How much may be read and how long that may take, over all files of a command.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Bytes of text that are left.
    pub bytes: u64,
    /// When it ends.
    pub until: Instant,
}

impl Budget {
    /// What may be spent on an import.
    pub fn of_command() -> Budget {
        Budget {
            bytes: 64 << 20,
            until: Instant::now() + Duration::from_secs(2),
        }
    }
}

/// The values that would glue most, counted over the files as far as the budget goes.
pub fn glued(
    files: &[PlannedFile],
    mapping: &Mapping,
    kind: DatasetKind,
    budget: &mut Budget,
) -> Vec<GluedValue> {
    let Some(roles) = roles(mapping) else {
        return Vec::new();
    };
    let mut count = Count::new(roles, &mapping.nulls, kind);
    for file in files {
        let Some(text) = file.sampled_text(mapping.encoding) else {
            continue;
        };
        let before = budget.bytes;
        let mut rows = Rows::new(file, text, before);
        let mut met = 0_u32;
        while rows.next(|row| count.row(file, row)).is_some() {
            budget.bytes = before.saturating_sub(rows.bytes);
            met += 1;
            if budget.bytes == 0 || met.is_multiple_of(1_024) && Instant::now() > budget.until {
                return count.named();
            }
        }
    }
    count.named()
}

/// The identity by which persons are told apart, and those that may be shared.
fn roles(mapping: &Mapping) -> Option<Roles<'_>> {
    let (first, rest) = mapping.identities.split_first()?;
    let is_alone = rest.is_empty();
    let others = if is_alone {
        vec![first]
    } else {
        rest.iter().filter(|field| !is_foreign_key(field)).collect()
    };
    Some(((!is_alone).then_some(first), others))
}

/// The key of another dataset (`users.id`) gathers what belongs to one of its rows: that is what it is for.
fn is_foreign_key(field: &IdentityField) -> bool {
    field.namespace.contains('.')
}

type Roles<'m> = (Option<&'m IdentityField>, Vec<&'m IdentityField>);

/// Who has a value.
struct Holders {
    text: Box<str>,
    /// As it was written first.
    written: Box<str>,
    first: u64,
    more: HashSet<u64>,
    rows: u64,
}

struct Count<'m> {
    key: Option<&'m IdentityField>,
    others: Vec<(&'m IdentityField, HashMap<u64, Holders>)>,
    nulls: &'m Nulls,
    kind: DatasetKind,
    rows: u64,
}

impl<'m> Count<'m> {
    fn new((key, others): Roles<'m>, nulls: &'m Nulls, kind: DatasetKind) -> Count<'m> {
        let others = others.into_iter().map(|field| (field, HashMap::new()));
        Count {
            key,
            others: others.collect(),
            nulls,
            kind,
            rows: 0,
        }
    }

    fn row(&mut self, file: &PlannedFile, row: &str) {
        self.rows += 1;
        let fields = self
            .key
            .into_iter()
            .chain(self.others.iter().map(|(field, _)| *field));
        let fields: Vec<&IdentityField> = fields.collect();
        let addresses: Vec<&Address> = fields.iter().map(|field| &field.address).collect();
        let values = file
            .values(row, &addresses)
            .into_iter()
            .zip(&fields)
            .map(|(value, field)| {
                let value = value.filter(|value| !self.is_null(field, value))?;
                let value = value.into_owned();
                let normalised = field.normalised(value.clone());
                (!normalised.trim().is_empty()).then_some((value, normalised))
            });
        let mut values = values.collect::<Vec<_>>().into_iter();
        let key = self.key.and_then(|_| values.next());
        let person = match (key, self.kind) {
            (Some(Some((_, key))), _) => xxh3_64(key.as_bytes()),
            (None, DatasetKind::Record) => self.rows,
            _ => return,
        };
        for ((_, holders), value) in self.others.iter_mut().zip(values) {
            let Some((written, value)) = value else {
                continue;
            };
            let hash = xxh3_64(value.as_bytes());
            if holders.len() >= MOST_VALUES && !holders.contains_key(&hash) {
                continue;
            }
            let holder = holders.entry(hash).or_insert_with(|| Holders {
                text: clipped(&value),
                written: clipped(&written),
                first: person,
                more: HashSet::new(),
                rows: 0,
            });
            holder.rows += 1;
            if holder.first != person && holder.more.len() < MOST_PERSONS {
                holder.more.insert(person);
            }
        }
    }

    fn is_null(&self, field: &IdentityField, value: &str) -> bool {
        let mut listed = self.nulls.by_field.iter();
        listed.any(|(at, values)| *at == field.address && values.iter().any(|null| null == value))
    }

    fn named(self) -> Vec<GluedValue> {
        let mut found = Vec::new();
        for (field, holders) in self.others {
            let persons = |holder: &Holders| holder.more.len() + 1;
            let glues = |holder: &&Holders| {
                let least = if is_placeholder(&holder.text) {
                    WITH_PLACEHOLDER
                } else {
                    STRANGERS
                };
                persons(holder) >= least
            };
            found.extend(holders.values().filter(glues).map(|holder| {
                GluedValue {
                    source: field.address.text.clone(),
                    namespace: field.namespace.clone(),
                    written: holder.written.to_string(),
                    value: holder.text.to_string(),
                    rows: holder.rows,
                    of: self.rows,
                    persons: self
                        .key
                        .map(|key| (key.address.text.clone(), persons(holder) as u64)),
                }
            }));
        }
        found.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.value.cmp(&b.value)));
        found.truncate(MOST_NAMED);
        found
    }
}

fn clipped(value: &str) -> Box<str> {
    value.chars().take(120).collect::<String>().into()
}

/// Names before the `@` that nobody has.
const NOBODY: [&str; 16] = [
    "test",
    "none",
    "noemail",
    "no-email",
    "na",
    "n/a",
    "null",
    "unknown",
    "nobody",
    "noreply",
    "no-reply",
    "anonymous",
    "guest",
    "dummy",
    "fake",
    "xxx",
];

/// Whether a value stands for none: `test@test.com`, `000-000-0000`.
fn is_placeholder(value: &str) -> bool {
    let digits: Vec<u8> = value.bytes().filter(u8::is_ascii_digit).collect();
    let is_one_digit =
        digits.len() >= 5 && digits.windows(2).all(|pair| pair.first() == pair.last());
    let is_number = value.bytes().all(|byte| !byte.is_ascii_alphabetic());
    let is_counted = ["123456789", "1234567890", "0123456789", "12345678"]
        .iter()
        .any(|row| row.as_bytes() == digits);
    let name = value
        .split_once('@')
        .filter(|_| is_email(value))
        .map(|(name, _)| name.to_lowercase());
    name.is_some_and(|name| NOBODY.contains(&name.as_str()))
        || is_number && (is_one_digit || is_counted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_known() {
        let check =
            |value: &str, expected: bool| assert_eq!(is_placeholder(value), expected, "{value}");
        check("test@test.com", true);
        check("N/A@example.com", true);
        check("000-000-0000", true);
        check("1234567890", true);
        check("ana.test@test.com", false);
        check("719-933-0478", false);
        check("12", false);
    }
}
