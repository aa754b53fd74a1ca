//! The identity to which present settings give an event, by its row and where that leaves it open by its body.

use std::collections::BTreeSet;
use std::path::Path;

use super::choices::{Choices, Chosen};
use super::document::standings;
use crate::identity::{Admission, Mention};
use crate::ingest::load::Result;
use crate::ingest::load::people::People;
use crate::model::{DatasetId, DatasetKind, IdentityId, LinkSettings};
use crate::store::{EventOrigin, HeldEvent, View};

/// Answers of each event to whom it belongs.
pub(super) struct Targets<'p> {
    people: &'p People,
    admission: Admission,
    choices: Choices,
}

/// The bodies of the block that was opened last; no longer good once blocks are written.
#[derive(Default)]
pub(super) struct Opened(Option<(i64, Vec<String>)>);

impl<'p> Targets<'p> {
    /// Reads what the rows of all events named.
    pub(super) fn new(
        store: &Path,
        people: &'p People,
        settings: &LinkSettings,
    ) -> Result<Targets<'p>> {
        let admission = Admission::new(settings);
        Ok(Targets {
            choices: Choices::gather(store, people, &admission)?,
            people,
            admission,
        })
    }

    /// Whom an event belongs to; where nobody can be told it stays where it is.
    pub(super) fn of(
        &self,
        view: View<'_>,
        event: &EventOrigin,
        opened: &mut Opened,
    ) -> Result<IdentityId> {
        let chosen = match self.choices.of(event) {
            Chosen::Nobody => None,
            Chosen::One(id) => Some(id),
            Chosen::OneOf(group) => self.by_body(view, group, event, opened)?,
        };
        Ok(chosen.unwrap_or(event.identity))
    }

    fn by_body(
        &self,
        view: View<'_>,
        group: &[u32],
        event: &EventOrigin,
        opened: &mut Opened,
    ) -> Result<Option<IdentityId>> {
        let (people, block) = (self.people, event.at.block());
        if opened.0.as_ref().is_none_or(|(known, _)| *known != block) {
            let bodies = view.event_bodies(block)?;
            opened.0 = Some((block, bodies));
        }
        let bodies = opened.0.as_ref().map(|(_, bodies)| bodies);
        let body = bodies.and_then(|bodies| bodies.get(event.at.place() as usize));
        let nodes = group
            .iter()
            .filter_map(|id| people.node_of(IdentityId(*id)));
        let nodes: Vec<_> = nodes.collect();
        let names: Vec<_> = nodes.iter().map(|node| people.graph.name(*node)).collect();
        let names: Vec<_> = names
            .iter()
            .map(|name| (name.namespace.as_str(), name.value.as_str()))
            .collect();
        let standings = standings(body.map_or("", String::as_str), &names);
        let mut ordered: Vec<_> = standings.into_iter().zip(&nodes).collect();
        ordered.sort_by_key(|(standing, _)| *standing);
        let mentions: Vec<Mention<'_>> = ordered
            .iter()
            .map(|(_, node)| Mention {
                namespace: people.graph.namespace_of(**node),
                value: people.graph.value(**node),
                // What is marked stands first already.
                is_primary: false,
            })
            .collect();
        let admitted = self.admission.admit(DatasetKind::Event, &mentions);
        let primary = admitted.primary.and_then(|at| ordered.get(at));
        Ok(primary.map(|(_, node)| people.graph.id(**node)))
    }

    /// Of the events that a dataset holds of an identity those that belong to another, all versions of each; by their keys.
    pub(super) fn leaving(
        &self,
        view: View<'_>,
        held: &[HeldEvent],
        (from, dataset): (IdentityId, DatasetId),
        to: IdentityId,
    ) -> Result<BTreeSet<u64>> {
        let mut opened = Opened::default();
        let (mut leaving, mut staying) = (BTreeSet::new(), BTreeSet::new());
        for event in held {
            let origin = EventOrigin {
                identity: from,
                dataset,
                batch: event.batch,
                line: event.line,
                timestamp: event.timestamp,
                at: event.at,
                is_replaced: event.replaced_by.is_some(),
            };
            let is_leaving = self.of(view, &origin, &mut opened)? == to;
            let keys = if is_leaving {
                &mut leaving
            } else {
                &mut staying
            };
            keys.insert(event.mark.key);
        }
        Ok(leaving.difference(&staying).copied().collect())
    }
}
