//! Touching what the next records will need, all of it together: otherwise each look-up waits for memory before the next begins.

use std::hint::black_box;

use super::graph::Graph;
use super::names::{self, Node};
use crate::model::NamespaceId;

/// The identities that some records name, which come next.
#[derive(Default)]
pub struct Ahead {
    hashes: Vec<u32>,
    /// Where each record ends among the hashes.
    ends: Vec<usize>,
    nodes: Vec<Option<Node>>,
    links: Vec<u32>,
}

impl Ahead {
    /// Forgets the records before.
    pub fn clear(&mut self) {
        self.hashes.clear();
        self.nodes.clear();
        self.ends.clear();
    }

    /// Another identity of the record.
    pub fn add(&mut self, namespace: NamespaceId, value: &str) {
        self.hashes.push(names::hash(namespace, value));
    }

    /// Another identity of the record, whose node is known; the others of these records are given so too.
    pub fn add_node(&mut self, node: Node) {
        self.nodes.push(Some(node));
    }

    /// The record names no more.
    pub fn end_record(&mut self) {
        self.ends.push(self.hashes.len().max(self.nodes.len()));
    }

    /// Who each record probably names, by the places of its identities.
    pub fn records(&self) -> impl Iterator<Item = &[Option<Node>]> {
        let begins = std::iter::once(&0).chain(&self.ends);
        let records = begins.zip(&self.ends);
        records.map(|(from, to)| self.nodes.get(*from..*to).unwrap_or_default())
    }

    /// Who is probably meant, as far as they are known.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + '_ {
        self.nodes.iter().copied().flatten()
    }
}

impl Graph {
    /// Brings near what is known of these identities and their links; it changes nothing.
    ///
    /// Each round only reads, and every read of it is free of those before: memory answers many of them at once.
    pub fn look_ahead(&self, ahead: &mut Ahead) {
        let probable = |hash: &u32| self.names.probable(*hash);
        ahead.nodes.extend(ahead.hashes.iter().map(probable));
        let mut touched = 0;
        for node in ahead.nodes() {
            touched ^= self.touch_node(node);
        }
        let mut links = std::mem::take(&mut ahead.links);
        links.clear();
        for own in ahead.records() {
            for (place, a) in own.iter().enumerate() {
                for b in own.iter().skip(place + 1) {
                    links.extend(a.zip(*b).and_then(|(a, b)| self.links.probable(a, b)));
                }
            }
        }
        for node in ahead.nodes() {
            touched ^= self.names.touch_text(node);
        }
        for link in &links {
            touched ^= self.links.touch(*link);
        }
        ahead.links = links;
        black_box(touched);
    }
}
