//! Whether rows are records or events.

use super::finding::{Finding, Opinion, Sort, grouped};
use super::sample::Sample;
use super::time::TimeColumn;
use super::words::{has_word, words};
use super::{keys, time};
use crate::model::DatasetKind;

/// Words in the name of a dataset of events.
const EVENTS: [&str; 37] = [
    "event",
    "events",
    "order",
    "orders",
    "purchase",
    "purchases",
    "transaction",
    "transactions",
    "payment",
    "payments",
    "invoice",
    "invoices",
    "click",
    "clicks",
    "visit",
    "visits",
    "session",
    "sessions",
    "log",
    "logs",
    "booking",
    "bookings",
    "pageview",
    "pageviews",
    "views",
    "tracks",
    "sales",
    "pos",
    "receipts",
    "calls",
    "sends",
    "opens",
    "bestellungen",
    "commandes",
    "pedidos",
    "tickets",
    "activity",
];

/// Names of a column that says what happened.
const WHAT_HAPPENED: [&str; 9] = [
    "event",
    "eventtype",
    "eventname",
    "action",
    "activity",
    "activitytype",
    "eventaction",
    "ereignis",
    "interaction",
];

/// Rows for each person from which a table is rather one of events.
const MANY: f64 = 1.5;

/// What the rows are, with the time of the events.
pub fn of(
    dataset: &str,
    sample: &Sample,
    findings: &[Finding],
) -> (DatasetKind, Opinion, Option<TimeColumn>) {
    let Some(time) = time::of_events(sample) else {
        let reason = "no column is the time of an event";
        return (DatasetKind::Record, Opinion::new(90, reason), None);
    };
    let name = sample
        .columns
        .get(time.column)
        .map_or("", |column| &column.address.text);
    match event(dataset, sample, (findings, &time)) {
        Some((confidence, reason)) => {
            let opinion = Opinion::new(confidence, format!("a time (`{name}`) and {reason}"));
            (DatasetKind::Event, opinion, Some(time))
        }
        None => {
            let reason = "one row for each person, and nothing that happened";
            (DatasetKind::Record, Opinion::new(80, reason), None)
        }
    }
}

/// Why the rows of a table with a time are events.
fn event(
    dataset: &str,
    sample: &Sample,
    (findings, time): (&[Finding], &TimeColumn),
) -> Option<(u8, String)> {
    let mut columns = sample.columns.iter();
    let happening = columns.clone().find(|column| {
        column.filled > 0 && WHAT_HAPPENED.contains(&column.words.concat().as_str())
    });
    let key = columns.find(|column| {
        keys::speaks_of_a_happening(&column.words) && column.uniqueness() > 0.5 && column.filled > 0
    });
    let is_named = has_word(&words(dataset), &EVENTS);
    let rows = rows_for_each(sample, findings);
    if let Some(column) = happening {
        return Some((
            95,
            format!("`{}`, which says what happened", column.address.text),
        ));
    }
    if let Some(column) = key {
        return Some((
            93,
            format!(
                "`{}`, the key of something that happens",
                column.address.text
            ),
        ));
    }
    if is_named && time.is_named {
        return Some((88, format!("the name `{dataset}`")));
    }
    if let Some((rows, finding)) = rows.filter(|(rows, _)| *rows >= MANY) {
        let column = sample.columns.get(finding.column)?;
        let reason = format!(
            "{rows:.1} rows for each `{}` ({} of them)",
            column.address.text,
            grouped(column.distinct())
        );
        return Some((85, reason));
    }
    time.is_telling
        .then(|| (75, "its name is that of an event's time".to_owned()))
}

/// How many rows the best known person has on average.
pub fn rows_for_each<'f>(sample: &Sample, findings: &'f [Finding]) -> Option<(f64, &'f Finding)> {
    let people = findings
        .iter()
        .filter(|finding| finding.sort != Sort::OwnKey);
    let best = people.min_by_key(|finding| finding.sort)?;
    let column = sample.columns.get(best.column)?;
    Some((column.filled as f64 / column.distinct().max(1) as f64, best))
}
