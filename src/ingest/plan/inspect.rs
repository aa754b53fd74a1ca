//! A look at the beginning of a file: its packing, its format, its columns, and what its rows are.

use std::io::Cursor;
use std::path::Path;
use std::sync::{Arc, Mutex};

use encoding_rs::Encoding;

use super::starter::starter;
use super::{Opening, PlanOptions, PlannedFile};
use crate::config::alternatives;
use crate::ingest::IngestError;
use crate::ingest::folder::{Bytes, STANDARD_INPUT};
use crate::ingest::formats::{
    Border, Confidence, Extent, FORMATS, Format, Head, Header, Keys, Source, Table, Window,
    homeless_columns,
};
use crate::ingest::input::{self, Compression, Unpacking, head_of, peek};
use crate::ingest::mapping::{Mapping, Unidentified};
use crate::ingest::rejects::ROW_LIMIT;
use crate::ingest::shapes::{Shape, Share, judge};
use crate::model::DatasetKind;

const RAW_HEAD: usize = 1 << 20;
const TEXT_HEAD: usize = 1 << 20;
const SAMPLED_ROWS: usize = 20;

/// How much is looked at of a file whose first row is longer than its head.
const LONGER_HEADS: [usize; 2] = [8 << 20, ROW_LIMIT + (1 << 20)];

/// More than databases export; what has more is no table, or means harm.
const MOST_COLUMNS: usize = 10_000;

/// How a file came to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Somebody named it: it must have a format.
    ToBeImported,
    /// It lies in a folder: it may be anything.
    ToBeSeen,
}

/// The beginning of a file, as it was found.
struct Beginning {
    ending: String,
    text: Vec<u8>,
    extent: Extent,
}

impl Beginning {
    fn head(&self) -> Head<'_> {
        Head {
            ending: &self.ending,
            bytes: &self.text,
            extent: self.extent,
        }
    }
}

