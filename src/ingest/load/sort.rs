//! Sorting more rows than memory holds: runs are sorted in memory, laid down in a temporary file, and merged on reading.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of rows, with what sorts them, that are kept in memory before a run is laid down.
const RUN_BYTES: usize = 64 << 20;

/// What rows are sorted by: most significant first, ties by the order in which they were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// First of all.
    pub(super) group: u32,
    /// Then this.
    pub(super) part: u32,
    /// Then this.
    pub(super) at: i64,
    /// Last, and unique.
    pub(super) n: u64,
}

/// Takes rows in any order.
pub(super) struct Sorter {
    folder: PathBuf,
    rows: Vec<(Key, usize, usize)>,
    bytes: Vec<u8>,
    runs: Vec<File>,
    run_bytes: usize,
}

impl Sorter {
    /// A sorter that lays its runs down in this folder; they vanish with it.
    pub(super) fn new(folder: &Path) -> Sorter {
        Sorter::with_run_bytes(folder, RUN_BYTES)
    }

    fn with_run_bytes(folder: &Path, run_bytes: usize) -> Sorter {
        Sorter {
            folder: folder.to_owned(),
            rows: Vec::new(),
            bytes: Vec::new(),
            runs: Vec::new(),
            run_bytes,
        }
    }

    /// Adds a row; `write` appends its content.
    pub(super) fn add(&mut self, key: Key, write: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let from = self.bytes.len();
        write(&mut self.bytes);
        self.rows.push((key, from, self.bytes.len() - from));
        let order = self.rows.len() * size_of::<(Key, usize, usize)>();
        if self.bytes.len() + order >= self.run_bytes {
            self.lay_down()?;
        }
        Ok(())
    }

    fn lay_down(&mut self) -> io::Result<()> {
        self.rows.sort_unstable_by_key(|(key, ..)| *key);
        let mut out = BufWriter::with_capacity(1 << 20, tempfile::tempfile_in(&self.folder)?);
        for (key, from, length) in &self.rows {
            out.write_all(&key.group.to_le_bytes())?;
            out.write_all(&key.part.to_le_bytes())?;
            out.write_all(&key.at.to_le_bytes())?;
            out.write_all(&key.n.to_le_bytes())?;
            out.write_all(&(*length as u32).to_le_bytes())?;
            out.write_all(self.bytes.get(*from..from + length).unwrap_or_default())?;
        }
        self.runs
            .push(out.into_inner().map_err(io::IntoInnerError::into_error)?);
        self.rows.clear();
        self.bytes.clear();
        Ok(())
    }

    /// The rows in order.
    pub(super) fn sorted(mut self) -> io::Result<Sorted> {
        self.rows.sort_unstable_by_key(|(key, ..)| *key);
        let mut runs = Vec::new();
        for mut file in self.runs {
            file.seek(SeekFrom::Start(0))?;
            runs.push(Run::Laid(BufReader::with_capacity(1 << 18, file)));
        }
        runs.push(Run::Held {
            rows: self.rows.into_iter(),
            bytes: self.bytes,
        });
        let mut sorted = Sorted {
            runs,
            heads: BinaryHeap::new(),
        };
        for run in 0..sorted.runs.len() {
            sorted.refill(run)?;
        }
        Ok(sorted)
    }
}

/// The rows of a [`Sorter`] in order.
pub(super) struct Sorted {
    runs: Vec<Run>,
    heads: BinaryHeap<Reverse<Head>>,
}

enum Run {
    Laid(BufReader<File>),
    Held {
        rows: std::vec::IntoIter<(Key, usize, usize)>,
        bytes: Vec<u8>,
    },
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    key: Key,
    run: usize,
    row: Vec<u8>,
}

impl Sorted {
    /// The next row.
    pub(super) fn next(&mut self) -> io::Result<Option<(Key, Vec<u8>)>> {
        let Some(Reverse(head)) = self.heads.pop() else {
            return Ok(None);
        };
        self.refill(head.run)?;
        Ok(Some((head.key, head.row)))
    }

    /// The key of the next row.
    pub(super) fn peek(&self) -> Option<Key> {
        self.heads.peek().map(|Reverse(head)| head.key)
    }

    fn refill(&mut self, run: usize) -> io::Result<()> {
        let next = match self.runs.get_mut(run) {
            Some(Run::Laid(file)) => read_row(file)?,
            Some(Run::Held { rows, bytes }) => rows.next().map(|(key, from, length)| {
                let row = bytes.get(from..from + length).unwrap_or_default();
                (key, row.to_vec())
            }),
            None => None,
        };
        if let Some((key, row)) = next {
            self.heads.push(Reverse(Head { key, run, row }));
        }
        Ok(())
    }
}

fn read_row(file: &mut BufReader<File>) -> io::Result<Option<(Key, Vec<u8>)>> {
    let mut group = [0; 4];
    match file.read_exact(&mut group) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let (mut part, mut at, mut n, mut length) = ([0; 4], [0; 8], [0; 8], [0; 4]);
    file.read_exact(&mut part)?;
    file.read_exact(&mut at)?;
    file.read_exact(&mut n)?;
    file.read_exact(&mut length)?;
    let mut row = vec![0; u32::from_le_bytes(length) as usize];
    file.read_exact(&mut row)?;
    let key = Key {
        group: u32::from_le_bytes(group),
        part: u32::from_le_bytes(part),
        at: i64::from_le_bytes(at),
        n: u64::from_le_bytes(n),
    };
    Ok(Some((key, row)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_come_back_in_order_however_many_runs(
            rows in prop::collection::vec((0u32..5, 0u32..3, -3i64..3, 0usize..9), 0..200)
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut sorter = Sorter::with_run_bytes(folder.path(), 64);
            let mut expected = Vec::new();
            for (n, (group, part, at, length)) in rows.into_iter().enumerate() {
                let key = Key { group, part, at, n: n as u64 };
                let row = vec![n as u8; length];
                sorter.add(key, |bytes| bytes.extend(&row)).unwrap();
                expected.push((key, row));
            }
            expected.sort();
            let mut sorted = sorter.sorted().unwrap();
            let mut got = Vec::new();
            while let Some(row) = sorted.next().unwrap() {
                got.push(row);
            }
            prop_assert_eq!(got, expected);
        }
    }
}
