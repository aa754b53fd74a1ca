//! Making the table of a path's values.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::BuildHasher;
use std::hint::black_box;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::docs::Doc;
use super::eights::{self, Texts as _};
use super::growth::Growth;
use super::numbers::put;
use super::standing::Standing;
use super::values::ValueTable;
use crate::model::Moment;
use crate::model::value::{compare_numbers, is_number};
use crate::query::text::fold;

/// So many texts are brought near before they are looked at.
const AHEAD: usize = 64;

/// Where fewer than one in so many pairs name a value again, looking for it costs more than keeping it twice for a while.
const DIVERSE: usize = 8;

/// Values of a path and the documents that have them, gathered in any order.
#[derive(Default)]
pub(super) struct TableMaker {
    texts: String,
    values: Vec<Value>,
    known: HashTable<Known>,
    hasher: DefaultHashBuilder,
    pairs: Vec<Pair>,
    /// Hardly any value comes twice: those that do are found when all are sorted.
    is_diverse: bool,
}

/// A value by where its text ends; it begins where the one before ends.
#[derive(Clone, Copy)]
struct Value {
    end: usize,
    is_number: bool,
}

/// A value that was met, with enough of its hash to tell it from most others.
#[derive(Clone, Copy)]
struct Known {
    hash: u32,
    value: u32,
}

/// A document has a value: the value, the document, and in the last two bits how the value stands, the strongest first.
///
/// As one number it is compared in one step.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pair(u64);

/// How a value can stand, the strongest first.
const STANDINGS: [Standing; 4] = [
    Standing::Undisputed,
    Standing::Won,
    Standing::Lost,
    Standing::Said,
];

impl Pair {
    fn new(value: u32, doc: Doc, standing: Standing) -> Pair {
        let place = doc << 2 | standing as u32;
        Pair(u64::from(value) << 32 | u64::from(place))
    }

    fn value(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn doc(self) -> Doc {
        self.0 as u32 >> 2
    }

    fn standing(self) -> Standing {
        let standing = STANDINGS.get(self.0 as usize & 3);
        standing.copied().unwrap_or(Standing::Said)
    }
}

impl TableMaker {
    /// Notes that a document has a value.
    pub fn add(&mut self, text: &str, is_number: bool, doc: Doc, standing: Standing) {
        let value = if self.is_diverse {
            self.push(text, is_number)
        } else {
            self.find_or_push(text, is_number)
        };
        self.pairs.push(Pair::new(value, doc, standing));
    }

    fn find_or_push(&mut self, text: &str, is_number: bool) -> u32 {
        let hash = self.hasher.hash_one((is_number, text)) as u32;
        let is_it =
            |known: &Known| known.hash == hash && self.value(known.value) == (text, is_number);
        let found = self
            .known
            .find(spread(hash), is_it)
            .map(|known| known.value);
        found.unwrap_or_else(|| {
            let value = self.push(text, is_number);
            let again = |known: &Known| spread(known.hash);
            let known = Known { hash, value };
            self.known.insert_unique(spread(hash), known, again);
            value
        })
    }

    /// The same of a text that no document has noted before, and none will again.
    pub fn add_once(&mut self, text: &str, doc: Doc, standing: Standing) {
        let value = self.push(text, false);
        self.pairs.push(Pair::new(value, doc, standing));
    }

    /// Makes room for the pairs, and for the values where these are mostly new.
    pub fn make_room(&mut self, growth: Growth) {
        growth.of(&mut self.pairs);
        if self.values.len() > self.pairs.len() / 2 {
            growth.of(&mut self.values);
            self.texts.reserve(growth.more(self.texts.len()));
        }
        if self.values.len() * DIVERSE > self.pairs.len() * (DIVERSE - 1) {
            self.is_diverse |= !self.known.is_empty();
            self.known = HashTable::new();
        }
    }

    fn push(&mut self, text: &str, is_number: bool) -> u32 {
        let value = self.values.len() as u32;
        self.texts.push_str(text);
        self.values.push(Value {
            end: self.texts.len(),
            is_number,
        });
        value
    }

    fn value(&self, value: u32) -> (&str, bool) {
        value_of(&self.texts, &self.values, value)
    }

    fn text(&self, value: u32) -> &str {
        self.value(value).0
    }

    /// Reads the beginning of texts that lie apart: memory answers several look-ups at once where nothing else waits for them.
    fn bring_near(&self, values: &[u32]) {
        let first = |value: &u32| self.text(*value).bytes().next().unwrap_or(0);
        black_box(values.iter().fold(0, |all, value| all ^ first(value)));
    }

