//! What the index is told of a cluster: its fragments folded once, and what each of them says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::all_events::AllEvents;
use crate::index::{Digest, Entry, EventsOf, Known, SegmentMaker, Standing};
use crate::lookup::error::Result;
use crate::merge::{self, ClaimPaths, Claims, Field, Ingredients};
use crate::model::{ClusterId, MergePolicy, Moment, Profile, name_of};
use crate::query::each_segment;
use crate::store::{EventSum, StoredIdentity, View};

/// A cluster as the index takes it in; `None` where it holds nothing that any policy could make a profile of.
pub(super) fn entry(
    view: View<'_>,
    (id, members): (ClusterId, &[StoredIdentity]),
    all_events: &AllEvents,
    policy: &MergePolicy,
    segment: &mut SegmentMaker<'_>,
) -> Result<Option<Entry>> {
    let Some(digest) = digest(view, members, all_events, &mut segment.claim_paths)? else {
        return Ok(None);
    };
    let events = Events::of(&digest, policy);
    let sources = digest.fragments.iter().map(|fragment| &fragment.dataset);
    let sources: BTreeSet<_> = sources.chain(&events.sources).cloned().collect();
    if sources.is_empty() {
        return Ok(None);
    }
    let Some(entity) = digest.identities.get(digest.entity) else {
        return Ok(None);
    };
    let entity = Arc::clone(&entity.identity);
    let ingredients = Ingredients {
        requested: &entity,
        cluster: &[],
        fragments: &digest.fragments,
    };
    let folded = weighed(&ingredients, &digest.claims, policy, segment)
        .unwrap_or_else(|| folded(&ingredients, &digest.claims, policy, segment));
    let is_simple = digest.fragments.len() <= 1 && !has_empty_text(&digest.claims);
    Ok(Some(Entry {
        cluster: id,
        is_profile: !folded.sources.is_empty() || events.seen > 0,
        is_simple,
        fragments: folded.fragments as u64,
        events: events.seen,
        first: members.iter().map(|member| member.first_seen).min(),
        last: events.last.or(folded.last_modified_at),
        last_event: events.last,
        name: folded.name,
        conflicts: folded.conflicts,
        datasets: datasets(&folded.sources, &events),
        sources: sources.into_iter().collect(),
        event_types: events.types.into_iter().collect(),
        entity,
        digest,
    }))
}

/// A cluster as far as lists look at it.
fn digest(
    view: View<'_>,
    members: &[StoredIdentity],
    all_events: &AllEvents,
    paths: &mut ClaimPaths,
) -> Result<Option<Digest>> {
    let catalog = view.catalog()?;
    let entity = (0..members.len()).min_by_key(|place| {
        let member = members.get(*place);
        member.map(|member| (catalog.rank(member.namespace), member.first_seen, member.id))
    });
    let Some(entity) = entity else {
        return Ok(None);
    };
    let mut digest = Digest {
        entity,
        ..Digest::default()
    };
    let mut with_fragments = Vec::new();
    for member in members {
        let identity = Arc::new(view.named(member)?);
        if member.fragments > 0 {
            with_fragments.push((member.id, Arc::clone(&identity)));
        }
        digest.identities.push(Known {
            identity,
            first_seen: member.first_seen,
            is_primary: member.source_set != 0,
            events: events_of(view, member, all_events)?,
        });
    }
    if !with_fragments.is_empty() {
        let fragments = view.nameless_fragments(&with_fragments)?;
        let outlines = fragments
            .iter()
            .filter_map(|own| merge::outlined(own, paths));
        let mut outlines: Vec<_> = outlines.collect();
        outlines.sort_by_cached_key(|(fragment, _)| {
            let mut identities = digest.identities.iter();
            identities.position(|known| Arc::ptr_eq(&known.identity, &fragment.identity))
        });
        (digest.fragments, digest.claims) = outlines.into_iter().unzip();
    }
    Ok(Some(digest))
}

/// The events of an identity, dataset by dataset.
fn events_of(
    view: View<'_>,
    member: &StoredIdentity,
    all_events: &AllEvents,
) -> Result<Vec<EventsOf>> {
    if member.events == 0 {
        return Ok(Vec::new());
    }
    let catalog = view.catalog()?;
    let sums = all_events.of(view, member.id)?;
    let named = sums.into_iter().map(|EventSum { totals, kinds }| {
        let kinds = kinds.into_iter();
        Ok(EventsOf {
            dataset: catalog.dataset_name(totals.dataset)?,
            count: totals.events,
            first: totals.first,
            last: totals.last,
            kinds: kinds.filter_map(|kind| catalog.event_type(kind)).collect(),
        })
    });
    named.collect()
}

fn datasets(sources: &[Arc<str>], events: &Events) -> Vec<Arc<str>> {
    let all: BTreeSet<_> = sources.iter().chain(&events.seen_sources).collect();
    all.into_iter().cloned().collect()
}

/// A cluster under the policy of the index, as far as that is not told to the segment at once.
struct Folded {
    /// The datasets of the fragments that take part.
    sources: Vec<Arc<str>>,
    last_modified_at: Option<Moment>,
    fragments: usize,
    name: Option<String>,
    conflicts: Vec<Vec<String>>,
}

