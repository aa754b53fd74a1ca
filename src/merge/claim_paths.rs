//! The paths at which something is claimed, each under a number; the way to one goes key by key.

#![expect(
    clippy::indexing_slicing,
    reason = "steps are numbered by the list that owns them"
)]

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};

/// A path at which something is claimed, under its number in a list of such paths.
#[derive(Debug, PartialEq, Eq)]
pub struct ClaimPath {
    /// Its number.
    pub no: u32,
    /// Its keys.
    pub keys: Vec<String>,
}

impl ClaimPath {
    /// Whether it lies in the topmost field of this name.
    pub fn is_inside(&self, field: &str) -> bool {
        self.keys.first().is_some_and(|key| key == field)
    }
}

/// Paths by number, each once.
#[derive(Debug)]
pub struct ClaimPaths {
    met: Vec<Arc<ClaimPath>>,
    /// Whether others lie inside, by their numbers.
    outer: Vec<bool>,
    steps: Vec<Step>,
    places: HashTable<StepNo>,
    hasher: DefaultHashBuilder,
    /// The number of the record in hand.
    record: u32,
}

/// The number of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StepNo(usize);

/// The step that every path begins with.
pub(super) const OUTSIDE: StepNo = StepNo(0);

/// A key on the way to paths.
#[derive(Debug)]
struct Step {
    parent: StepNo,
    key: String,
    /// The number of the path that ends here.
    path: Option<u32>,
    has_paths_inside: bool,
    /// The key that came first in it when it was last gone through, and the one that came after it: records are alike.
    first: StepNo,
    next: StepNo,
    /// The last record that came here.
    record: u32,
}

impl Default for ClaimPaths {
    fn default() -> ClaimPaths {
        ClaimPaths {
            met: Vec::new(),
            outer: Vec::new(),
            steps: vec![Step::new(OUTSIDE, "")],
            places: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            record: 0,
        }
    }
}

impl Step {
    fn new(parent: StepNo, key: &str) -> Step {
        Step {
            parent,
            key: key.to_owned(),
            path: None,
            has_paths_inside: false,
            first: OUTSIDE,
            next: OUTSIDE,
            record: 0,
        }
    }
}

impl ClaimPaths {
    /// The path of these keys, which is new to the list or known.
    pub fn of<K: AsRef<str>>(&mut self, keys: &[K]) -> Arc<ClaimPath> {
        let mut at = OUTSIDE;
        for key in keys {
            at = self.step(at, key.as_ref());
        }
        self.ending(at)
    }

    /// The paths in the order of their numbers.
    pub fn all(&self) -> &[Arc<ClaimPath>] {
        &self.met
    }

    /// Whether paths lie inside the one of this number.
    pub(super) fn is_outer(&self, no: u32) -> bool {
        self.outer.get(no as usize).copied().unwrap_or(true)
    }

    /// The path that ends at a step.
    pub(super) fn ending(&mut self, step: StepNo) -> Arc<ClaimPath> {
        if let Some(no) = self.steps[step.0].path {
            return Arc::clone(&self.met[no as usize]);
        }
        let no = self.met.len() as u32;
        let keys = self.keys(step);
        self.met.push(Arc::new(ClaimPath { no, keys }));
        self.outer.push(self.steps[step.0].has_paths_inside);
        self.steps[step.0].path = Some(no);
        let mut around = step;
        while around != OUTSIDE {
            around = self.steps[around.0].parent;
            self.steps[around.0].has_paths_inside = true;
            if let Some(outer) = self.steps[around.0].path {
                self.outer[outer as usize] = true;
            }
        }
        Arc::clone(&self.met[no as usize])
    }

    /// The keys on the way to a step.
    pub(super) fn keys(&self, step: StepNo) -> Vec<String> {
        let mut keys = Vec::new();
        let mut at = step;
        while at != OUTSIDE {
            keys.push(self.steps[at.0].key.clone());
            at = self.steps[at.0].parent;
        }
        keys.reverse();
        keys
    }

    /// Another record is gone through.
    pub(super) fn next_record(&mut self) {
        self.record = self.record.wrapping_add(1).max(1);
    }

    /// The step of a key of this record, after the one that the key before it led to, if there was one; `None` where this
    /// record came there before.
    pub(super) fn visit(
        &mut self,
        parent: StepNo,
        before: Option<StepNo>,
        key: &str,
    ) -> Option<StepNo> {
        let likely = match before {
            None => self.steps[parent.0].first,
            Some(before) => self.steps[before.0].next,
        };
        let step = if likely != OUTSIDE && self.steps[likely.0].key == key {
            likely
        } else {
            let step = self.step(parent, key);
            match before {
                None => self.steps[parent.0].first = step,
                Some(before) => self.steps[before.0].next = step,
            }
            step
        };
        let own = &mut self.steps[step.0];
        let is_first = own.record != self.record;
        own.record = self.record;
        is_first.then_some(step)
    }

    fn step(&mut self, parent: StepNo, key: &str) -> StepNo {
        let (steps, hasher) = (&self.steps, &self.hasher);
        let hash = hasher.hash_one((parent.0, key));
        let is_it = |step: &StepNo| steps[step.0].parent == parent && steps[step.0].key == key;
        if let Some(step) = self.places.find(hash, is_it) {
            return *step;
        }
        let step = StepNo(steps.len());
        self.steps.push(Step::new(parent, key));
        let (steps, hasher) = (&self.steps, &self.hasher);
        self.places.insert_unique(hash, step, |step| {
            let step = &steps[step.0];
            hasher.hash_one((step.parent.0, step.key.as_str()))
        });
        step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_its_number_and_knows_whether_others_lie_inside() {
        let mut paths = ClaimPaths::default();
        let no = |paths: &mut ClaimPaths, keys: &[&str]| paths.of(keys).no;
        assert_eq!(no(&mut paths, &["a", "b"]), 0);
        assert_eq!(no(&mut paths, &["a"]), 1);
        assert_eq!(no(&mut paths, &["a", "b"]), 0);
        assert_eq!(no(&mut paths, &["ab"]), 2);
        assert_eq!(no(&mut paths, &["ab", "c", "d"]), 3);
        let outer: Vec<bool> = (0..4).map(|no| paths.is_outer(no)).collect();
        assert_eq!(outer, [false, true, true, false]);
        assert_eq!(paths.all()[3].keys, ["ab", "c", "d"]);
    }

    #[test]
    fn a_record_that_comes_to_a_key_twice_is_told_so() {
        let mut paths = ClaimPaths::default();
        for _ in 0..3 {
            paths.next_record();
            let a = paths.visit(OUTSIDE, None, "a").unwrap();
            let b = paths.visit(OUTSIDE, Some(a), "b").unwrap();
            assert_eq!(paths.keys(b), ["b"]);
            assert!(paths.visit(OUTSIDE, Some(b), "a").is_none());
            assert!(paths.visit(a, None, "a").is_some(), "another key");
        }
    }
}
