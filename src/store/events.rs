//! Events of an identity: counted and ordered by the heads of their blocks, opened only where they are shown.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::params;

use super::marks::MarkedBlock;
use super::{Catalog, EventMark, Result, StoreError, View, Writer};
use super::{block_head, blocks};
use crate::model::{BatchId, Body, DatasetId, Event, Identity, IdentityId, Moment};

pub(super) const BLOCK_BITS: u32 = 24;

/// An event by its place in the store, with what sorting and filtering need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventRef {
    /// When it happened.
    pub timestamp: Moment,
    /// The number of its type; 0 is none.
    pub kind: i64,
    /// The dataset.
    pub dataset: DatasetId,
    /// The batch.
    pub batch: BatchId,
    block: i64,
    place: u32,
}

impl EventRef {
    /// What parts events of the same millisecond: the later arrived is the larger.
    pub fn arrival(&self) -> (BatchId, i64, u32) {
        (self.batch, self.block, self.place)
    }

    /// The primary identity.
    pub fn identity(&self) -> IdentityId {
        identity_of(self.block)
    }
}

/// The primary identity of the events of a block.
pub(super) fn identity_of(block: i64) -> IdentityId {
    IdentityId((block >> BLOCK_BITS) as u32)
}

/// How many events a dataset holds of an identity, and from when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTotals {
    /// The dataset.
    pub dataset: DatasetId,
    /// How many.
    pub events: u64,
    /// The time of the first block's first event.
    pub first: Moment,
    /// The time of the last block's last event.
    pub last: Moment,
}

impl EventTotals {
    /// Adds those of another block of the same dataset.
    pub(super) fn add(&mut self, other: &EventTotals) {
        self.events += other.events;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

/// An event that a store already has, as importing again needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownEvent {
    /// What it is known again by.
    pub mark: EventMark,
    /// Where it lies, for replacing it.
    pub at: EventPlace,
    /// The batch that brought it.
    pub batch: BatchId,
    /// The moment of that batch.
    pub ingested_at: Moment,
}

/// Where an event lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventPlace {
    pub(super) block: i64,
    pub(super) place: u32,
}

/// The first and the last moment of a block that lasts so many milliseconds.
pub(super) fn span(first: i64, lasting: i64) -> (Moment, Moment) {
    (Moment(first), Moment(first.wrapping_add(lasting)))
}

