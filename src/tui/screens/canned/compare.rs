//! One person, and everybody, under several policies.

use super::{id, policies, profile};
use crate::model::*;

/// The profile under a policy; the third one knows nobody.
pub(super) fn compare(chosen: &[String]) -> CompareAnswer {
    let all = policies();
    let name = |id: &String| {
        let policy = all.iter().find(|policy| policy.id == *id);
        PolicyName::from(policy.expect("a policy"))
    };
    let sides: Vec<_> = chosen
        .iter()
        .map(|own| ComparedSide {
            policy: name(own),
            profile: match own.as_str() {
                "loyalty-first" => Err(Box::new(Miss::OnlySecondary {
                    identity: id("CRMID:C-1001"),
                    policy: "Loyalty first".into(),
                    carried_by: vec![id("loyaltyId:88-3310")],
                })),
                _ => Ok(profile(name(own))),
            },
        })
        .collect();
    let paths = "person.name.firstName personalEmail.address loyalty.points nickname";
    let fields = paths
        .split(' ')
        .map(|path| field(&path.parse().expect("every text is a path"), &sides))
        .collect();
    CompareAnswer {
        requested: id("CRMID:C-1001"),
        sides,
        fields,
    }
}

fn field(path: &Path, sides: &[ComparedSide]) -> ComparedField {
    let values: Vec<_> = sides
        .iter()
        .map(|side| {
            let leaf = side.profile.as_ref().ok()?.profile.leaf(path)?;
            Some(Said {
                value: leaf.value.clone(),
                dataset: Some(leaf.winner.dataset.clone()),
            })
        })
        .collect();
    let first = values.first().cloned().flatten().map(|said| said.value);
    ComparedField {
        path: path.clone(),
        differs: values
            .iter()
            .any(|said| said.as_ref().map(|said| &said.value) != first.as_ref()),
        values,
    }
}

/// Everybody under two policies, to the second of which nicknames come from elsewhere.
pub(super) fn population(policies: &[String; 2]) -> PopulationAnswer {
    let name = |id: &String| PolicyName {
        id: id.clone(),
        name: id.clone(),
    };
    PopulationAnswer {
        policies: policies.each_ref().map(name),
        profiles: [1_204_318, 1_204_318],
        changed: 88_000,
        fields: vec![("nickname".parse().expect("a path"), 31_204)],
        ..PopulationAnswer::default()
    }
}
