//! Links between identities, how long they held, and what removed them.

use serde::{Deserialize, Serialize};

use super::Identity;

/// Why a link was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Removal {
    /// Keeping it would have put two values of a unique namespace into one graph.
    Unique {
        /// The namespace's code.
        namespace: String,
        /// The value on the side of the link's smaller identity.
        a: String,
        /// The value on the side of its larger one.
        b: String,
    },
    /// The graph was over the cap, and this end went.
    Cap {
        /// The identity that was given up.
        identity: Identity,
        /// The cap in force.
        limit: u32,
    },
    /// One of its ends was deleted.
    Deleted {
        /// The identity that was deleted.
        identity: Identity,
    },
}

impl std::fmt::Display for Removal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Removal::Unique { namespace, a, b } => {
                write!(f, "{namespace} is unique per graph: {a} and {b}")
            }
            Removal::Cap { identity, limit } => write!(
                f,
                "the graph was over {limit} identities, and {identity} was the oldest"
            ),
            Removal::Deleted { identity } => write!(f, "{identity} was deleted"),
        }
    }
}

/// Why an identity or a whole record took no part in linking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Refusal {
    /// The value is empty, blank or one of the blocked values; the identity is dropped.
    BlockedValue {
        /// The identity as it came.
        identity: Identity,
    },
    /// The value is longer than 1,024 characters; the record is rejected.
    TooLong {
        /// The namespace of the value.
        namespace: String,
        /// Its length in characters.
        length: u64,
    },
    /// An `ECID` that is not exactly 38 digits; the record is rejected.
    MalformedEcid {
        /// The value as it came.
        value: String,
    },
    /// Two values of one unique namespace in the same record: it makes no link, its content is kept.
    TwoValues {
        /// The namespace's code.
        namespace: String,
        /// The value that came first.
        first: String,
        /// The value that came second.
        second: String,
    },
    /// Two values of the namespace that would name the event's primary identity: no event, but its links stand.
    AmbiguousPrimary {
        /// The namespace's code.
        namespace: String,
        /// The value that came first.
        first: String,
        /// The value that came second.
        second: String,
    },
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::BlockedValue { identity } => write!(f, "{identity} is a blocked value"),
            Refusal::TooLong { namespace, length } => write!(
                f,
                "the {namespace} value has {length} characters; 1,024 are allowed"
            ),
            Refusal::MalformedEcid { value } => {
                write!(f, "ECID `{value}` is not exactly 38 digits")
            }
            Refusal::TwoValues {
                namespace,
                first,
                second,
            } => write!(
                f,
                "two values of the unique namespace {namespace} in one record: {first} and {second}"
            ),
            Refusal::AmbiguousPrimary {
                namespace,
                first,
                second,
            } => write!(
                f,
                "two values of the primary namespace {namespace} in one event: {first} and {second}"
            ),
        }
    }
}
