//! JSON Lines: a JSON object on every line.

use super::json_row::JsonRows;
use super::page::is_page;
use super::{
    Border, Break, Confidence, Extent, Format, Head, RowReader, Splitter, Step, Table, Window,
};
use crate::ingest::interpret::Rules;

/// A JSON object on every line.
pub struct JsonLines;

impl Format for JsonLines {
    fn name(&self) -> &'static str {
        "JSON Lines"
    }

    fn sniff(&self, head: &Head<'_>) -> Confidence {
        let has_ending = ["jsonl", "ndjson", "jsonlines", "ldjson"].contains(&head.ending);
        match (has_ending, first_lines(head)) {
            (true, Lines::Objects(_)) | (false, Lines::Objects(2)) => Confidence::Certain,
            (true, Lines::Others) | (false, Lines::Objects(_)) => Confidence::Likely,
            (_, Lines::Array | Lines::Pages) | (false, Lines::Others) => Confidence::No,
        }
    }

    fn table(&self, _: &Head<'_>) -> Option<Table> {
        None
    }

    fn splitter(&self, _: Option<&Table>) -> Box<dyn Splitter> {
        Box::new(LineSplitter::default())
    }

    fn reader<'r>(&self, rules: Rules<'r>, _: Option<&Table>) -> Box<dyn RowReader + 'r> {
        Box::new(JsonRows::new(rules))
    }
}

/// What the first lines of a file hold.
enum Lines {
    /// The first one or two are objects.
    Objects(usize),
    /// The text is an array.
    Array,
    /// The first is a page of rows, and so are the others.
    Pages,
    /// Anything else.
    Others,
}

fn first_lines(head: &Head<'_>) -> Lines {
    let text = head.bytes.trim_ascii_start();
    if text.starts_with(b"{") && is_page(text) {
        return Lines::Pages;
    }
    let mut lines = head
        .bytes
        .split_inclusive(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty());
    let is_complete = |line: &&[u8]| line.ends_with(b"\n") || head.extent == Extent::Whole;
    let objects = lines
        .by_ref()
        .filter(is_complete)
        .take(2)
        .map_while(|line| serde_json::from_slice::<super::Keys>(line).ok())
        .count();
    match objects {
        0 if text.starts_with(b"[") => Lines::Array,
        0 => Lines::Others,
        count => Lines::Objects(count),
    }
}

/// Finds rows that are lines.
pub struct LineSplitter {
    start: u64,
    line: u64,
    scanned: u64,
}

impl Default for LineSplitter {
    fn default() -> LineSplitter {
        LineSplitter {
            start: 0,
            line: 1,
            scanned: 0,
        }
    }
}

impl LineSplitter {
    fn end_row(&mut self, end: u64, borders: &mut Vec<Border>) {
        borders.push(Border {
            start: self.start,
            end,
            line: self.line,
            fault: None,
        });
        self.start = end + 1;
        self.line += 1;
    }
}

impl Splitter for LineSplitter {
    fn scan(&mut self, window: Window<'_>, borders: &mut Vec<Border>) -> Result<Step, Break> {
        let begin = window.base + window.seen as u64;
        for at in memchr::memchr_iter(b'\n', window.news()) {
            self.end_row(begin + at as u64, borders);
        }
        self.scanned = window.end();
        Ok(Step::Onward)
    }

    fn finish(&mut self, window: Window<'_>, borders: &mut Vec<Border>) -> Result<Step, Break> {
        if self.start < window.end() {
            self.end_row(window.end(), borders);
        }
        Ok(Step::Onward)
    }

    fn open_row(&self) -> Option<(u64, u64)> {
        (self.start < self.scanned).then_some((self.start, self.line))
    }

    fn line(&self) -> u64 {
        self.line
    }
}
