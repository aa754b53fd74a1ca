//! One profile under several policies, path by path.

use std::collections::HashMap;

use crate::model::value::agree;
use crate::model::{ComparedField, Leaf, Path, Profile, Said};

/// Every path that one of the profiles has, in the order of the first that has it; `None` is a policy without a profile.
pub fn compare(profiles: &[Option<&Profile>]) -> Vec<ComparedField> {
    let mut places: HashMap<&Path, usize> = HashMap::new();
    let mut fields: Vec<ComparedField> = Vec::new();
    for (side, profile) in profiles.iter().enumerate() {
        for leaf in profile.iter().flat_map(|profile| &profile.leaves) {
            let place = *places.entry(&leaf.path).or_insert_with(|| {
                fields.push(unsaid(leaf, profiles.len()));
                fields.len() - 1
            });
            let field = fields.get_mut(place);
            if let Some(value) = field.and_then(|field| field.values.get_mut(side)) {
                *value = Some(said(leaf));
            }
        }
    }
    for field in &mut fields {
        field.differs = (1..field.values.len()).any(|side| !same_as_first(field, side));
    }
    fields
}

/// Whether a side of a field says what the first one says; to say nothing is to say something else.
pub fn same_as_first(field: &ComparedField, side: usize) -> bool {
    let value = |side: usize| field.values.get(side).and_then(Option::as_ref);
    match (value(0), value(side)) {
        (Some(first), Some(other)) => agree(&first.value, &other.value),
        (None, None) => true,
        _ => false,
    }
}

fn unsaid(leaf: &Leaf, sides: usize) -> ComparedField {
    ComparedField {
        path: leaf.path.clone(),
        values: vec![None; sides],
        differs: false,
    }
}

fn said(leaf: &Leaf) -> Said {
    Said {
        value: leaf.value.clone(),
        dataset: Some(leaf.winner.dataset.clone()),
    }
}
