//! The list that nobody searched for: chosen profiles first, then the last active.

use std::collections::VecDeque;
use std::time::Instant;

use super::error::Result;
use super::indexing::trusted;
use super::listed::listed;
use super::overview::profile_count;
use super::profile::profile;
use super::search::{self, Early, FIRST_ROWS, hit};
use crate::index::Index;
use crate::model::{ClusterId, Hit, Identity, MergePolicy, Moment, SearchAnswer, Stitching};
use crate::store::View;

/// Clusters that are looked at in one go.
const PAGE: u64 = 256;

/// Chosen profiles beyond these are not put first.
const MOST_FIRST: usize = 64;

/// A page of everybody: those named first, in that order, then whoever was active last.
///
/// `early` hears of the rows that fit on a screen before all of a page, and of the page before everybody is counted one by one.
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
    let known = known_count(view, index, policy)?;
    let mut answer = SearchAnswer {
        query: String::new(),
        policy: policy.name.clone(),
        total: 0,
        exact: false,
        elapsed_ms: 0.0,
        offset,
        notes: Vec::new(),
        profiles: first.page(offset, limit),
    };
    let mut active = Active::of(view, index, &first.clusters, policy);
    active.skip(offset.saturating_sub(first.hits.len() as u64))?;
    let left = limit.saturating_sub(answer.profiles.len() as u64);
    let soon = left.min(FIRST_ROWS);
    let mut tell = |answer: &mut SearchAnswer| {
        answer.total = known.unwrap_or(offset + answer.profiles.len() as u64);
        answer.exact = known.is_some();
        // A later page must not make the list shorter than it was.
        if let (0, Some(early)) = (offset, &mut *early) {
            early(answer.clone());
        }
    };
    answer.profiles.extend(active.rows(soon, |_| true)?);
    if soon < left {
        tell(&mut answer);
        answer.profiles.extend(active.rows(left - soon, |_| true)?);
    }
    if known.is_none() {
        tell(&mut answer);
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
    let Some(index) = index else { return Ok(None) };
    let known = trusted(view, search::profile_count(index, policy))?;
    Ok(known.flatten())
}

/// The profiles that come first, and the clusters that need not come again.
#[derive(Default)]
struct Front {
    hits: Vec<Hit>,
    clusters: Vec<ClusterId>,
}

impl Front {
    /// Those of them that stand on a page.
    fn page(&self, offset: u64, limit: u64) -> Vec<Hit> {
        let own = self.hits.iter().skip(offset as usize);
        own.take(limit as usize).cloned().collect()
    }

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

/// Profiles in the order in which they were active last, but for those of some clusters.
pub(super) struct Active<'a> {
    view: View<'a>,
    index: Option<&'a Index>,
    but: &'a [ClusterId],
    policy: &'a MergePolicy,
    /// Clusters that were taken or skipped.
    from: u64,
    /// Profiles that are still to be skipped.
    skip: u64,
    /// Profiles that were folded and not taken yet.
    next: VecDeque<Hit>,
}

impl<'a> Active<'a> {
    /// All of them.
    pub fn of(
        view: View<'a>,
        index: Option<&'a Index>,
        but: &'a [ClusterId],
        policy: &'a MergePolicy,
    ) -> Active<'a> {
        Active {
            view,
            index,
            but,
            policy,
            from: 0,
            skip: 0,
            next: VecDeque::new(),
        }
    }

    /// Skips the first ones.
    pub fn skip(&mut self, profiles: u64) -> Result<()> {
        // Where every cluster is one profile, the store itself can skip.
        let is_plain = self.policy.stitching == Stitching::Pdg
            && self.policy.order.is_empty()
            && match self.index {
                Some(index) => {
                    trusted(self.view, search::all_are_profiles(index))?.unwrap_or(false)
                }
                None => true,
            };
        let place = if is_plain {
            &mut self.from
        } else {
            &mut self.skip
        };
        *place += profiles;
        Ok(())
    }

    /// The next ones that are wanted, so many at most.
    pub fn rows(&mut self, most: u64, is_wanted: impl Fn(&Hit) -> bool) -> Result<Vec<Hit>> {
        let mut rows = Vec::new();
        while (rows.len() as u64) < most {
            match self.next.pop_front() {
                Some(hit) if !is_wanted(&hit) => {}
                Some(_) if self.skip > 0 => self.skip -= 1,
                Some(hit) => rows.push(hit),
                None if self.read(most - rows.len() as u64)? => {}
                None => break,
            }
        }
        Ok(rows)
    }

    /// Folds more clusters, where there are any.
    fn read(&mut self, wanted: u64) -> Result<bool> {
        let page = PAGE.min(wanted + self.skip);
        let clusters = self.view.recent_clusters(self.but, self.from, page)?;
        let clusters: Vec<ClusterId> = clusters.iter().map(|cluster| cluster.id).collect();
        self.from += clusters.len() as u64;
        let profiles = listed(self.view, self.index, &clusters, self.policy)?;
        self.next.extend(profiles.into_iter().flatten());
        Ok(!clusters.is_empty())
    }
}
