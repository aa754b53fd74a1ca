//! Times on the command line: RFC 3339, a date, or an age such as `-7d`.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

use super::error::CliError;
use crate::model::Moment;

/// Which end of a day a date alone means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Its first millisecond, for `--since`.
    Start,
    /// Its last one, for `--until` and `--as-of`.
    End,
}

/// From where times are counted: the present moment, and the zone of dates.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    /// The present moment.
    pub now: Moment,
    /// The zone.
    pub zone: Tz,
}

impl Calendar {
    /// The moment that a text means.
    pub fn moment(&self, text: &str, edge: Edge) -> Result<Moment, CliError> {
        let text = text.trim();
        self.age(text)
            .or_else(|| Moment::parse(text))
            .or_else(|| self.date(text, edge))
            .or_else(|| self.clock_time(text))
            .filter(|moment| moment.is_writable())
            .ok_or_else(|| {
                CliError::usage(format!(
                    "`{text}` is no time; write 2024-03-01T12:00:00Z, a date such as 2024-03-01, or an age such as -7d"
                ))
            })
    }

    /// `-7d`: so long before now, in minutes, hours, days, weeks or years.
    fn age(&self, text: &str) -> Option<Moment> {
        if text == "now" {
            return Some(self.now);
        }
        let text = text.strip_prefix('-')?;
        let unit = text.chars().next_back()?;
        let count: i64 = text.strip_suffix(unit)?.parse().ok()?;
        let minutes = match unit {
            'm' => 1,
            'h' => 60,
            'd' => 24 * 60,
            'w' => 7 * 24 * 60,
            'y' => 365 * 24 * 60,
            _ => return None,
        };
        let length = count.checked_mul(minutes * 60_000)?;
        (count >= 0).then(|| Moment(self.now.0.saturating_sub(length)))
    }

    fn date(&self, text: &str, edge: Edge) -> Option<Moment> {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        match edge {
            Edge::Start => self.start_of(day),
            Edge::End => {
                let next = self.start_of(day.checked_add_days(Days::new(1))?)?;
                Some(Moment(next.0 - 1))
            }
        }
    }

    /// A day's first moment: its midnight, or what follows where the clock skips that.
    fn start_of(&self, day: NaiveDate) -> Option<Moment> {
        (0..24).find_map(|hour| self.at(day.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?)))
    }

    /// A time without a zone, which is the calendar's.
    fn clock_time(&self, text: &str) -> Option<Moment> {
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
            .and_then(|time| self.at(time))
    }

    fn at(&self, time: NaiveDateTime) -> Option<Moment> {
        let time = self.zone.from_local_datetime(&time).earliest()?;
        Some(Moment(time.timestamp_millis()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2024-03-10T12:00:00Z";

    fn read(zone: Tz, text: &str, edge: Edge) -> String {
        let now = Moment::parse(NOW).expect(NOW);
        match (Calendar { now, zone }).moment(text, edge) {
            Ok(moment) => moment.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_date_is_its_start_or_its_end_in_the_zone() {
        let vienna = Tz::Europe__Vienna;
        for (zone, text, start, end) in [
            (
                Tz::UTC,
                "2024-03-01",
                "2024-03-01T00:00:00.000Z",
                "2024-03-01T23:59:59.999Z",
            ),
            (
                vienna,
                "2024-03-31",
                "2024-03-30T23:00:00.000Z",
                "2024-03-31T21:59:59.999Z",
            ),
            (
                Tz::Asia__Beirut,
                "2024-03-31",
                "2024-03-30T22:00:00.000Z",
                "2024-03-31T20:59:59.999Z",
            ),
        ] {
            assert_eq!(read(zone, text, Edge::Start), start);
            assert_eq!(read(zone, text, Edge::End), end);
        }
    }

    #[test]
    fn a_time_or_an_age_is_a_moment() {
        let check = |zone, text, expected: &str| {
            assert_eq!(read(zone, text, Edge::Start), expected);
            assert_eq!(read(zone, text, Edge::End), expected);
        };
        check(
            Tz::UTC,
            "2024-03-01T12:00:00+01:00",
            "2024-03-01T11:00:00.000Z",
        );
        check(Tz::UTC, "2024-03-01 12:00:00Z", "2024-03-01T12:00:00.000Z");
        check(Tz::UTC, "2024-03-01T12:00", "2024-03-01T12:00:00.000Z");
        check(
            Tz::Europe__Vienna,
            "2024-07-01T12:00:00",
            "2024-07-01T10:00:00.000Z",
        );
        check(Tz::UTC, "-7d", "2024-03-03T12:00:00.000Z");
        check(Tz::UTC, "-12h", "2024-03-10T00:00:00.000Z");
        check(Tz::UTC, "-2w", "2024-02-25T12:00:00.000Z");
        check(Tz::UTC, "now", "2024-03-10T12:00:00.000Z");
    }

    #[test]
    fn anything_else_is_refused_with_what_to_write() {
        for text in [
            "",
            "-",
            "-d",
            "--7d",
            "-7q",
            "7d",
            "2024-02-30",
            "gold",
            "-99999999999999999y",
            "-99999999999d",
            "-0001-01-01",
            "+12345-01-01",
            "0000-01-01T00:00:00+01:00",
            "-٧d",
        ] {
            let expected = format!(
                "`{text}` is no time; write 2024-03-01T12:00:00Z, a date such as 2024-03-01, or an age such as -7d"
            );
            assert_eq!(read(Tz::UTC, text, Edge::Start), expected);
        }
    }
}
