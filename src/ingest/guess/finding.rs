//! What was found out about a column, how sure that is, and why.

use super::column::part;
use crate::ingest::mapping::Normalise;

/// How sure something is, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opinion {
    /// From 0 to 100.
    pub confidence: u8,
    /// The reason, in words.
    pub reason: String,
}

impl Opinion {
    /// An opinion.
    pub fn new(confidence: u8, reason: impl Into<String>) -> Opinion {
        Opinion {
            confidence,
            reason: reason.into(),
        }
    }

    /// An opinion that is as sure as a share of rows, from a least confidence up to 99.
    pub fn by_share(least: u8, some: u64, all: u64, reason: impl Into<String>) -> Opinion {
        let more = part(some, all) * f64::from(99 - least);
        Opinion::new(least + more as u8, reason)
    }
}

/// How an identity names somebody; the first is the best to know a record by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A key that speaks of a person: `crm_id`, `customer_no`, or a joined `user_id`.
    PersonKey,
    /// The key of the row itself: `id`.
    OwnKey,
    /// Any other key with few repeats.
    OtherKey,
    /// A card of a loyalty programme.
    Card,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A browser or a piece of hardware.
    Device,
}

/// A column that holds identities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The place of the column.
    pub column: usize,
    /// The code of the namespace.
    pub namespace: String,
    /// How it names somebody.
    pub sort: Sort,
    /// What is done to its values.
    pub normalise: Vec<Normalise>,
    /// How sure that is.
    pub opinion: Opinion,
}

/// A number with its thousands parted.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// So many of so many rows, as words: `998 of 1,000 rows`, or `all 1,000 rows`.
pub fn of_rows(some: u64, all: u64) -> String {
    if some == all {
        format!("all {} rows", grouped(all))
    } else {
        format!("{} of {} rows", grouped(some), grouped(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(of_rows(998, 1_000), "998 of 1,000 rows");
        assert_eq!(of_rows(1_234_567, 1_234_567), "all 1,234,567 rows");
        assert_eq!(Opinion::by_share(60, 1, 2, "x").confidence, 79);
    }
}
