//! The components of a graph: who belongs together, how many they are, and which unique values they hold.
#![expect(
    clippy::indexing_slicing,
    reason = "labels and nodes are handed out by the graph and stay valid for its arenas"
)]

use super::graph::Graph;
use super::links::{LinkNumber, NONE, TREE};
use super::names::Node;
use crate::model::Paged;

/// What is known of the component under a label.
#[derive(Clone, Copy)]
pub(super) struct Component {
    size: u32,
    /// One of its nodes.
    anchor: u32,
    /// The first holder of a unique namespace's value.
    holder: u32,
}

/// The components by label; there are as many labels as nodes, so that one is always free for a component that splits.
#[derive(Default)]
pub(super) struct Components {
    of: Paged<Component>,
    free: Vec<u32>,
    is_changed: Paged<bool>,
    changed: Vec<u32>,
}

impl Components {
    fn change(&mut self, label: u32) {
        if !std::mem::replace(&mut self.is_changed[label as usize], true) {
            self.changed.push(label);
        }
    }

    /// The labels of components that changed since this was last asked, those of merged ones among them.
    pub(super) fn take_changed(&mut self) -> Vec<u32> {
        let changed = std::mem::take(&mut self.changed);
        for label in &changed {
            self.is_changed[*label as usize] = false;
        }
        changed
    }
}

impl Graph {
    /// A component of one node.
    pub(super) fn add_component(&mut self, node: Node) -> u32 {
        let label = self.components.of.len() as u32;
        self.components.of.push(self.alone(node));
        self.components.is_changed.push(false);
        label
    }

    fn alone(&self, node: Node) -> Component {
        let holder = if self.names.is_unique(node) {
            node.0
        } else {
            NONE
        };
        Component {
            size: 1,
            anchor: node.0,
            holder,
        }
    }

    pub(super) fn label(&self, node: Node) -> u32 {
        self.knots[node.index()].label
    }

    pub(super) fn size(&self, label: u32) -> u32 {
        self.components.of[label as usize].size
    }

    /// The holders of unique namespaces' values in a component.
    pub(super) fn holders(&self, label: u32) -> impl Iterator<Item = Node> {
        let first = self.components.of[label as usize].holder;
        std::iter::successors(node(first), |at| node(self.knots[at.index()].next_holder))
    }

    /// The nodes of a component; a label that is not in use has none.
    pub(super) fn members_of(&self, label: u32) -> Vec<Node> {
        let component = self.components.of[label as usize];
        if component.size == 0 {
            return Vec::new();
        }
        self.tree_of(Node(component.anchor))
    }

    /// The nodes of the tree that a node belongs to.
    pub(super) fn tree_of(&self, start: Node) -> Vec<Node> {
        let mut found = vec![start];
        let mut ways = vec![NONE];
        let mut at = 0;
        while at < found.len() {
            let (here, way) = (found[at], ways[at]);
            for link in self.links.of(here) {
                if link.0 != way && self.links.has(link, TREE) {
                    found.push(self.links.other(link, here));
                    ways.push(link.0);
                }
            }
            at += 1;
        }
        found
    }

    /// Gives the nodes of one component to another.
    pub(super) fn merge(&mut self, into: u32, from: u32) {
        let gone = self.components.of[from as usize];
        if gone.size == 1 {
            self.knots[gone.anchor as usize].label = into;
        } else {
            for node in self.members_of(from) {
                self.knots[node.index()].label = into;
            }
        }
        if let Some(last) = self.holders(from).last() {
            self.knots[last.index()].next_holder = self.components.of[into as usize].holder;
            self.components.of[into as usize].holder = gone.holder;
        }
        self.components.of[into as usize].size += gone.size;
        self.components.of[from as usize].size = 0;
        self.components.of[from as usize].holder = NONE;
        self.components.free.push(from);
        self.components.change(into);
        self.components.change(from);
    }

