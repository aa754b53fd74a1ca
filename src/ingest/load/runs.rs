//! Sorted runs of rows, end to end in one temporary file: however many they are, one file is open.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use super::sort::Key;

/// Bytes that all runs together read ahead.
const AHEAD_BYTES: usize = 16 << 20;

/// Bytes that a run reads at once, at least and at most.
const A_READ: Range<usize> = 16 << 10..256 << 10;

/// Bytes of what stands before the content of a row.
const HEAD_BYTES: usize = 28;

/// Runs that are laid down one behind the other.
pub(super) struct Runs {
    file: File,
    ends: Vec<u64>,
}

impl Runs {
    /// None yet; the file lies in this folder, and nobody else can see it.
    pub(super) fn new(folder: &Path) -> io::Result<Runs> {
        Ok(Runs {
            file: tempfile::tempfile_in(folder)?,
            ends: Vec::new(),
        })
    }

    /// Lays down rows that are in order.
    pub(super) fn lay_down<'r>(
        &mut self,
        rows: impl Iterator<Item = (Key, &'r [u8])>,
    ) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(1 << 20, &mut self.file);
        for (key, row) in rows {
            out.write_all(&key.group.to_le_bytes())?;
            out.write_all(&key.part.to_le_bytes())?;
            out.write_all(&key.at.to_le_bytes())?;
            out.write_all(&key.n.to_le_bytes())?;
            out.write_all(&(row.len() as u32).to_le_bytes())?;
            out.write_all(row)?;
        }
        out.flush()?;
        drop(out);
        self.ends.push(self.file.stream_position()?);
        Ok(())
    }

    /// The file, and where each run is read from it.
    pub(super) fn reading(self) -> (File, Vec<LaidRun>) {
        let some = AHEAD_BYTES / self.ends.len().max(1);
        let at_once = some.clamp(A_READ.start, A_READ.end);
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        let runs = begins.zip(&self.ends).map(|(begin, end)| LaidRun {
            left: begin..*end,
            ahead: Vec::new(),
            at: 0,
            at_once,
        });
        let runs = runs.collect();
        (self.file, runs)
    }
}

/// A run that is being read, row by row.
pub(super) struct LaidRun {
    /// What of the file was not read yet.
    left: Range<u64>,
    ahead: Vec<u8>,
    /// How much of what was read ahead has been taken.
    at: usize,
    at_once: usize,
}

impl LaidRun {
    /// The key and the length of the next row; its content is to be taken before the next is asked for.
    pub(super) fn next_key(&mut self, file: &mut File) -> io::Result<Option<(Key, usize)>> {
        if self.at == self.ahead.len() && self.left.is_empty() {
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
    pub(super) fn take(&mut self, file: &mut File, length: usize) -> io::Result<&[u8]> {
        if self.ahead.len() - self.at < length {
            self.read_ahead(file, length)?;
        }
        let taken = self.at..self.at + length;
        self.at = taken.end;
        self.ahead.get(taken).ok_or_else(breaks_off)
    }

    /// Reads on, so that at least so many bytes are there.
    fn read_ahead(&mut self, file: &mut File, wanted: usize) -> io::Result<()> {
        self.ahead.drain(..self.at);
        self.at = 0;
        let before = self.ahead.len();
        let more = self.at_once.max(wanted) - before;
        let more = (more as u64).min(self.left.end - self.left.start);
        self.ahead.resize(before + more as usize, 0);
        file.seek(SeekFrom::Start(self.left.start))?;
        file.read_exact(self.ahead.get_mut(before..).unwrap_or_default())?;
        self.left.start += more;
        Ok(())
    }
}

fn breaks_off() -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "a temporary file is shorter than what was written to it",
    )
}
