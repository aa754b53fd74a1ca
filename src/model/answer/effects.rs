//! What batches did to the profiles of a store.

use serde::Serialize;

use crate::model::{Identity, Path, PolicyName};

/// What batches did, under a policy: the profiles just before them held against those just after.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Effects {
    /// The policy.
    pub policy: PolicyName,
    /// Profiles of now that had no profile among their identities.
    pub created: u64,
    /// Profiles of now that had been several.
    pub joined: u64,
    /// Profiles of before whose identities are in several now.
    pub split: u64,
    /// Profiles of before, neither joined nor split, that say something else now; `None` where that was not looked at.
    pub changed: Option<u64>,
    /// Profiles of before, neither joined nor split, with other identities than before.
    pub regrouped: u64,
    /// Profiles of before that were joined, split or say something else.
    pub altered: Option<u64>,
    /// Whether created, joined and split are counted; else they are estimated from an even sample.
    pub exact: bool,
    /// Profiles of before that the batches name, and of how many of them the fields were held against each other.
    pub concerned: u64,
    /// See `concerned`; fewer means that changed, fields and consents are estimated from an even sample.
    pub compared: u64,
    /// The fields that say something else, most profiles first.
    pub fields: Vec<FieldChange>,
    /// Consents that flipped.
    pub consents: ConsentFlips,
    /// Values that hold unusually many together now.
    pub hot: Vec<HotValue>,
    /// Some of the profiles, to open.
    pub examples: Vec<Example>,
}

impl Effects {
    /// Whether changed, fields and consents are estimated from an even sample.
    pub fn is_sampled(&self) -> bool {
        self.compared < self.concerned
    }
}

/// A field that says something else in some profiles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// Where it stands.
    pub path: Path,
    /// In how many profiles.
    pub profiles: u64,
    /// In how many of them it said nothing before.
    pub appeared: u64,
    /// In how many of them it says nothing any more.
    pub vanished: u64,
}

/// Consents that flipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentFlips {
    /// From anything else to no.
    pub to_no: u64,
    /// From anything else to yes.
    pub to_yes: u64,
    /// Some of them.
    pub examples: Vec<ConsentFlip>,
}

/// A consent that flipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentFlip {
    /// The canonical identity of the profile.
    pub entity_id: Identity,
    /// Which consent.
    pub path: Path,
    /// What it says now.
    pub val: String,
}

/// A value that holds unusually many together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HotValue {
    /// The identity.
    pub identity: Identity,
    /// How many identities records have linked it with, removed links included.
    pub links: u64,
    /// How many they were before.
    pub links_before: u64,
    /// The unique namespace of which it was linked with several values.
    pub namespace: Option<String>,
    /// How many values of it.
    pub values: u64,
}

/// A profile to open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Example {
    /// One of its identities: the canonical one, where it was folded.
    pub entity_id: Identity,
    /// What became of it.
    pub what: What,
}

/// What became of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum What {
    /// It is new.
    Created,
    /// It was several.
    Joined,
    /// It is several.
    Split,
    /// It says something else.
    Changed,
}

impl What {
    /// Its name on screens.
    pub fn name(self) -> &'static str {
        match self {
            What::Created => "created",
            What::Joined => "joined",
            What::Split => "split",
            What::Changed => "changed",
        }
    }
}
