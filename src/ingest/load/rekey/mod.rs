//! Events that lie elsewhere than present settings would place them: counted, and moved to where they belong.
//!
//! An event moves with all its versions and repetitions, or stays: where its versions belong to different identities,
//! and where its new identity has an event of that id already, nobody can tell which replaces which.

mod choices;
mod document;
mod moves;
mod targets;

use std::collections::{BTreeMap, HashSet};

use super::plot::Plot;
use super::{ImportError, Result};
use crate::model::{DatasetId, IdentityId};
use crate::store::IdentitySet;
use targets::{Opened, Targets};

/// From which identity to which events of a dataset belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Route {
    to: IdentityId,
    dataset: DatasetId,
    from: IdentityId,
}

/// The events that lie elsewhere than present settings would place them.
pub(super) struct Misplaced<'p, 'w> {
    targets: Targets<'p, 'w>,
    /// Sorted: those to one identity stand together.
    routes: Vec<Route>,
    /// How many events they are.
    pub(super) events: u64,
}

/// What of them can move.
pub(super) struct Movable {
    /// Events that can't, by their keys.
    staying: HashSet<(Route, u64)>,
    /// How many events can.
    pub(super) events: u64,
}

impl<'p, 'w> Misplaced<'p, 'w> {
    /// Looks through all events of the store.
    pub(super) fn find(plot: &'p Plot<'w>) -> Result<Misplaced<'p, 'w>> {
        let targets = Targets::new(plot)?;
        let (mut routes, mut events): (Vec<Route>, u64) = (Vec::new(), 0);
        let mut opened = Opened::default();
        plot.writer.view().each_event_origin(|event| {
            let to = targets.of(&event, &mut opened)?;
            if to != event.identity {
                events += u64::from(!event.is_replaced);
                let route = Route {
                    to,
                    dataset: event.dataset,
                    from: event.identity,
                };
                if routes.last() != Some(&route) {
                    routes.push(route);
                }
            }
            Ok::<_, ImportError>(())
        })?;
        routes.sort_unstable();
        routes.dedup();
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
                let keys = self
                    .targets
                    .leaving(&held, (route.from, route.dataset), route.to)?;
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
