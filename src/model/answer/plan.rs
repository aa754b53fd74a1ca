//! What an import would read and how it is understood, before anything is written.

use std::fmt;

use serde::Serialize;

use crate::model::DatasetKind;

/// What an import of some paths would read.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanAnswer {
    /// The datasets, in order.
    pub datasets: Vec<PlannedDataset>,
    /// What should be known before, a sentence each.
    pub notes: Vec<String>,
}

/// A dataset that an import would read.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedDataset {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: DatasetKind,
    /// Why its rows are of that kind.
    pub kind_opinion: Confidence,
    /// Where it comes from.
    pub channel: Option<String>,
    /// Whether it was found out from a sample; else a manifest, a mapping or the rows themselves say it.
    pub guessed: bool,
    /// Rows that were looked at.
    pub rows_sampled: u64,
    /// Bytes of text that were looked at.
    pub bytes_sampled: u64,
    /// Whether there are more rows than were looked at.
    pub is_part: bool,
    /// Its files.
    pub files: Vec<FileFacts>,
    /// The namespace of the primary identity.
    pub primary: Option<String>,
    /// Its columns or paths.
    pub fields: Vec<PlannedField>,
    /// Values that would join strangers.
    pub glued: Vec<GluedValue>,
    /// What else should be known, a sentence each.
    pub warnings: Vec<String>,
}

/// A file of a planned dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileFacts {
    /// Its name, as people see it.
    pub name: String,
    /// Its format.
    pub format: String,
    /// How it is packed, such as `gzip`; `None` where it is not.
    pub packing: Option<String>,
    /// Its length in bytes, where that can be known.
    pub bytes: Option<u64>,
}

/// How sure something is, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Confidence {
    /// From 0 to 100; 0 where nothing was guessed.
    pub percent: u8,
    /// The reason, in words.
    pub reason: String,
}

/// A column or path, and what becomes of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PlannedField {
    /// The column or path.
    pub source: String,
    /// The identity that it is, if it is one.
    pub identity: Option<PlannedIdentity>,
    /// Whether it is the time.
    pub role: FieldRole,
    /// What comes first in its dates, where it is the time and they have slashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<String>,
    /// The path that its values go to; `None` leaves them where they are.
    pub path: Option<String>,
    /// Some of its values.
    pub samples: Vec<String>,
    /// The share of the rows that fill it, from 0 to 1.
    pub filled: f64,
    /// How sure that is, and why.
    pub opinion: Confidence,
}

/// The identity that a field holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlannedIdentity {
    /// The code of its namespace.
    pub namespace: String,
    /// What is done to its values, in this order.
    pub normalise: Vec<String>,
}

/// What a field is for, beside being an identity or an attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldRole {
    /// Nothing else.
    #[default]
    Plain,
    /// It is the time.
    Time,
    /// It is the id of the event.
    Id,
}

/// A value that many persons share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GluedValue {
    /// The column or path.
    pub source: String,
    /// The namespace of the identity.
    pub namespace: String,
    /// The value, as the file has it first.
    pub written: String,
    /// The value, as the identity would have it.
    pub value: String,
    /// Rows that have it.
    pub rows: u64,
    /// Of so many rows that were counted.
    pub of: u64,
    /// The column by which persons are told apart, and how many of them share the value.
    pub persons: Option<(String, u64)>,
}

impl fmt::Display for GluedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (written, rows, of) = (&self.written, self.rows, self.of);
        write!(f, "`{}` is {written:?} in {rows} of {of} rows", self.source)?;
        if let Some((key, persons)) = &self.persons {
            write!(f, ", with {persons} different `{key}`")?;
        }
        write!(
            f,
            "; all of them would become one profile: list it under [dataset.nulls], or add {} to the store's block_values",
            self.value
        )
    }
}
