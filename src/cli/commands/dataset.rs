//! `onefold dataset`: the sources of a store.

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::cli::confirm::Confirm;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::sources_list::{DatasetView, DatasetsView, dataset, datasets};
use crate::config::alternatives;
use crate::ingest;
use crate::lookup;
use crate::model::Dataset;
use crate::store::View;

/// What `dataset` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  onefold dataset list\n  onefold dataset show crm --json\n  onefold dataset delete crm --dry-run"
)]
pub struct DatasetArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the datasets with their totals
    List,
    /// Show a dataset and its batches
    Show {
        /// The dataset
        name: String,
    },
    /// Delete a dataset, as if it had never been imported
    Delete {
        /// The dataset
        name: String,
        #[command(flatten)]
        confirm: Confirm,
    },
}

/// Lists, shows or deletes datasets.
pub fn run(args: &DatasetArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    match &args.action {
        Action::List => list(global, out),
        Action::Show { name } => show(name, global, out),
        Action::Delete { name, confirm } => delete(name, confirm, global, out),
    }
}

/// The dataset of this name, or an error that names the nearest one.
pub fn named(view: View<'_>, name: &str) -> Result<Dataset, anyhow::Error> {
    let catalog = view.catalog()?;
    if let Some(dataset) = catalog.dataset_of(name) {
        return Ok(dataset.clone());
    }
    let known: Vec<&str> = catalog
        .datasets()
        .iter()
        .map(|dataset| dataset.name.as_str())
        .collect();
    Err(CliError::nothing(format!(
        "there is no dataset `{name}`; {}",
        alternatives(name, known.iter().copied())
    ))
    .into())
}

fn list(global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let totals = global.ask(out, |view| Ok(view.dataset_totals()?))?;
    let view = DatasetsView { datasets: &totals };
    out.list(&view, &totals, |look| datasets(&totals, look))?;
    if totals.is_empty() {
        out.note("there are no datasets yet; `onefold import PATH…` makes them");
    }
    Ok(Exit::Done)
}

fn show(name: &str, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let (totals, mut batches) = global.ask(out, |view| {
        named(view, name)?;
        Ok((view.dataset_totals()?, view.list_batches()?))
    })?;
    batches.retain(|batch| batch.dataset == name);
    if let Some(totals) = totals.iter().find(|totals| totals.name == name) {
        let view = DatasetView {
            dataset: totals,
            batches: &batches,
        };
        out.answer(&view, |look| dataset(totals, &batches, look))?;
    }
    Ok(Exit::Done)
}

fn delete(name: &str, confirm: &Confirm, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let policies = global.ask(out, |view| {
        named(view, name)?;
        Ok(lookup::policies(view)?)
    })?;
    let subject = format!("dataset {name}");
    let exit = confirm.carry_out(&subject, global, out, |writer| {
        let dataset = named(writer.view(), name)?;
        Ok(ingest::delete_dataset(writer, dataset.id)?)
    })?;
    for policy in policies
        .iter()
        .filter(|policy| exit == Exit::Done && policy.order.iter().any(|listed| listed == name))
    {
        out.note(&format!(
            "policy `{}` still lists {name} in its order",
            policy.name
        ));
    }
    Ok(exit)
}
