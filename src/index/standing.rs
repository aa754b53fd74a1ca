//! How a value of a document stands, and what a policy makes of that.

use super::docs::{Doc, Docs};
use crate::query::Closeness;
use crate::query::ast::Side;

/// How a value of a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It wins under the policy of the index.
    Won,
    /// It loses under that policy.
    Lost,
    /// A fragment says it; what another policy makes of it is not known.
    Said,
}

impl Standing {
    pub(super) fn of(bits: u64) -> Standing {
        match bits {
            0 => Standing::Won,
            1 => Standing::Lost,
            _ => Standing::Said,
        }
    }

    pub(super) fn bits(self) -> u64 {
        match self {
            Standing::Won => 0,
            Standing::Lost => 1,
            Standing::Said => 2,
        }
    }
}

/// Gathers documents by closeness: those that the index decides, and those that it leaves open.
pub(super) struct Gathered<'a> {
    layers: [Option<Docs>; CLOSENESSES.len()],
    open: Docs,
    unsettled: Option<&'a Docs>,
}

/// Every closeness, the closest first.
const CLOSENESSES: [Closeness; 7] = [
    Closeness::ExactIdentity,
    Closeness::ExactValue,
    Closeness::Prefix,
    Closeness::WordStart,
    Closeness::Inside,
    Closeness::Typo,
    Closeness::Subsequence,
];

impl<'a> Gathered<'a> {
    /// Nothing yet; `unsettled` are the documents that only folding decides.
    pub fn new(len: u32, unsettled: Option<&'a Docs>) -> Gathered<'a> {
        Gathered {
            layers: Default::default(),
            open: Docs::none(len),
            unsettled,
        }
    }

    /// Adds a document, where a value that stands so counts for it; whether it did.
    pub fn add(&mut self, doc: Doc, closeness: Closeness, standing: Standing, side: Side) -> bool {
        if self
            .unsettled
            .is_some_and(|unsettled| unsettled.contains(doc))
        {
            self.open.insert(doc);
            return true;
        }
        let counts = match standing {
            Standing::Won => true,
            Standing::Lost => side == Side::Said,
            Standing::Said => false,
        };
        if counts && let Some(layer) = self.layers.get_mut(closeness as usize) {
            let len = self.open.of();
            layer.get_or_insert_with(|| Docs::none(len)).insert(doc);
        }
        counts
    }

    /// What was gathered.
    pub fn matches(self) -> super::matches::Matches {
        let layers = CLOSENESSES.into_iter().zip(self.layers);
        let layers = layers.filter_map(|(closeness, docs)| Some((closeness, docs?)));
        super::matches::Matches::layered(layers.collect(), self.open)
    }
}
