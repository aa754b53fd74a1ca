//! Who says what, in memory: every path and value once, each with the identities that say it.

use std::io;

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::paths::PathNumber;
use crate::model::IdentityId;
use crate::store::Steps;

/// About as many bytes as are held before they are to be laid aside.
const MOST_BYTES: usize = 64 << 20;

/// What an entry takes beside its value.
const ENTRY_BYTES: usize = 80;

/// Values with those who say them.
pub(super) struct Said {
    places: HashTable<u32>,
    entries: Vec<Entry>,
    values: String,
    bytes: usize,
    most_bytes: usize,
}

impl Default for Said {
    fn default() -> Said {
        Said {
            places: HashTable::new(),
            entries: Vec::new(),
            values: String::new(),
            bytes: 0,
            most_bytes: MOST_BYTES,
        }
    }
}

struct Entry {
    hash: u64,
    path: PathNumber,
    from: u32,
    length: u32,
    identities: Steps,
}

impl Entry {
    fn value<'v>(&self, values: &'v str) -> &'v str {
        let from = self.from as usize;
        values
            .get(from..from + self.length as usize)
            .unwrap_or_default()
    }
}

impl Said {
    /// Notes that an identity says this; identities come in ascending order.
    pub(super) fn note(&mut self, path: PathNumber, value: &str, identity: IdentityId) {
        let hash = xxh3_64_with_seed(value.as_bytes(), u64::from(path.0));
        let (entries, values) = (&self.entries, &self.values);
        let is_meant = |place: &u32| {
            entries.get(*place as usize).is_some_and(|entry| {
                entry.hash == hash && entry.path == path && entry.value(values) == value
            })
        };
        let place = match self.places.find(hash, is_meant) {
            Some(place) => *place,
            None => self.enter(hash, path, value),
        };
        if let Some(entry) = self.entries.get_mut(place as usize) {
            let before = entry.identities.len();
            entry.identities.add(identity);
            self.bytes += entry.identities.len() - before;
        }
    }

    fn enter(&mut self, hash: u64, path: PathNumber, value: &str) -> u32 {
        let place = self.entries.len() as u32;
        self.entries.push(Entry {
            hash,
            path,
            from: self.values.len() as u32,
            length: value.len() as u32,
            identities: Steps::default(),
        });
        self.values.push_str(value);
        self.bytes += ENTRY_BYTES + value.len();
        let entries = &self.entries;
        let again = |place: &u32| entries.get(*place as usize).map_or(0, |entry| entry.hash);
        self.places.insert_unique(hash, place, again);
        place
    }

    /// Whether it holds so much that it should be drained.
    pub(super) fn is_full(&self) -> bool {
        self.bytes >= self.most_bytes
    }

    /// Hands out every value with its identities, and forgets them.
    pub(super) fn drain(
        &mut self,
        mut take: impl FnMut(PathNumber, &str, &Steps) -> io::Result<()>,
    ) -> io::Result<()> {
        self.places.clear();
        for entry in self.entries.drain(..) {
            take(entry.path, entry.value(&self.values), &entry.identities)?;
        }
        self.values.clear();
        self.bytes = 0;
        Ok(())
    }
}
