//! The events that a dataset holds of one identity, replaced ones too, for taking rows out of their history.

use std::collections::BTreeMap;

use rusqlite::params;

use super::events::{BLOCK_BITS, bounds};
use super::marks::MarkedBlock;
use super::{EventMark, EventPlace, NewEvent, Repeat, Result, StoreError, View, Writer};
use super::{block_head, blocks};
use crate::model::{BatchId, DatasetId, IdentityId, Moment, SourceLine};

/// An event as it is held, but for its body.
#[derive(Clone, Debug)]
pub struct HeldEvent {
    /// Where it lies.
    pub at: EventPlace,
    /// The batch that brought it.
    pub batch: BatchId,
    /// Where in the batch it stood.
    pub line: SourceLine,
    /// When it happened.
    pub timestamp: Moment,
    /// What it is known again by.
    pub mark: EventMark,
    /// The batch that brought another version of it.
    pub replaced_by: Option<BatchId>,
    /// The rows that said the same again.
    pub repeats: Vec<Repeat>,
}

/// What a block says of its events beside their content.
type Notes = (Vec<(usize, BatchId)>, Vec<(u32, Repeat)>);

impl View<'_> {
    /// The events that a dataset holds of an identity, block by block.
    pub fn held_events(&self, identity: IdentityId, dataset: DatasetId) -> Result<Vec<HeldEvent>> {
        let (from, to) = bounds(identity);
        let mut statement = self.conn.prepare_cached(
            "SELECT key, batch, first, replaced, head, marks, bodies
             FROM event_block
             WHERE key BETWEEN ?1 AND ?2 AND dataset = ?3
             ORDER BY key",
        )?;
        let catalog = self.catalog()?;
        let mut rows = statement.query(params![from, to, dataset.0])?;
        let mut held = Vec::new();
        while let Some(row) = rows.next()? {
            let block: i64 = row.get(0)?;
            let replaced: Option<Vec<u8>> = row.get(3)?;
            let replaced: BTreeMap<usize, u32> =
                blocks::replaced(&replaced.unwrap_or_default()).collect();
            let repeats = self.repeats_of(block)?;
            let marked = MarkedBlock {
                batch: BatchId(row.get(1)?),
                first: Moment(row.get(2)?),
                head: row.get_ref(4)?.as_blob().unwrap_or_default(),
                marks: row.get_ref(5)?.as_blob().unwrap_or_default(),
                bodies: row.get_ref(6)?.as_blob().unwrap_or_default(),
            };
            let heads = block_head::heads(marked.first, marked.head)?;
            let marks = self.marks_of(&marked, &catalog)?;
            for (place, ((head, _), mark)) in heads.into_iter().zip(marks).enumerate() {
                let own = repeats.iter().filter(|(of, _)| *of as usize == place);
                held.push(HeldEvent {
                    at: EventPlace {
                        block,
                        place: place as u32,
                    },
                    batch: marked.batch,
                    line: head.line,
                    timestamp: head.timestamp,
                    mark,
                    replaced_by: replaced.get(&place).copied().map(BatchId),
                    repeats: own.map(|(_, repeat)| *repeat).collect(),
                });
            }
        }
        Ok(held)
    }

    /// An event with its body, ready to be written again.
    pub fn open_event(&self, held: &HeldEvent) -> Result<NewEvent<'static>> {
        self.open_events(&[held])?.pop().ok_or_else(missing)
    }

    /// Events with their bodies, ready to be written again; where they come block by block, each is opened once.
    pub fn open_events(&self, held: &[&HeldEvent]) -> Result<Vec<NewEvent<'static>>> {
        let catalog = self.catalog()?;
        let mut events = Vec::with_capacity(held.len());
        for of_block in held.chunk_by(|a, b| a.at.block == b.at.block) {
            let Some(first) = of_block.first() else {
                continue;
            };
            let opened = self.open_block(first.at.block, &catalog)?;
            for event in of_block {
                let (head, body) = opened.get(event.at.place as usize).ok_or_else(missing)?;
                events.push(NewEvent {
                    timestamp: event.timestamp,
                    kind: head.kind,
                    line: event.line,
                    id: head.id.clone().map(Into::into),
                    mark: event.mark,
                    body: body.clone().into_bytes().into(),
                    outdated_by: None,
                    repeats: Vec::new(),
                });
            }
        }
        Ok(events)
    }
}

