//! At which paths the rows of each batch say something.

use std::collections::{BTreeSet, HashSet};

use rusqlite::params;

use super::{Result, View, Writer};
use crate::model::{BatchId, Path, RecordPaths};

impl View<'_> {
    /// Every path at which some record says something, in order.
    pub fn paths(&self) -> Result<Vec<Path>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT DISTINCT path FROM batch_path ORDER BY path")?;
        let rows = statement.query_map([], |row| {
            let text: String = row.get(0)?;
            Ok(text.parse().unwrap_or_default())
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Which of these paths of batches no fragment has any more; as many are looked at as that takes.
    fn unsaid(&self, mut left: HashSet<(BatchId, Path)>) -> Result<HashSet<(BatchId, Path)>> {
        let catalog = self.catalog()?;
        let batches: BTreeSet<BatchId> = left.iter().map(|(batch, _)| *batch).collect();
        let mut found = RecordPaths::default();
        let mut statement = self.conn.prepare("SELECT batch, body FROM fragment")?;
        let mut rows = statement.query([])?;
        while !left.is_empty()
            && let Some(row) = rows.next()?
        {
            let batch = BatchId(row.get(0)?);
            if batches.contains(&batch) {
                let packed = row.get_ref(1)?.as_blob().unwrap_or_default();
                let body = self.body(catalog.batch(batch)?.dictionary, packed)?;
                found.add(batch.0, body.text());
                for (batch, path) in found.take_new() {
                    left.remove(&(BatchId(batch), path));
                }
            }
        }
        Ok(left)
    }
}

impl Writer {
    /// Notes that a row of a batch says something at a path.
    pub fn note_path(&self, batch: BatchId, path: &Path) -> Result<()> {
        self.view()
            .conn
            .prepare_cached("INSERT OR IGNORE INTO batch_path (path, batch) VALUES (?1, ?2)")?
            .execute(params![path.to_string(), batch.0])?;
        Ok(())
    }

    /// Takes out the paths of these batches that none of their rows has any more.
    pub fn forget_paths(&self, batches: &BTreeSet<BatchId>) -> Result<()> {
        let view = self.view();
        let mut noted = HashSet::new();
        let mut statement = view
            .conn
            .prepare("SELECT path FROM batch_path WHERE batch = :batch")?;
        for batch in batches {
            let paths = statement.query_map([batch.0], |row| row.get::<_, String>(0))?;
            for path in paths {
                noted.insert((*batch, path?.parse().unwrap_or_default()));
            }
        }
        for (batch, path) in view.unsaid(noted)? {
            view.conn
                .prepare_cached("DELETE FROM batch_path WHERE path = ?1 AND batch = ?2")?
                .execute(params![path.to_string(), batch.0])?;
        }
        Ok(())
    }
}
