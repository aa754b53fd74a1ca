//! The small tables as a whole: namespaces, datasets, batches, event types, sets of sources.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, Row};

use super::codec::DictionaryId;
use super::{Result, StoreError};
use crate::model::{
    BatchId, Dataset, DatasetId, DatasetKind, ImportId, Moment, Namespace, NamespaceId,
    NamespaceKind, SourceFiles, SourceLine,
};

/// The small tables of a store, in memory.
#[derive(Debug, Default)]
pub struct Catalog {
    namespaces: Vec<Namespace>,
    datasets: HashMap<DatasetId, NamedDataset>,
    batches: HashMap<BatchId, KnownBatch>,
    event_types: HashMap<i64, Arc<str>>,
    source_sets: HashMap<i64, Vec<DatasetId>>,
    files: Arc<SourceFiles>,
}

#[derive(Debug)]
struct NamedDataset {
    dataset: Dataset,
    name: Arc<str>,
    channel: Option<Arc<str>>,
}

/// What reading a row needs to know of its batch.
#[derive(Debug)]
pub struct KnownBatch {
    /// Its number.
    pub id: BatchId,
    /// The import command that brought it.
    pub import: ImportId,
    /// The dataset that it went into.
    pub dataset: DatasetId,
    /// Its moment.
    pub ingested_at: Moment,
    /// The files that were read.
    pub files: Vec<String>,
    pub(super) dictionary: DictionaryId,
}

impl KnownBatch {
    /// The name of the file in which a line stands.
    pub fn file(&self, line: SourceLine) -> &str {
        self.files
            .get(usize::from(line.file))
            .map_or("", String::as_str)
    }
}

impl Catalog {
    pub(super) fn load(conn: &Connection) -> Result<Catalog> {
        let batches = batches(conn)?;
        let named = batches.values().map(|b| (b.id, b.files.clone()));
        Ok(Catalog {
            files: Arc::new(SourceFiles::new(named)),
            namespaces: namespaces(conn)?,
            datasets: datasets(conn)?,
            batches,
            event_types: pairs(conn, "SELECT id, name FROM event_type")?
                .map(|(id, name)| (id, Arc::from(name)))
                .collect(),
            source_sets: pairs(conn, "SELECT id, datasets FROM source_set")?
                .map(|(id, list)| (id, serde_json::from_str(&list).unwrap_or_default()))
                .collect(),
        })
    }

    /// The namespaces, by number.
    pub fn namespaces(&self) -> &[Namespace] {
        &self.namespaces
    }

    /// The namespace of this number.
    pub fn namespace(&self, id: NamespaceId) -> Result<&Namespace> {
        self.namespaces
            .iter()
            .find(|namespace| namespace.id == id)
            .ok_or_else(|| StoreError::Damaged(format!("namespace {id} is missing")))
    }

    /// The namespace of this code, whatever its case.
    pub fn namespace_of(&self, code: &str) -> Option<&Namespace> {
        self.namespaces
            .iter()
            .find(|namespace| namespace.code.eq_ignore_ascii_case(code))
    }

    /// A namespace's place in the priorities; those without one stand after the last.
    pub fn rank(&self, id: NamespaceId) -> u32 {
        self.namespace(id)
            .ok()
            .and_then(|namespace| namespace.priority)
            .unwrap_or_else(|| self.last_priority() + 1)
    }

    fn last_priority(&self) -> u32 {
        self.namespaces
            .iter()
            .filter_map(|namespace| namespace.priority)
            .max()
            .unwrap_or(0)
    }

    /// The datasets, by name.
    pub fn datasets(&self) -> Vec<&Dataset> {
        let mut datasets: Vec<_> = self.datasets.values().map(|named| &named.dataset).collect();
        datasets.sort_by(|a, b| a.name.cmp(&b.name));
        datasets
    }

    /// The dataset of this number.
    pub fn dataset(&self, id: DatasetId) -> Result<&Dataset> {
        Ok(&self.named(id)?.dataset)
    }

    /// Its name, shared.
    pub fn dataset_name(&self, id: DatasetId) -> Result<Arc<str>> {
        Ok(Arc::clone(&self.named(id)?.name))
    }

    /// Its channel, shared.
    pub fn channel(&self, id: DatasetId) -> Option<Arc<str>> {
        self.datasets.get(&id)?.channel.clone()
    }

