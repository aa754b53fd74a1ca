//! `onefold backup`: a consistent copy of the store.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::model::display::printable;
use crate::store::Reader;

/// What `backup` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  onefold backup customers-2024-03-01.db")]
pub struct BackupArgs {
    /// Where the copy goes; a file that is there already is never overwritten
    file: PathBuf,
}

/// Copies the store as it is at this moment.
pub fn run(args: &BackupArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let path = args.file.display().to_string();
    let reader = Reader::open(&global.store)?;
    if args.file.exists() {
        return Err(CliError::Exists(path).into());
    }
    reader.backup(&args.file)?;
    out.answer(&json!({ "backup": path }), |_| {
        format!("the copy is at {}\n", printable(&path))
    })?;
    Ok(Exit::Done)
}
