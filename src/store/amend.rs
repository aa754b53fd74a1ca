//! Reading the observations of a few identities out of many, and changing the log of a batch afterwards.

use rusqlite::params;

use super::observations::{RECORDS_A_ROW, pack, unpack};
use super::{Observation, Result, StoreError, View, Writer};
use crate::model::{BatchId, IdentityId, Moment, SourceLine};

/// Identities by number, for asking of each of millions whether it is among them.
#[derive(Clone, Debug, Default)]
pub struct IdentitySet {
    words: Vec<u64>,
    len: usize,
}

impl IdentitySet {
    /// Adds one; whether it was not there before.
    pub fn insert(&mut self, id: IdentityId) -> bool {
        let (word, bit) = (id.0 as usize / 64, 1 << (id.0 % 64));
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        let is_new = self.words.get_mut(word).is_some_and(|word| {
            let is_new = *word & bit == 0;
            *word |= bit;
            is_new
        });
        self.len += usize::from(is_new);
        is_new
    }

    /// Adds several.
    pub fn extend(&mut self, ids: &[IdentityId]) {
        for id in ids {
            self.insert(*id);
        }
    }

    /// Whether it is among them.
    pub fn contains(&self, id: IdentityId) -> bool {
        let word = self.words.get(id.0 as usize / 64).copied().unwrap_or(0);
        word & (1 << (id.0 % 64)) != 0
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All of them, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = IdentityId> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            (0..64u32)
                .filter(move |bit| word & (1 << bit) != 0)
                .map(move |bit| IdentityId(at as u32 * 64 + bit))
        })
    }
}

impl FromIterator<IdentityId> for IdentitySet {
    fn from_iter<I: IntoIterator<Item = IdentityId>>(ids: I) -> IdentitySet {
        let mut set = IdentitySet::default();
        for id in ids {
            set.insert(id);
        }
        set
    }
}

/// What is known of an observation that is to be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where the row stood in its source.
    pub line: SourceLine,
    /// One of the identities that it names.
    pub identity: IdentityId,
    /// Its own time, where it has one.
    pub time: Moment,
}

impl Mark {
    /// Whether this is the observation that is meant.
    pub fn fits(&self, observation: &Observation) -> bool {
        observation.line == self.line
            && observation.time.is_none_or(|time| time == self.time)
            && observation.identities.contains(&self.identity)
    }
}

/// Some rows of the log, as they lie together.
struct Stretch {
    key: u64,
    records: Vec<Observation>,
}

impl Writer {
    /// Adds observations to the log of a batch and takes others out; gives those that it took out.
    pub fn amend_observations(
        &self,
        batch: BatchId,
        mut add: Vec<Observation>,
        mut remove: Vec<Mark>,
    ) -> Result<Vec<Observation>> {
        let keys = self.view().stretches(batch)?;
        let mut removed = Vec::new();
        add.sort_by_key(|observation| observation.row);
        let starts = keys.iter().skip(1).map(|key| Some(key & 0xffff_ffff));
        let ends: Vec<Option<u64>> = starts.chain([None]).collect();
        for (key, end) in keys.iter().zip(ends) {
            let at = add.partition_point(|observation| end.is_none_or(|end| observation.row < end));
            let own: Vec<_> = add.drain(..at).collect();
            if own.is_empty() && remove.is_empty() {
                continue;
            }
            let mut stretch = self.view().stretch(*key)?;
            let before = stretch.records.len();
            stretch.records.retain(|record| {
                let Some(at) = remove.iter().position(|mark| mark.fits(record)) else {
                    return true;
                };
                remove.swap_remove(at);
                removed.push(record.clone());
                false
            });
            if own.is_empty() && stretch.records.len() == before {
                continue;
            }
            stretch.records.extend(own);
            self.put_stretch(stretch)?;
        }
        self.put_new(batch, &add)?;
        Ok(removed)
    }

    /// The log of a batch that had none.
    fn put_new(&self, batch: BatchId, records: &[Observation]) -> Result<()> {
        for records in records.chunks(RECORDS_A_ROW) {
            self.put_stretch(Stretch {
                key: u64::from(batch.0) << 32,
                records: records.to_vec(),
            })?;
        }
        Ok(())
    }

    fn put_stretch(&self, mut stretch: Stretch) -> Result<()> {
        let conn = self.view().conn;
        conn.prepare_cached("DELETE FROM observation WHERE key = :key")?
            .execute([stretch.key])?;
        stretch.records.sort_by_key(|record| record.row);
        let Some(first) = stretch.records.first() else {
            return Ok(());
        };
        let key = u64::from(first.batch.0) << 32 | first.row;
        let packed = zstd::bulk::compress(&pack(&stretch.records), 1)
            .map_err(|error| StoreError::Damaged(format!("cannot pack observations: {error}")))?;
        conn.prepare_cached("INSERT INTO observation (key, rows, bytes) VALUES (?1, ?2, ?3)")?
            .execute(params![key, stretch.records.len(), packed])?;
        Ok(())
    }
}

impl View<'_> {
    fn stretches(&self, batch: BatchId) -> Result<Vec<u64>> {
        let from = u64::from(batch.0) << 32;
        let mut statement = self.conn.prepare_cached(
            "SELECT key FROM observation WHERE key BETWEEN :from AND :to ORDER BY key",
        )?;
        let rows = statement.query_map([from, from | 0xffff_ffff], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn stretch(&self, key: u64) -> Result<Stretch> {
        let packed: Vec<u8> = self
            .conn
            .prepare_cached("SELECT bytes FROM observation WHERE key = :key")?
            .query_row([key], |row| row.get(0))?;
        let bytes = zstd::stream::decode_all(packed.as_slice())
            .map_err(|error| StoreError::Damaged(format!("observations: {error}")))?;
        let mut records = Vec::new();
        unpack(key, &bytes, &mut |_| true, &mut |record| {
            records.push(record);
            Ok(())
        })?;
        Ok(Stretch { key, records })
    }
}
