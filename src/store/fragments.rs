//! Versions of fragments, those of one identity side by side.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Row, params};

use super::codec::{Numbers, put};
use super::many::ManyRows;
use super::{Catalog, Result, StoreError, View, Writer};
use crate::model::{
    BatchId, Body, DatasetId, Fragment, Identity, IdentityId, Moment, Operation, SourceLine, Touch,
    Version,
};

pub(super) const VERSION_BITS: u32 = 24;

/// A record on its way into its fragment.
#[derive(Clone, Debug)]
pub struct NewVersion<'a> {
    /// The primary identity.
    pub identity: IdentityId,
    /// Its place among the versions of this identity, from 0, over all datasets.
    pub n: u32,
    /// The dataset.
    pub dataset: DatasetId,
    /// The batch.
    pub batch: BatchId,
    /// Where in the batch it stood.
    pub line: SourceLine,
    /// What it does.
    pub operation: Operation,
    /// The record's own time.
    pub customer_time: Option<Moment>,
    /// The record's other identities.
    pub secondary: &'a [IdentityId],
    /// Its body, packed for the batch.
    pub body: &'a [u8],
}

/// Where a version lies, for touching it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionKey(pub(super) i64);

impl VersionKey {
    /// The key of the `n`th version of an identity.
    pub fn new(identity: IdentityId, n: u32) -> VersionKey {
        VersionKey(i64::from(identity.0) << VERSION_BITS | i64::from(n))
    }

    /// The primary identity of its fragment.
    pub fn identity(self) -> IdentityId {
        IdentityId((self.0 >> VERSION_BITS) as u32)
    }
}

/// The newest version of a fragment, as importing again needs it.
#[derive(Clone, Debug)]
pub struct NewestVersion {
    /// Where it lies.
    pub key: VersionKey,
    /// Its moment of ingestion.
    pub ingested_at: Moment,
    /// What it does.
    pub operation: Operation,
    /// What was sent.
    pub body: Vec<u8>,
}

/// Whether versions say which other identities they named.
#[derive(Clone, Copy)]
enum Secondary {
    Named,
    LeftOut,
}

