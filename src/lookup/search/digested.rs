//! Profiles folded from the digests of the index: what lists and queries look at, without the store.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::index::{Digest, Known};
use crate::lookup::profile::EventCount;
use crate::merge::{self, Claims, Ingredients};
use crate::model::{
    Fragment, Identity, MergePolicy, Moment, PolicyName, Profile, ProfileAnswer, Stitching,
};

/// A profile, as far as a digest knows it, and the types of its events.
pub(in crate::lookup) struct Digested {
    pub profile: ProfileAnswer,
    pub kinds: Vec<Arc<str>>,
}

/// Every profile that a policy makes of a cluster.
pub(in crate::lookup) fn digested(digest: &Digest, policy: &MergePolicy) -> Vec<Digested> {
    let primary = digest.identities.iter().filter(|known| known.is_primary);
    match policy.stitching {
        Stitching::Pdg => {
            let asked = primary.take(1);
            let whole = asked.filter_map(|asked| {
                let entity = digest.identities.get(digest.entity)?;
                let all = (digest.fragments.as_slice(), digest.claims.as_slice());
                profile((asked, &digest.identities), entity, all, policy)
            });
            whole.collect()
        }
        Stitching::None => primary
            .filter_map(|asked| {
                let stitched = (asked, std::slice::from_ref(asked));
                profile(stitched, asked, digest.own(&asked.identity), policy)
            })
            .collect(),
    }
}

fn names(identities: &[Known]) -> Vec<Identity> {
    let names = identities.iter().map(|known| &*known.identity);
    names.cloned().collect()
}

/// An identity letter by letter.
fn as_written(identity: &Identity) -> impl Iterator<Item = u8> + '_ {
    let code = identity.namespace.bytes();
    code.chain([b':']).chain(identity.value.bytes())
}

/// The profile of some identities, where the policy makes one of them.
fn profile(
    (asked, stitched): (&Known, &[Known]),
    entity: &Known,
    (fragments, claims): (&[Fragment], &[Claims]),
    policy: &MergePolicy,
) -> Option<Digested> {
    let ingredients = Ingredients {
        requested: &asked.identity,
        cluster: &[],
        fragments,
    };
    let (events, kinds) = events_of(stitched, policy);
    let (profile, fragments) = match fragments {
        [] if events.seen == 0 => return None,
        [] => (Profile::default(), 0),
        _ => merge::fold_claims(&ingredients, claims, policy),
    };
    if profile.sources.is_empty() && events.seen == 0 {
        return None;
    }
    let mut identities = names(stitched);
    identities.sort_by(|a, b| as_written(a).cmp(as_written(b)));
    let sources: BTreeSet<_> = profile.sources.iter().chain(&events.sources).collect();
    Some(Digested {
        kinds: kinds.into_iter().collect(),
        profile: ProfileAnswer {
            entity_id: Identity::clone(&entity.identity),
            requested: Identity::clone(&asked.identity),
            policy: PolicyName::from(policy),
            identities,
            sources: sources.into_iter().cloned().collect(),
            event_count: events.seen,
            first_seen: stitched.iter().map(|known| known.first_seen).min(),
            first_event: events.first,
            last_event: events.last,
            hidden_events: events.hidden,
            fragments,
            files: Arc::default(),
            profile,
        },
    })
}

/// The last event of an identity that the policy sees.
pub(super) fn last_event(known: &Known, policy: &MergePolicy) -> Option<Moment> {
    events_of(std::slice::from_ref(known), policy).0.last
}

/// How many events some identities have, and the types of those that the policy sees.
fn events_of(identities: &[Known], policy: &MergePolicy) -> (EventCount, BTreeSet<Arc<str>>) {
    let (mut count, mut kinds) = (EventCount::default(), BTreeSet::new());
    for events in identities.iter().flat_map(|known| &known.events) {
        let moments = (events.first, events.last);
        if count.add(Arc::clone(&events.dataset), events.count, moments, policy) {
            kinds.extend(events.kinds.iter().cloned());
        }
    }
    (count, kinds)
}
