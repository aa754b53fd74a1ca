//! Arguments of the commands for sources: demo, import, dataset, batch, generate.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::words::count;
use crate::cli::times::TimeText;
use crate::model::{BatchId, DatasetKind};

/// What `demo` takes.
#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// Import and print the summary, and open nothing
    #[arg(long)]
    pub check: bool,
}

/// What `import` takes.
#[derive(Args, Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that is there or not"
)]
pub struct ImportArgs {
    /// Files and folders, in this order; - is standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// The dataset; by default the file's name without its ending
    #[arg(long, value_name = "NAME")]
    pub dataset: Option<String>,
    /// What the rows are: record or event
    #[arg(long, value_name = "KIND")]
    pub kind: Option<DatasetKind>,
    /// A mapping: the body of one [[dataset]] of a manifest
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Write what was understood as a mapping to edit; with --dry-run
    #[arg(long, value_name = "FILE", requires = "dry_run")]
    pub save_map: Option<PathBuf>,
    /// The moment of ingestion, for a history: RFC 3339, a date (its start), or an age such as -7d
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<TimeText>,
    /// Say what is understood, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Threads
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Import a file again that is in already
    #[arg(long)]
    pub again: bool,
    /// Keep what came before the break of a broken file
    #[arg(long)]
    pub keep_partial: bool,
    /// Keep rows without any identity, under one made up for them
    #[arg(long)]
    pub keep_unidentified: bool,
}

/// What `dataset` takes.
#[derive(Args, Clone, Debug)]
pub struct DatasetArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: DatasetAction,
}

/// What can be done with datasets.
#[derive(Clone, Debug, Subcommand)]
pub enum DatasetAction {
    /// List the datasets
    List,
    /// Show a dataset with its batches
    Show {
        /// Its name
        name: String,
    },
    /// Delete a dataset with all its batches, as if they had never been imported
    Delete {
        /// Its name
        name: String,
    },
}

/// What `batch` takes.
#[derive(Args, Clone, Debug)]
pub struct BatchArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: BatchAction,
}

/// What can be done with batches.
#[derive(Clone, Debug, Subcommand)]
pub enum BatchAction {
    /// List the batches
    List {
        /// Print one JSON object a line
        #[arg(long)]
        jsonl: bool,
    },
    /// Show a batch
    Show {
        /// Its number
        #[arg(value_name = "BATCH", value_parser = batch)]
        batch: BatchId,
    },
    /// Delete a batch, as if it had never been imported
    Delete {
        /// Its number
        #[arg(value_name = "BATCH", value_parser = batch)]
        batch: BatchId,
    },
}

fn batch(text: &str) -> Result<BatchId, String> {
    let number = text.parse().map(BatchId);
    number.map_err(|_| "write a batch's number; `onefold batch list` shows them".to_owned())
}

/// What `generate` takes.
#[derive(Args, Clone, Debug)]
pub struct GenerateArgs {
    /// How many people; 5k and 2M are understood
    #[arg(long, value_name = "N", value_parser = count)]
    pub people: u64,
    /// How many events happen to all of them together [default: ten times the people]
    #[arg(long, value_name = "N", value_parser = count)]
    pub events: Option<u64>,
    /// The same seed gives the same files
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// A new or empty directory
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}
