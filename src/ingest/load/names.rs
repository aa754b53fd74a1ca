//! The mentions of a row and the nodes that they stand for.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::identity::Node;
use crate::ingest::{Mention, Row};

/// The order of two mentions as texts, the codes of namespaces without regard to case.
pub(super) fn by_name(a: &Mention, b: &Mention) -> Ordering {
    fn lower(code: &str) -> impl Iterator<Item = char> {
        code.chars().flat_map(char::to_lowercase)
    }
    let is_same = Arc::ptr_eq(&a.namespace, &b.namespace);
    let codes = (!is_same).then(|| lower(&a.namespace).cmp(lower(&b.namespace)));
    codes
        .unwrap_or(Ordering::Equal)
        .then_with(|| a.value.cmp(&b.value))
}

pub(super) fn node_at(nodes: &[(usize, Node)], place: Option<usize>) -> Option<Node> {
    let place = place?;
    nodes
        .iter()
        .find(|(own, _)| *own == place)
        .map(|(_, node)| *node)
}

/// The node of a mention that may be a repetition of the one that was taken.
pub(super) fn same_as(row: &Row, nodes: &[(usize, Node)], place: usize) -> Option<Node> {
    let wanted = row.mentions.get(place)?;
    let is_same = |other: &Mention| {
        other.namespace.eq_ignore_ascii_case(&wanted.namespace) && other.value == wanted.value
    };
    nodes
        .iter()
        .find(|(own, _)| row.mentions.get(*own).is_some_and(is_same))
        .map(|(_, node)| *node)
}
