//! The documents that a query matches, by how close they come, and those that only folding can decide.

use super::docs::Docs;
use crate::query::Closeness;

/// What a query matches in one segment.
#[derive(Clone, Debug)]
pub struct Matches {
    /// The documents that come this close or closer, the closest first.
    layers: Vec<(Closeness, Docs)>,
    /// Documents that the index cannot decide; what the layers say of them does not count.
    pub open: Docs,
    none: Docs,
}

impl Matches {
    /// Nothing, in a segment of so many documents.
    pub(super) fn none(len: u32) -> Matches {
        Matches {
            layers: Vec::new(),
            open: Docs::none(len),
            none: Docs::none(len),
        }
    }

    /// Documents that are all equally close.
    pub(super) fn of(closeness: Closeness, docs: Docs) -> Matches {
        let len = docs.of();
        Matches {
            layers: vec![(closeness, docs)],
            ..Matches::none(len)
        }
    }

    /// Documents in layers that are not laid over each other yet.
    pub(super) fn layered(mut layers: Vec<(Closeness, Docs)>, open: Docs) -> Matches {
        layers.sort_by_key(|(closeness, _)| *closeness);
        let mut below: Option<Docs> = None;
        for (_, docs) in &mut layers {
            if let Some(below) = &below {
                docs.add(below);
            }
            below = Some(docs.clone());
        }
        let len = open.of();
        Matches {
            layers,
            open,
            none: Docs::none(len),
        }
    }

    /// The documents that come this close or closer.
    pub fn within(&self, closeness: Closeness) -> &Docs {
        let mut layers = self.layers.iter().rev();
        let found = layers.find(|(own, _)| *own <= closeness);
        found.map_or(&self.none, |(_, docs)| docs)
    }

    /// Every document that matches for certain.
    pub fn sure(&self) -> &Docs {
        self.layers.last().map_or(&self.none, |(_, docs)| docs)
    }

    /// The documents by closeness, each in its closest layer alone.
    pub fn by_closeness(&self) -> impl Iterator<Item = (Closeness, Docs)> + '_ {
        let mut below: Option<&Docs> = None;
        self.layers.iter().map(move |(closeness, docs)| {
            let mut own = docs.clone();
            if let Some(below) = below {
                own.drop(below);
            }
            below = Some(docs);
            (*closeness, own)
        })
    }

    /// Everything that may match.
    pub(super) fn possible(&self) -> Docs {
        let mut docs = self.sure().clone();
        docs.add(&self.open);
        docs
    }

    /// What matches both; the farther of the two closenesses counts.
    pub(super) fn and(self, other: &Matches) -> Matches {
        let mut open = self.open.clone();
        open.keep(&other.possible());
        let mut theirs = other.open.clone();
        theirs.keep(&self.possible());
        open.add(&theirs);
        self.joined(other, open, Docs::keep)
    }

    /// What matches either; the nearer of the two closenesses counts.
    pub(super) fn or(self, other: &Matches) -> Matches {
        let mut open = self.open.clone();
        open.add(&other.open);
        self.joined(other, open, Docs::add)
    }

    fn joined(self, other: &Matches, open: Docs, join: fn(&mut Docs, &Docs)) -> Matches {
        let own = self.layers.iter().map(|(closeness, _)| *closeness);
        let theirs = other.layers.iter().map(|(closeness, _)| *closeness);
        let mut steps: Vec<Closeness> = own.chain(theirs).collect();
        steps.sort_unstable();
        steps.dedup();
        let layers = steps.into_iter().map(|closeness| {
            let mut docs = self.within(closeness).clone();
            join(&mut docs, other.within(closeness));
            (closeness, docs)
        });
        Matches {
            layers: layers.collect(),
            open,
            none: self.none.clone(),
        }
    }

    /// What does not match; what is open stays open.
    pub(super) fn not(self) -> Matches {
        let rest = self.possible().others();
        Matches {
            open: self.open,
            ..Matches::of(Closeness::ExactIdentity, rest)
        }
    }

    /// Leaves out what comes less close.
    #[must_use]
    pub fn up_to(mut self, closeness: Closeness) -> Matches {
        self.layers.retain(|(own, _)| *own <= closeness);
        self
    }

    /// Leaves documents out altogether.
    pub(super) fn without(&mut self, docs: &Docs) {
        for (_, layer) in &mut self.layers {
            layer.drop(docs);
        }
        self.open.drop(docs);
    }

    /// Documents that the index is not to decide, where they may match.
    pub(super) fn reopen(&mut self, docs: &Docs) {
        let mut doubtful = self.sure().clone();
        doubtful.keep(docs);
        self.open.add(&doubtful);
    }

    /// What is open counts as open alone.
    pub(super) fn settled(mut self) -> Matches {
        for (_, layer) in &mut self.layers {
            layer.drop(&self.open);
        }
        self
    }
}
