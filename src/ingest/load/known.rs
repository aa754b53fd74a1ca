//! What a dataset holds already, in hashes: how a row that says nothing new is known again.

use hashbrown::hash_map::Entry;
use hashbrown::{DefaultHashBuilder, HashMap, HashSet};
use xxhash_rust::xxh3::Xxh3;

use super::parted::Parts;
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
    newest: Parts<u32, Newest, DefaultHashBuilder>,
    stored: Vec<(Moment, VersionKey)>,
    /// The moments of this import's rows, each with the first row that may have it.
    moments: Vec<(u64, Moment)>,
    at: Moment,
}

/// The newest version: the hash of what it says in two halves, and the number of its row or of its place in the store.
///
/// There is one for everybody, so it is kept small.
#[derive(Clone, Copy)]
struct Newest {
    hash: [u32; 2],
    place: u32,
}

impl Newest {
    fn new(hash: u64, place: u32) -> Newest {
        Newest {
            hash: [hash as u32, (hash >> 32) as u32],
            place,
        }
    }
}

impl KnownRecords {
    /// Nothing yet; the first rows are of this moment.
    pub(super) fn new(at: Moment) -> KnownRecords {
        KnownRecords {
            newest: Parts::default(),
            stored: Vec::new(),
            moments: Vec::new(),
            at,
        }
    }

    /// Brings near what is known of an identity's fragment; the number says nothing.
    pub(super) fn look_ahead(&self, node: u32) -> u32 {
        let known = self.newest.of(node.into()).get(&node);
        known.map_or(0, |newest| newest.place)
    }

    /// Whether this identity was met before.
    pub(super) fn has_met(&self, node: u32) -> bool {
        self.newest.of(node.into()).contains_key(&node)
    }

    /// From now on rows are of this moment.
    pub(super) fn turn_to(&mut self, at: Moment) {
        self.at = at;
    }

    /// So many rows are to be expected in all.
    pub(super) fn expect(&mut self, rows: usize) {
        self.newest.make_room(rows);
    }

    /// Notes what the store holds as the newest version, unless a later one has arrived.
    pub(super) fn remember(&mut self, node: u32, hash: u64, (at, key): (Moment, VersionKey)) {
        let known = self.newest.of(node.into()).get(&node);
        if known.is_none_or(|known| self.moment(known.place) < at) {
            let place = STORED | self.stored.len() as u32;
            self.stored.push((at, key));
            let newest = self.newest.of_mut(node.into());
            newest.insert(node, Newest::new(hash, place));
        }
    }

    fn moment(&self, place: u32) -> Moment {
        if let Some((at, _)) = self.stored(place) {
            return at;
        }
        let row = u64::from(place);
        let begun = self.moments.partition_point(|(first, _)| *first <= row);
        let moment = begun.checked_sub(1).and_then(|last| self.moments.get(last));
        moment.map_or(self.at, |(_, at)| *at)
    }

    fn stored(&self, place: u32) -> Option<(Moment, VersionKey)> {
        let place = (place & STORED != 0).then_some((place & !STORED) as usize);
        self.stored.get(place?).copied()
    }

    /// What a record is to the newest version, and notes it where it says something else; `row` counts up, below 2^31.
    pub(super) fn meet(&mut self, node: u32, hash: u64, row: u64) -> Novelty<VersionKey> {
        if self.moments.last().is_none_or(|(_, at)| *at != self.at) {
            self.moments.push((row, self.at));
        }
        let arrived = Newest::new(hash, row as u32 & !STORED);
        let before = match self.newest.of_mut(node.into()).entry(node) {
            Entry::Vacant(place) => {
                place.insert(arrived);
                return Novelty::New;
            }
            Entry::Occupied(mut known) => {
                let before = *known.get();
                if before.hash != arrived.hash {
                    known.insert(arrived);
                }
                before
            }
        };
        let stored = self.stored(before.place);
        let earlier = stored.map_or(Earlier::Arrived(u64::from(before.place)), |(_, key)| {
            Earlier::Stored(key)
        });
        if before.hash == arrived.hash {
            Novelty::Repeats(earlier)
        } else {
            Novelty::Replaces(earlier)
        }
    }
}

