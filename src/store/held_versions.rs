//! The versions of one fragment with all that is known of them, for taking rows out of their history.

use rusqlite::params;

use super::codec::{Numbers, put};
use super::fragments::{bounds, operation};
use super::packers::cannot_pack;
use super::{Result, VersionKey, View, Writer};
use crate::model::{BatchId, DatasetId, IdentityId, Operation, SourceLine};

/// A version as it is held.
#[derive(Clone, Debug)]
pub struct HeldVersion {
    /// Where it lies.
    pub key: VersionKey,
    /// The batch that brought it.
    pub batch: BatchId,
    /// Where in the batch it stood.
    pub line: SourceLine,
    /// What it does.
    pub operation: Operation,
    /// The rows that said the same again, in order of arrival.
    pub touches: Vec<(BatchId, SourceLine)>,
    /// What was sent.
    pub body: Vec<u8>,
}

impl View<'_> {
    /// The datasets and batches that hold a version or an event of an identity.
    pub fn sources_of(&self, identity: IdentityId) -> Result<Vec<(DatasetId, BatchId)>> {
        let (from, to) = bounds(identity);
        let mut statement = self.conn.prepare_cached(
            "SELECT dataset, batch FROM fragment WHERE key BETWEEN ?1 AND ?2
             UNION
             SELECT dataset, batch FROM event_block WHERE key BETWEEN ?1 AND ?2",
        )?;
        let rows = statement.query_map([from, to], |row| {
            Ok((DatasetId(row.get(0)?), BatchId(row.get(1)?)))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The versions of a fragment in order of arrival.
    pub fn held_versions(
        &self,
        identity: IdentityId,
        dataset: DatasetId,
    ) -> Result<Vec<HeldVersion>> {
        let (from, to) = bounds(identity);
        let mut versions = Vec::new();
        {
            let mut statement = self.conn.prepare_cached(
                "SELECT key, batch, line, operation, touches, body
                 FROM fragment
                 WHERE key BETWEEN ?1 AND ?2 AND dataset = ?3
                 ORDER BY batch, line, key",
            )?;
            let mut rows = statement.query(params![from, to, dataset.0])?;
            while let Some(row) = rows.next()? {
                let touches: Option<Vec<u8>> = row.get(4)?;
                versions.push(HeldVersion {
                    key: VersionKey(row.get(0)?),
                    batch: BatchId(row.get(1)?),
                    line: SourceLine::unpack(row.get(2)?),
                    operation: operation(row.get(3)?),
                    touches: touches_of(&touches.unwrap_or_default())?,
                    body: row.get(5)?,
                });
            }
        }
        for version in &mut versions {
            let dictionary = self.catalog()?.batch(version.batch)?.dictionary;
            let body = self
                .codecs
                .borrow_mut()
                .unpack(self.conn, dictionary, &version.body)?;
            version.body = body;
        }
        Ok(versions)
    }
}

fn touches_of(bytes: &[u8]) -> Result<Vec<(BatchId, SourceLine)>> {
    let mut numbers = Numbers(bytes);
    let mut touches = Vec::new();
    while !numbers.is_empty() {
        let batch = BatchId(numbers.take()? as u32);
        touches.push((batch, SourceLine::unpack(numbers.take()?)));
    }
    Ok(touches)
}

impl Writer {
    /// Puts these rows in place of those that had said the same again.
    pub fn set_touches(&self, key: VersionKey, touches: &[(BatchId, SourceLine)]) -> Result<()> {
        self.touch_identity(key.identity());
        let mut bytes = Vec::new();
        for (batch, line) in touches {
            put(&mut bytes, u64::from(batch.0));
            put(&mut bytes, line.packed());
        }
        self.view()
            .conn
            .prepare_cached("UPDATE fragment SET touches = ?2 WHERE key = ?1")?
            .execute(params![key.0, (!bytes.is_empty()).then_some(bytes)])?;
        Ok(())
    }

    /// Gives a version to another row that said the same.
    pub fn hand_over_version(
        &self,
        key: VersionKey,
        (batch, line): (BatchId, SourceLine),
        body: &[u8],
    ) -> Result<()> {
        self.touch_identity(key.identity());
        let packed = self.with_packer(batch, |packer| {
            let packed = packer.pack(body).map_err(cannot_pack)?;
            Ok(packed.to_vec())
        })?;
        self.view()
            .conn
            .prepare_cached("UPDATE fragment SET batch = ?2, line = ?3, body = ?4 WHERE key = ?1")?
            .execute(params![key.0, batch.0, line.packed(), packed])?;
        Ok(())
    }

    /// Takes a version out.
    pub fn remove_version(&self, key: VersionKey) -> Result<()> {
        self.touch_identity(key.identity());
        self.view()
            .conn
            .prepare_cached("DELETE FROM fragment WHERE key = :key")?
            .execute([key.0])?;
        Ok(())
    }
}
