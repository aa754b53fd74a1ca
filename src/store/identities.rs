//! Identities and the clusters that they belong to.

use rusqlite::{OptionalExtension, Row, params};

use super::many::ManyRows;
use super::{Result, StoreError, View, Writer};
use crate::model::{ClusterId, Identity, IdentityId, Moment, NamespaceId};

/// An identity as the store holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredIdentity {
    /// Its number; smaller ones were seen earlier.
    pub id: IdentityId,
    /// Its namespace.
    pub namespace: NamespaceId,
    /// Its value.
    pub value: String,
    /// The cluster that it belongs to.
    pub cluster: ClusterId,
    /// The moment of the batch that first named it.
    pub first_seen: Moment,
    /// The moment of the batch that last named it.
    pub last_seen: Moment,
    /// The datasets that hold a fragment or event of which it is the primary identity.
    pub source_set: i64,
    /// Datasets that hold a fragment of it.
    pub fragments: u64,
    /// Events of it.
    pub events: u64,
    /// The time of the last of them.
    pub last_event: Option<Moment>,
}

const COLUMNS: &str = "id, namespace, value, cluster, first_seen, seen_for, source_set, fragments, events, last_event";

/// Clusters lie close together where no more than so many identities came up for each of them.
const CLOSE: u64 = 8;

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredIdentity> {
    let first_seen: i64 = row.get(4)?;
    Ok(StoredIdentity {
        id: IdentityId(row.get(0)?),
        namespace: NamespaceId(row.get(1)?),
        value: row.get(2)?,
        cluster: ClusterId(row.get(3)?),
        first_seen: Moment(first_seen),
        last_seen: Moment(first_seen.wrapping_add(row.get(5)?)),
        source_set: row.get(6)?,
        fragments: row.get(7)?,
        events: row.get(8)?,
        last_event: row.get::<_, Option<i64>>(9)?.map(Moment),
    })
}

impl View<'_> {
    /// The identity of this namespace and value.
    pub fn find_identity(
        &self,
        namespace: NamespaceId,
        value: &str,
    ) -> Result<Option<StoredIdentity>> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS}
                 FROM identity
                 WHERE value = :value AND namespace = :namespace"
            ))?
            .query_row(params![value, namespace.0], from_row)
            .optional()?)
    }

    /// The identity of this number.
    pub fn identity(&self, id: IdentityId) -> Result<StoredIdentity> {
        self.known_identity(id)?
            .ok_or_else(|| StoreError::Damaged(format!("identity {id} is missing")))
    }

    /// The identity of this number, where it is still known.
    pub fn known_identity(&self, id: IdentityId) -> Result<Option<StoredIdentity>> {
        Ok(self
            .conn
            .prepare_cached(&format!("SELECT {COLUMNS} FROM identity WHERE id = :id"))?
            .query_row([id.0], from_row)
            .optional()?)
    }

    /// The identities of a cluster, in the order in which they were first seen.
    pub fn members(&self, cluster: ClusterId) -> Result<Vec<StoredIdentity>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM identity WHERE id = :cluster
             UNION ALL
             SELECT {COLUMNS} FROM identity WHERE cluster = :cluster AND cluster <> id
             ORDER BY 1"
        ))?;
        let rows = statement.query_map([cluster.0], from_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The same of many clusters, in ascending order: where they lie close together they are read in one go.
    pub fn members_of_each(&self, clusters: &[ClusterId]) -> Result<Vec<Vec<StoredIdentity>>> {
        let (Some(first), Some(last)) = (clusters.first(), clusters.last()) else {
            return Ok(Vec::new());
        };
        let span = u64::from(last.0.saturating_sub(first.0));
        if span > clusters.len() as u64 * CLOSE || !clusters.is_sorted() {
            return clusters.iter().map(|id| self.members(*id)).collect();
        }
        let mut all: Vec<Vec<StoredIdentity>> = vec![Vec::new(); clusters.len()];
        for those in [
            "id BETWEEN ?1 AND ?2 AND cluster = id ORDER BY id",
            "cluster BETWEEN ?1 AND ?2 AND cluster <> id ORDER BY cluster, id",
        ] {
            let statement = format!("SELECT {COLUMNS} FROM identity WHERE {those}");
            let mut statement = self.conn.prepare_cached(&statement)?;
            let mut rows = statement.query([first.0, last.0])?;
            let mut places = clusters.iter().zip(&mut all).peekable();
            while let Some(row) = rows.next()? {
                let member = from_row(row)?;
                while places.next_if(|(id, _)| **id < member.cluster).is_some() {}
                if let Some((_, own)) = places.peek_mut().filter(|(id, _)| **id == member.cluster) {
                    own.push(member);
                }
            }
        }
        for members in &mut all {
            members.sort_unstable_by_key(|member| member.id);
        }
        Ok(all)
    }

    /// The same value in any namespace.
    pub fn identities_of_value(&self, value: &str) -> Result<Vec<StoredIdentity>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM identity WHERE value = :value ORDER BY id LIMIT 20"
        ))?;
        let rows = statement.query_map([value], from_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Identities of a namespace whose values stand around this one in byte order: `reach` on either side at most.
    pub fn neighbours(
        &self,
        namespace: NamespaceId,
        value: &str,
        reach: u32,
    ) -> Result<Vec<StoredIdentity>> {
        let mut found = Vec::new();
        for side in [
            "value >= :value ORDER BY value",
            "value < :value ORDER BY value DESC",
        ] {
            let mut statement = self.conn.prepare_cached(&format!(
                "SELECT {COLUMNS}
                 FROM (SELECT * FROM identity WHERE {side} LIMIT :window)
                 WHERE namespace = :namespace
                 LIMIT :reach"
            ))?;
            let rows = statement.query_map(
                rusqlite::named_params! {
                    ":value": value, ":namespace": namespace.0, ":window": reach * 20, ":reach": reach
                },
                from_row,
            )?;
            for row in rows {
                found.push(row?);
            }
        }
        Ok(found)
    }

    /// When this identity was deleted, where it was.
    pub fn deleted_at(&self, namespace: NamespaceId, value: &str) -> Result<Option<Moment>> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT deleted_at FROM deleted_identity
                 WHERE value = :value AND namespace = :namespace",
            )?
            .query_row(params![value, namespace.0], |row| row.get(0))
            .optional()?
            .map(Moment))
    }

    /// Goes through every identity, in the order in which they were first seen.
    pub fn each_identity(&self, mut visit: impl FnMut(StoredIdentity) -> Result<()>) -> Result<()> {
        let mut statement = self
            .conn
            .prepare(&format!("SELECT {COLUMNS} FROM identity ORDER BY id"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            visit(from_row(row)?)?;
        }
        Ok(())
    }

    /// Clusters of the identities whose namespace and value pass a test; all of them are looked at.
    pub fn clusters_where(
        &self,
        mut passes: impl FnMut(NamespaceId, &str) -> bool,
    ) -> Result<Vec<ClusterId>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT cluster, namespace, value FROM identity")?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            self.go_on()?;
            let value = row.get_ref(2)?.as_str().unwrap_or_default();
            if passes(NamespaceId(row.get(1)?), value) {
                found.push(ClusterId(row.get(0)?));
            }
        }
        Ok(found)
    }

    /// The name of an identity.
    pub fn named(&self, identity: &StoredIdentity) -> Result<Identity> {
        let catalog = self.catalog()?;
        let namespace = catalog.namespace(identity.namespace)?;
        Ok(Identity::new(&namespace.code, &identity.value))
    }

    /// The highest number given to an identity so far; 0 in an empty store.
    pub fn last_identity(&self) -> Result<u32> {
        Ok(self
            .conn
            .query_row("SELECT coalesce(max(id), 0) FROM identity", [], |row| {
                row.get(0)
            })?)
    }
}

