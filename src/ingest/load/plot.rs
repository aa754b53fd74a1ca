//! What an import has gathered so far, before any of it is written: people, links, versions, events.

use std::path::{Path, PathBuf};

use hashbrown::HashMap;

use super::dictionaries::Dictionary;
use super::people::{People, SourceSets};
use super::repeats::Repeats;
use super::sort::{Key, Sorter};
use super::{Plan, Result};
use crate::identity::Node;
use crate::model::{BatchId, Brought, DatasetId, IdentityId, LinkSettings, Moment, SourceLine};
use crate::store::{EventPlace, Forgotten, Total, VersionKey, Writer};

/// A row of input takes about this many bytes, for guessing how many there will be.
const BYTES_A_ROW: u64 = 300;

/// Above this share of the identities that a store has, loading all of them beats asking one by one.
const LOAD_ALL_SHARE: u64 = 10;

/// Everything that an import has gathered.
pub(super) struct Plot<'w> {
    pub(super) writer: &'w Writer,
    pub(super) settings: LinkSettings,
    pub(super) at: Moment,
    pub(super) people: People,
    pub(super) sets: SourceSets,
    pub(super) versions: Sorter,
    pub(super) events: Sorter,
    /// The batches of this import, in order.
    pub(super) batches: Vec<OpenBatch>,
    /// What their bodies are packed with: those of one dataset share it.
    pub(super) dictionaries: Vec<Dictionary>,
    /// The latest moment so far, of the store and of this import.
    latest: Moment,
    /// A batch has a moment before that of a batch that was there already.
    pub(super) is_out_of_order: bool,
    /// The marks of those who were forgotten.
    pub(super) forgotten: Forgotten,
    /// Rows that repeat a version of this import, by its number.
    pub(super) repeated: HashMap<u64, Vec<(BatchId, SourceLine)>>,
    /// Rows that repeat a version in the store.
    pub(super) touched: Vec<(VersionKey, BatchId, SourceLine)>,
    /// Rows that repeat an event.
    pub(super) repeats: Repeats,
    /// Events of this import that a later row of it replaced, by their numbers, with the batch of that row.
    pub(super) outdated: HashMap<u64, BatchId>,
    /// Events of the store that this import replaced.
    pub(super) replaced: Vec<(EventPlace, BatchId)>,
    /// What should be said of what was read.
    pub(super) notes: Vec<String>,
    /// Where runs are laid down.
    pub(super) folder: PathBuf,
    /// Rows taken so far, over all datasets.
    pub(super) rows: u64,
    /// Rows rejected so far, over all datasets that were read.
    pub(super) rejected: u64,
    /// Rows of these datasets.
    pub(super) rows_read: u64,
    /// Bytes of their files.
    pub(super) bytes_read: u64,
    /// Bytes of the files of all datasets; 0 where that can't be known.
    pub(super) total_bytes: u64,
}

/// A batch whose bodies are still to be written.
#[derive(Clone)]
pub(super) struct OpenBatch {
    pub(super) id: BatchId,
    pub(super) dataset: DatasetId,
    pub(super) keeps_versions: bool,
    /// The place of the dictionary that its bodies are packed with.
    pub(super) packer: usize,
    pub(super) brought: Brought,
}

impl<'w> Plot<'w> {
    pub(super) fn new(writer: &'w Writer, folder: &Path, at: Moment) -> Result<Plot<'w>> {
        let view = writer.view();
        let settings = view.link_settings()?;
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        Ok(Plot {
            writer,
            people: People::new(view, &settings)?,
            settings,
            at,
            sets: SourceSets::load(view)?,
            versions: Sorter::new(folder),
            events: Sorter::new(folder),
            batches: Vec::new(),
            dictionaries: Vec::new(),
            latest: view.last_ingestion()?,
            is_out_of_order: false,
            forgotten: view.forgotten()?,
            notes: Vec::new(),
            repeated: HashMap::new(),
            touched: Vec::new(),
            repeats: Repeats::new(folder),
            outdated: HashMap::new(),
            replaced: Vec::new(),
            folder: folder.to_owned(),
            rows: 0,
            rejected: 0,
            rows_read: 0,
            bytes_read: 0,
            total_bytes: 0,
        })
    }

    /// From now on rows are of a batch of this moment.
    pub(super) fn turn_to(&mut self, at: Moment) {
        self.at = at;
        self.is_out_of_order |= at <= self.latest;
        self.latest = self.latest.max(at);
    }

    /// Whether the import will touch so many people that asking for each one would be slower than reading all.
    pub(super) fn is_large_beside_the_store(&self, plan: &Plan) -> Result<bool> {
        let known = self.writer.view().total(Total::Identities)?;
        let bytes: u64 = plan
            .datasets
            .iter()
            .filter_map(super::DatasetPlan::bytes)
            .sum();
        Ok(known > 0 && bytes / BYTES_A_ROW > known / LOAD_ALL_SHARE)
    }

    /// Lets go of memory between two datasets: the next may hold rows of the other kind alone.
    pub(super) fn rest(&mut self) -> Result<()> {
        self.versions.rest()?;
        Ok(self.events.rest()?)
    }

    /// Everyone, once the last row is in.
    pub(super) fn take_people(&mut self) -> People {
        std::mem::replace(&mut self.people, People::nobody(&self.settings))
    }

    /// The number of the next row, over all datasets.
    pub(super) fn next_row(&mut self) -> u64 {
        self.rows += 1;
        self.rows
    }

    /// The key that sorts a row to its identity, then its batch, then its time.
    pub(super) fn key(&self, node: Node, at: i64, row: u64) -> Key {
        Key {
            group: self.people.graph.id(node).0,
            part: self.batches.len() as u32,
            at,
            n: row,
        }
    }

    /// The number that the next version of an identity gets in the store.
    pub(super) fn first_free_version(&self, identity: IdentityId) -> Result<u32> {
        if self.writer.is_fresh() {
            return Ok(0);
        }
        Ok(self.writer.view().version_count(identity)?)
    }

    /// The number that its next block of events gets.
    pub(super) fn first_free_block(&self, identity: IdentityId) -> Result<u32> {
        if self.writer.is_fresh() {
            return Ok(0);
        }
        Ok(self.writer.view().block_count(identity)?)
    }
}
