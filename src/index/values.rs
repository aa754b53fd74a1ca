//! The values that stand at one path, each once, with the documents that have it.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use super::docs::{Doc, Docs};
use super::numbers::{Bytes, Column, Steps};
use super::standing::Standing;
use crate::model::value::{compare_numbers, is_number};
use crate::query::ast::Values;
use crate::query::text::fold;
use crate::query::{Closeness, Operand, Pattern, Wanted, closeness_of, compare_texts};

/// The values of a path in the order of their folded texts.
#[derive(Clone, Debug, Default)]
pub struct ValueTable {
    bytes: Bytes,
    /// Where each value begins, and where the last ends.
    values: Column,
    /// Where the documents of each value begin, and where those of the last end.
    postings: Column,
    /// The values by what they say: numbers, then moments, then texts.
    order: Column,
    numbers: usize,
    moments: usize,
}

/// A value as it was said, and as it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaidValue<'a> {
    /// As it was said.
    pub text: &'a str,
    /// It was said as a number.
    pub is_number: bool,
    folding: Folding<'a>,
}

/// How the text without regard to case and accents comes from what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Folding<'a> {
    /// It is the same.
    None,
    /// Its ASCII letters are made small.
    Lowered,
    /// It was kept.
    Kept(&'a str),
}

impl<'a> SaidValue<'a> {
    /// What was said without regard to case and accents.
    pub fn folded(&self) -> Cow<'a, str> {
        match self.folding {
            Folding::None => Cow::Borrowed(self.text),
            Folding::Lowered => Cow::Owned(self.text.to_ascii_lowercase()),
            Folding::Kept(folded) => Cow::Borrowed(folded),
        }
    }
}

const IS_NUMBER: u8 = 1;
const HAS_FOLDED: u8 = 2;
const IS_LOWERED: u8 = 4;

impl ValueTable {
    /// The table that [`super::tables`] packed.
    pub(super) fn of(bytes: Bytes) -> ValueTable {
        let number = |at: usize| Column::at(&bytes, at * 4, 1).get(0) as usize;
        let (len, numbers, moments) = (number(0), number(1), number(2));
        let head = 3 * 4;
        ValueTable {
            values: Column::at(&bytes, head, len + 1),
            postings: Column::at(&bytes, head + (len + 1) * 4, len + 1),
            order: Column::at(&bytes, head + (len + 1) * 8, len),
            numbers: numbers.min(len),
            moments: moments.min(len),
            bytes,
        }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at a place.
    pub fn value(&self, at: usize) -> SaidValue<'_> {
        let (from, to) = (
            self.values.get(at) as usize,
            self.values.get(at + 1) as usize,
        );
        let record = self.bytes.get(from..to).unwrap_or_default();
        let (flags, rest) = record.split_first().unwrap_or((&0, &[]));
        let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
        let (folding, said) = if flags & HAS_FOLDED != 0 {
            let (length, rest) = rest.split_at_checked(4).unwrap_or((&[0; 4], &[]));
            let length = length.try_into().map_or(0, u32::from_le_bytes) as usize;
            let (folded, said) = rest.split_at_checked(length).unwrap_or_default();
            (Folding::Kept(text(folded)), said)
        } else if flags & IS_LOWERED != 0 {
            (Folding::Lowered, rest)
        } else {
            (Folding::None, rest)
        };
        SaidValue {
            text: text(said),
            is_number: flags & IS_NUMBER != 0,
            folding,
        }
    }

