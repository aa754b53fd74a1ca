//! Which column is the time: that of an event, or that at which a record was changed.

use super::column::Column;
use super::finding::{Opinion, of_rows};
use super::sample::Sample;
use super::shape::{Shape, TIMES};
use super::words::has_word;

/// Names of the time of an event, the surest first.
const EVENT: [&str; 36] = [
    "timestamp",
    "eventtime",
    "eventtimestamp",
    "eventdate",
    "occurredat",
    "happenedat",
    "orderdate",
    "orderedat",
    "ordertime",
    "purchasedate",
    "purchasedat",
    "purchasetime",
    "transactiondate",
    "transactiontime",
    "transactedat",
    "paymentdate",
    "paidat",
    "invoicedate",
    "visitdate",
    "bookingdate",
    "sentat",
    "receivedat",
    "datetime",
    "time",
    "ts",
    "date",
    "createdat",
    "createdon",
    "createddate",
    "created",
    "bestelldatum",
    "datum",
    "zeitpunkt",
    "fecha",
    "datecommande",
    "datedecommande",
];

/// Names of the time at which a record was changed, the surest first.
const CHANGED: [&str; 20] = [
    "updatedat",
    "lastupdated",
    "lastupdatedat",
    "lastupdateddate",
    "lastupdate",
    "updated",
    "updatedon",
    "updateddate",
    "updatetime",
    "modifiedat",
    "lastmodified",
    "lastmodifiedat",
    "lastmodifieddate",
    "modified",
    "modifiedon",
    "changedat",
    "lastchanged",
    "geaendertam",
    "geandertam",
    "aktualisiertam",
];

/// Days of a person or a contract, which are no moments of the row.
const OF_SOMETHING_ELSE: [&str; 19] = [
    "birth",
    "dob",
    "birthday",
    "join",
    "joined",
    "signup",
    "registered",
    "registration",
    "expiry",
    "expires",
    "valid",
    "start",
    "end",
    "since",
    "due",
    "geburt",
    "geburtsdatum",
    "updated",
    "modified",
];

/// A column that may be the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeColumn {
    /// The place of the column.
    pub column: usize,
    /// How sure that is.
    pub opinion: Opinion,
    /// Whether the name says so; else the values alone do.
    pub is_named: bool,
    /// Whether the name is that of an event's time and of nothing else.
    pub is_telling: bool,
}

/// The best time of events.
pub fn of_events(sample: &Sample) -> Option<TimeColumn> {
    named(sample, &EVENT)
        .or_else(|| ending(sample))
        .or_else(|| alone(sample))
}

/// The time at which records were changed.
pub fn of_records(sample: &Sample) -> Option<TimeColumn> {
    named(sample, &CHANGED)
}

/// The column with the surest name whose values are times.
fn named(sample: &Sample, names: &[&str]) -> Option<TimeColumn> {
    let columns = || {
        sample
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| holds_times(column))
    };
    names.iter().enumerate().find_map(|(rank, name)| {
        let mut same = columns().filter(|(_, column)| column.words.concat() == *name);
        let (place, column) = same.next()?;
        Some(time_column(
            (place, column),
            "named like a time",
            75,
            (true, rank < TELLING),
        ))
    })
}

/// As many of the first names of events' times speak of nothing else.
const TELLING: usize = 21;

/// A column whose name ends like a time's, and does not speak of a birthday.
fn ending(sample: &Sample) -> Option<TimeColumn> {
    let is_ending = |column: &Column| {
        let last = column.words.last().map(String::as_str);
        matches!(
            last,
            Some("date" | "time" | "timestamp" | "at" | "on" | "ts" | "datum")
        )
    };
    let mut columns = sample.columns.iter().enumerate();
    let found = columns.find(|(_, column)| {
        is_ending(column) && holds_times(column) && !has_word(&column.words, &OF_SOMETHING_ELSE)
    });
    found.map(|found| time_column(found, "its name ends like a time", 65, (true, false)))
}

/// The only column with days and hours.
fn alone(sample: &Sample) -> Option<TimeColumn> {
    let is_moment = |column: &Column| column.share(&[Shape::Time]) >= 0.95;
    let mut columns = sample
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| is_moment(column));
    let found = columns.next().filter(|_| columns.next().is_none())?;
    let speaks_of_another = has_word(&found.1.words, &OF_SOMETHING_ELSE);
    (!speaks_of_another).then(|| {
        time_column(
            found,
            "the only column with days and hours",
            50,
            (false, false),
        )
    })
}

fn holds_times(column: &Column) -> bool {
    column.share(&TIMES) >= 0.9
}

fn time_column(
    (place, column): (usize, &Column),
    why: &str,
    least: u8,
    (is_named, is_telling): (bool, bool),
) -> TimeColumn {
    let seen = column.looks_like(&TIMES);
    let reason = format!("{why}, a time in {}", of_rows(seen, column.filled));
    TimeColumn {
        column: place,
        opinion: Opinion::by_share(least, seen, column.filled, reason),
        is_named,
        is_telling,
    }
}
