//! The list that nobody searched for: chosen profiles first, then the last active.

use std::time::Instant;

use super::error::{LookupError, Result};
use super::indexing::discard_index;
use super::overview::profile_count;
use super::profile::profile;
use super::search::{self, Early, hit, listed_profiles_of};
use crate::index::Index;
use crate::model::{ClusterId, Hit, Identity, MergePolicy, Moment, SearchAnswer, Stitching};
use crate::store::View;

/// Clusters that are looked at in one go.
const PAGE: u64 = 256;

/// Chosen profiles beyond these are not put first.
const MOST_FIRST: usize = 64;

/// A page of everybody: those named first, in that order, then whoever was active last.
///
/// Where everybody must be counted one by one, `early` hears of the page before that.
pub fn recent(
    view: View<'_>,
    index: Option<&Index>,
    first: &[Identity],
    (offset, limit): (u64, u64),
    policy: &MergePolicy,
    early: &mut Early<'_>,
) -> Result<SearchAnswer> {
    let start = Instant::now();
    let first = Front::find(view, first, policy)?;
    let mut profiles: Vec<Hit> = first
        .hits
        .iter()
        .skip(offset as usize)
        .take(limit as usize)
        .cloned()
        .collect();
    let skipped = offset.saturating_sub(first.hits.len() as u64);
    let wanted = limit.saturating_sub(profiles.len() as u64);
    if wanted > 0 {
        profiles.extend(last_active(
            view,
            &first.clusters,
            (skipped, wanted),
            policy,
            |_| true,
        )?);
    }
    let mut answer = SearchAnswer {
        query: String::new(),
        policy: policy.name.clone(),
        total: offset + profiles.len() as u64,
        exact: false,
        elapsed_ms: start.elapsed().as_secs_f64() * 1000.0,
        offset,
        notes: Vec::new(),
        profiles,
    };
    let known = known_count(view, index, policy)?;
    // A later page must not make the list shorter than it was.
    if let (None, 0, Some(early)) = (known, offset, early) {
        early(answer.clone());
    }
    answer.total = known.map_or_else(|| profile_count(view, policy), Ok)?;
    answer.exact = true;
    answer.elapsed_ms = start.elapsed().as_secs_f64() * 1000.0;
    Ok(answer)
}

/// How many there are: the index may know, else the store counts.
pub(super) fn count(view: View<'_>, index: Option<&Index>, policy: &MergePolicy) -> Result<u64> {
    known_count(view, index, policy)?.map_or_else(|| profile_count(view, policy), Ok)
}

fn known_count(view: View<'_>, index: Option<&Index>, policy: &MergePolicy) -> Result<Option<u64>> {
    match index.map(|index| search::profile_count(index, policy)) {
        Some(Err(LookupError::Index(_))) => {
            // What is damaged is not trusted: it goes, and is made again.
            discard_index(view);
            Ok(None)
        }
        known => known.unwrap_or(Ok(None)),
    }
}

/// The profiles that come first, and the clusters that need not come again.
#[derive(Default)]
struct Front {
    hits: Vec<Hit>,
    clusters: Vec<ClusterId>,
}

impl Front {
    /// Whom the store no longer knows, or the policy no longer shows, is left out.
    fn find(view: View<'_>, identities: &[Identity], policy: &MergePolicy) -> Result<Front> {
        let mut front = Front::default();
        let catalog = view.catalog()?;
        for identity in identities.iter().take(MOST_FIRST) {
            let Some(namespace) = catalog.namespace_of(&identity.namespace) else {
                continue;
            };
            let Some(stored) = view.find_identity(namespace.id, &identity.value)? else {
                continue;
            };
            let is_known =
                policy.stitching == Stitching::Pdg && front.clusters.contains(&stored.cluster);
            if is_known {
                continue;
            }
            if let Ok(answer) = profile(view, identity, policy, Moment::MAX)? {
                front.hits.push(hit(&answer, Vec::new()));
                front.clusters.push(stored.cluster);
            }
        }
        Ok(front)
    }
}

/// Profiles of the clusters that were active last, but for some clusters, and for profiles that are not wanted.
pub(super) fn last_active(
    view: View<'_>,
    but: &[ClusterId],
    (offset, limit): (u64, u64),
    policy: &MergePolicy,
    is_wanted: impl Fn(&Hit) -> bool,
) -> Result<Vec<Hit>> {
    // Where every cluster is one profile, the store itself can skip.
    let is_plain = policy.stitching == Stitching::Pdg && policy.order.is_empty();
    let (mut from, mut skip) = if is_plain { (offset, 0) } else { (0, offset) };
    let mut hits = Vec::new();
    loop {
        let clusters = view.recent_clusters(but, from, PAGE.min(limit.max(1)))?;
        if clusters.is_empty() {
            return Ok(hits);
        }
        from += clusters.len() as u64;
        for cluster in clusters {
            for answer in listed_profiles_of(view, cluster.id, policy)? {
                let hit = hit(&answer, Vec::new());
                if !is_wanted(&hit) {
                    continue;
                }
                if skip > 0 {
                    skip -= 1;
                } else if (hits.len() as u64) < limit {
                    hits.push(hit);
                }
            }
        }
        if hits.len() as u64 >= limit {
            return Ok(hits);
        }
    }
}
