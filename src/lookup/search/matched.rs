//! The profiles that match, one after the other, last active first: what the index leaves open is folded from it, and so is the rest.

use std::ops::ControlFlow;

use super::decided::decided;
use super::{Asked, SearchRequest, asks_what_events_say};
use crate::index::{Doc, Effort, Index, Time};
use crate::lookup::error::Result;
use crate::model::{MergePolicy, Moment, ProfileAnswer};
use crate::query::{Query, Reach};
use crate::store::View;

/// Hands over the profiles that match within a reach, as far as they are wanted.
pub(in crate::lookup) fn each_indexed(
    view: View<'_>,
    index: &Index,
    (query, now): (&Query, Moment),
    policy: &MergePolicy,
    reach: Reach,
    mut visit: impl FnMut(&ProfileAnswer) -> ControlFlow<()>,
) -> Result<()> {
    let asked = Asked {
        request: &SearchRequest::on_screen(&query.text, None, 0, 0, now),
        policy,
        query,
    };
    let question = asked.question(reach, None);
    let decided = decided(view, index, &asked, reach, None, Effort::Full)?;
    let events = asks_what_events_say(&query.expr).then_some(view);
    let mut lines = Vec::new();
    for (segment, found) in index.segments().iter().zip(decided) {
        let mut docs = found.sure().clone();
        docs.add(&found.open);
        let docs: Vec<Doc> = docs.iter().collect();
        lines.push((segment, segment.digests()?, docs.into_iter().peekable()));
    }
    loop {
        view.go_on()?;
        let mut newest = None;
        for (place, (segment, _, docs)) in lines.iter_mut().enumerate() {
            if let Some(doc) = docs.peek() {
                let last = segment.moment_of(Time::LastEvent, *doc)?;
                newest = newest.max(Some((last, std::cmp::Reverse(place))));
            }
        }
        let next = newest.and_then(|(_, place)| lines.get_mut(place.0));
        let Some((_, digests, docs)) = next else {
            return Ok(());
        };
        let Some(doc) = docs.next() else {
            return Ok(());
        };
        for (profile, outcome) in question.profiles(digests, doc, events)? {
            if outcome.is_some() && visit(&profile).is_break() {
                return Ok(());
            }
        }
    }
}