    /// In how many documents some value wins.
    pub fn winning(&self, documents: usize) -> u64 {
        let mut bits = super::docs::Docs::none(documents as Doc);
        let winning = self.pairs.iter().filter(|pair| pair.standing().wins());
        winning.for_each(|pair| bits.insert(pair.doc()));
        bits.count()
    }

    /// The packed table, its documents under the numbers that `place` gives them.
    pub fn pack(mut self, place: impl Fn(Doc) -> Doc) -> Vec<u8> {
        self.known = HashTable::new();
        let mut sorted = self.sorted();
        let places = self.places(&mut sorted);
        let mut pairs = std::mem::take(&mut self.pairs);
        for pair in &mut pairs {
            let value = places.get(pair.value() as usize).copied().unwrap_or(0);
            *pair = Pair::new(value, place(pair.doc()), pair.standing());
        }
        pairs.sort_unstable();
        // Of several standings of a value in a document the strongest counts.
        pairs.dedup_by_key(|pair| (pair.value(), pair.doc()));
        self.lay_out(&sorted, &pairs)
    }

    /// Where each value stands among these, of which those that are the same become one.
    fn places(&self, sorted: &mut Vec<u32>) -> Vec<u32> {
        let mut places = vec![0; sorted.len()];
        let is_same = |a: &u32, b: &u32| self.is_diverse && self.value(*a) == self.value(*b);
        for (values, at) in sorted.chunk_by(is_same).zip(0..) {
            for value in values {
                if let Some(place) = places.get_mut(*value as usize) {
                    *place = at;
                }
            }
        }
        sorted.dedup_by(|b, a| is_same(a, b));
        places
    }

    /// The values in the order of their folded texts.
    fn sorted(&self) -> Vec<u32> {
        let folded = self.folded();
        let values = 0..self.values.len() as u32;
        let keyed = values.map(|value| (folded.eight(value, 0), value));
        let mut keyed = keyed.collect::<Vec<_>>();
        eights::sort(&mut keyed, &folded);
        keyed.into_iter().map(|(_, value)| value).collect()
    }

    fn folded(&self) -> Folded<'_> {
        let is_folded = |byte: &u8| byte.is_ascii() && !byte.is_ascii_uppercase();
        if self.texts.as_bytes().iter().all(is_folded) {
            return Folded {
                maker: self,
                texts: Cow::Borrowed(&self.texts),
                values: Cow::Borrowed(&self.values),
            };
        }
        let mut texts = String::with_capacity(self.texts.len());
        let values = self.values.iter().zip(0..).map(|(value, at)| {
            texts.push_str(&fold(self.text(at)));
            let end = texts.len();
            Value { end, ..*value }
        });
        let values = values.collect();
        Folded {
            maker: self,
            texts: Cow::Owned(texts),
            values: Cow::Owned(values),
        }
    }

    fn lay_out(&self, sorted: &[u32], pairs: &[Pair]) -> Vec<u8> {
        let len = sorted.len();
        // The columns stand in front, and are known last.
        let mut packed = vec![0; 4 * (3 + 2 * (len + 1) + len)];
        let mut columns = Vec::with_capacity(packed.len() / 4);
        let mut order = Order::default();
        let mut places = 0..;
        for values in sorted.chunks(AHEAD) {
            self.bring_near(values);
            for (value, at) in values.iter().zip(&mut places) {
                columns.push(packed.len() as u32);
                let (text, is_number) = self.value(*value);
                order.take(at, text);
                ValueTable::record(text, is_number, &mut packed);
            }
        }
        columns.push(packed.len() as u32);
        let mut groups = pairs.chunk_by(|a, b| a.value() == b.value()).peekable();
        for at in 0..len as u32 {
            columns.push(packed.len() as u32);
            let own = groups.next_if(|group| group.first().is_some_and(|pair| pair.value() == at));
            let mut last = 0;
            for pair in own.unwrap_or_default() {
                put(
                    &mut packed,
                    u64::from(pair.doc() - last) << 2 | pair.standing().bits(),
                );
                last = pair.doc();
            }
        }
        columns.push(packed.len() as u32);
        let (numbers, moments) = order.append_to(&mut columns);
        let head = [len as u32, numbers, moments];
        let places = packed.as_chunks_mut::<4>().0.iter_mut();
        for (own, number) in places.zip(head.into_iter().chain(columns)) {
            *own = number.to_le_bytes();
        }
        packed
    }
}

