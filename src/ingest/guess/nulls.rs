//! Words for "nothing" that would otherwise be identities or times.

use super::sample::Sample;
use crate::ingest::mapping::{Address, Nulls};

/// What the columns at these places say where they have nothing to say.
pub fn find(sample: &Sample, places: &[usize]) -> Nulls {
    let columns = places.iter().filter_map(|place| sample.columns.get(*place));
    // `any` in a mapping means every column.
    let columns = columns.filter(|column| column.address.text != "any");
    let listed = columns
        .filter(|column| !column.nothing.is_empty())
        .map(|column| {
            let words = column.nothing.iter().map(|(word, _)| word.clone());
            (column.address.clone(), words.collect())
        });
    let by_field: Vec<(Address, Vec<String>)> = listed.collect();
    Nulls {
        any: Vec::new(),
        by_field,
    }
}
