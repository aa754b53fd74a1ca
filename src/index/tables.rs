//! Making the table of a path's values.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::docs::Doc;
use super::numbers::put;
use super::standing::Standing;
use super::values::ValueTable;
use crate::model::Moment;
use crate::model::value::is_number;
use crate::query::compare_texts;
use crate::query::text::fold;

/// Values of a path and the documents that have them, gathered in any order.
#[derive(Default)]
pub(super) struct TableMaker {
    records: Vec<u8>,
    /// Where each record begins.
    values: Vec<usize>,
    known: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Value, document and standing.
    pairs: Vec<(u32, Doc, Standing)>,
}

impl TableMaker {
    /// Notes that a document has a value.
    pub fn add(&mut self, text: &str, is_number: bool, doc: Doc, standing: Standing) {
        let mut record = vec![u8::from(is_number)];
        record.extend(text.as_bytes());
        let hash = self.hasher.hash_one(&record);
        let found = self.known.find(hash, |at| self.record(*at) == record);
        let value = found.copied().unwrap_or_else(|| self.push(&record, hash));
        self.pairs.push((value, doc, standing));
    }

    fn push(&mut self, record: &[u8], hash: u64) -> u32 {
        let value = self.values.len() as u32;
        self.values.push(self.records.len());
        self.records.extend(record);
        let (records, values, hasher) = (&self.records, &self.values, &self.hasher);
        self.known.insert_unique(hash, value, |at| {
            hasher.hash_one(record_of(records, values, *at))
        });
        value
    }

    fn record(&self, value: u32) -> &[u8] {
        record_of(&self.records, &self.values, value)
    }

    fn text(&self, value: u32) -> (&str, bool) {
        let (flag, text) = self.record(value).split_first().unwrap_or((&0, &[]));
        (std::str::from_utf8(text).unwrap_or_default(), *flag == 1)
    }

    /// The documents in which some value wins.
    pub fn winning(&self, place: impl Fn(Doc) -> Doc) -> Vec<Doc> {
        let winning = self.pairs.iter().filter(|pair| pair.2 == Standing::Won);
        let mut docs: Vec<Doc> = winning.map(|pair| place(pair.1)).collect();
        docs.sort_unstable();
        docs.dedup();
        docs
    }

    /// The packed table, its documents under the numbers that `place` gives them.
    pub fn pack(mut self, place: impl Fn(Doc) -> Doc) -> Vec<u8> {
        let len = self.values.len();
        let folded: Vec<String> = (0..len as u32)
            .map(|value| fold(self.text(value).0))
            .collect();
        let mut sorted: Vec<u32> = (0..len as u32).collect();
        sorted.sort_unstable_by(|a, b| {
            let text = |value: &u32| (folded.get(*value as usize), self.text(*value));
            text(a).cmp(&text(b))
        });
        let mut places = vec![0_u32; len];
        for (at, value) in sorted.iter().enumerate() {
            if let Some(place) = places.get_mut(*value as usize) {
                *place = at as u32;
            }
        }
        for (value, doc, _) in &mut self.pairs {
            *value = places.get(*value as usize).copied().unwrap_or(0);
            *doc = place(*doc);
        }
        let mut pairs = std::mem::take(&mut self.pairs);
        pairs.sort_unstable();
        // Of several standings of a value in a document the strongest counts.
        pairs.dedup_by_key(|pair| (pair.0, pair.1));
        self.lay_out(&sorted, &folded, &pairs)
    }

    fn lay_out(
        &self,
        sorted: &[u32],
        folded: &[String],
        pairs: &[(u32, Doc, Standing)],
    ) -> Vec<u8> {
        let len = sorted.len();
        let (order, numbers, moments) = self.order(sorted);
        let columns = 4 * (3 + 2 * (len + 1) + len);
        let mut body = Vec::new();
        let mut values = Vec::with_capacity(len + 1);
        for value in sorted {
            values.push((columns + body.len()) as u32);
            let (text, is_number) = self.text(*value);
            let folded = folded.get(*value as usize).map_or("", String::as_str);
            ValueTable::record(text, folded, is_number, &mut body);
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

    /// The values by what they say, and how many of them are numbers, and moments.
    fn order(&self, sorted: &[u32]) -> (Vec<u32>, u32, u32) {
        let kind = |text: &str| match is_number(text) {
            true => 0,
            false if Moment::read(text).is_some() => 1,
            false => 2,
        };
        let text_at = |at: &u32| {
            let value = sorted.get(*at as usize).copied().unwrap_or(0);
            self.text(value).0
        };
        let mut order: Vec<(u8, u32)> = (0..sorted.len() as u32)
            .map(|at| (kind(text_at(&at)), at))
            .collect();
        order.sort_by_key(|(kind, _)| *kind);
        // Texts stand in their order already.
        let comparable = order.partition_point(|(kind, _)| *kind < 2);
        if let Some(comparable) = order.get_mut(..comparable) {
            comparable.sort_by(|a, b| {
                let values = || compare_texts(text_at(&a.1), text_at(&b.1));
                a.0.cmp(&b.0).then_with(values)
            });
        }
        let count = |wanted: u8| order.iter().filter(|(kind, _)| *kind == wanted).count() as u32;
        let (numbers, moments) = (count(0), count(1));
        (
            order.into_iter().map(|(_, at)| at).collect(),
            numbers,
            moments,
        )
    }
}

fn record_of<'a>(records: &'a [u8], values: &[usize], value: u32) -> &'a [u8] {
    let at = value as usize;
    let from = values.get(at).copied().unwrap_or(0);
    let to = values.get(at + 1).copied().unwrap_or(records.len());
    records.get(from..to).unwrap_or_default()
}
