//! Placeholder: the plain linking rule, until the linker lands.
#![allow(missing_docs, clippy::all, clippy::pedantic, clippy::indexing_slicing)]
use crate::model::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(pub u32);
impl Node {
    pub fn index(self) -> usize {
        self.0 as usize
    }
    pub fn from_index(i: usize) -> Node {
        Node(i as u32)
    }
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    pub batch: BatchId,
    pub row: u64,
    pub line: u64,
}
pub struct Graph {
    names: Vec<(NamespaceId, String)>,
    index: HashMap<(NamespaceId, String), Node>,
    pub links: BTreeMap<(Node, Node), (Sighting, Sighting, u64)>,
}
impl Graph {
    pub fn new(_: &LinkSettings) -> Graph {
        Graph {
            names: vec![],
            index: HashMap::new(),
            links: BTreeMap::new(),
        }
    }
    pub fn lookup(&self, ns: NamespaceId, v: &str) -> Option<Node> {
        self.index.get(&(ns, v.to_string())).copied()
    }
    pub fn intern(&mut self, ns: NamespaceId, v: &str) -> Node {
        if let Some(n) = self.lookup(ns, v) {
            return n;
        }
        let n = Node(self.names.len() as u32);
        self.names.push((ns, v.into()));
        self.index.insert((ns, v.into()), n);
        n
    }
    pub fn restore_link(&mut self, a: Node, b: Node, f: Sighting, l: Sighting, s: u64) {
        self.links.insert((a.min(b), a.max(b)), (f, l, s));
    }
}
pub fn bridges(_: &[(IdentityId, IdentityId)]) -> Vec<(IdentityId, IdentityId)> {
    vec![]
}
pub fn strongest_path(
    _: &[(IdentityId, IdentityId)],
    _: (IdentityId, IdentityId),
    _: impl Fn(IdentityId) -> u32,
    _: impl Fn(IdentityId) -> String,
) -> Option<Vec<(IdentityId, IdentityId)>> {
    None
}
pub type Unused = BTreeSet<u32>;
