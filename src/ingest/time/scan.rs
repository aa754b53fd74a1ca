//! A time of the calendar, letter by letter: its day, its hour, its zone.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::DateOrder;

/// What is left of a text.
pub struct Scanner<'t> {
    pub rest: &'t str,
    pub order: DateOrder,
    /// Whether the date was read by that order.
    pub asks_for_order: bool,
}

/// A local time, `None` where the calendar has no such day or hour, and its zone.
pub type Scanned = (Option<NaiveDateTime>, Zone);

/// The zone that a text gives.
#[derive(Clone, Copy)]
pub enum Zone {
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
    pub fn time(&mut self) -> Option<Scanned> {
        let (year, month, day) = self.date()?;
        let date = NaiveDate::from_ymd_opt(year as i32, month, day);
        let mut time = date.and_then(|date| date.and_hms_opt(0, 0, 0));
        if self.take('T').or_else(|| self.take('t')).is_some() || self.begins_hour() {
            let elapsed = self.time_of_day()?.elapsed();
            time = time.zip(elapsed).map(|(time, elapsed)| time + elapsed);
        }
        let zone = self.zone()?;
        self.rest.is_empty().then_some((time, zone))
    }

    /// Year, month and day, as they stand there.
    fn date(&mut self) -> Option<(u32, u32, u32)> {
        let has_year = self.rest.bytes().take_while(u8::is_ascii_digit).count() == 4;
        if !has_year {
            let first = self.number(1, 2)?;
            self.take('/')?;
            let second = self.number(1, 2)?;
            self.take('/')?;
            let year = self.number(4, 4)?;
            self.asks_for_order = true;
            return Some(match self.order {
                DateOrder::DayFirst => (year, second, first),
                DateOrder::MonthFirst => (year, first, second),
            });
        }
        let year = self.number(4, 4)?;
        let mut signs = ['-', '/'].into_iter();
        let sign = signs.find(|sign| self.take(*sign).is_some())?;
        let month = self.number(1, 2)?;
        self.take(sign)?;
        let day = self.number(1, 2)?;
        Some((year, month, day))
    }

    /// Blanks that lead to an hour.
    fn begins_hour(&mut self) -> bool {
        let rest = self.rest.trim_start_matches(' ');
        let begins = rest.len() < self.rest.len() && rest.starts_with(|l: char| l.is_ascii_digit());
        if begins {
            self.rest = rest;
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
            .rest
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        let padded: String = digits.chars().chain("00".chars()).take(3).collect();
        (!digits.is_empty()).then(|| padded.parse().ok())?
    }

    /// `Z`, `UTC`, `+01:00`, `+0100` or `+01`, to the end of the text.
    fn zone(&mut self) -> Option<Zone> {
        self.rest = self.rest.trim_start_matches(' ');
        if self.rest.is_empty() {
            return Some(Zone::Unsaid);
        }
        if ["Z", "UTC", "GMT"]
            .iter()
            .any(|name| self.rest.eq_ignore_ascii_case(name))
        {
            self.rest = "";
            return Some(Zone::Offset(TimeDelta::zero()));
        }
        let sign = match self.take('+') {
            Some(()) => 1,
            None => self.take('-').map(|()| -1)?,
        };
        let hours = self.number(2, 2)?;
        let has_minutes = self.take(':').is_some() || !self.rest.is_empty();
        let minutes = if has_minutes { self.number(2, 2)? } else { 0 };
        let minutes = (hours < 24 && minutes < 60).then(|| i64::from(hours * 60 + minutes))?;
        Some(Zone::Offset(TimeDelta::minutes(sign * minutes)))
    }

    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let length = self
            .rest
            .bytes()
            .take(most)
            .take_while(u8::is_ascii_digit)
            .count();
        let (digits, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        (length >= least).then(|| digits.parse().ok())?
    }

    fn take(&mut self, letter: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(letter)?;
        Some(())
    }
}
