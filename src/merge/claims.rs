//! What fragments say now, taken out of their versions once: any policy folds from it without reading them again.

use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};
use serde_json::Value;

use super::replay::each_leaf;
use super::tree::Tree;
use crate::model::{Body, Fragment, Operation, Version};

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
    places: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl ClaimPaths {
    /// The path of these keys, which is new to the list or known.
    pub fn of<K: AsRef<str> + Hash>(&mut self, keys: &[K]) -> Arc<ClaimPath> {
        let hash = self.hasher.hash_one(keys);
        let met = &self.met;
        let known = self.places.find(hash, |no| {
            let known = met.get(*no as usize).map(|path| path.keys.iter());
            known.is_some_and(|known| known.eq(keys.iter().map(AsRef::as_ref)))
        });
        if let Some(path) = known.and_then(|no| met.get(*no as usize)) {
            return Arc::clone(path);
        }
        let no = self.met.len() as u32;
        let path = Arc::new(ClaimPath {
            no,
            keys: keys.iter().map(|key| key.as_ref().to_owned()).collect(),
        });
        self.met.push(Arc::clone(&path));
        let (met, hasher) = (&self.met, &self.hasher);
        self.places.insert_unique(hash, no, |no| {
            let path = met.get(*no as usize);
            hasher.hash_one(path.map_or(&[][..], |path| path.keys.as_slice()))
        });
        path
    }

    /// The paths in the order of their numbers.
    pub fn all(&self) -> &[Arc<ClaimPath>] {
        &self.met
    }
}

/// What a fragment says at a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The path.
    pub path: Arc<ClaimPath>,
    /// What it says now; `None` where it only named the path once, which decides the order of what stands there.
    pub value: Option<Value>,
    /// The version that said it first, since when it has not changed.
    pub changed: usize,
}

impl Claim {
    /// Whether it stands in the topmost field of this name.
    pub(super) fn is_inside(&self, field: &str) -> bool {
        self.path.is_inside(field)
    }
}

/// What a fragment says now.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims {
    /// It holds anything but segments, or nothing at all.
    pub has_attributes: bool,
    /// What it says, in the order in which it came to speak of it.
    pub all: Vec<Claim>,
}

/// What a fragment says, and the fragment without bodies, of its versions those that its claims go back to and the last;
/// `None` where it lives no more.
pub fn outlined(fragment: &Fragment, paths: &mut ClaimPaths) -> Option<(Fragment, Claims)> {
    if !fragment.is_alive() {
        return None;
    }
    let mut all = Vec::new();
    let mut note = |path, value, changed| {
        all.push(Claim {
            path,
            value,
            changed,
        });
    };
    match fragment.versions.as_slice() {
        [only] if only.operation == Operation::Create => {
            each_leaf(only.body.value(), &mut |keys, value| {
                note(paths.of(keys), value, 0);
            });
        }
        _ => {
            let mut tree = Tree::new();
            tree.replay(0, fragment);
            tree.each_own(|keys, value, changed| note(paths.of(keys), value, changed));
        }
    }
    let mut said = all.iter().filter(|claim| claim.value.is_some()).peekable();
    let is_attribute = |claim: &Claim| !claim.is_inside("segmentMembership");
    let has_attributes = said.peek().is_none() || said.any(is_attribute);
    let outline = without_bodies(fragment, &mut all);
    let claims = Claims {
        has_attributes,
        all,
    };
    Some((outline, claims))
}

fn without_bodies(fragment: &Fragment, claims: &mut [Claim]) -> Fragment {
    let last = fragment.versions.len().saturating_sub(1);
    let mut used: Vec<usize> = claims.iter().map(|claim| claim.changed).collect();
    used.push(last);
    used.sort_unstable();
    used.dedup();
    for claim in claims {
        claim.changed = used.binary_search(&claim.changed).unwrap_or(0);
    }
    let body = Body::new("null");
    let versions = used.iter().filter_map(|at| fragment.versions.get(*at));
    Fragment {
        dataset: Arc::clone(&fragment.dataset),
        identity: Arc::clone(&fragment.identity),
        priority: fragment.priority,
        versions: versions
            .map(|version| Version {
                body: body.clone(),
                touches: version.touches.last().copied().into_iter().collect(),
                secondary: Vec::new(),
                ..version.clone()
            })
            .collect(),
    }
}
