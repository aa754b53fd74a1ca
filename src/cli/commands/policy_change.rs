//! Changes to merge policies: each is checked against the store before it is kept.

use std::path::Path;

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::policy::subject;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::input;
use crate::cli::output::Output;
use crate::cli::print::policy::{PoliciesView, list, text};
use crate::lookup;
use crate::merge::{self, PolicyDraft, PolicyWords, adobe};
use crate::model::display::printable;
use crate::model::{Dataset, MergePolicy, Moment};
use crate::store::Writer;

/// The rules of a policy as options.
#[derive(Debug, Args)]
pub struct Written {
    /// How fragments are ranked: timestampOrdered or dataSetPrecedence
    #[arg(long)]
    method: Option<String>,
    /// The datasets that count, first is highest; it implies dataSetPrecedence
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    order: Vec<String>,
    /// Which identities a profile is made of: pdg or none
    #[arg(long)]
    stitching: Option<String>,
    /// How arrays join: union, replace or concat
    #[arg(long)]
    arrays: Option<String>,
    /// What a newer update lifts: fragment or field
    #[arg(long)]
    grain: Option<String>,
    /// Whose time counts: system or customer
    #[arg(long)]
    clock: Option<String>,
    /// An empty text counts as null
    #[arg(long, value_name = "true|false", action = clap::ArgAction::Set)]
    empty_as_null: Option<bool>,
    /// Without stitching, fragments of different datasets stay apart
    #[arg(long, value_name = "true|false", action = clap::ArgAction::Set)]
    strict_none: Option<bool>,
}

impl Written {
    /// The words of a new policy.
    pub fn words(&self, name: &str, default: bool) -> PolicyWords {
        let before = PolicyWords {
            name: name.to_owned(),
            default,
            ..PolicyWords::default()
        };
        self.over(before)
    }

    /// These words over those of before.
    fn over(&self, before: PolicyWords) -> PolicyWords {
        let implied = (!self.order.is_empty()).then(|| "dataSetPrecedence".to_owned());
        let method = self.method.clone().or(implied);
        let order = match (&method, self.order.is_empty()) {
            (Some(method), true) if !takes_order(method) => Vec::new(),
            (_, true) => before.order,
            (_, false) => self
                .order
                .iter()
                .map(|name| name.trim().to_owned())
                .collect(),
        };
        PolicyWords {
            method: method.or(before.method),
            order,
            stitching: self.stitching.clone().or(before.stitching),
            arrays: self.arrays.clone().or(before.arrays),
            grain: self.grain.clone().or(before.grain),
            clock: self.clock.clone().or(before.clock),
            empty_as_null: self.empty_as_null.unwrap_or(before.empty_as_null),
            strict_none: self.strict_none.unwrap_or(before.strict_none),
            ..before
        }
    }
}

fn takes_order(method: &str) -> bool {
    merge::METHODS
        .iter()
        .find(|known| known.name().eq_ignore_ascii_case(method))
        .is_none_or(|known| known.takes_order())
}

/// A change to policies.
pub enum Change<'a> {
    /// A new one.
    Create(PolicyWords),
    /// Other rules for a known one.
    Edit {
        /// Its name or id.
        name: &'a str,
        /// Its new name.
        rename: Option<&'a str>,
        /// The rules that change.
        words: &'a Written,
    },
    /// It goes.
    Delete(&'a str),
    /// It becomes the default.
    Default(&'a str),
    /// Those of a file.
    Import {
        /// The file; `-` is standard input.
        file: &'a Path,
        /// The names of datasets by foreign ids.
        map: &'a [(String, String)],
    },
}

/// Makes a change and prints the policies that it touched.
pub fn make(change: &Change<'_>, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let drafts = match change {
        Change::Import { file, map } => adobe::read(&input::text(file)?, map)?,
        Change::Create(words) => vec![words.clone().draft()?],
        _ => Vec::new(),
    };
    let writer = Writer::open(&global.store, "policy")?;
    let desk = Desk::of(&writer, global.calendar.now)?;
    let touched = match change {
        Change::Create(_) | Change::Import { .. } => desk.add(drafts)?,
        Change::Edit {
            name,
            rename,
            words,
        } => vec![desk.edit(&subject(writer.view(), name)?, *rename, words)?],
        Change::Default(name) => vec![desk.make_default(name)?],
        Change::Delete(name) => {
            let gone = desk.delete(name)?;
            writer.commit()?;
            return deleted(&gone, out);
        }
    };
    writer.commit()?;
    match touched.as_slice() {
        [policy] => out.answer(&adobe::write(policy), |look| text(policy, look))?,
        policies => out.answer(&PoliciesView::of(policies), |look| list(policies, look))?,
    }
    Ok(Exit::Done)
}