    /// A value as its record holds it.
    pub(super) fn record(text: &str, is_number: bool, into: &mut Vec<u8>) {
        let number = if is_number { IS_NUMBER } else { 0 };
        if !text.is_ascii() {
            let folded = fold(text);
            into.push(number | HAS_FOLDED);
            into.extend((folded.len() as u32).to_le_bytes());
            into.extend(folded.as_bytes());
        } else if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            into.push(number | IS_LOWERED);
        } else {
            into.push(number);
        }
        into.extend(text.as_bytes());
    }

    /// The documents that have the value at a place, and how it stands there.
    pub fn docs(&self, at: usize) -> impl Iterator<Item = (Doc, Standing)> + '_ {
        let (from, to) = (
            self.postings.get(at) as usize,
            self.postings.get(at + 1) as usize,
        );
        let bytes = self.bytes.get(from..to).unwrap_or_default();
        let mut doc = 0;
        Steps(bytes.iter()).map(move |step| {
            doc += (step >> 2) as Doc;
            (doc, Standing::of(step & 3))
        })
    }

    /// The documents in which the value at a place wins, among these.
    pub fn count(&self, at: usize, among: &Docs) -> u64 {
        let winning = self.docs(at).filter(|(_, standing)| standing.wins());
        winning.filter(|(doc, _)| among.contains(*doc)).count() as u64
    }

    /// The values by what they say, the least first.
    pub fn in_order(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.order.len()).map(|place| self.order.get(place) as usize)
    }

    /// The values whose folded texts begin so.
    pub fn beginning(&self, prefix: &str) -> Range<usize> {
        let all = self.len();
        let low = partition(0, all, |at| *self.value(at).folded() < *prefix);
        let high = partition(low, all, |at| self.value(at).folded().starts_with(prefix));
        low..high
    }

    fn folded(&self, text: &str) -> Range<usize> {
        let all = self.len();
        let low = partition(0, all, |at| *self.value(at).folded() < *text);
        let high = partition(low, all, |at| self.value(at).folded() == text);
        low..high
    }

    /// The values that are wanted, with how close they come.
    pub fn wanted(&self, values: &Values, mut visit: impl FnMut(usize, Closeness)) {
        match values {
            Values::Present => (0..self.len()).for_each(|at| visit(at, Closeness::ExactValue)),
            Values::OneOf(wanted) => wanted.iter().for_each(|one| self.one(one, &mut visit)),
        }
    }

    fn one(&self, wanted: &Wanted, visit: &mut impl FnMut(usize, Closeness)) {
        match wanted {
            Wanted::Like(pattern) => self.like(pattern, visit),
            compared => self.compared(compared, visit),
        }
    }

    fn like(&self, pattern: &Pattern, visit: &mut impl FnMut(usize, Closeness)) {
        let Some(literal) = pattern.literal() else {
            let like = self.beginning(pattern.prefix());
            like.filter(|at| pattern.matches_folded(&self.value(*at).folded()))
                .for_each(|at| visit(at, closeness_of(pattern)));
            return;
        };
        self.folded(pattern.prefix())
            .for_each(|at| visit(at, Closeness::ExactValue));
        if is_number(literal) {
            let side = |at: usize| compare_numbers(self.value(at).text, literal);
            for at in self.between(0..self.numbers, side) {
                if self.value(at).is_number {
                    visit(at, Closeness::ExactValue);
                }
            }
        }
    }

    /// Of a stretch of the order, the values that compare as equal; those that are less stand first.
    fn between(
        &self,
        stretch: Range<usize>,
        side: impl Fn(usize) -> Option<Ordering>,
    ) -> impl Iterator<Item = usize> + '_ {
        let is =
            |place: usize, wanted: Ordering| side(self.order.get(place) as usize) == Some(wanted);
        let low = partition(stretch.start, stretch.end, |place| {
            is(place, Ordering::Less)
        });
        let high = partition(low, stretch.end, |place| is(place, Ordering::Equal));
        (low..high).map(|place| self.order.get(place) as usize)
    }

    fn compared(&self, wanted: &Wanted, visit: &mut impl FnMut(usize, Closeness)) {
        let (numbers, moments) = (0..self.numbers, self.numbers..self.numbers + self.moments);
        for (stretch, is_fit) in [
            (numbers, has_number as fn(&Operand) -> bool),
            (moments, has_time as fn(&Operand) -> bool),
        ] {
            // A number compares with no moment, and the other way round.
            if !wanted.operands().all(is_fit) {
                continue;
            }
            let side = |at: usize| wanted.side(|operand| operand.compare(self.value(at).text));
            self.between(stretch, side)
                .for_each(|at| visit(at, Closeness::ExactValue));
        }
    }

    /// Whether two values say the same to an order.
    pub fn compare(&self, a: usize, other: &ValueTable, b: usize) -> Ordering {
        compare_texts(self.value(a).text, other.value(b).text)
    }
}

fn has_number(operand: &Operand) -> bool {
    operand.number.is_some()
}

fn has_time(operand: &Operand) -> bool {
    operand.time.is_some()
}

/// The first place that does not pass, where those that pass stand first.
fn partition(mut low: usize, mut high: usize, passes: impl Fn(usize) -> bool) -> usize {
    while low < high {
        let middle = low + (high - low) / 2;
        if passes(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
