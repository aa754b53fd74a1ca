//! The folded profile of an identity under a policy.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::error::Result;
use super::subject::{Subject, subject};
use crate::merge::{self, Ingredients};
use crate::model::{
    Found, Fragment, Identity, IdentityId, MergePolicy, Miss, Moment, PolicyName, Profile,
    ProfileAnswer, Stitching,
};
use crate::store::{StoreError, StoredIdentity, View};

/// Folds the profile of an identity, or says why there is none.
pub fn profile(
    view: View<'_>,
    identity: &Identity,
    policy: &MergePolicy,
    as_of: Moment,
) -> Result<Found<ProfileAnswer>> {
    match subject(view, identity, as_of)? {
        Ok(subject) => profile_of(view, &subject, policy),
        Err(miss) => Ok(Err(miss)),
    }
}

/// Folds the profile of a subject that was found already.
pub fn profile_of(
    view: View<'_>,
    subject: &Subject,
    policy: &MergePolicy,
) -> Result<Found<ProfileAnswer>> {
    profile_from(view, subject, policy, |view, members, as_of| {
        view.fragments(members, as_of)
    })
}

/// The same as it is now, for a list: it does not say of a value before whether another person took its fragment over.
pub(super) fn listed_profile_of(
    view: View<'_>,
    subject: &Subject,
    policy: &MergePolicy,
) -> Result<Found<ProfileAnswer>> {
    profile_from(view, subject, policy, |view, members, _| {
        view.nameless_fragments(members)
    })
}

fn profile_from(
    view: View<'_>,
    subject: &Subject,
    policy: &MergePolicy,
    read: ReadFragments,
) -> Result<Found<ProfileAnswer>> {
    let members = stitched(subject, policy);
    let folded = fold(view, subject, policy, read)?;
    let events = EventCount::of(view, subject, members, policy)?;
    if folded.profile.sources.is_empty() && events.seen == 0 {
        return Ok(Err(Box::new(miss(view, subject, policy, &events)?)));
    }
    let mut identities: Vec<_> = members
        .iter()
        .map(|member| Identity::clone(&subject.name(member.id)))
        .collect();
    identities.sort_by_cached_key(Identity::to_string);
    let sources: BTreeSet<_> = folded
        .profile
        .sources
        .iter()
        .chain(&events.sources)
        .cloned()
        .collect();
    Ok(Ok(ProfileAnswer {
        entity_id: subject.canonical(view, members)?,
        requested: subject.requested.clone(),
        policy: PolicyName::from(policy),
        identities,
        profile: folded.profile,
        sources: sources.into_iter().collect(),
        event_count: events.seen,
        first_seen: members.iter().map(|member| member.first_seen).min(),
        first_event: events.first,
        last_event: events.last,
        hidden_events: events.hidden,
        fragments: folded.fragments,
        files: view.catalog()?.files(),
    }))
}

/// The identities that the policy makes the profile of.
pub(super) fn stitched<'a>(subject: &'a Subject, policy: &MergePolicy) -> &'a [StoredIdentity] {
    match policy.stitching {
        Stitching::Pdg => &subject.members,
        Stitching::None => std::slice::from_ref(&subject.asked),
    }
}

struct Folded {
    profile: Profile,
    fragments: usize,
}

/// How the fragments of identities are read.
type ReadFragments = fn(
    View<'_>,
    &[(IdentityId, Arc<Identity>)],
    Moment,
) -> std::result::Result<Vec<Fragment>, StoreError>;

fn fold(
    view: View<'_>,
    subject: &Subject,
    policy: &MergePolicy,
    read: ReadFragments,
) -> Result<Folded> {
    let cluster: Vec<Identity> = subject
        .members
        .iter()
        .map(|member| Identity::clone(&subject.name(member.id)))
        .collect();
    let with_fragments: Vec<_> = subject
        .members
        .iter()
        .filter(|member| member.fragments > 0)
        .map(|member| (member.id, subject.name(member.id)))
        .collect();
    let fragments = read(view, &with_fragments, subject.as_of)?;
    let ingredients = Ingredients {
        requested: &subject.requested,
        cluster: &cluster,
        fragments: &fragments,
    };
    Ok(Folded {
        fragments: merge::taking_part(&ingredients, policy).len(),
        profile: merge::fold(&ingredients, policy),
    })
}

/// Events of a profile, by whether the policy sees them.
#[derive(Default)]
pub(super) struct EventCount {
    pub seen: u64,
    pub hidden: u64,
    pub first: Option<Moment>,
    pub last: Option<Moment>,
    pub sources: Vec<Arc<str>>,
    hidden_sources: Vec<Arc<str>>,
}

impl EventCount {
    fn of(
        view: View<'_>,
        subject: &Subject,
        members: &[StoredIdentity],
        policy: &MergePolicy,
    ) -> Result<EventCount> {
        let catalog = view.catalog()?;
        let mut count = EventCount::default();
        for member in members.iter().filter(|member| member.events > 0) {
            for totals in view.event_totals(member.id, subject.as_of)? {
                let name = catalog.dataset_name(totals.dataset)?;
                count.add(name, totals.events, (totals.first, totals.last), policy);
            }
        }
        Ok(count)
    }

    /// Adds events of a dataset with the moments of the first and the last; whether the policy sees them.
    pub fn add(
        &mut self,
        dataset: Arc<str>,
        events: u64,
        (first, last): (Moment, Moment),
        policy: &MergePolicy,
    ) -> bool {
        let is_seen = policy.sees(&dataset);
        if is_seen {
            self.seen += events;
            self.first = self.first.into_iter().chain([first]).min();
            self.last = self.last.into_iter().chain([last]).max();
            self.sources.push(dataset);
        } else {
            self.hidden += events;
            self.hidden_sources.push(dataset);
        }
        is_seen
    }
}

/// Why the policy makes no profile of identities that are known.
fn miss(
    view: View<'_>,
    subject: &Subject,
    policy: &MergePolicy,
    events: &EventCount,
) -> Result<Miss> {
    let identity = subject.requested.clone();
    let is_primary = subject.asked.source_set != 0;
    if policy.stitching == Stitching::None && !is_primary {
        let carried_by = subject
            .members
            .iter()
            .filter(|member| member.source_set != 0)
            .map(|member| Identity::clone(&subject.name(member.id)))
            .collect();
        return Ok(Miss::OnlySecondary {
            identity,
            policy: policy.name.clone(),
            carried_by,
        });
    }
    let catalog = view.catalog()?;
    let mut datasets: BTreeSet<String> = events
        .hidden_sources
        .iter()
        .map(ToString::to_string)
        .collect();
    for member in stitched(subject, policy) {
        for dataset in catalog.source_set(member.source_set) {
            datasets.insert(catalog.dataset(*dataset)?.name.clone());
        }
    }
    if datasets.is_empty() || datasets.iter().all(|name| policy.sees(name)) {
        return Ok(Miss::Deleted { identity });
    }
    Ok(Miss::LeftOut {
        identity,
        policy: policy.name.clone(),
        datasets: datasets.into_iter().collect(),
    })
}
