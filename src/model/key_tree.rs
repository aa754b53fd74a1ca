//! The keys of many alike JSON objects as one tree: a step from a key to the next is mostly known before it is looked up.

#![expect(
    clippy::indexing_slicing,
    reason = "steps are numbered by the tree that owns them"
)]

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// The number of a step, in the order in which steps came up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepNo(pub u32);

/// The step that every way begins with; it has no key.
pub const OUTSIDE: StepNo = StepNo(0);

impl StepNo {
    /// Its place in a list with one entry for each step.
    pub fn place(self) -> usize {
        self.0 as usize
    }
}

/// Every way of keys that came up.
#[derive(Debug)]
pub struct KeyTree {
    steps: Vec<Step>,
    places: HashTable<StepNo>,
    hasher: DefaultHashBuilder,
}

/// A key inside others.
#[derive(Debug)]
struct Step {
    parent: StepNo,
    key: Box<str>,
    /// Whether JSON may write the key as it is.
    is_plain: bool,
    /// The key that came first in it when it was last gone through, and the one that came behind it: objects are alike.
    first: StepNo,
    next: StepNo,
}

impl Step {
    fn new(parent: StepNo, key: &str) -> Step {
        Step {
            parent,
            key: key.into(),
            is_plain: !key.contains(['"', '\\']),
            first: OUTSIDE,
            next: OUTSIDE,
        }
    }
}

impl Default for KeyTree {
    fn default() -> KeyTree {
        KeyTree {
            steps: vec![Step::new(OUTSIDE, "")],
            places: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl KeyTree {
    /// How many steps came up, the one outside included.
    pub fn count(&self) -> usize {
        self.steps.len()
    }

    /// The step around another; the one outside is around itself.
    pub fn around(&self, step: StepNo) -> StepNo {
        self.steps[step.place()].parent
    }

    /// The key of a step.
    pub fn key(&self, step: StepNo) -> &str {
        &self.steps[step.place()].key
    }

    /// The keys on the way to a step, its own last.
    pub fn keys(&self, step: StepNo) -> Vec<String> {
        let ways = std::iter::successors(Some(step), |at| Some(self.around(*at)));
        let inside = ways.take_while(|at| *at != OUTSIDE);
        let mut keys: Vec<String> = inside.map(|at| self.key(at).to_owned()).collect();
        keys.reverse();
        keys
    }

    /// The step to a key.
    pub fn step(&mut self, parent: StepNo, key: &str) -> StepNo {
        let (steps, hasher) = (&self.steps, &self.hasher);
        let hash = hasher.hash_one((parent, key));
        let is_it = |step: &StepNo| {
            let step = &steps[step.place()];
            step.parent == parent && *step.key == *key
        };
        if let Some(step) = self.places.find(hash, is_it) {
            return *step;
        }
        let step = StepNo(steps.len() as u32);
        self.steps.push(Step::new(parent, key));
        let (steps, hasher) = (&self.steps, &self.hasher);
        self.places.insert_unique(hash, step, |step| {
            let step = &steps[step.place()];
            hasher.hash_one((step.parent, &*step.key))
        });
        step
    }

    /// The step to the key that probably stands behind another one of an object, or first; one without quotes and backslashes.
    pub fn likely(&self, parent: StepNo, before: Option<StepNo>) -> Option<(StepNo, &str)> {
        let likely = self.behind(parent, before);
        let step = &self.steps[likely.place()];
        (likely != OUTSIDE && step.is_plain).then_some((likely, &*step.key))
    }

    fn behind(&self, parent: StepNo, before: Option<StepNo>) -> StepNo {
        match before {
            None => self.steps[parent.place()].first,
            Some(before) => self.steps[before.place()].next,
        }
    }

    /// The step to the key of an object that stands behind another one of it, or first.
    pub fn step_behind(&mut self, parent: StepNo, before: Option<StepNo>, key: &str) -> StepNo {
        let likely = self.behind(parent, before);
        if likely != OUTSIDE && *self.steps[likely.place()].key == *key {
            return likely;
        }
        let step = self.step(parent, key);
        match before {
            None => self.steps[parent.place()].first = step,
            Some(before) => self.steps[before.place()].next = step,
        }
        step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_leads_to_the_same_step_however_it_is_gone() {
        let mut tree = KeyTree::default();
        for order in [["a", "b", "c"], ["c", "b", "a"], ["b", "a", "c"]] {
            let mut before = None;
            for key in order {
                let behind = tree.step_behind(OUTSIDE, before, key);
                assert_eq!(behind, tree.step(OUTSIDE, key), "{key} of {order:?}");
                let inner = tree.step_behind(behind, None, key);
                assert_eq!(tree.keys(inner), [key, key]);
                before = Some(behind);
            }
        }
        assert_eq!(tree.count(), 7);
        let likely = tree.likely(OUTSIDE, None).map(|(step, _)| step);
        assert_eq!(likely, Some(tree.step(OUTSIDE, "b")));
        let quoted = tree.step_behind(OUTSIDE, None, r#"a":"b"#);
        assert_eq!(tree.likely(OUTSIDE, None), None);
        assert_eq!(tree.step_behind(OUTSIDE, None, r#"a":"b"#), quoted);
        assert_eq!(tree.keys(OUTSIDE), Vec::<String>::new());
    }
}
