//! The rows of JSON documents: of arrays, of pages, and of objects that are rows themselves.

use super::page::{Holds, Key};
use super::{Border, Break, Splitter, Step, Window};

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
    /// The key of the row to come, in a page that is an object.
    Key,
    Colon,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    /// An array, or a page.
    Array,
    /// Nobody: the row is the document.
    Document,
}

/// What stands around the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Around {
    #[default]
    Array,
    /// A page with an array of rows.
    Page,
    /// A page with an object whose values are the rows.
    KeyedPage,
}

impl Around {
    /// What ends the rows.
    fn end(self) -> u8 {
        match self {
            Around::Array | Around::Page => b']',
            Around::KeyedPage => b'}',
        }
    }
}

/// Finds the rows of documents that stand one after another.
#[derive(Default)]
pub struct DocumentSplitter {
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
            (After::Opening | After::Row, end) if end == self.around.end() => self.end_rows(end),
            (After::Row, b',') => self.within = Within::Rows(After::Comma),
            (After::Row, _) => {
                let end = char::from(self.around.end());
                return self.broken(at, &format!("a comma or `{end}` should stand here"));
            }
            (After::Comma, b'"') if self.around == Around::KeyedPage => self.begin_text(at),
            (After::Key, b':') => self.within = Within::Rows(After::Colon),
            (After::Key, _) => return self.broken(at, "a colon should stand here"),
            (_, b',' | b']' | b'}' | b':') => {
                return self.broken(at, "a row should begin here");
            }
            (After::Comma, _) if self.around == Around::KeyedPage => {
                return self.broken(at, "the key of a row should begin here");
            }
            _ => self.begin_row(byte, at, Holder::Array),
        }
        Ok(())
    }

    fn end_rows(&mut self, end: u8) {
        if self.around == Around::Array {
            self.within = Within::Top;
        } else {
            self.within = Within::Rest;
            self.depth = 1;
            self.last = end;
        }
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
            b'[' if self.begins_page_rows() => self.enter_page(Around::Page),
            b'{' if self.begins_keyed_row() => {
                self.enter_page(Around::KeyedPage);
                self.begin_row(byte, at, Holder::Array);
            }
            b'{' | b'[' => {
                if byte == b'[' || !self.begins_page_rows() {
                    self.key.value = Holds::NoRows;
                }
                self.open(byte);
            }
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
        self.key.begin();
    }

    fn end_text(&mut self, at: u64, borders: &mut Vec<Border>) {
        self.text = Text::Outside;
        self.last = b'"';
        if self.key.is_listening {
            self.key.end();
        }
        match self.within {
            Within::Row(_) if self.depth == 0 => self.end_row(at + 1, borders),
            Within::Rows(_) => self.within = Within::Rows(After::Key),
            _ => {}
        }
    }

    fn begins_page_rows(&self) -> bool {
        self.within == Within::Row(Holder::Document)
            && self.depth == 1
            && self.last == b':'
            && self.key.value != Holds::NoRows
            && !self.key.is_row
    }

    /// Whether the first value of a page's object begins here, which is the first row.
    fn begins_keyed_row(&self) -> bool {
        self.key.value == Holds::KeyedRows
            && self.within == Within::Row(Holder::Document)
            && self.depth == 2
            && self.last == b':'
    }

    fn enter_page(&mut self, around: Around) {
        self.row = None;
        self.around = around;
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
        if self.key.value == Holds::KeyedRows && self.depth == 2 && self.last == b'{' {
            self.enter_page(Around::KeyedPage);
            self.end_rows(byte);
            return Ok(());
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
            self.key.hear(bytes.get(..used).unwrap_or_default());
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
            Within::Rows(_) => {
                let what = match self.around {
                    Around::KeyedPage => "the page ends without `}`",
                    Around::Array | Around::Page => "the array ends without `]`",
                };
                self.broken(window.end(), what)
            }
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
