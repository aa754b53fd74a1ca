//! `onefold.toml`: settings, namespaces, datasets and merge policies of a folder.

mod dataset;
#[cfg(test)]
mod tests;
mod write;

pub use dataset::{DatasetDeclaration, parse_mapping};
pub use write::mapping_text;

use crate::config::{ConfigError, Document, Section};
use crate::model::{NamespaceKind, StoreSettings};
use dataset::read_dataset;

/// The name of a folder's manifest.
pub const MANIFEST: &str = "onefold.toml";

/// What a manifest declares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// The settings that it names.
    pub store: Option<StoreChanges>,
    /// Its namespaces.
    pub namespaces: Vec<NamespaceDeclaration>,
    /// Its datasets.
    pub datasets: Vec<DatasetDeclaration>,
    /// Its merge policies.
    pub policies: Vec<PolicyDeclaration>,
}

/// The store's settings that a manifest names; the others stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreChanges {
    /// The cap of a graph; 0 takes it away.
    pub max_identities: Option<u32>,
    /// Blocked namespaces.
    pub block: Option<Vec<String>>,
    /// Blocked values.
    pub block_values: Option<Vec<String>>,
    /// Whether long values reject their record.
    pub check_length: Option<bool>,
    /// Whether a malformed `ECID` rejects its record.
    pub check_ecid: Option<bool>,
    /// Whether blank and blocked values are dropped.
    pub check_values: Option<bool>,
    /// Whether new datasets keep every version.
    pub keep_versions: Option<bool>,
}

impl StoreChanges {
    /// Puts what is named into the settings.
    pub fn apply(&self, settings: &mut StoreSettings) {
        fn set<T: Clone>(setting: &mut T, change: Option<&T>) {
            if let Some(value) = change {
                setting.clone_from(value);
            }
        }
        if let Some(cap) = self.max_identities {
            settings.max_identities = (cap > 0).then_some(cap);
        }
        set(&mut settings.block, self.block.as_ref());
        set(&mut settings.block_values, self.block_values.as_ref());
        set(&mut settings.check_length, self.check_length.as_ref());
        set(&mut settings.check_ecid, self.check_ecid.as_ref());
        set(&mut settings.check_values, self.check_values.as_ref());
        set(&mut settings.keep_versions, self.keep_versions.as_ref());
    }
}

/// A namespace with the settings that a manifest names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceDeclaration {
    /// Its code.
    pub code: String,
    /// What its values name.
    pub kind: Option<NamespaceKind>,
    /// Whether a graph has at most one value of it.
    pub unique: Option<bool>,
    /// Its place in the list of priorities, from 1.
    pub priority: Option<u32>,
}

/// A merge policy in the words of a manifest; what they mean is checked where policies are made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyDeclaration {
    /// Its name.
    pub name: String,
    /// Its id, where one is given.
    pub id: Option<String>,
    /// How fragments are ranked.
    pub method: Option<String>,
    /// The datasets, first is highest.
    pub order: Option<Vec<String>>,
    /// Which identities a profile is made of.
    pub stitching: Option<String>,
    /// How arrays join.
    pub arrays: Option<String>,
    /// What a newer update lifts.
    pub grain: Option<String>,
    /// Whose time counts.
    pub clock: Option<String>,
    /// Whether an empty text counts as null.
    pub empty_as_null: Option<bool>,
    /// Whether, without stitching, fragments of different datasets stay apart.
    pub strict_none: Option<bool>,
    /// Whether it becomes the default.
    pub is_default: Option<bool>,
}

impl Manifest {
    /// Reads the text of a manifest; `file` names it in complaints, `known` are the namespaces of the store.
    pub fn parse(file: &str, text: &str, known: &[String]) -> Result<Manifest, ConfigError> {
        let document = Document::parse(file, text)?;
        let root = document.root();
        root.expect_keys(&["store", "namespace", "dataset", "policy"])?;
        let namespaces = each(&root, "namespace", read_namespace)?;
        let mut codes: Vec<String> = namespaces.iter().map(|n| n.code.clone()).collect();
        codes.extend_from_slice(known);
        Ok(Manifest {
            store: root.section("store")?.map(|s| read_store(&s)).transpose()?,
            datasets: each(&root, "dataset", |section| {
                let name = section.required("name")?;
                let dataset = read_dataset(section, &codes)?;
                Ok(DatasetDeclaration {
                    name: Some(name),
                    ..dataset
                })
            })?,
            policies: each(&root, "policy", read_policy)?,
            namespaces,
        })
    }
}

fn each<T>(
    root: &Section<'_>,
    key: &str,
    read: impl Fn(&Section<'_>) -> Result<T, ConfigError>,
) -> Result<Vec<T>, ConfigError> {
    root.sections(key)?.iter().map(read).collect()
}

fn read_store(section: &Section<'_>) -> Result<StoreChanges, ConfigError> {
    section.expect_keys(&[
        "max_identities",
        "block",
        "block_values",
        "check_length",
        "check_ecid",
        "check_values",
        "keep_versions",
    ])?;
    Ok(StoreChanges {
        max_identities: section.count("max_identities")?,
        block: section.texts("block")?,
        block_values: section.texts("block_values")?,
        check_length: section.switch("check_length")?,
        check_ecid: section.switch("check_ecid")?,
        check_values: section.switch("check_values")?,
        keep_versions: section.switch("keep_versions")?,
    })
}

fn read_namespace(section: &Section<'_>) -> Result<NamespaceDeclaration, ConfigError> {
    section.expect_keys(&["code", "type", "unique", "priority"])?;
    let priority = section.count("priority")?;
    if priority == Some(0) {
        return Err(section.error("priority", "`priority` begins at 1, which is the highest"));
    }
    let code = section.required("code")?;
    if code.trim().is_empty() || code.contains(':') {
        return Err(section.error("code", "`code` must be a word without a colon"));
    }
    Ok(NamespaceDeclaration {
        code,
        kind: section.named("type")?,
        unique: section.switch("unique")?,
        priority,
    })
}

fn read_policy(section: &Section<'_>) -> Result<PolicyDeclaration, ConfigError> {
    section.expect_keys(&[
        "name",
        "id",
        "method",
        "order",
        "stitching",
        "arrays",
        "grain",
        "clock",
        "empty_as_null",
        "strict_none",
        "default",
    ])?;
    Ok(PolicyDeclaration {
        name: section.required("name")?,
        id: section.text("id")?,
        method: section.text("method")?,
        order: section.texts("order")?,
        stitching: section.text("stitching")?,
        arrays: section.text("arrays")?,
        grain: section.text("grain")?,
        clock: section.text("clock")?,
        empty_as_null: section.switch("empty_as_null")?,
        strict_none: section.switch("strict_none")?,
        is_default: section.switch("default")?,
    })
}
