//! The links of a graph: who is linked with whom, since when, and how often it was seen.
#![expect(
    clippy::indexing_slicing,
    reason = "link numbers are handed out by this file and stay valid for its arena"
)]

use super::names::Node;
use super::table::Table;
use crate::model::{BatchId, Paged};

/// A link in a graph, numbered from 0 without gaps; a removed link keeps its number and returns under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkNumber(pub(super) u32);

impl LinkNumber {
    /// The place of what is kept beside the graph for this link.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where a record stands: its batch, its place in the order of arrival within it, and its line in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sighting {
    /// The batch.
    pub batch: BatchId,
    /// The record's place in the order of arrival within the batch, below 2^32.
    pub row: u64,
    /// The packed source line, which is only handed back.
    pub line: u64,
}

/// Nothing, where a node or link could stand.
pub(super) const NONE: u32 = u32::MAX;

/// The link holds.
pub(super) const KEPT: u8 = 1;
/// The link is one of those that hold its component together in the spanning forest.
pub(super) const TREE: u8 = 2;
/// The link has changed since changes were last asked for.
pub(super) const CHANGED: u8 = 4;
/// The link was made since changes were last asked for.
pub(super) const NEW: u8 = 8;

#[derive(Clone, Copy)]
struct Seen {
    batch: u32,
    row: u32,
    line: u64,
}

impl From<Sighting> for Seen {
    fn from(at: Sighting) -> Seen {
        Seen {
            batch: at.batch.0,
            row: u32::try_from(at.row).unwrap_or(u32::MAX),
            line: at.line,
        }
    }
}

impl From<Seen> for Sighting {
    fn from(seen: Seen) -> Sighting {
        Sighting {
            batch: BatchId(seen.batch),
            row: u64::from(seen.row),
            line: seen.line,
        }
    }
}

/// One link; its place in the rings of both its ends is part of it, so that taking it out needs no search.
pub(super) struct Link {
    pub(super) ends: [Node; 2],
    next: [u32; 2],
    previous: [u32; 2],
    first: Seen,
    last: Seen,
    batch_line: u64,
    batch_count: u32,
    seen: u32,
}

/// Every link that was ever made, kept or not.
pub(super) struct Links {
    all: Paged<Link>,
    /// How each of them stands: beside them it would take eight bytes.
    flags: Paged<u8>,
    heads: Paged<u32>,
    table: Table,
}