/// Weighs a cluster and notes what wins and what loses, where that is enough to know all that the fold would tell.
fn weighed(
    ingredients: &Ingredients<'_>,
    claims: &[Claims],
    policy: &MergePolicy,
    segment: &mut SegmentMaker<'_>,
) -> Option<Folded> {
    if !policy.order.is_empty() {
        return None;
    }
    let is_outer = |no| segment.claim_paths.is_outer(no);
    let weighed = merge::weigh_claims(ingredients, claims, &is_outer, policy)?;
    let may_be_name = |field: &Field<'_, '_>| segment.claim_paths.may_be_name(field.winner.path.no);
    let texts = weighed.fields().filter(may_be_name).filter_map(|field| {
        let text = field.winner.value.as_ref()?.as_str()?;
        Some((field.winner.path.keys.as_slice(), text))
    });
    let (name, is_certain) = name_of(texts);
    if !is_certain {
        return None;
    }
    let is_undisputed = !has_empty_text(claims);
    let mut conflicts = Vec::new();
    for field in weighed.fields() {
        let (path, winner) = (&field.winner.path, field.winner.value.as_ref()?);
        let others = || field.losers().filter_map(|claim| claim.value.as_ref());
        let is_alone = others().all(|other| other == winner);
        if !is_alone && field.is_disputed() {
            conflicts.push(path.keys.clone());
        }
        segment.claim(path, winner, standing(is_undisputed && is_alone));
        for other in others().filter(|other| *other != winner) {
            segment.claim(path, other, Standing::Lost);
        }
    }
    Some(Folded {
        sources: weighed.sources,
        last_modified_at: weighed.last_modified_at,
        fragments: weighed.whole,
        name,
        conflicts,
    })
}

fn standing(is_undisputed: bool) -> Standing {
    if is_undisputed {
        Standing::Undisputed
    } else {
        Standing::Won
    }
}

/// Folds a cluster and notes what wins, what loses, and what its fragments say.
fn folded(
    ingredients: &Ingredients<'_>,
    claims: &[Claims],
    policy: &MergePolicy,
    segment: &mut SegmentMaker<'_>,
) -> Folded {
    let (profile, fragments) = merge::fold_claims(ingredients, claims, policy);
    let tells_all = tells_all(&profile, claims, policy);
    // Other policies may let win whatever some fragment says.
    if !tells_all {
        for claim in claims.iter().flat_map(|claims| &claims.all) {
            if let Some(value) = &claim.value {
                segment.claim(&claim.path, value, Standing::Said);
            }
        }
    }
    let is_undisputed = tells_all && !has_empty_text(claims);
    for leaf in &profile.leaves {
        let mut others = leaf.candidates.iter();
        let is_alone = others.all(|other| other.value == leaf.value);
        let keys = leaf.path.keys();
        segment.say(keys, &leaf.value, standing(is_undisputed && is_alone));
        for candidate in &leaf.candidates {
            segment.say(keys, &candidate.value, Standing::Lost);
        }
    }
    each_segment(&profile, |path, value| {
        segment.say(path.keys(), value, Standing::Won);
    });
    let disputed = profile.leaves.iter().filter(|leaf| leaf.conflict);
    Folded {
        conflicts: disputed.map(|leaf| leaf.path.0.clone()).collect(),
        name: profile.name(),
        last_modified_at: profile.last_modified_at,
        sources: profile.sources,
        fragments,
    }
}

/// Whether all that fragments say stands in the profile, be it that it won or that it lost.
fn tells_all(profile: &Profile, claims: &[Claims], policy: &MergePolicy) -> bool {
    if !policy.order.is_empty()
        || policy.options.empty_as_null
        || profile.entity.contains_key("segmentMembership")
    {
        return false;
    }
    // Where one says a value and another an object, a path has claims and no leaf.
    let said = claims.iter().flat_map(|claims| &claims.all);
    let said = said.filter(|claim| claim.value.is_some());
    let mut paths: Vec<u32> = said.map(|claim| claim.path.no).collect();
    paths.sort_unstable();
    paths.dedup();
    paths.len() == profile.leaves.len()
}

/// Whether some fragment says an empty text, which a policy may take as nothing.
fn has_empty_text(claims: &[Claims]) -> bool {
    let mut said = claims.iter().flat_map(|claims| &claims.all);
    said.any(|claim| claim.value.as_ref().and_then(Value::as_str) == Some(""))
}

/// The events of a cluster, by whether the policy of the index sees them.
#[derive(Default)]
struct Events {
    seen: u64,
    last: Option<Moment>,
    sources: BTreeSet<Arc<str>>,
    seen_sources: BTreeSet<Arc<str>>,
    types: BTreeMap<Arc<str>, Standing>,
}

impl Events {
    fn of(digest: &Digest, policy: &MergePolicy) -> Events {
        let mut all = Events::default();
        for events in digest.identities.iter().flat_map(|known| &known.events) {
            let standing = if policy.sees(&events.dataset) {
                all.seen += events.count;
                all.last = all.last.into_iter().chain([events.last]).max();
                all.seen_sources.insert(Arc::clone(&events.dataset));
                Standing::Undisputed
            } else {
                Standing::Said
            };
            all.sources.insert(Arc::clone(&events.dataset));
            for kind in &events.kinds {
                let known = all.types.entry(Arc::clone(kind)).or_insert(standing);
                *known = (*known).min(standing);
            }
        }
        all
    }
}
