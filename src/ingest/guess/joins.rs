//! Which columns speak of the rows of another file: `user_id` of `users.id`, where the values lie within it.

use std::collections::{BTreeMap, HashSet};

use super::column::Column;
use super::finding::{Finding, Opinion, Sort, grouped};
use super::study::Study;
use super::words::{camel, words};
use super::{keys, shape};
use crate::ingest::mapping::Normalise;

/// The share of a column's values that must lie within a key for the two to be joined.
const WITHIN: f64 = 0.9;

/// Fewer values agree by chance.
const FEWEST_OPAQUE: usize = 20;
/// Shorter values agree by chance.
const SHORTEST_OPAQUE: f64 = 6.0;

/// What a store holds already.
pub trait Held {
    /// How many of these values are identities of the namespace.
    fn within(&self, namespace: &str, values: &[&str]) -> usize;
}

/// Joins columns with the keys of other datasets under study, of rows that describe themselves, and of the store.
pub fn join(studies: &mut [Study], known: &[String], held: Option<&dyn Held>) {
    let owners = owners(studies);
    for study in studies.iter_mut() {
        let places: Vec<usize> = (0..study.sample.columns.len()).collect();
        for place in places {
            join_column(study, place, (&owners, known, held));
        }
    }
    adopt_described(studies);
}

/// A key of rows that other rows may speak of.
struct Owner {
    /// The words of the dataset's name.
    words: Vec<String>,
    namespace: String,
    values: HashSet<Box<str>>,
    is_part: bool,
}

/// The tables of persons that have a key of their own.
fn owners(studies: &[Study]) -> Vec<Owner> {
    let owner = |study: &Study| {
        let column = study.column(study.own_key?)?;
        let is_person = study.has_persons() && !study.is_described();
        is_person.then(|| Owner {
            words: words(&study.name),
            namespace: study.own_namespace(column),
            values: column.values.keys().cloned().collect(),
            is_part: study.sample.is_part,
        })
    };
    studies.iter().filter_map(owner).collect()
}

type Keys<'k> = (&'k [Owner], &'k [String], Option<&'k dyn Held>);

fn join_column(study: &mut Study, place: usize, (owners, known, held): Keys<'_>) {
    let Some(column) = study.column(place) else {
        return;
    };
    let Some(stem) = stem(&column.words).filter(|_| keys::holds_keys(column)) else {
        return;
    };
    let own = study
        .own_key
        .and_then(|own| study.column(own))
        .map(|own| study.own_namespace(own));
    let others = owners
        .iter()
        .filter(|owner| Some(&owner.namespace) != own.as_ref());
    let found = of_files(column, stem, others).or_else(|| {
        let codes = known.iter().filter(|code| Some(*code) != own.as_ref());
        of_store(column, stem, codes, held?)
    });
    let Some((namespace, opinion)) = found else {
        return;
    };
    study.findings.retain(|finding| finding.column != place);
    study.findings.push(Finding {
        column: place,
        namespace,
        sort: Sort::PersonKey,
        normalise: vec![Normalise::Trim],
        opinion,
    });
}

/// What a key's name speaks of: `user` of `user_id`, `userId` and `userid`.
fn stem(words: &[String]) -> Option<&str> {
    match words {
        [stem, key] if keys::is_bare_key(std::slice::from_ref(key)) => Some(stem),
        [key, stem] if key == "id" => Some(stem),
        [both] => both.strip_suffix("id").filter(|stem| stem.len() > 2),
        _ => None,
    }
}

/// Whether a dataset's name has the word, in the singular or the plural.
fn speaks_of(dataset: &[String], stem: &str) -> bool {
    let plural = [
        format!("{stem}s"),
        format!("{stem}es"),
        format!("{}ies", stem.trim_end_matches('y')),
        format!("{stem}en"),
    ];
    dataset
        .iter()
        .any(|word| word == stem || plural.contains(word))
}

