//! What a value is compared with: a number, a moment, an age.

use std::cmp::Ordering;

use crate::model::Moment;
use crate::model::value::{compare_numbers, is_number};

use super::pattern::Pattern;

const SECOND: i64 = 1_000;
const DAY: i64 = 24 * 60 * 60 * SECOND;

/// A value that a term asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It looks like this; a number is also met by another spelling of it.
    Like(Pattern),
    /// It compares so.
    Compared(Comparison, Operand),
    /// It lies between these, both included; a side that is left out is open.
    Between(Option<Operand>, Option<Operand>),
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `<`
    Less,
    /// `<=`
    AtMost,
}

impl Comparison {
    /// The same of ages, which grow as moments shrink.
    pub(super) fn reversed(self) -> Comparison {
        match self {
            Comparison::More => Comparison::Less,
            Comparison::AtLeast => Comparison::AtMost,
            Comparison::Less => Comparison::More,
            Comparison::AtMost => Comparison::AtLeast,
        }
    }
}

/// What a value is compared with, read in every way that it can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operand {
    /// The number that it is.
    pub number: Option<String>,
    /// The stretch of time that it is, both ends included: a date is a whole day.
    pub time: Option<(Moment, Moment)>,
    /// It was given as an age.
    pub is_age: bool,
}

impl Operand {
    /// Reads a number, a moment, a year, a month or an age before `now`; `None` where it is none of them.
    pub fn read(text: &str, now: Moment) -> Option<Operand> {
        if let Some(before) = age(text.strip_prefix('-').unwrap_or(text)) {
            let moment = Moment(now.0.saturating_sub(before));
            return Some(Operand {
                number: None,
                time: Some((moment, moment)),
                // "-7d" is the moment a week ago; "7d" is how long ago something is.
                is_age: !text.starts_with('-'),
            });
        }
        let operand = Operand {
            number: is_number(text).then(|| text.to_owned()),
            time: stretch(text),
            is_age: false,
        };
        (operand.number.is_some() || operand.time.is_some()).then_some(operand)
    }

    /// How a text that may be a number or a time compares with this; `None` where the two are not of a kind.
    pub fn compare(&self, value: &str) -> Option<Ordering> {
        let numbers = self.number.as_deref();
        let by_number = numbers.and_then(|number| compare_numbers(value, number));
        by_number.or_else(|| self.compare_moment(Moment::read(value)?))
    }

    /// How a moment compares with this; inside a stretch of time it is equal.
    pub fn compare_moment(&self, moment: Moment) -> Option<Ordering> {
        let (from, to) = self.time?;
        Some(match moment {
            moment if moment < from => Ordering::Less,
            moment if moment > to => Ordering::Greater,
            _ => Ordering::Equal,
        })
    }
}

impl Wanted {
    /// The operands that a value is compared with.
    pub fn operands(&self) -> impl Iterator<Item = &Operand> {
        let (from, to) = match self {
            Wanted::Like(_) => (None, None),
            Wanted::Compared(_, operand) => (Some(operand), None),
            Wanted::Between(from, to) => (from.as_ref(), to.as_ref()),
        };
        from.into_iter().chain(to)
    }

    /// On which side of what is wanted a value lies that `compare` compares with an operand: values that are wanted are equal.
    pub fn side(&self, compare: impl Fn(&Operand) -> Option<Ordering>) -> Option<Ordering> {
        let order = |operand: &Option<Operand>| operand.as_ref().and_then(&compare);
        Some(match self {
            Wanted::Like(_) => return None,
            Wanted::Compared(comparison, operand) => match (comparison, compare(operand)?) {
                (Comparison::More, Ordering::Less | Ordering::Equal)
                | (Comparison::AtLeast, Ordering::Less) => Ordering::Less,
                (Comparison::Less, Ordering::Greater | Ordering::Equal)
                | (Comparison::AtMost, Ordering::Greater) => Ordering::Greater,
                _ => Ordering::Equal,
            },
            Wanted::Between(from, to) => match (order(from), order(to)) {
                (Some(Ordering::Less), _) => Ordering::Less,
                (_, Some(Ordering::Greater)) => Ordering::Greater,
                _ => Ordering::Equal,
            },
        })
    }

