//! Everybody under two policies: who changes, who is split or joined, and where.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::documents::gathered;
use super::error::Result;
use super::foremost::Foremost;
use super::indexing::trusted;
use super::search::{digested, listed_profiles_of};
use crate::index::{Digest, DigestReader, Disputes, Doc, Index, Told};
use crate::merge::{self, Claim, Field, Ingredients, Weighed};
use crate::model::value::agree;
use crate::model::{
    ChangedProfile, Identity, MergePolicy, Path, PolicyName, PopulationAnswer, ProfileAnswer,
    Stitching,
};
use crate::store::View;

/// How many changed profiles are named.
const EXAMPLES: usize = 10;

/// Compares what two policies make of everybody, the first as the baseline.
pub fn population(
    view: View<'_>,
    index: Option<&Index>,
    policies: [&MergePolicy; 2],
) -> Result<PopulationAnswer> {
    let counted = match index {
        Some(index) => trusted(view, by_index(view, index, policies))?,
        None => None,
    };
    let tally = match counted {
        Some(tally) => tally,
        None => by_store(view, policies)?,
    };
    Ok(tally.told(policies))
}

fn by_index(view: View<'_>, index: &Index, policies: [&MergePolicy; 2]) -> Result<Tally> {
    let mut tally = Tally::default();
    for segment in index.segments() {
        let begin = |digests: &DigestReader<'_>| Part {
            outer: digests.outer(),
            disputes: disputes(digests, policies),
            tally: Tally::default(),
        };
        let parts = gathered(segment, view.stop(), begin, |part, digests, doc| {
            part.take(digests, doc, policies)
        })?;
        for part in parts {
            tally.join(part.tally);
        }
    }
    Ok(tally)
}

/// What a thread counts.
struct Part {
    /// Of each path, by number, whether others lie inside it.
    outer: Vec<bool>,
    disputes: Option<Disputes>,
    tally: Tally,
}

impl Part {
    fn take(
        &mut self,
        digests: &mut DigestReader<'_>,
        doc: Doc,
        policies: [&MergePolicy; 2],
    ) -> Result<()> {
        let digest = match &mut self.disputes {
            None => digests.read(doc)?,
            Some(disputes) => match digests.read_disputed(doc, disputes)? {
                Told::Differing(digest) => digest,
                Told::Alike(is_profile) => {
                    self.tally.count([u64::from(is_profile); 2]);
                    return Ok(());
                }
            },
        };
        let outer = &self.outer;
        let is_outer = |no: u32| outer.get(no as usize).copied().unwrap_or(true);
        self.tally.compare(&digest, policies, &is_outer);
        Ok(())
    }
}

/// Where both make one profile of a cluster, they can only differ where fragments do, or in what they see.
fn disputes(digests: &DigestReader<'_>, policies: [&MergePolicy; 2]) -> Option<Disputes> {
    let makes_one =
        |policy: &MergePolicy| policy.stitching == Stitching::Pdg && !policy.options.empty_as_null;
    let [a, b] = policies;
    let sees = |dataset: &str| a.sees(dataset) && b.sees(dataset);
    let arrays_alike = a.options.arrays == b.options.arrays;
    (makes_one(a) && makes_one(b)).then(|| digests.disputes(&sees, arrays_alike))
}

fn by_store(view: View<'_>, policies: [&MergePolicy; 2]) -> Result<Tally> {
    let mut tally = Tally::default();
    for cluster in view.clusters()? {
        view.go_on()?;
        let [a, b] = policies.map(|policy| listed_profiles_of(view, cluster, policy));
        tally.match_up(policies, (&a?, &b?));
    }
    Ok(tally)
}

/// What was counted so far.
#[derive(Default)]
struct Tally {
    profiles: [u64; 2],
    changed: u64,
    split: u64,
    joined: u64,
    only_in: [u64; 2],
    fields: HashMap<Path, u64>,
    /// Those that differ at most paths, then by name.
    examples: Foremost<(Reverse<usize>, Identity, Vec<Path>), EXAMPLES>,
}

impl Tally {
    /// Compares what the policies make of a cluster.
    fn compare(
        &mut self,
        digest: &Digest,
        policies: [&MergePolicy; 2],
        is_outer: &dyn Fn(u32) -> bool,
    ) {
        if self.weigh(digest, policies, is_outer).is_none() {
            let [a, b] = policies.map(|policy| {
                let found = digested(digest, policy).into_iter();
                found.map(|found| found.profile).collect::<Vec<_>>()
            });
            self.match_up(policies, (&a, &b));
        }
    }

    /// The same where both make one profile of it and nothing takes a fold; `None` where something does.
    fn weigh(
        &mut self,
        digest: &Digest,
        policies: [&MergePolicy; 2],
        is_outer: &dyn Fn(u32) -> bool,
    ) -> Option<()> {
        if policies.iter().any(|own| own.stitching != Stitching::Pdg) {
            return None;
        }
        let entity = digest.identities.get(digest.entity)?;
        let ingredients = Ingredients {
            requested: &entity.identity,
            cluster: &[],
            fragments: &digest.fragments,
        };
        let weigh = |policy| merge::weigh_claims(&ingredients, &digest.claims, is_outer, policy);
        let [a, b] = [weigh(policies[0])?, weigh(policies[1])?];
        let has_seen = |policy: &MergePolicy| {
            let mut events = digest.identities.iter().flat_map(|known| &known.events);
            events.any(|events| policy.sees(&events.dataset))
        };
        let is_one = [(&a, policies[0]), (&b, policies[1])]
            .map(|(own, policy)| !own.sources.is_empty() || has_seen(policy));
        match is_one {
            [true, true] => {
                let paths = differing(&a, &b);
                self.pair(&entity.identity, paths);
            }
            [one, other] => self.alone([u64::from(one), u64::from(other)]),
        }
        Some(())
    }

