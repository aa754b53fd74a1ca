//! A fragment: what one record dataset holds of one primary identity, in all its versions.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{BatchId, Identity, ImportId, Moment, SourceLine};

/// A JSON text as it was sent: every field, every digit, keys in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body(Arc<str>);

impl Body {
    /// A body of this text, which must be JSON.
    pub fn new(text: impl Into<Arc<str>>) -> Body {
        Body(text.into())
    }

    /// The text as it was sent.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The value that the text says; `Null` where it is no JSON.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or(Value::Null)
    }
}

impl Serialize for Body {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// What a record does to its fragment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// It replaces the fragment: a field that it leaves out is gone.
    #[default]
    Create,
    /// It patches the fragment leaf by leaf; a named null clears, an array is replaced.
    Merge,
    /// As `Merge`, but arrays are appended to.
    Append,
    /// The fragment is gone.
    Delete,
}

/// One record as it reached its fragment.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The batch that brought it first.
    pub batch: BatchId,
    /// The import command of that batch.
    pub import: ImportId,
    /// Where in the batch it stood.
    pub line: SourceLine,
    /// That batch's moment.
    pub ingested_at: Moment,
    /// Later batches that brought the same body again, oldest first; each moves the fragment's time.
    pub touches: Vec<Touch>,
    /// The record's own time (`extSourceSystemAudit.lastUpdatedDate` or what the mapping names).
    pub customer_time: Option<Moment>,
    /// What it does to the fragment.
    pub operation: Operation,
    /// What was sent.
    pub body: Body,
    /// The record's other identities, in the order in which it named them.
    pub secondary: Vec<Identity>,
}

impl Version {
    /// The fragment's time that this version stands for: its own, or that of the last touch.
    pub fn effective_at(&self) -> Moment {
        self.touches
            .last()
            .map_or(self.ingested_at, |touch| touch.ingested_at)
    }

    /// The import command that effective time belongs to.
    pub fn effective_import(&self) -> ImportId {
        self.touches
            .last()
            .map_or(self.import, |touch| touch.import)
    }
}

/// The same record seen again in a later row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// The batch that brought it.
    pub batch: BatchId,
    /// The import command of that batch.
    pub import: ImportId,
    /// Where in the batch it stood.
    pub line: SourceLine,
    /// That batch's moment.
    pub ingested_at: Moment,
}

/// What one record dataset holds of one primary identity.
#[derive(Clone, Debug, PartialEq)]
pub struct Fragment {
    /// The dataset's name.
    pub dataset: Arc<str>,
    /// The primary identity.
    pub identity: Arc<Identity>,
    /// The place of the identity's namespace in the priorities, 1 is highest; those without one stand after the last.
    pub priority: u32,
    /// Its versions, oldest first, none later than the moment that is asked about.
    pub versions: Vec<Version>,
}

impl Fragment {
    /// Whether its last version did not delete it.
    pub fn is_alive(&self) -> bool {
        let newest = self.versions.last();
        newest.is_some_and(|version| version.operation != Operation::Delete)
    }
}
