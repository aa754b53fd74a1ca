//! The end of an import: identities, links, the lines of the list, and the totals, some rows at a time.

mod clusters;
mod identities;
mod links;

use std::collections::HashSet;

use super::people::People;
use super::plot::OpenBatch;
use super::{Result, brought};
use crate::identity::Changes;
use crate::model::{ClusterId, MergePolicy, Stitching};
use crate::store::{Ends, LinkRows, Writer};
use clusters::Clusters;
use identities::{Identities, Places};
use links::Links;

/// Rows of a step.
const ROWS_A_STEP: usize = 1_024;

/// When the indexes of a store that is being made are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Indexes {
    /// Once everyone is written.
    Next,
    /// Later: what they are over will change again.
    Later,
}

/// Everyone after an import, and what changed, in the order in which it is written; no store is needed for it.
pub(super) struct Changed {
    people: People,
    changes: Changes,
    sightings: Vec<(Ends, LinkRows)>,
    places: Places,
}

impl Changed {
    /// What this import changed.
    pub(super) fn of(mut people: People) -> Changed {
        let sightings = links::sightings(&mut people.graph);
        let changes = people.graph.drain_changes();
        Changed {
            places: Places::of(&people.graph, &changes.moved),
            people,
            changes,
            sightings,
        }
    }
}

/// Everyone that an import changed, and how they are linked now, on their way into the store.
pub(super) struct Finish<'w> {
    writer: &'w Writer,
    /// Everyone, until all are written.
    people: Option<People>,
    links: Links<'w>,
    identities: Identities<'w>,
    clusters: Option<Clusters<'w>>,
    indexes: Indexes,
}

impl<'w> Finish<'w> {
    /// Everything is still to be written, but for what each of these batches brought.
    pub(super) fn new(
        writer: &'w Writer,
        changed: Changed,
        batches: &[OpenBatch],
        indexes: Indexes,
    ) -> Result<Finish<'w>> {
        let Changed {
            people,
            changes,
            sightings,
            places,
        } = changed;
        brought::write(writer, batches, &people.graph, &changes.new_links)?;
        Ok(Finish {
            writer,
            identities: Identities::new(writer, places)?,
            links: Links::new(writer, &people.graph, sightings, changes)?,
            clusters: None,
            people: Some(people),
            indexes,
        })
    }

    /// Writes some more rows; how many, `None` where none was left.
    pub(super) fn step(&mut self) -> Result<Option<u64>> {
        if let Some(people) = &self.people {
            if let Some(rows) = self.links.step(&people.graph)? {
                return Ok(Some(rows));
            }
            if let Some(rows) = self.identities.step(people)? {
                return Ok(Some(rows));
            }
            let clusters = match &mut self.clusters {
                Some(clusters) => clusters,
                None => {
                    let changed = self.identities.finish()?;
                    self.clusters.insert(Clusters::new(self.writer, changed)?)
                }
            };
            if let Some(rows) = clusters.step(people)? {
                return Ok(Some(rows));
            }
            // Making indexes takes memory of its own.
            self.people = None;
        }
        let is_more = self.indexes == Indexes::Next && self.writer.make_index()?;
        Ok(is_more.then_some(0))
    }
}

/// About how many rows these make.
pub(super) fn rows(people: &People) -> u64 {
    let graph = &people.graph;
    (2 * graph.len() + graph.links().count()) as u64
}

/// Writes everyone that was changed, and how they are linked now.
pub(super) fn people(writer: &Writer, people: People) -> Result<()> {
    let mut finish = Finish::new(writer, Changed::of(people), &[], Indexes::Later)?;
    while finish.step()?.is_some() {}
    Ok(())
}

/// How many profiles the default policy makes.
pub(super) fn profiles(writer: &Writer) -> Result<u64> {
    let view = writer.view();
    let default = view
        .policies()?
        .into_iter()
        .find(|policy| policy.is_default)
        .unwrap_or_else(MergePolicy::latest_wins);
    if default.stitching == Stitching::Pdg && default.order.is_empty() {
        return Ok(view.cluster_count()?);
    }
    let catalog = view.catalog()?;
    let mut profiles = HashSet::new();
    view.each_identity(|identity| {
        let is_seen = catalog.source_set(identity.source_set).iter().any(|id| {
            catalog
                .dataset(*id)
                .is_ok_and(|dataset| default.sees(&dataset.name))
        });
        if is_seen {
            profiles.insert(match default.stitching {
                Stitching::Pdg => identity.cluster,
                Stitching::None => ClusterId(identity.id.0),
            });
        }
        Ok(())
    })?;
    Ok(profiles.len() as u64)
}
