//! Arguments of the commands for the rules: policy, namespace, settings, resolve, simulate.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::words::{DatasetName, dataset_name, word};
use crate::model::{Arrays, Clock, Grain, Identity, NamespaceKind, Stitching};

/// What `policy` takes.
#[derive(Args, Clone, Debug)]
pub struct PolicyArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: PolicyAction,
}

/// What can be done with policies.
#[derive(Clone, Debug, Subcommand)]
pub enum PolicyAction {
    /// List the policies
    List,
    /// Show a policy
    Show {
        /// Its name
        name: String,
    },
    /// Make a policy
    Create {
        /// Its name
        name: String,
        /// Its rules.
        #[command(flatten)]
        rules: PolicyRules,
    },
    /// Change a policy: what is named changes, the rest stays
    Edit {
        /// Its name
        name: String,
        /// A new name
        #[arg(long, value_name = "NAME")]
        rename: Option<String>,
        /// Its rules.
        #[command(flatten)]
        rules: PolicyRules,
    },
    /// Delete a policy
    Delete {
        /// Its name
        name: String,
    },
    /// Make a policy the default
    Default {
        /// Its name
        name: String,
    },
    /// Print policies as Adobe's JSON
    Export {
        /// Its name; all of them, where it is left out
        name: Option<String>,
    },
    /// Read policies from Adobe's JSON
    Import {
        /// The file, or - for standard input
        file: PathBuf,
        /// What a dataset's id in the file is called here; may be given again
        #[arg(long, value_name = "ID=NAME", value_parser = dataset_name)]
        map: Vec<DatasetName>,
    },
}

/// The rules of a policy that is made or changed.
#[derive(Args, Clone, Debug)]
pub struct PolicyRules {
    /// How fragments are ranked: timestampOrdered or dataSetPrecedence
    #[arg(long, value_name = "METHOD")]
    pub method: Option<String>,
    /// The datasets of a dataSetPrecedence, the highest first
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub order: Vec<String>,
    /// Which identities a profile is made of
    #[arg(long, value_name = "HOW", value_parser = word::<Stitching>(&["pdg", "none"]))]
    pub stitching: Option<Stitching>,
    /// How arrays join
    #[arg(long, value_name = "HOW", value_parser = word::<Arrays>(&["union", "replace", "concat"]))]
    pub arrays: Option<Arrays>,
    /// What a newer update lifts
    #[arg(long, value_name = "WHAT", value_parser = word::<Grain>(&["fragment", "field"]))]
    pub grain: Option<Grain>,
    /// Whose time counts
    #[arg(long, value_name = "WHOSE", value_parser = word::<Clock>(&["system", "customer"]))]
    pub clock: Option<Clock>,
    /// Whether an empty text counts as null
    #[arg(long, value_name = "true|false")]
    pub empty_as_null: Option<bool>,
    /// Whether fragments of different datasets stay apart without stitching
    #[arg(long, value_name = "true|false")]
    pub strict_none: Option<bool>,
}

/// What `namespace` takes.
#[derive(Args, Clone, Debug)]
pub struct NamespaceArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: NamespaceAction,
}

/// What can be done with namespaces.
#[derive(Clone, Debug, Subcommand)]
pub enum NamespaceAction {
    /// List the namespaces by priority
    List,
    /// Change a namespace, or declare one
    Set {
        /// Its code, such as CRMID
        code: String,
        /// At most one value of it in a graph
        #[arg(long, value_name = "true|false")]
        unique: Option<bool>,
        /// Its place in the list of priorities, 1 is highest
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        priority: Option<u32>,
        /// What its values name, such as EMAIL or COOKIE
        #[arg(long = "type", value_name = "TYPE")]
        kind: Option<NamespaceKind>,
    },
}

/// What `settings` takes.
#[derive(Args, Clone, Debug)]
pub struct SettingsArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: SettingsAction,
}

/// What can be done with settings.
#[derive(Clone, Debug, Subcommand)]
pub enum SettingsAction {
    /// List the settings
    List,
    /// Change a setting
    Set {
        /// Its name, as `onefold settings list` prints it
        key: String,
        /// Its value; lists between commas
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
}

/// What `resolve` takes.
#[derive(Args, Clone, Debug)]
pub struct ResolveArgs {
    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// In which order to replay the records
    #[arg(long, value_name = "ORDER", value_enum, default_value_t)]
    pub order: ReplayOrder,
    /// Move events whose primary identity the present settings place elsewhere
    #[arg(long)]
    pub rekey: bool,
}

/// The order in which records are linked again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReplayOrder {
    /// As they were imported.
    #[default]
    Arrival,
    /// By their own times.
    EventTime,
}

/// What `simulate` takes.
#[derive(Args, Clone, Debug)]
pub struct SimulateArgs {
    /// A file of events, one a line: `CRMID: Tom, ECID: 111`; standard input, where it is - or left out
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// A file of settings: [[namespace]] and [store] of a manifest
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Namespaces that are unique in a graph
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub unique: Vec<String>,
    /// Namespaces by priority, the highest first
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    pub priority: Vec<String>,
    /// No graph grows beyond so many identities
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_identities: Option<u32>,
    /// Namespaces that are never linked
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub block: Vec<String>,
    /// Check values as an import does, ECIDs too
    #[arg(long)]
    pub check_values: bool,
    /// Begin with the events that the store has of this identity's graph
    #[arg(long, value_name = "IDENTITY", allow_hyphen_values = true)]
    pub store_identity: Option<Identity>,
}
