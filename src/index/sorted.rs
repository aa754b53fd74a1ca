//! The documents of a segment in an order of their own, without looking at more of them than are wanted.

use super::IndexError;
use super::docs::{Doc, Docs};
use super::layout::Subject;
use super::segment::{Number, Segment, Time};
use super::values::ValueTable;
use crate::query::{PathPattern, Sort, SortBy, compare_texts};

/// What a document is sorted by; the index knows it without folding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// A number or a moment.
    Number(i64),
    /// A text as it was said.
    Text(String),
}

impl SortKey {
    /// How two keys of one kind compare.
    pub fn compare(&self, other: &SortKey) -> std::cmp::Ordering {
        match (self, other) {
            (SortKey::Number(a), SortKey::Number(b)) => a.cmp(b),
            (SortKey::Text(a), SortKey::Text(b)) => compare_texts(a, b),
            (SortKey::Number(_), SortKey::Text(_)) => std::cmp::Ordering::Less,
            (SortKey::Text(_), SortKey::Number(_)) => std::cmp::Ordering::Greater,
        }
    }
}

/// The first documents of a set in this order, so many at most, each with its key; those without one come last.
pub fn sorted(
    segment: &Segment,
    docs: &Docs,
    sort: &Sort,
    most: usize,
) -> Result<Vec<(Doc, Option<SortKey>)>, IndexError> {
    let number = |number: Number| -> Result<_, IndexError> {
        let column = segment.number(number)?;
        Ok(by_number(docs, sort, most, |doc| {
            Some(column.get(doc as usize).into())
        }))
    };
    let time = |time: Time| -> Result<_, IndexError> {
        let column = segment.moments(time)?;
        Ok(by_number(docs, sort, most, |doc| column.get(doc)))
    };
    match &sort.by {
        SortBy::Seen => time(Time::Last),
        SortBy::First => time(Time::First),
        SortBy::Identities => number(Number::Identities),
        SortBy::Events => number(Number::Events),
        SortBy::Fragments => number(Number::Fragments),
        SortBy::Name => by_text(segment, docs, sort, most, |own| *own == Subject::Name),
        SortBy::Attribute(path) => by_text(segment, docs, sort, most, |own| is_at(own, path)),
    }
}

fn is_at(subject: &Subject, path: &PathPattern) -> bool {
    let Subject::Path(keys) = subject else {
        return false;
    };
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    path.ends(&keys)
}

fn by_number(
    docs: &Docs,
    sort: &Sort,
    most: usize,
    key: impl Fn(Doc) -> Option<i64>,
) -> Vec<(Doc, Option<SortKey>)> {
    let direction = |key: i64| if sort.is_descending { !key } else { key };
    let mut all: Vec<(bool, i64, Doc)> = docs
        .iter()
        .map(|doc| {
            let key = key(doc);
            (key.is_none(), key.map_or(0, direction), doc)
        })
        .collect();
    if all.len() > most && most > 0 {
        all.select_nth_unstable(most - 1);
    }
    all.truncate(most);
    all.sort_unstable();
    let keys = all
        .into_iter()
        .map(|(is_none, key, doc)| (doc, (!is_none).then_some(SortKey::Number(direction(key)))));
    keys.collect()
}

/// Goes through the values in their order, of several tables at once, until enough documents are found.
fn by_text(
    segment: &Segment,
    docs: &Docs,
    sort: &Sort,
    most: usize,
    is_asked: impl Fn(&Subject) -> bool,
) -> Result<Vec<(Doc, Option<SortKey>)>, IndexError> {
    let tables = segment.tables(is_asked)?;
    let mut left = docs.clone();
    let mut found: Vec<(Doc, Option<SortKey>)> = Vec::new();
    let mut values = Merged::of(tables.iter().map(|(_, table)| table.as_ref()), sort);
    while found.len() < most
        && let Some(alike) = values.next()
    {
        let mut group = Vec::new();
        for (table, at) in &alike {
            let winning = table.docs(*at).filter(|(_, standing)| standing.wins());
            group.extend(
                winning
                    .map(|(doc, _)| doc)
                    .filter(|doc| left.contains(*doc)),
            );
        }
        group.sort_unstable();
        group.dedup();
        let text = alike
            .first()
            .map_or("", |(table, at)| table.value(*at).text);
        for doc in group {
            left.remove(doc);
            found.push((doc, Some(SortKey::Text(text.to_owned()))));
        }
    }
    let rest = most.saturating_sub(found.len());
    found.extend(left.iter().take(rest).map(|doc| (doc, None)));
    found.truncate(most);
    Ok(found)
}

/// The values of several tables in one order, those that say the same together.
struct Merged<'t> {
    tables: Vec<(&'t ValueTable, Vec<usize>)>,
    is_descending: bool,
}

impl<'t> Merged<'t> {
    /// The next value is the last of each list.
    fn of(tables: impl Iterator<Item = &'t ValueTable>, sort: &Sort) -> Merged<'t> {
        let in_order = |table: &'t ValueTable| {
            let order: Vec<usize> = if sort.is_descending {
                table.in_order().collect()
            } else {
                table.in_order().rev().collect()
            };
            (table, order)
        };
        Merged {
            tables: tables.map(in_order).collect(),
            is_descending: sort.is_descending,
        }
    }

    fn next(&mut self) -> Option<Vec<(&'t ValueTable, usize)>> {
        let heads = self.tables.iter().filter_map(|(table, order)| {
            let at = *order.last()?;
            Some(table.value(at).text)
        });
        let first = heads.min_by(|a, b| {
            let order = compare_texts(a, b);
            if self.is_descending {
                order.reverse()
            } else {
                order
            }
        })?;
        let mut alike = Vec::new();
        for (table, order) in &mut self.tables {
            while let Some(at) = order.last().copied()
                && compare_texts(table.value(at).text, first).is_eq()
            {
                alike.push((*table, at));
                order.pop();
            }
        }
        Some(alike)
    }
}
