//! The profiles that batches concern, as groups of identities: before them and after.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Span;
use crate::lookup::error::Result;
use crate::lookup::subject::held_at;
use crate::model::{IdentityId, MergePolicy, Moment, Stitching};
use crate::store::{IdentitySet, StoredLink, View};

/// A profile at one of the two moments.
pub(super) struct Group {
    /// Its identities, the smallest number first.
    pub(super) members: Vec<IdentityId>,
    /// The profiles of the other moment that share an identity with it, by their places.
    pub(super) others: BTreeSet<usize>,
    /// How many profiles it stands for.
    pub(super) weight: f64,
}

impl Group {
    /// The identity that was seen first.
    pub(super) fn first(&self) -> IdentityId {
        self.members.first().copied().unwrap_or(IdentityId(0))
    }
}

/// The profiles at both moments.
pub(super) struct Groups {
    pub(super) before: Vec<Group>,
    pub(super) after: Vec<Group>,
    /// All that the batches name was looked at, not an even sample.
    pub(super) is_whole: bool,
    /// The identities that the batches name and that were looked at, with their links.
    pub(super) links: HashMap<IdentityId, Vec<StoredLink>>,
    /// Those of them that the batches name.
    pub(super) sampled: Vec<IdentityId>,
}

/// The links that are walked, and what they hold together at each of the two moments.
struct Walk {
    links: HashMap<IdentityId, Vec<StoredLink>>,
    before: HashMap<IdentityId, Vec<IdentityId>>,
    after: HashMap<IdentityId, Vec<IdentityId>>,
}

impl Groups {
    /// The groups of whom the batches name, at most so many of these.
    pub(super) fn of(
        view: View<'_>,
        policy: &MergePolicy,
        span: Span,
        named: &IdentitySet,
        most: usize,
    ) -> Result<Groups> {
        let step = named.len().div_ceil(most.max(1)).max(1);
        let sampled: Vec<IdentityId> = named.iter().step_by(step).collect();
        let walk = Walk::from(view, policy, span, &sampled)?;
        let picked: HashSet<IdentityId> = sampled.iter().copied().collect();
        let weigh = |members: &[IdentityId]| {
            if step == 1 {
                return 1.0;
            }
            let of_batch = members.iter().filter(|id| named.contains(**id)).count();
            let drawn = members.iter().filter(|id| picked.contains(id)).count();
            step as f64 * drawn as f64 / of_batch.max(1) as f64
        };
        let mut groups = Groups {
            before: groups(view, policy, &walk.before, span.before, &weigh)?,
            after: groups(view, policy, &walk.after, span.after, &weigh)?,
            is_whole: step == 1,
            links: walk.links,
            sampled,
        };
        groups.meet();
        Ok(groups)
    }

    /// Notes which profiles of the two moments share an identity.
    fn meet(&mut self) {
        let mut owner = HashMap::new();
        for (at, group) in self.before.iter().enumerate() {
            owner.extend(group.members.iter().map(|id| (*id, at)));
        }
        for (at, group) in self.after.iter_mut().enumerate() {
            for id in &group.members {
                if let Some(earlier) = owner.get(id) {
                    group.others.insert(*earlier);
                    if let Some(earlier) = self.before.get_mut(*earlier) {
                        earlier.others.insert(at);
                    }
                }
            }
        }
    }

    /// Whether a profile of before is one profile still, and of nobody else, but with other identities.
    pub(super) fn is_regrouped(&self, before: &Group) -> bool {
        self.lone_successor(before)
            .is_some_and(|after| after.members != before.members)
    }

    /// What a profile of before that was neither joined nor split is now.
    pub(super) fn lone_successor(&self, before: &Group) -> Option<&Group> {
        let after = self.after.get(*before.others.first()?)?;
        (before.others.len() == 1 && after.others.len() == 1).then_some(after)
    }
}

impl Walk {
    /// Walks over all links that held at one of the two moments.
    fn from(view: View<'_>, policy: &MergePolicy, span: Span, from: &[IdentityId]) -> Result<Walk> {
        let mut walk = Walk {
            links: HashMap::new(),
            before: HashMap::new(),
            after: HashMap::new(),
        };
        let mut queue = from.to_vec();
        while let Some(id) = queue.pop() {
            if walk.before.contains_key(&id) {
                continue;
            }
            view.go_on()?;
            let links = view.links_of(id)?;
            let (mut before, mut after) = (Vec::new(), Vec::new());
            for link in links.iter().filter(|_| policy.stitching == Stitching::Pdg) {
                let other = if link.a == id { link.b } else { link.a };
                let (was, is) = (
                    held_at(view, link, span.before)?,
                    held_at(view, link, span.after)?,
                );
                before.extend(was.then_some(other));
                after.extend(is.then_some(other));
                queue.extend((was || is).then_some(other));
            }
            walk.links.insert(id, links);
            walk.before.insert(id, before);
            walk.after.insert(id, after);
        }
        Ok(walk)
    }
}

/// The profiles of a moment: what links hold together, where the policy sees a fragment or an event of it.
fn groups(
    view: View<'_>,
    policy: &MergePolicy,
    held: &HashMap<IdentityId, Vec<IdentityId>>,
    at: Moment,
    weigh: &impl Fn(&[IdentityId]) -> f64,
) -> Result<Vec<Group>> {
    let mut done = HashSet::new();
    let starts: BTreeMap<_, _> = held.iter().collect();
    let mut groups = Vec::new();
    for start in starts.keys() {
        let mut members = Vec::new();
        let mut queue = vec![**start];
        while let Some(id) = queue.pop() {
            if done.insert(id) {
                members.push(id);
                queue.extend(held.get(&id).into_iter().flatten());
            }
        }
        members.sort_unstable();
        if !members.is_empty() && is_profile(view, policy, &members, at)? {
            groups.push(Group {
                weight: weigh(&members),
                members,
                others: BTreeSet::new(),
            });
        }
    }
    Ok(groups)
}

fn is_profile(
    view: View<'_>,
    policy: &MergePolicy,
    members: &[IdentityId],
    at: Moment,
) -> Result<bool> {
    let catalog = view.catalog()?;
    for id in members {
        for (dataset, batch) in view.sources_of(*id)? {
            let is_seen = policy.sees(&catalog.dataset_name(dataset)?);
            if is_seen && catalog.batch(batch)?.ingested_at <= at {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
