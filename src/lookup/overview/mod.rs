//! The overview of a store under a policy: how many, how they overlap, and what deserves a look.

mod by_index;
mod by_store;
mod tally;

use super::error::Result;
use super::indexing::trusted;
use super::profile::profile_of;
use super::subject::subject;
use crate::index::Index;
use crate::model::{Identity, MergePolicy, Moment, StatsAnswer, Stitching, Suspect};
use crate::store::{Total, View};
use by_store::Census;
use tally::NAMED;

/// Profiles that are folded in the search for consent alarms, at most.
const LOOKED_AT: usize = 2_000;

/// Counts everything under a policy; without an index every profile of several fragments is folded for it.
pub fn stats(view: View<'_>, index: Option<&Index>, policy: &MergePolicy) -> Result<StatsAnswer> {
    let counted = match index {
        Some(index) => trusted(view, by_index::tally(view, index, policy))?,
        None => None,
    };
    let mut tally = match counted {
        Some(tally) => tally,
        None => Census::take(view, policy)?.tally(view, policy)?,
    };
    let mut suspects = std::mem::take(&mut tally.suspects).told();
    if suspects.len() < NAMED {
        let most = NAMED - suspects.len();
        suspects.extend(alarms(view, policy, &tally.disputed_consents(), most)?);
    }
    Ok(StatsAnswer {
        profiles: tally.profiles,
        identities: view.total(Total::Identities)?,
        links: view.total(Total::Links)?,
        fragments: view.total(Total::Fragments)?,
        events: view.total(Total::Events)?,
        datasets: view.dataset_totals()?,
        profiles_by_namespace: tally.by_namespace(),
        namespace_overlap: tally.namespace_overlap(),
        dataset_overlap: tally.dataset_overlap(),
        single_identity_profiles: tally.singles,
        largest_graphs: largest(view)?,
        conflicts: tally.conflicts(),
        suspects,
        resolve_pending: view.resolve_pending()?,
    })
}

/// How many profiles a policy makes.
pub fn profile_count(view: View<'_>, policy: &MergePolicy) -> Result<u64> {
    if policy.stitching == Stitching::Pdg && policy.order.is_empty() {
        return Ok(view.cluster_count()?);
    }
    Ok(Census::take(view, policy)?.profiles())
}

/// The largest graphs, by the identities that name them.
fn largest(view: View<'_>) -> Result<Vec<(Identity, u64)>> {
    let largest = view.largest_clusters(NAMED as u64)?;
    let named = largest.iter().map(|cluster| {
        let identity = view.identity(cluster.canonical)?;
        Ok((view.named(&identity)?, cluster.identities))
    });
    named.collect()
}

/// Of profiles that consent is disputed in, those of which a newer opt-out lost: so many at most.
fn alarms(
    view: View<'_>,
    policy: &MergePolicy,
    disputed: &[Identity],
    most: usize,
) -> Result<Vec<Suspect>> {
    let mut found = Vec::new();
    for identity in disputed {
        view.go_on()?;
        let Ok(subject) = subject(view, identity, Moment::MAX)? else {
            continue;
        };
        let Ok(answer) = profile_of(view, &subject, policy)? else {
            continue;
        };
        if let Some(alarm) = answer.profile.consent_alarms.first() {
            found.push(Suspect {
                reason: format!(
                    "a newer opt-out in {} lost at {}",
                    alarm.dataset, alarm.path
                ),
                entity_id: answer.entity_id,
            });
            if found.len() == most {
                break;
            }
        }
    }
    Ok(found)
}
