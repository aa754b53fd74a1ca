//! Cuts the text of a file into chunks that end where rows end, in memory that does not grow with the file.

use std::io::Read;

use super::formats::{Border, Break, Overlong, Splitter, Window};
use super::rejects::{KEPT_LIMIT, ROW_LIMIT, Reason};

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
    seen: usize,
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
            is_over: false,
        }
    }

    /// The next chunk, in the memory of a spare one; `None` after the last.
    pub fn next(&mut self, mut spare: Chunk) -> Option<Chunk> {
        spare.clear();
        while !self.is_over {
            let is_end = self.fill();
            self.scan(is_end);
            self.limit_row();
            if self.is_over || !self.chunk.borders.is_empty() {
                return Some(self.cut(spare));
            }
            self.drop_what_is_done();
        }
        None
    }

    /// Reads a block; whether the text ended there.
    fn fill(&mut self) -> bool {
        let begin = self.chunk.bytes.len();
        self.seen = begin;
        let mut block = self.text.by_ref().take(self.limits.block as u64);
        match block.read_to_end(&mut self.chunk.bytes) {
            Ok(count) => count == 0,
            Err(error) => {
                self.break_off(Break {
                    line: self.splitter.line(),
                    column: None,
                    what: format!("the file can't be read on: {error}"),
                });
                false
            }
        }
    }

    fn scan(&mut self, is_end: bool) {
        let window = Window {
            bytes: &self.chunk.bytes,
            base: self.chunk.base,
            seen: self.seen,
        };
        let borders = &mut self.chunk.borders;
        let mut scanned = self.splitter.scan(window, borders);
        if is_end && scanned.is_ok() && !self.is_over {
            self.is_over = true;
            scanned = self.splitter.finish(window, borders);
        }
        if let Err(what) = scanned {
            self.break_off(what);
        }
        if self.chunk.end.is_some() {
            self.refuse_open_row();
        }
    }

    /// Ends the text here; the first reason counts, as what follows comes of it.
    fn break_off(&mut self, what: Break) {
        self.is_over = true;
        self.chunk.end.get_or_insert(what);
    }

    fn refuse_open_row(&mut self) {
        let end = self.chunk.base + self.chunk.bytes.len() as u64;
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
        if self.is_over {
            return;
        }
        let end = self.chunk.base + self.chunk.bytes.len() as u64;
        while let Some((start, _)) = self.splitter.open_row() {
            let is_long = end - start > self.limits.row as u64;
            if !is_long || self.skipped_row() == Some(start) {
                return;
            }
            let window = Window {
                bytes: &self.chunk.bytes,
                base: self.chunk.base,
                seen: self.chunk.bytes.len(),
            };
            let overlong = self.splitter.overlong(window, &mut self.chunk.borders);
            if overlong == Overlong::Skip {
                let from = start.saturating_sub(self.chunk.base) as usize;
                let row = self.chunk.bytes.get(from..).unwrap_or_default();
                // One letter more than is kept, so that the cut can be seen and made between letters.
                let head = row.get(..KEPT_LIMIT + 4).unwrap_or(row).to_vec();
                self.chunk.skipped = Some(Skipped { start, head });
                return;
            }
        }
    }

    fn skipped_row(&self) -> Option<u64> {
        self.chunk.skipped.as_ref().map(|skipped| skipped.start)
    }

    /// Forgets the bytes that no unfinished row needs.
    fn drop_what_is_done(&mut self) {
        let keep = self.kept_from();
        let done = (keep - self.chunk.base) as usize;
        self.chunk.bytes.drain(..done);
        self.chunk.base = keep;
        if self.splitter.open_row().map(|(start, _)| start) != self.skipped_row() {
            self.chunk.skipped = None;
        }
    }

    /// The first byte that is still needed.
    fn kept_from(&self) -> u64 {
        let end = self.chunk.base + self.chunk.bytes.len() as u64;
        match self.splitter.open_row() {
            Some((start, _)) if self.skipped_row() != Some(start) => {
                start.clamp(self.chunk.base, end)
            }
            _ => end,
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
        let keep = self.kept_from();
        let from = (keep - self.chunk.base) as usize;
        next.base = keep;
        let rest = self.chunk.bytes.get(from..).unwrap_or_default();
        next.bytes.extend_from_slice(rest);
        if let Some((start, _)) = self.splitter.open_row()
            && self.skipped_row() == Some(start)
        {
            next.skipped = self.chunk.skipped.take();
        }
        std::mem::replace(&mut self.chunk, next)
    }
}
