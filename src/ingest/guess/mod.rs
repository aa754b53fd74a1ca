//! What files hold, found out from their first rows: identities, times, fields, and whether rows are records or events; one file per question.

mod channel;
mod column;
mod fields;
mod finding;
mod glue;
mod identities;
mod joins;
mod keys;
mod kind;
mod leaves;
mod nulls;
mod sample;
mod settle;
mod shape;
mod study;
#[cfg(test)]
mod tests;
mod time;
mod words;

pub use finding::Opinion;
pub use glue::{Budget, glued};
pub use joins::{Held, join};
pub use leaves::{Leaf, leaves};
pub use sample::Sample;
pub use settle::{Settled, settle};
pub use study::Study;

use super::mapping::Mapping;
use crate::model::DatasetKind;

/// How a dataset is understood.
#[derive(Debug)]
pub struct Guess {
    /// What its rows are.
    pub kind: DatasetKind,
    /// Where it comes from.
    pub channel: Option<String>,
    /// How its rows are read.
    pub mapping: Mapping,
    /// What all that rests on.
    pub evidence: Evidence,
    /// What should be known before it is imported, a sentence each.
    pub warnings: Vec<String>,
}

/// What a guess rests on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Rows that were looked at.
    pub rows: u64,
    /// Bytes of text that were looked at.
    pub bytes: u64,
    /// Whether there is more than was looked at.
    pub is_part: bool,
    /// Why the rows are records or events.
    pub kind: Opinion,
    /// The columns or paths, in their order.
    pub columns: Vec<ColumnEvidence>,
}

/// What was seen in a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnEvidence {
    /// The column or path, as a mapping names it.
    pub source: String,
    /// Some of its values, clipped.
    pub samples: Vec<String>,
    /// The share of the rows that fill it, from 0 to 1.
    pub filled: f64,
    /// Why it is what it is.
    pub opinion: Opinion,
}
