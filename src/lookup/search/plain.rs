//! Finding profiles without an index: every candidate is folded. What the index answers is held against this.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::time::Instant;

use super::candidates::candidates;
use super::folded::{listed_profiles_of, matches};
use super::ranking::{Ranked, order};
use super::{Asked, has_words, loosely};
use crate::lookup::error::Result;
use crate::model::{ClusterId, SearchAnswer};
use crate::query::{Closeness, Reach};
use crate::store::{StoredCluster, View};

/// The profiles that match, ranked.
pub(super) fn matching(view: View<'_>, asked: &Asked<'_>, answer: &mut SearchAnswer) -> Result<()> {
    let mut ranked = Vec::new();
    // Words match as loose subsequences only where nothing nearer does.
    for reach in [Reach::Typos, Reach::Subsequences] {
        ranked = verified(view, asked, reach, &mut answer.exact)?;
        if !ranked.is_empty() || !has_words(&asked.query.expr) {
            break;
        }
    }
    let is_loose = |ranked: &Ranked| ranked.rank.closeness == Closeness::Subsequence;
    if !ranked.is_empty() && ranked.iter().all(is_loose) {
        answer.notes.push(loosely());
    }
    let sort = order(asked.request);
    ranked.sort_by(|a, b| {
        let by_rank = a.rank.compare(&b.rank, sort.as_ref());
        by_rank.then_with(|| a.entity().cmp(b.entity()))
    });
    answer.total = ranked.len() as u64;
    answer.profiles = ranked
        .into_iter()
        .skip(asked.request.offset as usize)
        .take(asked.request.limit as usize)
        .map(|ranked| ranked.hit)
        .collect();
    Ok(())
}

/// Folds the candidates and keeps those that match.
fn verified(
    view: View<'_>,
    asked: &Asked<'_>,
    reach: Reach,
    exact: &mut bool,
) -> Result<Vec<Ranked>> {
    let Asked {
        request,
        policy,
        query,
    } = asked;
    let sort = order(request);
    let mut ranked = Vec::new();
    // Patience is for the folding alone, so that what is shown first is never nothing.
    let mut start = None;
    let mut verify = |cluster: StoredCluster| -> Result<ControlFlow<()>> {
        let start = *start.get_or_insert_with(Instant::now);
        if request
            .patience
            .is_some_and(|patience| start.elapsed() > patience)
        {
            *exact = false;
            return Ok(ControlFlow::Break(()));
        }
        for profile in listed_profiles_of(view, cluster.id, policy)? {
            if let Some(outcome) = matches(view, query, &profile, policy, reach)? {
                let (closeness, matched) = (outcome.closeness, outcome.matches);
                ranked.push(Ranked::of(&profile, sort.as_ref(), closeness, matched));
            }
        }
        Ok(ControlFlow::Continue(()))
    };
    match candidates(view, &query.expr)? {
        None => view.each_recent_cluster(verify)?,
        Some(wanted) => {
            for cluster in likely(view, wanted)? {
                if verify(cluster)?.is_break() {
                    break;
                }
            }
        }
    }
    Ok(ranked)
}

/// The clusters that can match, last active first.
fn likely(view: View<'_>, wanted: HashSet<ClusterId>) -> Result<Vec<StoredCluster>> {
    let mut clusters = Vec::new();
    for id in wanted {
        view.go_on()?;
        clusters.extend(view.cluster(id)?);
    }
    clusters.sort_by_key(|cluster| {
        (
            Reverse((cluster.last_event, cluster.last_active)),
            cluster.id,
        )
    });
    Ok(clusters)
}
