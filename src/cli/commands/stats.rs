//! `onefold stats`: the overview of a store.

use anyhow::Result;
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::stats::{StatsView, text};
use crate::lookup;

/// What `stats` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  onefold stats --policy 'CRM first' --json")]
pub struct StatsArgs {}

/// Counts everything and prints it.
pub fn run(_: &StatsArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let (policy, answer) = global.ask_index(out, |view, index| {
        let policy = global.policy(view)?;
        let answer = lookup::stats(view, index, &policy)?;
        Ok((policy.name, answer))
    })?;
    let answer = out.mask.apply(answer);
    out.answer(&StatsView::of(&answer, &policy), |look| {
        text(&answer, &policy, look)
    })?;
    Ok(Exit::Done)
}
