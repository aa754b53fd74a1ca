//! The first rows of a dataset's files, column by column.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read as _;

use super::column::Column;
use super::leaves::{Leaf, leaves};
use crate::ingest::cutter::{Chunk, Cutter, Limits};
use crate::ingest::folder::Bytes;
use crate::ingest::formats::{Table, entries, fields, items};
use crate::ingest::mapping::{Address, DEEPEST_PATH};
use crate::ingest::plan::PlannedFile;
use crate::model::Path;

/// Rows of a file that are looked at.
const ROWS: u64 = 5_000;
/// Bytes of text of a file that are looked at.
const BYTES: u64 = 4 << 20;
/// More columns than anybody maps; what lies beyond is not looked at.
const MOST_COLUMNS: usize = 2_000;

/// A longer row would eat the sample.
const LIMITS: Limits = Limits {
    block: 64 << 10,
    row: 1 << 20,
};

/// What the first rows hold.
#[derive(Debug, Default)]
pub struct Sample {
    /// The columns in the order in which they are met.
    pub columns: Vec<Column>,
    /// The values of each row that say something, with the place of their column.
    pub rows: Vec<Vec<(usize, Box<str>)>>,
    /// Bytes of text that were read.
    pub bytes: u64,
    /// Whether there is more than was looked at.
    pub is_part: bool,
    /// Rows that bring an `identityMap`.
    pub described: u64,
    /// The values of the namespaces in them.
    pub named: BTreeMap<String, HashSet<Box<str>>>,
    places: HashMap<Path, usize>,
}

impl Sample {
    /// Rows that were looked at.
    pub fn count(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Looks at the first rows of a file.
    pub fn add(&mut self, file: &PlannedFile, text: Bytes) {
        let before = self.count();
        let mut walk = Rows::new(file, text, BYTES);
        while let Some(row) = walk.next(|row| self.row(file.table.as_ref(), row)) {
            if row == Flow::End || self.count() - before >= ROWS {
                self.is_part = true;
                break;
            }
        }
        self.is_part |= walk.is_cut();
        self.bytes += walk.bytes;
    }

    /// The places of the columns of tables that are named by a path, such as `person.name.firstName`.
    pub fn named_by_paths(&self) -> impl Iterator<Item = usize> {
        let places = self.places.iter().filter(|(path, place)| {
            let column = self.columns.get(**place);
            let keys = column.map_or(&[][..], |column| column.address.path.keys());
            // What an `identityMap` says is built from the identities; nothing else has a place in it.
            path.keys().len() == 1
                && (2..=DEEPEST_PATH).contains(&keys.len())
                && keys.iter().all(|key| is_word(key))
                && !keys.first().is_some_and(|key| is_identity_map(key))
        });
        places.map(|(_, place)| *place)
    }

    fn row(&mut self, table: Option<&Table>, row: &str) {
        match table {
            Some(table) => self.table_row(table, row),
            None => self.object(row),
        }
    }

    fn table_row(&mut self, table: &Table, row: &str) {
        let mut kept = Vec::new();
        for (value, name) in fields(row, table.delimiter).zip(&table.columns) {
            let place = self.place(Path(vec![name.clone()]), || Address::new(name));
            kept.extend(self.value(place, &value));
        }
        self.rows.push(kept);
    }

    fn object(&mut self, row: &str) {
        let Some(found) = leaves(row) else {
            return;
        };
        self.note_identity_map(row);
        let mut kept = Vec::new();
        for (path, leaf) in found {
            if path.keys().first().is_some_and(|key| is_identity_map(key)) {
                continue;
            }
            let address = Address::of(&path);
            // What no mapping can name, such as an empty key, can't be mapped.
            if Address::new(&address.text) != address {
                continue;
            }
            let place = self.place(path, || address);
            match leaf {
                Leaf::Value(value) => kept.extend(self.value(place, &value)),
                Leaf::List => {
                    if let Some(column) = place.and_then(|place| self.columns.get_mut(place)) {
                        column.lists += 1;
                    }
                }
            }
        }
        self.rows.push(kept);
    }

    fn value(&mut self, place: Option<usize>, value: &str) -> Option<(usize, Box<str>)> {
        let place = place?;
        let kept = self.columns.get_mut(place)?.add(value)?;
        Some((place, kept))
    }

    /// The place of a column, a new one where it is met first.
    fn place(&mut self, path: Path, address: impl FnOnce() -> Address) -> Option<usize> {
        if let Some(place) = self.places.get(&path) {
            return Some(*place);
        }
        if self.columns.len() >= MOST_COLUMNS {
            return None;
        }
        let name = path.keys().last().cloned().unwrap_or_default();
        self.columns.push(Column::new(address(), &name));
        self.places.insert(path, self.columns.len() - 1);
        Some(self.columns.len() - 1)
    }

    /// Remembers the identities of an `identityMap`, so that columns of other files can be held against them.
    fn note_identity_map(&mut self, row: &str) {
        let map = entries(row)
            .into_iter()
            .flatten()
            .find(|(key, _)| is_identity_map(key));
        let Some(namespaces) = map.and_then(|(_, value)| entries(value).ok()) else {
            return;
        };
        self.described += u64::from(!namespaces.is_empty());
        for (namespace, list) in namespaces {
            let values = self.named.entry(namespace).or_default();
            let items = items(list).into_iter();
            for (key, id) in items.flat_map(entries).flatten() {
                if key.strip_prefix("xdm:").unwrap_or(&key) == "id" {
                    values.insert(id.trim_matches('"').into());
                }
            }
        }
    }
}

fn is_identity_map(key: &str) -> bool {
    key.strip_prefix("xdm:").unwrap_or(key) == "identityMap"
}

/// Whether there may be more rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// There may.
    On,
    /// As many bytes as may be read were read.
    End,
}

