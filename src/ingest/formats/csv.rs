//! CSV and TSV: values between commas, semicolons, tabs or pipes, quoted with `"`, under a header.

use std::borrow::Cow;
use std::collections::HashMap;

use super::csv_header::has_header;
use super::csv_row::{CsvRows, fields};
use super::{
    Border, Break, Confidence, Extent, Format, Head, Header, RowReader, Splitter, Step, Table,
    Window,
};
use crate::ingest::interpret::Rules;
use crate::ingest::rejects::Reason;

/// Values between delimiters, under a header.
pub struct Csv;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
const SAMPLED_ROWS: usize = 20;

impl Format for Csv {
    fn name(&self) -> &'static str {
        "CSV"
    }

    fn sniff(&self, head: &Head<'_>) -> Confidence {
        let has_ending = ["csv", "tsv", "tab", "psv"].contains(&head.ending);
        let is_text = !head.bytes.iter().take(1024).any(|byte| *byte == 0);
        match (has_ending, is_text && looks_like_a_table(head)) {
            (true, true) => Confidence::Certain,
            (true, false) => Confidence::Likely,
            (false, true) => Confidence::Possible,
            (false, false) => Confidence::No,
        }
    }

    fn table(&self, head: &Head<'_>) -> Option<Table> {
        let delimiter = delimiter(head);
        let rows = rows(head, delimiter);
        let first = rows.first()?;
        if !has_header(&rows) {
            return Some(Table {
                delimiter,
                columns: (1..=first.len()).map(|n| format!("column_{n}")).collect(),
                header: Header::Absent,
            });
        }
        let mut names = Names::default();
        let places = first.iter().zip(1..);
        let columns = places
            .map(|(name, place)| names.free(name.trim(), place))
            .collect();
        Some(Table {
            delimiter,
            columns,
            header: Header::First,
        })
    }

    fn splitter(&self, table: Option<&Table>) -> Box<dyn Splitter> {
        let delimiter = table.map_or(b',', |table| table.delimiter);
        let header = table.map_or(Header::First, |table| table.header);
        Box::new(TableSplitter::new(delimiter, header))
    }

    fn reader<'r>(&self, rules: Rules<'r>, table: Option<&Table>) -> Box<dyn RowReader + 'r> {
        Box::new(CsvRows::new(rules, table))
    }
}

/// The names of columns that were given.
#[derive(Default)]
struct Names {
    taken: HashMap<String, usize>,
}

impl Names {
    /// The name of a column, with a number behind it where another has the name already.
    fn free(&mut self, name: &str, place: usize) -> String {
        let name = match name {
            "" => format!("column {place}"),
            name => name.to_owned(),
        };
        let mut free = name.clone();
        while self.taken.contains_key(&free) {
            let count = self.taken.entry(name.clone()).or_insert(1);
            *count += 1;
            free = format!("{name} {count}");
        }
        self.taken.insert(free.clone(), 1);
        free
    }
}

/// Whether the first rows have the same number of values, and more than one.
fn looks_like_a_table(head: &Head<'_>) -> bool {
    let rows = rows(head, delimiter(head));
    let width = rows.first().map_or(0, Vec::len);
    width > 1 && rows.len() > 1 && rows.iter().all(|row| row.len() == width)
}

/// The delimiter that cuts the first rows most evenly, then into most values; tabs where the name says so.
fn delimiter(head: &Head<'_>) -> u8 {
    if matches!(head.ending, "tsv" | "tab") {
        return b'\t';
    }
    let score = |delimiter: u8| {
        let rows = rows(head, delimiter);
        let width = rows.first().map_or(0, Vec::len);
        let even = rows.iter().filter(|row| row.len() == width).count();
        match width {
            0 | 1 => (0, 0),
            _ => (even * 100 / rows.len().max(1), width),
        }
    };
    let best = DELIMITERS
        .into_iter()
        .rev()
        .max_by_key(|delimiter| score(*delimiter));
    best.filter(|delimiter| score(*delimiter) > (0, 0))
        .unwrap_or(b',')
}

/// As much of a head as is looked at, unless its first row is longer.
const LOOKED_AT: usize = 64 << 10;

fn shortened<'h>(head: &Head<'h>) -> Head<'h> {
    match head.bytes.get(..LOOKED_AT) {
        Some(bytes) if memchr::memchr2(b'\n', b'\r', bytes).is_some() => Head {
            bytes,
            extent: Extent::Beginning,
            ..*head
        },
        _ => *head,
    }
}

/// The first rows of a head, as a delimiter cuts them.
fn rows(head: &Head<'_>, delimiter: u8) -> Vec<Vec<String>> {
    let head = shortened(head);
    let mut borders = Vec::new();
    let mut splitter = TableSplitter::new(delimiter, Header::Absent);
    let window = Window {
        bytes: head.bytes,
        base: 0,
        seen: 0,
    };
    let mut from = 0;
    while let Step::Again(at) = splitter.scan_from(window, from, &mut borders) {
        from = at;
    }
    if head.extent == Extent::Whole || borders.is_empty() {
        // A table never breaks; its bad rows are faults of their own.
        let _ = splitter.finish(window, &mut borders);
    }
    let texts = borders.iter().filter_map(|border| {
        let bytes = head.bytes.get(border.start as usize..border.end as usize)?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    });
    texts
        .take(SAMPLED_ROWS)
        .map(|row| fields(&row, delimiter).map(Cow::into_owned).collect())
        .collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At the beginning of a value.
    Start,
    /// In a value without quotes.
    Plain,
    /// In a quoted value.
    Quoted,
    /// After a quote in a quoted value: its end, or the first of two.
    Quote,
    /// In a row that is refused: to the end of its line, quotes or not.
    Faulty,
}

