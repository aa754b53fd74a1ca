//! A cluster as far as lists and queries look at it: whose it is, what its fragments say, and how many events it has.
//!
//! From a digest any policy folds its profiles without the store.

use std::sync::Arc;

use crate::merge::Claims;
use crate::model::{Fragment, Identity, Moment};

/// A cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Digest {
    /// The place of the identity that names it, among its identities.
    pub entity: usize,
    /// Its identities, in the order in which they were first seen.
    pub identities: Vec<Known>,
    /// Its living fragments, without their bodies, in the order of their primary identities.
    pub fragments: Vec<Fragment>,
    /// What each of them says.
    pub claims: Vec<Claims>,
}

impl Digest {
    /// The fragments of an identity, and what they say.
    pub fn own(&self, identity: &Identity) -> (&[Fragment], &[Claims]) {
        let is_own = |fragment: &Fragment| *fragment.identity == *identity;
        let from = self.fragments.iter().position(is_own).unwrap_or(0);
        let others = self.fragments.iter().skip(from);
        let own = from..from + others.take_while(|fragment| is_own(fragment)).count();
        let (fragments, claims) = (self.fragments.get(own.clone()), self.claims.get(own));
        (fragments.unwrap_or_default(), claims.unwrap_or_default())
    }

    /// How many of its identities are the primary one of an event, or of a fragment with more than segments, which alone make
    /// no profile.
    pub fn primaries(&self) -> usize {
        let is_primary = |known: &&Known| {
            let (_, claims) = self.own(&known.identity);
            !known.events.is_empty() || claims.iter().any(|claims| claims.has_attributes)
        };
        self.identities.iter().filter(is_primary).count()
    }
}

/// An identity of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Its name.
    pub identity: Arc<Identity>,
    /// The moment of the batch that first named it.
    pub first_seen: Moment,
    /// It is the primary identity of some record or event.
    pub is_primary: bool,
    /// Its events by dataset.
    pub events: Vec<EventsOf>,
}

/// The events of an identity in a dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct EventsOf {
    /// The dataset's name.
    pub dataset: Arc<str>,
    /// How many there are.
    pub count: u64,
    /// When the first happened.
    pub first: Moment,
    /// When the last happened.
    pub last: Moment,
    /// Their types, each once.
    pub kinds: Vec<Arc<str>>,
}
