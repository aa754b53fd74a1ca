//! The settings under which records link.

use serde::{Deserialize, Serialize};

use super::Namespace;

/// Everything that decides how identities link, apart from the records themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSettings {
    /// The namespaces, in any order.
    pub namespaces: Vec<Namespace>,
    /// The store's own settings.
    pub store: StoreSettings,
}

/// The settings of a store as `onefold settings` and `[store]` of a manifest name them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, by the name that `settings` shows"
)]
pub struct StoreSettings {
    /// No graph grows beyond this many identities; `None` is no limit.
    pub max_identities: Option<u32>,
    /// Namespaces whose identities are never linked, by code.
    pub block: Vec<String>,
    /// Values that are no identity, compared after trimming and without regard to case.
    pub block_values: Vec<String>,
    /// Values over 1,024 characters reject their record.
    pub check_length: bool,
    /// An `ECID` that is not exactly 38 digits rejects its record.
    pub check_ecid: bool,
    /// Empty and blocked values are dropped.
    pub check_values: bool,
    /// New datasets keep every version of a fragment.
    pub keep_versions: bool,
}

impl Default for StoreSettings {
    fn default() -> StoreSettings {
        StoreSettings {
            max_identities: None,
            block: Vec::new(),
            block_values: ["null", "anonymous", "invalid"].map(String::from).to_vec(),
            check_length: true,
            check_ecid: false,
            check_values: true,
            keep_versions: true,
        }
    }
}
