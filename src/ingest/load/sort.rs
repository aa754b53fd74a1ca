//! Sorting more rows than memory holds: runs are sorted in memory, laid down in a temporary file, and merged on reading.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, binary_heap::PeekMut};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use super::runs::{LaidRun, Runs};
use super::scratch::Scratch;

/// Bytes of rows, with what sorts them, that are kept in memory before a run is laid down.
const RUN_BYTES: usize = 24 << 20;

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
    runs: Option<Runs>,
    /// A run that is being laid down while others are added, with the memory that it gives back.
    under_way: Option<JoinHandle<io::Result<(Runs, Held)>>>,
    run_bytes: usize,
}

/// A row in memory: its key, where its content begins, and the length of that.
type Place = (Key, u32, u32);

/// Rows in memory.
#[derive(Default)]
struct Held {
    rows: Vec<Place>,
    bytes: Vec<u8>,
}

impl Held {
    fn sort(&mut self) {
        self.rows.sort_unstable_by_key(|(key, ..)| *key);
    }

    /// Sorts the rows, lays them down, and lets go of them.
    fn lay_down(mut self, mut runs: Runs) -> io::Result<(Runs, Held)> {
        self.sort();
        let content = |place: &Place| (place.0, row(&self.bytes, *place));
        runs.lay_down(self.rows.iter().map(content))?;
        self.rows.clear();
        self.bytes.clear();
        Ok((runs, self))
    }
}

fn row(bytes: &[u8], (_, from, length): Place) -> &[u8] {
    let from = from as usize;
    bytes.get(from..from + length as usize).unwrap_or_default()
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
            runs: None,
            under_way: None,
            run_bytes,
        }
    }

    /// Adds a row, of less than four gigabytes; `write` appends its content.
    pub(super) fn add(&mut self, key: Key, write: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let held = &mut self.held;
        if held.bytes.len() > SOME_BYTES && held.bytes.capacity() < self.run_bytes {
            // Growing step by step would copy it all many times; what is not filled takes no memory.
            held.bytes.reserve(self.run_bytes);
            held.rows.reserve(self.run_bytes / 256);
        }
        let from = held.bytes.len();
        write(&mut held.bytes);
        let length = held.bytes.len() - from;
        held.rows.push((key, from as u32, length as u32));
        let order = held.rows.len() * size_of::<Place>();
        if held.bytes.len() + order >= self.run_bytes {
            self.lay_down()?;
        }
        Ok(())
    }

    /// Lays down what is held, so that it takes no memory while no more rows come.
    pub(super) fn rest(&mut self) -> io::Result<()> {
        if self.runs.is_none() && self.under_way.is_none() {
            return Ok(());
        }
        self.lay_down()?;
        self.settle().map(drop)
    }

    /// Lays down what is held, on a thread of its own, once the run before is done.
    fn lay_down(&mut self) -> io::Result<()> {
        let emptied = self.settle()?;
        let runs = match self.runs.take() {
            Some(runs) => runs,
            None => Runs::new(&self.folder)?,
        };
        let full = std::mem::replace(&mut self.held, emptied);
        let thread = thread::Builder::new().name("sort".into());
        self.under_way = Some(thread.spawn(move || full.lay_down(runs))?);
        Ok(())
    }

    /// Waits for the run under way, and gives its memory back.
    fn settle(&mut self) -> io::Result<Held> {
        let Some(run) = self.under_way.take() else {
            return Ok(Held::default());
        };
        let stopped = |_| io::Error::other("the thread that sorts has stopped");
        let (runs, emptied) = run.join().map_err(stopped)??;
        self.runs = Some(runs);
        Ok(emptied)
    }

    /// The rows in order.
    pub(super) fn sorted(mut self) -> io::Result<Sorted> {
        self.settle()?;
        self.held.sort();
        let (mut file, laid) = self.runs.map(Runs::reading).unzip();
        let laid = laid.into_iter().flatten();
        let mut runs: Vec<Run> = laid.map(|run| Run::Laid { run, length: 0 }).collect();
        runs.push(Run::Held {
            rows: self.held.rows.into_iter(),
            bytes: self.held.bytes,
            at: None,
        });
        let mut heads = Vec::with_capacity(runs.len());
        for (run, number) in runs.iter_mut().zip(0..) {
            let first = run.advance(file.as_mut())?;
            heads.extend(first.map(|key| Reverse((key, number))));
        }
        Ok(Sorted {
            file,
            runs,
            heads: heads.into(),
        })
    }
}

/// The rows of a [`Sorter`] in order.
pub(super) struct Sorted {
    /// Where the runs are laid down, if any are.
    file: Option<Scratch>,
    runs: Vec<Run>,
    heads: BinaryHeap<Reverse<(Key, usize)>>,
}

/// A sorted run, its next row still untaken.
enum Run {
    Laid {
        run: LaidRun,
        length: usize,
    },
    Held {
        rows: std::vec::IntoIter<Place>,
        bytes: Vec<u8>,
        at: Option<Place>,
    },
}

impl Run {
    /// Appends the row in hand.
    fn take(&mut self, file: Option<&mut Scratch>, into: &mut Vec<u8>) -> io::Result<()> {
        match (self, file) {
            (Run::Laid { run, length }, Some(file)) => into.extend(run.take(file, *length)?),
            (Run::Held { bytes, at, .. }, _) => {
                into.extend(at.map(|at| row(bytes, at)).unwrap_or_default());
            }
            (Run::Laid { .. }, None) => {}
        }
        Ok(())
    }

    /// Takes the next row in hand, and gives its key.
    fn advance(&mut self, file: Option<&mut Scratch>) -> io::Result<Option<Key>> {
        match (self, file) {
            (Run::Laid { run, length }, Some(file)) => {
                let next = run.next_key(file)?;
                *length = next.map_or(0, |(_, length)| length);
                Ok(next.map(|(key, _)| key))
            }
            (Run::Held { rows, at, .. }, _) => {
                *at = rows.next();
                Ok(at.map(|(key, ..)| key))
            }
            (Run::Laid { .. }, None) => Ok(None),
        }
    }
}

impl Sorted {
    /// Appends the next row to these bytes and gives its key.
    pub(super) fn next(&mut self, into: &mut Vec<u8>) -> io::Result<Option<Key>> {
        let Some(mut head) = self.heads.peek_mut() else {
            return Ok(None);
        };
        let Reverse((key, number)) = *head;
        let mut behind = None;
        if let Some(run) = self.runs.get_mut(number) {
            run.take(self.file.as_mut(), into)?;
            behind = run.advance(self.file.as_mut())?;
        }
        match behind {
            // It finds its place among the others when it is let go.
            Some(behind) => *head = Reverse((behind, number)),
            None => drop(PeekMut::pop(head)),
        }
        Ok(Some(key))
    }

    /// The key of the next row.
    pub(super) fn peek(&self) -> Option<Key> {
        self.heads.peek().map(|Reverse((key, _))| *key)
    }
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
                if n % 50 == 49 {
                    sorter.rest().unwrap();
                }
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
