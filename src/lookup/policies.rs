//! Which policies are there, and which one a name means.

use crate::merge;
use crate::model::{MergePolicy, Moment};
use crate::store::{StoreError, StoredPolicy, View, Writer};

use super::LookupError;
use super::error::{Result, nearest};

/// Every policy, the default first, then by name.
pub fn policies(view: View<'_>) -> Result<Vec<MergePolicy>> {
    view.policies()?
        .iter()
        .map(|stored| {
            let draft = merge::adobe::read(&stored.document, &[])
                .ok()
                .and_then(|mut drafts| drafts.pop())
                .ok_or_else(|| StoreError::Damaged(format!("policy `{}`", stored.name)))?;
            Ok(MergePolicy {
                is_default: stored.is_default,
                ..draft.assign(|| stored.id.clone(), 0)
            })
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

/// Keeps a new policy, or the next version of the one that has its id.
pub fn save_policy(writer: &Writer, policy: &MergePolicy, now: Moment) -> Result<MergePolicy> {
    let view = writer.view();
    let others = policies(view)?;
    let datasets: Vec<_> = view.catalog()?.datasets().into_iter().cloned().collect();
    let mut policy = policy.clone();
    merge::name_datasets(&mut policy, &datasets);
    merge::validate(&policy, &datasets, &others)
        .map_err(|error| LookupError::Unknown(error.to_string()))?;
    if let Some(before) = others.iter().find(|other| other.id == policy.id) {
        policy.version = before.version + 1;
        policy.is_default |= before.is_default;
    }
    policy.update_epoch = now.0 / 1000;
    keep(writer, &policy)?;
    Ok(policy)
}

/// Gives a new store its first policy.
pub fn keep_first_policy(writer: &Writer, now: Moment) -> Result<()> {
    let mut policy = MergePolicy::latest_wins();
    policy.update_epoch = now.0 / 1000;
    keep(writer, &policy)
}

fn keep(writer: &Writer, policy: &MergePolicy) -> Result<()> {
    Ok(writer.save_policy(&StoredPolicy {
        id: policy.id.clone(),
        name: policy.name.clone(),
        is_default: policy.is_default,
        version: policy.version,
        document: merge::adobe::write(policy).to_string(),
    })?)
}

/// An id for a new policy: its name in small letters, and a number where that is taken.
pub fn new_policy_id(name: &str, policies: &[MergePolicy]) -> String {
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    let plain = plain.trim_matches('-').to_owned();
    let is_taken = |id: &str| policies.iter().any(|policy| policy.id == id);
    let mut id = plain.clone();
    let mut n = 1;
    while is_taken(&id) {
        n += 1;
        id = format!("{plain}-{n}");
    }
    id
}