    /// Compares the profiles that each policy makes of a cluster.
    fn match_up(
        &mut self,
        policies: [&MergePolicy; 2],
        (a, b): (&[ProfileAnswer], &[ProfileAnswer]),
    ) {
        let is_apart = |policy: &&MergePolicy| policy.stitching == Stitching::None;
        match (a, b) {
            _ if policies.iter().all(is_apart) => self.by_name(a, b),
            ([one], [other]) => self.fields(one, other),
            ([_], [_, _, ..]) => {
                self.split += 1;
                self.count([1, b.len() as u64]);
            }
            ([_, _, ..], [_]) => {
                self.joined += 1;
                self.count([a.len() as u64, 1]);
            }
            _ => self.alone([a.len() as u64, b.len() as u64]),
        }
    }

    /// Where both make a profile of each identity, it is known by that.
    fn by_name(&mut self, a: &[ProfileAnswer], b: &[ProfileAnswer]) {
        let mut others: HashMap<&Identity, &ProfileAnswer> =
            b.iter().map(|own| (&own.entity_id, own)).collect();
        for own in a {
            match others.remove(&own.entity_id) {
                Some(other) => self.fields(own, other),
                None => self.alone([1, 0]),
            }
        }
        self.alone([0, others.len() as u64]);
    }

    fn fields(&mut self, one: &ProfileAnswer, other: &ProfileAnswer) {
        let fields = merge::compare(&[Some(&one.profile), Some(&other.profile)]);
        let differing = fields.into_iter().filter(|field| field.differs);
        self.pair(&one.entity_id, differing.map(|field| field.path).collect());
    }

    fn count(&mut self, profiles: [u64; 2]) {
        for (all, more) in self.profiles.iter_mut().zip(profiles) {
            *all += more;
        }
    }

    fn alone(&mut self, profiles: [u64; 2]) {
        self.count(profiles);
        for (all, more) in self.only_in.iter_mut().zip(profiles) {
            *all += more;
        }
    }

    /// A profile that both make, and the paths at which they differ.
    fn pair(&mut self, entity: &Identity, paths: Vec<Path>) {
        self.count([1, 1]);
        if paths.is_empty() {
            return;
        }
        self.changed += 1;
        for path in &paths {
            match self.fields.get_mut(path) {
                Some(count) => *count += 1,
                None => {
                    self.fields.insert(path.clone(), 1);
                }
            }
        }
        let rank = (Reverse(paths.len()), entity);
        let last = self.examples.last();
        if last.is_none_or(|(most, least, _)| rank < (*most, least)) {
            self.examples.put((rank.0, entity.clone(), paths));
        }
    }

    fn join(&mut self, other: Tally) {
        self.count(other.profiles);
        self.changed += other.changed;
        self.split += other.split;
        self.joined += other.joined;
        for (all, more) in self.only_in.iter_mut().zip(other.only_in) {
            *all += more;
        }
        for (path, profiles) in other.fields {
            *self.fields.entry(path).or_default() += profiles;
        }
        self.examples.join(other.examples);
    }

    fn told(self, policies: [&MergePolicy; 2]) -> PopulationAnswer {
        let mut fields: Vec<_> = self.fields.into_iter().collect();
        fields.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let examples = self.examples.into_vec().into_iter();
        PopulationAnswer {
            policies: policies.map(PolicyName::from),
            profiles: self.profiles,
            changed: self.changed,
            split: self.split,
            joined: self.joined,
            only_in: self.only_in,
            fields,
            examples: examples
                .map(|(_, entity_id, mut paths)| {
                    paths.sort();
                    ChangedProfile { entity_id, paths }
                })
                .collect(),
        }
    }
}

/// The paths at which two policies let something else win; each has its fields in the order of their paths' numbers.
fn differing(a: &Weighed<'_>, b: &Weighed<'_>) -> Vec<Path> {
    let (mut a, mut b) = (a.fields().peekable(), b.fields().peekable());
    let mut paths = Vec::new();
    let no = |field: &Field<'_, '_>| field.winner.path.no;
    let path = |claim: &Claim| Path(claim.path.keys.clone());
    loop {
        let differing = match (a.peek().map(no), b.peek().map(no)) {
            (None, None) => return paths,
            (Some(own), other) if other.is_none_or(|other| own < other) => a.next(),
            (own, Some(other)) if own.is_none_or(|own| other < own) => b.next(),
            _ => {
                let same = a.next().zip(b.next());
                same.filter(|(own, other)| !agrees(own.winner, other.winner))
                    .map(|(own, _)| own)
            }
        };
        paths.extend(differing.map(|field| path(field.winner)));
    }
}

fn agrees(a: &Claim, b: &Claim) -> bool {
    match (&a.value, &b.value) {
        (Some(a), Some(b)) => agree(a, b),
        _ => false,
    }
}
