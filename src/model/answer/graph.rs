//! Answers about links: the graph of an identity, and why two are one person or not.

use serde::Serialize;

use crate::model::{Identity, Moment, Removal};

/// An identity in a graph.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphIdentity {
    /// The identity.
    #[serde(skip)]
    pub identity: Identity,
    /// What its namespace names.
    #[serde(rename = "type")]
    pub kind: crate::model::NamespaceKind,
    /// The place of its namespace in the priorities, where it has one.
    pub priority: Option<u32>,
    /// When a record first named it.
    pub first_seen: Moment,
    /// When a record last named it.
    pub last_seen: Moment,
    /// The datasets that name it, sorted.
    pub datasets: Vec<String>,
    /// Events of which it is the primary identity.
    pub events: u64,
    /// Fragments of which it is the primary identity.
    pub fragments: u64,
}

/// Where a link was seen: rows of one batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkSource {
    /// The dataset's name.
    pub dataset: String,
    /// The batch's number.
    pub batch: u32,
    /// The file's name.
    pub file: String,
    /// The first line that shows the link.
    pub line: u64,
    /// The last one.
    pub last_line: u64,
    /// How many rows of the batch show it.
    pub seen: u64,
    /// The batch's moment.
    pub at: Moment,
}

/// A link of a graph, kept or removed.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphLink {
    /// The smaller of its two identities, as strings.
    pub a: Identity,
    /// The larger one.
    pub b: Identity,
    /// Why it was removed; `None` while it is kept.
    pub removed: Option<LinkEnd>,
    /// When it was first established.
    pub first_established: Moment,
    /// When a record last showed it.
    pub last_updated: Moment,
    /// How often it was seen.
    pub seen: u64,
    /// Its removal would split the graph.
    pub is_bridge: bool,
    /// Every batch that showed it, oldest first.
    pub sources: Vec<LinkSource>,
}

/// How a link ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkEnd {
    /// Why.
    pub reason: Removal,
    /// When.
    pub at: Moment,
    /// The record that displaced it, where there is one: dataset, batch and line.
    pub by: Option<(String, u32, u64)>,
}

/// An identity graph.
#[derive(Clone, Debug)]
pub struct GraphAnswer {
    /// The identity that was asked for.
    pub identity: Identity,
    /// The identities of its graph, by priority, then as first seen.
    pub identities: Vec<GraphIdentity>,
    /// Its links, kept ones first, each sorted by its two identities.
    pub links: Vec<GraphLink>,
}

/// A link on a path, with the record that first showed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hop {
    /// The smaller of its two identities, as strings.
    pub a: Identity,
    /// The larger one.
    pub b: Identity,
    /// The dataset of the record.
    pub dataset: String,
    /// Its batch.
    pub batch: u32,
    /// Its file.
    pub file: String,
    /// Its line in that file.
    pub line: u64,
    /// The batch's moment.
    pub at: Moment,
}

/// Why two identities are one person, or why they are not.
#[derive(Clone, Debug)]
pub enum WhyAnswer {
    /// The strongest path between them, in walking order from the first.
    Linked {
        /// Its links.
        path: Vec<Hop>,
    },
    /// What keeps them apart.
    Apart {
        /// One sentence.
        reason: String,
        /// The removed links that would join them.
        removed: Vec<GraphLink>,
    },
    /// The record that made each link of one identity.
    Links {
        /// Its links.
        links: Vec<Hop>,
    },
}
