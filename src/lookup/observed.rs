//! The records that named an identity's graph, as a simulation takes them.

use std::collections::{HashMap, HashSet, VecDeque};

use super::error::Result;
use super::subject::subject;
use crate::identity::EventLine;
use crate::model::{Found, Identity, IdentityId, Moment};
use crate::store::View;

/// Every record that named one of the identities that links ever held together with this one, in order of arrival.
///
/// They are numbered from 1; linked again under the present settings they give what the store has.
pub fn observed(view: View<'_>, identity: &Identity) -> Result<Found<Vec<EventLine>>> {
    let subject = match subject(view, identity, Moment::MAX)? {
        Ok(subject) => subject,
        Err(miss) => return Ok(Err(miss)),
    };
    let wanted = ever_linked(view, subject.asked.id)?;
    let mut names: HashMap<IdentityId, Identity> = HashMap::new();
    for id in &wanted {
        names.insert(*id, view.named(&view.identity(*id)?)?);
    }
    let catalog = view.catalog()?;
    let mut batches = catalog.batches();
    batches.sort_by_key(|batch| (batch.ingested_at, batch.id));
    let mut records = Vec::new();
    for batch in batches {
        view.go_on()?;
        view.each_observation(batch.id, |observation| {
            let named = observation.identities.iter();
            let identities: Vec<Identity> = named.filter_map(|id| names.get(id).cloned()).collect();
            if !identities.is_empty() {
                records.push(EventLine {
                    line: records.len() as u64 + 1,
                    identities,
                });
            }
            Ok(())
        })?;
    }
    Ok(Ok(records))
}

/// The identities that are reached over links, removed ones too.
fn ever_linked(view: View<'_>, from: IdentityId) -> Result<HashSet<IdentityId>> {
    let mut found = HashSet::from([from]);
    let mut queue = VecDeque::from([from]);
    while let Some(id) = queue.pop_front() {
        for link in view.links_of(id)? {
            let other = if link.a == id { link.b } else { link.a };
            if found.insert(other) {
                queue.push_back(other);
            }
        }
    }
    Ok(found)
}
