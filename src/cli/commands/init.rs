//! `onefold init`: an empty store.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::model::MergePolicy;
use crate::store::Writer;

/// What `init` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  onefold init --store customers.db")]
pub struct InitArgs {}

/// Makes an empty store with the policy that every store begins with.
pub fn run(_: &InitArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let path = global.store.display().to_string();
    if global.store.exists() {
        return Err(CliError::Exists(path).into());
    }
    let writer = Writer::open_or_create(&global.store, "init")?;
    writer.save_policy(&MergePolicy::latest_wins(), global.calendar.now)?;
    writer.commit()?;
    out.answer(&json!({ "store": path }), |_| {
        format!("an empty store is at {path}\n")
    })?;
    Ok(Exit::Done)
}
