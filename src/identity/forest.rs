//! The spanning forest of a graph: for each component the tree of its strongest links, kept as pointers to parents.
//!
//! Between any two identities of a component the tree's path avoids weak links as far as any path can, so the link at which a
//! rebuild would part them is the weakest on that path. A walk costs as much as the path is long; the tree is kept
//! current by exchange: a link that closes a circle takes the place of the weakest one on it.
#![expect(
    clippy::indexing_slicing,
    reason = "nodes are handed out by the graph and stay valid for its arenas"
)]

use std::cmp::{Ordering, Reverse};

use super::graph::Graph;
use super::links::{LinkNumber, NONE, TREE};
use super::names::Node;

/// What the graph keeps of a node, beside its name.
pub(super) struct Knot {
    /// The next node towards the root of the tree.
    pub(super) parent: u32,
    /// The link to it.
    pub(super) up: u32,
    /// The component's label.
    pub(super) label: u32,
    /// The next holder of a unique namespace's value in the component.
    pub(super) next_holder: u32,
    /// The representative that was last reported.
    pub(super) reported: u32,
    mark: u32,
}

impl Knot {
    /// A node on its own.
    pub(super) fn new(node: Node, label: u32) -> Knot {
        Knot {
            parent: NONE,
            up: NONE,
            label,
            next_holder: NONE,
            reported: node.0,
            mark: 0,
        }
    }
}

/// Where a walk to the root went.
#[derive(Clone, Copy)]
pub(super) struct Climb {
    pub(super) root: Node,
    /// The node below the weakest link on the way.
    pub(super) below_weakest: Option<Node>,
}

impl Graph {
    /// The order in which a rebuild takes two links; the greater comes later and is the weaker.
    pub(super) fn compare_links(&self, link: LinkNumber, other: LinkNumber) -> Ordering {
        self.strength(link)
            .cmp(&self.strength(other))
            .then_with(|| self.compare_names(link, other))
    }

    /// The sum of the priorities' numbers, then the more recent one first.
    fn strength(&self, link: LinkNumber) -> (u32, Reverse<u64>) {
        let [a, b] = self.links.ends(link);
        let sum = self.names.place(a).saturating_add(self.names.place(b));
        (sum, Reverse(self.recency_of(link)))
    }

    fn compare_names(&self, link: LinkNumber, other: LinkNumber) -> Ordering {
        let sorted = |link| {
            let [a, b] = self.links.ends(link);
            self.names.sorted(a, b)
        };
        let ((small, large), (small_other, large_other)) = (sorted(link), sorted(other));
        let by_small = self.names.compare(small, small_other);
        by_small.then_with(|| self.names.compare(large, large_other))
    }

    /// The order of the links by which two nodes hang on their parents; by the nodes themselves where it is the same.
    pub(super) fn compare_ups(&self, x: Node, y: Node) -> Ordering {
        match (self.up(x), self.up(y)) {
            (Some((x, _)), Some((y, _))) => self.compare_links(x, y),
            _ => x.cmp(&y),
        }
    }

    fn up(&self, node: Node) -> Option<(LinkNumber, Node)> {
        let knot = &self.knots[node.index()];
        (knot.parent != NONE).then_some((LinkNumber(knot.up), Node(knot.parent)))
    }

    /// Makes a node the root of its tree.
    pub(super) fn reroot(&mut self, node: Node) {
        let (mut below, mut via) = (NONE, NONE);
        let mut at = node.0;
        while at != NONE {
            let knot = &mut self.knots[at as usize];
            let (parent, up) = (knot.parent, knot.up);
            (knot.parent, knot.up) = (below, via);
            (below, via) = (at, up);
            at = parent;
        }
    }

    /// Walks from a node to the root of its tree.
    pub(super) fn climb(&self, node: Node) -> Climb {
        let mut at = node;
        let mut weakest: Option<(LinkNumber, Node)> = None;
        while let Some((link, parent)) = self.up(at) {
            if weakest.is_none_or(|(known, _)| self.compare_links(link, known).is_gt()) {
                weakest = Some((link, at));
            }
            at = parent;
        }
        Climb {
            root: at,
            below_weakest: weakest.map(|(_, below)| below),
        }
    }

    /// Parts a node from its parent: it becomes the root of what hangs below it.
    pub(super) fn cut(&mut self, node: Node) {
        let knot = &mut self.knots[node.index()];
        let up = std::mem::replace(&mut knot.up, NONE);
        knot.parent = NONE;
        if up != NONE {
            self.links.clear(LinkNumber(up), TREE);
        }
    }

    /// Hangs a root below a node of another tree.
    fn hang(&mut self, root: Node, parent: Node, link: LinkNumber) {
        let knot = &mut self.knots[root.index()];
        (knot.parent, knot.up) = (parent.0, link.0);
        self.links.set(link, TREE);
    }

    /// Takes a kept link into the forest: it joins two components, or takes the place of a weaker one, or nothing changes.
    pub(super) fn plant(&mut self, link: LinkNumber) {
        if self.links.has(link, TREE) {
            return;
        }
        let [a, b] = self.links.ends(link);
        let (la, lb) = (self.label(a), self.label(b));
        if la != lb {
            let (root, parent) = if self.size(la) < self.size(lb) {
                (a, b)
            } else {
                (b, a)
            };
            self.merge(self.label(parent), self.label(root));
            self.reroot(root);
            self.hang(root, parent, link);
            return;
        }
        let Some((below, end)) = self.weakest_between(a, b) else {
            return;
        };
        let weakest = LinkNumber(self.knots[below.index()].up);
        if self.compare_links(weakest, link).is_gt() {
            self.cut(below);
            self.reroot(end);
            let other = self.links.other(link, end);
            self.hang(end, other, link);
        }
    }

    /// The node below the weakest link between two nodes of a tree, and which of the two is on its side.
    fn weakest_between(&mut self, a: Node, b: Node) -> Option<(Node, Node)> {
        let meeting = self.meeting(a, b);
        let mut weakest: Option<(LinkNumber, Node, Node)> = None;
        for end in [a, b] {
            let mut at = end;
            while at != meeting {
                let Some((link, parent)) = self.up(at) else {
                    break;
                };
                if weakest.is_none_or(|(known, ..)| self.compare_links(link, known).is_gt()) {
                    weakest = Some((link, at, end));
                }
                at = parent;
            }
        }
        weakest.map(|(_, below, end)| (below, end))
    }

    /// Where the ways of two nodes to their root meet; both climb by turns, so the cost is their distance, not their depth.
    fn meeting(&mut self, a: Node, b: Node) -> Node {
        if self.epoch == u32::MAX {
            self.epoch = 0;
            self.knots.iter_mut().for_each(|knot| knot.mark = 0);
        }
        self.epoch += 1;
        let (mut one, mut other) = (a.0, b.0);
        loop {
            let knot = &mut self.knots[one as usize];
            if knot.mark == self.epoch {
                return Node(one);
            }
            knot.mark = self.epoch;
            let parent = knot.parent;
            if parent == NONE {
                // This way is at the root: the other climbs until it steps on a mark.
                while self.knots[other as usize].mark != self.epoch
                    && self.knots[other as usize].parent != NONE
                {
                    other = self.knots[other as usize].parent;
                }
                return Node(other);
            }
            one = parent;
            std::mem::swap(&mut one, &mut other);
        }
    }
}
