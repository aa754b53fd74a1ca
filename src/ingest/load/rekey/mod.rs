//! Events that lie elsewhere than present settings would place them: counted, and moved to where they belong.
//!
//! An event moves with all its versions and repetitions, or stays: where its versions belong to different identities,
//! and where its new identity has an event of that id already, nobody can tell which replaces which.

mod choices;
mod document;
mod moves;
mod targets;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::RangeInclusive;

use super::plot::Plot;
use super::{ImportError, Result};
use crate::model::{DatasetId, IdentityId};
use crate::store::{IdentitySet, View, read_in_parts, stretches};
use targets::{Opened, Targets};

/// From which identity to which events of a dataset belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Route {
    to: IdentityId,
    dataset: DatasetId,
    from: IdentityId,
}

/// The events that lie elsewhere than present settings would place them.
pub(super) struct Misplaced<'p> {
    targets: Targets<'p>,
    /// Sorted: those to one identity stand together.
    routes: Vec<Route>,
    /// How many events they are.
    pub(super) events: u64,
}

/// The routes of the events of some identities, and how many events they are.
fn routes(
    view: View<'_>,
    identities: &RangeInclusive<IdentityId>,
    targets: &Targets<'_>,
) -> Result<(BTreeSet<Route>, u64)> {
    let (mut routes, mut events) = (BTreeSet::new(), 0);
    let mut opened = Opened::default();
    view.each_event_origin(identities, |event| {
        let to = targets.of(view, &event, &mut opened)?;
        if to != event.identity {
            events += u64::from(!event.is_replaced);
            routes.insert(Route {
                to,
                dataset: event.dataset,
                from: event.identity,
            });
        }
        Ok::<_, ImportError>(())
    })?;
    Ok((routes, events))
}

/// What of them can move.
pub(super) struct Movable {
    /// Events that can't, by their keys.
    staying: HashSet<(Route, u64)>,
    /// How many events can.
    pub(super) events: u64,
}

impl<'p> Misplaced<'p> {
    /// Looks through all events of the store, as it was before this command writes.
    pub(super) fn find(plot: &'p Plot<'_>) -> Result<Misplaced<'p>> {
        let view = plot.writer.view();
        let store = view.path().unwrap_or_default();
        let targets = Targets::new(&store, &plot.people, &plot.settings)?;
        let stretches: Vec<_> = stretches(view.last_identity()?).collect();
        let found = read_in_parts(&store, &stretches, |view, stretch| {
            routes(view, stretch, &targets)
        })?;
        let events = found.iter().map(|(_, events)| events).sum();
        let mut routes: Vec<Route> = found.into_iter().flat_map(|(routes, _)| routes).collect();
        routes.sort_unstable();
        Ok(Misplaced {
            targets,
            routes,
            events,
        })
    }

    /// Finds out which of them can move.
    pub(super) fn movable(&self, plot: &Plot<'_>) -> Result<Movable> {
        let view = plot.writer.view();
        let mut movable = Movable {
            staying: HashSet::new(),
            events: 0,
        };
        for routes in self.by_target() {
            let Some(first) = routes.first() else {
                continue;
            };
            // Who has or gets an event of a key.
            let mut claims: BTreeMap<u64, u32> = BTreeMap::new();
            for event in view.held_events(first.to, first.dataset)? {
                claims.insert(event.mark.key, 1);
            }
            let mut leaving = Vec::new();
            for route in routes {
                let held = view.held_events(route.from, route.dataset)?;
                let from = (route.from, route.dataset);
                let keys = self.targets.leaving(view, &held, from, route.to)?;
                for key in keys {
                    *claims.entry(key).or_default() += 1;
                    let current = held
                        .iter()
                        .filter(|event| event.mark.key == key && event.replaced_by.is_none());
                    leaving.push((*route, key, current.count() as u64));
                }
            }
            for (route, key, events) in leaving {
                if claims.get(&key) == Some(&1) {
                    movable.events += events;
                } else {
                    movable.staying.insert((route, key));
                }
            }
        }
        Ok(movable)
    }

    /// Moves those that can; gives whose events are others now.
    pub(super) fn relocate(&self, plot: &Plot<'_>, movable: &Movable) -> Result<IdentitySet> {
        let mut touched = IdentitySet::default();
        for routes in self.by_target() {
            moves::to_one(plot.writer, &self.targets, (routes, movable), &mut touched)?;
        }
        Ok(touched)
    }

    fn by_target(&self) -> impl Iterator<Item = &[Route]> {
        let is_one = |a: &Route, b: &Route| (a.to, a.dataset) == (b.to, b.dataset);
        self.routes.chunk_by(is_one)
    }
}
