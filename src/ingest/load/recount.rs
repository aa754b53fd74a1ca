//! What is counted of an identity, once rows of it came or went otherwise than by an import.

use std::collections::BTreeSet;

use super::Result;
use super::people::People;
use crate::model::{DatasetId, IdentityId, Moment};
use crate::store::Writer;

/// Counts again what the store holds of an identity; by how many its fragments and its events differ from those of before.
pub(super) fn recount(writer: &Writer, people: &mut People, id: IdentityId) -> Result<(i64, i64)> {
    let Some(node) = people.node_of(id) else {
        return Ok((0, 0));
    };
    let view = writer.view();
    let mut datasets: BTreeSet<DatasetId> = view.fragment_datasets(id)?.into_iter().collect();
    let held = datasets.len() as u32;
    let totals = view.event_totals(id, Moment::MAX)?;
    datasets.extend(totals.iter().filter(|t| t.events > 0).map(|t| t.dataset));
    let list: Vec<_> = datasets.into_iter().collect();
    let source_set = writer.source_set(&list)?;
    let Some(person) = people.change(node) else {
        return Ok((0, 0));
    };
    let happened: u32 = totals.iter().map(|totals| totals.events as u32).sum();
    let fragments = i64::from(held) - i64::from(person.fragments);
    let events = i64::from(happened) - i64::from(person.events);
    person.fragments = held;
    person.events = happened;
    person.set_last_event(totals.iter().map(|totals| totals.last).max());
    person.source_set = source_set as u32;
    Ok((fragments, events))
}
