//! The paths of leaves: the way from one to the next is a step in a tree of keys, and each is written once.

use crate::model::key_tree::KeyTree;
/// A path, numbered in the order in which paths came up, and the empty one.
pub(super) use crate::model::key_tree::{OUTSIDE as ROOT, StepNo as PathNumber};

/// Every path that came up.
#[derive(Default)]
pub(super) struct Paths {
    tree: KeyTree,
    /// The paths but for the empty one, as people write them.
    texts: Vec<String>,
}

impl Paths {
    /// The path of a key inside a path, which stands behind another one there or first.
    pub(super) fn child(
        &mut self,
        parent: PathNumber,
        before: Option<PathNumber>,
        key: &str,
    ) -> PathNumber {
        let child = self.tree.step_behind(parent, before, key);
        if child.place() > self.texts.len() {
            let mut text = self.text(parent).to_owned();
            if parent != ROOT {
                text.push('.');
            }
            text.push_str(&key.replace('\\', "\\\\").replace('.', "\\."));
            self.texts.push(text);
        }
        child
    }

    /// A path as people write it.
    pub(super) fn text(&self, path: PathNumber) -> &str {
        let place = path.place().checked_sub(1);
        let text = place.and_then(|place| self.texts.get(place));
        text.map_or("", String::as_str)
    }
}
