//! What batches did to the profiles: those of just before them held against those of their moment.

mod fields;
mod groups;
mod hot;

use super::error::Result;
use super::overview::profile_count;
use crate::model::{
    BatchId, Effects, Example, IdentityId, ImportAnswer, MergePolicy, Moment, PolicyName, What,
};
use crate::store::{IdentitySet, View};
use fields::Fields;
use groups::{Group, Groups};

/// Examples of each kind that are named.
const EXAMPLES: usize = 3;

/// Rows that an import may accept for its effects to be told on the way.
const FEW_ROWS: u64 = 20_000;

/// How much is looked at; beyond it there are estimates, which say that they are.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// Identities whose graphs are held against each other.
    pub identities: usize,
    /// Profiles whose fields are.
    pub profiles: usize,
}

impl Reach {
    /// A few seconds at most: for the question itself.
    pub const THOROUGH: Reach = Reach {
        identities: 25_000,
        profiles: 2_500,
    };
    /// A blink: for an import that says on the way what it did.
    pub const PASSING: Reach = Reach {
        identities: 4_000,
        profiles: 300,
    };
}

/// The moments between which batches lie.
#[derive(Clone, Copy, Debug)]
struct Span {
    before: Moment,
    after: Moment,
}

/// What these batches did, under a policy; all of them, where there are more batches of the same moments.
pub fn effects(
    view: View<'_>,
    batches: &[BatchId],
    policy: &MergePolicy,
    reach: Reach,
) -> Result<Effects> {
    let mut effects = Effects {
        policy: PolicyName::from(policy),
        exact: true,
        changed: Some(0),
        altered: Some(0),
        ..Effects::default()
    };
    let catalog = view.catalog()?;
    let moments = batches
        .iter()
        .map(|batch| Ok(catalog.batch(*batch)?.ingested_at))
        .collect::<Result<Vec<_>>>()?;
    let (Some(first), Some(last)) = (moments.iter().min(), moments.iter().max()) else {
        return Ok(effects);
    };
    let span = Span {
        before: Moment(first.0.saturating_sub(1)),
        after: *last,
    };
    let is_all = catalog.batches().len() == batches.len();
    if is_all {
        effects.created = profile_count(view, policy)?;
        // A store that is being made has no index to find the last active by.
        if effects.created <= reach.identities as u64 || reach.profiles >= Reach::THOROUGH.profiles
        {
            effects.examples = first_profiles(view)?;
        }
        return Ok(effects);
    }
    let named = named(view, batches)?;
    let groups = Groups::of(view, policy, span, &named, reach.identities)?;
    count(&groups, &mut effects);
    Fields::compare(view, policy, span, &groups, reach.profiles)?.put_into(&mut effects);
    effects.hot = hot::values(view, span, &groups)?;
    examples(view, &groups, &mut effects)?;
    Ok(effects)
}

/// What an import did, said on its way: where it is the first or has few rows, else nothing.
pub fn effects_in_passing(
    view: View<'_>,
    answer: &ImportAnswer,
    policy: &MergePolicy,
) -> Result<Option<Box<Effects>>> {
    let accepted: u64 = answer.datasets.iter().map(|d| d.counts.accepted).sum();
    let is_first = view.catalog()?.batches().len() == batches_of(answer).len();
    if !is_first && accepted > FEW_ROWS {
        return Ok(None);
    }
    effects_of_import(view, answer, policy, Reach::PASSING).map(|effects| Some(Box::new(effects)))
}

/// What all batches of an import did together.
pub fn effects_of_import(
    view: View<'_>,
    answer: &ImportAnswer,
    policy: &MergePolicy,
    reach: Reach,
) -> Result<Effects> {
    effects(view, &batches_of(answer), policy, reach)
}

fn batches_of(answer: &ImportAnswer) -> Vec<BatchId> {
    let batches = answer.datasets.iter().filter_map(|d| d.batch);
    batches.map(BatchId).collect()
}

fn named(view: View<'_>, batches: &[BatchId]) -> Result<IdentitySet> {
    let mut named = IdentitySet::default();
    for batch in batches {
        view.go_on()?;
        view.each_observation(*batch, |observation| {
            named.extend(&observation.identities);
            Ok(())
        })?;
    }
    Ok(named)
}

fn count(groups: &Groups, effects: &mut Effects) {
    let sum = |of: &dyn Fn(&Group) -> bool, groups: &[Group]| -> u64 {
        let weights = groups.iter().filter(|group| of(group));
        weights.map(|group| group.weight).sum::<f64>().round() as u64
    };
    effects.exact = groups.is_whole;
    effects.created = sum(&|group| group.others.is_empty(), &groups.after);
    effects.joined = sum(&|group| group.others.len() > 1, &groups.after);
    effects.split = sum(&|group| group.others.len() > 1, &groups.before);
    effects.concerned = sum(&|_| true, &groups.before);
    effects.regrouped = sum(&|group| groups.is_regrouped(group), &groups.before);
}

/// Whether a group is of a kind.
type IsOne = fn(&Group) -> bool;

/// An example of each kind by one of its identities, changed ones aside: those are known once they are folded.
fn examples(view: View<'_>, groups: &Groups, effects: &mut Effects) -> Result<()> {
    let kinds: [(What, &[Group], IsOne); 3] = [
        (What::Joined, &groups.after, |group| group.others.len() > 1),
        (What::Split, &groups.before, |group| group.others.len() > 1),
        (What::Created, &groups.after, |group| {
            group.others.is_empty()
        }),
    ];
    let mut found = Vec::new();
    for (what, groups, is_one) in kinds {
        for group in groups.iter().filter(|group| is_one(group)).take(EXAMPLES) {
            found.push(example(view, group.first(), what)?);
        }
    }
    found.append(&mut effects.examples);
    effects.examples = found;
    Ok(())
}

fn example(view: View<'_>, id: IdentityId, what: What) -> Result<Example> {
    Ok(Example {
        entity_id: view.named(&view.identity(id)?)?,
        what,
    })
}

fn first_profiles(view: View<'_>) -> Result<Vec<Example>> {
    view.recent_clusters(&[], 0, EXAMPLES as u64)?
        .iter()
        .map(|cluster| example(view, cluster.canonical, What::Created))
        .collect()
}
