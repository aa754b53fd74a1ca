//! A dataset under study: its sample, and which columns name somebody or the row itself.

use super::column::Column;
use super::finding::{Finding, Opinion, Sort};
use super::sample::Sample;
use super::words::camel;
use super::{fields, identities, keys};
use crate::ingest::mapping::Normalise;

/// A dataset whose first rows were looked at.
#[derive(Debug)]
pub struct Study {
    /// Its name.
    pub name: String,
    /// Its first rows.
    pub sample: Sample,
    /// The columns that name somebody.
    pub findings: Vec<Finding>,
    /// The column that names the row itself, such as `id`: filled everywhere, none twice.
    pub own_key: Option<usize>,
}

impl Study {
    /// The study of a sample.
    pub fn of(name: &str, sample: Sample) -> Study {
        let mut findings = identities::find(&sample);
        let speaks_of_persons = !findings.is_empty() || fields::of_persons(&sample) > 0;
        if speaks_of_persons {
            let other = other_keys(&sample, &findings);
            findings.extend(other);
        }
        Study {
            name: name.to_owned(),
            own_key: own_key(&sample),
            sample,
            findings,
        }
    }

    /// Whether the rows bring their identities in an `identityMap`, so that there is nothing to guess.
    pub fn is_described(&self) -> bool {
        self.sample.described * 2 > self.sample.count()
    }

    /// Whether its rows are persons, or things that persons did.
    pub fn has_persons(&self) -> bool {
        !self.findings.is_empty()
            || (self.own_key.is_some() && fields::of_persons(&self.sample) > 0)
    }

    /// The column of a place.
    pub fn column(&self, place: usize) -> Option<&Column> {
        self.sample.columns.get(place)
    }

    /// The namespace of the row's own key: the dataset's name, a dot, and that of the column.
    pub fn own_namespace(&self, column: &Column) -> String {
        let is_plain =
            |letter: char| !letter.is_control() && !letter.is_whitespace() && letter != ':';
        let name = self
            .name
            .chars()
            .map(|letter| if is_plain(letter) { letter } else { '_' });
        let name: String = name.collect();
        format!("{name}.{}", camel(&column.words))
    }

    /// A column of the row's own key as an identity.
    pub fn own_finding(&self, place: usize) -> Option<Finding> {
        let column = self.column(place)?;
        let reason = format!("the key of the row itself, {}", keys::repeats(column));
        Some(Finding {
            column: place,
            namespace: self.own_namespace(column),
            sort: Sort::OwnKey,
            normalise: vec![Normalise::Trim],
            opinion: Opinion::new(85, reason),
        })
    }
}

/// A bare `id` that is filled everywhere and never repeats.
fn own_key(sample: &Sample) -> Option<usize> {
    let is_own =
        |column: &Column| keys::is_bare_key(&column.words) && names_each_row(sample, column);
    sample.columns.iter().position(is_own)
}

/// Whether a column holds keys, one for nearly every row; a row that is there twice is no harm.
pub fn names_each_row(sample: &Sample, column: &Column) -> bool {
    keys::holds_keys(column)
        && column.filled * 100 >= sample.count() * 99
        && column.uniqueness() >= 0.98
}

/// Keys of nobody knows what, one for each row: in a table of persons they name the person.
fn other_keys(sample: &Sample, findings: &[Finding]) -> Vec<Finding> {
    let columns = sample.columns.iter().enumerate();
    let found = columns.filter_map(|(place, column)| {
        let is_found = findings.iter().any(|finding| finding.column == place);
        let is_key = keys::is_named_like_a_key(&column.words)
            && !keys::is_bare_key(&column.words)
            && !keys::speaks_of_a_thing(&column.words)
            && names_each_row(sample, column);
        let reason = format!("named like a key, {}", keys::repeats(column));
        (is_key && !is_found && sample.count() > 1).then(|| Finding {
            column: place,
            namespace: camel(&column.words),
            sort: Sort::OtherKey,
            normalise: vec![Normalise::Trim],
            opinion: Opinion::new(80, reason),
        })
    });
    found.collect()
}
