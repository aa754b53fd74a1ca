//! JSON documents: an array of rows, pages of rows, one object, or several of these one after another; never held whole.

use super::json_row::JsonRows;
use super::{Border, Break, Confidence, Format, Head, RowReader, Splitter, Step, Table, Window};
use crate::ingest::interpret::Rules;

/// An array of objects, a page of them, or one object.
pub struct Json;

/// The keys under which a page has its rows.
const PAGE_KEYS: [&str; 3] = ["children", "results", "entities"];

/// Keys that say that an object is a row itself, whatever else it holds.
const ROW_KEYS: [&str; 6] = [
    "identityMap",
    "xdm:identityMap",
    "_id",
    "timestamp",
    "xdm:timestamp",
    "person",
];

/// Whether a page may have its rows under this key.
pub fn is_page_key(key: &str) -> bool {
    PAGE_KEYS.contains(&key)
}

impl Format for Json {
    fn name(&self) -> &'static str {
        "JSON"
    }

    fn sniff(&self, head: &Head<'_>) -> Confidence {
        let has_ending = head.ending == "json";
        let text = head.bytes.trim_ascii_start();
        let begins = match text {
            [b'{', rest @ ..] => matches!(rest.trim_ascii_start(), [b'"' | b'}', ..] | []),
            [b'[', rest @ ..] => matches!(rest.trim_ascii_start(), [b'{' | b'[' | b']', ..] | []),
            _ => false,
        };
        match (has_ending, begins) {
            (true, true) => Confidence::Certain,
            (false, true) => Confidence::Likely,
            (true, false) => Confidence::Possible,
            (false, false) => Confidence::No,
        }
    }

    fn table(&self, _: &Head<'_>) -> Option<Table> {
        None
    }

    fn splitter(&self, _: Option<&Table>) -> Box<dyn Splitter> {
        Box::new(DocumentSplitter::default())
    }

    fn reader<'r>(&self, rules: Rules<'r>, _: Option<&Table>) -> Box<dyn RowReader + 'r> {
        Box::new(JsonRows::new(rules))
    }
}

/// What the bytes in hand belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Within {
    /// Nothing: between two documents.
    #[default]
    Top,
    /// An array of rows, between two of them; the flag says whether a comma or the end must come.
    Rows(After),
    /// A row of an array, or a document that is one.
    Row(Holder),
    /// The rest of a page, after its rows.
    Rest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Opening,
    Row,
    Comma,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    /// An array, or the array of a page.
    Array,
    /// Nobody: the row is the document.
    Document,
}

/// What stands around the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Around {
    #[default]
    Array,
    Page,
}

#[derive(Default)]
struct DocumentSplitter {
    within: Within,
    around: Around,
    row: Option<(u64, u64)>,
    line: u64,
    line_start: u64,
    depth: u64,
    /// The kinds of the outermost open brackets.
    brackets: Vec<u8>,
    text: Text,
    /// Where the text in hand began, and what was outside of texts last.
    text_at: (u64, u64),
    last: u8,
    key: Key,
}

/// Where the scan stands with respect to a quoted text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Text {
    #[default]
    Outside,
    Inside,
    Escaped,
}

/// A key of the document in hand, as far as it can be a page's or a row's.
#[derive(Default)]
struct Key {
    letters: Vec<u8>,
    is_listening: bool,
    is_page: bool,
    is_row: bool,
}

const LONGEST_KEY: usize = 20;
const BRACKETS_KEPT: usize = 256;

impl DocumentSplitter {
    fn broken<T>(&self, at: u64, what: &str) -> Result<T, Break> {
        Err(Break {
            line: self.line + 1,
            column: Some(at - self.line_start + 1),
            at: at + 1,
            what: what.to_owned(),
        })
    }

