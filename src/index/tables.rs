//! Making the table of a path's values.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::docs::Doc;
use super::growth::Growth;
use super::numbers::put;
use super::standing::Standing;
use super::values::ValueTable;
use crate::model::Moment;
use crate::model::value::{compare_numbers, is_number};
use crate::query::text::fold;

/// Values of a path and the documents that have them, gathered in any order.
#[derive(Default)]
pub(super) struct TableMaker {
    texts: String,
    values: Vec<Value>,
    known: HashTable<Known>,
    hasher: DefaultHashBuilder,
    pairs: Vec<Pair>,
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
        let hash = self.hasher.hash_one((is_number, text)) as u32;
        let is_it =
            |known: &Known| known.hash == hash && self.value(known.value) == (text, is_number);
        let found = self
            .known
            .find(spread(hash), is_it)
            .map(|known| known.value);
        let value = found.unwrap_or_else(|| {
            let value = self.push(text, is_number);
            let again = |known: &Known| spread(known.hash);
            let known = Known { hash, value };
            self.known.insert_unique(spread(hash), known, again);
            value
        });
        self.pairs.push(Pair::new(value, doc, standing));
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
            let again = |known: &Known| spread(known.hash);
            self.known.reserve(growth.more(self.known.len()), again);
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
        let sorted = self.sorted();
        let mut places = vec![0_u32; sorted.len()];
        for (at, value) in sorted.iter().enumerate() {
            if let Some(place) = places.get_mut(*value as usize) {
                *place = at as u32;
            }
        }
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

    /// The values in the order of their folded texts; the first eight bytes decide most of it.
    fn sorted(&self) -> Vec<u32> {
        let folded = self.folded();
        let mut keyed: Vec<(u64, u32)> = (0..self.values.len() as u32)
            .map(|value| (first_eight(folded.text(value)), value))
            .collect();
        keyed.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| folded.text(a.1).cmp(folded.text(b.1)))
                .then_with(|| self.value(a.1).cmp(&self.value(b.1)))
        });
        keyed.into_iter().map(|(_, value)| value).collect()
    }

    fn folded(&self) -> Folded<'_> {
        let is_folded = |byte: &u8| byte.is_ascii() && !byte.is_ascii_uppercase();
        if self.texts.as_bytes().iter().all(is_folded) {
            return Folded {
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
            texts: Cow::Owned(texts),
            values: Cow::Owned(values),
        }
    }

    fn lay_out(&self, sorted: &[u32], pairs: &[Pair]) -> Vec<u8> {
        let len = sorted.len();
        let (order, numbers, moments) = self.order(sorted);
        let columns = 4 * (3 + 2 * (len + 1) + len);
        let mut body = Vec::new();
        let mut values = Vec::with_capacity(len + 1);
        for value in sorted {
            values.push((columns + body.len()) as u32);
            let (text, is_number) = self.value(*value);
            ValueTable::record(text, is_number, &mut body);
        }
        values.push((columns + body.len()) as u32);
        let mut postings = Vec::with_capacity(len + 1);
        let mut groups = pairs.chunk_by(|a, b| a.value() == b.value()).peekable();
        for at in 0..len as u32 {
            postings.push((columns + body.len()) as u32);
            let own = groups.next_if(|group| group.first().is_some_and(|pair| pair.value() == at));
            let mut last = 0;
            for pair in own.unwrap_or_default() {
                put(
                    &mut body,
                    u64::from(pair.doc() - last) << 2 | pair.standing().bits(),
                );
                last = pair.doc();
            }
        }
        postings.push((columns + body.len()) as u32);
        let head = [len as u32, numbers, moments];
        let all = head.into_iter().chain(values).chain(postings).chain(order);
        let mut packed: Vec<u8> = Vec::with_capacity(columns + body.len());
        all.for_each(|number| packed.extend(number.to_le_bytes()));
        packed.extend(body);
        packed
    }

    /// The values by what they say, and how many of them are numbers, and moments: the order of `query::compare_texts`,
    /// with each text read once. Those that say the same, and texts, stand in their order already.
    fn order(&self, sorted: &[u32]) -> (Vec<u32>, u32, u32) {
        let (mut numbers, mut moments, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for (at, value) in (0..).zip(sorted) {
            let text = self.text(*value);
            if is_number(text) {
                numbers.push((text.parse().unwrap_or(0.0), text, at));
            } else if let Some(moment) = Moment::read(text) {
                moments.push((moment, at));
            } else {
                texts.push(at);
            }
        }
        numbers.sort_by(compare_read);
        moments.sort_by_key(|(moment, _)| *moment);
        let counts = (numbers.len() as u32, moments.len() as u32);
        let numbers = numbers.into_iter().map(|(_, _, at)| at);
        let moments = moments.into_iter().map(|(_, at)| at);
        (
            numbers.chain(moments).chain(texts).collect(),
            counts.0,
            counts.1,
        )
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
    texts: Cow<'m, str>,
    values: Cow<'m, [Value]>,
}

impl Folded<'_> {
    fn text(&self, value: u32) -> &str {
        value_of(&self.texts, &self.values, value).0
    }
}

/// The first eight bytes as a number that sorts as they do.
fn first_eight(text: &str) -> u64 {
    let mut key = [0_u8; 8];
    key.iter_mut()
        .zip(text.bytes())
        .for_each(|(own, byte)| *own = byte);
    u64::from_be_bytes(key)
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
