//! Answers about a whole store: what an import did, what linking again changes, the overview.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Batch, DatasetKind, Effects, Identity, Moment, Path, RowCounts};

/// What became of one dataset in an import.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DatasetImport {
    /// The dataset's name.
    pub name: String,
    /// What it holds.
    pub kind: DatasetKind,
    /// The batch that was made; `None` where the same file was already in.
    pub batch: Option<u32>,
    /// What became of its rows.
    #[serde(flatten)]
    pub counts: RowCounts,
}

/// What an import did, with the store's totals after it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportAnswer {
    /// Dataset by dataset, in the order of reading.
    pub datasets: Vec<DatasetImport>,
    /// Identities in the store.
    pub identities: u64,
    /// Links that hold.
    pub links: u64,
    /// Links that were removed and are remembered.
    pub removed_links: u64,
    /// Profiles under the default policy.
    pub profiles: u64,
    /// The rejects file, where rows were refused.
    pub rejects: Option<String>,
    /// What the reader should know, a sentence each.
    pub notes: Vec<String>,
    /// How long it took.
    pub elapsed_ms: u64,
    /// What it did to the profiles, where that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effects: Option<Box<Effects>>,
    /// It was only looked at what it would do; nothing of it is in the store.
    #[serde(rename = "preview", skip_serializing_if = "std::ops::Not::not")]
    pub is_preview: bool,
}

/// What linking again changes, or would change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResolveAnswer {
    /// Graphs before, identities without links included.
    pub graphs: u64,
    /// Those of before whose identities are now in several.
    pub split: u64,
    /// Those of now that were several.
    pub joined: u64,
    /// Those that stay as they were.
    pub unchanged: u64,
    /// Some that change, by an identity of theirs.
    pub examples: Vec<Identity>,
    /// Namespaces that are not unique but nearly always have one value in a graph, with the number of graphs that hold more.
    pub looks_unique: Vec<(String, u64)>,
    /// Events that present settings would place with another identity than the one with which they were found.
    pub misplaced_events: u64,
    /// Those of them that move there; `None` where none was to move.
    pub moved_events: Option<u64>,
}

/// What taking batches back takes out, and what comes of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletionAnswer {
    /// The batches, as they were.
    pub batches: Vec<Batch>,
    /// Rows that they had read.
    pub rows: u64,
    /// Versions of fragments that go.
    pub versions: u64,
    /// Fragments that there are less.
    pub fragments: u64,
    /// Events that go, replaced ones included.
    pub events: u64,
    /// Identities that nobody names any more.
    pub identities: u64,
    /// Links that no record shows any more, removed ones included.
    pub links: u64,
    /// Links that had been displaced and hold again.
    pub returned_links: u64,
    /// Rows of other batches that had only repeated a row and count as their own now.
    pub returned_rows: u64,
    /// Rows of other batches that say nothing new any more.
    pub repeating_rows: u64,
    /// What becomes of each graph.
    pub outcome: GraphOutcome,
    /// Graphs of now that were several.
    pub joined: u64,
    /// Some of those that change, by an identity of theirs.
    pub examples: Vec<Identity>,
}

/// What becomes of each graph of before, identities without links included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphOutcome {
    /// It stays as it is.
    pub unchanged: u64,
    /// Something of it goes or changes, and it stays one.
    pub updated: u64,
    /// Its identities are in several now.
    pub split: u64,
    /// None of its identities is known any more.
    pub gone: u64,
}

impl GraphOutcome {
    /// How many graphs there were.
    pub fn graphs(&self) -> u64 {
        self.unchanged + self.updated + self.split + self.gone
    }
}

/// How far an import has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportProgress {
    /// What is being done: waiting for somebody, reading, writing, linking, closing.
    pub stage: &'static str,
    /// The file in hand, or who is waited for.
    pub file: String,
    /// Bytes of input read so far over all files, as they lie on disk; behind the reading, steps of the stage.
    pub bytes: u64,
    /// As many as there are in all; 0 where that can't be known.
    pub total_bytes: u64,
    /// Rows of the stage so far.
    pub rows: u64,
    /// Rejected rows so far.
    pub rejected: u64,
}

/// How many profiles have something, such as an overlap of namespaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overlap {
    /// The names that occur together.
    #[serde(skip)]
    pub names: Vec<String>,
    /// How many profiles have exactly these.
    pub profiles: u64,
}

/// A dataset with its totals.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DatasetTotals {
    /// The dataset's name.
    pub name: String,
    /// What it holds.
    pub kind: DatasetKind,
    /// Where it comes from.
    pub channel: Option<String>,
    /// Its batches.
    pub batches: u64,
    /// Its fragments.
    pub fragments: u64,
    /// Its events.
    pub events: u64,
    /// The moment of its last batch.
    pub last_ingested: Option<Moment>,
}

/// A profile that deserves a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Suspect {
    /// The canonical identity.
    pub entity_id: Identity,
    /// Why.
    pub reason: String,
}

/// The overview of a store under a policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatsAnswer {
    /// Profiles.
    pub profiles: u64,
    /// Identities.
    pub identities: u64,
    /// Links that hold.
    pub links: u64,
    /// Fragments.
    pub fragments: u64,
    /// Events.
    pub events: u64,
    /// The datasets.
    pub datasets: Vec<DatasetTotals>,
    /// Profiles that have an identity of a namespace, by its code.
    pub profiles_by_namespace: BTreeMap<String, u64>,
    /// The commonest sets of namespaces.
    pub namespace_overlap: Vec<Overlap>,
    /// The commonest sets of datasets.
    pub dataset_overlap: Vec<Overlap>,
    /// Profiles of one identity.
    pub single_identity_profiles: u64,
    /// The largest graphs: canonical identity and size.
    pub largest_graphs: Vec<(Identity, u64)>,
    /// Paths on which fragments disagree, by the number of profiles.
    pub conflicts: Vec<(Path, u64)>,
    /// Profiles that deserve a look.
    pub suspects: Vec<Suspect>,
    /// Settings changed since the links were made.
    pub resolve_pending: bool,
}
