//! How the arrays of several fragments become one.

use std::collections::HashSet;

use serde_json::Value;

use crate::model::{Arrays, Rule};

/// The arrays joined in the order given, and the rule that this goes by; `None` where the first is to win whole.
///
/// Elements are never matched by index. Two of them are duplicates where they are the same JSON value.
pub(super) fn join(arrays: &[&Vec<Value>], option: Arrays) -> Option<(Value, Rule)> {
    if arrays.len() < 2 {
        return None;
    }
    let all = arrays.iter().copied().flatten();
    match option {
        Arrays::Replace => None,
        Arrays::Concat => Some((all.cloned().collect(), Rule::Concat)),
        Arrays::Union => {
            let mut known = HashSet::new();
            let fresh = all.filter(|element| known.insert(*element));
            Some((fresh.cloned().collect(), Rule::Union))
        }
    }
}
