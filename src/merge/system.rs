//! The system fields of a folded profile: its identities and its segments.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::model::{Identity, Moment, Stitching};

use super::cast::{Cast, Ingredients, Part};
use super::tree::{NodeId, ROOT, Said, Tree};

/// Namespace codes in lower case with the values of the cluster, both sorted, without flags.
pub(super) fn identity_map(ingredients: &Ingredients<'_>, stitching: Stitching) -> Value {
    let cluster = match stitching {
        Stitching::None => &[],
        Stitching::Pdg => ingredients.cluster,
    };
    let all = cluster.iter().chain([ingredients.requested]);
    let sorted: BTreeSet<(String, &str)> = all
        .map(|Identity { namespace, value }| (namespace.to_lowercase(), value.as_str()))
        .collect();
    let mut map = Map::new();
    for (namespace, value) in sorted {
        let entry = Map::from_iter([("id".to_owned(), Value::from(value))]);
        let list = map.entry(namespace).or_insert_with(|| Value::Array(vec![]));
        if let Value::Array(list) = list {
            list.push(Value::Object(entry));
        }
    }
    Value::Object(map)
}

/// The segments of every fragment that may speak of them, key by key.
pub(super) fn segments(tree: &Tree, cast: &Cast<'_>) -> Option<Value> {
    let at = tree.find(ROOT, "segmentMembership")?;
    member(tree, cast, at)
}

fn member(tree: &Tree, cast: &Cast<'_>, at: NodeId) -> Option<Value> {
    let node = tree.node(at);
    if let Some(latest) = latest(cast, &node.said) {
        return Some(latest.clone());
    }
    let mut object = Map::new();
    for &child in &node.children {
        if let Some(value) = member(tree, cast, child) {
            object.insert(tree.node(child).key.clone(), value);
        }
    }
    (!object.is_empty()).then_some(Value::Object(object))
}

/// The value with the latest qualification; where none carries a time, that of the highest fragment.
fn latest<'s>(cast: &Cast<'_>, said: &'s [Said]) -> Option<&'s Value> {
    let mut best: Option<(&Value, Option<Moment>)> = None;
    for said in said {
        let part = cast.players.get(said.fragment).map(|player| player.part);
        if part == Some(Part::Watched) || is_empty_object(&said.value) {
            continue;
        }
        let at = said.value.get("lastQualificationTime");
        let at = at.and_then(Value::as_str).and_then(Moment::read);
        if best.is_none_or(|(_, latest)| at > latest) {
            best = Some((&said.value, at));
        }
    }
    best.map(|(value, _)| value)
}

fn is_empty_object(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty)
}
