//! What fragments say now, taken out of their versions once: any policy folds from it without reading them again.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};
use serde_json::Value;

use super::tree::Tree;
use crate::model::{Body, Fragment, Version};

/// A path at which something is claimed, under its number in a list of such paths.
#[derive(Debug, PartialEq, Eq)]
pub struct ClaimPath {
    /// Its number.
    pub no: u32,
    /// Its keys.
    pub keys: Vec<String>,
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
    pub fn of(&mut self, keys: &[&str]) -> Arc<ClaimPath> {
        let hash = self.hasher.hash_one(keys);
        let met = &self.met;
        let known = self.places.find(hash, |no| {
            met.get(*no as usize).is_some_and(|p| p.keys == keys)
        });
        if let Some(path) = known.and_then(|no| met.get(*no as usize)) {
            return Arc::clone(path);
        }
        let no = self.met.len() as u32;
        let path = Arc::new(ClaimPath {
            no,
            keys: keys.iter().map(ToString::to_string).collect(),
        });
        self.met.push(Arc::clone(&path));
        let (met, hasher) = (&self.met, &self.hasher);
        self.places.insert_unique(hash, no, |no| {
            let path = met.get(*no as usize);
            let keys = path.map_or(&[][..], |path| path.keys.as_slice());
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            hasher.hash_one(keys.as_slice())
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
        self.path.keys.first().is_some_and(|key| key == field)
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
    let mut tree = Tree::new();
    let has_attributes = tree.replay(0, fragment);
    let mut all = Vec::new();
    tree.each_own(|keys, value, changed| {
        let path = paths.of(keys);
        all.push(Claim {
            path,
            value,
            changed,
        });
    });
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
