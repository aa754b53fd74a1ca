//! Sorted runs of rows, end to end in one temporary file: however many they are, one file is open.

use std::io;
use std::ops::Range;
use std::path::Path;

use super::scratch::{Aligned, BLOCK, Scratch};
use super::sort::Key;

/// Bytes that all runs together read ahead.
const AHEAD_BYTES: usize = 32 << 20;

/// Bytes that a run reads at once, at least and at most.
const A_READ: Range<usize> = 64 << 10..512 << 10;

/// Bytes of what stands before the content of a row.
const HEAD_BYTES: usize = 28;

/// Runs that are laid down one behind the other.
pub(super) struct Runs {
    file: Scratch,
    /// Where each lies.
    laid: Vec<Range<u64>>,
}

impl Runs {
    /// None yet; the file lies in this folder, and nobody else can see it.
    pub(super) fn new(folder: &Path) -> io::Result<Runs> {
        Ok(Runs {
            file: Scratch::new(folder)?,
            laid: Vec::new(),
        })
    }

    /// Lays down rows that are in order.
    pub(super) fn lay_down<'r>(
        &mut self,
        rows: impl Iterator<Item = (Key, &'r [u8])>,
    ) -> io::Result<()> {
        let begin = self.file.end();
        for (key, row) in rows {
            self.file.write(&head(key, row.len()))?;
            self.file.write(row)?;
        }
        self.laid.push(begin..self.file.end());
        self.file.fill_block()
    }

    /// The file, and where each run is read from it.
    pub(super) fn reading(self) -> (Scratch, Vec<LaidRun>) {
        let some = AHEAD_BYTES / self.laid.len().max(1);
        let at_once = some.clamp(A_READ.start, A_READ.end);
        let runs = self.laid.into_iter().map(|left| LaidRun {
            left,
            ahead: Aligned::default(),
            ready: 0..0,
            at_once: at_once.next_multiple_of(BLOCK),
        });
        (self.file, runs.collect())
    }
}

/// What stands before the content of a row.
fn head(key: Key, length: usize) -> [u8; HEAD_BYTES] {
    let mut head = [0; HEAD_BYTES];
    let parts: [&[u8]; 5] = [
        &key.group.to_le_bytes(),
        &key.part.to_le_bytes(),
        &key.at.to_le_bytes(),
        &key.n.to_le_bytes(),
        &(length as u32).to_le_bytes(),
    ];
    let mut room = &mut head[..];
    for part in parts {
        let (own, rest) = room.split_at_mut(part.len());
        own.copy_from_slice(part);
        room = rest;
    }
    head
}

/// A run that is being read, row by row.
pub(super) struct LaidRun {
    /// What of the file was not read yet; it begins at a block.
    left: Range<u64>,
    ahead: Aligned,
    /// What was read ahead and has not been taken.
    ready: Range<usize>,
    at_once: usize,
}

impl LaidRun {
    /// The key and the length of the next row; its content is to be taken before the next is asked for.
    pub(super) fn next_key(&mut self, file: &mut Scratch) -> io::Result<Option<(Key, usize)>> {
        if self.ready.is_empty() && self.left.is_empty() {
            return Ok(None);
        }
        let (head, _) = self.take(file, HEAD_BYTES)?.split_at(HEAD_BYTES);
        let (group, rest) = head.split_first_chunk().ok_or_else(breaks_off)?;
        let (part, rest) = rest.split_first_chunk().ok_or_else(breaks_off)?;
        let (at, rest) = rest.split_first_chunk().ok_or_else(breaks_off)?;
        let (n, rest) = rest.split_first_chunk().ok_or_else(breaks_off)?;
        let (length, _) = rest.split_first_chunk().ok_or_else(breaks_off)?;
        let key = Key {
            group: u32::from_le_bytes(*group),
            part: u32::from_le_bytes(*part),
            at: i64::from_le_bytes(*at),
            n: u64::from_le_bytes(*n),
        };
        Ok(Some((key, u32::from_le_bytes(*length) as usize)))
    }

    /// The next bytes.
    pub(super) fn take(&mut self, file: &mut Scratch, length: usize) -> io::Result<&[u8]> {
        if self.ready.len() < length {
            self.read_ahead(file, length)?;
        }
        let taken = self.ready.start..self.ready.start + length;
        if taken.end > self.ready.end {
            return Err(breaks_off());
        }
        self.ready.start = taken.end;
        Ok(self.ahead.get(taken))
    }

    /// Reads on, so that at least so many bytes are there; what is there already is moved before them.
    fn read_ahead(&mut self, file: &mut Scratch, wanted: usize) -> io::Result<()> {
        let before = self.ready.len();
        let behind = before.next_multiple_of(BLOCK);
        let left = (self.left.end - self.left.start) as usize;
        let more = self.at_once.max(wanted - before).min(left);
        let to = behind + more.next_multiple_of(BLOCK);
        let from = behind - before;
        if to > self.ahead.len() {
            let mut larger = Aligned::new(to);
            let there = self.ahead.get(self.ready.clone());
            larger.get_mut(from..behind).copy_from_slice(there);
            self.ahead = larger;
        } else {
            self.ahead.shift(self.ready.clone(), from);
        }
        file.read(self.left.start, &mut self.ahead, behind..to)?;
        let read = (to - behind).min(left);
        self.left.start += read as u64;
        self.ready = from..behind + read;
        Ok(())
    }
}

fn breaks_off() -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "a temporary file is shorter than what was written to it",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_whatever_lies_across_two_reads() {
        let folder = tempfile::tempdir().unwrap();
        let mut runs = Runs::new(folder.path()).unwrap();
        // Small rows end anywhere in a read, and some rows are longer than one.
        let row = |run: u32, n: u64| {
            let length = match n % 97 {
                0 => 700_000,
                rest => rest as usize * 311 % 9_001,
            };
            let key = Key {
                group: run,
                part: 0,
                at: 0,
                n,
            };
            (key, vec![(n + u64::from(run)) as u8; length])
        };
        for run in 0..2 {
            let rows: Vec<_> = (0..400).map(|n| row(run, n)).collect();
            let rows = rows.iter().map(|(key, row)| (*key, row.as_slice()));
            runs.lay_down(rows).unwrap();
        }
        let (mut file, laid) = runs.reading();
        for (run, mut laid) in (0..).zip(laid) {
            for n in 0..400 {
                let (key, content) = row(run, n);
                let next = laid.next_key(&mut file).unwrap();
                assert_eq!(next, Some((key, content.len())), "row {n} of run {run}");
                assert!(laid.take(&mut file, content.len()).unwrap() == content);
            }
            assert_eq!(laid.next_key(&mut file).unwrap(), None);
        }
    }
}
