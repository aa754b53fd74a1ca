//! `onefold batch`: the imports of a store.

use std::ops::ControlFlow;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::resolve::{self, Made, ResolveView};
use crate::cli::print::sources_list::{BatchesView, batch, batches};
use crate::ingest;
use crate::model::Batch;
use crate::store::Writer;

/// What `batch` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  onefold batch list\n  onefold batch show 3\n  onefold batch delete 3"
)]
pub struct BatchArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the batches, oldest first
    List,
    /// Show a batch
    Show {
        /// Its number
        number: u32,
    },
    /// Delete a batch, as if it had never been imported
    Delete {
        /// Its number
        number: u32,
    },
}

/// Lists, shows or deletes batches.
pub fn run(args: &BatchArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let all = global.ask(out, |view| Ok(view.list_batches()?))?;
    match args.action {
        Action::List => {
            out.list(&BatchesView { batches: &all }, &all, |look| {
                batches(&all, look)
            })?;
            if all.is_empty() {
                out.note("there are no batches yet; `onefold import PATH…` makes them");
            }
        }
        Action::Show { number } => {
            let found = numbered(&all, number)?;
            out.answer(found, |look| batch(found, look))?;
        }
        Action::Delete { number } => delete(numbered(&all, number)?, global, out)?,
    }
    Ok(Exit::Done)
}

fn numbered(all: &[Batch], number: u32) -> Result<&Batch, CliError> {
    all.iter()
        .find(|batch| batch.id.0 == number)
        .ok_or_else(|| {
            CliError::nothing(match (all.first(), all.last()) {
                (Some(first), Some(last)) => format!(
                    "there is no batch {number}; `onefold batch list` lists those from {} to {}",
                    first.id, last.id
                ),
                _ => format!("there is no batch {number}; nothing was imported yet"),
            })
        })
}

fn delete(batch: &Batch, global: &Global, out: &mut Output<'_>) -> Result<()> {
    let writer = Writer::open(&global.store, "batch delete")?;
    let answer = ingest::delete_batches(&writer, &[batch.id])?;
    writer.commit()?;
    global.refresh_index(out, &|_, _| ControlFlow::Continue(()));
    let answer = out.mask.apply(answer);
    out.answer(&ResolveView::of(&answer, Made::Are), |look| {
        let headline = format!("batch {} of {} is deleted", batch.id, batch.dataset);
        resolve::text(&headline, &answer, look)
    })
}
