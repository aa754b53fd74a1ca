//! Sorted rows on their way to the threads that pack them: many at a time, in memory of one piece.

use std::io;
use std::ops::Range;

use super::lanes::Outlet;
use super::sort::{Key, Sorted};
use crate::store::BlockCutter;

/// Bytes of rows that go into one bundle, give or take a block.
const BUNDLE_BYTES: usize = 128 << 10;

/// Room for the row that fills a bundle, if it is no large one.
const LAST_BYTES: usize = 8 << 10;

/// Some rows that follow each other.
pub(super) struct Bundle {
    rows: Vec<(Key, Range<usize>)>,
    bytes: Vec<u8>,
    /// Where each block of events begins, as a place among the rows.
    blocks: Vec<usize>,
    /// The key of the row behind the last.
    next: Option<Key>,
}

impl Bundle {
    fn new() -> Bundle {
        Bundle {
            rows: Vec::new(),
            bytes: Vec::with_capacity(BUNDLE_BYTES + LAST_BYTES),
            blocks: Vec::new(),
            next: None,
        }
    }

    /// Takes the next row of these.
    fn take(&mut self, rows: &mut Sorted) -> io::Result<usize> {
        let from = self.bytes.len();
        if let Some(key) = rows.next(&mut self.bytes)? {
            self.rows.push((key, from..self.bytes.len()));
        }
        Ok(self.bytes.len() - from)
    }

    fn is_full(&self) -> bool {
        self.bytes.len() >= BUNDLE_BYTES
    }

    /// How many rows it holds.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Its rows with their keys.
    pub(super) fn rows(&self) -> impl Iterator<Item = (Key, &[u8])> {
        self.rows.iter().map(|(key, at)| (*key, self.row(at)))
    }

    /// The key of every row with that of the row behind it.
    pub(super) fn keys(&self) -> impl Iterator<Item = (Key, Option<Key>)> {
        let behind = self.rows.iter().skip(1).map(|(key, _)| Some(*key));
        let keys = self.rows.iter().map(|(key, _)| *key);
        keys.zip(behind.chain([self.next]))
    }

    /// The rows of each block of events.
    pub(super) fn blocks(
        &self,
    ) -> impl Iterator<Item = impl ExactSizeIterator<Item = (Key, &[u8])>> {
        let ends = self.blocks.iter().skip(1).copied().chain([self.rows.len()]);
        self.blocks.iter().zip(ends).map(|(from, to)| {
            let rows = self.rows.get(*from..to).unwrap_or_default().iter();
            rows.map(|(key, at)| (*key, self.row(at)))
        })
    }

    fn row(&self, at: &Range<usize>) -> &[u8] {
        self.bytes.get(at.clone()).unwrap_or_default()
    }
}

/// Gives out versions.
pub(super) fn give_versions<R>(mut rows: Sorted, outlet: &Outlet<Bundle, R>) -> io::Result<()> {
    while rows.peek().is_some() {
        let mut bundle = Bundle::new();
        while rows.peek().is_some() && !bundle.is_full() {
            bundle.take(&mut rows)?;
        }
        bundle.next = rows.peek();
        if outlet.give(bundle).is_err() {
            break;
        }
    }
    Ok(())
}

/// Gives out events, cut into blocks of one identity and batch; a block is never in two bundles.
pub(super) fn give_events<R>(mut rows: Sorted, outlet: &Outlet<Bundle, R>) -> io::Result<()> {
    let mut bundle = Bundle::new();
    let (mut of, mut block) = (None, BlockCutter::default());
    while let Some(next) = rows.peek() {
        if of != Some((next.group, next.part)) || block.is_full() {
            (of, block) = (Some((next.group, next.part)), BlockCutter::default());
            if bundle.is_full()
                && outlet
                    .give(std::mem::replace(&mut bundle, Bundle::new()))
                    .is_err()
            {
                return Ok(());
            }
            bundle.blocks.push(bundle.len());
        }
        block.add(bundle.take(&mut rows)?);
    }
    // Whoever takes no more has said why.
    let _ = outlet.give(bundle);
    Ok(())
}
