//! What the digests of a segment have in common: names and paths, which they know by number.

use std::sync::Arc;

use crate::merge::{ClaimPath, ClaimPaths};

/// What the digests of a segment have in common.
#[derive(Debug, Default)]
pub(super) struct Common {
    names: Vec<Arc<str>>,
    /// The paths, by number, at which some claim has more paths inside it.
    deep: Vec<bool>,
}

impl Common {
    pub fn of(names: Vec<Arc<str>>, deep: Vec<bool>) -> Common {
        Common { names, deep }
    }

    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// Whether some claim at a path has more paths inside it.
    pub fn is_deep(&self, path: u32) -> bool {
        self.deep.get(path as usize).copied().unwrap_or(false)
    }

    pub fn note_deep(&mut self, path: u32) {
        let at = path as usize;
        if at >= self.deep.len() {
            self.deep.resize(at + 1, false);
        }
        if let Some(own) = self.deep.get_mut(at) {
            *own = true;
        }
    }

    /// The number of a name; there are few: namespaces, datasets, types of events.
    pub fn number(&mut self, name: &str) -> u64 {
        let known = self.names.iter().position(|own| **own == *name);
        let no = known.unwrap_or_else(|| {
            self.names.push(name.into());
            self.names.len() - 1
        });
        no as u64
    }

    /// The name of a number.
    pub fn name(&self, no: u64) -> Option<Arc<str>> {
        self.names.get(usize::try_from(no).ok()?).cloned()
    }
}

/// The paths of digests, and those of them that are wanted, by number; `None` is all.
#[derive(Clone, Copy)]
pub(super) struct Legend<'a> {
    pub paths: &'a [Arc<ClaimPath>],
    pub wanted: Option<&'a [bool]>,
}

impl Legend<'_> {
    pub fn wants(self, path: u32) -> bool {
        let wanted = self.wanted.map(|wanted| wanted.get(path as usize));
        wanted.is_none_or(|wanted| wanted.copied().unwrap_or(true))
    }
}

/// Paths in the order of their numbers, each with whether there are more paths inside some claim at it.
pub(super) fn path_list<'p>(paths: &'p ClaimPaths, common: &Common) -> Vec<(&'p [String], bool)> {
    let all = paths.all().iter();
    all.map(|path| (path.keys.as_slice(), common.is_deep(path.no)))
        .collect()
}
