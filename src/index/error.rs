//! Why an index cannot be used; it can always be made again.

use std::path::{Path, PathBuf};

/// Why an index cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// There is none.
    #[error("there is no search index yet")]
    Missing,
    /// It is not what was written, or not an index.
    #[error("{} is damaged or no search index of this version; it is made anew", .0.display())]
    Damaged(PathBuf),
    /// The file system failed.
    #[error("cannot {what} the search index {}", path.display())]
    File {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// What it holds could not be packed.
    #[error("cannot pack the search index")]
    Packing(#[source] std::io::Error),
    /// Nobody waits for the answer any more.
    #[error("the search was stopped")]
    Stopped,
}

impl IndexError {
    pub(super) fn reading(path: &Path, source: std::io::Error) -> IndexError {
        match source.kind() {
            std::io::ErrorKind::NotFound => IndexError::Missing,
            _ => IndexError::File {
                what: "read",
                path: path.to_owned(),
                source,
            },
        }
    }

    pub(super) fn writing(path: &Path, source: std::io::Error) -> IndexError {
        IndexError::File {
            what: "write",
            path: path.to_owned(),
            source,
        }
    }
}