impl View<'_> {
    /// The fragments of these identities, none of their versions later than `as_of`; by dataset, then identity.
    pub fn fragments(
        &self,
        identities: &[(IdentityId, Arc<Identity>)],
        as_of: Moment,
    ) -> Result<Vec<Fragment>> {
        self.fragments_with(identities, as_of, Secondary::Named)
    }

    /// The same as they are now, for folding alone: their versions do not say which other identities they named, which
    /// takes a look-up for each.
    pub fn nameless_fragments(
        &self,
        identities: &[(IdentityId, Arc<Identity>)],
    ) -> Result<Vec<Fragment>> {
        self.fragments_with(identities, Moment::MAX, Secondary::LeftOut)
    }

    fn fragments_with(
        &self,
        identities: &[(IdentityId, Arc<Identity>)],
        as_of: Moment,
        secondary: Secondary,
    ) -> Result<Vec<Fragment>> {
        let catalog = self.catalog()?;
        let mut fragments = Vec::new();
        for (id, identity) in identities {
            let mut by_dataset: BTreeMap<DatasetId, Vec<Version>> = BTreeMap::new();
            self.each_version(*id, &catalog, as_of, secondary, |dataset, version| {
                by_dataset.entry(dataset).or_default().push(version);
            })?;
            let priority = catalog
                .namespace_of(&identity.namespace)
                .map_or(u32::MAX, |namespace| catalog.rank(namespace.id));
            for (dataset, mut versions) in by_dataset {
                versions.sort_by_key(|v| (v.ingested_at, v.batch, v.line));
                fragments.push(Fragment {
                    dataset: catalog.dataset_name(dataset)?,
                    identity: Arc::clone(identity),
                    priority,
                    versions,
                });
            }
        }
        fragments.sort_by(|a, b| (&a.dataset, &a.identity).cmp(&(&b.dataset, &b.identity)));
        Ok(fragments)
    }

    fn each_version(
        &self,
        identity: IdentityId,
        catalog: &Catalog,
        as_of: Moment,
        others: Secondary,
        mut visit: impl FnMut(DatasetId, Version),
    ) -> Result<()> {
        let mut statement = self.conn.prepare_cached(
            "SELECT dataset, batch, line, operation, customer_time, touches, secondary, body
             FROM fragment
             WHERE key BETWEEN :from AND :to
             ORDER BY key",
        )?;
        let mut rows = statement.query(range(identity))?;
        while let Some(row) = rows.next()? {
            let batch = catalog.batch(BatchId(row.get(1)?))?;
            if batch.ingested_at > as_of {
                continue;
            }
            let touches = blob(row, 5)?;
            let secondary = blob(row, 6)?;
            let packed = row.get_ref(7)?.as_blob().unwrap_or_default();
            let version = Version {
                batch: batch.id,
                import: batch.import,
                line: SourceLine::unpack(row.get(2)?),
                ingested_at: batch.ingested_at,
                touches: touches_of(touches, catalog, as_of)?,
                customer_time: row.get::<_, Option<i64>>(4)?.map(Moment),
                operation: operation(row.get(3)?),
                body: self.body(batch.dictionary, packed)?,
                secondary: match others {
                    Secondary::Named => self.names(secondary)?,
                    Secondary::LeftOut => Vec::new(),
                },
            };
            visit(DatasetId(row.get(0)?), version);
        }
        Ok(())
    }

    pub(super) fn body(&self, dictionary: i64, packed: &[u8]) -> Result<Body> {
        let mut codecs = self.codecs.borrow_mut();
        Ok(Body::new(codecs.text(self.conn, dictionary, packed)?))
    }

    fn names(&self, ids: &[u8]) -> Result<Vec<Identity>> {
        let mut numbers = Numbers(ids);
        let mut names = Vec::new();
        while !numbers.is_empty() {
            let id = IdentityId(numbers.take()? as u32);
            if let Ok(identity) = self.identity(id) {
                names.push(self.named(&identity)?);
            }
        }
        Ok(names)
    }

    /// The datasets that hold a fragment of an identity, sorted.
    pub fn fragment_datasets(&self, identity: IdentityId) -> Result<Vec<DatasetId>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT dataset
             FROM fragment
             WHERE key BETWEEN :from AND :to
             ORDER BY dataset",
        )?;
        let rows = statement.query_map(range(identity), |row| Ok(DatasetId(row.get(0)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many versions an identity has, over all datasets.
    pub fn version_count(&self, identity: IdentityId) -> Result<u32> {
        let last: Option<i64> = self
            .conn
            .prepare_cached("SELECT max(key) FROM fragment WHERE key BETWEEN :from AND :to")?
            .query_row(range(identity), |row| row.get(0))?;
        Ok(last.map_or(0, |key| (key & ((1 << VERSION_BITS) - 1)) as u32 + 1))
    }

    /// The newest version of the fragment that a dataset held of an identity as of a moment of ingestion.
    pub fn newest_version(
        &self,
        identity: IdentityId,
        dataset: DatasetId,
        as_of: Moment,
    ) -> Result<Option<NewestVersion>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT key, ingested_at, operation, body, dictionary
             FROM fragment
             JOIN batch ON batch.id = fragment.batch
             WHERE key BETWEEN :from AND :to AND fragment.dataset = :dataset
               AND ingested_at <= :as_of
             ORDER BY ingested_at DESC, batch DESC, line DESC
             LIMIT 1",
        )?;
        let (from, to) = bounds(identity);
        let mut rows = statement.query(params![from, to, dataset.0, as_of.0])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let dictionary = row.get::<_, Option<i64>>(4)?.unwrap_or(0);
        let packed: Vec<u8> = row.get(3)?;
        Ok(Some(NewestVersion {
            key: VersionKey(row.get(0)?),
            ingested_at: Moment(row.get(1)?),
            operation: operation(row.get(2)?),
            body: self
                .codecs
                .borrow_mut()
                .unpack(self.conn, dictionary, &packed)?,
        }))
    }

    /// Goes through the bodies of all versions of an identity, oldest first.
    pub fn each_body(&self, identity: IdentityId, mut visit: impl FnMut(&Version)) -> Result<()> {
        let catalog = self.catalog()?;
        let others = Secondary::Named;
        self.each_version(identity, &catalog, Moment::MAX, others, |_, version| {
            visit(&version);
        })
    }
}

/// The bytes of a column; none where it is empty.
fn blob<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r [u8]> {
    let bytes = row.get_ref(column)?.as_blob_or_null();
    let bytes = bytes.map_err(|error| StoreError::Damaged(format!("a version: {error}")))?;
    Ok(bytes.unwrap_or_default())
}

