//! What each fragment says at each path, in one tree that all fragments of a fold share.

#![expect(
    clippy::indexing_slicing,
    reason = "nodes are numbered by the tree that owns them"
)]

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use serde_json::Value;

use super::claims::Claim;

/// A node's number in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(pub usize);

/// The object that holds everything.
pub(super) const ROOT: NodeId = NodeId(0);

/// Every path that some version of some fragment ever named.
pub(super) struct Tree {
    pub nodes: Vec<Node>,
    children: HashTable<NodeId>,
    hasher: DefaultHashBuilder,
}

/// A path and what is said there.
pub(super) struct Node {
    pub key: String,
    pub parent: NodeId,
    pub children: Vec<NodeId>,
    /// What fragments say now, by the places of the fragments.
    pub said: Vec<Said>,
    /// What they said before.
    pub past: Vec<Past>,
}

/// A value that a fragment holds at a path; fragments and versions are given by their places.
pub(super) struct Said {
    pub fragment: usize,
    pub value: Value,
    /// The version that said it last.
    pub set: usize,
    /// The version that said it first, since when it has not changed.
    pub changed: usize,
}

/// A value that a fragment held at a path before.
pub(super) struct Past {
    pub fragment: usize,
    pub value: Value,
    /// The last version that said it.
    pub set: usize,
    /// The version that ended it.
    pub ended: usize,
}

impl Tree {
    pub fn new() -> Tree {
        Tree {
            nodes: vec![Node::new(String::new(), ROOT)],
            children: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    pub fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0]
    }

    /// The child of this key, where one was ever named.
    pub fn find(&self, parent: NodeId, key: &str) -> Option<NodeId> {
        let is_it = |id: &NodeId| {
            let node = &self.nodes[id.0];
            node.parent == parent && node.key == key
        };
        let hash = self.hasher.hash_one((parent.0, key));
        self.children.find(hash, is_it).copied()
    }

    /// What the only fragment of this tree says, in the order in which it came to speak of it; `None` where it says
    /// nothing now and no path further in has been named next. With the version since when it has not changed.
    pub fn each_own(mut self, mut visit: impl FnMut(&[&str], Option<Value>, usize)) {
        for at in 1..self.nodes.len() {
            let said = self.nodes[at].said.pop();
            let is_named_anyway =
                (self.nodes.get(at + 1)).is_some_and(|next| next.parent == NodeId(at));
            if said.is_none() && is_named_anyway {
                continue;
            }
            let changed = said.as_ref().map_or(0, |said| said.changed);
            visit(&self.keys(NodeId(at)), said.map(|said| said.value), changed);
        }
    }

    fn keys(&self, mut id: NodeId) -> Vec<&str> {
        let mut keys = Vec::new();
        while id != ROOT {
            keys.push(self.nodes[id.0].key.as_str());
            id = self.nodes[id.0].parent;
        }
        keys.reverse();
        keys
    }

    /// Lets a fragment say what it claims; `place` must be higher than that of all before.
    pub fn claim<'c>(&mut self, place: usize, claims: impl Iterator<Item = &'c Claim>) {
        for claim in claims {
            let keys = claim.path.keys.iter();
            let at = keys.fold(ROOT, |at, key| match self.find(at, key) {
                Some(known) => known,
                None => self.child(at, key.clone()),
            });
            if let Some(value) = &claim.value {
                self.nodes[at.0].said.push(Said {
                    fragment: place,
                    value: value.clone(),
                    set: claim.changed,
                    changed: claim.changed,
                });
            }
        }
    }

    pub fn topmost(&self, mut id: NodeId) -> NodeId {
        while self.nodes[id.0].parent != ROOT {
            id = self.nodes[id.0].parent;
        }
        id
    }

    /// The child of this key, which is new or known.
    pub fn child(&mut self, parent: NodeId, key: String) -> NodeId {
        if let Some(id) = self.find(parent, &key) {
            return id;
        }
        let id = NodeId(self.nodes.len());
        let hash = self.hasher.hash_one((parent.0, key.as_str()));
        self.nodes.push(Node::new(key, parent));
        self.nodes[parent.0].children.push(id);
        let (nodes, hasher) = (&self.nodes, &self.hasher);
        self.children.insert_unique(hash, id, |id| {
            let node = &nodes[id.0];
            hasher.hash_one((node.parent.0, node.key.as_str()))
        });
        id
    }
}

impl Node {
    fn new(key: String, parent: NodeId) -> Node {
        Node {
            key,
            parent,
            children: Vec::new(),
            said: Vec::new(),
            past: Vec::new(),
        }
    }
}
