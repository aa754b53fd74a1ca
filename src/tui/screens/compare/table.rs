//! The rows of a comparison: what each policy says of a path, and how that stands to what the baseline says.

use serde_json::Value;

use crate::model::value::agree;
use crate::model::{CompareAnswer, ComparedField, ComparedSide, Path, ProfileAnswer, Said};
use crate::tui::icons::Icons;

/// Which rows are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listed {
    /// Those on which the policies differ.
    #[default]
    Differences,
    /// All of them.
    All,
}

/// What is counted of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tally {
    /// Its identities.
    Identities,
    /// Its events.
    Events,
    /// Its fragments.
    Fragments,
}

impl Tally {
    /// All of them.
    pub const ALL: [Tally; 3] = [Tally::Identities, Tally::Events, Tally::Fragments];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Tally::Identities => "identities",
            Tally::Events => "events",
            Tally::Fragments => "fragments",
        }
    }

    /// How many a profile has.
    pub fn of(self, profile: &ProfileAnswer) -> u64 {
        match self {
            Tally::Identities => profile.identities.len() as u64,
            Tally::Events => profile.event_count,
            Tally::Fragments => profile.fragments as u64,
        }
    }
}

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// A path, by its place in the answer.
    Field(usize),
    /// A line between.
    Rule,
    /// A number of each profile.
    Tally(Tally),
}

/// How a value stands to that of the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// They say the same.
    Same,
    /// They differ.
    Differs,
    /// The baseline has none.
    Added,
    /// Only the baseline has one.
    Missing,
}

impl Sign {
    /// Of a value against the baseline's.
    pub fn of(baseline: Option<&Value>, value: Option<&Value>) -> Sign {
        match (baseline, value) {
            (None, None) => Sign::Same,
            (None, Some(_)) => Sign::Added,
            (Some(_), None) => Sign::Missing,
            (Some(a), Some(b)) if agree(a, b) => Sign::Same,
            (Some(_), Some(_)) => Sign::Differs,
        }
    }

    /// As it is shown.
    pub fn shown(self, icons: &Icons) -> &'static str {
        match self {
            Sign::Same => "=",
            Sign::Differs => icons.conflict,
            Sign::Added => "+",
            Sign::Missing => "−",
        }
    }
}

/// A comparison with the rows that are listed.
#[derive(Clone, Debug)]
pub struct Table {
    answer: CompareAnswer,
    rows: Vec<Row>,
    differing: usize,
}

impl Table {
    /// The table of an answer.
    pub fn new(answer: CompareAnswer, listed: Listed) -> Table {
        let mut table = Table {
            rows: Vec::new(),
            differing: 0,
            answer,
        };
        let fields = 0..table.answer.fields.len();
        table.differing = fields
            .filter(|at| table.row_differs(Row::Field(*at)))
            .count();
        table.list(listed);
        table
    }

    /// Lists other rows.
    pub fn list(&mut self, listed: Listed) {
        let fields = (0..self.answer.fields.len()).map(Row::Field);
        self.rows = fields
            .filter(|row| listed == Listed::All || self.row_differs(*row))
            .collect();
        if !self.rows.is_empty() {
            self.rows.push(Row::Rule);
        }
        self.rows.extend(Tally::ALL.map(Row::Tally));
    }

    /// The rows that are listed.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The policies with their profiles, the baseline first.
    pub fn sides(&self) -> &[ComparedSide] {
        &self.answer.sides
    }

    /// How many paths there are, and on how many the policies differ.
    pub fn counts(&self) -> (usize, usize) {
        (self.answer.fields.len(), self.differing)
    }

    /// The path of a row, where it has one.
    pub fn field(&self, row: Row) -> Option<&ComparedField> {
        match row {
            Row::Field(at) => self.answer.fields.get(at),
            _ => None,
        }
    }

    /// The path of the row at a place.
    pub fn path(&self, at: usize) -> Option<&Path> {
        self.field(*self.rows.get(at)?).map(|field| &field.path)
    }

    /// The place of the row of a path, as it is written.
    pub fn row_of(&self, path: &str) -> Option<usize> {
        let is_it = |at: &usize| {
            self.path(*at)
                .is_some_and(|known| known.to_string() == path)
        };
        (0..self.rows.len()).find(is_it)
    }

    /// What a side says of a path.
    pub fn said(field: &ComparedField, side: usize) -> Option<&Said> {
        field.values.get(side)?.as_ref()
    }

    /// How a side stands to the baseline on a row; `None` where one of them has no profile.
    pub fn sign(&self, row: Row, side: usize) -> Option<Sign> {
        self.sign_between(row, 0, side)
    }

    /// What is counted of a side's profile; `None` where it has none.
    pub fn number(&self, tally: Tally, side: usize) -> Option<u64> {
        let profile = self.answer.sides.get(side)?.profile.as_ref().ok()?;
        Some(tally.of(profile))
    }

    /// Whether the policies that have a profile differ on the row at a place.
    pub fn differs(&self, at: usize) -> bool {
        self.rows.get(at).is_some_and(|row| self.row_differs(*row))
    }

    fn row_differs(&self, row: Row) -> bool {
        let sides = 0..self.answer.sides.len();
        let Some(first) = sides.clone().find(|side| self.has_profile(*side)) else {
            return false;
        };
        let mut signs = sides.filter_map(|side| self.sign_between(row, first, side));
        signs.any(|sign| sign != Sign::Same)
    }

    fn sign_between(&self, row: Row, first: usize, second: usize) -> Option<Sign> {
        if !self.has_profile(first) || !self.has_profile(second) {
            return None;
        }
        match row {
            Row::Field(_) => {
                let field = self.field(row)?;
                let value = |side| Table::said(field, side).map(|said| &said.value);
                Some(Sign::of(value(first), value(second)))
            }
            Row::Tally(tally) => {
                let number = |side| self.number(tally, side).map(Value::from);
                Some(Sign::of(number(first).as_ref(), number(second).as_ref()))
            }
            Row::Rule => None,
        }
    }

    fn has_profile(&self, side: usize) -> bool {
        let side = self.answer.sides.get(side);
        side.is_some_and(|side| side.profile.is_ok())
    }

    /// Of all paths, how many a side says otherwise than the baseline, has more, has less.
    pub fn signs(&self, side: usize) -> [usize; 3] {
        let mut counts = [0; 3];
        for at in 0..self.answer.fields.len() {
            let [differs, added, missing] = &mut counts;
            match self.sign(Row::Field(at), side) {
                Some(Sign::Differs) => *differs += 1,
                Some(Sign::Added) => *added += 1,
                Some(Sign::Missing) => *missing += 1,
                Some(Sign::Same) | None => {}
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_says_how_a_value_stands_to_the_baseline() {
        let check = |a: Option<&str>, b: Option<&str>, expected: Sign| {
            let read = |json: &str| serde_json::from_str::<Value>(json).expect(json);
            let (a, b) = (a.map(read), b.map(read));
            assert_eq!(
                Sign::of(a.as_ref(), b.as_ref()),
                expected,
                "{a:?} and {b:?}"
            );
        };
        check(None, None, Sign::Same);
        check(Some("1"), Some("1.0"), Sign::Same);
        check(Some("1"), Some("\"1\""), Sign::Differs);
        check(None, Some("1"), Sign::Added);
        check(Some("1"), None, Sign::Missing);
    }
}
