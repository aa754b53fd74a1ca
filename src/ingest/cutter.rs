//! Cuts the text of a file into chunks that end where rows end, in memory that does not grow with the file.

use std::io::Read;

use super::formats::{Border, Break, Splitter, Step, Window};
use super::rejects::{self, ROW_LIMIT, Reason};

/// How much is read at a time, and how long a row may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a block.
    pub block: usize,
    /// Bytes of a row.
    pub row: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            block: 256 << 10,
            row: ROW_LIMIT,
        }
    }
}

/// A part of a text with the rows that end in it.
#[derive(Debug, Default)]
pub struct Chunk {
    bytes: Vec<u8>,
    base: u64,
    /// The rows, in their order.
    pub borders: Vec<Border>,
    skipped: Option<Skipped>,
    /// Why the text does not go on as it should.
    pub end: Option<Break>,
}

/// The beginning of a row that is too long to be held.
#[derive(Debug)]
struct Skipped {
    start: u64,
    head: Vec<u8>,
}

impl Chunk {
    /// The bytes of one of its rows; of a row that was too long, only the first.
    pub fn row(&self, border: &Border) -> &[u8] {
        if let Some(skipped) = &self.skipped
            && skipped.start == border.start
        {
            return &skipped.head;
        }
        let from = border.start.saturating_sub(self.base) as usize;
        let to = border.end.saturating_sub(self.base) as usize;
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// So many bytes from a place in the text on, as far as they lie in it.
    pub fn text(&self, from: u64, length: u64) -> &[u8] {
        let from = from.saturating_sub(self.base) as usize;
        let to = from.saturating_add(length as usize);
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// Empties it, so that its memory can be used again.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.borders.clear();
        self.skipped = None;
        self.end = None;
    }
}

/// Cuts one text.
pub struct Cutter {
    text: Box<dyn Read + Send>,
    splitter: Box<dyn Splitter>,
    limits: Limits,
    chunk: Chunk,
    /// As many of the chunk's bytes as the splitter has seen.
    seen: usize,
    /// How the reading ended, if it did.
    ended: Option<Result<(), String>>,
    is_over: bool,
}

impl Cutter {
    /// A cutter of this text.
    pub fn new(text: Box<dyn Read + Send>, splitter: Box<dyn Splitter>, limits: Limits) -> Cutter {
        Cutter {
            text,
            splitter,
            limits,
            chunk: Chunk::default(),
            seen: 0,
            ended: None,
            is_over: false,
        }
    }

    /// The next chunk, in the memory of a spare one; `None` after the last.
    pub fn next(&mut self, mut spare: Chunk) -> Option<Chunk> {
        spare.clear();
        while !self.is_over {
            if self.seen == self.chunk.bytes.len() && self.ended.is_none() {
                self.fill();
            }
            self.scan();
            self.limit_row();
            if self.is_over || !self.chunk.borders.is_empty() {
                return Some(self.cut(spare));
            }
            self.drop_what_is_done();
        }
        None
    }

    /// Reads a block, or finds the text's end.
    fn fill(&mut self) {
        let mut block = self.text.by_ref().take(self.limits.block as u64);
        match block.read_to_end(&mut self.chunk.bytes) {
            Ok(0) => self.ended = Some(Ok(())),
            Ok(_) => {}
            Err(error) => self.ended = Some(Err(error.to_string())),
        }
    }

    /// Looks at the next block of what is held, and at the end of the text behind the last.
    fn scan(&mut self) {
        let length = self.chunk.bytes.len();
        let until = length.min(self.seen + self.limits.block);
        let window = Window {
            bytes: self.chunk.bytes.get(..until).unwrap_or_default(),
            base: self.chunk.base,
            seen: self.seen,
        };
        self.seen = until;
        let mut step = self.splitter.scan(window, &mut self.chunk.borders);
        let ended = self.ended.as_ref().filter(|_| until == length);
        if let (Ok(Step::Onward), Some(ended)) = (&step, ended) {
            step = match ended {
                Ok(()) => self.splitter.finish(window, &mut self.chunk.borders),
                Err(error) => Err(self.unreadable(error)),
            };
            self.is_over = step == Ok(Step::Onward);
        }
        match step {
            Ok(Step::Onward) => {}
            Ok(Step::Again(at)) => self.go_back(at),
            Err(what) => self.break_off(what),
        }
    }

    fn go_back(&mut self, at: u64) {
        self.seen = at.saturating_sub(self.chunk.base) as usize;
    }

    fn unreadable(&self, error: &str) -> Break {
        Break {
            line: self.splitter.line(),
            column: None,
            at: u64::MAX,
            what: format!("the file can't be read on: {error}"),
        }
    }

    /// Ends the text here, with the row in which it breaks.
    fn break_off(&mut self, what: Break) {
        let end = what.at.min(self.chunk.base + self.chunk.bytes.len() as u64);
        self.is_over = true;
        self.chunk.end = Some(what);
        if let Some((start, line)) = self.splitter.open_row()
            && start < end
        {
            self.chunk.borders.push(Border {
                start,
                end,
                line,
                fault: Some(Reason::BreaksOff),
            });
        }
    }

