//! A block: events of one identity, or of several small ones, in time order behind one short head.

use onefold::model::{IdentityId, Moment};
use xxhash_rust::xxh3::xxh3_128;
use zstd::bulk::{Compressor, Decompressor};

use crate::events::Events;

/// What one event is on a page.
#[derive(Debug, PartialEq)]
pub struct Entry {
    pub moment: Moment,
    pub kind: u8,
    pub line: i64,
    pub body: Vec<u8>,
}

/// Several events, as the columns of one row.
pub struct Block {
    pub first: Moment,
    pub last: Moment,
    pub head: Vec<u8>,
    pub marks: Vec<u8>,
    pub bodies: Vec<u8>,
}

/// Twelve bytes that tell an event from another.
pub fn mark(body: &[u8]) -> [u8; 12] {
    let mut mark = [0; 12];
    mark.copy_from_slice(&xxh3_128(body).to_le_bytes()[..12]);
    mark
}

impl Block {
    /// The events of this run; they are sorted by identity and moment.
    pub fn of(events: &Events, run: &[u32], zip: &mut Compressor<'_>) -> Block {
        let rows = || run.iter().map(|at| &events.rows[*at as usize]);
        let first = rows().map(|row| row.moment).min().unwrap();
        let last = rows().map(|row| row.moment).max().unwrap();
        let (mut head, mut marks, mut text) = (Vec::new(), Vec::new(), Vec::new());
        let (mut identity, mut moment, mut line) =
            (events.rows[run[0] as usize].identity.0, first.0, 0);
        for row in rows() {
            let body = events.body(row);
            // Whose it is costs nothing where it does not change: a bit of the type says so.
            let step = row.identity.0 - identity;
            push_number(&mut head, u64::from(row.kind) << 1 | u64::from(step > 0));
            if step > 0 {
                push_number(&mut head, u64::from(step));
            }
            push_signed(&mut head, row.moment.0 - moment);
            push_signed(&mut head, row.line - line);
            push_number(&mut head, body.len() as u64);
            marks.extend_from_slice(&mark(body));
            text.extend_from_slice(body);
            (identity, moment, line) = (row.identity.0, row.moment.0, row.line);
        }
        let bodies = zip.compress(&text).unwrap();
        Block {
            first,
            last,
            head,
            marks,
            bodies,
        }
    }
}

/// A block as its row gives it.
pub struct Stored<'a> {
    /// Whose the first event is.
    pub identity: IdentityId,
    pub first: Moment,
    pub head: &'a [u8],
    pub bodies: &'a [u8],
}

/// What a block's head says of one event: whose it is, when, which type and line, and where its body lies in the block's text.
struct Place {
    identity: IdentityId,
    moment: Moment,
    kind: u8,
    line: i64,
    text: std::ops::Range<usize>,
}

impl Stored<'_> {
    /// The events of one identity, newest first.
    pub fn entries(&self, identity: IdentityId, unzip: &mut Decompressor<'_>) -> Vec<Entry> {
        let places = self.places();
        let size = places.last().map_or(0, |place| place.text.end);
        let text = unzip.decompress(self.bodies, size).unwrap();
        let own = places
            .into_iter()
            .rev()
            .filter(|place| place.identity == identity);
        own.map(|place| Entry {
            moment: place.moment,
            kind: place.kind,
            line: place.line,
            body: text[place.text].to_vec(),
        })
        .collect()
    }

    fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        let mut head = self.head;
        let (mut identity, mut moment, mut line, mut end) = (self.identity.0, self.first.0, 0, 0);
        while !head.is_empty() {
            let kind = take_number(&mut head);
            if kind & 1 == 1 {
                identity += take_number(&mut head) as u32;
            }
            moment += take_signed(&mut head);
            line += take_signed(&mut head);
            let start = end;
            end += take_number(&mut head) as usize;
            places.push(Place {
                identity: IdentityId(identity),
                moment: Moment(moment),
                kind: (kind >> 1) as u8,
                line,
                text: start..end,
            });
        }
        places
    }
}

fn push_number(into: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

fn push_signed(into: &mut Vec<u8>, number: i64) {
    push_number(into, ((number << 1) ^ (number >> 63)) as u64);
}

fn take_number(from: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    while let Some((byte, rest)) = from.split_first() {
        *from = rest;
        number |= u64::from(byte & 0x7F) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    number
}

fn take_signed(from: &mut &[u8]) -> i64 {
    let number = take_number(from);
    (number >> 1) as i64 ^ -((number & 1) as i64)
}
