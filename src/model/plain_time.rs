//! A time as nearly all sources write it, read by the places of its digits.

use chrono::NaiveDate;

use super::Moment;

/// A time such as `2024-02-29T23:59:59.999Z`, the same without a zone, or a day alone, which is its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainTime {
    /// The moment, where the zone is UTC.
    pub moment: Moment,
    /// The text says that it is.
    pub is_utc: bool,
}

/// The longest fraction of a second that is read here.
const MOST_DIGITS: usize = 9;

impl PlainTime {
    /// Reads a text; `None` where it is written in another way, be it one that can be read all the same.
    pub fn read(text: &str) -> Option<PlainTime> {
        let (date, rest) = text.as_bytes().split_first_chunk()?;
        let day = day(*date)?;
        let Some((clock, rest)) = rest.split_first_chunk() else {
            let midnight = day.and_hms_opt(0, 0, 0).filter(|_| rest.is_empty())?;
            return Some(PlainTime {
                moment: midnight.and_utc().into(),
                is_utc: false,
            });
        };
        let (is_utc, fraction) = match rest {
            [fraction @ .., b'Z'] => (true, fraction),
            fraction => (false, fraction),
        };
        let [hour, minute, second] = hour(*clock)?;
        let time = day.and_hms_milli_opt(hour, minute, second, thousandths(fraction)?)?;
        Some(PlainTime {
            moment: time.and_utc().into(),
            is_utc,
        })
    }
}

/// The day that `2024-02-29` names.
fn day(text: [u8; 10]) -> Option<NaiveDate> {
    let has_signs = text[4] == b'-' && text[7] == b'-';
    has_signs.then_some(())?;
    let year = number(&text[..4])? as i32;
    NaiveDate::from_ymd_opt(year, number(&text[5..7])?, number(&text[8..])?)
}

/// The hour, minute and second that `T23:59:59` names.
fn hour(text: [u8; 9]) -> Option<[u32; 3]> {
    let has_signs = text[0] == b'T' && text[3] == b':' && text[6] == b':';
    has_signs.then_some(())?;
    Some([
        number(&text[1..3])?,
        number(&text[4..6])?,
        number(&text[7..])?,
    ])
}

/// The number that a few digits say.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        let is_digit = digit.is_ascii_digit();
        is_digit.then(|| number * 10 + u32::from(digit - b'0'))
    })
}

/// The milliseconds of a fraction with its point, cut off; none where nothing is written.
fn thousandths(fraction: &[u8]) -> Option<u32> {
    let digits = match fraction {
        [] => return Some(0),
        [b'.', digits @ ..] if (1..=MOST_DIGITS).contains(&digits.len()) => digits,
        _ => return None,
    };
    let cut = digits.get(..3).unwrap_or(digits);
    number(digits)?;
    Some(number(cut)? * [1, 100, 10, 1].get(cut.len())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_time_is_read_and_any_other_left_alone() {
        let check = |text: &str, expected: Option<(&str, bool)>| {
            let read = PlainTime::read(text).map(|time| (time.moment.to_string(), time.is_utc));
            let read = read.as_ref().map(|(moment, is_utc)| (&**moment, *is_utc));
            assert_eq!(read, expected, "{text}");
        };
        check("2024-02-29", Some(("2024-02-29T00:00:00.000Z", false)));
        check(
            "2024-02-29T23:59:59Z",
            Some(("2024-02-29T23:59:59.000Z", true)),
        );
        check(
            "0000-01-01T00:00:00.1",
            Some(("0000-01-01T00:00:00.100Z", false)),
        );
        check(
            "1969-12-31T23:59:59.9999Z",
            Some(("1969-12-31T23:59:59.999Z", true)),
        );
        check(
            "2024-12-31T07:08:09.012345678Z",
            Some(("2024-12-31T07:08:09.012Z", true)),
        );
        for other in [
            "",
            "2024",
            "2024-02-30",
            "2024-13-01",
            "2024-01-01T",
            "2024-01-01Z",
            "2024-01-01 05:00:00",
            "2024-01-01t05:00:00Z",
            "2024-01-01T05:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T05:00:60Z",
            "2024-01-01T05:00:00.",
            "2024-01-01T05:00:00.Z",
            "2024-01-01T05:00:00.0123456789Z",
            "2024-01-01T05:00:00+01:00",
            "2024-01-01T05:00:00z",
            "2024-01-0\u{661}",
            "2024/01/01",
            "+2024-01-1",
        ] {
            check(other, None);
        }
    }
}
