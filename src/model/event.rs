//! An event: something that happened to a primary identity at a moment.

use std::sync::Arc;

use super::{BatchId, Body, Identity, Moment, SourceLine};

/// One event as it was sent, with where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its `_id` or what the mapping names; `None` where the source gave none.
    pub id: Option<String>,
    /// When it happened.
    pub timestamp: Moment,
    /// Its `eventType`, where it has one.
    pub kind: Option<Arc<str>>,
    /// The dataset's name.
    pub dataset: Arc<str>,
    /// Where the dataset comes from.
    pub channel: Option<Arc<str>>,
    /// Its primary identity, fixed when it was ingested.
    pub identity: Arc<Identity>,
    /// The batch that brought it.
    pub batch: BatchId,
    /// The file that it stood in.
    pub file: Arc<str>,
    /// Where in the batch it stood.
    pub line: SourceLine,
    /// The batch's moment.
    pub ingested_at: Moment,
    /// What was sent.
    pub body: Body,
}
