//! What the digests of a segment have in common: names and paths, which they know by number.

use std::cell::OnceCell;
use std::sync::Arc;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::merge::{ClaimPath, ClaimPaths};
use crate::model::Body;
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
}

/// Names and paths as one reader hands them out: counting references to those that all threads share would have each wait for
/// the others.
#[derive(Debug)]
pub(super) struct Copies {
    /// The body of every version, which has none.
    pub body: Body,
    names: Vec<OnceCell<Arc<str>>>,
    paths: Vec<OnceCell<Arc<ClaimPath>>>,
}

impl Copies {
    /// Room for the copies of so many names and paths.
    pub fn of(common: &Common, paths: &[Arc<ClaimPath>]) -> Copies {
        Copies {
            body: Body::new("null"),
            names: vec![OnceCell::new(); common.names.len()],
            paths: vec![OnceCell::new(); paths.len()],
        }
    }
}

/// What it takes to read a digest, and what of it is wanted.
#[derive(Clone, Copy)]
pub(super) struct Legend<'a> {
    pub common: &'a Common,
    pub paths: &'a [Arc<ClaimPath>],
    pub copies: &'a Copies,
    pub wanted: Wanted<'a>,
}

/// What of every digest is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// The paths of what fragments say, by number; `None` is all.
    pub paths: Option<&'a [bool]>,
    /// The types of events are not.
    pub no_kinds: bool,
}

impl Legend<'_> {
    /// The name of a number: of a namespace, a dataset, a type of events.
    pub fn name(&self, no: u64) -> Option<Arc<str>> {
        let no = usize::try_from(no).ok()?;
        let name = self.common.names.get(no)?;
        let copy = || Arc::<str>::from(&**name);
        Some(Arc::clone(self.copies.names.get(no)?.get_or_init(copy)))
    }

    /// The same, to look at.
    pub fn name_text(&self, no: u64) -> Option<&str> {
        let name = self.common.names.get(usize::try_from(no).ok()?);
        name.map(|name| &**name)
    }

    /// The path of a number.
    pub fn path(&self, no: usize) -> Option<Arc<ClaimPath>> {
        let path = self.paths.get(no)?;
        let copy = || {
            let keys = path.keys.clone();
            Arc::new(ClaimPath { no: path.no, keys })
        };
        Some(Arc::clone(self.copies.paths.get(no)?.get_or_init(copy)))
    }

    pub fn wants(&self, path: usize) -> bool {
        let wanted = self.wanted.paths.map(|wanted| wanted.get(path));
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
