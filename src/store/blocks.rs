//! How the events of one identity are packed into a block: small columns in front, bodies behind.

use std::borrow::Cow;

use super::block_head::{self, Head};
use super::codec::BodyWriter;
use super::marks::{self, EventMark};
use super::repeats::Repeat;
use super::{Result, StoreError};
use crate::model::{BatchId, Moment, SourceLine};

/// Events a block holds at most; enough for the bodies to share what they repeat, few enough to open one for a page.
pub(super) const EVENTS_A_BLOCK: usize = 40;

/// Bytes of bodies a block holds at most, so that one page never unpacks hundreds of megabytes.
const BYTES_A_BLOCK: usize = 256 * 1024;

/// An event on its way into a block.
#[derive(Clone, Debug)]
pub struct NewEvent<'a> {
    /// When it happened.
    pub timestamp: Moment,
    /// The number of its type; 0 is none.
    pub kind: i64,
    /// Where in the batch it stood.
    pub line: SourceLine,
    /// Its id; `None` where the source gave none.
    pub id: Option<Cow<'a, str>>,
    /// What it is known again by.
    pub mark: EventMark,
    /// What was sent.
    pub body: Cow<'a, [u8]>,
    /// The batch of the same import that holds another version of it.
    pub outdated_by: Option<BatchId>,
    /// Later rows that said the very same.
    pub repeats: Vec<Repeat>,
}

/// Events of one identity, dataset and batch, packed and ready for their row.
pub struct Block {
    pub(super) first: Moment,
    pub(super) last: Moment,
    pub(super) events: usize,
    pub(super) head: Vec<u8>,
    pub(super) marks: Vec<u8>,
    pub(super) bodies: Vec<u8>,
    /// Those that a later row of the same import replaced, by their places, with its batch.
    pub(super) outdated: Vec<(u32, BatchId)>,
    /// Rows that said the same as one of them, by its place.
    pub(super) repeats: Vec<(u32, Repeat)>,
}

/// Says where blocks end, event by event.
#[derive(Clone, Copy, Debug, Default)]
pub struct BlockCutter {
    events: usize,
    bytes: usize,
}

impl BlockCutter {
    /// Whether no more events go into the block.
    pub fn is_full(self) -> bool {
        self.events >= EVENTS_A_BLOCK || self.bytes >= BYTES_A_BLOCK
    }

    /// Counts an event of this many bytes into the block.
    pub fn add(&mut self, bytes: usize) {
        self.events += 1;
        self.bytes += bytes;
    }
}

/// How many of these events, which are in time order, make the next block.
pub(super) fn block_length(events: &[NewEvent<'_>]) -> usize {
    let mut block = BlockCutter::default();
    let fits = |event: &&NewEvent<'_>| {
        let fits = !block.is_full();
        block.add(event.body.len());
        fits
    };
    events.iter().take_while(fits).count()
}

/// Packs events that are in time order; they are not empty.
pub fn pack_block(events: &[NewEvent<'_>], bodies: &mut BodyWriter) -> Result<Block> {
    let first = events.first().map_or(Moment(0), |event| event.timestamp);
    let last = events.last().map_or(first, |event| event.timestamp);
    // Ids stand behind the bodies in the same frame: most bodies hold their id, so the second copy costs a reference.
    let bytes = events.iter().map(|event| &*event.body);
    let ids = events.iter().filter_map(|event| event.id.as_ref());
    let text: Vec<&[u8]> = bytes.chain(ids.map(|id| id.as_bytes())).collect();
    let text = text.concat();
    let bodies = bodies
        .pack(&text)
        .map_err(|error| StoreError::Damaged(format!("cannot pack events: {error}")))?
        .to_vec();
    let places = || (0..).zip(events);
    Ok(Block {
        outdated: places()
            .filter_map(|(place, event)| Some((place, event.outdated_by?)))
            .collect(),
        repeats: places()
            .flat_map(|(place, event)| event.repeats.iter().map(move |repeat| (place, *repeat)))
            .collect(),
        first,
        last,
        events: events.len(),
        head: block_head::pack(events),
        marks: marks::pack(events),
        bodies,
    })
}

/// Heads with their ids and bodies.
pub(super) fn open(heads: Vec<(Head, usize)>, text: &[u8]) -> Result<Vec<(Head, String)>> {
    let mut events = Vec::with_capacity(heads.len());
    let owned = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    each(heads, text, |mut head, id, body| {
        head.id = id.map(owned);
        events.push((head, owned(body)));
    })?;
    Ok(events)
}

/// Visits the heads of a block with their ids and bodies.
pub(super) fn each(
    heads: Vec<(Head, usize)>,
    text: &[u8],
    mut visit: impl FnMut(Head, Option<&[u8]>, &[u8]),
) -> Result<()> {
    let broken = || StoreError::Damaged("a block of events is shorter than its head says".into());
    let ids_at: usize = heads.iter().map(|(head, _)| head.length).sum();
    let (mut bodies, mut ids) = text.split_at_checked(ids_at).ok_or_else(broken)?;
    for (head, id_length) in heads {
        let (body, others) = bodies.split_at_checked(head.length).ok_or_else(broken)?;
        let mut own = None;
        if let Some(length) = id_length.checked_sub(1) {
            let (id, rest) = ids.split_at_checked(length).ok_or_else(broken)?;
            (own, ids) = (Some(id), rest);
        }
        bodies = others;
        visit(head, own, body);
    }
    Ok(())
}

/// Events of a block that a later batch replaced: place in the block, and that batch, four bytes each.
pub(super) fn replaced(bytes: &[u8]) -> impl Iterator<Item = (usize, u32)> + '_ {
    bytes.chunks_exact(8).map(|pair| {
        let (place, batch) = pair.split_at(4);
        let number = |bytes: &[u8]| bytes.try_into().map_or(0, u32::from_le_bytes);
        (number(place) as usize, number(batch))
    })
}

