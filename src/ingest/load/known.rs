//! What a dataset holds already, in hashes: how a row that says nothing new is known again.

use hashbrown::hash_map::Entry;
use hashbrown::{HashMap, HashSet};
use xxhash_rust::xxh3::Xxh3;

use crate::model::{BatchId, Moment, Operation};
use crate::store::{EventMark, EventPlace, KnownEvent, VersionKey};

/// Where the earlier version of a row lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Earlier<P> {
    /// In the store.
    Stored(P),
    /// A row of this import, by its number.
    Arrived(u64),
}

/// What a new row is to those that came before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Novelty<P> {
    /// Nothing of the kind was there.
    New,
    /// Another version was there.
    Replaces(Earlier<P>),
    /// The very same was there.
    Repeats(Earlier<P>),
    /// This batch of a later moment holds another version already.
    Precedes(BatchId),
}

/// The newest version of each fragment that was met, by the node of its primary identity.
pub(super) struct KnownRecords {
    newest: HashMap<u32, Newest>,
    at: Moment,
}

/// The newest version: the hash of what it says, where it lies, and its moment of ingestion.
#[derive(Clone, Copy)]
struct Newest {
    hash: u64,
    earlier: Earlier<VersionKey>,
    at: Moment,
}

impl KnownRecords {
    /// Nothing yet; the first rows are of this moment.
    pub(super) fn new(at: Moment) -> KnownRecords {
        KnownRecords {
            newest: HashMap::new(),
            at,
        }
    }

    /// Whether this identity was met before.
    pub(super) fn has_met(&self, node: u32) -> bool {
        self.newest.contains_key(&node)
    }

    /// From now on rows are of this moment.
    pub(super) fn turn_to(&mut self, at: Moment) {
        self.at = at;
    }

    /// Notes what the store holds as the newest version, unless a later one has arrived.
    pub(super) fn remember(&mut self, node: u32, hash: u64, (at, key): (Moment, VersionKey)) {
        if self.newest.get(&node).is_none_or(|known| known.at < at) {
            let earlier = Earlier::Stored(key);
            self.newest.insert(node, Newest { hash, earlier, at });
        }
    }

    /// What a record is to the newest version, and notes it where it says something else.
    pub(super) fn meet(&mut self, node: u32, hash: u64, row: u64) -> Novelty<VersionKey> {
        let arrived = Newest {
            hash,
            earlier: Earlier::Arrived(row),
            at: self.at,
        };
        match self.newest.entry(node) {
            Entry::Vacant(place) => {
                place.insert(arrived);
                Novelty::New
            }
            Entry::Occupied(mut known) => {
                let before = *known.get();
                if before.hash == hash {
                    return Novelty::Repeats(before.earlier);
                }
                known.insert(arrived);
                Novelty::Replaces(before.earlier)
            }
        }
    }
}

/// The hash by which a record is held against the version before it, given that of its body.
pub(super) fn record_hash(operation: Operation, body_hash: u64) -> u64 {
    body_hash.wrapping_add(operation as u64)
}

/// The events of a dataset that were met, by what each is known again by.
pub(super) struct KnownEvents {
    marks: Marks,
    stored: Vec<KnownEvent>,
    at: Moment,
    loaded: HashSet<u32>,
    occurrences: HashMap<u64, u32>,
}

/// Hashes of bodies and numbers of rows, by what identifies an event.
type Part = HashMap<u64, (u32, u32), as_is::Unhashed>;

/// Marks in many parts, so that no event waits while the whole of them grows, and no memory is wanted for all of them twice.
struct Marks(Vec<Part>);

/// As many parts as keep the growth of one below a millisecond at some millions of events.
const PARTS: usize = 256;

impl Default for Marks {
    fn default() -> Marks {
        Marks((0..PARTS).map(|_| Part::default()).collect())
    }
}

impl Marks {
    /// The part that this key belongs to; its bits are none of those that a part goes by.
    #[expect(
        clippy::indexing_slicing,
        reason = "there are as many parts as a byte has values"
    )]
    fn of(&mut self, key: u64) -> &mut Part {
        &mut self.0[usize::from((key >> 40) as u8)]
    }
}

/// The keys are hashes already, so they are taken as they are.
mod as_is {
    use std::hash::{BuildHasherDefault, Hasher};

    #[derive(Default)]
    pub(in super::super) struct AsIs(u64);

    impl Hasher for AsIs {
        fn finish(&self) -> u64 {
            self.0
        }
        fn write(&mut self, _: &[u8]) {}
        fn write_u64(&mut self, hash: u64) {
            self.0 = hash;
        }
    }

    pub(in super::super) type Unhashed = BuildHasherDefault<AsIs>;
}

/// Places in the store are told from rows of this import by this bit.
const STORED: u32 = 1 << 31;

