//! Why nothing was imported.

use std::path::PathBuf;

use crate::ingest::IngestError;
use crate::merge::MergeError;
use crate::store::StoreError;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The input cannot be read.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The store cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A temporary file cannot be written.
    #[error("cannot write a temporary file beside the store; nothing was changed")]
    Temporary(#[from] std::io::Error),
    /// A policy of the manifest is not sound.
    #[error("policy `{name}` of the manifest: {source}")]
    Policy {
        /// Its name.
        name: String,
        /// What is wrong with it.
        source: MergeError,
    },
    /// The one who watched would not have it.
    #[error("{why}{}", .rejects.as_ref().map(|file| format!("; the rejected rows are in {}", file.display())).unwrap_or_default())]
    Refused {
        /// A sentence that says why.
        why: String,
        /// The file of the rows that were rejected, where there are any.
        rejects: Option<PathBuf>,
    },
    /// The disk is too small.
    #[error(
        "the import needs about {need} MB in {folder}, and {have} MB are free there; make room, or name a store on another disk with --store"
    )]
    NoRoom {
        /// Megabytes that are needed.
        need: u64,
        /// Megabytes that are free.
        have: u64,
        /// Where.
        folder: PathBuf,
    },
    /// The one who watched ended it.
    #[error("the import was cancelled; nothing was changed")]
    Cancelled,
}
