//! Times as sources write them: RFC 3339, without a zone, as a number since 1970, as a date, with slashes, as a bare year.

mod scan;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use thiserror::Error;

use scan::{Scanner, Zone};

use crate::config::alternatives;
use crate::model::{Moment, PlainTime};

/// What comes first in a date such as `01/03/2024`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// The day, as in most of the world.
    DayFirst,
    /// The month, as in the United States.
    MonthFirst,
}

impl DateOrder {
    /// Both, with the names that mappings use.
    pub const NAMES: [(&'static str, DateOrder); 2] = [
        ("day/month/year", DateOrder::DayFirst),
        ("month/day/year", DateOrder::MonthFirst),
    ];

    /// The name that mappings use.
    pub fn name(self) -> &'static str {
        let named = DateOrder::NAMES.iter().find(|(_, order)| *order == self);
        named.map_or("", |(name, _)| name)
    }
}

impl FromStr for DateOrder {
    type Err = String;

    fn from_str(text: &str) -> Result<DateOrder, String> {
        let named = DateOrder::NAMES.iter().find(|(name, _)| *name == text);
        named.map(|(_, order)| *order).ok_or_else(|| {
            let hint = alternatives(text, DateOrder::NAMES.map(|(name, _)| name));
            format!("`{text}` is no order of a date; {hint}")
        })
    }
}

/// What a source leaves out of its times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    /// The zone of times without one; `None` is UTC.
    pub zone: Option<Tz>,
    /// What comes first in dates with slashes; without it, those that do not begin with the year are not read.
    pub order: Option<DateOrder>,
}

/// A time that was read, with what its text left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The moment.
    pub moment: Moment,
    /// What should be said about it.
    pub remark: Option<Remark>,
}

/// What a text left open about its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The clock was set back: the local time came twice, the earlier is taken.
    Ambiguous,
    /// The clock was set forward: the local time never came, the offset before the change is taken.
    Skipped,
    /// Only a year: its first of January is taken.
    BareYear,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Remark::Ambiguous => "this local time came twice; the earlier is taken",
            Remark::Skipped => {
                "this local time never came, as the clock was set forward; the offset before the change is taken"
            }
            Remark::BareYear => "a bare year is taken as its first of January",
        })
    }
}

/// Why a text is no time.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TimeFault {
    /// None of the known forms.
    #[error("{0:?} is no time")]
    Unknown(String),
    /// A form of a time, but no day or hour there is.
    #[error("{0:?} is no day or hour of the calendar")]
    Impossible(String),
    /// Digits that are a date to some and a number of seconds to others.
    #[error("{0:?} may be a date or a number since 1970; write it with dashes")]
    Unclear(String),
    /// A date with slashes of a source that nobody says the order of.
    #[error("{0:?} may begin with the day or with the month; say which with `dates` in a mapping")]
    NoOrder(String),
    /// A number beyond microseconds since 1970.
    #[error("{0} is too large for a time since 1970")]
    TooLarge(String),
}

/// Reads a text by the habits of its source.
pub fn read_text(text: &str, habits: Habits) -> Result<Reading, TimeFault> {
    match PlainTime::read(text) {
        Some(time) if time.is_utc || habits.zone.is_none() => Ok(Reading {
            moment: time.moment,
            remark: None,
        }),
        _ => read_any(text.trim(), habits),
    }
}

/// Reads a text without blanks around it, however it is written.
fn read_any(trimmed: &str, habits: Habits) -> Result<Reading, TimeFault> {
    let zone = habits.zone;
    if let Some(reading) = read_year(trimmed, zone) {
        return Ok(reading);
    }
    let digits = trimmed.strip_prefix('-').unwrap_or(trimmed);
    if is_decimal(digits) {
        return if is_compact_date(digits) {
            Err(TimeFault::Unclear(shortened(trimmed)))
        } else {
            read_number(trimmed)
        };
    }
    let mut scanner = Scanner {
        rest: trimmed,
        order: habits.order.unwrap_or(DateOrder::DayFirst),
        asks_for_order: false,
    };
    let (local, given) = scanner
        .time()
        .ok_or_else(|| TimeFault::Unknown(shortened(trimmed)))?;
    if scanner.asks_for_order && habits.order.is_none() {
        return Err(TimeFault::NoOrder(shortened(trimmed)));
    }
    local
        .map(|local| place(local, given, zone))
        .filter(|reading| reading.moment.is_writable())
        .ok_or_else(|| TimeFault::Impossible(shortened(trimmed)))
}

