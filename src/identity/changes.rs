//! What records change in a graph, gathered until someone asks for it.

use std::collections::HashMap;

use super::graph::Graph;
use super::links::{CHANGED, LinkNumber, LinkRows, NEW, Sighting};
use super::names::Node;
use crate::model::Paged;

/// What is known of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkState {
    /// The end that came into the graph first.
    pub a: Node,
    /// The other end.
    pub b: Node,
    /// Whether it holds.
    pub is_kept: bool,
    /// The record since which it has held; of no meaning while it does not.
    pub since: Sighting,
    /// The record that first showed it.
    pub first: Sighting,
    /// The record that last showed it.
    pub last: Sighting,
    /// How many records showed it.
    pub seen: u64,
}

/// Why a link was removed, in nodes; [`Graph::removal`] says it in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Its two sides hold two values of one unique namespace.
    Unique {
        /// The holder on the side of the link's smaller identity.
        a: Node,
        /// The holder on the side of its larger one.
        b: Node,
    },
    /// The graph was over the cap, and this end went.
    Cap {
        /// The end.
        node: Node,
    },
    /// One of its ends was deleted.
    Deleted {
        /// The end.
        node: Node,
    },
}

/// A removed link and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// The link.
    pub link: LinkNumber,
    /// Why.
    pub cause: Cause,
}

/// What one record, or one deletion, took away; what it added is its own links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// The links that it removed.
    pub removed: Vec<Removed>,
    /// The identities that the cap gave up.
    pub given_up: Vec<Node>,
}

/// A turn in the life of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The link.
    pub link: LinkNumber,
    /// The record that brought it about; `None` for a deletion.
    pub by: Option<Sighting>,
    /// What happened.
    pub what: Happening,
}

/// What happens to links after they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// It was removed.
    Removed {
        /// The record since which it had held.
        since: Sighting,
        /// Why.
        cause: Cause,
    },
    /// It had been removed and was seen again.
    Returned,
}

/// What changed since changes were last drained.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Links that were made, in that order, each once, be they kept or removed by now.
    pub new_links: Vec<LinkNumber>,
    /// Older links that were seen again, removed or returned, each once.
    pub changed_links: Vec<LinkNumber>,
    /// Removals and returns in the order in which they happened; the first keeping of a new link is not among them.
    pub turns: Vec<Turn>,
    /// Identities whose component has another representative now, each with it; a new one represented itself.
    pub moved: Vec<(Node, Node)>,
}

/// What is gathered.
#[derive(Default)]
pub(super) struct Journal {
    pub(super) held_since: HashMap<LinkNumber, Sighting>,
    pub(super) with_rows: Paged<LinkNumber>,
    pub(super) ended_rows: Paged<LinkRows>,
    touched: Paged<LinkNumber>,
    turns: Vec<Turn>,
}

impl Graph {
    /// What changed since this was last asked, each thing once, at the cost of what changed.
    pub fn drain_changes(&mut self) -> Changes {
        let touched = self.journal.touched.drain();
        let (new_links, changed_links): (Vec<_>, Vec<_>) =
            touched.partition(|link| self.links.has(*link, NEW));
        for link in new_links.iter().chain(&changed_links) {
            self.links.clear(*link, NEW | CHANGED);
        }
        Changes {
            new_links,
            changed_links,
            turns: std::mem::take(&mut self.journal.turns),
            moved: self.moved(),
        }
    }

    fn moved(&mut self) -> Vec<(Node, Node)> {
        let mut moved = Vec::new();
        for label in self.components.take_changed() {
            let members = self.members_of(label);
            let first = members.iter().min_by_key(|node| self.id(**node));
            let Some(first) = first.copied() else {
                continue;
            };
            for node in members {
                let is_new = self
                    .knots
                    .get_mut(node.index())
                    .is_some_and(|knot| std::mem::replace(&mut knot.reported, first.0) != first.0);
                if is_new {
                    moved.push((node, first));
                }
            }
        }
        moved
    }

    pub(super) fn touch(&mut self, link: LinkNumber, flags: u8) {
        if !self.links.has(link, CHANGED) {
            self.journal.touched.push(link);
        }
        self.links.set(link, CHANGED | flags);
    }

    /// Notes that a link is gone.
    pub(super) fn note_removed(&mut self, removed: Removed, by: Option<Sighting>) {
        let Removed { link, cause } = removed;
        let first = self.links.first_seen(link);
        let since = self.journal.held_since.remove(&link).unwrap_or(first);
        self.touch(link, 0);
        self.journal.turns.push(Turn {
            link,
            by,
            what: Happening::Removed { since, cause },
        });
    }

    /// Notes that a link is back.
    pub(super) fn note_returned(&mut self, link: LinkNumber, at: Sighting) {
        self.journal.held_since.insert(link, at);
        self.journal.turns.push(Turn {
            link,
            by: Some(at),
            what: Happening::Returned,
        });
    }
}
