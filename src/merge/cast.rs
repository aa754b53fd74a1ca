//! Which fragments of a cluster take part in a fold, in what rank, and which are only looked at.

use crate::model::{Clock, Fragment, Identity, MergePolicy, Moment, Stitching, Version};

use super::method::{METHODS, Method, Standing, method, rank};

/// What a profile is folded from.
#[derive(Clone, Copy, Debug)]
pub struct Ingredients<'a> {
    /// The identity that was asked for.
    pub requested: &'a Identity,
    /// The identities of its cluster; whether the requested one is among them does not matter.
    pub cluster: &'a [Identity],
    /// The fragments of the whole cluster, whatever the policy, their versions cut to the moment asked about.
    pub fragments: &'a [Fragment],
}

/// The fragments that the policy sees, highest first; a profile without any of them needs events to be one.
pub fn taking_part<'a>(
    ingredients: &Ingredients<'a>,
    policy: &'a MergePolicy,
) -> Vec<&'a Fragment> {
    let cast = Cast::choose(ingredients, policy);
    let whole = cast.players.iter().filter(|p| p.part == Part::Whole);
    whole.map(|player| player.fragment).collect()
}

/// What a fragment is in the fold for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Its attributes and segments.
    Whole,
    /// Its segments: the policy leaves its dataset out.
    Segments,
    /// The consent alarm alone.
    Watched,
}

/// A fragment in its rank.
#[derive(Clone, Copy, Debug)]
pub(super) struct Player<'a> {
    /// Its place among the fragments that were given.
    pub number: usize,
    pub fragment: &'a Fragment,
    pub standing: Standing<'a>,
    pub part: Part,
}

/// The living fragments of a cluster: those that take part first, highest first.
pub(super) struct Cast<'a> {
    pub players: Vec<Player<'a>>,
    pub policy: &'a MergePolicy,
    pub method: &'static dyn Method,
}

impl<'a> Cast<'a> {
    pub fn choose(ingredients: &Ingredients<'a>, policy: &'a MergePolicy) -> Cast<'a> {
        let method = method(&policy.method).unwrap_or(METHODS[0]);
        let all = ingredients.fragments.iter().enumerate();
        let players: Vec<_> = all
            .filter_map(|(number, fragment)| {
                player(number, fragment, ingredients.requested, policy, method)
            })
            .collect();
        let (mut whole, mut others): (Vec<_>, Vec<_>) =
            players.into_iter().partition(|p| p.part == Part::Whole);
        rank(&mut whole, |player| player.standing, policy, method);
        rank(&mut others, |player| player.standing, policy, method);
        if policy.stitching == Stitching::None && policy.options.strict_none {
            for player in whole.iter_mut().skip(1).chain(&mut others) {
                player.part = Part::Watched;
            }
        }
        whole.append(&mut others);
        Cast {
            players: whole,
            policy,
            method,
        }
    }

    /// What ranks the value that this version of a player's fragment brought, under `grain = field`.
    pub fn value_standing(&self, player: &Player<'a>, version: &Version) -> Standing<'a> {
        let own = own_time(version, self.policy);
        Standing {
            at: own.unwrap_or(version.ingested_at),
            import: own.is_none().then_some(version.import),
            customer_time: version.customer_time,
            ..player.standing
        }
    }
}

fn player<'a>(
    number: usize,
    fragment: &'a Fragment,
    requested: &Identity,
    policy: &MergePolicy,
    method: &dyn Method,
) -> Option<Player<'a>> {
    let newest = fragment.versions.last().filter(|_| fragment.is_alive())?;
    let place = method.place(&fragment.dataset, policy);
    let is_asked = policy.stitching == Stitching::Pdg || is_same(&fragment.identity, requested);
    let part = match (is_asked, place) {
        (true, Some(_)) => Part::Whole,
        (true, None) => Part::Segments,
        (false, _) => Part::Watched,
    };
    let own = own_time(newest, policy);
    let standing = Standing {
        fragment,
        place: place.unwrap_or(u32::MAX),
        at: own.unwrap_or(newest.effective_at()),
        import: own.is_none().then_some(newest.effective_import()),
        customer_time: newest.customer_time,
    };
    Some(Player {
        number,
        fragment,
        standing,
        part,
    })
}

fn own_time(version: &Version, policy: &MergePolicy) -> Option<Moment> {
    match policy.options.clock {
        Clock::System => None,
        Clock::Customer => version.customer_time,
    }
}

fn is_same(a: &Identity, b: &Identity) -> bool {
    a.value == b.value && a.namespace.eq_ignore_ascii_case(&b.namespace)
}