impl View<'_> {
    /// How many events each dataset holds of an identity, as of a moment of ingestion.
    pub fn event_totals(&self, identity: IdentityId, as_of: Moment) -> Result<Vec<EventTotals>> {
        let catalog = self.catalog()?;
        let mut statement = self.conn.prepare_cached(
            "SELECT dataset, batch, first, lasting, events, replaced
             FROM event_block
             WHERE key BETWEEN ?1 AND ?2",
        )?;
        let mut totals: Vec<EventTotals> = Vec::new();
        let mut rows = statement.query(range(identity))?;
        while let Some(row) = rows.next()? {
            if catalog.batch(BatchId(row.get(1)?))?.ingested_at > as_of {
                continue;
            }
            let dataset = DatasetId(row.get(0)?);
            let (first, last) = span(row.get(2)?, row.get(3)?);
            let gone = replaced_by(
                row.get_ref(5)?.as_blob_or_null().unwrap_or_default(),
                &catalog,
                as_of,
            )
            .count();
            let events = row.get::<_, u64>(4)?.saturating_sub(gone as u64);
            let own = EventTotals {
                dataset,
                events,
                first,
                last,
            };
            match totals.iter_mut().find(|known| known.dataset == dataset) {
                Some(known) => known.add(&own),
                None => totals.push(own),
            }
        }
        Ok(totals)
    }

    /// Every event of an identity as of a moment of ingestion, block by block.
    pub fn each_event(
        &self,
        identity: IdentityId,
        as_of: Moment,
        mut visit: impl FnMut(EventRef),
    ) -> Result<()> {
        let catalog = self.catalog()?;
        let mut statement = self.conn.prepare_cached(
            "SELECT key, dataset, batch, first, replaced, head
             FROM event_block
             WHERE key BETWEEN ?1 AND ?2
             ORDER BY key",
        )?;
        let mut rows = statement.query(range(identity))?;
        while let Some(row) = rows.next()? {
            let batch = BatchId(row.get(2)?);
            if catalog.batch(batch)?.ingested_at > as_of {
                continue;
            }
            let gone: Vec<usize> = replaced_by(
                row.get_ref(4)?.as_blob_or_null().unwrap_or_default(),
                &catalog,
                as_of,
            )
            .collect();
            let heads = block_head::heads(
                Moment(row.get(3)?),
                row.get_ref(5)?.as_blob().unwrap_or_default(),
            )?;
            let (block, dataset) = (row.get(0)?, DatasetId(row.get(1)?));
            for (place, (head, _)) in heads.iter().enumerate() {
                if !gone.contains(&place) {
                    visit(EventRef {
                        timestamp: head.timestamp,
                        kind: head.kind,
                        dataset,
                        batch,
                        block,
                        place: place as u32,
                    });
                }
            }
        }
        Ok(())
    }

    /// The events at these places, in their order; each block is opened once.
    pub fn events_at(
        &self,
        refs: &[EventRef],
        names: &HashMap<IdentityId, Arc<Identity>>,
    ) -> Result<Vec<Event>> {
        let catalog = self.catalog()?;
        let mut opened: HashMap<i64, Vec<(block_head::Head, String)>> = HashMap::new();
        refs.iter()
            .map(|at| {
                if let std::collections::hash_map::Entry::Vacant(place) = opened.entry(at.block) {
                    place.insert(self.open_block(at.block, &catalog)?);
                }
                let (head, body) = opened
                    .get(&at.block)
                    .and_then(|events| events.get(at.place as usize))
                    .ok_or_else(|| StoreError::Damaged("an event is missing".into()))?;
                let name = names.get(&at.identity()).map_or_else(
                    || Ok(Arc::new(self.named(&self.identity(at.identity())?)?)),
                    |name| Ok::<_, StoreError>(Arc::clone(name)),
                )?;
                let batch = catalog.batch(at.batch)?;
                Ok(Event {
                    id: head.id.clone(),
                    timestamp: head.timestamp,
                    kind: catalog.event_type(head.kind),
                    dataset: catalog.dataset_name(at.dataset)?,
                    channel: catalog.channel(at.dataset),
                    identity: name,
                    batch: at.batch,
                    file: Arc::from(batch.file(head.line)),
                    line: head.line,
                    ingested_at: batch.ingested_at,
                    body: Body::new(body.as_str()),
                })
            })
            .collect()
    }

    pub(super) fn open_block(
        &self,
        key: i64,
        catalog: &Catalog,
    ) -> Result<Vec<(block_head::Head, String)>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT batch, first, head, bodies FROM event_block WHERE key = :key",
        )?;
        let mut rows = statement.query([key])?;
        let row = rows
            .next()?
            .ok_or_else(|| StoreError::Damaged("a block of events is missing".into()))?;
        let batch = catalog.batch(BatchId(row.get(0)?))?;
        let heads = block_head::heads(
            Moment(row.get(1)?),
            row.get_ref(2)?.as_blob().unwrap_or_default(),
        )?;
        let packed = row.get_ref(3)?.as_blob().unwrap_or_default();
        let text = self
            .codecs
            .borrow_mut()
            .unpack(self.conn, batch.dictionary, packed)?;
        blocks::open(heads, &text)
    }

    /// What a dataset holds of an identity, by what each event is known again by; replaced ones are left out.
    pub fn known_events(
        &self,
        identity: IdentityId,
        dataset: DatasetId,
    ) -> Result<Vec<KnownEvent>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT key, replaced, batch, first, marks, head, bodies
             FROM event_block
             WHERE key BETWEEN ?1 AND ?2 AND dataset = ?3",
        )?;
        let catalog = self.catalog()?;
        let (from, to) = bounds(identity);
        let mut rows = statement.query(params![from, to, dataset.0])?;
        let mut known = Vec::new();
        while let Some(row) = rows.next()? {
            let block = row.get(0)?;
            let batch = BatchId(row.get(2)?);
            let ingested_at = catalog.batch(batch)?.ingested_at;
            let gone: Vec<usize> = blocks::replaced(
                row.get_ref(1)?
                    .as_blob_or_null()
                    .unwrap_or_default()
                    .unwrap_or_default(),
            )
            .map(|(place, _)| place)
            .collect();
            let marks = self.marks_of(
                &MarkedBlock {
                    batch,
                    first: Moment(row.get(3)?),
                    marks: row.get_ref(4)?.as_blob().unwrap_or_default(),
                    head: row.get_ref(5)?.as_blob().unwrap_or_default(),
                    bodies: row.get_ref(6)?.as_blob().unwrap_or_default(),
                },
                &catalog,
            )?;
            known.extend(
                marks
                    .into_iter()
                    .enumerate()
                    .filter(|(place, _)| !gone.contains(place))
                    .map(|(place, mark)| KnownEvent {
                        mark,
                        at: EventPlace {
                            block,
                            place: place as u32,
                        },
                        batch,
                        ingested_at,
                    }),
            );
        }
        Ok(known)
    }

    /// How many blocks an identity has, deleted ones included where later ones stand.
    pub fn block_count(&self, identity: IdentityId) -> Result<u32> {
        let last: Option<i64> = self
            .conn
            .prepare_cached("SELECT max(key) FROM event_block WHERE key BETWEEN ?1 AND ?2")?
            .query_row(range(identity), |row| row.get(0))?;
        Ok(last.map_or(0, |key| (key & ((1 << BLOCK_BITS) - 1)) as u32 + 1))
    }
}