/// Looks at a file; `None` where it was not named and is of no known format.
pub fn inspect(
    options: &PlanOptions,
    path: &Path,
    (encoding, expected): (Option<&'static Encoding>, Expected),
) -> Result<Option<PlannedFile>, IngestError> {
    let shown = path.to_string_lossy();
    let unreadable = |source| IngestError::Unreadable {
        path: shown.clone().into_owned(),
        source,
    };
    let raw = options.folder.open(path).map_err(unreadable)?;
    let (raw_head, rest) = peek(raw, RAW_HEAD).map_err(unreadable)?;
    let compression = Compression::of(&raw_head);
    let opening = opening(options, path, rest);
    let beginning = beginning(path, raw_head, compression, encoding);
    let least = match expected {
        Expected::ToBeImported => Confidence::Possible,
        Expected::ToBeSeen => Confidence::Likely,
    };
    let Some(format) = format_of(&beginning.head(), least) else {
        return match expected {
            Expected::ToBeSeen => Ok(None),
            Expected::ToBeImported => Err(IngestError::UnknownFormat {
                path: shown.into_owned(),
                known: known_formats(),
            }),
        };
    };
    let first = match opening {
        Opening::Once(_) => Some(Arc::from(beginning.text.as_slice())),
        _ => None,
    };
    let mut file = PlannedFile {
        path: path.to_owned(),
        name: shown.as_ref().into(),
        format,
        table: format.table(&beginning.head()),
        shape: None,
        share: Share::Whole,
        verdict: None,
        sample: Vec::new(),
        compression,
        bytes: options.folder.size(path),
        beginning: first,
        opening,
        seekable: None,
    };
    file.look(&beginning, encoding)?;
    Ok(Some(file))
}

/// What comes through a pipe is had once, a file as often as one likes.
fn opening(options: &PlanOptions, path: &Path, rest: Bytes) -> Opening {
    let is_stream = path == Path::new(STANDARD_INPUT) || options.folder.size(path).is_none();
    if is_stream {
        Opening::Once(Mutex::new(Some(rest)))
    } else {
        Opening::Folder(Arc::clone(&options.folder))
    }
}

impl PlannedFile {
    /// Looks at the first rows, once the file can be read as its format needs it.
    fn look(
        &mut self,
        beginning: &Beginning,
        encoding: Option<&'static Encoding>,
    ) -> Result<(), IngestError> {
        if let Source::Text = self.format.source() {
            self.look_at(&beginning.head());
            return self.look_on(beginning, encoding);
        }
        let seekable = self.make_seekable();
        seekable.map_err(|source| self.unreadable(source))?;
        let (_, mut text) = self.open(None)?;
        let rows = head_of(&mut text.bytes, TEXT_HEAD);
        self.look_at(&Head {
            bytes: &rows,
            ..beginning.head()
        });
        Ok(())
    }

    /// Looks at more where the first row is not over yet; what comes through a pipe is not had twice.
    fn look_on(
        &mut self,
        beginning: &Beginning,
        encoding: Option<&'static Encoding>,
    ) -> Result<(), IngestError> {
        let is_over = beginning.extent == Extent::Whole || self.table.is_some();
        if is_over || matches!(self.opening, Opening::Once(_)) {
            return Ok(());
        }
        for length in LONGER_HEADS {
            if !self.sample.is_empty() {
                break;
            }
            let (_, mut text) = self.open(encoding)?;
            let bytes = head_of(&mut text.bytes, length);
            let extent = if bytes.len() < length {
                Extent::Whole
            } else {
                Extent::Beginning
            };
            self.look_at(&Head {
                bytes: &bytes,
                extent,
                ..beginning.head()
            });
        }
        Ok(())
    }

    /// Sees what the first rows are, where they are objects.
    fn look_at(&mut self, head: &Head<'_>) {
        if self.table.is_some() {
            return;
        }
        let rows = sample(self.format, head);
        let keys = |row: &&str| serde_json::from_str(row).ok();
        self.sample = rows.iter().take(SAMPLED_ROWS).filter_map(keys).collect();
        self.verdict = judge(&rows);
    }
}

fn beginning(
    path: &Path,
    raw: Vec<u8>,
    compression: Compression,
    encoding: Option<&'static Encoding>,
) -> Beginning {
    let is_all = raw.len() < RAW_HEAD;
    let unpacking = Unpacking {
        compression,
        encoding,
    };
    // What breaks off within the first bytes has a beginning all the same, and is said when it is read.
    let text = input::text(Cursor::new(raw), unpacking);
    let text = text.map_or_else(
        |_| Vec::new(),
        |mut text| head_of(&mut text.bytes, TEXT_HEAD),
    );
    let extent = if is_all && text.len() < TEXT_HEAD {
        Extent::Whole
    } else {
        Extent::Beginning
    };
    Beginning {
        ending: ending(path),
        text,
        extent,
    }
}

/// The format that is surest of the file; an empty file is of any.
fn format_of(head: &Head<'_>, least: Confidence) -> Option<&'static dyn Format> {
    let mut best: Option<(Confidence, &'static dyn Format)> = None;
    for format in FORMATS {
        let confidence = format.sniff(head);
        if confidence >= least && best.is_none_or(|(other, _)| confidence > other) {
            best = Some((confidence, format));
        }
    }
    let is_empty = head.bytes.trim_ascii().is_empty() && least == Confidence::Possible;
    let any = FORMATS.into_iter().next().filter(|_| is_empty);
    best.map(|(_, format)| format).or(any)
}

fn known_formats() -> String {
    let names: Vec<_> = FORMATS.iter().map(|format| format.name()).collect();
    names.join(", ")
}

/// The error about a path that leads to no file.
pub fn nothing_there(path: &Path) -> IngestError {
    IngestError::NothingThere {
        path: path.to_string_lossy().into_owned(),
        known: known_formats(),
    }
}

/// A file's name without `.gz` and `.zst`.
fn unpacked_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_packing = |ending: &str| ["gz", "zst", "gzip", "zstd"].contains(&ending);
    match name.rsplit_once('.') {
        Some((stem, ending)) if is_packing(&ending.to_lowercase()) => stem.to_owned(),
        _ => name.into_owned(),
    }
}

fn ending(path: &Path) -> String {
    let name = unpacked_name(path).to_lowercase();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_owned());
    ending.unwrap_or_default()
}

/// The name of the dataset that a file goes into where nobody says; none for standard input.
pub fn stem(path: &Path) -> Option<String> {
    let name = unpacked_name(path);
    let stem = match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => name,
    };
    (!stem.is_empty() && stem != STANDARD_INPUT).then_some(stem)
}

