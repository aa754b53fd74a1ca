//! Answers around a result list: what a query can go on with, what its result is made of, what chosen columns say.

use serde_json::Value;

use crate::model::{Identity, Path};

/// The names that a query can hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Codes of namespaces.
    pub namespaces: Vec<String>,
    /// Attributes that some record has.
    pub paths: Vec<Path>,
}

/// Something that a query can go on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What is put into the query in place of what was begun.
    pub text: String,
    /// What it is, in a word: `attribute`, `namespace`, `value`.
    pub kind: &'static str,
    /// How many there are of it, where that is known.
    pub count: Option<u64>,
}

/// What a query can go on with at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompletionAnswer {
    /// Where what was begun starts, in characters from 0.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What it can become, best first.
    pub suggestions: Vec<Suggestion>,
}

/// A value that profiles of a result share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetRow {
    /// The value, for reading.
    pub label: String,
    /// The term that asks for it.
    pub term: String,
    /// How many of the profiles have it.
    pub count: u64,
}

/// The values of one attribute, or the like, in a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// Of what, for reading.
    pub title: String,
    /// Whether its values may say who a person is.
    pub is_personal: bool,
    /// The values, the most frequent first.
    pub rows: Vec<FacetRow>,
}

/// What a result is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacetsAnswer {
    /// The facets, the most telling first.
    pub facets: Vec<Facet>,
    /// How many profiles were counted.
    pub profiles: u64,
    /// Whether these are all that match.
    pub is_whole: bool,
}

/// What chosen columns say of a profile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells {
    /// A value for each column.
    pub values: Vec<Option<Value>>,
    /// Events in each of the last twelve months, the oldest first; empty where nobody asked.
    pub activity: Vec<u64>,
}

/// What chosen columns say of some profiles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CellsAnswer {
    /// The profiles, each with its cells.
    pub rows: Vec<(Identity, Cells)>,
}

/// What an export wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportAnswer {
    /// How many profiles.
    pub profiles: u64,
    /// Where they are.
    pub file: String,
}
