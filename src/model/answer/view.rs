//! A folded profile as programs read it: the object that `show` prints and an export writes.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::model::{
    Candidate, ConsentAlarm, Identity, Leaf, Moment, Origin, PolicyName, ProfileAnswer, Rule,
    SourceFiles, Superseded,
};

/// Whether the reasons are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reasons {
    /// The values alone.
    Hidden,
    /// Each value with its winner, candidates and superseded versions.
    Shown,
}

/// A profile as programs read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileView<'a> {
    entity_id: &'a Identity,
    requested: &'a Identity,
    merge_policy: &'a PolicyName,
    identity_graph: &'a [Identity],
    sources: &'a [Arc<str>],
    entity: &'a Map<String, Value>,
    event_count: u64,
    hidden_events: u64,
    first_event: Option<Moment>,
    last_event: Option<Moment>,
    last_modified_at: Option<Moment>,
    consent_alarms: &'a [ConsentAlarm],
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<Explained<'a>>,
}

impl<'a> ProfileView<'a> {
    /// The view of an answer.
    pub fn of(
        answer: &'a ProfileAnswer,
        reasons: Reasons,
        files: &'a SourceFiles,
    ) -> ProfileView<'a> {
        ProfileView {
            entity_id: &answer.entity_id,
            requested: &answer.requested,
            merge_policy: &answer.policy,
            identity_graph: &answer.identities,
            sources: &answer.sources,
            entity: &answer.profile.entity,
            event_count: answer.event_count,
            hidden_events: answer.hidden_events,
            first_event: answer.first_event,
            last_event: answer.last_event,
            last_modified_at: answer.profile.last_modified_at,
            consent_alarms: &answer.profile.consent_alarms,
            explain: (reasons == Reasons::Shown)
                .then(|| Explained::of(&answer.profile.leaves, files)),
        }
    }
}

/// The reasons of all leaves, by JSON pointer.
pub struct Explained<'a> {
    leaves: &'a [Leaf],
    files: &'a SourceFiles,
}

impl<'a> Explained<'a> {
    /// The view of these leaves.
    pub fn of(leaves: &'a [Leaf], files: &'a SourceFiles) -> Explained<'a> {
        Explained { leaves, files }
    }
}

impl Serialize for Explained<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.leaves.len()))?;
        for leaf in self.leaves {
            map.serialize_entry(&leaf.path.pointer(), &LeafView::of(leaf, self.files))?;
        }
        map.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LeafView<'a> {
    value: &'a Value,
    rule: Rule,
    conflict: bool,
    tie: bool,
    same_import: bool,
    winner: OriginView<'a>,
    candidates: Vec<CandidateView<'a>>,
    superseded: Vec<SupersededView<'a>>,
}

impl<'a> LeafView<'a> {
    fn of(leaf: &'a Leaf, files: &'a SourceFiles) -> LeafView<'a> {
        let candidate = |candidate: &'a Candidate| CandidateView {
            value: &candidate.value,
            origin: OriginView::of(&candidate.origin, files),
        };
        let superseded = |superseded: &'a Superseded| SupersededView {
            value: &superseded.value,
            origin: OriginView::of(&superseded.origin, files),
            taken_over: superseded.taken_over,
        };
        LeafView {
            value: &leaf.value,
            rule: leaf.rule,
            conflict: leaf.conflict,
            tie: leaf.tie,
            same_import: leaf.same_import,
            winner: OriginView::of(&leaf.winner, files),
            candidates: leaf.candidates.iter().map(candidate).collect(),
            superseded: leaf.superseded.iter().map(superseded).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OriginView<'a> {
    dataset: &'a str,
    identity: &'a Identity,
    batch: u32,
    file: &'a str,
    line: u64,
    ingested_at: Moment,
    customer_time: Option<Moment>,
}

impl<'a> OriginView<'a> {
    fn of(origin: &'a Origin, files: &'a SourceFiles) -> OriginView<'a> {
        OriginView {
            dataset: &origin.dataset,
            identity: &origin.identity,
            batch: origin.batch.0,
            file: files.name(origin.batch, origin.line),
            line: origin.line.line,
            ingested_at: origin.ingested_at,
            customer_time: origin.customer_time,
        }
    }
}

#[derive(Serialize)]
struct CandidateView<'a> {
    value: &'a Value,
    #[serde(flatten)]
    origin: OriginView<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SupersededView<'a> {
    value: &'a Value,
    #[serde(flatten)]
    origin: OriginView<'a>,
    taken_over: bool,
}
