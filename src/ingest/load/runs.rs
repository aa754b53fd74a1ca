//! Sorted runs of rows, end to end in one temporary file: however many they are, one file is open.

use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::scratch::{Aligned, BLOCK, Scratch};
use super::sort::Key;

/// Bytes that all runs together have asked for at a time; as many may be in hand.
const AHEAD_BYTES: usize = 32 << 20;

/// Bytes that a run reads at once, at least and at most.
const A_READ: Range<usize> = 64 << 10..2 << 20;

/// Bytes before a piece, for the rest of what was read before it.
const FRONT: usize = 2 * BLOCK;

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

    /// Lays down rows that are in order, each in two parts.
    pub(super) fn lay_down<'r>(
        &mut self,
        rows: impl Iterator<Item = (Key, [&'r [u8]; 2])>,
    ) -> io::Result<()> {
        let begin = self.file.end();
        for (key, [front, rest]) in rows {
            self.file.write(&head(key, front.len() + rest.len()))?;
            self.file.write(front)?;
            self.file.write(rest)?;
        }
        self.laid.push(begin..self.file.end());
        self.file.fill_block()
    }

    /// The runs, to be read side by side.
    pub(super) fn reading(self) -> io::Result<Vec<LaidRun>> {
        let ask = fetching(self.file, self.laid.len())?;
        let unread = Unread(Arc::new(AtomicUsize::new(self.laid.len())));
        let runs = self.laid.into_iter();
        Ok(runs
            .map(|left| LaidRun::new(left, unread.clone(), ask.clone()))
            .collect())
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

/// How many runs have something left to be asked for.
#[derive(Clone)]
struct Unread(Arc<AtomicUsize>);

impl Unread {
    /// How much a run asks for: the fewer there are, the more. Early rows name few people, so that the last are read out of few runs.
    fn at_once(&self) -> usize {
        let some = AHEAD_BYTES / self.0.load(Ordering::Relaxed).max(1);
        some.clamp(A_READ.start, A_READ.end).next_multiple_of(BLOCK)
    }

    fn one_less(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A run that is being read, row by row; while some of it is taken, what lies behind is read already.
pub(super) struct LaidRun {
    /// What of the file nobody asked for yet; it begins at a block.
    left: Range<u64>,
    ahead: Aligned,
    /// What was read ahead and has not been taken.
    ready: Range<usize>,
    unread: Unread,
    /// The piece behind what is ready.
    coming: Option<Receiver<Fetched>>,
    ask: Sender<Piece>,
}

impl LaidRun {
    fn new(laid: Range<u64>, unread: Unread, ask: Sender<Piece>) -> LaidRun {
        let mut run = LaidRun {
            left: laid,
            ahead: Aligned::default(),
            ready: 0..0,
            unread,
            coming: None,
            ask,
        };
        run.ask_for(0, Aligned::default());
        run
    }

    /// The key and the length of the next row; its content is to be taken before the next is asked for.
    pub(super) fn next_key(&mut self) -> io::Result<Option<(Key, usize)>> {
        if self.ready.is_empty() && self.coming.is_none() {
            return Ok(None);
        }
        let (head, _) = self.take(HEAD_BYTES)?.split_at(HEAD_BYTES);
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
    pub(super) fn take(&mut self, length: usize) -> io::Result<&[u8]> {
        while self.ready.len() < length {
            self.read_on(length)?;
        }
        let taken = self.ready.start..self.ready.start + length;
        self.ready.start = taken.end;
        Ok(self.ahead.get(taken))
    }

    /// Takes in what comes next, behind what is there, and asks for what lies behind that.
    fn read_on(&mut self, wanted: usize) -> io::Result<()> {
        let coming = self.coming.take().ok_or_else(breaks_off)?;
        let stopped = |_| io::Error::other("the thread that reads ahead has stopped");
        let (piece, read) = coming.recv().map_err(stopped)??;
        let rest = self.ahead.get(self.ready.clone());
        let (piece, ready) = joined(rest, piece, read);
        self.ready = ready;
        let emptied = std::mem::replace(&mut self.ahead, piece);
        let missing = wanted.saturating_sub(self.ready.len());
        self.ask_for(missing, emptied);
        Ok(())
    }

    /// Asks for the next bytes, so many at least if there are, into this memory if it is large enough.
    fn ask_for(&mut self, wanted: usize, memory: Aligned) {
        let left = (self.left.end - self.left.start) as usize;
        if left == 0 {
            return;
        }
        let length = wanted.next_multiple_of(BLOCK).max(self.unread.at_once());
        let length = length.min(left);
        let (to, coming) = bounded(1);
        let piece = Piece {
            at: self.left.start,
            length,
            memory,
            to,
        };
        self.left.start += length as u64;
        if self.left.is_empty() {
            self.unread.one_less();
        }
        // Where nobody reads any more, that is found when the piece is missed.
        let _ = self.ask.send(piece);
        self.coming = Some(coming);
    }
}

/// What was left and the piece behind it as one; where there is no room in front of the piece, both move.
fn joined(rest: &[u8], mut piece: Aligned, read: usize) -> (Aligned, Range<usize>) {
    if let Some(from) = FRONT.checked_sub(rest.len()) {
        piece.get_mut(from..FRONT).copy_from_slice(rest);
        return (piece, from..FRONT + read);
    }
    let mut both = Aligned::new(rest.len() + read);
    let (front, behind) = both.get_mut(0..rest.len() + read).split_at_mut(rest.len());
    front.copy_from_slice(rest);
    behind.copy_from_slice(piece.get(FRONT..FRONT + read));
    (both, 0..rest.len() + read)
}

/// A piece of the file that is wanted.
struct Piece {
    at: u64,
    length: usize,
    /// Where it may lie.
    memory: Aligned,
    to: Sender<Fetched>,
}

/// Memory that holds a piece behind its front, and how long the piece is.
type Fetched = io::Result<(Aligned, usize)>;

/// Reads what is asked for on a thread of its own, until nobody can ask any more; so many may wait.
fn fetching(mut file: Scratch, most: usize) -> io::Result<Sender<Piece>> {
    let (ask, asked) = bounded::<Piece>(most.max(1));
    let thread = thread::Builder::new().name("fetch".into());
    thread.spawn(move || {
        for Piece {
            at,
            length,
            memory,
            to,
        } in asked
        {
            // Nobody waits for a piece whose run was let go.
            let _ = to.send(fetch(&mut file, at, length, memory));
        }
    })?;
    Ok(ask)
}

fn fetch(file: &mut Scratch, at: u64, length: usize, mut memory: Aligned) -> Fetched {
    let to = FRONT + length.next_multiple_of(BLOCK);
    // What one large row took is not kept for small ones.
    if !(to..=2 * to).contains(&memory.len()) {
        memory = Aligned::new(to);
    }
    file.read(at, &mut memory, FRONT..to)?;
    Ok((memory, length))
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
        // Small rows end anywhere in a read, and some rows are longer than one or than two.
        let row = |run: u32, n: u64| {
            let length = match (n, n % 23) {
                (200, _) => 5_000_000,
                (_, 0) => 700_000,
                (_, rest) => rest as usize * 311 % 9_001,
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
            let rows = rows.iter().map(|(key, row)| {
                let (front, rest) = row.split_at(row.len() / 3);
                (*key, [front, rest])
            });
            runs.lay_down(rows).unwrap();
        }
        let laid = runs.reading().unwrap();
        for (run, mut laid) in (0..).zip(laid) {
            for n in 0..400 {
                let (key, content) = row(run, n);
                let next = laid.next_key().unwrap();
                assert_eq!(next, Some((key, content.len())), "row {n} of run {run}");
                assert!(laid.take(content.len()).unwrap() == content);
            }
            assert_eq!(laid.next_key().unwrap(), None);
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_error_and_ends_no_thread() {
        let folder = tempfile::tempdir().unwrap();
        let mut runs = Runs::new(folder.path()).unwrap();
        let key = Key {
            group: 1,
            part: 0,
            at: 0,
            n: 1,
        };
        runs.lay_down([(key, [&b"a"[..], b"b"])].into_iter())
            .unwrap();
        let end = runs.file.end();
        runs.laid.push(end..end + 40);
        let mut laid = runs.reading().unwrap();
        let mut missing = laid.pop().unwrap();
        assert!(missing.next_key().is_err());
        let mut there = laid.pop().unwrap();
        assert_eq!(there.next_key().unwrap(), Some((key, 2)));
        assert_eq!(there.take(2).unwrap(), b"ab");
        assert!(there.take(1).is_err());
    }
}
