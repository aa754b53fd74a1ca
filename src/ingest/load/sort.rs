//! Sorting more rows than memory holds: runs are sorted in memory, laid down in a temporary file, and merged on reading.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, binary_heap::PeekMut};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use super::runs::{LaidRun, Runs};

/// Bytes of rows, with what sorts them, that are kept in memory before a run is laid down.
const RUN_BYTES: usize = 24 << 20;

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

/// Rows in memory.
#[derive(Default)]
struct Held {
    /// What is sorted: keys, and where the rows stand in the order in which they came.
    order: Vec<(Key, u32)>,
    rows: Vec<Row>,
    /// The heads of all rows.
    bytes: Vec<u8>,
    /// How long all tails are.
    tails: usize,
}

/// Where the head of a row begins, how long it is, and what stands behind it.
struct Row {
    from: u32,
    length: u32,
    tail: String,
}

impl Held {
    fn sort(&mut self) {
        self.order.sort_unstable_by_key(|(key, _)| *key);
    }

    /// How much memory it takes.
    fn size(&self) -> usize {
        let a_row = size_of::<(Key, u32)>() + size_of::<Row>();
        self.bytes.len() + self.tails + self.rows.len() * a_row
    }

    /// Both parts of a row.
    fn row(&self, place: u32) -> [&[u8]; 2] {
        let Some(row) = self.rows.get(place as usize) else {
            return [&[]; 2];
        };
        let from = row.from as usize;
        let head = self.bytes.get(from..from + row.length as usize);
        [head.unwrap_or_default(), row.tail.as_bytes()]
    }

    /// Sorts the rows, lays them down, and lets go of them.
    fn lay_down(mut self, mut runs: Runs) -> io::Result<(Runs, Held)> {
        self.sort();
        let rows = self.order.iter();
        runs.lay_down(rows.map(|(key, place)| (*key, self.row(*place))))?;
        self.order.clear();
        self.rows.clear();
        self.bytes.clear();
        self.tails = 0;
        Ok((runs, self))
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
            runs: None,
            under_way: None,
            run_bytes,
        }
    }

    /// Adds a row, of less than four gigabytes: a head, which `write` appends, and a tail, which stays where it lies.
    pub(super) fn add(
        &mut self,
        key: Key,
        write: impl FnOnce(&mut Vec<u8>),
        tail: String,
    ) -> io::Result<()> {
        let held = &mut self.held;
        let from = held.bytes.len();
        write(&mut held.bytes);
        let length = held.bytes.len() - from;
        held.order.push((key, held.rows.len() as u32));
        held.tails += tail.capacity();
        held.rows.push(Row {
            from: from as u32,
            length: length as u32,
            tail,
        });
        if held.size() >= self.run_bytes {
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
        let laid = self.runs.map_or(Ok(Vec::new()), Runs::reading)?.into_iter();
        let mut runs: Vec<Run> = laid.map(|run| Run::Laid { run, length: 0 }).collect();
        runs.push(Run::Held {
            held: self.held,
            next: 0,
        });
        let mut heads = Vec::with_capacity(runs.len());
        for (run, number) in runs.iter_mut().zip(0..) {
            let first = run.advance()?;
            heads.extend(first.map(|key| Reverse((key, number))));
        }
        Ok(Sorted {
            runs,
            heads: heads.into(),
        })
    }
}

/// The rows of a [`Sorter`] in order.
pub(super) struct Sorted {
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
        held: Held,
        /// How many rows were taken in hand.
        next: usize,
    },
}

impl Run {
    /// Appends the row in hand.
    fn take(&mut self, into: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Run::Laid { run, length } => into.extend(run.take(*length)?),
            Run::Held { held, next } => {
                let in_hand = next.checked_sub(1).and_then(|place| held.order.get(place));
                let parts = in_hand.map(|(_, place)| held.row(*place));
                parts.iter().flatten().for_each(|part| into.extend(*part));
            }
        }
        Ok(())
    }

    /// Takes the next row in hand, and gives its key.
    fn advance(&mut self) -> io::Result<Option<Key>> {
        match self {
            Run::Laid { run, length } => {
                let next = run.next_key()?;
                *length = next.map_or(0, |(_, length)| length);
                Ok(next.map(|(key, _)| key))
            }
            Run::Held { held, next } => {
                let key = held.order.get(*next).map(|(key, _)| *key);
                *next += 1;
                Ok(key)
            }
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
            run.take(into)?;
            behind = run.advance()?;
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
                let row = vec![n as u8 & 0x7f; length];
                let (head, tail) = row.split_at(length / 2);
                let tail = String::from_utf8(tail.to_vec()).unwrap();
                sorter.add(key, |bytes| bytes.extend(head), tail).unwrap();
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
