//! What an import is going to do, found out before anything is read in full or written.

mod answer;
mod claims;
mod discover;
mod inspect;
mod planner;
mod split;
mod spool;
mod starter;
#[cfg(test)]
mod tests;
mod understand;

pub use planner::plan;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use encoding_rs::Encoding;
use xxhash_rust::xxh3::xxh3_128;

use super::IngestError;
use super::folder::{Bytes, Disk, Folder};
use super::formats::{Format, Keys, Source, Table, fields};
use super::guess::{self, Evidence, Held};
use super::input::{self, Compression, Tally, Text, Unpacking};
use super::manifest::{NamespaceDeclaration, PolicyDeclaration, StoreChanges};
use super::mapping::{Address, Mapping, Unidentified};
use super::shapes::{Shape, Share, Verdict};
use crate::model::{DatasetKind, GluedValue, Moment};
use spool::{Seekable, Spool};

/// What the caller wants of an import.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    /// The dataset of all files; of a manifest, the only one to import.
    pub dataset: Option<String>,
    /// What the files hold, whatever a mapping says.
    pub kind: Option<DatasetKind>,
    /// The file of a mapping.
    pub map: Option<PathBuf>,
    /// The moment of ingestion.
    pub at: Option<Moment>,
    /// What becomes of a file that breaks off.
    pub partial: Partial,
    /// What becomes of rows without an identity, whatever a mapping says.
    pub unidentified: Option<Unidentified>,
    /// Where the paths lead.
    pub folder: Arc<dyn Folder>,
}

impl Default for PlanOptions {
    fn default() -> PlanOptions {
        PlanOptions {
            dataset: None,
            kind: None,
            map: None,
            at: None,
            partial: Partial::Refuse,
            unidentified: None,
            folder: Arc::new(Disk),
        }
    }
}

/// What becomes of a file that breaks off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Partial {
    /// The reading fails.
    #[default]
    Refuse,
    /// The rows before the break are kept.
    Keep,
}

/// What the store knows already.
#[derive(Clone, Default)]
pub struct Known {
    /// The codes of its namespaces.
    pub namespaces: Vec<String>,
    /// Its datasets.
    pub datasets: HashMap<String, DatasetKind>,
    /// What tells whether it holds a value.
    pub held: Option<Rc<dyn Held>>,
}

/// What an import is going to do.
#[derive(Debug, Default)]
pub struct Plan {
    /// Changes of the store's settings.
    pub store: Option<StoreChanges>,
    /// Namespaces to declare, in order.
    pub namespaces: Vec<NamespaceDeclaration>,
    /// The datasets to read, in order.
    pub datasets: Vec<DatasetPlan>,
    /// Merge policies to make.
    pub policies: Vec<PolicyDeclaration>,
    /// The moment of ingestion that was asked for.
    pub at: Option<Moment>,
    /// What should be known before anything is written, a sentence each.
    pub notes: Vec<String>,
}

/// How one dataset is going to be read.
#[derive(Debug)]
pub struct DatasetPlan {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: DatasetKind,
    /// Where it comes from.
    pub channel: Option<String>,
    /// Whether every version of a fragment is kept, where that is said.
    pub keeps_versions: Option<bool>,
    /// How its rows are read.
    pub mapping: Mapping,
    /// Its files, in order.
    pub files: Vec<PlannedFile>,
    /// What becomes of a file that breaks off.
    pub partial: Partial,
    /// What the mapping rests on, where it was found out from a sample.
    pub understood: Option<Understood>,
}

/// What a mapping that was found out rests on, and what should be known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Understood {
    /// What was seen.
    pub evidence: Evidence,
    /// Values that would glue strangers together.
    pub glued: Vec<GluedValue>,
    /// What else should be known, a sentence each.
    pub warnings: Vec<String>,
}

impl DatasetPlan {
    /// A hash of all that decides how a row is read, apart from the rows themselves.
    pub fn fingerprint(&self) -> u128 {
        let mapping = self.mapping.fingerprint();
        let mut text = format!("{} {mapping:032x}", self.kind);
        for file in &self.files {
            let shape = file.shape.map_or("", Shape::name);
            // A whole file of plain XDM is read as without a shape.
            if file.share == Share::OfItsKind || !matches!(shape, "" | "XDM") {
                text.extend([
                    " ",
                    shape,
                    if file.share == Share::OfItsKind {
                        " shared"
                    } else {
                        ""
                    },
                ]);
            }
        }
        xxh3_128(text.as_bytes())
    }

