//! `onefold show`: a folded profile, and why each of its values is what it is.

use anyhow::Result;
use clap::Args;

use super::dataset;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::profile;
use crate::lookup::{self, Fields};
use crate::model::{Identity, MergePolicy, ProfileView, Reasons};
use crate::store::View;

/// What `show` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onefold show Email:ana@example.com
  onefold show CRMID:C-1 --explain --fields person.name,tier
  onefold show CRMID:C-1 --policy \"CRM first\" --as-of 2024-03-01 --json")]
pub struct ShowArgs {
    /// Any identity of the profile, such as Email:ana@example.com
    #[arg(allow_hyphen_values = true)]
    identity: Identity,
    /// Say of each value why it won, what lost, and what it was before
    #[arg(long)]
    explain: bool,
    /// These fields alone; the last parts of a path are enough
    #[arg(long, value_name = "a,b.c", value_delimiter = ',')]
    fields: Vec<String>,
    /// What this dataset alone says
    #[arg(long, value_name = "NAME")]
    dataset: Option<String>,
}

/// Folds the profile and prints it.
pub fn run(args: &ShowArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let (found, files) = global.ask(out, |view| {
        let policy = policy(args, global, view)?;
        let found = lookup::profile(view, &args.identity, &policy, global.moment())?;
        Ok((found, view.catalog()?.files()))
    })?;
    let mut answer = match found {
        Ok(answer) => out.mask.apply(answer),
        Err(miss) => return out.miss(&miss),
    };
    let fields = Fields::of(&args.fields);
    for field in fields.missing(&answer) {
        out.note(&format!("the profile has no field `{field}`"));
    }
    fields.keep(&mut answer);
    let reasons = if args.explain {
        Reasons::Shown
    } else {
        Reasons::Hidden
    };
    out.answer(&ProfileView::of(&answer, reasons, &files), |look| {
        profile::text(&answer, reasons, &files, look)
    })?;
    Ok(Exit::Done)
}

/// The policy; with `--dataset`, one that sees nothing else.
fn policy(args: &ShowArgs, global: &Global, view: View<'_>) -> Result<MergePolicy> {
    let policy = global.policy(view)?;
    let Some(name) = &args.dataset else {
        return Ok(policy);
    };
    let dataset = dataset::named(view, name)?;
    Ok(MergePolicy {
        name: format!("{}, dataset {} alone", policy.name, dataset.name),
        method: "dataSetPrecedence".into(),
        order: vec![dataset.name],
        ..policy
    })
}
