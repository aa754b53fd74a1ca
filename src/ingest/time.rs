//! Times as sources write them: RFC 3339, without a zone, as a number since 1970, as a date, as a bare year.

use std::fmt;

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use thiserror::Error;

use crate::model::Moment;

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
    /// A number beyond microseconds since 1970.
    #[error("{0} is too large for a time since 1970")]
    TooLarge(String),
}

/// Reads a text. A time without a zone is taken in `zone`, or as UTC.
pub fn read_text(text: &str, zone: Option<Tz>) -> Result<Reading, TimeFault> {
    let trimmed = text.trim();
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
    let mut scanner = Scanner(trimmed);
    let (local, given) = scanner
        .time()
        .ok_or_else(|| TimeFault::Unknown(shortened(trimmed)))?;
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

/// What is left of a text.
struct Scanner<'t>(&'t str);

/// A local time, `None` where the calendar has no such day or hour, and its zone.
type Scanned = (Option<NaiveDateTime>, Zone);

/// The zone that a text gives.
#[derive(Clone, Copy)]
enum Zone {
    Unsaid,
    Offset(TimeDelta),
}

/// What a clock shows.
struct Clock {
    hour: u32,
    minute: u32,
    second: u32,
    millisecond: u32,
}

impl Clock {
    /// The time since midnight; `None` where no day has that hour. The second 60 is a leap second, and the next one's first.
    fn elapsed(&self) -> Option<TimeDelta> {
        let is_possible = self.hour < 24 && self.minute < 60 && self.second <= 60;
        let seconds = i64::from(self.hour * 3600 + self.minute * 60 + self.second);
        let milliseconds = seconds * 1000 + i64::from(self.millisecond);
        is_possible.then(|| TimeDelta::milliseconds(milliseconds))
    }
}

impl Scanner<'_> {
    /// A date, with or without a time of day, with or without a zone, to the end of the text.
    fn time(&mut self) -> Option<Scanned> {
        let year = self.number(4, 4)?;
        self.take('-')?;
        let month = self.number(1, 2)?;
        self.take('-')?;
        let day = self.number(1, 2)?;
        let date = NaiveDate::from_ymd_opt(year as i32, month, day);
        let mut time = date.and_then(|date| date.and_hms_opt(0, 0, 0));
        if self.take('T').or_else(|| self.take('t')).is_some() || self.begins_hour() {
            let elapsed = self.time_of_day()?.elapsed();
            time = time.zip(elapsed).map(|(time, elapsed)| time + elapsed);
        }
        let zone = self.zone()?;
        self.0.is_empty().then_some((time, zone))
    }

    /// Blanks that lead to an hour.
    fn begins_hour(&mut self) -> bool {
        let rest = self.0.trim_start_matches(' ');
        let begins = rest.len() < self.0.len() && rest.starts_with(|l: char| l.is_ascii_digit());
        if begins {
            self.0 = rest;
        }
        begins
    }

    /// Hours and minutes, seconds and their fraction if there are any.
    fn time_of_day(&mut self) -> Option<Clock> {
        let hour = self.number(1, 2)?;
        self.take(':')?;
        let minute = self.number(1, 2)?;
        let (mut second, mut millisecond) = (0, 0);
        if self.take(':').is_some() {
            second = self.number(1, 2)?;
            if self.take('.').or_else(|| self.take(',')).is_some() {
                millisecond = self.fraction()?;
            }
        }
        Some(Clock {
            hour,
            minute,
            second,
            millisecond,
        })
    }

    /// The milliseconds of a fraction of any length.
    fn fraction(&mut self) -> Option<u32> {
        let end = self
            .0
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        let padded: String = digits.chars().chain("00".chars()).take(3).collect();
        (!digits.is_empty()).then(|| padded.parse().ok())?
    }

    /// `Z`, `UTC`, `+01:00`, `+0100` or `+01`, to the end of the text.
    fn zone(&mut self) -> Option<Zone> {
        self.0 = self.0.trim_start_matches(' ');
        if self.0.is_empty() {
            return Some(Zone::Unsaid);
        }
        if ["Z", "UTC", "GMT"]
            .iter()
            .any(|name| self.0.eq_ignore_ascii_case(name))
        {
            self.0 = "";
            return Some(Zone::Offset(TimeDelta::zero()));
        }
        let sign = match self.take('+') {
            Some(()) => 1,
            None => self.take('-').map(|()| -1)?,
        };
        let hours = self.number(2, 2)?;
        let has_minutes = self.take(':').is_some() || !self.0.is_empty();
        let minutes = if has_minutes { self.number(2, 2)? } else { 0 };
        let minutes = (hours < 24 && minutes < 60).then(|| i64::from(hours * 60 + minutes))?;
        Some(Zone::Offset(TimeDelta::minutes(sign * minutes)))
    }

    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let length = self
            .0
            .bytes()
            .take(most)
            .take_while(u8::is_ascii_digit)
            .count();
        let (digits, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        (length >= least).then(|| digits.parse().ok())?
    }

    fn take(&mut self, letter: char) -> Option<()> {
        self.0 = self.0.strip_prefix(letter)?;
        Some(())
    }
}

#[cfg(test)]
mod tests;
