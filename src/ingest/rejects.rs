//! Rows that were refused, and the file beside the store that keeps them.

use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use tempfile::NamedTempFile;
use thiserror::Error;

use super::IngestError;
use super::time::TimeFault;
use crate::model::{Refusal, SourceLine};

/// The longest row that is read, in bytes.
pub const ROW_LIMIT: usize = 64 << 20;

/// As much of a refused row as is kept, in bytes.
pub const KEPT_LIMIT: usize = 64 << 10;

/// What names of rejects files end in.
const ENDING: &str = ".rejects.jsonl";

/// Why a row was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Reason {
    /// The bytes are no text.
    #[error("byte {at} of the row is not valid UTF-8")]
    NotUtf8 {
        /// The first wrong byte, from 1.
        at: usize,
    },
    /// The text is no JSON.
    #[error("not valid JSON: {0}")]
    NotJson(String),
    /// The text is JSON, but neither a record nor an event.
    #[error("not a JSON object")]
    NotAnObject,
    /// The values are nested too deep.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The deepest level that is read.
        limit: usize,
    },
    /// A text holds one half of a character that needs two.
    #[error(r"half of a surrogate pair (\ud800 to \udfff) stands alone in a text")]
    HalfCharacter,
    /// The row is longer than any that is read.
    #[error("{length} bytes long; a row may have {ROW_LIMIT}")]
    TooLong {
        /// Its length in bytes.
        length: u64,
    },
    /// A table's row with another number of values than the header.
    #[error("{found} values where the header names {expected} columns")]
    Ragged {
        /// Columns in the header.
        expected: usize,
        /// Values in the row.
        found: usize,
    },
    /// A quoted value that does not end as it should.
    #[error("a quoted value is not closed, or has a quote in it that is not doubled")]
    OpenQuote,
    /// The file ends or breaks within the row.
    #[error("the file breaks off within this row")]
    BreaksOff,
    /// The row names no identity.
    #[error(
        "no identity in this row; map one under [dataset.identities], or keep such rows with --keep-unidentified"
    )]
    Unidentified,
    /// An event without a time.
    #[error("an event needs a time, and `{field}` is missing or empty")]
    NoTime {
        /// Where the time was looked for.
        field: String,
    },
    /// A row without the moment of ingestion that its mapping names.
    #[error("a row needs its own moment of ingestion, and `{field}` is missing or empty")]
    NoMoment {
        /// Where the moment was looked for.
        field: String,
    },
    /// A time that could not be read.
    #[error("`{field}`: {fault}")]
    BadTime {
        /// Where the time stands.
        field: String,
        /// What is wrong with it.
        fault: TimeFault,
    },
    /// The store's checks of identities refused it.
    #[error("{0}")]
    Refused(Refusal),
    /// The row belongs to somebody who was forgotten.
    #[error("this person was forgotten; rows of theirs are not taken again")]
    Forgotten,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected {
    /// The file as it was named.
    pub file: Arc<str>,
    /// Where it stands.
    pub line: SourceLine,
    /// Its first byte in the (decompressed) text of the file.
    pub offset: u64,
    /// Its length there in bytes.
    pub length: u64,
    /// Why it was refused.
    pub reason: Reason,
    /// Its first bytes, up to [`KEPT_LIMIT`].
    pub row: Vec<u8>,
}

/// The rejects file: JSON Lines under a name of its own, which appears when the import is whole.
///
/// What an earlier import refused is nowhere else, so its file is never overwritten.
#[derive(Debug)]
pub struct RejectsFile {
    path: PathBuf,
    out: Option<BufWriter<NamedTempFile>>,
}

#[derive(Serialize)]
struct Entry<'r> {
    dataset: &'r str,
    file: &'r str,
    line: u64,
    offset: u64,
    length: u64,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<&'r str>,
    #[serde(rename = "rowBase64", skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

impl RejectsFile {
    /// A rejects file at this path, which is not touched yet.
    pub fn at(path: impl Into<PathBuf>) -> RejectsFile {
        RejectsFile {
            path: path.into(),
            out: None,
        }
    }

    /// Writes one refused row of a dataset.
    pub fn write(&mut self, dataset: &str, rejected: &Rejected) -> Result<(), IngestError> {
        let kept = kept(&rejected.row);
        let text = std::str::from_utf8(kept).ok();
        // Of somebody who was forgotten nothing is kept, here no more than in the store.
        let is_kept = rejected.reason != Reason::Forgotten;
        let entry = Entry {
            dataset,
            file: &rejected.file,
            line: rejected.line.line,
            offset: rejected.offset,
            length: rejected.length,
            reason: rejected.reason.to_string(),
            row: text.filter(|_| is_kept),
            base64: (is_kept && text.is_none()).then(|| STANDARD.encode(kept)),
        };
        let out = match &mut self.out {
            Some(out) => out,
            none => none.insert(BufWriter::new(unfinished(&self.path)?)),
        };
        let failed = |source| failure(&self.path, source);
        serde_json::to_writer(&mut *out, &entry).map_err(|error| failed(error.into()))?;
        out.write_all(b"\n").map_err(failed)
    }

