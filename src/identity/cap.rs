//! The cap: how a graph that has grown too large gives up its oldest identities.

use super::changes::{Cause, Observed, Removed};
use super::graph::Graph;
use super::links::{Sighting, TREE};
use super::names::Node;
use crate::model::NamespaceKind;

impl Graph {
    /// Takes identities out of the graphs that a record has changed until none is over the cap.
    pub(super) fn apply_cap(&mut self, own: &[Node], at: Sighting, observed: &mut Observed) {
        let (Some(cap), Some(first)) = (self.cap, own.first()) else {
            return;
        };
        let mut to_check = vec![*first];
        for removed in &observed.removed {
            to_check.extend(self.links.ends(removed.link));
        }
        while let Some(node) = to_check.pop() {
            if self.size(self.label(node)) <= cap {
                continue;
            }
            if let Some(oldest) = self.oldest(node, own) {
                let cause = Cause::Cap { node: oldest };
                to_check.extend(self.detach(oldest, cause, Some(at), observed));
                observed.given_up.push(oldest);
            }
        }
    }

    /// The identity that the graph of this node gives up next; none of the record's own.
    fn oldest(&self, node: Node, own: &[Node]) -> Option<Node> {
        self.members_of(self.label(node))
            .into_iter()
            .filter(|member| own.binary_search(member).is_err())
            .min_by_key(|member| (turn_of(self.kind_of(*member)), self.id(*member)))
    }

    /// Removes every link of a node; gives back a node of each component that is left.
    pub(super) fn detach(
        &mut self,
        node: Node,
        cause: Cause,
        at: Option<Sighting>,
        observed: &mut Observed,
    ) -> Vec<Node> {
        self.reroot(node);
        let links: Vec<_> = self.links.of(node).collect();
        let mut roots = vec![node];
        for link in links {
            if self.links.has(link, TREE) {
                let child = self.links.other(link, node);
                self.cut(child);
                roots.push(child);
            }
            self.links.remove(link);
            let removed = Removed { link, cause };
            self.note_removed(removed, at);
            observed.removed.push(removed);
        }
        for link in self.settle(self.label(node), &roots) {
            self.plant(link);
        }
        roots
    }
}

/// Browsers go first, then hardware, then what names persons, all three kinds alike.
fn turn_of(kind: NamespaceKind) -> u8 {
    match kind {
        NamespaceKind::Cookie => 0,
        NamespaceKind::Device => 1,
        _ => 2,
    }
}