/// That list for a block in which later rows of its own import replaced earlier ones; `None` where none did.
pub(super) fn outdated(places: &[(u32, BatchId)]) -> Option<Vec<u8>> {
    let list = places
        .iter()
        .flat_map(|(place, by)| replaced_entry(*place as usize, by.0));
    (!places.is_empty()).then(|| list.collect())
}

/// One more entry of that list.
pub(super) fn replaced_entry(place: usize, batch: u32) -> [u8; 8] {
    let mut entry = [0; 8];
    let (low, high) = entry.split_at_mut(4);
    low.copy_from_slice(&(place as u32).to_le_bytes());
    high.copy_from_slice(&batch.to_le_bytes());
    entry
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::codec::Codecs;
    use rusqlite::Connection;

    fn unpacked(bodies: &[u8]) -> Vec<u8> {
        let conn = Connection::open_in_memory().unwrap();
        let tables = "CREATE TABLE dictionary (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)";
        conn.execute_batch(tables).unwrap();
        Codecs::default().unpack(&conn, 0, bodies).unwrap()
    }

    #[test]
    fn a_block_gives_back_what_went_in() {
        let event = |at: i64, id: Option<&'static str>, body: &'static str| NewEvent {
            timestamp: Moment(at),
            kind: at % 3,
            line: SourceLine { file: 1, line: 7 },
            id: id.map(Cow::Borrowed),
            mark: EventMark {
                key: at as u64,
                body: 9,
            },
            body: body.as_bytes().into(),
            outdated_by: None,
            repeats: Vec::new(),
        };
        let events = [
            event(-5, Some("a"), r#"{"_id":"a"}"#),
            event(-5, None, "{}"),
            event(1_700_000_000_000, Some(""), r#"{"x":"é"}"#),
        ];
        let packed = pack_block(&events, &mut BodyWriter::new(&[]).unwrap()).unwrap();
        assert_eq!((packed.first.0, packed.last.0), (-5, 1_700_000_000_000));
        let text = unpacked(&packed.bodies);
        let heads = block_head::heads(packed.first, &packed.head).unwrap();
        let opened = open(heads, &text).unwrap();
        for (event, (head, body)) in events.iter().zip(&opened) {
            assert_eq!(head.timestamp, event.timestamp);
            assert_eq!((head.kind, head.line), (event.kind, event.line));
            assert_eq!(head.id.as_deref(), event.id.as_deref());
            assert_eq!(body.as_bytes(), &*event.body);
        }
        let marks: Vec<_> = marks::unpack(&packed.marks).collect();
        assert_eq!(marks, events.each_ref().map(|event| event.mark));
    }

    #[test]
    fn marks_that_follow_from_ids_and_bodies_take_no_room() {
        let event = |id: Option<&'static str>, mark: EventMark| NewEvent {
            timestamp: Moment(1),
            kind: 0,
            line: SourceLine { file: 0, line: 1 },
            id: id.map(Cow::Borrowed),
            mark,
            body: b"{}"[..].into(),
            outdated_by: None,
            repeats: Vec::new(),
        };
        let own = |id: &str| EventMark::of_id(id.as_bytes(), xxhash_rust::xxh3::xxh3_64(b"{}"));
        let check = |events: &[NewEvent<'_>], length: usize| {
            let packed = pack_block(events, &mut BodyWriter::new(&[]).unwrap()).unwrap();
            assert_eq!(packed.marks.len(), length);
            let text = unpacked(&packed.bodies);
            let marks: Vec<_> = match length {
                0 => marks::following(packed.first, &packed.head, &text).unwrap(),
                _ => marks::unpack(&packed.marks).collect(),
            };
            let expected: Vec<_> = events.iter().map(|event| event.mark).collect();
            assert_eq!(marks, expected);
        };
        check(&[event(Some("a"), own("a")), event(Some(""), own(""))], 0);
        // One whose body was mended after its row was marked, and one without an id.
        check(
            &[event(Some("a"), own("a")), event(Some("b"), own("a"))],
            24,
        );
        check(&[event(None, own(""))], 12);
    }
}
