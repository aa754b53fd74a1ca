//! Claims weighed field by field, for a list of whoever there is: what [`fold_claims`](super::fold_claims) makes of them, where
//! that takes neither a tree nor reasons.

use std::sync::Arc;

use serde_json::Value;

use super::cast::{Cast, Ingredients, Part, Player};
use super::claims::{Claim, Claims};
use super::method::rank;
use crate::model::value::agree;
use crate::model::{Arrays, Grain, MergePolicy, Moment};

/// The field of segments, which are joined by a rule of their own.
const SEGMENTS: &str = "segmentMembership";

/// What a policy makes of claims; its fields are in no order that means anything.
#[derive(Debug)]
pub struct Weighed<'c> {
    /// What is said, rank by rank, each path's together.
    said: Vec<Said<'c>>,
    /// The datasets of the fragments that took part, sorted.
    pub sources: Vec<Arc<str>>,
    /// The effective time of the newest fragment that took part.
    pub last_modified_at: Option<Moment>,
    /// How many fragments take part.
    pub whole: usize,
}

#[derive(Clone, Copy, Debug)]
struct Said<'c> {
    path: u32,
    rank: u32,
    claim: &'c Claim,
}

/// A path at which something is said.
#[derive(Debug)]
pub struct Field<'w, 'c> {
    /// What wins.
    pub winner: &'c Claim,
    losers: &'w [Said<'c>],
}

impl<'c> Field<'_, 'c> {
    /// What loses, highest first.
    pub fn losers(&self) -> impl Iterator<Item = &'c Claim> {
        self.losers.iter().map(|said| said.claim)
    }

    /// Whether something else is said than what wins.
    pub fn is_disputed(&self) -> bool {
        let winner = self.winner.value.as_ref();
        let mut others = self.losers().filter_map(|claim| claim.value.as_ref());
        others.any(|other| winner.is_some_and(|winner| !agree(winner, other)))
    }
}

impl<'c> Weighed<'c> {
    /// Its fields.
    pub fn fields(&self) -> impl Iterator<Item = Field<'_, 'c>> {
        let fields = self.said.chunk_by(|a, b| a.path == b.path);
        fields.filter_map(|said| {
            let (first, losers) = said.split_first()?;
            let winner = first.claim;
            Some(Field { winner, losers })
        })
    }
}

/// Weighs the claims of these fragments; `None` where only the whole fold can tell what becomes of them, as where arrays are
/// joined, one says a value where another says an object, or segments are named. `is_outer` says of a path, by its number,
/// whether others may lie inside it.
pub fn weigh_claims<'c>(
    ingredients: &Ingredients<'_>,
    claims: &'c [Claims],
    is_outer: &dyn Fn(u32) -> bool,
    policy: &MergePolicy,
) -> Option<Weighed<'c>> {
    let options = &policy.options;
    if options.empty_as_null {
        return None;
    }
    let cast = Cast::choose(ingredients, policy);
    let mut said = Vec::with_capacity(claims.iter().map(|own| own.all.len()).sum());
    for (rank, player) in (0..).zip(&cast.players) {
        let own = claims.get(player.number)?;
        let mut all = own.all.iter();
        match player.part {
            Part::Whole if all.all(is_plain) => {}
            Part::Segments if !all.any(|claim| claim.is_inside(SEGMENTS)) => continue,
            Part::Watched => continue,
            Part::Whole | Part::Segments => return None,
        }
        let own = own.all.iter().filter(|claim| claim.value.is_some());
        said.extend(own.map(|claim| Said {
            path: claim.path.no,
            rank,
            claim,
        }));
    }
    said.sort_unstable_by_key(|said| (said.path, said.rank));
    if options.grain == Grain::Field {
        rank_values(&mut said, &cast)?;
    }
    if has_nested(&said, is_outer) || (options.arrays != Arrays::Replace && has_joined(&said)) {
        return None;
    }
    let whole = || {
        cast.players
            .iter()
            .filter(|player| player.part == Part::Whole)
    };
    Some(Weighed {
        said,
        sources: sources(whole(), claims),
        last_modified_at: whole().map(|player| player.standing.at).max(),
        whole: whole().count(),
    })
}

/// Whether a claim means the same whatever others say.
fn is_plain(claim: &Claim) -> bool {
    let has_content = |value: &Value| match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(object) => !object.is_empty(),
        _ => true,
    };
    claim.value.as_ref().is_none_or(has_content) && !claim.is_inside(SEGMENTS)
}

/// With `grain = field` each value has its own rank.
fn rank_values(said: &mut [Said<'_>], cast: &Cast<'_>) -> Option<()> {
    for field in said.chunk_by_mut(|a, b| a.path == b.path) {
        if field.len() < 2 {
            continue;
        }
        let standings = field.iter().map(|said| {
            let player = cast.players.get(said.rank as usize)?;
            let version = player.fragment.versions.get(said.claim.changed)?;
            Some((*said, cast.value_standing(player, version)))
        });
        let mut order = standings.collect::<Option<Vec<_>>>()?;
        rank(
            &mut order,
            |(_, standing)| *standing,
            cast.policy,
            cast.method,
        );
        for (place, (said, _)) in field.iter_mut().zip(order) {
            *place = said;
        }
    }
    Some(())
}

/// Whether something is said inside a path at which something is said too.
fn has_nested(said: &[Said<'_>], is_outer: &dyn Fn(u32) -> bool) -> bool {
    let fields = || said.chunk_by(|a, b| a.path == b.path);
    let firsts = || fields().filter_map(<[_]>::first);
    let mut outer = firsts().filter(|said| is_outer(said.path));
    outer.any(|outer| {
        let own = &outer.claim.path.keys;
        firsts().any(|said| {
            let keys = &said.claim.path.keys;
            keys.len() > own.len() && keys.starts_with(own)
        })
    })
}

/// Whether an array wins somewhere over others.
fn has_joined(said: &[Said<'_>]) -> bool {
    let is_array = |said: &Said<'_>| matches!(said.claim.value, Some(Value::Array(_)));
    let mut fields = said.chunk_by(|a, b| a.path == b.path);
    fields.any(|field| match field {
        [winner, others @ ..] => is_array(winner) && others.iter().any(is_array),
        [] => false,
    })
}

fn sources<'p, 'f: 'p>(
    players: impl Iterator<Item = &'p Player<'f>>,
    claims: &[Claims],
) -> Vec<Arc<str>> {
    let speaks = |player: &&Player<'_>| {
        let own = claims.get(player.number);
        own.is_some_and(|own| own.has_attributes)
    };
    let speaking = players.filter(speaks);
    let mut sources: Vec<_> = speaking
        .map(|player| Arc::clone(&player.fragment.dataset))
        .collect();
    sources.sort();
    sources.dedup();
    sources
}
