//! Answers about one profile: what it is, why it is not there, its events, and how policies differ over it.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::model::{
    Body, Event, Identity, Moment, Path, PolicyName, Profile, SourceFiles, SourceLine,
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
    /// When a record first named one of its identities.
    pub first_seen: Option<Moment>,
    /// The moment of the first of them.
    pub first_event: Option<Moment>,
    /// The moment of the last of them.
    pub last_event: Option<Moment>,
    /// How many events of these identities the policy leaves out.
    pub hidden_events: u64,
    /// How many fragments took part.
    pub fragments: usize,
    /// The files that its values come from.
    pub files: Arc<SourceFiles>,
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
    /// It was deleted, as its owner was forgotten.
    Forgotten {
        /// What was asked for.
        identity: Identity,
        /// When.
        at: Moment,
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
            Miss::Forgotten { identity, at } => write!(
                f,
                "{identity} was deleted: it was forgotten at {at}, and rows that name it are not taken again"
            ),
        }
    }
}

fn list(identities: &[Identity]) -> String {
    let names: Vec<_> = identities.iter().map(Identity::to_string).collect();
    names.join(", ")
}

/// A question's answer, or why there is none.
pub type Found<T> = Result<T, Box<Miss>>;

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
