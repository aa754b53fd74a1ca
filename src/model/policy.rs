//! A merge policy: the rules by which fragments become one profile.

use serde::{Deserialize, Serialize};

/// Which identities a profile is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stitching {
    /// The asked identity alone.
    None,
    /// Its whole graph.
    #[default]
    Pdg,
}

/// How arrays of several fragments become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Arrays {
    /// Joined in rank order, exact duplicates dropped.
    #[default]
    Union,
    /// The highest fragment's non-empty array, whole.
    Replace,
    /// Joined in rank order, duplicates kept.
    Concat,
}

/// What a newer update lifts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grain {
    /// The whole fragment.
    #[default]
    Fragment,
    /// The leaf whose value changed.
    Field,
}

/// Whose time counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// The moment of ingestion.
    #[default]
    System,
    /// The record's own time where it has one.
    Customer,
}

/// The options that onefold adds to Adobe's policies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyOptions {
    /// How arrays join.
    pub arrays: Arrays,
    /// What a newer update lifts.
    pub grain: Grain,
    /// Whose time counts.
    pub clock: Clock,
    /// An empty text counts as null.
    pub empty_as_null: bool,
    /// Without stitching, fragments of different datasets stay apart.
    pub strict_none: bool,
}

/// A merge policy; its serialised form is how a store keeps it, Adobe's JSON is `merge::adobe`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergePolicy {
    /// Its id, unique in the store.
    pub id: String,
    /// Its name, unique without regard to case.
    pub name: String,
    /// The schema that it was made for, as Adobe writes it.
    pub schema: String,
    /// Goes up with each edit.
    pub version: u32,
    /// Which identities a profile is made of.
    pub stitching: Stitching,
    /// How fragments are ranked: the name of one of the merge methods.
    pub method: String,
    /// The datasets of a `dataSetPrecedence`, first is highest; empty for methods that take none.
    pub order: Vec<String>,
    /// Kept for Adobe.
    pub is_active_on_edge: bool,
    /// Exactly one policy of a store is the default.
    pub is_default: bool,
    /// The moment of the last edit, in seconds since 1970.
    pub update_epoch: i64,
    /// The options.
    pub options: PolicyOptions,
}

impl MergePolicy {
    /// The policy that a new store begins with.
    pub fn latest_wins() -> MergePolicy {
        MergePolicy {
            id: "latest-wins".into(),
            name: "Latest wins".into(),
            schema: "_xdm.context.profile".into(),
            version: 1,
            stitching: Stitching::Pdg,
            method: "timestampOrdered".into(),
            order: Vec::new(),
            is_active_on_edge: false,
            is_default: true,
            update_epoch: 0,
            options: PolicyOptions::default(),
        }
    }

    /// Whether the policy sees this dataset, records and events alike.
    pub fn sees(&self, dataset: &str) -> bool {
        self.order.is_empty() || self.order.iter().any(|name| name == dataset)
    }
}

/// A policy's id and name, as answers carry them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PolicyName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl From<&MergePolicy> for PolicyName {
    fn from(policy: &MergePolicy) -> PolicyName {
        PolicyName {
            id: policy.id.clone(),
            name: policy.name.clone(),
        }
    }
}
