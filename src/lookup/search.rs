//! Finding profiles: candidates from the look-up tables, verified by folding, ranked.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::candidates::candidates;
use super::error::Result;
use super::events::Timeline;
use super::profile::profile_of;
use super::read::parsed;
use super::recent::recent;
use super::sorting::{compare_keys, order, sort_key};
use super::subject::subject;
use crate::model::{
    ClusterId, Event, Hit, Identity, Match, MergePolicy, Moment, Path, ProfileAnswer, SearchAnswer,
    Stitching,
};
use crate::query::{self, Closeness, Expr, Query, Reach, Subject, Test};
use crate::store::{StoredCluster, View};

/// How long the search box waits before a count is given as a lower bound.
const SCREEN_PATIENCE: Duration = Duration::from_millis(400);

/// What is asked.
#[derive(Clone, Debug)]
pub struct SearchRequest {
    /// The query as typed.
    pub query: String,
    /// A sort key, `-` before it is descending; `None` is by closeness.
    pub sort: Option<String>,
    /// Place of the first profile that is wanted, from 0.
    pub offset: u64,
    /// How many are wanted at most.
    pub limit: u64,
    /// After this time the count is given as a lower bound; `None` counts to the end.
    pub patience: Option<Duration>,
    /// The moment that ages count from.
    pub now: Moment,
}

impl SearchRequest {
    /// What the search box asks: the first answer soon, the count as far as it came by then.
    pub fn on_screen(
        query: &str,
        sort: Option<&str>,
        offset: u64,
        limit: u64,
        now: Moment,
    ) -> SearchRequest {
        SearchRequest {
            query: query.to_owned(),
            sort: sort.map(str::to_owned),
            offset,
            limit,
            patience: Some(SCREEN_PATIENCE),
            now,
        }
    }
}

/// A profile that matches, with what ranks it.
struct Ranked {
    closeness: Closeness,
    last: Option<Moment>,
    hit: Hit,
    key: Option<Value>,
}

/// Finds the profiles that match a query under a policy.
pub fn search(
    view: View<'_>,
    request: &SearchRequest,
    policy: &MergePolicy,
) -> Result<SearchAnswer> {
    let start = Instant::now();
    let query = parsed(view, &request.query, request.now)?;
    let mut answer = SearchAnswer {
        query: request.query.clone(),
        policy: policy.name.clone(),
        total: 0,
        exact: true,
        elapsed_ms: 0.0,
        offset: request.offset,
        notes: Vec::new(),
        profiles: Vec::new(),
    };
    if query.is_empty() && request.sort.is_none() {
        answer = recent(view, &[], request.offset, request.limit, policy)?;
        answer.query.clone_from(&request.query);
    } else {
        matching(view, request, policy, &query, &mut answer)?;
    }
    answer.elapsed_ms = start.elapsed().as_secs_f64() * 1000.0;
    Ok(answer)
}

/// Every profile that the policy makes of a cluster.
pub(super) fn profiles_of(
    view: View<'_>,
    cluster: &StoredCluster,
    policy: &MergePolicy,
) -> Result<Vec<ProfileAnswer>> {
    view.go_on()?;
    let asked: Vec<Identity> = match policy.stitching {
        Stitching::Pdg => vec![view.named(&view.identity(cluster.canonical)?)?],
        Stitching::None => view
            .members(cluster.id)?
            .iter()
            .filter(|member| member.source_set != 0)
            .map(|member| view.named(member))
            .collect::<std::result::Result<_, _>>()?,
    };
    let mut profiles = Vec::new();
    for identity in asked {
        if let Ok(subject) = subject(view, &identity, Moment::MAX)?
            && let Ok(profile) = profile_of(view, &subject, policy)?
        {
            profiles.push(profile);
        }
    }
    Ok(profiles)
}

/// The profiles that match, ranked.
fn matching(
    view: View<'_>,
    request: &SearchRequest,
    policy: &MergePolicy,
    query: &Query,
    answer: &mut SearchAnswer,
) -> Result<()> {
    let mut ranked = Vec::new();
    // Words match as loose subsequences only where nothing nearer does.
    for reach in [Reach::Typos, Reach::Subsequences] {
        ranked = verified(view, request, policy, query, reach, &mut answer.exact)?;
        if !ranked.is_empty() || !has_words(&query.expr) {
            break;
        }
    }
    if ranked.is_empty() {
        answer.notes = unknown_paths(view, &query.expr)?;
    } else if ranked.iter().all(|r| r.closeness == Closeness::Subsequence) {
        answer.notes.push(
            "nothing holds these words as they stand; these hold their letters in order".into(),
        );
    }
    let sort = order(request);
    ranked.sort_by(|a, b| {
        let by_key = match &sort {
            Some(sort) => compare_keys(a.key.as_ref(), b.key.as_ref(), sort),
            None => a.closeness.cmp(&b.closeness),
        };
        by_key
            .then_with(|| b.last.cmp(&a.last))
            .then_with(|| a.hit.entity_id.cmp(&b.hit.entity_id))
    });
    answer.total = ranked.len() as u64;
    answer.profiles = ranked
        .into_iter()
        .skip(request.offset as usize)
        .take(request.limit as usize)
        .map(|ranked| ranked.hit)
        .collect();
    Ok(())
}