/// Places of a block that a batch of no later moment than this replaced.
fn replaced_by<'a>(
    list: Option<&'a [u8]>,
    catalog: &'a Catalog,
    as_of: Moment,
) -> impl Iterator<Item = usize> + 'a {
    blocks::replaced(list.unwrap_or_default())
        .filter(move |(_, batch)| {
            catalog
                .batch(BatchId(*batch))
                .is_ok_and(|batch| batch.ingested_at <= as_of)
        })
        .map(|(place, _)| place)
}

pub(super) fn bounds(identity: IdentityId) -> (i64, i64) {
    let from = i64::from(identity.0) << BLOCK_BITS;
    (from, from | ((1 << BLOCK_BITS) - 1))
}

fn range(identity: IdentityId) -> [i64; 2] {
    let (from, to) = bounds(identity);
    [from, to]
}

impl Writer {
    /// The number of an event type; a new one is added.
    pub fn event_type(&self, name: &str) -> Result<i64> {
        let conn = self.view().conn;
        conn.prepare_cached("INSERT OR IGNORE INTO event_type (name) VALUES (:name)")?
            .execute([name])?;
        Ok(conn
            .prepare_cached("SELECT id FROM event_type WHERE name = :name")?
            .query_row([name], |row| row.get(0))?)
    }

    /// Notes that a batch brought another version of an event.
    pub fn replace_event(&self, at: EventPlace, by: BatchId) -> Result<()> {
        self.touch_identity(identity_of(at.block));
        let entry = blocks::replaced_entry(at.place as usize, by.0);
        self.view()
            .conn
            .prepare_cached(
                "UPDATE event_block
                 SET replaced = CAST(coalesce(replaced, x'') || :entry AS BLOB)
                 WHERE key = :key",
            )?
            .execute(rusqlite::named_params! {":key": at.block, ":entry": entry})?;
        Ok(())
    }
}
