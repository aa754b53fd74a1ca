//! A row as it comes out of a file: its identities, its times and its body, ready to be stored.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::rejects::Rejected;
use super::time::Remark;
use super::{IngestError, Outcome};
use crate::model::{DatasetKind, Moment, Operation, Path, SourceLine};

/// An identity as a row names it, before any check of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The namespace's code as the mapping or the row spells it.
    pub namespace: Arc<str>,
    /// The value, normalised where the mapping says so.
    pub value: String,
    /// The row's `identityMap` marks it as primary.
    pub is_primary: bool,
}

/// One row that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where it stands.
    pub line: SourceLine,
    /// Its first byte in the (decompressed) text of the file.
    pub offset: u64,
    /// Its length there in bytes.
    pub length: u64,
    /// The identities in document order, repetitions and blank values included; at least one.
    pub mentions: Vec<Mention>,
    /// The mention that the mapping's `primary` chooses; `None` where it names none or the row has none of it.
    pub primary: Option<usize>,
    /// When the event happened; `None` where its shape lets the moment of its batch stand in.
    pub timestamp: Option<Moment>,
    /// The record's own time.
    pub customer_time: Option<Moment>,
    /// The row's own moment of ingestion.
    pub ingested: Option<Moment>,
    /// The event's id.
    pub id: Option<String>,
    /// The event's type.
    pub kind: Option<String>,
    /// What a record does to its fragment.
    pub operation: Operation,
    /// The JSON object as it is to be stored.
    pub body: String,
    /// The XXH3 hash of the body.
    pub body_hash: u64,
    /// What was understood, but not as it stands.
    pub warnings: Vec<Warning>,
}

/// A row as it was read: understood, or refused.
#[derive(Debug)]
pub enum Item {
    /// It was understood.
    Row(Row),
    /// It was refused.
    Rejected(Rejected),
}

impl Item {
    /// The row, where it was understood.
    pub fn row(&self) -> Option<&Row> {
        match self {
            Item::Row(row) => Some(row),
            Item::Rejected(_) => None,
        }
    }
}

/// Something about an accepted row that its reader should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// A time was read in a way that its text does not settle.
    Time {
        /// The column or path of the time.
        field: String,
        /// In which way.
        remark: Remark,
    },
    /// A record's own time could not be read; its text stays in the body.
    UnreadTime {
        /// The column or path of the time.
        field: String,
        /// The text.
        text: String,
    },
    /// An event names no time; the moment of its batch is taken.
    NoTime,
    /// Where an identity was looked for, something else stood.
    NoIdentity {
        /// The column or path.
        field: String,
        /// What stood there: an object, a truth value…
        found: &'static str,
    },
    /// A mapped value came to a path that was taken; the mapped one is kept.
    Displaced {
        /// The path in the body.
        path: Path,
    },
    /// A mapped value could not go to its path, as a plain value stands in the way; it stays where it was.
    Blocked {
        /// The path in the body.
        path: Path,
    },
}

/// As many warnings as a row may carry; what more there is says nothing new.
const MOST_WARNINGS: usize = 16;

/// Adds a warning to those of a row.
pub(super) fn warn(warnings: &mut Vec<Warning>, warning: Warning) {
    if warnings.len() < MOST_WARNINGS {
        warnings.push(warning);
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::Time { field, remark } => write!(f, "`{field}`: {remark}"),
            Warning::UnreadTime { field, text } => {
                write!(f, "`{field}`: {text:?} is no time; it stays as it is")
            }
            Warning::NoTime => {
                f.write_str("the event names no time; the moment of the import is taken")
            }
            Warning::NoIdentity { field, found } => {
                write!(f, "`{field}` holds {found}, which is no identity")
            }
            Warning::Displaced { path } => {
                write!(f, "`{path}` was there already; the mapped value is kept")
            }
            Warning::Blocked { path } => write!(
                f,
                "a plain value stands in the way of `{path}`; the mapped value stays where it was"
            ),
        }
    }
}

/// How far the reading of a dataset has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadProgress {
    /// The file in hand.
    pub file: Arc<str>,
    /// Bytes read so far over all files, as they lie on disk.
    pub bytes: u64,
    /// Rows so far.
    pub rows: u64,
    /// Rejected rows so far.
    pub rejected: u64,
}

/// What takes the rows, on the thread that called [`read`](super::read()), in the order of the files.
pub trait Sink {
    /// Takes an understood row and the bytes that it was read from; `Break` ends the reading.
    fn accept(&mut self, row: &mut Row, text: &[u8]) -> Result<ControlFlow<()>, IngestError>;

    /// Hears of some rows that are accepted next, so that what they will need can be looked for together.
    fn foresee(&mut self, _rows: &[Item]) {}

    /// Takes a refused row.
    fn reject(&mut self, rejected: Rejected) -> Result<(), IngestError>;

    /// Hears how far the reading has come, every few hundred rows; `Break` ends it.
    fn progress(&mut self, progress: &ReadProgress) -> ControlFlow<()>;
}

/// The generated identity of a row that names none: it links to nothing and stays the same when the file is read again.
pub fn row_identity(dataset: &str, line: SourceLine) -> Mention {
    let value = match line.file {
        0 => format!("{dataset}/{}", line.line),
        file => format!("{dataset}/{}/{}", u32::from(file) + 1, line.line),
    };
    Mention {
        namespace: "_row".into(),
        value,
        is_primary: true,
    }
}

/// What the kind of a dataset asks of every row.
pub(super) fn needs_time(kind: DatasetKind) -> bool {
    kind == DatasetKind::Event
}

impl Outcome {
    /// Rows that were accepted by the reading; the sink may still find duplicates among them.
    pub fn accepted(&self) -> u64 {
        self.rows - self.rejected
    }
}