/// The values by what they say: the order of `query::compare_texts`, with each text read once. Those that say the same, and
/// texts, stand in the order in which they are taken.
#[derive(Default)]
struct Order<'m> {
    numbers: Vec<(f64, &'m str, u32)>,
    moments: Vec<(Moment, u32)>,
    texts: Vec<u32>,
}

impl<'m> Order<'m> {
    fn take(&mut self, at: u32, text: &'m str) {
        if is_number(text) {
            let number = text.parse().unwrap_or(0.0);
            self.numbers.push((number, text, at));
        } else if let Some(moment) = Moment::read(text) {
            self.moments.push((moment, at));
        } else {
            self.texts.push(at);
        }
    }

    /// Appends the places of all, and tells how many are numbers and how many moments.
    fn append_to(mut self, places: &mut Vec<u32>) -> (u32, u32) {
        self.numbers.sort_by(compare_read);
        self.moments.sort_by_key(|(moment, _)| *moment);
        places.extend(self.numbers.iter().map(|(_, _, at)| *at));
        places.extend(self.moments.iter().map(|(_, at)| *at));
        places.extend(&self.texts);
        (self.numbers.len() as u32, self.moments.len() as u32)
    }
}

/// Rounding keeps the order of two numbers or makes them alike, and only then their digits need to be looked at.
fn compare_read(a: &(f64, &str, u32), b: &(f64, &str, u32)) -> Ordering {
    let exactly = || compare_numbers(a.1, b.1).unwrap_or(Ordering::Equal);
    let rounded = a.0.partial_cmp(&b.0).unwrap_or(Ordering::Equal);
    rounded.then_with(exactly)
}

/// The texts of all values, folded.
struct Folded<'m> {
    maker: &'m TableMaker,
    texts: Cow<'m, str>,
    values: Cow<'m, [Value]>,
}

impl Folded<'_> {
    fn text(&self, value: u32) -> &str {
        value_of(&self.texts, &self.values, value).0
    }
}

impl eights::Texts for Folded<'_> {
    type Item = u32;

    fn eight(&self, value: u32, from: usize) -> u64 {
        let text = self.text(value).as_bytes();
        eights::first_eight(text.get(from..).unwrap_or_default())
    }

    /// Those that are alike when folded stand in the order of what they were.
    fn compare(&self, a: u32, b: u32) -> Ordering {
        let folded = self.text(a).cmp(self.text(b));
        folded.then_with(|| self.maker.value(a).cmp(&self.maker.value(b)))
    }
}

/// The part of a hash that is kept, as a hash again: tables look at both of its ends.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

fn value_of<'a>(texts: &'a str, values: &[Value], value: u32) -> (&'a str, bool) {
    let at = value as usize;
    let before = at.checked_sub(1).and_then(|at| values.get(at));
    let from = before.map_or(0, |value| value.end);
    let Some(Value { end, is_number }) = values.get(at) else {
        return ("", false);
    };
    (texts.get(from..*end).unwrap_or_default(), *is_number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_table_is_the_same_whether_values_are_found_at_once_or_when_they_are_sorted(
            said in prop::collection::vec(("[aAb1é]{0,3}", any::<bool>(), 0_u32..9, 0_usize..4), 0..60),
            turn in 0_usize..60,
        ) {
            let (mut at_once, mut later) = (TableMaker::default(), TableMaker::default());
            for (at, (text, is_number, doc, standing)) in said.iter().enumerate() {
                if at == turn {
                    later.is_diverse = true;
                }
                for table in [&mut at_once, &mut later] {
                    table.add(text, *is_number, *doc, STANDINGS[*standing]);
                }
            }
            prop_assert_eq!(at_once.winning(9), later.winning(9));
            prop_assert_eq!(at_once.pack(|doc| 8 - doc), later.pack(|doc| 8 - doc));
        }
    }

    #[test]
    fn only_where_most_values_are_new_they_are_no_longer_looked_for() {
        let growth = Growth { from: 10, to: 100 };
        for (values, expected) in [(10, true), (9, true), (5, false), (1, false)] {
            let mut table = TableMaker::default();
            for doc in 0..10 {
                table.add(&(doc % values).to_string(), true, doc, Standing::Won);
            }
            table.make_room(growth);
            assert_eq!(table.is_diverse, expected, "{values}");
        }
        // What nobody looks for is not told apart either.
        let mut once = TableMaker::default();
        once.add_once("a", 0, Standing::Won);
        once.make_room(growth);
        assert!(!once.is_diverse);
    }
}