fn of_files<'o>(
    column: &Column,
    stem: &str,
    owners: impl Iterator<Item = &'o Owner>,
) -> Option<(String, Opinion)> {
    let mut named = owners.filter(|owner| speaks_of(&owner.words, stem));
    let owner = named.next()?;
    let within = column
        .values
        .keys()
        .filter(|value| owner.values.contains(*value))
        .count();
    // Where the key was not read to its end, its other values can't be held against it.
    let least = if owner.is_part { 0.0 } else { WITHIN };
    let all = column.values.len();
    let share = within as f64 / all.max(1) as f64;
    let words = format!(
        "{} of its {} values are in {}",
        grouped(within as u64),
        grouped(all as u64),
        owner.namespace
    );
    (share >= least && is_alike(column, owner)).then(|| {
        (
            owner.namespace.clone(),
            Opinion::new(60 + (share * 39.0) as u8, words),
        )
    })
}

/// Whether the values are of one kind: both numbers, or both not.
fn is_alike(column: &Column, owner: &Owner) -> bool {
    let is_number = |value: &str| shape::NUMBERS.contains(&shape::shape_of(value));
    let numbers = owner
        .values
        .iter()
        .take(100)
        .filter(|value| is_number(value))
        .count();
    let is_numeric = numbers * 2 > owner.values.len().min(100);
    (column.share(&shape::NUMBERS) > 0.5) == is_numeric
}

/// The keys of datasets that the store knows: `users.id`.
fn of_store<'k>(
    column: &Column,
    stem: &str,
    codes: impl Iterator<Item = &'k String>,
    held: &dyn Held,
) -> Option<(String, Opinion)> {
    let is_named = |code: &&String| {
        code.rsplit_once('.').is_some_and(|(dataset, key)| {
            keys::is_bare_key(&words(key)) && speaks_of(&words(dataset), stem)
        })
    };
    let code = codes.into_iter().find(is_named)?;
    let mut values: Vec<&str> = column.values.keys().map(AsRef::as_ref).collect();
    values.sort_unstable();
    values.truncate(1_000);
    let within = held.within(code, &values);
    let share = within as f64 / values.len().max(1) as f64;
    let words = format!(
        "{} of {} values are in {code}, which the store knows",
        grouped(within as u64),
        grouped(values.len() as u64)
    );
    (share >= WITHIN).then(|| (code.clone(), Opinion::new(60 + (share * 39.0) as u8, words)))
}

/// Keys whose values are those of a namespace in the `identityMap` of other rows take its code.
fn adopt_described(studies: &mut [Study]) {
    let mut described: BTreeMap<String, HashSet<Box<str>>> = BTreeMap::new();
    for study in studies.iter() {
        for (code, values) in &study.sample.named {
            described
                .entry(code.clone())
                .or_default()
                .extend(values.iter().cloned());
        }
    }
    let mut mapped: BTreeMap<String, HashSet<Box<str>>> = BTreeMap::new();
    for study in studies.iter() {
        for finding in study
            .findings
            .iter()
            .filter(|finding| finding.sort <= Sort::Card)
        {
            let values = study
                .column(finding.column)
                .into_iter()
                .flat_map(|column| column.values.keys().cloned());
            mapped
                .entry(finding.namespace.clone())
                .or_default()
                .extend(values);
        }
    }
    for (code, values) in &mapped {
        let same = described
            .iter()
            .find(|(other, others)| *other != code && are_same(values, others));
        if let Some((other, _)) = same {
            rename(studies, code, other);
        }
    }
}

fn are_same(a: &HashSet<Box<str>>, b: &HashSet<Box<str>>) -> bool {
    let both = a.intersection(b).count();
    let smaller = a.len().min(b.len());
    let length = a.iter().map(|value| value.len()).sum::<usize>() as f64 / a.len().max(1) as f64;
    smaller >= FEWEST_OPAQUE && length >= SHORTEST_OPAQUE && both as f64 >= WITHIN * smaller as f64
}

fn rename(studies: &mut [Study], from: &str, to: &str) {
    for finding in studies.iter_mut().flat_map(|study| &mut study.findings) {
        if finding.namespace == from {
            to.clone_into(&mut finding.namespace);
            finding
                .opinion
                .reason
                .push_str("; its values are those of ");
            finding.opinion.reason.push_str(to);
            finding
                .opinion
                .reason
                .push_str(" in the identityMap of other rows");
        }
    }
}

/// A code for a second key that would share one with another: its own words.
pub fn own_code(column: &Column) -> String {
    camel(&column.words)
}
