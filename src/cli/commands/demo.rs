//! `onefold demo`: the bundled sample data in a store of its own.

use anyhow::Result;
use clap::Args;

use super::import;
use crate::cli::effects::EffectArgs;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::ingest::{ImportOptions, Known, Plan};
use crate::sample;

/// What `demo` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onefold demo
  onefold --store demo search ana")]
pub struct DemoArgs {
    /// Import the sample data and print the summary only
    #[arg(long)]
    pub check: bool,
}

/// Imports the sample data, unless it is in already and no summary is wanted.
pub fn run(args: &DemoArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let known = import::known(global)?;
    let plan = sample::plan(&known)?;
    if !args.check && is_in(&plan, &known) {
        return Ok(Exit::Done);
    }
    import::import(
        &plan,
        &ImportOptions::default(),
        &EffectArgs::default(),
        global,
        out,
    )
}

fn is_in(plan: &Plan, known: &Known) -> bool {
    plan.datasets
        .iter()
        .all(|dataset| known.datasets.contains_key(&dataset.name))
}
