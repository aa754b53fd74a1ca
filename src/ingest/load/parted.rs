//! A table in many parts: none of its rows waits for long while it grows.

use std::hash::{BuildHasher, Hash};

use hashbrown::HashMap;

/// A table in many parts, so that no row waits while the whole of it grows, and no memory is wanted for all of it twice.
pub(super) struct Parts<K, V, S>(Vec<HashMap<K, V, S>>);

/// As many parts as keep the growth of one below a millisecond at some millions of rows.
const PARTS: usize = 256;

impl<K, V, S: Default> Default for Parts<K, V, S> {
    fn default() -> Parts<K, V, S> {
        Parts((0..PARTS).map(|_| HashMap::default()).collect())
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "there are as many parts as a byte has values"
)]
impl<K, V, S> Parts<K, V, S> {
    /// The part that goes by this number.
    pub(super) fn of(&self, number: u64) -> &HashMap<K, V, S> {
        &self.0[usize::from(number as u8)]
    }

    /// The same, to be changed.
    pub(super) fn of_mut(&mut self, number: u64) -> &mut HashMap<K, V, S> {
        &mut self.0[usize::from(number as u8)]
    }
}

impl<K: Eq + Hash, V, S: BuildHasher> Parts<K, V, S> {
    /// Takes room for so many in all: parts that grow little by little are copied again and again.
    pub(super) fn make_room(&mut self, all: usize) {
        let own = all / PARTS + all / (PARTS * 16);
        for part in &mut self.0 {
            part.reserve(own.saturating_sub(part.len()));
        }
    }

    /// For how many there is room.
    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.0.iter().map(HashMap::capacity).sum()
    }
}
