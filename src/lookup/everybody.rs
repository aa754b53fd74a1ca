//! Everybody, those whom a query matches first: what a list shows that does not hide the others.

use std::collections::HashSet;
use std::time::Instant;

use super::error::{LookupError, Result};
use super::recent::{Active, count};
use super::search::{SearchRequest, search_in};
use crate::index::Index;
use crate::model::{ClusterId, Identity, MergePolicy, SearchAnswer, Stitching};
use crate::store::View;

/// Matches beyond these are too many to look for others beside them.
const MOST_MATCHES: u64 = 1_000;

/// A page of everybody: the matches as a search ranks them, then the others as they were active last. Also how many match.
pub fn everybody(
    view: View<'_>,
    index: Option<&Index>,
    request: &SearchRequest,
    policy: &MergePolicy,
) -> Result<(SearchAnswer, u64)> {
    let start = Instant::now();
    let wanted = SearchRequest {
        offset: 0,
        limit: MOST_MATCHES,
        patience: None,
        ..request.clone()
    };
    let mut answer = search_in(view, index, &wanted, policy)?;
    let matching = answer.total;
    if matching > MOST_MATCHES {
        return Err(LookupError::Unknown(format!(
            "{matching} profiles match; the others are shown beside {MOST_MATCHES} at most, so narrow the query"
        )));
    }
    let matches = std::mem::take(&mut answer.profiles);
    let but = Matched::of(view, matches.iter().map(|hit| &hit.entity_id), policy)?;
    let (offset, limit) = (request.offset, request.limit);
    let page = matches
        .into_iter()
        .skip(offset as usize)
        .take(limit as usize);
    answer.profiles.extend(page);
    let left = limit - answer.profiles.len() as u64;
    if left > 0 {
        let from = offset.saturating_sub(matching);
        let mut active = Active::of(view, index, &but.clusters, policy);
        active.skip(from)?;
        let others = active.rows(left, |hit| !but.identities.contains(&hit.entity_id))?;
        answer.profiles.extend(others);
    }
    answer.offset = offset;
    answer.total = count(view, index, policy)?;
    answer.elapsed_ms = start.elapsed().as_secs_f64() * 1000.0;
    Ok((answer, matching))
}

/// Those who match: their identities, and the clusters of which nobody else is left.
#[derive(Default)]
struct Matched {
    identities: HashSet<Identity>,
    clusters: Vec<ClusterId>,
}

impl Matched {
    fn of<'a>(
        view: View<'_>,
        identities: impl Iterator<Item = &'a Identity>,
        policy: &MergePolicy,
    ) -> Result<Matched> {
        let catalog = view.catalog()?;
        let mut matched = Matched::default();
        for identity in identities {
            let namespace = catalog.namespace_of(&identity.namespace);
            let stored = match namespace {
                // Where a cluster is several profiles, the others of it are still to come.
                Some(known) if policy.stitching == Stitching::Pdg => {
                    view.find_identity(known.id, &identity.value)?
                }
                _ => None,
            };
            matched.clusters.extend(stored.map(|stored| stored.cluster));
            matched.identities.insert(identity.clone());
        }
        Ok(matched)
    }
}
