//! What the index is told of one cluster.

use std::sync::Arc;

use super::digest::Digest;
use super::standing::Standing;
use crate::model::{ClusterId, Identity, Moment};

/// A cluster as the index takes it in, but for what is said of it, which it is told before.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The cluster.
    pub cluster: ClusterId,
    /// The identity that names it in lists.
    pub entity: Arc<Identity>,
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
    /// The paths of the leaves on which its fragments disagree.
    pub conflicts: Vec<Vec<String>>,
    /// The datasets of its fragments and events that the policy of the index sees.
    pub datasets: Vec<Arc<str>>,
    /// The datasets of all its fragments and events.
    pub sources: Vec<Arc<str>>,
    /// The types of its events; those of events that the policy of the index does not see are merely said.
    pub event_types: Vec<(Arc<str>, Standing)>,
    /// What any policy folds it from.
    pub digest: Digest,
}