    fn byte(&mut self, byte: u8, at: u64, borders: &mut Vec<Border>) -> Result<(), Break> {
        if byte.is_ascii_whitespace() {
            if self.is_bare() {
                self.end_row(at, borders);
            }
            if byte == b'\n' {
                self.line += 1;
                self.line_start = at + 1;
            }
            return Ok(());
        }
        match self.within {
            Within::Top => self.begin_document(byte, at),
            Within::Rows(after) => self.between_rows(after, byte, at),
            Within::Row(_) | Within::Rest => self.inside(byte, at, borders),
        }
    }

    fn begin_document(&mut self, byte: u8, at: u64) -> Result<(), Break> {
        match byte {
            b'[' => {
                self.around = Around::Array;
                self.within = Within::Rows(After::Opening);
            }
            b'{' => {
                self.key = Key::default();
                self.begin_row(byte, at, Holder::Document);
            }
            _ => return self.broken(at, "neither an array nor an object begins here"),
        }
        Ok(())
    }

    fn between_rows(&mut self, after: After, byte: u8, at: u64) -> Result<(), Break> {
        match (after, byte) {
            (After::Opening | After::Row, b']') => match self.around {
                Around::Array => self.within = Within::Top,
                Around::Page => {
                    self.within = Within::Rest;
                    self.depth = 1;
                    self.last = b']';
                }
            },
            (After::Row, b',') => self.within = Within::Rows(After::Comma),
            (After::Row, _) => return self.broken(at, "a comma or `]` should stand here"),
            (_, b',' | b']' | b'}' | b':') => {
                return self.broken(at, "a row should begin here");
            }
            _ => self.begin_row(byte, at, Holder::Array),
        }
        Ok(())
    }

    fn begin_row(&mut self, byte: u8, at: u64, holder: Holder) {
        self.within = Within::Row(holder);
        self.row = Some((at, self.line + 1));
        self.depth = 0;
        self.brackets.clear();
        self.last = 0;
        match byte {
            b'{' | b'[' => self.open(byte),
            b'"' => self.begin_text(at),
            _ => self.last = byte,
        }
    }

    /// A row that is a number or a word, which only what follows can end.
    fn is_bare(&self) -> bool {
        matches!(self.within, Within::Row(_)) && self.depth == 0 && self.text == Text::Outside
    }

    fn inside(&mut self, byte: u8, at: u64, borders: &mut Vec<Border>) -> Result<(), Break> {
        if self.is_bare() && matches!(byte, b',' | b']') {
            self.end_row(at, borders);
            return self.byte(byte, at, borders);
        }
        // After a text that swallowed the borders of rows, its own letters stand outside of texts.
        if self.last == b'"' && !matches!(byte, b':' | b',' | b'}' | b']' | b'"') {
            let (line, column) = self.text_at;
            return Err(Break {
                line,
                column: Some(column),
                at: at + 1,
                what: "the text that begins here is not closed, or has a quote in it that is not escaped".into(),
            });
        }
        match byte {
            b'"' => self.begin_text(at),
            b'{' | b'[' if self.begins_page_rows(byte) => self.enter_page(),
            b'{' | b'[' => self.open(byte),
            b'}' | b']' => return self.close(byte, at, borders),
            _ => self.last = byte,
        }
        Ok(())
    }

    fn begin_text(&mut self, at: u64) {
        self.text = Text::Inside;
        self.text_at = (self.line + 1, at - self.line_start + 1);
        self.key.is_listening = self.within == Within::Row(Holder::Document)
            && self.depth == 1
            && matches!(self.last, b'{' | b',');
        if self.key.is_listening {
            self.key.letters.clear();
        }
    }

    fn end_text(&mut self, at: u64, borders: &mut Vec<Border>) {
        self.text = Text::Outside;
        self.last = b'"';
        if self.key.is_listening {
            let key = std::str::from_utf8(&self.key.letters).unwrap_or_default();
            self.key.is_page = is_page_key(key);
            self.key.is_row |= ROW_KEYS.contains(&key);
            self.key.is_listening = false;
        }
        if self.depth == 0 && matches!(self.within, Within::Row(_)) {
            self.end_row(at + 1, borders);
        }
    }

