//! What the index is told of one cluster.

use std::sync::Arc;

use super::paths::PathNo;
use super::standing::Standing;
use super::texts::TextKind;
use crate::model::{ClusterId, Identity, Moment};

/// A cluster as the index takes it in.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The cluster.
    pub cluster: ClusterId,
    /// The identity that names it in lists.
    pub entity: Identity,
    /// Its identities.
    pub identities: Vec<Identity>,
    /// The policy of the index makes a profile of it.
    pub is_profile: bool,
    /// It has one fragment at most, and no option of a policy changes what that says.
    pub is_simple: bool,
    /// How many fragments take part.
    pub fragments: u64,
    /// How many events it has.
    pub events: u64,
    /// When it was first seen.
    pub first: Option<Moment>,
    /// Its last event, else its last ingestion.
    pub last: Option<Moment>,
    /// The time of its last event.
    pub last_event: Option<Moment>,
    /// What it is called.
    pub name: Option<String>,
    /// What words look at.
    pub texts: Vec<(String, TextKind)>,
    /// What is said of it.
    pub values: Vec<EntryValue>,
    /// The paths of the leaves on which its fragments disagree.
    pub conflicts: Vec<Vec<String>>,
    /// The datasets of its fragments and events that the policy of the index sees.
    pub datasets: Vec<Arc<str>>,
    /// The datasets of all its fragments and events.
    pub sources: Vec<Arc<str>>,
    /// The types of its events; those of events that the policy of the index does not see are merely said.
    pub event_types: Vec<(Arc<str>, Standing)>,
}

/// A text, a number or a truth value that is said of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryValue {
    /// Where it stands.
    pub path: PathNo,
    /// What it says.
    pub text: String,
    /// It was said as a number.
    pub is_number: bool,
    /// How it stands.
    pub standing: Standing,
}