    /// Makes every one of these nodes, together a whole component, a component of its own, and forgets their tree.
    pub(super) fn scatter(&mut self, nodes: &[Node]) {
        for (i, node) in nodes.iter().enumerate() {
            let label = match i {
                0 => self.label(*node),
                _ => self.free_label(),
            };
            self.components.of[label as usize] = self.alone(*node);
            self.components.change(label);
            let knot = &mut self.knots[node.index()];
            knot.label = label;
            (knot.parent, knot.up, knot.next_holder) = (NONE, NONE, NONE);
        }
    }

    fn free_label(&mut self) -> u32 {
        self.components.free.pop().unwrap_or_else(|| {
            self.components.of.push(Component {
                size: 0,
                anchor: NONE,
                holder: NONE,
            });
            self.components.is_changed.push(false);
            self.components.of.len() as u32 - 1
        })
    }

    /// Gives each of the trees that a component has come to consist of, named by their roots, a label of its own, and
    /// returns the kept links between them. All but the largest tree are walked, the largest keeps the label.
    pub(super) fn settle(&mut self, label: u32, roots: &[Node]) -> Vec<LinkNumber> {
        let (done, largest) = self.walk_all_but_largest(roots);
        let mut links = Vec::new();
        for walk in done {
            let piece = self.free_label();
            for node in &walk.visited {
                self.knots[node.index()].label = piece;
            }
            let size = walk.visited.len() as u32;
            self.components.of[piece as usize] = Component {
                size,
                anchor: walk.root.0,
                holder: NONE,
            };
            self.components.of[label as usize].size -= size;
            self.components.change(piece);
            links.extend(walk.strays);
        }
        if let Some(root) = largest {
            self.components.of[label as usize].anchor = root.0;
        }
        self.components.change(label);
        self.share_holders(label);
        links.retain(|link| {
            let [a, b] = self.links.ends(*link);
            self.label(a) != self.label(b)
        });
        links.sort_unstable();
        links.dedup();
        links
    }

    fn share_holders(&mut self, label: u32) {
        let holders: Vec<_> = self.holders(label).collect();
        self.components.of[label as usize].holder = NONE;
        for holder in holders {
            let own = self.label(holder);
            self.knots[holder.index()].next_holder = self.components.of[own as usize].holder;
            self.components.of[own as usize].holder = holder.0;
        }
    }

    /// Walks all trees by turns, a link at a time, until one is left: that costs no more than the others together.
    fn walk_all_but_largest(&self, roots: &[Node]) -> (Vec<Walk>, Option<Node>) {
        let mut active: Vec<_> = roots.iter().map(|root| Walk::new(*root)).collect();
        let mut done = Vec::new();
        while active.len() > 1 {
            let mut at = 0;
            while at < active.len() && active.len() > 1 {
                match active[at].step(self) {
                    Step::Further => at += 1,
                    Step::Done => done.push(active.swap_remove(at)),
                }
            }
        }
        (done, active.first().map(|walk| walk.root))
    }
}

fn node(number: u32) -> Option<Node> {
    (number != NONE).then_some(Node(number))
}

/// A walk over one tree that can be halted at every link.
struct Walk {
    root: Node,
    ahead: Vec<(Node, u32)>,
    visited: Vec<Node>,
    here: Node,
    way: u32,
    link: Option<LinkNumber>,
    /// Links met on the way that are not of the tree.
    strays: Vec<LinkNumber>,
}

enum Step {
    Further,
    Done,
}

impl Walk {
    fn new(root: Node) -> Walk {
        Walk {
            root,
            ahead: vec![(root, NONE)],
            visited: Vec::new(),
            here: root,
            way: NONE,
            link: None,
            strays: Vec::new(),
        }
    }

    fn step(&mut self, graph: &Graph) -> Step {
        let Some(link) = self.link else {
            let Some((node, way)) = self.ahead.pop() else {
                return Step::Done;
            };
            self.visited.push(node);
            (self.here, self.way) = (node, way);
            self.link = graph.links.first_of(node);
            return Step::Further;
        };
        self.link = graph.links.next_of(self.here, link);
        if !graph.links.has(link, TREE) {
            self.strays.push(link);
        } else if link.0 != self.way {
            let other = graph.links.other(link, self.here);
            self.ahead.push((other, link.0));
        }
        Step::Further
    }
}