fn touches_of(bytes: &[u8], catalog: &Catalog, as_of: Moment) -> Result<Vec<Touch>> {
    let mut numbers = Numbers(bytes);
    let mut touches = Vec::new();
    while !numbers.is_empty() {
        let id = BatchId(numbers.take()? as u32);
        let line = SourceLine::unpack(numbers.take()?);
        // A batch that was deleted leaves its touches behind; they say nothing any more.
        let Ok(batch) = catalog.batch(id) else {
            continue;
        };
        if batch.ingested_at <= as_of {
            touches.push(Touch {
                batch: id,
                import: batch.import,
                line,
                ingested_at: batch.ingested_at,
            });
        }
    }
    Ok(touches)
}

pub(super) fn bounds(identity: IdentityId) -> (i64, i64) {
    let from = i64::from(identity.0) << VERSION_BITS;
    (from, from | ((1 << VERSION_BITS) - 1))
}

fn range(identity: IdentityId) -> [i64; 2] {
    let (from, to) = bounds(identity);
    [from, to]
}

pub(super) fn operation(code: i64) -> Operation {
    match code {
        1 => Operation::Merge,
        2 => Operation::Append,
        3 => Operation::Delete,
        _ => Operation::Create,
    }
}

pub(super) fn code(operation: Operation) -> i64 {
    match operation {
        Operation::Create => 0,
        Operation::Merge => 1,
        Operation::Append => 2,
        Operation::Delete => 3,
    }
}

/// Puts versions in.
pub struct VersionInsert<'w> {
    writer: &'w Writer,
    rows: ManyRows<'w>,
}

impl VersionInsert<'_> {
    /// Adds versions.
    pub fn put(&mut self, versions: &[NewVersion<'_>]) -> Result<()> {
        for version in versions {
            self.writer.touch_identity(version.identity);
        }
        self.rows.put(versions, |columns, version| {
            let mut secondary = Vec::new();
            for id in version.secondary {
                put(&mut secondary, u64::from(id.0));
            }
            columns.next(VersionKey::new(version.identity, version.n).0)?;
            columns.next(version.dataset.0)?;
            columns.next(version.batch.0)?;
            columns.next(version.line.packed())?;
            columns.next(code(version.operation))?;
            columns.next(version.customer_time.map(|time| time.0))?;
            columns.next((!secondary.is_empty()).then_some(secondary))?;
            columns.next(version.body)
        })
    }
}

impl Writer {
    /// What versions are put in with, many at a time.
    pub fn version_insert(&self) -> Result<VersionInsert<'_>> {
        let rows = ManyRows::new(
            self.view().conn,
            "INSERT INTO fragment
                 (key, dataset, batch, line, operation, customer_time, secondary, body)",
            8,
            "",
        )?;
        Ok(VersionInsert { writer: self, rows })
    }

    /// Notes that a later row said the same again.
    pub fn touch_version(&self, key: VersionKey, batch: BatchId, line: SourceLine) -> Result<()> {
        self.touch_identity(key.identity());
        let mut touch = Vec::new();
        put(&mut touch, u64::from(batch.0));
        put(&mut touch, line.packed());
        self.view()
            .conn
            .prepare_cached(
                "UPDATE fragment
                 SET touches = CAST(coalesce(touches, x'') || :touch AS BLOB)
                 WHERE key = :key",
            )?
            .execute(rusqlite::named_params! {":key": key.0, ":touch": touch})?;
        Ok(())
    }

    /// Takes out the versions of a fragment that are older than its newest.
    pub fn remove_older_versions(&self, identity: IdentityId, dataset: DatasetId) -> Result<()> {
        let (from, to) = bounds(identity);
        self.view()
            .conn
            .prepare_cached(
                "DELETE FROM fragment
                 WHERE key BETWEEN ?1 AND ?2 AND dataset = ?3
                   AND key <> (SELECT key FROM fragment
                               JOIN batch ON batch.id = fragment.batch
                               WHERE key BETWEEN ?1 AND ?2 AND fragment.dataset = ?3
                               ORDER BY ingested_at DESC, key DESC
                               LIMIT 1)",
            )?
            .execute(params![from, to, dataset.0])?;
        Ok(())
    }
}
