//! Which column is the time: that of an event, or that at which a record was changed; and whether its dates begin with the day.

use super::column::{Column, part};
use super::finding::{Opinion, of_rows};
use super::sample::Sample;
use super::shape::{SLASHED, Shape, TIMES};
use super::words::has_word;
use crate::ingest::time::DateOrder;

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
    /// What comes first in its dates, where they have slashes.
    pub order: Option<DateOrder>,
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
    part(times(column), column.filled) >= 0.9
}

/// Rows whose value can be read as a time.
fn times(column: &Column) -> u64 {
    let slashed = match order(column) {
        Order::Is(_) => column.looks_like(&SLASHED),
        Order::None | Order::Open | Order::Both => 0,
    };
    column.looks_like(&TIMES) + slashed
}

/// What comes first in the dates of a column.
enum Order {
    /// They have no slashes.
    None,
    /// A day above 12 says it.
    Is(DateOrder),
    /// No day is above 12.
    Open,
    /// Some say this, some that.
    Both,
}

fn order(column: &Column) -> Order {
    let seen = |shape| column.looks_like(&[shape]) > 0;
    match (seen(Shape::DayFirst), seen(Shape::MonthFirst)) {
        (true, true) => Order::Both,
        (true, false) => Order::Is(DateOrder::DayFirst),
        (false, true) => Order::Is(DateOrder::MonthFirst),
        (false, false) if seen(Shape::EitherFirst) => Order::Open,
        (false, false) => Order::None,
    }
}

/// A sentence about a column that is named like a time, and whose dates cannot be read as nobody says what comes first.
pub fn unclear(sample: &Sample) -> Option<String> {
    let is_slashed = |column: &&Column| {
        let name = column.words.concat();
        let is_named = EVENT.iter().chain(&CHANGED).any(|known| *known == name);
        is_named && column.share(&SLASHED) >= 0.9
    };
    let column = sample.columns.iter().find(is_slashed)?;
    let why = match order(column) {
        Order::Open => "no day in the sample is above 12",
        Order::Both => "some days above 12 come first and some come second",
        Order::None | Order::Is(_) => return None,
    };
    let [day_first, month_first] = DateOrder::NAMES.map(|(name, _)| name);
    Some(format!(
        "`{0}` is not taken as a time, as its dates may begin with the day or with the month: {why}; say it in the import screen or in a mapping with time = \"{0}\" and dates = \"{day_first}\" or \"{month_first}\"",
        column.address.text
    ))
}

fn time_column(
    (place, column): (usize, &Column),
    why: &str,
    least: u8,
    (is_named, is_telling): (bool, bool),
) -> TimeColumn {
    let seen = times(column);
    let in_rows = of_rows(seen, column.filled);
    let order = match order(column) {
        Order::Is(order) => Some(order),
        Order::None | Order::Open | Order::Both => None,
    };
    let said = order.map_or_else(String::new, |order| {
        format!(", {}, as days above 12 say", order.name())
    });
    let reason = format!("{why}, a time in {in_rows}{said}");
    TimeColumn {
        column: place,
        opinion: Opinion::by_share(least, seen, column.filled, reason),
        is_named,
        is_telling,
        order,
    }
}
