//! The paths at which something is claimed, each under a number; the way to one goes key by key.

#![expect(
    clippy::indexing_slicing,
    reason = "paths and steps are numbered by the lists that own them"
)]

use std::sync::Arc;

use crate::model::key_tree::{KeyTree, OUTSIDE, StepNo};
use crate::model::may_be_name;

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
#[derive(Debug, Default)]
pub struct ClaimPaths {
    met: Vec<Arc<ClaimPath>>,
    /// Whether others lie inside, by their numbers.
    outer: Vec<bool>,
    /// Whether what stands there may be a name of a person, by their numbers.
    naming: Vec<bool>,
    tree: KeyTree,
    steps: Vec<Step>,
    /// The number of the record in hand.
    record: u32,
}

/// What is known of a key on the way to paths.
#[derive(Clone, Debug, Default)]
struct Step {
    /// The number of the path that ends here.
    path: Option<u32>,
    has_paths_inside: bool,
    /// The last record that came here.
    record: u32,
}

impl ClaimPaths {
    /// The path of these keys, which is new to the list or known.
    pub fn of<K: AsRef<str>>(&mut self, keys: &[K]) -> Arc<ClaimPath> {
        let mut at = OUTSIDE;
        for key in keys {
            at = self.tree.step(at, key.as_ref());
        }
        self.ending(at)
    }

    /// The paths in the order of their numbers.
    pub fn all(&self) -> &[Arc<ClaimPath>] {
        &self.met
    }

    /// Whether paths lie inside the one of this number.
    pub fn is_outer(&self, no: u32) -> bool {
        self.outer.get(no as usize).copied().unwrap_or(true)
    }

    /// Whether what stands at the path of this number may be a name of a person.
    pub fn may_be_name(&self, no: u32) -> bool {
        self.naming.get(no as usize).copied().unwrap_or(true)
    }

    /// The path that ends at a step.
    pub(super) fn ending(&mut self, step: StepNo) -> Arc<ClaimPath> {
        if let Some(no) = self.at(step).path {
            return Arc::clone(&self.met[no as usize]);
        }
        let no = self.met.len() as u32;
        let path = Arc::new(ClaimPath {
            no,
            keys: self.keys(step),
        });
        self.naming.push(may_be_name(&path.keys));
        self.met.push(Arc::clone(&path));
        let own = self.at(step);
        own.path = Some(no);
        let is_outer = own.has_paths_inside;
        self.outer.push(is_outer);
        let mut around = step;
        while around != OUTSIDE {
            around = self.tree.around(around);
            let outer = self.at(around);
            outer.has_paths_inside = true;
            if let Some(outer) = outer.path {
                self.outer[outer as usize] = true;
            }
        }
        path
    }

    /// The keys on the way to a step.
    pub(super) fn keys(&self, step: StepNo) -> Vec<String> {
        self.tree.keys(step)
    }

    /// Another record is gone through.
    pub(super) fn next_record(&mut self) {
        self.record = self.record.wrapping_add(1).max(1);
    }

    /// The step to the key that probably stands behind another one of this record, or first.
    pub(super) fn likely(&self, parent: StepNo, before: Option<StepNo>) -> Option<(StepNo, &str)> {
        self.tree.likely(parent, before)
    }

    /// The step to a key of this record, which stands behind another one or first.
    pub(super) fn behind(&mut self, parent: StepNo, before: Option<StepNo>, key: &str) -> StepNo {
        self.tree.step_behind(parent, before, key)
    }

    /// Comes to a step; `None` where this record came there before.
    pub(super) fn visit(&mut self, step: StepNo) -> Option<StepNo> {
        let record = self.record;
        let own = self.at(step);
        let is_first = own.record != record;
        own.record = record;
        is_first.then_some(step)
    }

    fn at(&mut self, step: StepNo) -> &mut Step {
        if step.place() >= self.steps.len() {
            self.steps.resize(self.tree.count(), Step::default());
        }
        &mut self.steps[step.place()]
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
        assert!(!paths.may_be_name(3));
        let names = ["lastName", "xdm:first_name", "name"].map(|key| no(&mut paths, &["a", key]));
        assert!(names.iter().all(|no| paths.may_be_name(*no)));
    }

    #[test]
    fn a_record_that_comes_to_a_key_twice_is_told_so() {
        let mut paths = ClaimPaths::default();
        for _ in 0..3 {
            paths.next_record();
            let mut visit = |parent, before, key| {
                let step = paths.behind(parent, before, key);
                paths.visit(step)
            };
            let a = visit(OUTSIDE, None, "a").unwrap();
            let b = visit(OUTSIDE, Some(a), "b").unwrap();
            assert!(visit(OUTSIDE, Some(b), "a").is_none());
            assert!(visit(a, None, "a").is_some(), "another key");
            assert_eq!(paths.keys(b), ["b"]);
        }
    }
}
