//! One profile under several policies.

use super::error::Result;
use super::profile::profile_of;
use super::subject::subject;
use crate::merge;
use crate::model::{
    CompareAnswer, ComparedSide, Found, Identity, MergePolicy, Moment, PolicyName, Profile,
};
use crate::store::View;

/// Folds an identity's profile under each policy, and lays the values side by side.
pub fn compare(
    view: View<'_>,
    identity: &Identity,
    policies: &[MergePolicy],
    as_of: Moment,
) -> Result<Found<CompareAnswer>> {
    let subject = match subject(view, identity, as_of)? {
        Ok(subject) => subject,
        Err(miss) => return Ok(Err(miss)),
    };
    let sides = policies
        .iter()
        .map(|policy| {
            Ok(ComparedSide {
                policy: PolicyName::from(policy),
                profile: profile_of(view, &subject, policy)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let profiles: Vec<Option<&Profile>> = sides
        .iter()
        .map(|side| side.profile.as_ref().ok().map(|answer| &answer.profile))
        .collect();
    let fields = merge::compare(&profiles);
    Ok(Ok(CompareAnswer {
        requested: subject.requested,
        sides,
        fields,
    }))
}