/// The rows of a file, up to a number of bytes.
pub struct Rows {
    cutter: Cutter,
    most: u64,
    /// Bytes of the rows so far.
    pub bytes: u64,
    chunk: Chunk,
    next: usize,
    is_over: bool,
}

impl Rows {
    /// The rows of a text.
    pub fn new(file: &PlannedFile, text: Bytes, most: u64) -> Rows {
        let splitter = file.format.splitter(file.table.as_ref());
        // A row that never ends must not be followed to the end of the file.
        let text = text.take(most + LIMITS.row as u64);
        Rows {
            cutter: Cutter::new(Box::new(text), splitter, LIMITS),
            most,
            bytes: 0,
            chunk: Chunk::default(),
            next: 0,
            is_over: false,
        }
    }

    /// Hands the next sound row on; `None` after the last.
    pub fn next(&mut self, mut take: impl FnMut(&str)) -> Option<Flow> {
        while self.next >= self.chunk.borders.len() {
            let spare = std::mem::take(&mut self.chunk);
            let Some(chunk) = self.cutter.next(spare) else {
                self.is_over = true;
                return None;
            };
            self.chunk = chunk;
            self.next = 0;
        }
        let border = self.chunk.borders.get(self.next)?;
        self.next += 1;
        let row = self.chunk.row(border);
        self.bytes += row.len() as u64 + 1;
        // What is refused when it is read says nothing of what is meant.
        if border.fault.is_none()
            && let Ok(row) = std::str::from_utf8(row)
            && !row.trim().is_empty()
        {
            take(row);
        }
        Some(if self.bytes >= self.most {
            Flow::End
        } else {
            Flow::On
        })
    }

    fn is_cut(&self) -> bool {
        !self.is_over
    }
}

/// Whether a key is a plain word: a dot beside anything else is only a dot.
fn is_word(key: &str) -> bool {
    key.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
        && key
            .chars()
            .all(|letter| letter.is_alphanumeric() || "_-".contains(letter))
}
