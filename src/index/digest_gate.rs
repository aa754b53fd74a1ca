//! What a query demands that fragments say, asked of each identity of a digest: where nothing is stitched, who has none that says
//! it cannot match, and who has but one fragment matches by what that one says.

use std::sync::Arc;

use super::digest::Known;
use super::digest_bytes::{Cursor, Said};
use super::digest_common::Legend;
use crate::merge::ClaimPath;
use crate::query::ast::{Expr, Test, Values};
use crate::query::{Closeness, PathPattern, how_close};

/// More demands than these are not looked at.
const MOST: usize = 8;

/// Tests on attributes of which every profile that matches passes each.
pub struct Gate<'q> {
    demands: Vec<Demand<'q>>,
    /// They are all that the query asks.
    is_all: bool,
}

struct Demand<'q> {
    path: &'q PathPattern,
    values: &'q Values,
    /// The paths at which a claim can pass, by number.
    places: Vec<bool>,
}

/// An identity with one fragment, which says all that a query asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Lone {
    /// The identity.
    pub known: Known,
    /// The dataset of the fragment.
    pub dataset: Arc<str>,
    /// How close the query comes.
    pub closeness: Closeness,
}

/// What the fragments of an identity say.
#[derive(Clone, Debug, Default)]
pub(super) struct Look {
    /// How close their claims come to each demand.
    met: [Option<Closeness>; MOST],
    /// They say something of which one claim alone decides nothing.
    is_vague: bool,
    fragments: usize,
    /// The number of the dataset of the last.
    dataset: u64,
}

/// What becomes of an identity.
pub(super) enum Verdict {
    /// It cannot match.
    Passed,
    /// It matches by its only fragment, which is of the dataset of this number.
    Lone(u64, Closeness),
    /// It is to be folded.
    Folded,
}

impl<'q> Gate<'q> {
    /// What a query demands; `None` where that is nothing.
    pub(super) fn of(expr: &'q Expr, legend: Legend<'_>) -> Option<Gate<'q>> {
        let parts = match expr {
            Expr::All(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let asked = parts.iter().filter_map(|part| match part {
            Expr::Term(term) => match &term.test {
                Test::Attribute { path, values, .. } => Some((path, values)),
                _ => None,
            },
            _ => None,
        });
        let demands = asked.take(MOST).map(|(path, values)| Demand {
            path,
            values,
            places: {
                let can_pass = |own: &ClaimPath| legend.common.passes(own, |keys| path.holds(keys));
                legend.paths.iter().map(|own| can_pass(own)).collect()
            },
        });
        let demands: Vec<_> = demands.collect();
        (!demands.is_empty()).then_some(Gate {
            is_all: demands.len() == parts.len(),
            demands,
        })
    }

    /// Leaves nobody to their only fragment.
    #[must_use]
    pub fn folding_all(self) -> Gate<'q> {
        Gate {
            is_all: false,
            ..self
        }
    }

    /// Looks at each identity of a digest; `None` where the bytes are none.
    pub(super) fn look(&self, bytes: &[u8], legend: Legend<'_>) -> Option<Vec<Look>> {
        let mut from = Cursor::new(bytes);
        from.count()?;
        let count = from.count()?;
        for _ in 0..count {
            from.pass_known(|_| ())?;
        }
        // There are as many, as the bytes hold them.
        let mut looks = vec![Look::default(); count];
        for _ in 0..from.count()? {
            let dataset = from.number()?;
            let look = looks.get_mut(from.count()?)?;
            look.fragments += 1;
            look.dataset = dataset;
            from.pass_versions()?;
            for _ in 0..from.count()? {
                self.hear(&from.said()?, legend, look)?;
            }
        }
        Some(looks)
    }

    fn hear(&self, said: &Said<'_>, legend: Legend<'_>, look: &mut Look) -> Option<()> {
        let is_asked = |demand: &Demand<'_>| demand.places.get(said.path) == Some(&true);
        if said.text.is_none() || !self.demands.iter().any(is_asked) {
            return Some(());
        }
        let (path, value) = (legend.paths.get(said.path)?, said.value()?);
        if path.is_inside("segmentMembership") {
            look.is_vague = true;
            return Some(());
        }
        for (demand, met) in self.demands.iter().zip(&mut look.met) {
            if is_asked(demand) {
                let own = how_close(demand.path, demand.values, &path.keys, &value);
                *met = own.into_iter().chain(*met).min();
            }
        }
        Some(())
    }

    pub(super) fn verdict(&self, look: &Look) -> Verdict {
        if look.is_vague {
            return Verdict::Folded;
        }
        let met = look.met.iter().take(self.demands.len());
        let closeness = met.copied().reduce(|a, b| Some(a?.max(b?))).flatten();
        match closeness {
            None => Verdict::Passed,
            Some(closeness) if self.is_all && look.fragments == 1 => {
                Verdict::Lone(look.dataset, closeness)
            }
            Some(_) => Verdict::Folded,
        }
    }
}
