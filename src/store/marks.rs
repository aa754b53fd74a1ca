//! What events are known again by, and how a block keeps that.

use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_64_with_seed};

use super::block_head;
use super::blocks::{self, NewEvent};
use super::{Catalog, Result, View};
use crate::model::{BatchId, Moment};

/// What an event is known again by: a hash of what identifies it, and one of its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventMark {
    /// Hash of its `_id`, or of time, body and occurrence where it has none.
    pub key: u64,
    /// Hash of its body.
    pub body: u32,
}

impl EventMark {
    /// The mark of an event with an id, given the XXH3 hash of its body.
    pub fn of_id(id: &[u8], body_hash: u64) -> EventMark {
        EventMark {
            key: EventMark::key_of_id(id),
            body: EventMark::body_of(body_hash),
        }
    }

    /// The mark of an event without one, whose time and body are those of so many others before it in its file, given a
    /// hash of these.
    pub fn of_occurrence(mut same: Xxh3, times: u32, body_hash: u64) -> EventMark {
        same.update(&times.to_le_bytes());
        EventMark {
            key: same.digest(),
            body: EventMark::body_of(body_hash),
        }
    }

    /// The key of an event with an id.
    pub fn key_of_id(id: &[u8]) -> u64 {
        xxh3_64_with_seed(id, 1)
    }

    fn body_of(hash: u64) -> u32 {
        (hash >> 32) as u32
    }
}

/// The marks of a block's events; none where all of them follow from ids and bodies.
pub(super) fn pack(events: &[NewEvent<'_>]) -> Vec<u8> {
    let follows = |event: &NewEvent<'_>| {
        let id = event.id.as_ref();
        id.is_some_and(|id| EventMark::of_id(id.as_bytes(), xxh3_64(&event.body)) == event.mark)
    };
    if events.iter().all(follows) {
        return Vec::new();
    }
    let mut marks = Vec::with_capacity(events.len() * 12);
    for event in events {
        marks.extend(event.mark.key.to_le_bytes());
        marks.extend(event.mark.body.to_le_bytes());
    }
    marks
}

/// A block as its marks are found in it.
pub(super) struct MarkedBlock<'b> {
    pub(super) batch: BatchId,
    pub(super) first: Moment,
    pub(super) marks: &'b [u8],
    pub(super) head: &'b [u8],
    pub(super) bodies: &'b [u8],
}

impl View<'_> {
    /// The marks of a block, in time order.
    pub(super) fn marks_of(
        &self,
        block: &MarkedBlock<'_>,
        catalog: &Catalog,
    ) -> Result<Vec<EventMark>> {
        if !block.marks.is_empty() {
            return Ok(unpack(block.marks).collect());
        }
        let dictionary = catalog.batch(block.batch)?.dictionary;
        let mut codecs = self.codecs.borrow_mut();
        let text = codecs.unpack(self.conn, dictionary, block.bodies)?;
        following(block.first, block.head, &text)
    }
}

/// The marks that follow from the ids and bodies of a block.
pub(super) fn following(first: Moment, head: &[u8], text: &[u8]) -> Result<Vec<EventMark>> {
    let mut marks = Vec::new();
    blocks::each(block_head::heads(first, head)?, text, |_, id, body| {
        marks.push(EventMark::of_id(id.unwrap_or_default(), xxh3_64(body)));
    })?;
    Ok(marks)
}

/// Marks as [`pack`] wrote them.
pub(super) fn unpack(bytes: &[u8]) -> impl Iterator<Item = EventMark> + '_ {
    bytes.chunks_exact(12).map(|mark| {
        let (key, body) = mark.split_at(8);
        EventMark {
            key: key.try_into().map_or(0, u64::from_le_bytes),
            body: body.try_into().map_or(0, u32::from_le_bytes),
        }
    })
}
