//! In which order profiles are listed that were folded: by closeness or by a key, then by last event, then by id.

use std::cmp::Ordering;

use super::SearchRequest;
use super::folded::hit;
use crate::index::{Doc, Segment, SortKey, Time};
use crate::lookup::error::Result;
use crate::model::{Hit, Identity, Match, Moment, ProfileAnswer};
use crate::query::{Closeness, Sort, SortBy, compare_texts, each_scalar, text_of};

/// The order that a request names; `None` is by closeness.
pub(super) fn order(request: &SearchRequest) -> Option<Sort> {
    request.sort.as_deref()?.parse().ok()
}

/// What ranks a profile.
#[derive(Clone, Debug)]
pub(in crate::lookup) struct Rank {
    pub closeness: Closeness,
    pub key: Option<SortKey>,
    pub last: Option<Moment>,
}

/// A profile that was folded and matches, with what ranks it.
pub(super) struct Ranked {
    pub rank: Rank,
    pub hit: Hit,
}

impl Ranked {
    pub fn of(
        profile: &ProfileAnswer,
        sort: Option<&Sort>,
        closeness: Closeness,
        matched: Vec<Match>,
    ) -> Ranked {
        Ranked {
            rank: Rank::of(profile, sort, closeness),
            hit: hit(profile, matched),
        }
    }

    pub fn entity(&self) -> &Identity {
        &self.hit.entity_id
    }
}

impl Rank {
    /// Of a profile that comes so close, in an order.
    pub fn of(profile: &ProfileAnswer, sort: Option<&Sort>, closeness: Closeness) -> Rank {
        Rank {
            closeness,
            key: sort.and_then(|sort| sort_key(profile, sort)),
            last: profile.last_event,
        }
    }

    /// Of a profile in an order.
    pub fn in_order(profile: &ProfileAnswer, sort: &Sort) -> Rank {
        Rank::of(profile, Some(sort), Closeness::ExactIdentity)
    }

    /// Which of two comes first, as far as that does not take their ids.
    pub fn compare(&self, other: &Rank, sort: Option<&Sort>) -> Ordering {
        let first = match sort {
            Some(sort) => compare_keys(self.key.as_ref(), other.key.as_ref(), sort),
            None => self.closeness.cmp(&other.closeness),
        };
        first.then_with(|| other.last.cmp(&self.last))
    }
}

/// What a profile has to be sorted by; `None` where it has nothing of the kind.
///
/// Of several values at a path the one counts that comes first in the order.
fn sort_key(profile: &ProfileAnswer, sort: &Sort) -> Option<SortKey> {
    let moment = |at: Option<Moment>| at.map(|at| SortKey::Number(at.0));
    let number = |count: u64| Some(SortKey::Number(count as i64));
    match &sort.by {
        SortBy::Name => profile.profile.name().map(SortKey::Text),
        SortBy::Seen => moment(profile.last_event.or(profile.profile.last_modified_at)),
        SortBy::First => moment(profile.first_seen),
        SortBy::Identities => number(profile.identities.len() as u64),
        SortBy::Events => number(profile.event_count),
        SortBy::Fragments => number(profile.fragments as u64),
        SortBy::Attribute(pattern) => {
            let mut best: Option<String> = None;
            for leaf in &profile.profile.leaves {
                let mut keys: Vec<&str> = leaf.path.0.iter().map(String::as_str).collect();
                each_scalar(&mut keys, &leaf.value, &mut |keys, value| {
                    let text = text_of(value);
                    let is_better = best.as_deref().is_none_or(|best| {
                        let order = compare_texts(&text, best);
                        if sort.is_descending {
                            order.is_gt()
                        } else {
                            order.is_lt()
                        }
                    });
                    if pattern.ends(keys) && is_better {
                        best = Some(text.into_owned());
                    }
                });
            }
            best.map(SortKey::Text)
        }
    }
}

/// Orders two keys; what a profile lacks comes last, whatever the direction.
fn compare_keys(a: Option<&SortKey>, b: Option<&SortKey>, sort: &Sort) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if sort.is_descending => b.compare(a),
        (Some(a), Some(b)) => a.compare(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// A document in its place of the list.
pub(super) struct Line {
    pub rank: Rank,
    pub doc: Doc,
}

impl Line {
    pub fn of(
        segment: &Segment,
        doc: Doc,
        closeness: Closeness,
        key: Option<SortKey>,
    ) -> Result<Line> {
        let last = segment.moment_of(Time::LastEvent, doc)?;
        let rank = Rank {
            closeness,
            key,
            last,
        };
        Ok(Line { rank, doc })
    }
}
