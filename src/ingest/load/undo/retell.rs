//! The history of one thing told again without some of its rows: what each of the others is to those before it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::BatchId;
use crate::store::CountChange;

/// A row of a history, in order of arrival.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    /// The batch that brought it.
    pub(super) batch: BatchId,
    /// What it says.
    pub(super) hash: u64,
    /// It has been kept, as it said something new.
    pub(super) is_kept: bool,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes.
    Gone,
    /// Nothing was there before it.
    New,
    /// It says something else than this row.
    Replaces(usize),
    /// It says what this row says.
    Repeats(usize),
}

impl Fate {
    /// Whether the row is kept, as it says something new.
    pub(super) fn is_kept(self) -> bool {
        matches!(self, Fate::New | Fate::Replaces(_))
    }
}

/// What becomes of each row once those of these batches are gone.
pub(super) fn retell(rows: &[Told], gone: &BTreeSet<BatchId>) -> Vec<Fate> {
    let mut newest: Option<(usize, u64)> = None;
    let fate = |(at, row): (usize, &Told)| {
        if gone.contains(&row.batch) {
            return Fate::Gone;
        }
        match newest {
            Some((earlier, hash)) if hash == row.hash => Fate::Repeats(earlier),
            earlier => {
                newest = Some((at, row.hash));
                earlier.map_or(Fate::New, |(earlier, _)| Fate::Replaces(earlier))
            }
        }
    };
    rows.iter().enumerate().map(fate).collect()
}

/// What a row counts as: (accepted, replaced, first of its history).
fn counts(is_kept: bool, is_first: bool) -> (i64, i64, i64) {
    match (is_kept, is_first) {
        (true, true) => (1, 0, 1),
        (true, false) => (1, 1, 0),
        (false, _) => (0, 0, 0),
    }
}

/// By how much the counts of the batches that stay move; `firsts` is the count of those that begin a history.
pub(super) fn recount(
    rows: &[Told],
    fates: &[Fate],
    firsts: fn(&mut CountChange) -> &mut i64,
    changes: &mut BTreeMap<BatchId, CountChange>,
) {
    let first = rows.iter().position(|row| row.is_kept);
    for (at, (row, fate)) in rows.iter().zip(fates).enumerate() {
        if *fate == Fate::Gone {
            continue;
        }
        let before = counts(row.is_kept, first == Some(at));
        let after = counts(fate.is_kept(), *fate == Fate::New);
        if before != after {
            let change = changes.entry(row.batch).or_default();
            change.accepted += after.0 - before.0;
            change.replaced += after.1 - before.1;
            *firsts(change) += after.2 - before.2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(told: &[(u32, u64, bool)]) -> Vec<Told> {
        let row = |(batch, hash, is_kept): &(u32, u64, bool)| Told {
            batch: BatchId(*batch),
            hash: *hash,
            is_kept: *is_kept,
        };
        told.iter().map(row).collect()
    }

    fn check(told: &[(u32, u64, bool)], gone: u32, expected: &[Fate], moved: &[(u32, i64, i64)]) {
        let rows = rows(told);
        let fates = retell(&rows, &BTreeSet::from([BatchId(gone)]));
        assert_eq!(fates, expected, "{told:?}");
        let mut changes = BTreeMap::new();
        recount(&rows, &fates, |change| &mut change.events, &mut changes);
        let found: Vec<_> = changes
            .iter()
            .map(|(batch, change)| (batch.0, change.accepted, change.replaced))
            .collect();
        assert_eq!(found, moved, "{told:?}");
    }

    #[test]
    fn what_had_only_repeated_the_row_that_goes_is_kept_instead() {
        let told = [(1, 7, true), (2, 7, false), (3, 7, false)];
        let expected = [Fate::Gone, Fate::New, Fate::Repeats(1)];
        check(&told, 1, &expected, &[(2, 1, 0)]);
    }

    #[test]
    fn what_had_replaced_the_row_that_goes_repeats_the_one_before_or_begins() {
        let told = [(1, 7, true), (2, 8, true), (3, 7, true)];
        let expected = [Fate::New, Fate::Gone, Fate::Repeats(0)];
        check(&told, 2, &expected, &[(3, -1, -1)]);
        let expected = [Fate::Gone, Fate::New, Fate::Replaces(1)];
        check(&told, 1, &expected, &[(2, 0, -1)]);
        let expected = [Fate::New, Fate::Replaces(0), Fate::Gone];
        check(&told, 3, &expected, &[]);
    }
}
