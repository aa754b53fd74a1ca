//! Making the table of a path's values.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::docs::Doc;
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
    known: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Value, document and standing.
    pairs: Vec<(u32, Doc, Standing)>,
}

/// A value by where its text ends; it begins where the one before ends.
#[derive(Clone, Copy)]
struct Value {
    end: usize,
    is_number: bool,
}

impl TableMaker {
    /// Notes that a document has a value.
    pub fn add(&mut self, text: &str, is_number: bool, doc: Doc, standing: Standing) {
        let hash = self.hasher.hash_one((is_number, text));
        let is_it = |at: &u32| self.value(*at) == (text, is_number);
        let found = self.known.find(hash, is_it).copied();
        let value = found.unwrap_or_else(|| self.push(text, is_number, hash));
        self.pairs.push((value, doc, standing));
    }

    fn push(&mut self, text: &str, is_number: bool, hash: u64) -> u32 {
        let value = self.values.len() as u32;
        self.texts.push_str(text);
        self.values.push(Value {
            end: self.texts.len(),
            is_number,
        });
        let (texts, values, hasher) = (&self.texts, &self.values, &self.hasher);
        self.known.insert_unique(hash, value, |at| {
            let (text, is_number) = value_of(texts, values, *at);
            hasher.hash_one((is_number, text))
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
        let winning = self.pairs.iter().filter(|pair| pair.2.wins());
        winning.for_each(|pair| bits.insert(pair.1));
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
        for (value, doc, _) in &mut pairs {
            *value = places.get(*value as usize).copied().unwrap_or(0);
            *doc = place(*doc);
        }
        pairs.sort_unstable();
        // Of several standings of a value in a document the strongest counts.
        pairs.dedup_by_key(|pair| (pair.0, pair.1));
        self.lay_out(&sorted, &pairs)
    }

    /// The values in the order of their folded texts; the first eight bytes decide most of it.
    fn sorted(&self) -> Vec<u32> {
        let mut keyed: Vec<(u64, Cow<'_, str>, u32)> = (0..self.values.len() as u32)
            .map(|value| {
                let folded = folded(self.text(value));
                (first_eight(&folded), folded, value)
            })
            .collect();
        keyed.sort_unstable_by(|a, b| {
            let rest = || (&a.1, self.value(a.2)).cmp(&(&b.1, self.value(b.2)));
            a.0.cmp(&b.0).then_with(rest)
        });
        keyed.into_iter().map(|(_, _, value)| value).collect()
    }

    fn lay_out(&self, sorted: &[u32], pairs: &[(u32, Doc, Standing)]) -> Vec<u8> {
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
        let mut groups = pairs.chunk_by(|a, b| a.0 == b.0).peekable();
        for at in 0..len as u32 {
            postings.push((columns + body.len()) as u32);
            let own = groups.next_if(|group| group.first().is_some_and(|pair| pair.0 == at));
            let mut last = 0;
            for (_, doc, standing) in own.unwrap_or_default() {
                put(&mut body, u64::from(doc - last) << 2 | standing.bits());
                last = *doc;
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

/// The folded text, which most texts are already.
fn folded(text: &str) -> Cow<'_, str> {
    let is_folded = |byte: &u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if text.as_bytes().iter().all(is_folded) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(fold(text))
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

fn value_of<'a>(texts: &'a str, values: &[Value], value: u32) -> (&'a str, bool) {
    let at = value as usize;
    let before = at.checked_sub(1).and_then(|at| values.get(at));
    let from = before.map_or(0, |value| value.end);
    let Some(Value { end, is_number }) = values.get(at) else {
        return ("", false);
    };
    (texts.get(from..*end).unwrap_or_default(), *is_number)
}
