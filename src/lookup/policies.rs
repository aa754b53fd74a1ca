//! Which policies are there, and which one a name means.

use crate::merge;
use crate::model::MergePolicy;
use crate::store::{StoreError, View};

use super::LookupError;
use super::error::{Result, nearest};

/// Every policy, the default first, then by name.
pub fn policies(view: View<'_>) -> Result<Vec<MergePolicy>> {
    view.policies()?
        .iter()
        .map(|stored| {
            let mut policy = merge::read_policy(&stored.document).map_err(|error| {
                StoreError::Damaged(format!("policy `{}`: {error}", stored.name))
            })?;
            policy.is_default = stored.is_default;
            Ok(policy)
        })
        .collect()
}

/// The policy of this name or id, whatever its case; without one, the default.
pub fn policy_named(view: View<'_>, name: Option<&str>) -> Result<MergePolicy> {
    let policies = policies(view)?;
    let Some(name) = name else {
        return policies
            .into_iter()
            .find(|policy| policy.is_default)
            .ok_or_else(|| StoreError::Damaged("there is no default policy".into()).into());
    };
    let wanted = name.to_lowercase();
    let known: Vec<_> = policies.iter().map(|policy| policy.name.clone()).collect();
    policies
        .into_iter()
        .find(|policy| policy.name.to_lowercase() == wanted || policy.id == name)
        .ok_or_else(|| {
            let offer = match nearest(name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", known.join(", ")),
            };
            LookupError::Unknown(format!("there is no policy `{name}`; {offer}"))
        })
}
