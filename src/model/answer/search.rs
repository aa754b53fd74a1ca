//! Answers to a search: a page of profiles that match, or what is wrong with the query.

use serde::Serialize;
use serde_json::Value;

use crate::model::{Identity, Moment};

/// One line of a result list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// The canonical identity.
    pub entity_id: Identity,
    /// The name under the policy, where the profile has one.
    pub name: Option<String>,
    /// An e-mail address under the policy, for the list.
    #[serde(skip)]
    pub email: Option<String>,
    /// How many identities it is made of.
    pub identities: u64,
    /// How many events.
    pub events: u64,
    /// The moment of the last one.
    pub last_event: Option<Moment>,
    /// What of it matched the query.
    pub matched: Vec<Match>,
}

/// A value that matched a query.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Match {
    /// Where it stands: a path, or `identity`.
    pub path: String,
    /// What it says.
    pub value: Value,
    /// Whether the policy lets it win.
    pub winning: bool,
}

/// A page of a result list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SearchAnswer {
    /// The query as it was asked.
    pub query: String,
    /// The policy's name.
    pub policy: String,
    /// How many profiles match.
    pub total: u64,
    /// Whether `total` is exact; otherwise it is a lower bound.
    pub exact: bool,
    /// How long it took.
    pub elapsed_ms: f64,
    /// Place of the first of `profiles` in the whole list, from 0.
    #[serde(skip)]
    pub offset: u64,
    /// What the reader should know, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The page.
    pub profiles: Vec<Hit>,
}

/// A query that cannot be understood: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// One sentence.
    pub message: String,
    /// The column of the query, from 1, counted in characters.
    pub column: usize,
}

impl std::fmt::Display for QueryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (column {})", self.message, self.column)
    }
}
