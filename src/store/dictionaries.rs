//! What the bodies of batches are packed with.

use rusqlite::{OptionalExtension, params};

use super::codec::DictionaryId;
use super::{Result, Writer};
use crate::model::{BatchId, DatasetId};

impl Writer {
    /// Gives a batch the dictionary that packs its bodies, before the first of them is kept.
    pub fn set_dictionary(&self, batch: BatchId, bytes: &[u8]) -> Result<()> {
        let conn = self.view().conn;
        conn.prepare_cached("INSERT INTO dictionary (bytes) VALUES (:bytes)")?
            .execute([bytes])?;
        self.share_dictionary(batch, conn.last_insert_rowid())
    }

    /// Lets a batch use the dictionary of the last batch of its dataset; gives its bytes where there is one.
    pub fn inherit_dictionary(
        &self,
        batch: BatchId,
        dataset: DatasetId,
    ) -> Result<Option<Vec<u8>>> {
        let found: Option<(DictionaryId, Vec<u8>)> = self
            .view()
            .conn
            .prepare_cached(
                "SELECT dictionary.id, bytes
                 FROM batch
                 JOIN dictionary ON dictionary.id = batch.dictionary
                 WHERE dataset = :dataset
                 ORDER BY batch.id DESC
                 LIMIT 1",
            )?
            .query_row([dataset.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((id, bytes)) = found else {
            return Ok(None);
        };
        self.share_dictionary(batch, id)?;
        Ok(Some(bytes))
    }

    /// Lets earlier batches of the same import use a batch's dictionary, before the first of their bodies is kept.
    pub fn share_dictionary_with(&self, batch: BatchId, earlier: &[BatchId]) -> Result<()> {
        for other in earlier {
            self.view()
                .conn
                .prepare_cached(
                    "UPDATE batch
                     SET dictionary = (SELECT dictionary FROM batch WHERE id = :batch)
                     WHERE id = :other",
                )?
                .execute([batch.0, other.0])?;
        }
        self.view().forget();
        Ok(())
    }

    fn share_dictionary(&self, batch: BatchId, dictionary: DictionaryId) -> Result<()> {
        self.view()
            .conn
            .prepare_cached("UPDATE batch SET dictionary = :dictionary WHERE id = :batch")?
            .execute(params![dictionary, batch.0])?;
        self.view().forget();
        Ok(())
    }
}