/// What the first rows of the first file are: events where all have a time and an `identityMap`.
pub fn kind_of(files: &[PlannedFile]) -> DatasetKind {
    let rows = files.first().map_or(&[][..], |file| &file.sample);
    let has = |row: &Keys, key: &str| {
        let is_key = |other: &String| other.strip_prefix("xdm:").unwrap_or(other) == key;
        row.0.iter().any(is_key)
    };
    let is_event = |row: &Keys| has(row, "identityMap") && has(row, "timestamp");
    if !rows.is_empty() && rows.iter().all(is_event) {
        DatasetKind::Event
    } else {
        DatasetKind::Record
    }
}

/// The first rows that are objects, as many as the beginning has.
fn sample<'h>(format: &dyn Format, head: &Head<'h>) -> Vec<&'h str> {
    let mut borders = Vec::new();
    let mut splitter = format.splitter(None);
    let window = Window {
        bytes: head.bytes,
        base: 0,
        seen: 0,
    };
    // A break is said when the file is read; until then its beginning speaks.
    let scanned = splitter.scan(window, &mut borders);
    if scanned.is_ok() && head.extent == Extent::Whole {
        let _ = splitter.finish(window, &mut borders);
    }
    let row = |border: &Border| {
        let bytes = head.bytes.get(border.start as usize..border.end as usize)?;
        let text = std::str::from_utf8(bytes).ok()?.trim();
        text.starts_with('{').then_some(text)
    };
    borders.iter().filter_map(row).collect()
}

/// Reads the rows of these files by a shape; tables have none.
pub fn give_shape(files: &mut [PlannedFile], shape: &'static dyn Shape) -> Result<(), IngestError> {
    for file in files {
        if file.table.is_some() {
            let code = shape.code();
            let message = format!("a table has columns; `shape = \"{code}\"` is for JSON objects");
            return Err(misfit(file, message));
        }
        file.shape = Some(shape);
    }
    Ok(())
}

/// Complains of a mapping that does not fit the files, and notes what is missing in some.
pub fn misfits(
    files: &[PlannedFile],
    mapping: &Mapping,
    (dataset, kind): (&str, DatasetKind),
    notes: &mut Vec<String>,
) -> Result<(), IngestError> {
    let tables = || {
        files
            .iter()
            .filter_map(|file| Some((file, file.table.as_ref()?)))
    };
    for (file, table) in tables() {
        if table.header == Header::Absent {
            let count = table.columns.len();
            notes.push(format!(
                "{}: no header; its columns are column_1 to column_{count}",
                file.name
            ));
        }
        needs_mapping(file, table, mapping, (dataset, kind))?;
    }
    let is_table_only = files.len() == tables().count();
    for (key, address) in mapping.addresses().filter(|_| is_table_only) {
        let lacks = |table: &Table| !table.columns.iter().any(|name| address.is_column(name));
        let lacking: Vec<_> = tables().filter(|(_, table)| lacks(table)).collect();
        let Some((file, table)) = lacking.first() else {
            continue;
        };
        let columns = table.columns.iter().map(String::as_str);
        let hint = alternatives(&address.text, columns);
        let message = format!("there is no column `{}` for `{key}`; {hint}", address.text);
        if lacking.len() < files.len() {
            notes.push(format!("{}: {message}", file.name));
            continue;
        }
        return Err(misfit(file, message));
    }
    Ok(())
}

fn needs_mapping(
    file: &PlannedFile,
    table: &Table,
    mapping: &Mapping,
    dataset: (&str, DatasetKind),
) -> Result<(), IngestError> {
    let columns = table.columns.len();
    if columns > MOST_COLUMNS {
        let message = format!("{columns} columns; a table may have {MOST_COLUMNS}");
        return Err(misfit(file, message));
    }
    if mapping.identities.is_empty() && mapping.unidentified == Unidentified::Reject {
        return Err(IngestError::NeedsMapping {
            path: file.name.to_string(),
            starter: starter(&file.path, table, dataset),
        });
    }
    match homeless_columns(table, mapping).first() {
        None => Ok(()),
        Some(column) => Err(misfit(
            file,
            format!(
                "the column `{column}` has no place beside the paths of [dataset.fields]; map it to another path"
            ),
        )),
    }
}

fn misfit(file: &PlannedFile, message: String) -> IngestError {
    IngestError::Misfit {
        path: file.name.to_string(),
        message,
    }
}
