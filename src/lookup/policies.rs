//! Which policies are there, and which one a name means.

use super::LookupError;
use super::error::{Result, nearest};
use crate::model::MergePolicy;
use crate::store::{StoreError, View};

/// Every policy, the default first, then by name.
pub fn policies(view: View<'_>) -> Result<Vec<MergePolicy>> {
    Ok(view.policies()?)
}

/// The policy of this name or id, whatever its case; without one, the default.
pub fn policy_named(view: View<'_>, name: Option<&str>) -> Result<MergePolicy> {
    let policies = view.policies()?;
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
