//! Sorting more rows than memory holds: runs are sorted in memory, laid down in a temporary file, and merged on reading.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

/// Bytes of rows, with what sorts them, that are kept in memory before a run is laid down.
const RUN_BYTES: usize = 64 << 20;

/// With more bytes than this a run is likely to become full.
const SOME_BYTES: usize = 1 << 20;

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
    held: Held,
    runs: Vec<File>,
    /// A run that is being laid down while others are added, with the memory that it gives back.
    under_way: Option<JoinHandle<io::Result<(File, Held)>>>,
    run_bytes: usize,
}

/// Rows in memory.
#[derive(Default)]
struct Held {
    rows: Vec<(Key, usize, usize)>,
    bytes: Vec<u8>,
}

impl Held {
    fn sort(&mut self) {
        self.rows.sort_unstable_by_key(|(key, ..)| *key);
    }

    /// Sorts the rows, writes them into a file that nobody else can see, and lets go of them.
    fn lay_down(mut self, folder: &Path) -> io::Result<(File, Held)> {
        self.sort();
        let mut out = BufWriter::with_capacity(1 << 20, tempfile::tempfile_in(folder)?);
        for (key, from, length) in &self.rows {
            out.write_all(&key.group.to_le_bytes())?;
            out.write_all(&key.part.to_le_bytes())?;
            out.write_all(&key.at.to_le_bytes())?;
            out.write_all(&key.n.to_le_bytes())?;
            out.write_all(&(*length as u32).to_le_bytes())?;
            out.write_all(self.bytes.get(*from..from + length).unwrap_or_default())?;
        }
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        self.rows.clear();
        self.bytes.clear();
        Ok((file, self))
    }
}

impl Sorter {
    /// A sorter that lays its runs down in this folder; they vanish with it.
    pub(super) fn new(folder: &Path) -> Sorter {
        Sorter::with_run_bytes(folder, RUN_BYTES)
    }

    fn with_run_bytes(folder: &Path, run_bytes: usize) -> Sorter {
        Sorter {
            folder: folder.to_owned(),
            held: Held::default(),
            runs: Vec::new(),
            under_way: None,
            run_bytes,
        }
    }

    /// Adds a row; `write` appends its content.
    pub(super) fn add(&mut self, key: Key, write: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let held = &mut self.held;
        if held.bytes.len() > SOME_BYTES && held.bytes.capacity() < self.run_bytes {
            // Growing step by step would copy it all many times; what is not filled takes no memory.
            held.bytes.reserve(self.run_bytes);
            held.rows.reserve(self.run_bytes / 256);
        }
        let from = held.bytes.len();
        write(&mut held.bytes);
        held.rows.push((key, from, held.bytes.len() - from));
        let order = held.rows.len() * size_of::<(Key, usize, usize)>();
        if held.bytes.len() + order >= self.run_bytes {
            self.lay_down()?;
        }
        Ok(())
    }

    /// Lays down what is held, on a thread of its own, once the run before is done.
    fn lay_down(&mut self) -> io::Result<()> {
        let emptied = self.settle()?;
        let (full, folder) = (
            std::mem::replace(&mut self.held, emptied),
            self.folder.clone(),
        );
        let thread = thread::Builder::new().name("sort".into());
        self.under_way = Some(thread.spawn(move || full.lay_down(&folder))?);
        Ok(())
    }

    /// Waits for the run under way, and gives its memory back.
    fn settle(&mut self) -> io::Result<Held> {
        let Some(run) = self.under_way.take() else {
            return Ok(Held::default());
        };
        let stopped = |_| io::Error::other("the thread that sorts has stopped");
        let (file, emptied) = run.join().map_err(stopped)??;
        self.runs.push(file);
        Ok(emptied)
    }

    /// The rows in order.
    pub(super) fn sorted(mut self) -> io::Result<Sorted> {
        self.settle()?;
        self.held.sort();
        let laid = self.runs.into_iter();
        let mut runs: Vec<Run> = laid
            .map(|file| Run::Laid {
                file: BufReader::with_capacity(1 << 18, file),
                length: 0,
            })
            .collect();
        runs.push(Run::Held {
            rows: self.held.rows.into_iter(),
            bytes: self.held.bytes,
            at: 0..0,
        });
        let mut sorted = Sorted {
            runs,
            heads: BinaryHeap::new(),
        };
        for run in 0..sorted.runs.len() {
            sorted.advance(run)?;
        }
        Ok(sorted)
    }
}

/// The rows of a [`Sorter`] in order.
pub(super) struct Sorted {
    runs: Vec<Run>,
    heads: BinaryHeap<Reverse<(Key, usize)>>,
}

/// A sorted run, its next row still unread.
enum Run {
    Laid {
        file: BufReader<File>,
        length: usize,
    },
    Held {
        rows: std::vec::IntoIter<(Key, usize, usize)>,
        bytes: Vec<u8>,
        at: std::ops::Range<usize>,
    },
}

impl Sorted {
    /// Appends the next row to these bytes and gives its key.
    pub(super) fn next(&mut self, into: &mut Vec<u8>) -> io::Result<Option<Key>> {
        let Some(Reverse((key, run))) = self.heads.pop() else {
            return Ok(None);
        };
        match self.runs.get_mut(run) {
            Some(Run::Laid { file, length }) => {
                let from = into.len();
                into.resize(from + *length, 0);
                file.read_exact(into.get_mut(from..).unwrap_or_default())?;
            }
            Some(Run::Held { bytes, at, .. }) => {
                into.extend_from_slice(bytes.get(at.clone()).unwrap_or_default());
            }
            None => {}
        }
        self.advance(run)?;
        Ok(Some(key))
    }

    /// The key of the next row.
    pub(super) fn peek(&self) -> Option<Key> {
        self.heads.peek().map(|Reverse((key, _))| *key)
    }

    /// Finds the key of the next row of a run.
    fn advance(&mut self, run: usize) -> io::Result<()> {
        let next = match self.runs.get_mut(run) {
            Some(Run::Laid { file, length }) => read_key(file)?.map(|(key, found)| {
                *length = found;
                key
            }),
            Some(Run::Held { rows, at, .. }) => rows.next().map(|(key, from, length)| {
                *at = from..from + length;
                key
            }),
            None => None,
        };
        self.heads.extend(next.map(|key| Reverse((key, run))));
        Ok(())
    }
}

fn read_key(file: &mut BufReader<File>) -> io::Result<Option<(Key, usize)>> {
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
    let key = Key {
        group: u32::from_le_bytes(group),
        part: u32::from_le_bytes(part),
        at: i64::from_le_bytes(at),
        n: u64::from_le_bytes(n),
    };
    Ok(Some((key, u32::from_le_bytes(length) as usize)))
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
            let mut row = Vec::new();
            while let Some(key) = sorted.next(&mut row).unwrap() {
                got.push((key, std::mem::take(&mut row)));
            }
            prop_assert_eq!(got, expected);
        }
    }
}