fn deleted(gone: &MergePolicy, out: &mut Output<'_>) -> Result<Exit> {
    out.answer(&json!({ "deleted": gone.name }), |_| {
        format!("policy `{}` is deleted\n", printable(&gone.name))
    })?;
    Ok(Exit::Done)
}

/// What changes are checked against and written to.
struct Desk<'a> {
    writer: &'a Writer,
    datasets: Vec<Dataset>,
    now: Moment,
}

impl<'a> Desk<'a> {
    fn of(writer: &'a Writer, now: Moment) -> Result<Desk<'a>> {
        let catalog = writer.view().catalog()?;
        Ok(Desk {
            writer,
            datasets: catalog.datasets().into_iter().cloned().collect(),
            now,
        })
    }

    fn add(&self, drafts: Vec<PolicyDraft>) -> Result<Vec<MergePolicy>> {
        let view = self.writer.view();
        let add = |draft: PolicyDraft| {
            let new_id = view.new_policy_id(&draft.policy.name)?;
            self.keep(draft.assign(|| new_id, self.now.0 / 1000))
        };
        drafts.into_iter().map(add).collect()
    }

    fn edit(
        &self,
        before: &MergePolicy,
        rename: Option<&str>,
        words: &Written,
    ) -> Result<MergePolicy> {
        let draft = words.over(words_of(before, rename)).draft()?;
        self.keep(MergePolicy {
            id: before.id.clone(),
            schema: before.schema.clone(),
            is_active_on_edge: before.is_active_on_edge,
            is_default: before.is_default,
            ..draft.policy
        })
    }

    fn make_default(&self, name: &str) -> Result<MergePolicy> {
        let policy = subject(self.writer.view(), name)?;
        self.writer.set_default_policy(&policy.id)?;
        Ok(MergePolicy {
            is_default: true,
            ..policy
        })
    }

    fn delete(&self, name: &str) -> Result<MergePolicy> {
        let policy = subject(self.writer.view(), name)?;
        self.writer.delete_policy(&policy.id)?;
        Ok(policy)
    }

    /// Keeps a policy that fits the store.
    fn keep(&self, mut policy: MergePolicy) -> Result<MergePolicy> {
        merge::name_datasets(&mut policy, &self.datasets);
        merge::validate(
            &policy,
            &self.datasets,
            &lookup::policies(self.writer.view())?,
        )?;
        Ok(self.writer.save_policy(&policy, self.now)?)
    }
}

/// A policy in the words that it would be written in.
fn words_of(policy: &MergePolicy, rename: Option<&str>) -> PolicyWords {
    let options = &policy.options;
    PolicyWords {
        name: rename.unwrap_or(&policy.name).to_owned(),
        method: Some(policy.method.clone()),
        order: policy.order.clone(),
        stitching: word(policy.stitching),
        arrays: word(options.arrays),
        grain: word(options.grain),
        clock: word(options.clock),
        empty_as_null: options.empty_as_null,
        strict_none: options.strict_none,
        default: policy.is_default,
    }
}

/// The word that a choice is written as.
fn word(choice: impl Serialize) -> Option<String> {
    let written = serde_json::to_value(choice).ok()?;
    written.as_str().map(str::to_owned)
}
