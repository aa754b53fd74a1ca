//! One value of a profile with its reasons: who won, by which rule, who lost, and what was said before.

#![expect(
    clippy::indexing_slicing,
    reason = "the replay of these very fragments numbered players and versions"
)]

use std::collections::HashMap;

use serde_json::Value;

use crate::model::value::agree;
use crate::model::{Candidate, Grain, Leaf, Operation, Origin, Path, Rule, Superseded, Version};

use super::arrays;
use super::cast::{Cast, Player};
use super::method::Standing;
use super::tree::{Past, Said};

/// The leaf that these values make, which are ranked and at least one.
pub(super) fn explain(cast: &Cast<'_>, path: Path, ranked: Vec<Said>, past: Vec<Past>) -> Leaf {
    let superseded = superseded(cast, &ranked, past);
    let decision = Decision::of(cast, &ranked);
    let joined = joined(cast, &ranked);
    let mut candidates = candidates(cast, ranked);
    let winner = candidates.remove(0);
    let (value, rule) = joined.unwrap_or((winner.value, decision.rule));
    Leaf {
        path,
        value,
        rule,
        conflict: decision.conflict,
        tie: decision.tie,
        same_import: decision.same_import,
        winner: winner.origin,
        candidates,
        superseded,
    }
}

/// What ranks a value: its fragment, or with `grain = field` the record that changed it last.
pub(super) fn standing<'a>(cast: &Cast<'a>, said: &Said) -> Standing<'a> {
    let player = player(cast, said.fragment);
    match cast.policy.options.grain {
        Grain::Fragment => player.standing,
        Grain::Field => cast.value_standing(player, &player.fragment.versions[said.changed]),
    }
}

/// Where a value came from: the record that said it last, or with `grain = field` the one that changed it last.
pub(super) fn origin(cast: &Cast<'_>, said: &Said) -> Origin {
    let player = player(cast, said.fragment);
    match cast.policy.options.grain {
        Grain::Fragment => origin_of(player, said.set, LastTouch::Counts),
        Grain::Field => origin_of(player, said.changed, LastTouch::IsLeftOut),
    }
}

/// These values with where they came from.
pub(super) fn candidates(cast: &Cast<'_>, said: Vec<Said>) -> Vec<Candidate> {
    let candidate = |said: Said| Candidate {
        origin: origin(cast, &said),
        value: said.value,
    };
    said.into_iter().map(candidate).collect()
}

struct Decision {
    rule: Rule,
    conflict: bool,
    tie: bool,
    same_import: bool,
}

impl Decision {
    fn of(cast: &Cast<'_>, ranked: &[Said]) -> Decision {
        let [winner, next, ..] = ranked else {
            return Decision {
                rule: Rule::OnlyCandidate,
                conflict: false,
                tie: false,
                same_import: false,
            };
        };
        let (a, b) = (standing(cast, winner), standing(cast, next));
        let verdict = cast.method.weigh(&a, &b, cast.policy);
        let is_by_time = matches!(verdict.rule, Rule::NewestFragment | Rule::NewestValue);
        let mut others = ranked.iter().skip(1);
        Decision {
            rule: verdict.rule,
            conflict: others.any(|other| !agree(&other.value, &winner.value)),
            tie: verdict.order.is_eq(),
            same_import: is_by_time && a.import.is_some() && a.import == b.import,
        }
    }
}

/// The arrays of an array that wins, joined as the policy wants it.
fn joined(cast: &Cast<'_>, ranked: &[Said]) -> Option<(Value, Rule)> {
    ranked.first()?.value.as_array()?;
    let arrays: Vec<_> = ranked.iter().filter_map(|s| s.value.as_array()).collect();
    arrays::join(&arrays, cast.policy.options.arrays)
}

/// What these fragments said here before and do not say now, newest first.
fn superseded(cast: &Cast<'_>, ranked: &[Said], past: Vec<Past>) -> Vec<Superseded> {
    if past.is_empty() {
        return Vec::new();
    }
    let now: HashMap<usize, &Value> = ranked.iter().map(|s| (s.fragment, &s.value)).collect();
    let mut superseded: Vec<_> = past
        .into_iter()
        .filter_map(|past| {
            let is_other = !agree(now.get(&past.fragment)?, &past.value);
            is_other.then(|| superseded_by(player(cast, past.fragment), past))
        })
        .collect();
    superseded.sort_by_key(|s| std::cmp::Reverse((s.origin.ingested_at, s.origin.line)));
    superseded
}

fn superseded_by(player: &Player<'_>, past: Past) -> Superseded {
    let versions = &player.fragment.versions;
    let mut later = versions.iter().skip(past.ended);
    let next = later.find(|v| v.operation != Operation::Delete);
    let taken_over = next.is_some_and(|new| is_taken_over(&versions[past.set], new));
    Superseded {
        value: past.value,
        origin: origin_of(player, past.set, LastTouch::Counts),
        taken_over,
    }
}

/// Each of two records names someone whom the other does not: to say more or less of the same person is no take-over.
fn is_taken_over(old: &Version, new: &Version) -> bool {
    let lacks = |a: &Version, b: &Version| a.secondary.iter().any(|i| !b.secondary.contains(i));
    lacks(old, new) && lacks(new, old)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LastTouch {
    Counts,
    IsLeftOut,
}

fn origin_of(player: &Player<'_>, version: usize, last_touch: LastTouch) -> Origin {
    let fragment = player.fragment;
    let version = &fragment.versions[version];
    let touch = version.touches.last();
    let touch = touch.filter(|_| last_touch == LastTouch::Counts);
    let first = (version.batch, version.line, version.ingested_at);
    let (batch, line, ingested_at) =
        touch.map_or(first, |touch| (touch.batch, touch.line, touch.ingested_at));
    Origin {
        dataset: fragment.dataset.clone(),
        identity: fragment.identity.clone(),
        batch,
        line,
        ingested_at,
        customer_time: version.customer_time,
    }
}

fn player<'c, 'a>(cast: &'c Cast<'a>, place: usize) -> &'c Player<'a> {
    &cast.players[place]
}
