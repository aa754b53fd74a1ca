//! Times as people write them on the command line: RFC 3339, a date, or an age such as `-7d`.

use std::str::FromStr;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use crate::model::Moment;

/// A time as it was written; which moment it means depends on the zone, on now, and on what it bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeText {
    /// A moment with its zone.
    At(Moment),
    /// A whole day.
    Day(NaiveDate),
    /// So many milliseconds before now.
    Ago(i64),
}

/// From where a written time is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Here {
    /// The present moment.
    pub now: Moment,
    /// The zone whose days are meant.
    pub zone: Tz,
}

impl TimeText {
    /// The moment for a lower bound: a day counts from its start.
    pub fn start(self, here: Here) -> Moment {
        match self {
            TimeText::At(moment) => moment,
            TimeText::Day(day) => start_of(day, here.zone),
            TimeText::Ago(age) => Moment(here.now.0.saturating_sub(age)),
        }
    }

    /// The moment for an upper bound: a day counts to its last millisecond.
    pub fn end(self, here: Here) -> Moment {
        match self {
            TimeText::Day(day) => match day.checked_add_days(Days::new(1)) {
                Some(next) => Moment(start_of(next, here.zone).0 - 1),
                None => Moment::MAX,
            },
            _ => self.start(here),
        }
    }
}

impl FromStr for TimeText {
    type Err = String;

    fn from_str(text: &str) -> Result<TimeText, String> {
        Moment::parse(text)
            .map(TimeText::At)
            .or_else(|| date(text).map(TimeText::Day))
            .or_else(|| age(text).map(TimeText::Ago))
            .ok_or_else(|| {
                "write 2026-03-01T12:00:00Z, a date such as 2026-03-01, or an age such as -7d (s, m, h, d, w, y)".to_owned()
            })
    }
}

/// A zone by its name in the time zone database, any case.
pub fn zone(text: &str) -> Result<Tz, String> {
    let named = |zone: &&Tz| zone.name().eq_ignore_ascii_case(text);
    if let Some(zone) = chrono_tz::TZ_VARIANTS.iter().find(named) {
        return Ok(*zone);
    }
    let text = text.to_lowercase();
    let distance = |zone: &&Tz| {
        let name = zone.name().to_lowercase();
        let city = name.rsplit('/').next().unwrap_or_default();
        strsim::damerau_levenshtein(&name, &text).min(strsim::damerau_levenshtein(city, &text) + 1)
    };
    let nearest = chrono_tz::TZ_VARIANTS.iter().min_by_key(distance);
    let nearest = nearest.map_or("UTC", |zone| zone.name());
    Err(format!("no such time zone; the nearest is {nearest}"))
}

/// Four digits, two, two: chrono alone would take `2026-3-1` and `+2026-03-01` too.
fn date(text: &str) -> Option<NaiveDate> {
    let day = text.parse::<NaiveDate>().ok()?;
    (day.to_string() == text).then_some(day)
}

fn age(text: &str) -> Option<i64> {
    let text = text.strip_prefix('-')?;
    let unit = text.chars().next_back()?;
    let number = text.strip_suffix(unit)?;
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        'y' => 365 * 86_400,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(seconds * 1_000)
}

/// Midnight; where the clocks leap over it, the first moment after the leap; where it comes twice, the first.
fn start_of(day: NaiveDate, zone: Tz) -> Moment {
    let midnight = day.and_time(NaiveTime::MIN);
    let quarters = (0..=96).filter_map(|quarter| {
        let local = midnight.checked_add_signed(TimeDelta::minutes(15 * quarter))?;
        zone.from_local_datetime(&local).earliest()
    });
    let first = quarters.map(|time| Moment(time.timestamp_millis())).next();
    first.unwrap_or(Moment(midnight.and_utc().timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(name: &str) -> Here {
        Here {
            now: Moment::parse("2026-10-10T12:00:00Z").expect("a time"),
            zone: zone(name).expect(name),
        }
    }

    #[test]
    fn a_day_counts_from_its_start_and_to_its_end() {
        let check = |text: &str, name: &str, start: &str, end: &str| {
            let time: TimeText = text.parse().expect(text);
            assert_eq!(time.start(here(name)).to_string(), start, "{text} {name}");
            assert_eq!(time.end(here(name)).to_string(), end, "{text} {name}");
        };
        let day = "2026-03-29";
        check(
            day,
            "UTC",
            "2026-03-29T00:00:00.000Z",
            "2026-03-29T23:59:59.999Z",
        );
        // The day on which the clocks go forward has 23 hours.
        check(
            day,
            "Europe/Vienna",
            "2026-03-28T23:00:00.000Z",
            "2026-03-29T21:59:59.999Z",
        );
        // Midnight itself is leapt over.
        check(
            "2018-11-04",
            "America/Sao_Paulo",
            "2018-11-04T03:00:00.000Z",
            "2018-11-05T01:59:59.999Z",
        );
        let moment = "2026-03-01T12:00:00+01:00";
        check(
            moment,
            "UTC",
            "2026-03-01T11:00:00.000Z",
            "2026-03-01T11:00:00.000Z",
        );
        check(
            "-7d",
            "UTC",
            "2026-10-03T12:00:00.000Z",
            "2026-10-03T12:00:00.000Z",
        );
        check(
            "-90m",
            "UTC",
            "2026-10-10T10:30:00.000Z",
            "2026-10-10T10:30:00.000Z",
        );
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "-",
            "-d",
            "7d",
            "-7",
            "-7x",
            "-7é",
            "--7d",
            "-99999999999999999999d",
            "-9223372036854775807y",
            "2026-13-01",
            "2026-3-1",
            "yesterday",
            "2026-03-01T12:00:00",
            "+2026-03-1",
        ] {
            assert!(text.parse::<TimeText>().is_err(), "{text}");
        }
    }

    #[test]
    fn zones_are_known_in_any_case_and_guessed_when_misspelt() {
        assert_eq!(zone("europe/vienna"), Ok(Tz::Europe__Vienna));
        assert_eq!(zone("utc"), Ok(Tz::UTC));
        let refused = zone("Viena").expect_err("no such zone");
        assert!(refused.ends_with("Europe/Vienna"), "{refused}");
    }

    #[test]
    fn the_ends_of_time_do_not_overflow() {
        let far = TimeText::Day(NaiveDate::MAX);
        assert_eq!(far.end(here("UTC")), Moment::MAX);
        let old = TimeText::Ago(i64::MAX).start(here("UTC"));
        assert!(old < Moment(0));
        TimeText::Day(NaiveDate::MIN).start(here("Asia/Tokyo"));
    }
}
