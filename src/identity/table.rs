//! A hash table of 32-bit numbers in many parts, so that no single record waits while the whole of it grows.
#![expect(
    clippy::indexing_slicing,
    reason = "the part of a hash is below the number of parts"
)]

use hashbrown::HashTable;

/// As many parts as keep the growth of one below a millisecond at some millions of entries.
const PARTS: usize = 256;

/// Numbers by the hash of what they stand for; the entry keeps the hash, so that growing looks nowhere else.
pub(super) struct Table {
    parts: Vec<HashTable<(u32, u32)>>,
}

impl Table {
    pub(super) fn new() -> Table {
        Table {
            parts: (0..PARTS).map(|_| HashTable::new()).collect(),
        }
    }

    /// The number under this hash that is meant.
    pub(super) fn find(&self, hash: u32, is_meant: impl Fn(u32) -> bool) -> Option<u32> {
        self.parts[part(hash)]
            .find(spread(hash), |entry| entry.0 == hash && is_meant(entry.1))
            .map(|entry| entry.1)
    }

    /// The number under this hash, where one is: most likely the one that is meant.
    pub(super) fn probable(&self, hash: u32) -> Option<u32> {
        self.find(hash, |_| true)
    }

    /// Adds a number that is not in.
    pub(super) fn add(&mut self, hash: u32, number: u32) {
        self.parts[part(hash)].insert_unique(spread(hash), (hash, number), |entry| spread(entry.0));
    }
}

fn part(hash: u32) -> usize {
    hash as usize % PARTS
}

/// The tables take their bits from both ends of 64, half a hash must reach them all.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
