//! Blocks of events rewritten: taken out of those of one identity, and put among those of another.

use std::collections::{BTreeMap, BTreeSet};

use super::targets::Targets;
use super::{Movable, Route};
use crate::ingest::load::Result;
use crate::model::{BatchId, DatasetId, IdentityId};
use crate::store::{HeldEvent, IdentitySet, NewEvent, Writer};

/// Events by the batch that brought them, each with what replaced it.
type ByBatch = BTreeMap<BatchId, Vec<(NewEvent<'static>, Option<BatchId>)>>;

/// Moves what comes to one identity, of one dataset.
pub(super) fn to_one(
    writer: &Writer,
    targets: &Targets<'_>,
    (routes, movable): (&[Route], &Movable),
    touched: &mut IdentitySet,
) -> Result<()> {
    let mut coming = ByBatch::new();
    for route in routes {
        let view = writer.view();
        let held = view.held_events(route.from, route.dataset)?;
        let mut keys = targets.leaving(view, &held, (route.from, route.dataset), route.to)?;
        keys.retain(|key| !movable.staying.contains(&(*route, *key)));
        if !keys.is_empty() {
            take_out(writer, *route, (&held, &keys), &mut coming)?;
            touched.extend(&[route.from, route.to]);
        }
    }
    match routes.first() {
        Some(route) => bring_in(writer, (route.to, route.dataset), coming),
        None => Ok(()),
    }
}

fn take_out(
    writer: &Writer,
    route: Route,
    (held, keys): (&[HeldEvent], &BTreeSet<u64>),
    coming: &mut ByBatch,
) -> Result<()> {
    let is_leaving = |event: &&HeldEvent| keys.contains(&event.mark.key);
    let changed: BTreeSet<BatchId> = held.iter().filter(is_leaving).map(|e| e.batch).collect();
    let mut staying = ByBatch::new();
    open(
        writer,
        held,
        |batch| changed.contains(&batch),
        |event, opened| {
            let side = if is_leaving(&event) {
                &mut *coming
            } else {
                &mut staying
            };
            side.entry(event.batch).or_default().push(opened);
        },
    )?;
    for batch in &changed {
        writer.remove_blocks(route.from, *batch)?;
    }
    put(writer, (route.from, route.dataset), staying)
}

fn bring_in(
    writer: &Writer,
    (to, dataset): (IdentityId, DatasetId),
    mut coming: ByBatch,
) -> Result<()> {
    let held = writer.view().held_events(to, dataset)?;
    let batches: BTreeSet<BatchId> = coming.keys().copied().collect();
    open(
        writer,
        &held,
        |batch| batches.contains(&batch),
        |event, opened| {
            coming.entry(event.batch).or_default().push(opened);
        },
    )?;
    for batch in &batches {
        writer.remove_blocks(to, *batch)?;
    }
    put(writer, (to, dataset), coming)
}

/// Opens the events of these batches.
fn open(
    writer: &Writer,
    held: &[HeldEvent],
    is_wanted: impl Fn(BatchId) -> bool,
    mut take: impl FnMut(&HeldEvent, (NewEvent<'static>, Option<BatchId>)),
) -> Result<()> {
    let wanted: Vec<&HeldEvent> = held.iter().filter(|e| is_wanted(e.batch)).collect();
    let opened = writer.view().open_events(&wanted)?;
    for (event, mut opened) in wanted.into_iter().zip(opened) {
        opened.repeats.clone_from(&event.repeats);
        take(event, (opened, event.replaced_by));
    }
    Ok(())
}

fn put(
    writer: &Writer,
    (identity, dataset): (IdentityId, DatasetId),
    events: ByBatch,
) -> Result<()> {
    for (batch, events) in events {
        writer.put_blocks(identity, (dataset, batch), events)?;
    }
    Ok(())
}