    fn begins_page_rows(&self, byte: u8) -> bool {
        byte == b'['
            && self.within == Within::Row(Holder::Document)
            && self.depth == 1
            && self.last == b':'
            && self.key.is_page
            && !self.key.is_row
    }

    fn enter_page(&mut self) {
        self.row = None;
        self.around = Around::Page;
        self.within = Within::Rows(After::Opening);
    }

    fn open(&mut self, byte: u8) {
        self.depth += 1;
        if self.brackets.len() < BRACKETS_KEPT {
            self.brackets.push(byte);
        }
        self.last = byte;
    }

    fn close(&mut self, byte: u8, at: u64, borders: &mut Vec<Border>) -> Result<(), Break> {
        let opened = match self.within {
            Within::Rest if self.depth == 1 => Some(b'{'),
            Within::Rest => None,
            _ if self.depth <= self.brackets.len() as u64 => self.brackets.pop(),
            _ => None,
        };
        // The next byte after `{` and `[` but one closes it, in ASCII.
        if self.depth == 0 || opened.is_some_and(|opened| opened + 2 != byte) {
            return self.broken(at, "this bracket closes none that is open");
        }
        self.depth -= 1;
        self.last = byte;
        if self.depth == 0 {
            match self.within {
                Within::Rest => self.within = Within::Top,
                _ => self.end_row(at + 1, borders),
            }
        }
        Ok(())
    }

    fn end_row(&mut self, end: u64, borders: &mut Vec<Border>) {
        if let Some((start, line)) = self.row.take() {
            borders.push(Border {
                start,
                end,
                line,
                fault: None,
            });
        }
        self.last = 0;
        self.within = match self.within {
            Within::Row(Holder::Array) => Within::Rows(After::Row),
            _ => Within::Top,
        };
    }

    /// Goes on in a text; how many bytes of it were used.
    fn text_bytes(&mut self, bytes: &[u8], at: u64, borders: &mut Vec<Border>) -> usize {
        if self.text == Text::Escaped {
            self.text = Text::Inside;
            self.key.is_listening = false;
            return 1;
        }
        let found = memchr::memchr3(b'"', b'\\', b'\n', bytes);
        let used = found.unwrap_or(bytes.len());
        if self.key.is_listening {
            let room = LONGEST_KEY.saturating_sub(self.key.letters.len());
            let letters = bytes.get(..used.min(room)).unwrap_or_default();
            self.key.letters.extend_from_slice(letters);
        }
        match found.and_then(|found| bytes.get(found)) {
            Some(b'"') => self.end_text(at + used as u64, borders),
            Some(b'\\') => self.text = Text::Escaped,
            Some(_) => {
                self.line += 1;
                self.line_start = at + used as u64 + 1;
            }
            None => return used,
        }
        used + 1
    }
}

impl Splitter for DocumentSplitter {
    fn scan(&mut self, window: Window<'_>, borders: &mut Vec<Border>) -> Result<Step, Break> {
        let news = window.news();
        let begin = window.base + window.seen as u64;
        let mut used = 0;
        while let Some((&byte, _)) = news.get(used..).and_then(<[u8]>::split_first) {
            let at = begin + used as u64;
            if self.text == Text::Outside {
                self.byte(byte, at, borders)?;
                used += 1;
            } else {
                used += self.text_bytes(news.get(used..).unwrap_or_default(), at, borders);
            }
        }
        Ok(Step::Onward)
    }

    fn finish(&mut self, window: Window<'_>, _: &mut Vec<Border>) -> Result<Step, Break> {
        match self.within {
            Within::Top => Ok(Step::Onward),
            Within::Rows(_) => self.broken(window.end(), "the array ends without `]`"),
            Within::Rest => self.broken(window.end(), "the page ends without `}`"),
            Within::Row(_) => self.broken(window.end(), "the file ends within a row"),
        }
    }

    fn open_row(&self) -> Option<(u64, u64)> {
        self.row
    }

    fn line(&self) -> u64 {
        self.line + 1
    }
}
