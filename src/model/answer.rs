//! The plain answers to questions, as screens show them and commands print them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::{
    Body, DatasetKind, Event, Identity, Moment, Path, PolicyName, Profile, Removal, RowCounts,
    SourceLine,
};

/// A profile under a policy, as `show` prints it and the profile screen draws it.
#[derive(Clone, Debug)]
pub struct ProfileAnswer {
    /// The canonical identity.
    pub entity_id: Identity,
    /// The identity that was asked for.
    pub requested: Identity,
    /// The policy.
    pub policy: PolicyName,
    /// The identities that the profile is made of, sorted.
    pub identities: Vec<Identity>,
    /// The folded attributes and their reasons.
    pub profile: Profile,
    /// The datasets of its fragments and events, sorted.
    pub sources: Vec<Arc<str>>,
    /// How many events the policy sees.
    pub event_count: u64,
    /// The moment of the first of them.
    pub first_event: Option<Moment>,
    /// The moment of the last of them.
    pub last_event: Option<Moment>,
    /// How many events of these identities the policy leaves out.
    pub hidden_events: u64,
    /// How many fragments took part.
    pub fragments: usize,
}

/// Why a look-up found nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Miss {
    /// The value is unknown; these known identities are nearest.
    Unknown {
        /// What was asked for.
        identity: Identity,
        /// The nearest known ones, nearest first.
        nearest: Vec<Identity>,
    },
    /// The value is known in these other namespaces.
    OtherNamespace {
        /// What was asked for.
        identity: Identity,
        /// The same value where it is known.
        known: Vec<Identity>,
    },
    /// With stitching none, an identity that is only ever secondary has no profile.
    OnlySecondary {
        /// What was asked for.
        identity: Identity,
        /// The policy's name.
        policy: String,
        /// Primary identities of the records that carry it.
        carried_by: Vec<Identity>,
    },
    /// It lives only in datasets that the policy leaves out.
    LeftOut {
        /// What was asked for.
        identity: Identity,
        /// The policy's name.
        policy: String,
        /// The datasets that hold it.
        datasets: Vec<String>,
    },
    /// It was deleted, or did not exist yet at the moment that is asked about.
    NotThen {
        /// What was asked for.
        identity: Identity,
        /// The moment.
        as_of: Moment,
        /// When it was first seen.
        first_seen: Moment,
    },
    /// It was deleted.
    Deleted {
        /// What was asked for.
        identity: Identity,
    },
}

impl std::fmt::Display for Miss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Miss::Unknown { identity, nearest } if nearest.is_empty() => {
                write!(f, "no record knows {identity}")
            }
            Miss::Unknown { identity, nearest } => {
                write!(f, "no record knows {identity}; nearest: {}", list(nearest))
            }
            Miss::OtherNamespace { identity, known } => write!(
                f,
                "no record knows {identity}, but the value is known as {}",
                list(known)
            ),
            Miss::OnlySecondary {
                identity,
                policy,
                carried_by,
            } => write!(
                f,
                "{identity} is only ever a secondary identity, and policy `{policy}` does not stitch; records that carry it belong to {}",
                list(carried_by)
            ),
            Miss::LeftOut {
                identity,
                policy,
                datasets,
            } => write!(
                f,
                "{identity} lives only in {}, which policy `{policy}` leaves out",
                datasets.join(", ")
            ),
            Miss::NotThen {
                identity,
                as_of,
                first_seen,
            } => write!(
                f,
                "{identity} was not there at {as_of}; it was first seen at {first_seen}"
            ),
            Miss::Deleted { identity } => write!(f, "{identity} was deleted"),
        }
    }
}

fn list(identities: &[Identity]) -> String {
    let names: Vec<_> = identities.iter().map(Identity::to_string).collect();
    names.join(", ")
}

/// A question's answer, or why there is none.
pub type Found<T> = Result<T, Box<Miss>>;

/// One line of a result list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// The canonical identity.
    pub entity_id: Identity,
    /// The name under the policy, where the profile has one.
    pub name: Option<String>,
    /// An e-mail address under the policy, for the list.
    #[serde(skip)]
    pub email: Option<String>,
    /// How many identities it is made of.
    pub identities: u64,
    /// How many events.
    pub events: u64,
    /// The moment of the last one.
    pub last_event: Option<Moment>,
    /// What of it matched the query.
    pub matched: Vec<Match>,
}

/// A value that matched a query.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Match {
    /// Where it stands: a path, or `identity`.
    pub path: String,
    /// What it says.
    pub value: Value,
    /// Whether the policy lets it win.
    pub winning: bool,
}

/// A page of a result list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SearchAnswer {
    /// The query as it was asked.
    pub query: String,
    /// The policy's name.
    pub policy: String,
    /// How many profiles match.
    pub total: u64,
    /// Whether `total` is exact; otherwise it is a lower bound.
    pub exact: bool,
    /// How long it took.
    pub elapsed_ms: f64,
    /// Place of the first of `profiles` in the whole list, from 0.
    #[serde(skip)]
    pub offset: u64,
    /// The page.
    pub profiles: Vec<Hit>,
}

/// A query that cannot be understood: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// One sentence.
    pub message: String,
    /// The column of the query, from 1, counted in characters.
    pub column: usize,
}

impl std::fmt::Display for QueryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (column {})", self.message, self.column)
    }
}