    /// Whether a value that `compare` compares with an operand is wanted; texts are none of its business.
    pub fn accepts(&self, compare: impl Fn(&Operand) -> Option<Ordering>) -> bool {
        let side = |operand: &Option<Operand>, beyond: Ordering| match operand {
            None => true,
            Some(operand) => compare(operand).is_some_and(|order| order != beyond),
        };
        match self {
            Wanted::Like(_) => false,
            Wanted::Compared(comparison, operand) => {
                compare(operand).is_some_and(|order| match comparison {
                    Comparison::More => order.is_gt(),
                    Comparison::AtLeast => order.is_ge(),
                    Comparison::Less => order.is_lt(),
                    Comparison::AtMost => order.is_le(),
                })
            }
            Wanted::Between(from, to) => side(from, Ordering::Less) && side(to, Ordering::Greater),
        }
    }
}

/// The stretch of a year, a month, a day or a moment.
fn stretch(text: &str) -> Option<(Moment, Moment)> {
    let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match (text.len(), digits) {
        (4, true) => span(&format!("{text}-01-01"), &next_year(text)?),
        (7, true) => span(&format!("{text}-01"), &next_month(text)?),
        (10, true) => {
            let start = Moment::read(text)?;
            Some((start, Moment(start.0 + DAY - 1)))
        }
        _ => Moment::read(text).map(|moment| (moment, moment)),
    }
}

fn span(from: &str, next: &str) -> Option<(Moment, Moment)> {
    Some((Moment::read(from)?, Moment(Moment::read(next)?.0 - 1)))
}

fn next_year(text: &str) -> Option<String> {
    let year: u32 = text.parse().ok()?;
    Some(format!("{:04}-01-01", year + 1))
}

fn next_month(text: &str) -> Option<String> {
    let (year, month) = text.split_once('-')?;
    let (year, month): (u32, u32) = (year.parse().ok()?, month.parse().ok()?);
    Some(match month {
        12 => format!("{:04}-01-01", year + 1),
        _ => format!("{year:04}-{:02}-01", month + 1),
    })
}

/// Milliseconds of an age such as `30d`; months have 30 days, years 365.
fn age(text: &str) -> Option<i64> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = text.strip_suffix(unit).filter(|n| !n.is_empty())?;
    let each = match unit {
        "s" => SECOND,
        "m" | "min" => 60 * SECOND,
        "h" => 60 * 60 * SECOND,
        "d" => DAY,
        "w" => 7 * DAY,
        "mo" => 30 * DAY,
        "y" => 365 * DAY,
        _ => return None,
    };
    Some(number.parse::<i64>().ok()?.saturating_mul(each))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_compare_as_numbers_or_moments_where_both_are() {
        let now = Moment::read("2024-06-01").expect("a date");
        let check = |value: &str, operand: &str, expected: Option<Ordering>| {
            let operand = Operand::read(operand, now).expect(operand);
            assert_eq!(operand.compare(value), expected, "{value} {operand:?}");
        };
        check("120", "100", Some(Ordering::Greater));
        check("gold", "100", None);
        check("1990-05-02", "1990-01-01", Some(Ordering::Greater));
        check("1990-01-01T12:00:00Z", "1990-01-01", Some(Ordering::Equal));
        check("1990-12-31", "1990", Some(Ordering::Equal));
        check("1990-12-31", "1990-12", Some(Ordering::Equal));
        check("1991-01-01", "1990-12", Some(Ordering::Greater));
        check("2024-05-02", "30d", Some(Ordering::Equal));
        check("2024-05-01", "-30d", Some(Ordering::Less));
        assert_eq!(Operand::read("gold", now), None);
        assert_eq!(Operand::read("9999-13", now), None);
        assert!(Operand::read("99999999999999999999d", now).is_none());
    }
}