fn missing() -> StoreError {
    StoreError::Damaged("an event is missing".into())
}

impl Writer {
    /// Takes out the events that a batch brought of an identity.
    pub fn remove_blocks(&self, identity: IdentityId, batch: BatchId) -> Result<()> {
        self.touch_identity(identity);
        let (from, to) = bounds(identity);
        for statement in [
            "DELETE FROM event_repeat
             WHERE key IN (SELECT key FROM event_block
                           WHERE key BETWEEN ?1 AND ?2 AND batch = ?3)",
            "DELETE FROM event_block WHERE key BETWEEN ?1 AND ?2 AND batch = ?3",
        ] {
            self.view()
                .conn
                .prepare_cached(statement)?
                .execute(params![from, to, batch.0])?;
        }
        Ok(())
    }

    /// Adds the events that a batch holds of an identity, in any order, and what replaced each of them.
    pub fn put_blocks(
        &self,
        identity: IdentityId,
        (dataset, batch): (DatasetId, BatchId),
        mut events: Vec<(NewEvent<'_>, Option<BatchId>)>,
    ) -> Result<()> {
        events.sort_by_key(|(event, _)| (event.timestamp, event.line));
        let n = self.view().block_count(identity)?;
        let (events, replaced): (Vec<_>, Vec<_>) = events.into_iter().unzip();
        self.with_packer(batch, |packer| {
            self.put_events(identity, n, (dataset, batch), &events, packer)
        })?;
        if replaced.iter().all(Option::is_none) {
            return Ok(());
        }
        let first = bounds(identity).0 | i64::from(n);
        let places = self.view().places_from(first)?;
        for (at, by) in places.into_iter().zip(replaced) {
            if let Some(by) = by {
                self.replace_event(at, by)?;
            }
        }
        Ok(())
    }

    /// Says anew which events of a block were replaced, and which rows repeated them.
    pub fn annotate_block(&self, events: &[&HeldEvent]) -> Result<()> {
        let Some(block) = events.first().map(|event| event.at.block) else {
            return Ok(());
        };
        self.touch_identity(IdentityId((block >> BLOCK_BITS) as u32));
        let (replaced, repeats) = notes(events);
        let list: Vec<u8> = replaced
            .into_iter()
            .flat_map(|(place, by)| blocks::replaced_entry(place, by.0))
            .collect();
        self.view()
            .conn
            .prepare_cached("UPDATE event_block SET replaced = ?2 WHERE key = ?1")?
            .execute(params![block, (!list.is_empty()).then_some(list)])?;
        self.set_repeats(block, &repeats)
    }
}

fn notes(events: &[&HeldEvent]) -> Notes {
    let replaced = events
        .iter()
        .filter_map(|event| Some((event.at.place as usize, event.replaced_by?)));
    let repeats = events.iter().flat_map(|event| {
        let own = event.repeats.iter();
        own.map(|repeat| (event.at.place, *repeat))
    });
    (replaced.collect(), repeats.collect())
}

impl View<'_> {
    /// The places of all events of an identity from a block on.
    fn places_from(&self, first: i64) -> Result<Vec<EventPlace>> {
        let identity = IdentityId((first >> BLOCK_BITS) as u32);
        let mut statement = self.conn.prepare_cached(
            "SELECT key, events FROM event_block WHERE key BETWEEN ?1 AND ?2 ORDER BY key",
        )?;
        let mut rows = statement.query([first, bounds(identity).1])?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            let block = row.get(0)?;
            places.extend((0..row.get::<_, u32>(1)?).map(|place| EventPlace { block, place }));
        }
        Ok(places)
    }
}