/// A stretch of a timeline, and how much there is around it.
#[derive(Clone, Debug)]
pub struct EventsAnswer {
    /// The canonical identity of the profile.
    pub identity: Identity,
    /// How many events match, under policy and filter.
    pub total: u64,
    /// Place of the first of `events` in the whole timeline, from 0.
    pub offset: u64,
    /// How many events of these identities the policy leaves out.
    pub hidden: u64,
    /// The stretch, in the order that was asked for.
    pub events: Vec<Event>,
}

/// An identity in a graph.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphIdentity {
    /// The identity.
    #[serde(skip)]
    pub identity: Identity,
    /// What its namespace names.
    #[serde(rename = "type")]
    pub kind: super::NamespaceKind,
    /// The place of its namespace in the priorities, where it has one.
    pub priority: Option<u32>,
    /// When a record first named it.
    pub first_seen: Moment,
    /// When a record last named it.
    pub last_seen: Moment,
    /// The datasets that name it, sorted.
    pub datasets: Vec<String>,
    /// Events of which it is the primary identity.
    pub events: u64,
    /// Fragments of which it is the primary identity.
    pub fragments: u64,
}

/// Where a link was seen: rows of one batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkSource {
    /// The dataset's name.
    pub dataset: String,
    /// The batch's number.
    pub batch: u32,
    /// The file's name.
    pub file: String,
    /// The first line that shows the link.
    pub line: u64,
    /// The last one.
    pub last_line: u64,
    /// How many rows of the batch show it.
    pub seen: u64,
    /// The batch's moment.
    pub at: Moment,
}

/// A link of a graph, kept or removed.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphLink {
    /// The smaller of its two identities, as strings.
    pub a: Identity,
    /// The larger one.
    pub b: Identity,
    /// Why it was removed; `None` while it is kept.
    pub removed: Option<LinkEnd>,
    /// When it was first established.
    pub first_established: Moment,
    /// When a record last showed it.
    pub last_updated: Moment,
    /// How often it was seen.
    pub seen: u64,
    /// Its removal would split the graph.
    pub is_bridge: bool,
    /// Every batch that showed it, oldest first.
    pub sources: Vec<LinkSource>,
}

/// How a link ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkEnd {
    /// Why.
    pub reason: Removal,
    /// When.
    pub at: Moment,
    /// The record that displaced it, where there is one: dataset, batch and line.
    pub by: Option<(String, u32, u64)>,
}

/// An identity graph.
#[derive(Clone, Debug)]
pub struct GraphAnswer {
    /// The identity that was asked for.
    pub identity: Identity,
    /// The identities of its graph, by priority, then as first seen.
    pub identities: Vec<GraphIdentity>,
    /// Its links, kept ones first, each sorted by its two identities.
    pub links: Vec<GraphLink>,
}

/// A link on a path, with the record that first showed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hop {
    /// The smaller of its two identities, as strings.
    pub a: Identity,
    /// The larger one.
    pub b: Identity,
    /// The dataset of the record.
    pub dataset: String,
    /// Its batch.
    pub batch: u32,
    /// Its file.
    pub file: String,
    /// Its line in that file.
    pub line: u64,
    /// The batch's moment.
    pub at: Moment,
}

/// Why two identities are one person, or why they are not.
#[derive(Clone, Debug)]
pub enum WhyAnswer {
    /// The strongest path between them, in walking order from the first.
    Linked {
        /// Its links.
        path: Vec<Hop>,
    },
    /// What keeps them apart.
    Apart {
        /// One sentence.
        reason: String,
        /// The removed links that would join them.
        removed: Vec<GraphLink>,
    },
    /// The record that made each link of one identity.
    Links {
        /// Its links.
        links: Vec<Hop>,
    },
}

/// What one policy says of a path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Said {
    /// The value.
    pub value: Value,
    /// The dataset of the winner.
    pub dataset: Option<Arc<str>>,
}

/// One path of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedField {
    /// The path.
    pub path: Path,
    /// What each policy says, in the order of the policies; `None` where the profile has no such leaf.
    pub values: Vec<Option<Said>>,
    /// Whether they differ.
    pub differs: bool,
}

/// One profile under several policies.
#[derive(Clone, Debug)]
pub struct CompareAnswer {
    /// The identity that was asked for.
    pub requested: Identity,
    /// The policies, in the order that was asked for, each with the profile or why there is none.
    pub sides: Vec<ComparedSide>,
    /// Every path that one of the profiles has, in the order of the first that has it.
    pub fields: Vec<ComparedField>,
}

/// One policy's side of a comparison.
#[derive(Clone, Debug)]
pub struct ComparedSide {
    /// The policy.
    pub policy: PolicyName,
    /// The profile or why there is none.
    pub profile: Found<ProfileAnswer>,
}

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
}

/// How far an import has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportProgress {
    /// What is being done: reading, writing, indexing.
    pub stage: &'static str,
    /// The file in hand.
    pub file: String,
    /// Bytes of input read so far, as they lie on disk.
    pub bytes: u64,
    /// Bytes of input in all; 0 where that can't be known.
    pub total_bytes: u64,
    /// Rows so far.
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
#[derive(Clone, Debug, Default)]
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

/// The record behind a number on the screen: what was sent, and from where.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceRecord {
    /// The dataset's name.
    pub dataset: String,
    /// The batch.
    pub batch: u32,
    /// The file's name.
    pub file: String,
    /// Where in the batch it stood.
    pub line: SourceLine,
    /// What was sent.
    pub body: Body,
}