/// Puts identities in.
pub struct IdentityInsert<'w> {
    writer: &'w Writer,
    rows: ManyRows<'w>,
}

impl IdentityInsert<'_> {
    /// Keeps identities under their numbers.
    pub fn put(&mut self, identities: &[StoredIdentity]) -> Result<()> {
        for identity in identities {
            self.writer.touch_cluster(identity.cluster);
        }
        self.rows.put(identities, |columns, identity| {
            columns.next(identity.id.0)?;
            columns.next(identity.namespace.0)?;
            columns.next(identity.value.as_str())?;
            columns.next(identity.cluster.0)?;
            columns.next(identity.first_seen.0)?;
            columns.next(identity.last_seen.0.wrapping_sub(identity.first_seen.0))?;
            columns.next(identity.source_set)?;
            columns.next(identity.fragments)?;
            columns.next(identity.events)?;
            columns.next(identity.last_event.map(|at| at.0))
        })
    }
}

impl Writer {
    /// What identities are put in with, many at a time.
    pub fn identity_insert(&self) -> Result<IdentityInsert<'_>> {
        let rows = ManyRows::new(
            self.view().conn,
            &format!("INSERT INTO identity ({COLUMNS})"),
            10,
            "ON CONFLICT (id) DO UPDATE SET
                 cluster = excluded.cluster,
                 first_seen = excluded.first_seen,
                 seen_for = excluded.seen_for,
                 source_set = excluded.source_set,
                 fragments = excluded.fragments,
                 events = excluded.events,
                 last_event = excluded.last_event",
        )?;
        Ok(IdentityInsert { writer: self, rows })
    }

    /// Takes an identity out of the store.
    pub fn remove_identity(&self, id: IdentityId) -> Result<()> {
        self.view()
            .conn
            .prepare_cached("DELETE FROM identity WHERE id = :id")?
            .execute([id.0])?;
        Ok(())
    }

    /// The number of a set of sources, sorted; a new one is added.
    pub fn source_set(&self, datasets: &[crate::model::DatasetId]) -> Result<i64> {
        if datasets.is_empty() {
            return Ok(0);
        }
        let list = serde_json::to_string(datasets).unwrap_or_default();
        let conn = self.view().conn;
        let known = conn
            .prepare_cached("SELECT id FROM source_set WHERE datasets = :list")?
            .query_row([&list], |row| row.get(0))
            .optional()?;
        if let Some(id) = known {
            return Ok(id);
        }
        conn.prepare_cached("INSERT INTO source_set (datasets) VALUES (:list)")?
            .execute([&list])?;
        Ok(conn.last_insert_rowid())
    }
}
