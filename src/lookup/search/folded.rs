//! Profiles of a cluster, folded: what of them matches a query, and how a list shows them.

use std::sync::Arc;

use super::asks_for_events;
use crate::lookup::error::Result;
use crate::lookup::events::{Order, Timeline};
use crate::lookup::profile::{listed_profile_of, profile_of};
use crate::lookup::subject::{Subject, subject_of};
use crate::model::{
    ClusterId, Event, Found, Hit, Match, MergePolicy, Moment, ProfileAnswer, Stitching,
};
use crate::query::{self, Query, Reach};
use crate::store::View;

/// Every profile that the policy makes of a cluster.
pub(in crate::lookup) fn profiles_of(
    view: View<'_>,
    cluster: ClusterId,
    policy: &MergePolicy,
) -> Result<Vec<ProfileAnswer>> {
    each_of(view, cluster, policy, profile_of)
}

/// The same, as far as lists and queries look at them.
pub(in crate::lookup) fn listed_profiles_of(
    view: View<'_>,
    cluster: ClusterId,
    policy: &MergePolicy,
) -> Result<Vec<ProfileAnswer>> {
    each_of(view, cluster, policy, listed_profile_of)
}

fn each_of(
    view: View<'_>,
    cluster: ClusterId,
    policy: &MergePolicy,
    fold: fn(View<'_>, &Subject, &MergePolicy) -> Result<Found<ProfileAnswer>>,
) -> Result<Vec<ProfileAnswer>> {
    view.go_on()?;
    let members = view.members(cluster)?;
    let mut asked: Vec<_> = members
        .iter()
        .filter(|member| member.source_set != 0)
        .cloned()
        .collect();
    if policy.stitching == Stitching::Pdg {
        asked.truncate(1);
    }
    let mut profiles = Vec::new();
    for identity in asked {
        let subject = subject_of(view, identity, members.clone())?;
        if let Ok(profile) = fold(view, &subject, policy)? {
            profiles.push(profile);
        }
    }
    Ok(profiles)
}

/// What of a profile matches; its events are read from the store where the query asks for them.
pub(in crate::lookup) fn matches(
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
    Ok(outcome(query, profile, (&events, &kinds), reach))
}

/// The same with the events at hand, and their types.
pub(super) fn outcome(
    query: &Query,
    profile: &ProfileAnswer,
    (events, kinds): (&[Event], &[Arc<str>]),
    reach: Reach,
) -> Option<query::Outcome> {
    let subject = query::Subject {
        profile: &profile.profile,
        identities: &profile.identities,
        fragments: profile.fragments as u64,
        event_count: profile.event_count,
        datasets: &profile.sources,
        first: profile.first_seen,
        last: profile.last_event.or(profile.profile.last_modified_at),
        event_kinds: kinds,
        events,
    };
    query::evaluate(&query.expr, &subject, reach)
}

pub(super) fn events_of(
    view: View<'_>,
    profile: &ProfileAnswer,
    policy: &MergePolicy,
) -> Result<Vec<Event>> {
    match Timeline::open(view, &profile.requested, policy, Moment::MAX)? {
        Ok(timeline) => Ok(timeline
            .page(view, Order::Newest, 0, u64::from(u32::MAX))?
            .events),
        Err(_) => Ok(Vec::new()),
    }
}

/// A profile as a line of a list.
pub(in crate::lookup) fn hit(profile: &ProfileAnswer, matched: Vec<Match>) -> Hit {
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