impl Links {
    pub(super) fn new() -> Links {
        Links {
            all: Paged::default(),
            flags: Paged::default(),
            heads: Paged::default(),
            table: Table::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Another node, without links.
    pub(super) fn add_node(&mut self) {
        self.heads.push(NONE);
    }

    pub(super) fn find(&self, a: Node, b: Node) -> Option<LinkNumber> {
        let ends = [a.min(b), a.max(b)];
        self.table
            .find(hash(ends), |link| self.all[link as usize].ends == ends)
            .map(LinkNumber)
    }

    /// The link that two nodes probably have.
    pub(super) fn probable(&self, a: Node, b: Node) -> Option<u32> {
        self.table.probable(hash([a.min(b), a.max(b)]))
    }

    /// Reads where a link lies; the number says nothing.
    pub(super) fn touch(&self, link: u32) -> u32 {
        self.all[link as usize].seen ^ u32::from(self.flags[link as usize])
    }

    /// Reads where the links of a node begin; the number says nothing.
    pub(super) fn touch_head(&self, node: Node) -> u32 {
        self.heads[node.index()]
    }

    /// Makes a link between two nodes that have none, not kept yet and never seen.
    pub(super) fn add(&mut self, a: Node, b: Node, at: Sighting) -> LinkNumber {
        let number = self.all.len() as u32;
        let ends = [a.min(b), a.max(b)];
        self.all.push(Link {
            ends,
            next: [NONE; 2],
            previous: [NONE; 2],
            first: at.into(),
            last: at.into(),
            batch_line: 0,
            batch_count: 0,
            seen: 0,
        });
        self.flags.push(0);
        self.table.add(hash(ends), number);
        LinkNumber(number)
    }

    /// Sets how often and where last a link was seen.
    pub(super) fn set_seen(&mut self, link: LinkNumber, last: Sighting, seen: u64) {
        let link = &mut self.all[link.index()];
        link.last = last.into();
        link.seen = u32::try_from(seen).unwrap_or(u32::MAX);
    }

    /// Counts another sighting; gives back the rows of an earlier batch that this one ends.
    pub(super) fn see(&mut self, number: LinkNumber, at: Sighting) -> Option<LinkRows> {
        let link = &mut self.all[number.index()];
        let ended = (link.batch_count > 0 && link.last.batch != at.batch.0)
            .then(|| link.rows(number))
            .flatten();
        if ended.is_some() {
            link.batch_count = 0;
        }
        if link.batch_count == 0 {
            link.batch_line = at.line;
        }
        link.batch_count += 1;
        link.seen = link.seen.saturating_add(1);
        link.last = at.into();
        ended
    }

    /// The rows that showed a link in its last batch since they were last taken.
    pub(super) fn take_rows(&mut self, number: LinkNumber) -> Option<LinkRows> {
        let link = &mut self.all[number.index()];
        let rows = link.rows(number);
        link.batch_count = 0;
        rows
    }

    pub(super) fn has_rows(&self, link: LinkNumber) -> bool {
        self.all[link.index()].batch_count > 0
    }

    /// Puts a link among those of its two ends.
    pub(super) fn keep(&mut self, link: LinkNumber) {
        let ends = self.all[link.index()].ends;
        for (side, end) in ends.into_iter().enumerate() {
            let head = self.heads[end.index()];
            if head != NONE {
                let other = self.side(LinkNumber(head), end);
                self.all[head as usize].previous[other] = link.0;
            }
            self.all[link.index()].next[side] = head;
            self.all[link.index()].previous[side] = NONE;
            self.heads[end.index()] = link.0;
        }
        self.set(link, KEPT);
    }

    /// Takes a link from among those of its two ends.
    pub(super) fn remove(&mut self, link: LinkNumber) {
        let ends = self.all[link.index()].ends;
        for (side, end) in ends.into_iter().enumerate() {
            let Link { next, previous, .. } = self.all[link.index()];
            let (next, previous) = (next[side], previous[side]);
            if next != NONE {
                let other = self.side(LinkNumber(next), end);
                self.all[next as usize].previous[other] = previous;
            }
            if previous == NONE {
                self.heads[end.index()] = next;
            } else {
                let other = self.side(LinkNumber(previous), end);
                self.all[previous as usize].next[other] = next;
            }
        }
        self.clear(link, KEPT | TREE);
    }

    /// The first kept link of a node.
    pub(super) fn first_of(&self, node: Node) -> Option<LinkNumber> {
        some(self.heads[node.index()])
    }

    /// The kept link of a node that comes after this one.
    pub(super) fn next_of(&self, node: Node, link: LinkNumber) -> Option<LinkNumber> {
        some(self.all[link.index()].next[self.side(link, node)])
    }

    /// The kept links of a node, the newest first.
    pub(super) fn of(&self, node: Node) -> impl Iterator<Item = LinkNumber> {
        std::iter::successors(self.first_of(node), move |link| self.next_of(node, *link))
    }

    pub(super) fn ends(&self, link: LinkNumber) -> [Node; 2] {
        self.all[link.index()].ends
    }

    /// The other end of a link.
    pub(super) fn other(&self, link: LinkNumber, node: Node) -> Node {
        let [a, b] = self.all[link.index()].ends;
        if a == node { b } else { a }
    }

    pub(super) fn has(&self, link: LinkNumber, flag: u8) -> bool {
        self.flags[link.index()] & flag != 0
    }

    pub(super) fn set(&mut self, link: LinkNumber, flags: u8) {
        self.flags[link.index()] |= flags;
    }

    pub(super) fn clear(&mut self, link: LinkNumber, flags: u8) {
        self.flags[link.index()] &= !flags;
    }

    pub(super) fn first_seen(&self, link: LinkNumber) -> Sighting {
        self.all[link.index()].first.into()
    }

    pub(super) fn last_seen(&self, link: LinkNumber) -> Sighting {
        self.all[link.index()].last.into()
    }

    pub(super) fn seen(&self, link: LinkNumber) -> u64 {
        u64::from(self.all[link.index()].seen)
    }

    fn side(&self, link: LinkNumber, node: Node) -> usize {
        usize::from(self.all[link.index()].ends[0] != node)
    }
}

/// The rows of one batch that showed a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkRows {
    /// The link.
    pub link: LinkNumber,
    /// The batch.
    pub batch: BatchId,
    /// The packed line of the first of them.
    pub first_line: u64,
    /// The packed line of the last of them.
    pub last_line: u64,
    /// How many they are.
    pub seen: u64,
}

impl Link {
    fn rows(&self, link: LinkNumber) -> Option<LinkRows> {
        (self.batch_count > 0).then_some(LinkRows {
            link,
            batch: BatchId(self.last.batch),
            first_line: self.batch_line,
            last_line: self.last.line,
            seen: u64::from(self.batch_count),
        })
    }
}

fn some(link: u32) -> Option<LinkNumber> {
    (link != NONE).then_some(LinkNumber(link))
}

fn hash([a, b]: [Node; 2]) -> u32 {
    let key = u64::from(a.0) << 32 | u64::from(b.0);
    let mixed = (key ^ (key >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed >> 32) as u32
}
