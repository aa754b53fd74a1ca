//! Where columns stand in XDM, by their names, where the values do not speak against it.

mod names;

use super::column::Column;
use super::finding::{Finding, Opinion, Sort};
use super::sample::Sample;
use super::shape::{NUMBERS, Shape, TIMES};
use super::words::{has_word, is_one_of};
use crate::model::{DatasetKind, Path};
use names::{FIELDS, OF_PERSONS, Of, ROOTS, Values};

/// A column that has a place in XDM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The place of the column.
    pub column: usize,
    /// Where its values go.
    pub path: Path,
    /// How sure that is.
    pub opinion: Opinion,
}

/// The columns that go to another path.
pub fn find(sample: &Sample, kind: DatasetKind, findings: &[Finding]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let order = contacts(sample, findings)
        .into_iter()
        .chain(named(sample, kind))
        .chain(paths(sample));
    for place in order {
        let is_taken = places
            .iter()
            .any(|other| other.column == place.column || overlap(&other.path, &place.path));
        if !is_taken && !is_occupied(sample, &place) {
            places.push(place);
        }
    }
    places.sort_by_key(|place| place.column);
    places
}

/// Columns that hold what only persons have.
pub fn of_persons(sample: &Sample) -> usize {
    let is_of_person = |place: &Place| OF_PERSONS.contains(&place.path.to_string().as_str());
    let already = sample.columns.iter().filter(|column| {
        OF_PERSONS.contains(&column.address.path.to_string().as_str()) && column.filled > 0
    });
    named(sample, DatasetKind::Record)
        .filter(is_of_person)
        .count()
        + already.count()
}

/// Where e-mail addresses and telephone numbers go.
fn contacts(sample: &Sample, findings: &[Finding]) -> Vec<Place> {
    let place = |finding: &Finding| {
        let column = sample
            .columns
            .get(finding.column)
            .filter(|column| may_move(column))?;
        let is_of_work = has_word(&column.words, &["work", "business", "office", "company"]);
        let path = match (finding.sort, is_of_work, has_word(&column.words, &["home"])) {
            (Sort::Email, _, _) if finding.namespace != "Email" => return None,
            (Sort::Email, true, _) => "workEmail.address",
            (Sort::Email, false, _) => "personalEmail.address",
            (Sort::Phone, true, _) => "workPhone.number",
            (Sort::Phone, false, true) => "homePhone.number",
            (Sort::Phone, false, false) => "mobilePhone.number",
            _ => return None,
        };
        Some(Place {
            column: finding.column,
            path: path_of(path),
            opinion: finding.opinion.clone(),
        })
    };
    findings.iter().filter_map(place).collect()
}

/// Columns of tables whose names are paths already go there; a dot alone would leave them at the top.
fn paths(sample: &Sample) -> Vec<Place> {
    let place = |column: usize| {
        let path = sample.columns.get(column)?.address.path.clone();
        Some(Place {
            column,
            path,
            opinion: Opinion::new(90, "its name is a path"),
        })
    };
    let mut places: Vec<Place> = sample.named_by_paths().filter_map(place).collect();
    places.sort_by_key(|place| place.column);
    places
}

fn named(sample: &Sample, kind: DatasetKind) -> impl Iterator<Item = Place> {
    let wanted = match kind {
        DatasetKind::Record => Of::Records,
        DatasetKind::Event => Of::Events,
    };
    FIELDS
        .iter()
        .filter(move |(_, of, _, _)| *of == wanted)
        .flat_map(move |(path, _, values, names)| {
            let columns = sample.columns.iter().enumerate();
            columns.filter_map(move |(place, column)| {
                let is_named = may_move(column) && is_one_of(&column.words, names);
                let opinion = is_named.then(|| opinion(column, *values)).flatten()?;
                Some(Place {
                    column: place,
                    path: path_of(path),
                    opinion,
                })
            })
        })
}

/// Whether the values fit, and how well.
fn opinion(column: &Column, values: Values) -> Option<Opinion> {
    let (share, words) = match values {
        Values::Words => (
            1.0 - column.share(&NOT_WORDS) - column.share(&NUMBERS),
            "words",
        ),
        Values::Few => (few(column), "a few different words"),
        Values::Letters => (
            column.share_of(|value| {
                (2..=3).contains(&value.len())
                    && value.bytes().all(|byte| byte.is_ascii_alphabetic())
            }),
            "two or three letters",
        ),
        Values::Short => (
            column.share_of(|value| value.len() <= 40) - column.share(&NOT_WORDS),
            "short",
        ),
        Values::Numbers => (column.share(&NUMBERS), "numbers"),
        Values::Days => (column.share(&TIMES), "days"),
        Values::Urls => (
            column.share_of(|value| value.starts_with('/') || value.starts_with("http")),
            "addresses",
        ),
    };
    let is_fit = column.filled > 0 && column.lists == 0 && share >= 0.8;
    let percent = (share * 100.0).round();
    let reason = format!("by its name; {percent:.0} % of the values are {words}");
    is_fit.then(|| Opinion::new(60 + (share * 35.0) as u8, reason))
}

const NOT_WORDS: [Shape; 9] = [
    Shape::Email,
    Shape::Url,
    Shape::Uuid,
    Shape::Time,
    Shape::Day,
    Shape::DayFirst,
    Shape::MonthFirst,
    Shape::EitherFirst,
    Shape::Machine,
];

fn few(column: &Column) -> f64 {
    let is_few = column.distinct() <= 40 && (column.filled < 20 || column.uniqueness() <= 0.5);
    if is_few {
        1.0 - column.share(&NOT_WORDS)
    } else {
        0.0
    }
}

/// What stands in XDM's own objects stands right already.
fn may_move(column: &Column) -> bool {
    let keys = column.address.path.keys();
    let first = keys
        .first()
        .map(|key| key.strip_prefix("xdm:").unwrap_or(key));
    keys.len() < 2 || !first.is_some_and(|first| ROOTS.contains(&first))
}

/// Whether another column stands at the path, or on the way to it.
fn is_occupied(sample: &Sample, place: &Place) -> bool {
    let columns = sample.columns.iter().enumerate();
    let mut others = columns.filter(|(at, _)| *at != place.column);
    others.any(|(_, column)| overlap(&column.address.path, &place.path))
}

fn overlap(a: &Path, b: &Path) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

fn path_of(text: &str) -> Path {
    text.parse().unwrap_or_else(|never| match never {})
}