    /// Writes out what is still in memory and gives the file its name: its path, where a row was refused.
    pub fn finish(self) -> Result<Option<PathBuf>, IngestError> {
        let Some(out) = self.out else {
            return Ok(None);
        };
        let failed = |source| failure(&self.path, source);
        let mut file = out
            .into_inner()
            .map_err(|error| failed(error.into_error()))?;
        for name in names(&self.path) {
            match file.persist_noclobber(&name) {
                Ok(_) => return Ok(Some(name)),
                Err(error) if error.error.kind() == ErrorKind::AlreadyExists => file = error.file,
                Err(error) => return Err(failed(error.error)),
            }
        }
        Ok(None)
    }
}

/// A new file that its owner alone may read: `a.rejects.jsonl.new`, which vanishes with a failed import.
///
/// What an import that was killed left behind goes first; the store's lock keeps others away.
fn unfinished(path: &Path) -> Result<NamedTempFile, IngestError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    match std::fs::remove_file(path.with_file_name(&name)) {
        Err(source) if source.kind() != ErrorKind::NotFound => return Err(failure(path, source)),
        _ => {}
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    tempfile::Builder::new()
        .prefix(&name)
        .rand_bytes(0)
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .map_err(|source| failure(path, source))
}

/// The path, then the same with a number: `a.rejects.jsonl`, `a-2.rejects.jsonl`, and so on.
fn names(path: &Path) -> impl Iterator<Item = PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (stem, ending) = match name.strip_suffix(ENDING) {
        Some(stem) => (stem.to_owned(), ENDING),
        None => (name.into_owned(), ""),
    };
    let numbered = move |n: u32| path.with_file_name(format!("{stem}-{n}{ending}"));
    std::iter::once(path.to_owned()).chain((2..).map(numbered))
}

fn failure(path: &Path, source: std::io::Error) -> IngestError {
    IngestError::Rejects {
        path: path.to_owned(),
        source,
    }
}

/// As much of a row as a [`Rejected`] carries: a letter more than is kept, so that the cut is seen and made between letters.
pub(super) fn beginning(row: &[u8]) -> &[u8] {
    row.get(..KEPT_LIMIT + 4).unwrap_or(row)
}

/// The first bytes of a row, with no letter cut in half where the row is text.
fn kept(row: &[u8]) -> &[u8] {
    let Some(cut) = row.get(..KEPT_LIMIT) else {
        return row;
    };
    match std::str::from_utf8(cut) {
        Err(error) if error.error_len().is_none() => cut.get(..error.valid_up_to()).unwrap_or(cut),
        _ => cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(row: &[u8]) -> Rejected {
        Rejected {
            file: "crm.csv".into(),
            line: SourceLine { file: 0, line: 7 },
            offset: 120,
            length: row.len() as u64,
            reason: Reason::Ragged {
                expected: 3,
                found: 2,
            },
            row: row.to_vec(),
        }
    }

    fn written(rows: &[&[u8]]) -> Vec<serde_json::Value> {
        let folder = tempfile::tempdir().unwrap();
        let mut file = RejectsFile::at(folder.path().join("x.rejects.jsonl"));
        for row in rows {
            file.write("crm", &rejected(row)).unwrap();
        }
        let path = file.finish().unwrap().unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn text_is_kept_as_text_and_other_bytes_as_base64() {
        let lines = written(&[b"a,b\x00", b"a,\xff"]);
        assert_eq!(lines[0]["row"], "a,b\u{0}");
        assert_eq!(lines[0]["line"], 7);
        assert_eq!(
            lines[0]["reason"],
            "2 values where the header names 3 columns"
        );
        assert_eq!(lines[1]["rowBase64"], "YSz/");
        assert!(lines[1].get("row").is_none());
    }

    #[test]
    fn a_long_row_keeps_its_first_64_kib_and_no_half_letters() {
        let long = "aé".repeat(KEPT_LIMIT);
        let lines = written(&[long.as_bytes()]);
        let row = lines[0]["row"].as_str().unwrap();
        assert!(row.len() <= KEPT_LIMIT && row.len() > KEPT_LIMIT - 3);
        assert_eq!(lines[0]["length"], long.len());
    }

    #[test]
    fn a_file_that_is_there_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let check = |name: &str, expected: &str| {
            let mut file = RejectsFile::at(folder.path().join(name));
            file.write("crm", &rejected(b"a")).unwrap();
            let path = file.finish().unwrap().unwrap();
            assert_eq!(path, folder.path().join(expected));
        };
        check("x.rejects.jsonl", "x.rejects.jsonl");
        check("x.rejects.jsonl", "x-2.rejects.jsonl");
        check("x.rejects.jsonl", "x-3.rejects.jsonl");
        check("bad", "bad");
        check("bad", "bad-2");
    }

    #[test]
    fn a_file_that_is_not_finished_vanishes() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.rejects.jsonl.new"), "left by a kill").unwrap();
        let mut file = RejectsFile::at(folder.path().join("x.rejects.jsonl"));
        file.write("crm", &rejected(b"a")).unwrap();
        drop(file);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn without_refused_rows_there_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.rejects.jsonl");
        assert_eq!(RejectsFile::at(&path).finish().unwrap(), None);
        assert!(!path.exists());
    }
}
