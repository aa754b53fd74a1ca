//! Claims weighed field by field, for a list of whoever there is: what [`fold_claims`](super::fold_claims) makes of them, where
//! that takes neither a tree nor reasons.

use std::sync::Arc;

use serde_json::Value;

use super::cast::{Cast, Ingredients, Part, Player};
use super::claim_paths::ClaimPaths;
use super::claims::{Claim, Claims};
use crate::model::value::agree;
use crate::model::{Arrays, Grain, MergePolicy, Moment};

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

#[derive(Debug)]
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

/// Weighs the claims of these fragments; `None` where only the whole fold can tell what becomes of them, as where a dataset is
/// left out, arrays are joined, one says a value where another says an object, or segments are named.
pub fn weigh_claims<'c>(
    ingredients: &Ingredients<'_>,
    claims: &'c [Claims],
    paths: &ClaimPaths,
    policy: &MergePolicy,
) -> Option<Weighed<'c>> {
    let options = &policy.options;
    if options.grain != Grain::Fragment || options.empty_as_null {
        return None;
    }
    let cast = Cast::choose(ingredients, policy);
    let is_plain = |claim: &Claim| {
        let is_plain = |value: &Value| match value {
            Value::Array(items) => !items.is_empty(),
            Value::Object(object) => !object.is_empty(),
            _ => true,
        };
        claim.value.as_ref().is_none_or(is_plain) && !claim.is_inside("segmentMembership")
    };
    let mut said = Vec::with_capacity(claims.iter().map(|own| own.all.len()).sum());
    for (rank, player) in (0..).zip(&cast.players) {
        let own = claims.get(player.number)?;
        if player.part != Part::Whole || !own.all.iter().all(is_plain) {
            return None;
        }
        let own = own.all.iter().filter(|claim| claim.value.is_some());
        said.extend(own.map(|claim| Said {
            path: claim.path.no,
            rank,
            claim,
        }));
    }
    said.sort_unstable_by_key(|said| (said.path, said.rank));
    if has_nested(&said, paths) || (options.arrays != Arrays::Replace && has_joined(&said)) {
        return None;
    }
    Some(Weighed {
        said,
        sources: sources(&cast.players, claims),
        last_modified_at: cast.players.iter().map(|player| player.standing.at).max(),
        whole: cast.players.len(),
    })
}

/// Whether something is said inside a path at which something is said too.
fn has_nested(said: &[Said<'_>], paths: &ClaimPaths) -> bool {
    let fields = || said.chunk_by(|a, b| a.path == b.path);
    let firsts = || fields().filter_map(<[_]>::first);
    let mut outer = firsts().filter(|said| paths.is_outer(said.path));
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

fn sources(players: &[Player<'_>], claims: &[Claims]) -> Vec<Arc<str>> {
    let speaks = |player: &&Player<'_>| {
        let own = claims.get(player.number);
        own.is_some_and(|own| own.has_attributes)
    };
    let speaking = players.iter().filter(speaks);
    let mut sources: Vec<_> = speaking
        .map(|player| Arc::clone(&player.fragment.dataset))
        .collect();
    sources.sort();
    sources.dedup();
    sources
}
