//! What the index decides of a query, each segment on a thread of its own.

use std::thread;

use super::Asked;
use crate::index::{
    self, Docs, Effort, Index, IndexError, Lens, Matches, Number, Segment, Subject,
};
use crate::lookup::error::Result;
use crate::model::{MergePolicy, Stitching};
use crate::query::{Reach, Sort};
use crate::store::View;

/// What it decides by segment; the rest it leaves open.
pub(super) fn decided(
    view: View<'_>,
    index: &Index,
    asked: &Asked<'_>,
    reach: Reach,
    sort: Option<&Sort>,
    effort: Effort,
) -> Result<Vec<Matches>> {
    let lens = Lens::new(asked.policy, index.policy(), view.stop()).with(effort);
    let (lens, expr) = (&lens, &asked.query.expr);
    let found: Vec<_> = match index.segments() {
        [] => Vec::new(),
        [only] => vec![index::search(only, expr, reach, lens, sort)],
        several => thread::scope(|scope| {
            let running: Vec<_> = several
                .iter()
                .map(|segment| scope.spawn(move || index::search(segment, expr, reach, lens, sort)))
                .collect();
            let ended = running.into_iter();
            ended
                .map(|thread| thread.join().unwrap_or(Err(IndexError::Stopped)))
                .collect()
        }),
    };
    Ok(found.into_iter().collect::<std::result::Result<_, _>>()?)
}

/// How many profiles a policy makes, where the index knows it.
pub(in crate::lookup) fn profile_count(index: &Index, policy: &MergePolicy) -> Result<Option<u64>> {
    let mut count = 0;
    for segment in index.segments() {
        count += match policy.stitching {
            _ if index::same_winners(policy, index.policy()) => segment.profiles()?.count(),
            Stitching::Pdg if index.policy().order.is_empty() => seen(segment, policy)?.count(),
            Stitching::None if policy.order.is_empty() && !policy.options.strict_none => {
                primaries(segment)?
            }
            _ => return Ok(None),
        };
    }
    Ok(Some(count))
}

/// Whether the policy of the index makes a profile of every cluster, and so every other that stitches and sees all.
pub(in crate::lookup) fn all_are_profiles(index: &Index) -> Result<bool> {
    for segment in index.segments() {
        let living = u64::from(segment.len()) - segment.dead().count();
        if segment.profiles()?.count() < living {
            return Ok(false);
        }
    }
    Ok(index.policy().stitching == Stitching::Pdg)
}

/// The documents with attributes or events of a dataset that the policy sees, where the policy of the index sees them all.
fn seen(segment: &Segment, policy: &MergePolicy) -> Result<Docs> {
    let mut docs = Docs::none(segment.len());
    for (_, sources) in segment.tables(|subject| *subject == Subject::Dataset)? {
        let seen = (0..sources.len()).filter(|at| policy.sees(sources.value(*at).text));
        seen.for_each(|at| sources.docs(at).for_each(|(doc, _)| docs.insert(doc)));
    }
    docs.drop(segment.dead());
    Ok(docs)
}

/// How many identities make a profile of their own where nothing is stitched.
fn primaries(segment: &Segment) -> Result<u64> {
    let living = segment.dead().others();
    let mut count = 0;
    for doc in living.iter() {
        count += segment.number_of(Number::Primaries, doc)?;
    }
    Ok(count)
}
