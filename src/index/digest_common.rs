//! What the digests of a segment have in common: names and paths, which they know by number.

use std::sync::Arc;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::merge::{ClaimPath, ClaimPaths};
use crate::query::each_scalar;

/// Paths inside the claims of a path that are told one by one.
const MOST_INNER: usize = 64;

/// What the digests of a segment have in common.
#[derive(Debug, Default)]
pub(super) struct Common {
    names: Vec<Arc<str>>,
    /// Their numbers.
    numbers: HashMap<Arc<str>, u64>,
    /// What stands inside claims, by the numbers of their paths.
    inner: Vec<Inner>,
}

/// The paths of what stands inside the claims of a path, without the keys of that.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Inner {
    paths: Vec<Vec<String>>,
    /// There are more than are told.
    is_open: bool,
}

impl Inner {
    fn note(&mut self, keys: &[&str]) {
        if keys.is_empty() || self.paths.iter().any(|own| own == keys) {
            return;
        }
        if self.paths.len() < MOST_INNER {
            self.paths
                .push(keys.iter().map(ToString::to_string).collect());
        } else {
            self.is_open = true;
        }
    }
}

impl Common {
    pub fn of(names: Vec<Arc<str>>, inner: Vec<Inner>) -> Common {
        Common {
            names,
            inner,
            numbers: HashMap::new(),
        }
    }

    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// Whether a path, or one of something inside a claim at it, passes a test.
    pub fn passes(&self, path: &ClaimPath, test: impl Fn(&[&str]) -> bool) -> bool {
        let own: Vec<&str> = path.keys.iter().map(String::as_str).collect();
        let inner = self.inner.get(path.no as usize);
        test(&own)
            || inner.is_some_and(|inner| {
                inner.is_open
                    || inner.paths.iter().any(|inner| {
                        let keys = inner.iter().map(String::as_str);
                        test(&own.iter().copied().chain(keys).collect::<Vec<_>>())
                    })
            })
    }

    /// Notes what stands inside a claim.
    pub fn note(&mut self, path: u32, value: &Value) {
        let at = path as usize;
        if at >= self.inner.len() {
            self.inner.resize_with(at + 1, Inner::default);
        }
        if let Some(inner) = self.inner.get_mut(at) {
            each_scalar(&mut Vec::new(), value, &mut |keys, _| inner.note(keys));
        }
    }

    /// The number of a name: of a namespace, a dataset, a type of events.
    pub fn number(&mut self, name: &str) -> u64 {
        if let Some(known) = self.numbers.get(name) {
            return *known;
        }
        let (no, name) = (self.names.len() as u64, Arc::<str>::from(name));
        self.names.push(Arc::clone(&name));
        self.numbers.insert(name, no);
        no
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

/// Paths in the order of their numbers, each with those inside its claims.
pub(super) fn path_list<'p>(paths: &'p ClaimPaths, common: &Common) -> Vec<(&'p [String], Inner)> {
    let inner = |no: u32| common.inner.get(no as usize).cloned();
    let all = paths.all().iter();
    all.map(|path| (path.keys.as_slice(), inner(path.no).unwrap_or_default()))
        .collect()
}