/// Whether a byte can stand where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Sound,
    /// A quote is neither the end of a value nor one of two.
    Misplaced,
}

/// Finds rows, whose quoted values may hold line ends; a quote that does not fit costs the line where its row begins.
struct TableSplitter {
    delimiter: u8,
    /// Whether the next row names the columns.
    header: Header,
    state: State,
    start: u64,
    start_line: u64,
    line: u64,
    scanned: u64,
    last: u8,
    is_skipping: bool,
}

impl TableSplitter {
    fn new(delimiter: u8, header: Header) -> TableSplitter {
        TableSplitter {
            delimiter,
            header,
            state: State::Start,
            start: 0,
            start_line: 1,
            line: 1,
            scanned: 0,
            last: b'\n',
            is_skipping: false,
        }
    }

    /// Looks at the bytes from a place to the end of the window.
    fn scan_from(&mut self, window: Window<'_>, from: u64, borders: &mut Vec<Border>) -> Step {
        let mut at = from;
        while let Some(rest) = Self::rest(window, at) {
            let next = match self.state {
                State::Start | State::Quote => Some(0),
                State::Quoted => memchr::memchr2(b'"', b'\n', rest),
                State::Plain | State::Faulty => memchr::memchr3(self.delimiter, b'\n', b'\r', rest),
            };
            at += next.unwrap_or(rest.len()) as u64;
            let Some(&byte) = Self::rest(window, at).and_then(<[u8]>::first) else {
                break;
            };
            if self.byte(byte, at, borders) == Fit::Misplaced {
                if self.line > self.start_line && self.give_up_line(window, borders) {
                    return Step::Again(self.start);
                }
                self.state = State::Faulty;
            }
            at += 1;
        }
        self.scanned = window.end();
        Step::Onward
    }

    fn rest(window: Window<'_>, at: u64) -> Option<&[u8]> {
        let offset = usize::try_from(at.checked_sub(window.base)?).ok()?;
        window.bytes.get(offset..).filter(|rest| !rest.is_empty())
    }

    /// Takes one byte.
    fn byte(&mut self, byte: u8, at: u64, borders: &mut Vec<Border>) -> Fit {
        let is_second_half = byte == b'\n' && self.last == b'\r' && at == self.start;
        self.last = byte;
        if is_second_half {
            self.start = at + 1;
            return Fit::Sound;
        }
        let ends_line = matches!(byte, b'\n' | b'\r');
        let is_delimiter = byte == self.delimiter;
        match self.state {
            State::Start | State::Quote if byte == b'"' => self.state = State::Quoted,
            State::Start if byte == b' ' && !is_delimiter => {}
            State::Quoted if byte == b'"' => self.state = State::Quote,
            State::Quoted => self.line += u64::from(byte == b'\n'),
            State::Quote if !ends_line && !is_delimiter && byte != b' ' => return Fit::Misplaced,
            _ if ends_line => self.end_row(at, borders),
            State::Faulty => {}
            State::Quote if !is_delimiter => {}
            _ if is_delimiter => self.state = State::Start,
            _ => self.state = State::Plain,
        }
        Fit::Sound
    }

    fn end_row(&mut self, end: u64, borders: &mut Vec<Border>) {
        let fault = (self.state == State::Faulty && !self.is_skipping).then_some(Reason::OpenQuote);
        let is_blank = end == self.start;
        match (self.header, is_blank) {
            (_, true) => {}
            (Header::First, _) => self.header = Header::Absent,
            (Header::Absent, _) => borders.push(Border {
                start: self.start,
                end,
                line: self.start_line,
                fault,
            }),
        }
        self.begin_row(end + 1, self.line + 1);
    }

    fn begin_row(&mut self, start: u64, line: u64) {
        self.state = State::Start;
        self.start = start;
        self.line = line;
        self.start_line = line;
        self.is_skipping = false;
    }

    /// Refuses the first line of the unfinished row; false where the window has no end of it.
    fn give_up_line(&mut self, window: Window<'_>, borders: &mut Vec<Border>) -> bool {
        let Some(rest) = Self::rest(window, self.start) else {
            return false;
        };
        let Some(length) = memchr::memchr(b'\n', rest) else {
            return false;
        };
        self.state = State::Faulty;
        self.line = self.start_line;
        self.last = b'\n';
        self.end_row(self.start + length as u64, borders);
        true
    }
}

impl Splitter for TableSplitter {
    fn scan(&mut self, window: Window<'_>, borders: &mut Vec<Border>) -> Result<Step, Break> {
        Ok(self.scan_from(window, window.base + window.seen as u64, borders))
    }

    fn finish(&mut self, window: Window<'_>, borders: &mut Vec<Border>) -> Result<Step, Break> {
        if self.state == State::Quoted && self.give_up_line(window, borders) {
            return Ok(Step::Again(self.start));
        }
        if self.start < window.end() {
            if self.state == State::Quoted {
                self.state = State::Faulty;
            }
            self.end_row(window.end(), borders);
        }
        Ok(Step::Onward)
    }

    fn open_row(&self) -> Option<(u64, u64)> {
        (self.start < self.scanned).then_some((self.start, self.start_line))
    }

    fn line(&self) -> u64 {
        self.line
    }

    fn overlong(&mut self, window: Window<'_>, borders: &mut Vec<Border>) -> Step {
        if self.state == State::Quoted && self.give_up_line(window, borders) {
            return Step::Again(self.start);
        }
        // What is dropped can't be looked at again, so the row ends with its line.
        self.state = State::Faulty;
        self.is_skipping = true;
        Step::Onward
    }
}