    /// Bytes of input, as they lie on disk; `None` where that can't be known.
    pub fn bytes(&self) -> Option<u64> {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// A file that is going to be read.
#[derive(Debug)]
pub struct PlannedFile {
    /// Where it lies.
    pub path: PathBuf,
    /// As people see it.
    pub name: Arc<str>,
    /// Its format.
    pub format: &'static dyn Format,
    /// Its columns, where the format has some.
    pub table: Option<Table>,
    /// How it is packed.
    pub compression: Compression,
    /// Its length in bytes, where it has one.
    pub bytes: Option<u64>,
    /// The shape by which its rows are read, where one was found out.
    pub shape: Option<&'static dyn Shape>,
    /// Which of its rows belong to the dataset.
    pub share: Share,
    /// What its first rows are, whether or not somebody says how to read them.
    pub verdict: Option<Verdict>,
    /// The keys of its first rows.
    sample: Vec<Keys>,
    /// The beginning of its text, where the text can be had only once.
    beginning: Option<Arc<[u8]>>,
    opening: Opening,
    /// Where any place of the unpacked file can be read, where its format needs that.
    seekable: Option<Seekable>,
}

/// How the bytes of a file are had.
enum Opening {
    Folder(Arc<dyn Folder>),
    /// Standard input or a pipe, which was begun to be read and can be read once.
    Once(Mutex<Option<Bytes>>),
    /// What came so and was laid aside, to be read more than once.
    Spooled(Arc<Spool>),
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Opening::Folder(_) => "Folder",
            Opening::Once(_) => "Once",
            Opening::Spooled(_) => "Spooled",
        })
    }
}

impl PlannedFile {
    /// The XXH3 hash of the file as it lies on disk; `None` for standard input and pipes, whose hash is known once they were read.
    pub fn hash(&self) -> Result<Option<u128>, IngestError> {
        if matches!(self.opening, Opening::Once(_)) {
            return Ok(None);
        }
        let raw = self.raw().map_err(|source| self.unreadable(source))?;
        let hash = Tally::over(raw).finish();
        hash.map(Some).map_err(|source| self.unreadable(source))
    }

    /// The text of the file, and the count of its raw bytes.
    pub(super) fn open(
        &self,
        encoding: Option<&'static Encoding>,
    ) -> Result<(Tally, Text), IngestError> {
        let tally = Tally::over(self.raw().map_err(|source| self.unreadable(source))?);
        let text = match self.format.source() {
            Source::Text => self.unpacked(tally.clone(), encoding),
            Source::File(rows_of) => self
                .file()
                .and_then(rows_of)
                .map(|bytes| Text { bytes, skipped: 0 }),
        };
        Ok((tally, text.map_err(|source| self.unreadable(source))?))
    }

    fn unpacked(
        &self,
        raw: impl io::Read + Send + 'static,
        encoding: Option<&'static Encoding>,
    ) -> io::Result<Text> {
        let unpacking = Unpacking {
            compression: self.compression,
            encoding,
        };
        input::text(raw, unpacking)
    }

    /// Its text, to be looked at; of what can be read only once, the beginning.
    pub(super) fn sampled_text(&self, encoding: Option<&'static Encoding>) -> Option<Bytes> {
        match (&self.opening, &self.beginning) {
            (Opening::Once(_), Some(beginning)) => {
                Some(Box::new(io::Cursor::new(Arc::clone(beginning))))
            }
            _ => self.open(encoding).ok().map(|(_, text)| text.bytes),
        }
    }

    /// The values of a row at some addresses; of an object, those that are no lists.
    pub(super) fn values<'r>(
        &self,
        row: &'r str,
        wanted: &[&Address],
    ) -> Vec<Option<Cow<'r, str>>> {
        let mut found = vec![None; wanted.len()];
        match &self.table {
            Some(table) => {
                for (value, name) in fields(row, table.delimiter).zip(&table.columns) {
                    if let Some(place) = wanted.iter().position(|at| at.is_column(name)) {
                        put(&mut found, place, value);
                    }
                }
            }
            None => {
                for (path, leaf) in guess::leaves(row).unwrap_or_default() {
                    let place = wanted.iter().position(|at| at.path == path);
                    if let (Some(place), guess::Leaf::Value(value)) = (place, leaf) {
                        put(&mut found, place, value);
                    }
                }
            }
        }
        found
    }

    pub(super) fn unreadable(&self, source: io::Error) -> IngestError {
        IngestError::Unreadable {
            path: self.name.to_string(),
            source,
        }
    }

    fn raw(&self) -> io::Result<Bytes> {
        match &self.opening {
            Opening::Folder(folder) => folder.open(&self.path),
            Opening::Spooled(spool) => spool.open(),
            Opening::Once(bytes) => {
                let mut bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
                bytes.take().ok_or_else(|| {
                    io::Error::other("what comes through a pipe can be read only once")
                })
            }
        }
    }
}

fn put<'r>(found: &mut [Option<Cow<'r, str>>], place: usize, value: Cow<'r, str>) {
    if let Some(slot) = found.get_mut(place) {
        *slot = Some(value);
    }
}
