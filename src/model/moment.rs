//! A moment: milliseconds since 1970 in UTC, written as RFC 3339.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::PlainTime;

/// A moment in UTC, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// Whether RFC 3339 can write it: from the year 0 to the end of 9999.
    pub fn is_writable(self) -> bool {
        (-62_167_219_200_000..=253_402_300_799_999).contains(&self.0)
    }

    /// The earliest moment there is; it stands before every record.
    pub const MIN: Moment = Moment(i64::MIN);
    /// The latest moment there is: "now" for a question that is not about the past.
    pub const MAX: Moment = Moment(i64::MAX);

    /// Reads an RFC 3339 time with its zone; anything finer than a millisecond is cut off.
    pub fn parse(text: &str) -> Option<Moment> {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|time| Moment(time.timestamp_millis()))
    }

    /// Reads a time as attributes carry it: RFC 3339, without a zone taken as UTC, or a date alone, which is its start.
    pub fn read(text: &str) -> Option<Moment> {
        let plain = PlainTime::read(text).map(|time| time.moment);
        plain.or_else(|| may_be_time(text).then(|| read_time(text))?)
    }

    /// The same moment as chrono's calendar knows it; `None` beyond its years.
    pub fn calendar(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.0)
    }
}

fn read_time(text: &str) -> Option<Moment> {
    let date = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    Moment::parse(text).or_else(|| {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
            .ok()
            .or_else(|| date().map(|day| day.and_time(NaiveTime::MIN)))
            .map(|time| Moment(time.and_utc().timestamp_millis()))
    })
}

/// Every time has a year and a month in front of two hyphens; most texts are told apart without a calendar.
fn may_be_time(text: &str) -> bool {
    let text = text.trim_start().trim_start_matches(['-', '+']);
    let mut parts = text.splitn(3, '-');
    let is_number = |part: &str| part.trim().bytes().all(|byte| byte.is_ascii_digit());
    parts.by_ref().take(2).all(is_number) && parts.next().is_some()
}

impl From<DateTime<Utc>> for Moment {
    fn from(time: DateTime<Utc>) -> Moment {
        Moment(time.timestamp_millis())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.calendar() {
            Some(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true)),
            None => write!(f, "{} ms", self.0),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        let text = String::deserialize(deserializer)?;
        Moment::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no RFC 3339 time")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_moment_reads_what_it_writes() {
        for (text, written) in [
            ("2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59.999Z"),
            ("2024-01-01T01:00:00+01:00", "2024-01-01T00:00:00.000Z"),
            ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59.000Z"),
        ] {
            let moment = Moment::parse(text).expect(text);
            assert_eq!(moment.to_string(), written);
            assert_eq!(Moment::parse(&moment.to_string()), Some(moment));
        }
        assert_eq!(Moment::parse("2024-02-30T00:00:00Z"), None);
    }

    #[test]
    fn a_time_without_a_zone_is_taken_as_utc() {
        for (text, expected) in [
            ("2024-01-01", Some("2024-01-01T00:00:00.000Z")),
            ("2024-01-01T05:00:00", Some("2024-01-01T05:00:00.000Z")),
            (
                "2024-01-01T05:00:00+05:00",
                Some("2024-01-01T00:00:00.000Z"),
            ),
            ("2024", None),
            ("gold", None),
        ] {
            let read = Moment::read(text).map(|moment| moment.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }
    proptest! {
        #[test]
        fn what_is_told_apart_without_a_calendar_is_no_time(
            year in "[ +-]{0,2}[0-9]{1,6}",
            others in "[ -]{0,2}[0-9 ]{1,3}-[ +]?[0-9]{1,2}",
            rest in "(T[0-9:.]{0,12}[Z+0-9:]{0,6}|[ 0-9a-f-]{0,6})",
            any in "[ 0-9a-fTZ+:.\u{2212}-]{0,20}",
        ) {
            for text in [format!("{year}-{others}{rest}"), format!("{year}-01-{rest}"), format!("2024-01-05{rest}"), any] {
                prop_assert_eq!(Moment::read(&text), read_time(&text), "{:?}", text);
            }
        }
    }
}