impl KnownEvents {
    /// Nothing yet; the first rows are of this moment.
    pub(super) fn new(at: Moment) -> KnownEvents {
        KnownEvents {
            marks: Marks::default(),
            stored: Vec::new(),
            at,
            loaded: HashSet::new(),
            occurrences: HashMap::new(),
        }
    }

    /// Whether what the store holds of this identity has still to be noted.
    pub(super) fn is_first_meeting(&mut self, node: u32) -> bool {
        self.loaded.insert(node)
    }

    /// Notes an event that the store holds.
    pub(super) fn remember(&mut self, node: u32, known: KnownEvent) {
        let place = STORED | self.stored.len() as u32;
        self.stored.push(known);
        let key = of_node(node, known.mark.key);
        self.marks.of(key).insert(key, (known.mark.body, place));
    }

    /// Another file begins: how often an event without id occurs is counted within one.
    pub(super) fn next_file(&mut self) {
        self.occurrences.clear();
    }

    /// From now on rows are of this moment.
    pub(super) fn turn_to(&mut self, at: Moment) {
        self.at = at;
        self.next_file();
    }

    /// The mark of an event of an identity; `hash` is that of its body.
    pub(super) fn mark(&mut self, node: u32, id: Option<&str>, at: Moment, hash: u64) -> EventMark {
        if let Some(id) = id {
            return EventMark::of_id(id.as_bytes(), hash);
        }
        let mut same = Xxh3::with_seed(2);
        same.update(&at.0.to_le_bytes());
        same.update(&hash.to_le_bytes());
        let times = self
            .occurrences
            .entry(of_node(node, same.digest()))
            .or_default();
        *times += 1;
        EventMark::of_occurrence(same, *times - 1, hash)
    }

    /// What an event is to those met before, and notes it where it says something else; `row` counts below 2^31.
    pub(super) fn meet(&mut self, node: u32, mark: EventMark, row: u64) -> Novelty<EventPlace> {
        let row = row as u32 & !STORED;
        let key = of_node(node, mark.key);
        match self.marks.of(key).entry(key) {
            Entry::Vacant(place) => {
                place.insert((mark.body, row));
                Novelty::New
            }
            Entry::Occupied(mut known) => {
                let (body, place) = *known.get();
                let stored = (place & STORED != 0)
                    .then(|| self.stored.get((place & !STORED) as usize))
                    .flatten();
                let earlier = stored.map_or(Earlier::Arrived(u64::from(place)), |known| {
                    Earlier::Stored(known.at)
                });
                if body == mark.body {
                    return Novelty::Repeats(earlier);
                }
                if let Some(later) = stored.filter(|known| known.ingested_at > self.at) {
                    return Novelty::Precedes(later.batch);
                }
                known.insert((mark.body, row));
                Novelty::Replaces(earlier)
            }
        }
    }
}

fn of_node(node: u32, key: u64) -> u64 {
    // A multiplication spreads the node over all bits, so that ids of different people never meet by design.
    key ^ (u64::from(node) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_repeats_or_replaces_the_newest_version() {
        let mut known = KnownRecords::new(Moment(0));
        assert_eq!(known.meet(1, 10, 1), Novelty::New);
        assert_eq!(known.meet(1, 10, 2), Novelty::Repeats(Earlier::Arrived(1)));
        assert_eq!(known.meet(1, 11, 3), Novelty::Replaces(Earlier::Arrived(1)));
        assert_eq!(known.meet(1, 10, 4), Novelty::Replaces(Earlier::Arrived(3)));
        assert_eq!(known.meet(2, 10, 5), Novelty::New);
    }

    #[test]
    fn an_event_without_id_is_known_by_its_occurrence() {
        let mut known = KnownEvents::new(Moment(0));
        let at = Moment(5);
        let first = known.mark(1, None, at, 1 << 32);
        let second = known.mark(1, None, at, 1 << 32);
        assert_ne!(first.key, second.key);
        assert_eq!(known.meet(1, first, 1), Novelty::New);
        assert_eq!(known.meet(1, second, 2), Novelty::New);
        known.next_file();
        let again = known.mark(1, None, at, 1 << 32);
        assert_eq!(
            known.meet(1, again, 3),
            Novelty::Repeats(Earlier::Arrived(1))
        );
    }

    #[test]
    fn an_id_counts_for_one_identity_alone() {
        let mut known = KnownEvents::new(Moment(0));
        let at = Moment(5);
        let one = known.mark(1, Some("x"), at, 1 << 32);
        let other = known.mark(2, Some("x"), at, 2 << 32);
        assert_eq!(known.meet(1, one, 1), Novelty::New);
        assert_eq!(known.meet(2, other, 2), Novelty::New);
        let changed = known.mark(1, Some("x"), at, 3 << 32);
        assert_eq!(
            known.meet(1, changed, 3),
            Novelty::Replaces(Earlier::Arrived(1))
        );
    }
}
