//! Why a question cannot be answered, as opposed to an answer that nothing was found.

use crate::model::QueryError;
use crate::store::StoreError;

/// A question that cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The query cannot be understood.
    #[error("{0}")]
    Query(QueryError),
    /// The search index failed; the store is whole.
    #[error(transparent)]
    Index(crate::index::IndexError),
    /// A policy, dataset or the like that is not there; a sentence with the nearest name.
    #[error("{0}")]
    Unknown(String),
}

/// What a question gives back.
pub type Result<T> = std::result::Result<T, LookupError>;

/// The known name nearest to a misspelt one, for "did you mean".
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| {
            let likeness = strsim::jaro_winkler(&candidate.to_lowercase(), &name.to_lowercase());
            (candidate, likeness)
        })
        .filter(|(_, likeness)| *likeness > 0.6)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(candidate, _)| candidate)
}