/// The hash by which a record is held against the version before it, given that of its body.
pub(super) fn record_hash(operation: Operation, body_hash: u64) -> u64 {
    body_hash.wrapping_add(operation as u64)
}

/// The events of a dataset that were met, by what each is known again by.
pub(super) struct KnownEvents {
    /// Hashes of bodies and numbers of rows, by what identifies an event.
    marks: Parts<u64, (u32, u32), as_is::Unhashed>,
    stored: Vec<KnownEvent>,
    at: Moment,
    loaded: HashSet<u32>,
    occurrences: HashMap<u64, u32>,
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
            marks: Parts::default(),
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
        self.marks
            .of_mut(part(key))
            .insert(key, (known.mark.body, place));
    }

    /// So many rows are to be expected in all.
    pub(super) fn expect(&mut self, rows: usize) {
        self.marks.make_room(rows);
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

    /// Brings near what is known of an event with this id; the number says nothing.
    pub(super) fn look_ahead(&self, node: u32, id: &str) -> u32 {
        let key = of_node(node, EventMark::key_of_id(id.as_bytes()));
        let known = self.marks.of(part(key)).get(&key);
        known.map_or(0, |(body, _)| *body)
    }

    /// What an event is to those met before, and notes it where it says something else; `row` counts below 2^31.
    pub(super) fn meet(&mut self, node: u32, mark: EventMark, row: u64) -> Novelty<EventPlace> {
        let row = row as u32 & !STORED;
        let key = of_node(node, mark.key);
        match self.marks.of_mut(part(key)).entry(key) {
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

/// The bits of a key that choose its part: none of those that a part goes by itself.
fn part(key: u64) -> u64 {
    key >> 40
}

fn of_node(node: u32, key: u64) -> u64 {
    // A multiplication spreads the node over all bits, so that ids of different people never meet by design.
    key ^ (u64::from(node) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::IdentityId;

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
    fn what_was_met_is_known_however_many_rows_are_expected() {
        let mut records = KnownRecords::new(Moment(0));
        let mut events = KnownEvents::new(Moment(0));
        let mark = |n: u32| EventMark {
            key: u64::from(n) << 3,
            body: n,
        };
        for n in 0..600 {
            assert_eq!(records.meet(n, 1, n.into()), Novelty::New);
            assert_eq!(events.meet(n, mark(n), n.into()), Novelty::New);
        }
        for rows in [0, 100, 100_000] {
            records.expect(rows);
            events.expect(rows);
            for n in 0..600 {
                let earlier = Earlier::Arrived(n.into());
                assert_eq!(records.meet(n, 1, 1_000), Novelty::Repeats(earlier));
                let earlier = Earlier::Arrived(n.into());
                assert_eq!(events.meet(n, mark(n), 1_000), Novelty::Repeats(earlier));
            }
        }
        assert!(records.newest.room() >= 100_000);
        assert!(events.marks.room() >= 100_000);
    }

    #[test]
    fn what_the_store_holds_counts_unless_something_later_has_arrived() {
        let key = VersionKey::new(IdentityId(9), 0);
        let check = |node: u32, stored_at: i64, expected: Novelty<VersionKey>| {
            let mut known = KnownRecords::new(Moment(1));
            known.meet(1, 10, 1);
            known.turn_to(Moment(7));
            known.meet(2, 10, 2);
            known.remember(node, 10, (Moment(stored_at), key));
            assert_eq!(known.meet(node, 10, 3), expected, "{node} at {stored_at}");
        };
        check(1, 0, Novelty::Repeats(Earlier::Arrived(1)));
        check(1, 5, Novelty::Repeats(Earlier::Stored(key)));
        check(2, 5, Novelty::Repeats(Earlier::Arrived(2)));
        check(2, 8, Novelty::Repeats(Earlier::Stored(key)));
        check(3, 0, Novelty::Repeats(Earlier::Stored(key)));
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
