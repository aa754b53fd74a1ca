//! What each change of the store touched, for the search index that lies beside it.

use std::collections::{BTreeSet, HashSet};

use rusqlite::{OptionalExtension, params};

use super::codec::{Numbers, put};
use super::{Result, View, Writer};
use crate::model::{ClusterId, IdentityId};

/// So many changes are remembered; what is older than that must be made anew.
const REMEMBERED: i64 = 64;

/// A change that touched more than this touched everything.
const MOST: usize = 200_000;

/// A state of the store, told from every other state of this store and of its copies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreState {
    /// How often the store had been changed.
    pub generation: i64,
    /// Made up for that change.
    pub token: String,
}

/// What has changed since a state of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// These clusters, which may be gone by now; none where only settings did.
    Clusters(Vec<ClusterId>),
    /// Everything, for all that is known.
    Everything,
}

/// What a writer has touched so far.
#[derive(Debug, Default)]
pub(super) struct ChangeLog {
    clusters: HashSet<ClusterId>,
    identities: HashSet<IdentityId>,
    is_everything: bool,
}

impl ChangeLog {
    fn note(&mut self, add: impl FnOnce(&mut ChangeLog)) {
        if self.is_everything {
            return;
        }
        add(self);
        if self.clusters.len() + self.identities.len() > MOST {
            self.everything();
        }
    }

    fn everything(&mut self) {
        *self = ChangeLog {
            is_everything: true,
            ..ChangeLog::default()
        };
    }
}

impl View<'_> {
    /// The present state of the store; `None` where it was never changed.
    pub fn state(&self) -> Result<Option<StoreState>> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT generation, token FROM change ORDER BY generation DESC LIMIT 1",
            )?
            .query_row([], |row| {
                Ok(StoreState {
                    generation: row.get(0)?,
                    token: row.get(1)?,
                })
            })
            .optional()?)
    }

    /// What has changed since a state that this store may have been in.
    pub fn changed_since(&self, state: &StoreState) -> Result<Changed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT generation, token, clusters
             FROM change
             WHERE generation >= :generation
             ORDER BY generation",
        )?;
        let mut rows = statement.query([state.generation])?;
        let Some(first) = rows.next()? else {
            return Ok(Changed::Everything);
        };
        let is_known = first.get::<_, i64>(0)? == state.generation
            && first.get_ref(1)?.as_str().unwrap_or_default() == state.token;
        if !is_known {
            return Ok(Changed::Everything);
        }
        let mut clusters = BTreeSet::new();
        let mut last = state.generation;
        while let Some(row) = rows.next()? {
            let generation: i64 = row.get(0)?;
            let Some(list) = row.get_ref(2)?.as_blob_or_null().unwrap_or_default() else {
                return Ok(Changed::Everything);
            };
            if generation != last + 1 {
                return Ok(Changed::Everything);
            }
            last = generation;
            let mut numbers = Numbers(list);
            let mut id = 0;
            while !numbers.is_empty() {
                id += numbers.take()? as u32;
                clusters.insert(ClusterId(id));
            }
        }
        Ok(Changed::Clusters(clusters.into_iter().collect()))
    }
}

impl Writer {
    pub(super) fn touch_cluster(&self, id: ClusterId) {
        self.log(|log| {
            log.clusters.insert(id);
        });
    }

    pub(super) fn touch_identity(&self, id: IdentityId) {
        self.log(|log| {
            log.identities.insert(id);
        });
    }

    /// What is kept beside the store speaks of it no more.
    pub(super) fn touch_everything(&self) {
        self.changes.borrow_mut().everything();
    }

    /// Nobody has followed a store that is new.
    fn log(&self, add: impl FnOnce(&mut ChangeLog)) {
        if self.is_fresh() {
            self.touch_everything();
        } else {
            self.changes.borrow_mut().note(add);
        }
    }

    /// Keeps what was touched, under the number of the change that ends with it.
    pub(super) fn write_changes(&self) -> Result<()> {
        let log = self.changes.take();
        let list = if log.is_everything {
            None
        } else {
            Some(self.touched_clusters(&log)?)
        };
        let conn = self.view().conn;
        conn.prepare_cached(
            "INSERT OR REPLACE INTO change (generation, token, clusters)
             VALUES ((SELECT value FROM total WHERE name = 'generation'),
                     lower(hex(randomblob(8))), :list)",
        )?
        .execute([list])?;
        conn.prepare_cached(
            "DELETE FROM change
             WHERE generation <= (SELECT max(generation) FROM change) - :remembered",
        )?
        .execute([REMEMBERED])?;
        Ok(())
    }

    fn touched_clusters(&self, log: &ChangeLog) -> Result<Vec<u8>> {
        let mut clusters: BTreeSet<u32> = log.clusters.iter().map(|cluster| cluster.0).collect();
        let mut statement = self
            .view()
            .conn
            .prepare_cached("SELECT cluster FROM identity WHERE id = :id")?;
        for id in &log.identities {
            let cluster: Option<u32> = statement
                .query_row(params![id.0], |row| row.get(0))
                .optional()?;
            clusters.extend(cluster);
        }
        let (mut list, mut last) = (Vec::new(), 0);
        for id in clusters {
            put(&mut list, u64::from(id - last));
            last = id;
        }
        Ok(list)
    }
}
