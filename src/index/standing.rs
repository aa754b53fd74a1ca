//! How a value of a document stands, and what a policy makes of that.

use super::docs::{Doc, Docs};
use crate::query::Closeness;
use crate::query::ast::Side;

/// How a value of a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It wins under every policy that sees all sources of its document: nothing else is said there.
    Undisputed,
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
            2 => Standing::Said,
            _ => Standing::Undisputed,
        }
    }

    pub(super) fn bits(self) -> u64 {
        match self {
            Standing::Won => 0,
            Standing::Lost => 1,
            Standing::Said => 2,
            Standing::Undisputed => 3,
        }
    }

    /// Whether it wins under the policy of the index.
    pub fn wins(self) -> bool {
        matches!(self, Standing::Undisputed | Standing::Won)
    }
}

/// Gathers documents by closeness: those that the index decides, and those that it leaves open.
pub(super) struct Gathered<'a> {
    layers: [Option<Docs>; CLOSENESSES.len()],
    open: Docs,
    unsure: Option<Unsure<'a>>,
}

/// Documents of which the index does not know all under a policy.
#[derive(Clone, Copy)]
pub(super) struct Unsure<'a> {
    /// Only folding says what wins, but for what is undisputed.
    pub unsettled: &'a Docs,
    /// Of these, those of which only folding says anything: the policy may not see all of their sources.
    pub doubtful: &'a Docs,
}

impl Unsure<'_> {
    /// Whether only folding says what becomes of a value that stands so.
    fn leaves_open(&self, doc: Doc, standing: Standing) -> bool {
        match standing {
            Standing::Undisputed => self.doubtful.contains(doc),
            _ => self.unsettled.contains(doc),
        }
    }
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
    /// Nothing yet.
    pub fn new(len: u32, unsure: Option<Unsure<'a>>) -> Gathered<'a> {
        Gathered {
            layers: Default::default(),
            open: Docs::none(len),
            unsure,
        }
    }

    /// Adds a document, where a value that stands so counts for it; whether it did.
    pub fn add(&mut self, doc: Doc, closeness: Closeness, standing: Standing, side: Side) -> bool {
        let unsure = self.unsure;
        if unsure.is_some_and(|unsure| unsure.leaves_open(doc, standing)) {
            self.open.insert(doc);
            return true;
        }
        let counts = match standing {
            Standing::Undisputed | Standing::Won => true,
            Standing::Lost => side == Side::Said,
            Standing::Said => false,
        };
        if counts && let Some(layer) = self.layers.get_mut(closeness as usize) {
            let len = self.open.of();
            layer.get_or_insert_with(|| Docs::none(len)).insert(doc);
        }
        counts
    }

    /// The documents that are not in yet, neither sure nor open.
    pub fn others(&self) -> Docs {
        let mut known = self.open.clone();
        self.layers
            .iter()
            .flatten()
            .for_each(|docs| known.add(docs));
        known.others()
    }

    /// What was gathered.
    pub fn matches(self) -> super::matches::Matches {
        let layers = CLOSENESSES.into_iter().zip(self.layers);
        let layers = layers.filter_map(|(closeness, docs)| Some((closeness, docs?)));
        super::matches::Matches::layered(layers.collect(), self.open)
    }
}
