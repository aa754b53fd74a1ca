//! What can go wrong when a simulation is read.

/// A simulation that cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// A pair without a colon, or without a namespace before it.
    #[error("line {line}: {text:?} is no identity; write NAMESPACE: VALUE, pairs parted by commas")]
    NoPair {
        /// The physical line, from 1.
        line: u64,
        /// The pair as it stands there, its beginning where it is long.
        text: String,
    },
    /// More namespaces than can be numbered.
    #[error(
        "line {line}: more than {limit} namespaces; check that the part before each colon is a namespace"
    )]
    TooManyNamespaces {
        /// The physical line, from 1.
        line: u64,
        /// How many there can be.
        limit: u16,
    },
}
