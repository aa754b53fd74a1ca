//! The formats: each finds the borders of rows in a text, and reads a row; one file per format, one line in `FORMATS`.

mod compass;
mod csv;
mod csv_header;
mod csv_row;
mod documents;
mod entries;
mod identity_map;
mod json;
mod json_lines;
mod json_row;
mod json_text;
mod keys;
mod page;
mod parquet;
mod parquet_value;
mod reshape;
mod sound;
mod tree;

pub use compass::{Compass, Slot, conventions, with_prefixes};
pub use csv_row::{fields, homeless_columns};
pub use entries::{entries, items};
pub use json_text::write_text;
pub use keys::Keys;
pub use reshape::plain_text;

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;

use super::interpret::{Place, Rules};
use super::rejects::Reason;
use super::row::Row;

/// Every format, in the order in which a file is tried.
pub static FORMATS: [&dyn Format; 4] = [
    &json_lines::JsonLines,
    &json::Json,
    &csv::Csv,
    &parquet::Parquet,
];

/// How sure a format is that a file is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// It is not.
    No,
    /// It could be, if somebody says so.
    Possible,
    /// Content or ending speak for it.
    Likely,
    /// Both do.
    Certain,
}

/// The beginning of a file.
#[derive(Clone, Copy, Debug)]
pub struct Head<'h> {
    /// The ending of its name, without `.gz` or `.zst`, in lower case; empty where it has none.
    pub ending: &'h str,
    /// Its first bytes, unpacked, without byte order mark.
    pub bytes: &'h [u8],
    /// Whether these are all.
    pub extent: Extent,
}

/// How much of a file a head shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The whole file.
    Whole,
    /// Its beginning.
    Beginning,
}

/// What the rows of a table have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What stands between two values.
    pub delimiter: u8,
    /// The names of the columns, each once.
    pub columns: Vec<String>,
    /// Whether the first row says the names.
    pub header: Header,
}

/// What the first row of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// The names of the columns.
    First,
    /// A row like the others: the columns have numbers.
    Absent,
}

/// What the rows of a file are made from.
#[derive(Clone, Copy)]
pub enum Source {
    /// From its text, as it comes.
    Text,
    /// From any place in the file: the step gives the text of its rows.
    File(fn(File) -> io::Result<Box<dyn Read + Send>>),
}

/// A kind of file.
pub trait Format: Sync {
    /// Its name, as people say it.
    fn name(&self) -> &'static str;

    /// How sure it is that the file is its own.
    fn sniff(&self, head: &Head<'_>) -> Confidence;

    /// What its rows are made from.
    fn source(&self) -> Source {
        Source::Text
    }

    /// The columns, where the format has some.
    fn table(&self, head: &Head<'_>) -> Option<Table>;

    /// What finds the rows of a file.
    fn splitter(&self, table: Option<&Table>) -> Box<dyn Splitter>;

    /// What reads the rows of a file.
    fn reader<'r>(&self, rules: Rules<'r>, table: Option<&Table>) -> Box<dyn RowReader + 'r>;
}

impl fmt::Debug for dyn Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What reads rows, one at a time.
pub trait RowReader {
    /// Where the row stands in its bytes; nowhere where it is blank, and so no row at all.
    fn extent(&self, row: &[u8]) -> Range<usize> {
        let start = row.len() - row.trim_ascii_start().len();
        start..start + row.trim_ascii().len()
    }

    /// Whether rows that nobody can read are this dataset's; of two that share a file one takes them.
    fn takes_unreadable(&self) -> bool {
        true
    }

    /// Reads a row that is text, trimmed and not blank; `None` where it belongs to the other dataset of its file.
    fn read(&mut self, text: &str, place: Place) -> Result<Option<Row>, Reason>;
}

/// Where a row begins and ends in the text of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Border {
    /// Its first byte.
    pub start: u64,
    /// The byte after its last.
    pub end: u64,
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Why it is refused unread.
    pub fault: Option<Reason>,
}

/// A place after which nothing can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The line, from 1.
    pub line: u64,
    /// The byte in it, from 1, where one can be named.
    pub column: Option<u64>,
    /// The place in the text after which the bytes belong to nobody.
    pub at: u64,
    /// What is wrong there.
    pub what: String,
}

/// A part of a file's text: all that is there of the unfinished row, and what follows it.
#[derive(Clone, Copy, Debug)]
pub struct Window<'w> {
    /// The bytes.
    pub bytes: &'w [u8],
    /// The place of the first of them in the whole text.
    pub base: u64,
    /// How many of them were seen before.
    pub seen: usize,
}

impl<'w> Window<'w> {
    /// The bytes that are new.
    pub fn news(&self) -> &'w [u8] {
        self.bytes.get(self.seen..).unwrap_or_default()
    }

    /// The place after the last byte.
    pub fn end(&self) -> u64 {
        self.base + self.bytes.len() as u64
    }
}

/// How a splitter wants to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// With what comes after the window.
    Onward,
    /// From this place once more, as a row turned out to end earlier.
    Again(u64),
}

/// What finds the borders of rows in a text that comes in blocks.
pub trait Splitter: Send {
    /// Looks at what is new and names the rows that end there.
    fn scan(&mut self, window: Window<'_>, borders: &mut Vec<Border>) -> Result<Step, Break>;

    /// Ends the text: names the last row, or says where the text should have gone on.
    fn finish(&mut self, window: Window<'_>, borders: &mut Vec<Border>) -> Result<Step, Break>;

    /// The unfinished row: its first byte and its line.
    fn open_row(&self) -> Option<(u64, u64)>;

    /// The line in hand, from 1.
    fn line(&self) -> u64;

    /// Hears that the unfinished row is longer than a row may be. `Onward` is without its bytes, to its end.
    fn overlong(&mut self, window: Window<'_>, borders: &mut Vec<Border>) -> Step {
        let _ = (window, borders);
        Step::Onward
    }
}
