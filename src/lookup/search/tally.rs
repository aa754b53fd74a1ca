//! How many profiles match, and which of them stand first: what is needed of those that were folded one by one.

use std::cmp::Ordering;

use super::ranking::Rank;
use crate::index::Doc;
use crate::model::Identity;
use crate::query::{Closeness, Sort};

/// A profile that matches, by where its document lies.
pub(super) struct Counted {
    pub rank: Rank,
    pub entity: Identity,
    /// The place of the segment.
    pub place: usize,
    pub doc: Doc,
}

/// Profiles that match.
pub(super) struct Tally {
    count: u64,
    closest: Option<Closeness>,
    /// Those that stand first, and some others.
    best: Vec<Counted>,
    most: usize,
}

impl Tally {
    /// None so far; so many of the first are kept.
    pub fn new(most: usize) -> Tally {
        Tally {
            count: 0,
            closest: None,
            best: Vec::new(),
            most,
        }
    }

    pub fn add(&mut self, counted: Counted, sort: Option<&Sort>) {
        self.count += 1;
        let closeness = counted.rank.closeness;
        self.closest = self.closest.into_iter().chain([closeness]).min();
        self.best.push(counted);
        if self.best.len() / 2 > self.most {
            self.rank(sort);
        }
    }

    /// Adds those of another tally.
    pub fn join(&mut self, other: Tally, sort: Option<&Sort>) {
        self.count += other.count;
        self.closest = self.closest.into_iter().chain(other.closest).min();
        self.best.extend(other.best);
        self.rank(sort);
    }

    fn rank(&mut self, sort: Option<&Sort>) {
        self.best.sort_by(|a, b| a.compare(b, sort));
        self.best.truncate(self.most);
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    /// How close the closest come.
    pub fn closest(&self) -> Option<Closeness> {
        self.closest
    }

    /// Those that stand first, in their order, once they were joined.
    pub fn best(&self) -> &[Counted] {
        &self.best
    }
}

impl Counted {
    fn compare(&self, other: &Counted, sort: Option<&Sort>) -> Ordering {
        let by_rank = self.rank.compare(&other.rank, sort);
        by_rank.then_with(|| self.entity.cmp(&other.entity))
    }
}