    /// The dataset of this name.
    pub fn dataset_of(&self, name: &str) -> Option<&Dataset> {
        self.datasets
            .values()
            .map(|named| &named.dataset)
            .find(|dataset| dataset.name == name)
    }

    fn named(&self, id: DatasetId) -> Result<&NamedDataset> {
        self.datasets
            .get(&id)
            .ok_or_else(|| StoreError::Damaged(format!("dataset {id} is missing")))
    }

    /// The batch of this number.
    pub fn batch(&self, id: BatchId) -> Result<&KnownBatch> {
        self.batches
            .get(&id)
            .ok_or_else(|| StoreError::Damaged(format!("batch {id} is missing")))
    }

    /// Whether there are batches at all.
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// The names of the files of every batch.
    pub fn files(&self) -> Arc<SourceFiles> {
        Arc::clone(&self.files)
    }

    /// The batches that stand, oldest first.
    pub fn batches(&self) -> Vec<&KnownBatch> {
        let mut batches: Vec<_> = self.batches.values().collect();
        batches.sort_by_key(|batch| batch.id);
        batches
    }

    /// The name of an event type.
    pub fn event_type(&self, id: i64) -> Option<Arc<str>> {
        self.event_types.get(&id).cloned()
    }

    /// Event types with their numbers.
    pub fn event_types(&self) -> impl Iterator<Item = (i64, &Arc<str>)> {
        self.event_types.iter().map(|(id, name)| (*id, name))
    }

    /// The datasets of a set of sources.
    pub fn source_set(&self, id: i64) -> &[DatasetId] {
        self.source_sets.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The sets of sources with their numbers.
    pub fn source_sets(&self) -> impl Iterator<Item = (i64, &[DatasetId])> {
        self.source_sets
            .iter()
            .map(|(id, set)| (*id, set.as_slice()))
    }
}

fn pairs(conn: &Connection, sql: &str) -> Result<std::vec::IntoIter<(i64, String)>> {
    let rows = conn
        .prepare(sql)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(rows.into_iter())
}

fn namespaces(conn: &Connection) -> Result<Vec<Namespace>> {
    let mut statement = conn.prepare(
        "SELECT id, code, kind, is_unique, priority
         FROM namespace
         ORDER BY id",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Namespace {
            id: NamespaceId(row.get("id")?),
            code: row.get("code")?,
            kind: row
                .get::<_, String>("kind")?
                .parse()
                .unwrap_or(NamespaceKind::CrossDevice),
            unique: row.get("is_unique")?,
            priority: row.get("priority")?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn datasets(conn: &Connection) -> Result<HashMap<DatasetId, NamedDataset>> {
    let mut statement = conn.prepare(
        "SELECT id, name, kind, channel, upsert, keeps_versions
         FROM dataset",
    )?;
    let rows = statement.query_map([], dataset)?;
    rows.map(|row| {
        let dataset = row?;
        let named = NamedDataset {
            name: Arc::from(dataset.name.as_str()),
            channel: dataset.channel.as_deref().map(Arc::from),
            dataset,
        };
        Ok((named.dataset.id, named))
    })
    .collect()
}

fn dataset(row: &Row<'_>) -> rusqlite::Result<Dataset> {
    Ok(Dataset {
        id: DatasetId(row.get("id")?),
        name: row.get("name")?,
        kind: row
            .get::<_, String>("kind")?
            .parse()
            .unwrap_or(DatasetKind::Record),
        channel: row.get("channel")?,
        upsert: row.get("upsert")?,
        keeps_versions: row.get("keeps_versions")?,
    })
}

fn batches(conn: &Connection) -> Result<HashMap<BatchId, KnownBatch>> {
    let mut statement = conn.prepare(
        "SELECT id, import, dataset, ingested_at, files, dictionary
         FROM batch",
    )?;
    let rows = statement.query_map([], |row| {
        let files: String = row.get("files")?;
        Ok(KnownBatch {
            id: BatchId(row.get("id")?),
            import: ImportId(row.get("import")?),
            dataset: DatasetId(row.get("dataset")?),
            ingested_at: Moment(row.get("ingested_at")?),
            files: serde_json::from_str(&files).unwrap_or_default(),
            dictionary: row.get::<_, Option<i64>>("dictionary")?.unwrap_or(0),
        })
    })?;
    rows.map(|row| {
        let batch = row?;
        Ok((batch.id, batch))
    })
    .collect()
}
