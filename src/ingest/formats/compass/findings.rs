//! What a walk through an object found, with the last of keys that repeat.

use std::ops::Range;

use super::Slot;

/// What a walk has found so far.
#[derive(Default)]
pub struct Findings<'t> {
    /// The values, each with what it is for.
    pub found: Vec<(Slot, &'t str)>,
    /// What is done about keys that repeat.
    pub repeats: Repeats,
}

/// Keys that an object has more than once, which is rare enough for a second walk.
#[derive(Default, PartialEq, Eq)]
pub enum Repeats {
    /// There are none.
    #[default]
    Unmet,
    /// There are some, so that what was found can't be trusted.
    Met,
    /// What earlier ones led to is dropped: the branch of each key met in the objects that are open, with its findings.
    Replace(Vec<(usize, Range<usize>)>),
}

impl Findings<'_> {
    /// Hears that a branch is met again in an object, whose own branches are those from `begin`.
    pub fn meet_again(&mut self, branch: usize, begin: usize) {
        let Repeats::Replace(branches) = &mut self.repeats else {
            self.repeats = Repeats::Met;
            return;
        };
        let own = branches
            .iter()
            .skip(begin)
            .position(|(other, _)| *other == branch);
        if let Some(place) = own {
            let (_, dropped) = branches.remove(begin + place);
            self.found.drain(dropped.clone());
            for (_, later) in branches.iter_mut().skip(begin + place) {
                *later = later.start - dropped.len()..later.end - dropped.len();
            }
        }
    }

    /// How many branches the open objects have met.
    pub fn branches(&self) -> usize {
        match &self.repeats {
            Repeats::Replace(branches) => branches.len(),
            Repeats::Unmet | Repeats::Met => 0,
        }
    }

    /// Forgets the branches of an object that ends.
    pub fn leave(&mut self, begin: usize) {
        if let Repeats::Replace(branches) = &mut self.repeats {
            branches.truncate(begin);
        }
    }

    /// Notes what a branch led to.
    pub fn note(&mut self, branch: usize, from: usize) {
        if let Repeats::Replace(branches) = &mut self.repeats {
            branches.push((branch, from..self.found.len()));
        }
    }
}
