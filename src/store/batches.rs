//! Datasets and the batches that imports made.

use std::collections::BTreeSet;

use rusqlite::params;

use super::{Result, StoreError, View, Writer};
use crate::model::{
    Batch, BatchId, Brought, Dataset, DatasetId, DatasetKind, DatasetTotals, ImportId, Moment,
    RowCounts,
};

/// What is known of a batch before its rows are read.
#[derive(Clone, Debug)]
pub struct NewBatch {
    /// The import command.
    pub import: ImportId,
    /// The dataset.
    pub dataset: DatasetId,
    /// Its moment.
    pub ingested_at: Moment,
    /// The files, in the order of reading.
    pub files: Vec<String>,
}

/// By how much the counts of a batch move when another one is taken out; a row that is accepted now was a duplicate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountChange {
    /// Rows that went into the store.
    pub accepted: i64,
    /// Those that were a new version of something known.
    pub replaced: i64,
    /// Fragments that it began.
    pub fragments: i64,
    /// Events that were not known before.
    pub events: i64,
    /// Identities that no batch before it had named.
    pub identities: i64,
    /// Links that no batch before it had shown.
    pub links: i64,
}

impl View<'_> {
    /// Every batch, oldest first.
    pub fn list_batches(&self) -> Result<Vec<Batch>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT batch.id, import, dataset.name, ingested_at, files,
                    read, accepted, replaced, rejected, duplicates,
                    fragments, events, identities, links, took_ms
             FROM batch
             JOIN dataset ON dataset.id = batch.dataset
             ORDER BY batch.id",
        )?;
        let rows = statement.query_map([], |row| {
            let files: String = row.get(4)?;
            Ok(Batch {
                id: BatchId(row.get(0)?),
                import: ImportId(row.get(1)?),
                dataset: row.get(2)?,
                ingested_at: Moment(row.get(3)?),
                files: serde_json::from_str(&files).unwrap_or_default(),
                counts: RowCounts {
                    read: row.get(5)?,
                    accepted: row.get(6)?,
                    replaced: row.get(7)?,
                    rejected: row.get(8)?,
                    duplicates: row.get(9)?,
                },
                brought: Brought {
                    fragments: row.get(10)?,
                    events: row.get(11)?,
                    identities: row.get(12)?,
                    links: row.get(13)?,
                    elapsed_ms: row.get(14)?,
                },
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a dataset has any batch.
    pub fn has_batches(&self, dataset: DatasetId) -> Result<bool> {
        Ok(self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM batch WHERE dataset = :dataset)")?
            .query_row([dataset.0], |row| row.get(0))?)
    }

    /// How many rows an import read that read exactly these files under this mapping into this dataset; `None`
    /// where there was none, or where one of its batches is gone.
    pub fn rows_of_fingerprint(
        &self,
        dataset: DatasetId,
        fingerprint: &str,
    ) -> Result<Option<u64>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT fingerprint, count(*), sum(read)
             FROM batch
             WHERE dataset = :dataset
               AND (fingerprint = :print OR fingerprint GLOB :print || '[*]*')
             GROUP BY import, fingerprint",
        )?;
        let mut rows = statement.query(params![dataset.0, fingerprint])?;
        while let Some(row) = rows.next()? {
            let print: String = row.get(0)?;
            let made = print
                .split_once('*')
                .map_or(Some(1), |(_, made)| made.parse().ok());
            if made == Some(row.get::<_, u64>(1)?) {
                return Ok(Some(row.get(2)?));
            }
        }
        Ok(None)
    }

    /// The moments of the batches of all datasets but this one.
    pub fn moments_of_others(&self, dataset: DatasetId) -> Result<BTreeSet<Moment>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT ingested_at FROM batch WHERE dataset <> :dataset")?;
        let rows = statement.query_map([dataset.0], |row| Ok(Moment(row.get(0)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The moment of the last batch; the earliest there is in an empty store.
    pub fn last_ingestion(&self) -> Result<Moment> {
        let last: Option<i64> =
            self.conn
                .query_row("SELECT max(ingested_at) FROM batch", [], |row| row.get(0))?;
        Ok(last.map_or(Moment::MIN, Moment))
    }

    /// The number that the next import command gets.
    pub fn next_import(&self) -> Result<ImportId> {
        Ok(self
            .conn
            .query_row("SELECT coalesce(max(import), 0) + 1 FROM batch", [], |r| {
                Ok(ImportId(r.get(0)?))
            })?)
    }

    /// The datasets with their totals, by name.
    pub fn dataset_totals(&self) -> Result<Vec<DatasetTotals>> {
        let mut statement = self.conn.prepare_cached(
            "WITH
               versions AS (
                 SELECT dataset, count(*) AS fragments
                 FROM (SELECT DISTINCT dataset, key >> 24 FROM fragment)
                 GROUP BY dataset
               ),
               blocks AS (
                 SELECT dataset, sum(events - coalesce(length(replaced), 0) / 8) AS events
                 FROM event_block
                 GROUP BY dataset
               )
             SELECT name, kind, channel,
                    count(batch.id),
                    max(ingested_at),
                    coalesce(versions.fragments, 0),
                    coalesce(blocks.events, 0)
             FROM dataset AS d
             LEFT JOIN batch ON batch.dataset = d.id
             LEFT JOIN versions ON versions.dataset = d.id
             LEFT JOIN blocks ON blocks.dataset = d.id
             GROUP BY d.id
             ORDER BY name",
        )?;
        let rows = statement.query_map([], |row| {
            let kind: String = row.get(1)?;
            Ok(DatasetTotals {
                name: row.get(0)?,
                kind: kind.parse().unwrap_or(DatasetKind::Record),
                channel: row.get(2)?,
                batches: row.get(3)?,
                last_ingested: row.get::<_, Option<i64>>(4)?.map(Moment),
                fragments: row.get(5)?,
                events: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer {
    /// Keeps a dataset under its name and gives its number; one of the other kind is refused.
    pub fn put_dataset(&self, dataset: &Dataset) -> Result<DatasetId> {
        let catalog = self.view().catalog()?;
        if let Some(known) = catalog.dataset_of(&dataset.name)
            && known.kind != dataset.kind
        {
            return Err(StoreError::Refused(format!(
                "dataset `{}` holds {}s, not {}s; give this source another name with --dataset",
                known.name, known.kind, dataset.kind
            )));
        }
        let id = self
            .view()
            .conn
            .prepare_cached(
                "INSERT INTO dataset (name, kind, channel, upsert, keeps_versions)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (name) DO UPDATE SET
                     channel = coalesce(excluded.channel, channel),
                     upsert = excluded.upsert,
                     keeps_versions = excluded.keeps_versions
                 RETURNING id",
            )?
            .query_row(
                params![
                    dataset.name,
                    dataset.kind.to_string(),
                    dataset.channel,
                    dataset.upsert,
                    dataset.keeps_versions
                ],
                |row| row.get(0),
            )?;
        self.view().forget();
        Ok(DatasetId(id))
    }

    /// Opens a batch and gives its number.
    pub fn begin_batch(&self, batch: &NewBatch) -> Result<BatchId> {
        let files = serde_json::to_string(&batch.files).unwrap_or_default();
        let conn = self.view().conn;
        conn.prepare_cached(
            "INSERT INTO batch (id, import, dataset, ingested_at, files, fingerprint,
                                read, accepted, replaced, rejected, duplicates)
             VALUES ((SELECT max(coalesce((SELECT max(id) FROM batch), 0),
                                 coalesce((SELECT value FROM total WHERE name = 'last_batch'), 0)) + 1),
                     ?1, ?2, ?3, ?4, '', 0, 0, 0, 0, 0)",
        )?
        .execute(params![
            batch.import.0,
            batch.dataset.0,
            batch.ingested_at.0,
            files
        ])?;
        let id = conn.last_insert_rowid();
        conn.prepare_cached(
            "INSERT INTO total (name, value) VALUES ('last_batch', :id)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute([id])?;
        self.view().forget();
        Ok(BatchId(id as u32))
    }

    /// Closes a batch: what became of its rows, and by what its source can be known again.
    pub fn finish_batch(&self, id: BatchId, fingerprint: &str, counts: RowCounts) -> Result<()> {
        self.view()
            .conn
            .prepare_cached(
                "UPDATE batch
                 SET fingerprint = ?2, read = ?3, accepted = ?4, replaced = ?5,
                     rejected = ?6, duplicates = ?7
                 WHERE id = ?1",
            )?
            .execute(params![
                id.0,
                fingerprint,
                counts.read,
                counts.accepted,
                counts.replaced,
                counts.rejected,
                counts.duplicates
            ])?;
        Ok(())
    }

    /// Notes what a batch added to the store.
    pub fn set_brought(&self, id: BatchId, brought: &Brought) -> Result<()> {
        self.view()
            .conn
            .prepare_cached(
                "UPDATE batch
                 SET fragments = ?2, events = ?3, identities = ?4, links = ?5
                 WHERE id = ?1",
            )?
            .execute(params![
                id.0,
                brought.fragments,
                brought.events,
                brought.identities,
                brought.links
            ])?;
        Ok(())
    }

    /// Notes how long an import command took.
    pub fn set_elapsed(&self, import: ImportId, ms: u64) -> Result<()> {
        self.view()
            .conn
            .prepare_cached("UPDATE batch SET took_ms = ?2 WHERE import = ?1")?
            .execute(params![import.0, ms])?;
        Ok(())
    }

    /// Moves the counts of a batch by as much as each of these says; what was never counted stays so.
    pub fn move_counts(&self, id: BatchId, by: &CountChange) -> Result<()> {
        self.view()
            .conn
            .prepare_cached(
                "UPDATE batch
                 SET accepted = accepted + ?2, replaced = replaced + ?3,
                     duplicates = duplicates - ?2,
                     fragments = fragments + ?4, events = events + ?5,
                     identities = identities + ?6, links = links + ?7
                 WHERE id = ?1",
            )?
            .execute(params![
                id.0,
                by.accepted,
                by.replaced,
                by.fragments,
                by.events,
                by.identities,
                by.links
            ])?;
        Ok(())
    }

    /// Takes a batch's own row out, once all that it brought is gone.
    pub fn remove_batch(&self, id: BatchId) -> Result<()> {
        for statement in [
            "DELETE FROM refusal WHERE batch = :id",
            "DELETE FROM batch_path WHERE batch = :id",
            "DELETE FROM observation WHERE key BETWEEN :id << 32 AND (:id << 32) + 4294967295",
            "DELETE FROM batch WHERE id = :id",
        ] {
            self.view()
                .conn
                .prepare_cached(statement)?
                .execute([id.0])?;
        }
        self.view().forget();
        Ok(())
    }

    /// Takes a dataset's own row out, once it has no batch left.
    pub fn remove_dataset(&self, id: DatasetId) -> Result<()> {
        self.view()
            .conn
            .prepare_cached("DELETE FROM dataset WHERE id = :id")?
            .execute([id.0])?;
        self.view().forget();
        Ok(())
    }
}
