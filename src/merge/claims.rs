//! What fragments say now, taken out of their versions once: any policy folds from it without reading them again.

use std::sync::Arc;

use serde_json::Value;

use super::claim_paths::{ClaimPath, ClaimPaths};
use super::claims_of_text::claims_of_text;
use super::replay::each_leaf;
use super::tree::Tree;
use crate::model::{Body, Fragment, Operation, Version};

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
    let mut all = match fragment.versions.as_slice() {
        [only] if only.operation != Operation::Delete => claims_of_version(only, paths),
        _ => claims_of_versions(fragment, paths),
    };
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

/// What a version says that is all there is of its fragment.
pub(super) fn claims_of_version(only: &Version, paths: &mut ClaimPaths) -> Vec<Claim> {
    let all = claims_of_text(only.body.text(), paths);
    let mut all = all.unwrap_or_else(|| claims_of_value(&only.body, paths));
    if only.operation != Operation::Create {
        // A patch goes through an object leaf by leaf, and an empty one has none.
        let is_empty = |value: &Value| value.as_object().is_some_and(serde_json::Map::is_empty);
        for claim in &mut all {
            claim.value.take_if(|value| is_empty(value));
        }
    }
    all
}

fn claims_of_value(body: &Body, paths: &mut ClaimPaths) -> Vec<Claim> {
    let mut all = Vec::new();
    each_leaf(body.value(), &mut |keys, value| {
        all.push(Claim {
            path: paths.of(keys),
            value,
            changed: 0,
        });
    });
    all
}

/// What a fragment says after all its versions.
pub(super) fn claims_of_versions(fragment: &Fragment, paths: &mut ClaimPaths) -> Vec<Claim> {
    let mut all = Vec::new();
    let mut tree = Tree::new();
    tree.replay(0, fragment);
    tree.each_own(|keys, value, changed| {
        all.push(Claim {
            path: paths.of(keys),
            value,
            changed,
        });
    });
    all
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