/// Paths of the query that no profile has, each with the nearest ones.
fn unknown_paths(view: View<'_>, expr: &Expr) -> Result<Vec<String>> {
    let known: Vec<Path> = view.paths()?.into_iter().map(|(_, path)| path).collect();
    let notes = query::wanted_paths(expr).into_iter().filter_map(|wanted| {
        let is_known = known.iter().any(|path| {
            let keys: Vec<&str> = path.0.iter().map(String::as_str).collect();
            wanted.holds(&keys)
        });
        let near = query::nearest_paths(wanted, &known);
        let near: Vec<String> = near.iter().map(|path| format!("`{path}`")).collect();
        (!is_known).then(|| match near.as_slice() {
            [] => format!("no profile has an attribute `{}`", wanted.path()),
            near => format!(
                "no profile has an attribute `{}`; nearest: {}",
                wanted.path(),
                near.join(", ")
            ),
        })
    });
    Ok(notes.collect())
}

/// Folds the candidates and keeps those that match.
fn verified(
    view: View<'_>,
    request: &SearchRequest,
    policy: &MergePolicy,
    query: &Query,
    reach: Reach,
    exact: &mut bool,
) -> Result<Vec<Ranked>> {
    let sort = order(request);
    let wanted = candidates(view, &query.expr, reach)?;
    let clusters = likely(view, wanted)?;
    // Patience is for the folding alone, so that what is shown first is never nothing.
    let start = Instant::now();
    let mut ranked = Vec::new();
    for cluster in clusters {
        if request
            .patience
            .is_some_and(|patience| start.elapsed() > patience)
        {
            *exact = false;
            break;
        }
        for profile in profiles_of(view, &cluster, policy)? {
            if let Some(outcome) = matches(view, query, &profile, policy, reach)? {
                ranked.push(Ranked {
                    closeness: outcome.closeness,
                    last: cluster.last_event,
                    key: sort.as_ref().and_then(|sort| sort_key(&profile, sort)),
                    hit: hit(&profile, outcome.matches),
                });
            }
        }
    }
    Ok(ranked)
}

/// The clusters that can match, last active first.
fn likely(view: View<'_>, wanted: Option<HashSet<ClusterId>>) -> Result<Vec<StoredCluster>> {
    let Some(wanted) = wanted else {
        return Ok(view.recent_clusters(&[], 0, i64::MAX as u64)?);
    };
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

/// What of a profile matches.
pub(super) fn matches(
    view: View<'_>,
    query: &Query,
    profile: &ProfileAnswer,
    policy: &MergePolicy,
    reach: Reach,
) -> Result<Option<query::Outcome>> {
    let events = if asks_for_events(&query.expr) {
        events_of(view, profile, policy)?
    } else {
        Vec::new()
    };
    let mut kinds: Vec<Arc<str>> = events.iter().filter_map(|e| e.kind.clone()).collect();
    kinds.sort();
    kinds.dedup();
    let subject = Subject {
        profile: &profile.profile,
        identities: &profile.identities,
        fragments: profile.fragments as u64,
        event_count: profile.event_count,
        datasets: &profile.sources,
        first: profile.first_seen,
        last: profile.last_event.or(profile.profile.last_modified_at),
        event_kinds: &kinds,
        events: &events,
    };
    Ok(query::evaluate(&query.expr, &subject, reach))
}

fn events_of(view: View<'_>, profile: &ProfileAnswer, policy: &MergePolicy) -> Result<Vec<Event>> {
    match Timeline::open(view, &profile.requested, policy, Moment::MAX)? {
        Ok(timeline) => Ok(timeline
            .page(view, super::Order::Newest, 0, u64::from(u32::MAX))?
            .events),
        Err(_) => Ok(Vec::new()),
    }
}

pub(super) fn has_words(expr: &Expr) -> bool {
    any_test(expr, &|test| matches!(test, Test::Word(_)))
}

fn asks_for_events(expr: &Expr) -> bool {
    any_test(expr, &|test| matches!(test, Test::Event { .. }))
}

fn any_test(expr: &Expr, is_such: &dyn Fn(&Test) -> bool) -> bool {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().any(|part| any_test(part, is_such)),
        Expr::Not(inner) => any_test(inner, is_such),
        Expr::Term(term) => is_such(&term.test),
    }
}

pub(super) fn hit(profile: &ProfileAnswer, matched: Vec<Match>) -> Hit {
    Hit {
        entity_id: profile.entity_id.clone(),
        name: profile.profile.name(),
        email: profile.profile.email(),
        identities: profile.identities.len() as u64,
        events: profile.event_count,
        last_event: profile.last_event,
        matched,
    }
}