/// Reads a JSON number: seconds, milliseconds or microseconds since 1970, by its size.
///
/// Up to 10^11 are seconds (the year 5138), up to 10^14 milliseconds, up to 10^17 microseconds.
pub fn read_number(digits: &str) -> Result<Reading, TimeFault> {
    let thousandths = thousandths(digits).ok_or_else(|| TimeFault::TooLarge(shortened(digits)))?;
    let milliseconds = match thousandths.unsigned_abs() / 1000 {
        0..100_000_000_000 => thousandths,
        100_000_000_000..100_000_000_000_000 => thousandths.div_euclid(1000),
        100_000_000_000_000..100_000_000_000_000_000 => thousandths.div_euclid(1_000_000),
        _ => return Err(TimeFault::TooLarge(shortened(digits))),
    };
    let moment = i64::try_from(milliseconds)
        .map(Moment)
        .map_err(|_| TimeFault::TooLarge(shortened(digits)))?;
    Ok(Reading {
        moment,
        remark: None,
    })
}

/// A decimal number times 1000, cut off; `None` beyond 10^20, or where it is no number.
fn thousandths(text: &str) -> Option<i128> {
    let (is_negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let power: i32 = power.parse().ok()?;
    let places =
        usize::try_from(power.checked_add(whole.len() as i32)?.checked_add(3)?).unwrap_or(0);
    if places > 40 || mantissa.len() > 400 {
        return None;
    }
    let digits = whole.bytes().chain(fraction.bytes());
    let mut number: i128 = 0;
    for digit in digits.chain(std::iter::repeat(b'0')).take(places) {
        let digit = char::from(digit).to_digit(10)?;
        number = number.checked_mul(10)?.checked_add(i128::from(digit))?;
    }
    (number < 10_i128.pow(20)).then_some(if is_negative { -number } else { number })
}

/// Digits with at most one point after the first.
fn is_decimal(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    !whole.is_empty()
        && whole
            .bytes()
            .chain(fraction.bytes())
            .all(|byte| byte.is_ascii_digit())
}

/// A bare year from 1000 to 9999.
fn read_year(text: &str, zone: Option<Tz>) -> Option<Reading> {
    let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let year: i32 = is_year.then(|| text.parse().ok())??;
    let date = NaiveDate::from_ymd_opt(year, 1, 1).filter(|_| year >= 1000)?;
    let mut reading = place(date.and_hms_opt(0, 0, 0)?, Zone::Unsaid, zone);
    reading.remark = Some(Remark::BareYear);
    Some(reading)
}

/// Digits such as 20240131 or 202401311200 that a calendar knows too.
fn is_compact_date(digits: &str) -> bool {
    let form = match digits.len() {
        8 | 12 => "%Y%m%d%H%M",
        14 => "%Y%m%d%H%M%S",
        _ => return false,
    };
    let padded = format!("{digits}{}", if digits.len() == 8 { "0000" } else { "" });
    (digits.starts_with("19") || digits.starts_with("20"))
        && NaiveDateTime::parse_from_str(&padded, form).is_ok()
}

/// Puts a local time onto the line of all moments.
fn place(local: NaiveDateTime, given: Zone, zone: Option<Tz>) -> Reading {
    let utc = |time: NaiveDateTime| Moment(time.and_utc().timestamp_millis());
    let plain = |moment| Reading {
        moment,
        remark: None,
    };
    match (given, zone) {
        (Zone::Offset(offset), _) => plain(Moment(utc(local).0 - offset.num_milliseconds())),
        (Zone::Unsaid, None) => plain(utc(local)),
        (Zone::Unsaid, Some(zone)) => match zone.from_local_datetime(&local) {
            LocalResult::Single(time) => plain(time.with_timezone(&Utc).into()),
            LocalResult::Ambiguous(a, b) => Reading {
                moment: a.with_timezone(&Utc).min(b.with_timezone(&Utc)).into(),
                remark: Some(Remark::Ambiguous),
            },
            LocalResult::None => Reading {
                moment: skipped(local, zone).unwrap_or_else(|| utc(local)),
                remark: Some(Remark::Skipped),
            },
        },
    }
}

/// A local time that the clock jumped over, by the offset of the day before.
fn skipped(local: NaiveDateTime, zone: Tz) -> Option<Moment> {
    let day = TimeDelta::days(1);
    let before: DateTime<Tz> = zone
        .from_local_datetime(&local.checked_sub_signed(day)?)
        .earliest()?;
    let moment = before.checked_add_signed(day)?;
    Some(moment.with_timezone(&Utc).into())
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests;
