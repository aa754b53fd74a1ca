//! Datasets, and the batches that imports bring into them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{BatchId, DatasetId, ImportId, Moment};

/// What a dataset holds: attributes, or a time series.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum DatasetKind {
    /// Records: the attributes of a primary identity.
    #[default]
    Record,
    /// Events: what happened to a primary identity, and when.
    Event,
}

impl fmt::Display for DatasetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            DatasetKind::Record => "record",
            DatasetKind::Event => "event",
        })
    }
}

impl FromStr for DatasetKind {
    type Err = String;

    fn from_str(text: &str) -> Result<DatasetKind, String> {
        match text {
            "record" => Ok(DatasetKind::Record),
            "event" => Ok(DatasetKind::Event),
            _ => Err(format!(
                "`{text}` is no kind of dataset; there are record and event"
            )),
        }
    }
}

/// A named source of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dataset {
    /// Its number in the store.
    pub id: DatasetId,
    /// Its name, unique in the store.
    pub name: String,
    /// What it holds.
    pub kind: DatasetKind,
    /// Where it comes from: web, mobile, crm, store, call-centre, loyalty, third-party…
    pub channel: Option<String>,
    /// Records patch their fragment instead of replacing it.
    pub upsert: bool,
    /// Every version of a fragment is kept, not the newest alone.
    pub keeps_versions: bool,
}

/// One import into one dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    /// Its number in the store.
    pub id: BatchId,
    /// The import command that brought it.
    pub import: ImportId,
    /// The dataset that it went into.
    pub dataset: String,
    /// Its moment of ingestion.
    pub ingested_at: Moment,
    /// The files that were read, in order.
    pub files: Vec<String>,
    /// What became of its rows.
    #[serde(flatten)]
    pub counts: RowCounts,
    /// What it added to the store.
    #[serde(flatten)]
    pub brought: Brought,
}

/// What a batch added to the store; `None` in batches of before this was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Brought {
    /// Fragments that it began.
    pub fragments: Option<u64>,
    /// Events that were not known before.
    pub events: Option<u64>,
    /// Identities that no batch before it had named.
    pub identities: Option<u64>,
    /// Links that no batch before it had shown.
    pub links: Option<u64>,
    /// How long its import command took, in milliseconds.
    pub elapsed_ms: Option<u64>,
}

/// What became of the rows that were read: `read = accepted + rejected + duplicates`, `replaced` is part of `accepted`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// Rows found in the input.
    pub read: u64,
    /// Rows that went into the store.
    pub accepted: u64,
    /// Accepted rows that were a new version of something known.
    pub replaced: u64,
    /// Rows that were refused; the rejects file holds them.
    pub rejected: u64,
    /// Rows that said nothing new.
    pub duplicates: u64,
}

impl RowCounts {
    /// Adds another count to this one.
    pub fn add(&mut self, other: RowCounts) {
        self.read += other.read;
        self.accepted += other.accepted;
        self.replaced += other.replaced;
        self.rejected += other.rejected;
        self.duplicates += other.duplicates;
    }
}

/// Where a row stands in its source, as people count: a file of the batch and the line in it, from 1.
///
/// A JSON array's element has the line on which it begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceLine {
    /// The file's place in [`Batch::files`], from 0.
    pub file: u16,
    /// The line in it, from 1.
    pub line: u64,
}

const LINE_BITS: u32 = 40;

impl SourceLine {
    /// Both parts in one number that sorts as they do; lines beyond 2^40 are cut.
    pub fn packed(self) -> u64 {
        (u64::from(self.file) << LINE_BITS) | (self.line & ((1 << LINE_BITS) - 1))
    }

    /// The reverse of [`SourceLine::packed`].
    pub fn unpack(packed: u64) -> SourceLine {
        SourceLine {
            file: (packed >> LINE_BITS) as u16,
            line: packed & ((1 << LINE_BITS) - 1),
        }
    }
}
