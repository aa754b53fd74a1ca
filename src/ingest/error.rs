//! What stops an import, in sentences that say what to do.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::config::ConfigError;

/// What stops an import. A bad row does not: it goes to the rejects.
#[derive(Debug, Error)]
pub enum IngestError {
    /// A path that can't be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The path as it was given.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A pattern or folder without any file to read.
    #[error("{path} holds no file that can be imported; name files of {known}")]
    NothingThere {
        /// The path as it was given.
        path: String,
        /// The formats there are.
        known: String,
    },
    /// A file of no known format.
    #[error("{path} is none of {known}; convert it, or leave it out")]
    UnknownFormat {
        /// The file.
        path: String,
        /// The formats there are.
        known: String,
    },
    /// A table without a mapping.
    #[error(
        "{path} needs a mapping, as nothing says which columns are identities; edit this and put it into onefold.toml beside the file, or into a file for --map:\n\n{starter}"
    )]
    NeedsMapping {
        /// The file.
        path: String,
        /// A mapping to begin with.
        starter: String,
    },
    /// A file in which nothing names a person.
    #[error(
        "no column of {path} looks like a person; leave it out, map it with --map, or keep its rows as they are with --keep-unidentified"
    )]
    NoPersons {
        /// The file, or all of a dataset.
        path: String,
    },
    /// A mapping that does not fit its file.
    #[error("{path}: {message}")]
    Misfit {
        /// The file.
        path: String,
        /// What does not fit, and what there is instead.
        message: String,
    },
    /// A manifest or mapping that can't be understood.
    #[error(transparent)]
    Manifest(#[from] ConfigError),
    /// Options that contradict each other or the files.
    #[error("{0}")]
    Options(String),
    /// A file that breaks off, so that nothing after that place can be trusted.
    #[error(
        "{file}, line {line}{}: {what}; the {rows} rows before it are sound, --keep-partial imports them",
        column.map_or_else(String::new, |column| format!(", column {column}"))
    )]
    Broken {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The byte in that line, from 1, where one can be named.
        column: Option<u64>,
        /// What is wrong there.
        what: String,
        /// Rows that were read before it, over all files of the dataset.
        rows: u64,
    },
    /// The rejects file can't be written.
    #[error("cannot write the rejects file {}: {source}", path.display())]
    Rejects {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A worker thread could not be started or died.
    #[error("the reading of {file} stopped before its end; try again with --jobs 1")]
    Stopped {
        /// The file in hand.
        file: String,
    },
    /// What takes the rows failed.
    #[error(transparent)]
    Sink(Box<dyn std::error::Error + Send + Sync>),
}
