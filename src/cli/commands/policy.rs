//! `onefold policy`: the rules by which fragments become one profile.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::policy_change::{self, Change, Written};
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::{Form, Output};
use crate::cli::print::policy::{PoliciesView, list, text};
use crate::lookup::{self, LookupError};
use crate::merge::adobe;
use crate::model::MergePolicy;
use crate::store::View;

/// What `policy` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onefold policy list
  onefold policy create 'CRM first' --order crm,loyalty
  onefold policy export > policies.json
  onefold policy import policies.json --map 5d0c1=crm")]
pub struct PolicyArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the policies, the default first
    List,
    /// Show a policy
    Show {
        /// Its name or id
        name: String,
        /// An earlier version of it
        #[arg(long, value_name = "N")]
        version: Option<u32>,
    },
    /// Make a policy
    Create {
        /// Its name
        name: String,
        #[command(flatten)]
        words: Written,
        /// Make it the default
        #[arg(long)]
        default: bool,
    },
    /// Change a policy; what is not named stays
    Edit {
        /// Its name or id
        name: String,
        /// Its new name
        #[arg(long, value_name = "NAME")]
        rename: Option<String>,
        #[command(flatten)]
        words: Written,
    },
    /// Delete a policy that is not the default
    Delete {
        /// Its name or id
        name: String,
    },
    /// Make a policy the default
    Default {
        /// Its name or id
        name: String,
    },
    /// Print policies in Adobe's JSON
    Export {
        /// Their names or ids; without any, all of them
        names: Vec<String>,
    },
    /// Read policies in Adobe's JSON; one of a known id becomes its next version
    Import {
        /// The file; - is standard input
        file: PathBuf,
        /// The name of the dataset that another system knows by this id
        #[arg(long, value_name = "ID=NAME", value_parser = mapped)]
        map: Vec<(String, String)>,
    },
}

fn mapped(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((id, name)) if !id.is_empty() && !name.is_empty() => {
            Ok((id.to_owned(), name.to_owned()))
        }
        _ => Err(format!("`{text}` is no pair; write ID=NAME")),
    }
}

/// Does what was asked with policies.
pub fn run(args: &PolicyArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let change = match &args.action {
        Action::List => return print_list(global, out),
        Action::Show { name, version } => return show(name, *version, global, out),
        Action::Export { names } => return export(names, global, out),
        Action::Create {
            name,
            words,
            default,
        } => Change::Create(words.words(name, *default)),
        Action::Edit {
            name,
            rename,
            words,
        } => Change::Edit {
            name,
            rename: rename.as_deref(),
            words,
        },
        Action::Delete { name } => Change::Delete(name),
        Action::Default { name } => Change::Default(name),
        Action::Import { file, map } => Change::Import { file, map },
    };
    policy_change::make(&change, global, out)
}

/// The policy that a command is about, or an error that says that it is not there.
pub fn subject(view: View<'_>, name: &str) -> Result<MergePolicy> {
    lookup::policy_named(view, Some(name)).map_err(|error| match error {
        LookupError::Unknown(sentence) => CliError::Nothing(sentence).into(),
        other => other.into(),
    })
}

fn print_list(global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let policies = global.ask(out, |view| Ok(lookup::policies(view)?))?;
    let view = PoliciesView::of(&policies);
    out.list(&view, &view.policies, |look| list(&policies, look))?;
    Ok(Exit::Done)
}

fn show(name: &str, version: Option<u32>, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let policy = global.ask(out, |view| {
        let policy = subject(view, name)?;
        let Some(version) = version else {
            return Ok(policy);
        };
        view.policy_version(&policy.id, version)?.ok_or_else(|| {
            CliError::nothing(format!(
                "policy `{}` has no version {version}; its newest is {}",
                policy.name, policy.version
            ))
            .into()
        })
    })?;
    out.answer(&adobe::write(&policy), |look| text(&policy, look))?;
    Ok(Exit::Done)
}

/// One policy as an object, several as a page; both can be imported again.
fn export(names: &[String], global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let policies = global.ask(out, |view| match names {
        [] => Ok(lookup::policies(view)?),
        names => names.iter().map(|name| subject(view, name)).collect(),
    })?;
    if out.form == Form::Text {
        out.form = Form::Json;
    }
    let mut written: Vec<Value> = policies.iter().map(adobe::write).collect();
    match (names.len(), written.pop()) {
        (1, Some(policy)) => out.json(&policy)?,
        (_, last) => {
            written.extend(last);
            out.json(&json!({ "children": written }))?;
        }
    }
    Ok(Exit::Done)
}
