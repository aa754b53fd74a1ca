//! Everybody under two policies.

use crate::model::{Identity, Path, PolicyName};

/// What becomes of everybody where one policy takes the place of another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PopulationAnswer {
    /// The policies, the baseline first.
    pub policies: [PolicyName; 2],
    /// How many profiles each makes.
    pub profiles: [u64; 2],
    /// Profiles of which the two say something else at some path.
    pub changed: u64,
    /// Profiles of the first that are several under the second.
    pub split: u64,
    /// Profiles of the second that are several under the first.
    pub joined: u64,
    /// Profiles that one makes of somebody of whom the other makes none.
    pub only_in: [u64; 2],
    /// The paths at which profiles differ, with how many do; the most first.
    pub fields: Vec<(Path, u64)>,
    /// Some that changed, those that differ most.
    pub examples: Vec<ChangedProfile>,
}

/// A profile that is another under another policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedProfile {
    /// The identity that names it.
    pub entity_id: Identity,
    /// Where the policies differ.
    pub paths: Vec<Path>,
}
