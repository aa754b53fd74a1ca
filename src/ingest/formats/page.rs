//! Pages: objects that have rows under a well-known key, as APIs give them out.

use super::documents::DocumentSplitter;
use super::{Splitter, Window};

/// The keys under which a page has its rows.
const PAGE_KEYS: [&str; 5] = ["children", "results", "entities", "messages", "batch"];

/// The page key whose rows may also be the values of an object.
const KEYED: &str = "entities";

/// Keys that say that an object is a row itself, whatever else it holds.
const ROW_KEYS: [&str; 9] = [
    "identityMap",
    "xdm:identityMap",
    "_id",
    "timestamp",
    "xdm:timestamp",
    "person",
    "userId",
    "anonymousId",
    "entity",
];

/// Whether a text that begins with an object begins with a page of rows, as far as it is there.
pub fn is_page(text: &[u8]) -> bool {
    let mut borders = Vec::new();
    let window = Window {
        bytes: text,
        base: 0,
        seen: 0,
    };
    let mut splitter = DocumentSplitter::default();
    // What breaks shows until then what it is.
    let _ = splitter.scan(window, &mut borders);
    let start = (text.len() - text.trim_ascii_start().len()) as u64;
    match (borders.first(), splitter.open_row()) {
        (Some(first), _) => first.start > start,
        (None, Some((open, _))) => open > start,
        (None, None) => !text.trim_ascii().is_empty(),
    }
}

/// What the value of a key may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holds {
    /// No rows.
    #[default]
    NoRows,
    /// An array of rows.
    Rows,
    /// An array of rows, or an object whose values are rows.
    KeyedRows,
}

/// A key of the document in hand, as far as it can be a page's or a row's.
#[derive(Debug, Default)]
pub struct Key {
    letters: Vec<u8>,
    /// Its letters are waited for.
    pub is_listening: bool,
    /// It, or one before it, says that the document is a row.
    pub is_row: bool,
    /// What its value may be.
    pub value: Holds,
}

const LONGEST_KEY: usize = 20;

impl Key {
    /// Begins a key, where one is waited for.
    pub fn begin(&mut self) {
        if self.is_listening {
            self.letters.clear();
        }
    }

    /// Takes letters of the key.
    pub fn hear(&mut self, letters: &[u8]) {
        let room = LONGEST_KEY.saturating_sub(self.letters.len());
        let letters = letters.get(..room).unwrap_or(letters);
        self.letters.extend_from_slice(letters);
    }

    /// Ends the key, and knows what it says.
    pub fn end(&mut self) {
        let key = std::str::from_utf8(&self.letters).unwrap_or_default();
        self.value = match key {
            KEYED => Holds::KeyedRows,
            key if PAGE_KEYS.contains(&key) => Holds::Rows,
            _ => Holds::NoRows,
        };
        self.is_row |= ROW_KEYS.contains(&key);
        self.is_listening = false;
    }
}
