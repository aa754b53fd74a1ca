//! A line of the list for every cluster: who names it, how much there is of it, when it was last active.

use std::ops::ControlFlow;

use rusqlite::{Row, params};

use super::many::ManyRows;
use super::{Result, StoreError, View, Writer};
use crate::model::{ClusterId, IdentityId, Moment};

/// A cluster that has a fragment or an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCluster {
    /// The cluster.
    pub id: ClusterId,
    /// The identity that names it.
    pub canonical: IdentityId,
    /// How many identities it holds.
    pub identities: u64,
    /// How many fragments.
    pub fragments: u64,
    /// How many events.
    pub events: u64,
    /// The time of the last event.
    pub last_event: Option<Moment>,
    /// That time, else the moment of its last batch.
    pub last_active: Moment,
}

const COLUMNS: &str = "id, canonical, identities, fragments, events, last_event, last_active";

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredCluster> {
    Ok(StoredCluster {
        id: ClusterId(row.get(0)?),
        canonical: IdentityId(row.get(1)?),
        identities: row.get(2)?,
        fragments: row.get(3)?,
        events: row.get(4)?,
        last_event: row.get::<_, Option<i64>>(5)?.map(Moment),
        last_active: Moment(row.get(6)?),
    })
}

impl View<'_> {
    /// Clusters by their last event, newest first; those without events follow, by their last batch. Some can be left out.
    pub fn recent_clusters(
        &self,
        but: &[ClusterId],
        offset: u64,
        limit: u64,
    ) -> Result<Vec<StoredCluster>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS}
             FROM cluster
             WHERE id NOT IN (SELECT value FROM json_each(:but))
             ORDER BY last_event DESC, last_active DESC, id
             LIMIT :limit OFFSET :offset"
        ))?;
        let but: Vec<String> = but.iter().map(|id| id.0.to_string()).collect();
        let but = format!("[{}]", but.join(","));
        let rows = statement.query_map(params![but, limit, offset], from_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The same, one after the other, without holding them all.
    pub fn each_recent_cluster<E: From<StoreError>>(
        &self,
        mut visit: impl FnMut(StoredCluster) -> std::result::Result<ControlFlow<()>, E>,
    ) -> std::result::Result<(), E> {
        let mut statement = self
            .conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS}
                 FROM cluster
                 ORDER BY last_event DESC, last_active DESC, id"
            ))
            .map_err(StoreError::from)?;
        let mut rows = statement.query([]).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            if visit(from_row(row).map_err(StoreError::from)?)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// The cluster's line, where it has a fragment or an event.
    pub fn cluster(&self, id: ClusterId) -> Result<Option<StoredCluster>> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("SELECT {COLUMNS} FROM cluster WHERE id = :id"))?;
        let mut rows = statement.query_map([id.0], from_row)?;
        Ok(rows.next().transpose()?)
    }

    /// How many clusters have a fragment or an event.
    pub fn cluster_count(&self) -> Result<u64> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*) FROM cluster")?
            .query_row([], |row| row.get(0))?)
    }

    /// How many graphs there are, identities without links included.
    pub fn graph_count(&self) -> Result<u64> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT (SELECT count(*) FROM identity)
                      - (SELECT count(*) FROM identity WHERE cluster <> id)",
            )?
            .query_row([], |row| row.get(0))?)
    }

    /// The largest clusters.
    pub fn largest_clusters(&self, limit: u64) -> Result<Vec<StoredCluster>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS}
             FROM cluster
             WHERE identities > 1
             ORDER BY identities DESC, id
             LIMIT :limit"
        ))?;
        let rows = statement.query_map([limit], from_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl View<'_> {
    /// Every cluster that has a fragment or an event, in the order of their numbers.
    pub fn clusters(&self) -> Result<Vec<ClusterId>> {
        let mut statement = self.conn.prepare("SELECT id FROM cluster ORDER BY id")?;
        let rows = statement.query_map([], |row| Ok(ClusterId(row.get(0)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// Puts lines of the list in.
pub struct ClusterInsert<'w> {
    writer: &'w Writer,
    rows: ManyRows<'w>,
}

impl ClusterInsert<'_> {
    /// Keeps the lines of clusters.
    pub fn put(&mut self, clusters: &[StoredCluster]) -> Result<()> {
        for cluster in clusters {
            self.writer.touch_cluster(cluster.id);
        }
        self.rows.put(clusters, |columns, cluster| {
            columns.next(cluster.id.0)?;
            columns.next(cluster.canonical.0)?;
            columns.next(cluster.identities)?;
            columns.next(cluster.fragments)?;
            columns.next(cluster.events)?;
            columns.next(cluster.last_event.map(|at| at.0))?;
            columns.next(cluster.last_active.0)
        })
    }
}

impl Writer {
    /// What lines of the list are put in with, many at a time.
    pub fn cluster_insert(&self) -> Result<ClusterInsert<'_>> {
        let insert = format!("INSERT OR REPLACE INTO cluster ({COLUMNS})");
        Ok(ClusterInsert {
            writer: self,
            rows: ManyRows::new(self.view().conn, &insert, 7, "")?,
        })
    }

    /// Takes a cluster's line out.
    pub fn remove_cluster(&self, id: ClusterId) -> Result<()> {
        self.touch_cluster(id);
        self.view()
            .conn
            .prepare_cached("DELETE FROM cluster WHERE id = :id")?
            .execute([id.0])?;
        Ok(())
    }
}
