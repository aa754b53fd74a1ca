//! What can go wrong with a store, and what to do about it.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no file.
    #[error(
        "there is no store at {0}; make one with `onefold import PATH…`, `onefold demo` or `onefold init`"
    )]
    Missing(PathBuf),
    /// The file is something else.
    #[error("{0} is not a onefold store; name another file with --store")]
    NotAStore(PathBuf),
    /// A newer onefold wrote it.
    #[error(
        "{path} was written by a newer onefold (schema {found}, this one knows {known}); update onefold to open it"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema known here.
        known: i64,
    },
    /// Another process writes to it.
    #[error("{path} is being written by {by}; try again when that is done")]
    Locked {
        /// The file.
        path: PathBuf,
        /// Who holds it.
        by: String,
    },
    /// A file or folder could not be used.
    #[error("cannot {what} {path}")]
    File {
        /// What was tried.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Something in the store is not as it was written.
    #[error("the store is damaged: {0}; restore a backup, or import again into a new store")]
    Damaged(String),
    /// The question was interrupted.
    #[error("interrupted")]
    Interrupted,
    /// The file or its folder may not be written.
    #[error("the store cannot be written; look at the permissions of its file and folder")]
    ReadOnly,
    /// Another process keeps the store to itself.
    #[error("the store is in use by another process; try again when that is done")]
    Busy,
    /// The disk is full.
    #[error("the disk is full; nothing was changed")]
    Full,
    /// A change that the rules of the store forbid.
    #[error("{0}")]
    Refused(String),
    /// Anything else from SQLite.
    #[error("the store failed")]
    Sqlite(#[source] rusqlite::Error),
}

/// What the store gives back.
pub type Result<T> = std::result::Result<T, StoreError>;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => StoreError::Interrupted,
            Some(ErrorCode::DiskFull) => StoreError::Full,
            Some(ErrorCode::ReadOnly) => StoreError::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
            Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged(error.to_string()),
            _ => StoreError::Sqlite(error),
        }
    }
}
