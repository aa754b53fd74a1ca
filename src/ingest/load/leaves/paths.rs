//! The paths of leaves as a tree of keys: the way from one to the next is a look-up, and each is written once.

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A path, numbered in the order in which paths came up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PathNumber(pub(super) u32);

/// The empty path.
pub(super) const ROOT: PathNumber = PathNumber(0);

/// Every path that came up.
#[derive(Default)]
pub(super) struct Paths {
    branches: HashTable<Branch>,
    /// The paths but for the empty one, as people write them.
    texts: Vec<String>,
}

struct Branch {
    parent: PathNumber,
    key: Box<str>,
    child: PathNumber,
}

impl Paths {
    /// The path one key further in.
    pub(super) fn child(&mut self, parent: PathNumber, key: &str) -> PathNumber {
        let hash = hash(parent, key);
        let is_meant = |branch: &Branch| branch.parent == parent && *branch.key == *key;
        if let Some(branch) = self.branches.find(hash, is_meant) {
            return branch.child;
        }
        let mut text = self.text(parent).to_owned();
        if parent != ROOT {
            text.push('.');
        }
        text.push_str(&key.replace('\\', "\\\\").replace('.', "\\."));
        self.texts.push(text);
        let child = PathNumber(self.texts.len() as u32);
        let branch = Branch {
            parent,
            key: key.into(),
            child,
        };
        let again = |branch: &Branch| self::hash(branch.parent, &branch.key);
        self.branches.insert_unique(hash, branch, again);
        child
    }

    /// A path as people write it.
    pub(super) fn text(&self, path: PathNumber) -> &str {
        let place = (path.0 as usize).checked_sub(1);
        let text = place.and_then(|place| self.texts.get(place));
        text.map_or("", String::as_str)
    }
}

fn hash(parent: PathNumber, key: &str) -> u64 {
    xxh3_64_with_seed(key.as_bytes(), u64::from(parent.0))
}