    /// Gives up the bytes of a row that is longer than a row may be.
    fn limit_row(&mut self) {
        let Some((start, _)) = self.splitter.open_row().filter(|_| !self.is_over) else {
            return;
        };
        let window = Window {
            bytes: self.chunk.bytes.get(..self.seen).unwrap_or_default(),
            base: self.chunk.base,
            seen: self.seen,
        };
        let is_long = window.end().saturating_sub(start) > self.limits.row as u64;
        if !is_long || self.skipped_row() == Some(start) {
            return;
        }
        match self.splitter.overlong(window, &mut self.chunk.borders) {
            Step::Again(at) => self.go_back(at),
            Step::Onward => {
                let from = start.saturating_sub(self.chunk.base) as usize;
                let row = window.bytes.get(from..).unwrap_or_default();
                let head = rejects::beginning(row).to_vec();
                self.chunk.skipped = Some(Skipped { start, head });
            }
        }
    }

    fn skipped_row(&self) -> Option<u64> {
        self.chunk.skipped.as_ref().map(|skipped| skipped.start)
    }

    /// Forgets the bytes that no unfinished row needs.
    fn drop_what_is_done(&mut self) {
        let done = self.done();
        self.chunk.bytes.drain(..done);
        self.chunk.base += done as u64;
        self.seen -= done;
        if self.splitter.open_row().map(|(start, _)| start) != self.skipped_row() {
            self.chunk.skipped = None;
        }
    }

    /// How many bytes were seen and are not needed any more.
    fn done(&self) -> usize {
        match self.splitter.open_row() {
            Some((start, _)) if self.skipped_row() != Some(start) => {
                let done = start.saturating_sub(self.chunk.base) as usize;
                done.min(self.seen)
            }
            _ => self.seen,
        }
    }

    /// Hands over the rows that are complete and keeps the beginning of the next.
    fn cut(&mut self, mut next: Chunk) -> Chunk {
        for border in &mut self.chunk.borders {
            let length = border.end - border.start;
            if length > self.limits.row as u64 {
                border.fault = Some(Reason::TooLong { length });
            }
        }
        // The last chunk keeps all, as a row that breaks is still open.
        if self.is_over {
            return std::mem::take(&mut self.chunk);
        }
        let done = self.done();
        next.base = self.chunk.base + done as u64;
        self.seen -= done;
        if let Some((start, _)) = self.splitter.open_row()
            && self.skipped_row() == Some(start)
        {
            next.skipped = self.chunk.skipped.take();
        }
        let (old, rest) = self.chunk.bytes.split_at_checked(done).unwrap_or_default();
        // The smaller part moves into the other memory.
        if rest.len() <= old.len() {
            next.bytes.extend_from_slice(rest);
        } else {
            next.bytes.extend_from_slice(old);
            self.chunk.bytes.drain(..done);
            std::mem::swap(&mut self.chunk.bytes, &mut next.bytes);
        }
        std::mem::replace(&mut self.chunk, next)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::ingest::formats::{FORMATS, Header, Table};

    /// The chunks of a table's text, as the number of rows and bytes in each.
    fn chunks(text: &str, limits: Limits) -> Vec<(usize, usize)> {
        let table = Table {
            delimiter: b',',
            columns: vec!["a".into()],
            header: Header::First,
        };
        let csv = FORMATS
            .iter()
            .find(|format| format.name() == "CSV")
            .unwrap();
        let text = Box::new(Cursor::new(text.as_bytes().to_vec()));
        let mut cutter = Cutter::new(text, csv.splitter(Some(&table)), limits);
        let chunks = std::iter::from_fn(|| cutter.next(Chunk::default()));
        chunks
            .map(|chunk| (chunk.borders.len(), chunk.bytes.len()))
            .collect()
    }

    #[test]
    fn a_quote_that_is_never_closed_does_not_make_chunks_grow() {
        let limits = Limits {
            block: 100,
            row: 5_000,
        };
        let text = format!("a\n\"open\n{}", "x\n".repeat(20_000));
        let chunks = chunks(&text, limits);
        let rows: usize = chunks.iter().map(|(rows, _)| rows).sum();
        assert_eq!(rows, 20_001);
        assert!(
            chunks
                .iter()
                .all(|(rows, bytes)| *rows <= 100 && *bytes <= 5_200)
        );
    }

    #[test]
    fn a_line_of_a_gigabyte_is_refused_in_the_memory_of_a_row() {
        let lines = FORMATS.iter().find(|format| format.name() == "JSON Lines");
        let length = 1 << 30;
        let text = std::io::repeat(b'x').take(length).chain(&b"\n{}\n"[..]);
        let splitter = lines.unwrap().splitter(None);
        let mut cutter = Cutter::new(Box::new(text), splitter, Limits::default());
        let mut borders = Vec::new();
        while let Some(chunk) = cutter.next(Chunk::default()) {
            assert!(chunk.bytes.capacity() <= 3 * ROW_LIMIT);
            borders.extend(chunk.borders);
        }
        let faults: Vec<_> = borders.into_iter().map(|border| border.fault).collect();
        assert_eq!(faults, [Some(Reason::TooLong { length }), None]);
    }
}
