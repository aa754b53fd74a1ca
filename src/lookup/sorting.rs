//! What a result list is sorted by, read off folded profiles.

use std::cmp::Ordering;

use serde_json::Value;

use super::search::SearchRequest;
use crate::model::{Moment, ProfileAnswer};
use crate::query::{Sort, SortBy, compare_values};

/// The order that a request names; `None` is by closeness.
pub(super) fn order(request: &SearchRequest) -> Option<Sort> {
    request.sort.as_deref()?.parse().ok()
}

/// What a profile has to be sorted by; `None` where it has nothing of the kind.
pub(super) fn sort_key(profile: &ProfileAnswer, sort: &Sort) -> Option<Value> {
    let moment = |at: Option<Moment>| at.map(|at| Value::from(at.0));
    match &sort.by {
        SortBy::Name => profile.profile.name().map(Value::from),
        SortBy::Seen => moment(profile.last_event.or(profile.profile.last_modified_at)),
        SortBy::First => moment(profile.first_seen),
        SortBy::Identities => Some(profile.identities.len().into()),
        SortBy::Events => Some(profile.event_count.into()),
        SortBy::Fragments => Some(profile.fragments.into()),
        SortBy::Attribute(pattern) => profile
            .profile
            .leaves
            .iter()
            .find(|leaf| {
                let keys: Vec<&str> = leaf.path.0.iter().map(String::as_str).collect();
                pattern.ends(&keys)
            })
            .map(|leaf| leaf.value.clone()),
    }
}

/// Orders two keys; what a profile lacks comes last, whatever the direction.
pub(super) fn compare_keys(a: Option<&Value>, b: Option<&Value>, sort: &Sort) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if sort.is_descending => compare_values(b, a),
        (Some(a), Some(b)) => compare_values(a, b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}
