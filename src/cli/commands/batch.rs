//! `onefold batch`: the imports of a store.

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::cli::confirm::Confirm;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::sources_list::{BatchView, BatchesView, batch, batches};
use crate::ingest;
use crate::lookup::{self, Reach};
use crate::model::{Batch, BatchId};

/// What `batch` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  onefold batch list\n  onefold batch show 3\n  onefold batch delete 3\n  onefold batch delete 3 4 --dry-run"
)]
pub struct BatchArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the batches, oldest first
    List,
    /// Show a batch, and what it did to the profiles
    Show {
        /// Its number
        number: u32,
    },
    /// Delete batches, as if they had never been imported
    Delete {
        /// Their numbers
        #[arg(required = true, value_name = "NUMBER")]
        numbers: Vec<u32>,
        #[command(flatten)]
        confirm: Confirm,
    },
}

/// Lists, shows or deletes batches.
pub fn run(args: &BatchArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let all = global.ask(out, |view| Ok(view.list_batches()?))?;
    match &args.action {
        Action::List => {
            out.list(&BatchesView { batches: &all }, &all, |look| {
                batches(&all, look)
            })?;
            if all.is_empty() {
                out.note("there are no batches yet; `onefold import PATH…` makes them");
            }
        }
        Action::Show { number } => {
            let found = numbered(&all, *number)?;
            let effects = global.ask(out, |view| {
                let policy = global.policy(view)?;
                Ok(lookup::effects(
                    view,
                    &[found.id],
                    &policy,
                    Reach::THOROUGH,
                )?)
            })?;
            let effects = out.mask.apply(effects);
            let view = BatchView {
                batch: found,
                effects: &effects,
            };
            out.answer(&view, |look| batch(found, &effects, look))?;
        }
        Action::Delete { numbers, confirm } => return delete(numbers, &all, confirm, global, out),
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

fn delete(
    numbers: &[u32],
    all: &[Batch],
    confirm: &Confirm,
    global: &Global,
    out: &mut Output<'_>,
) -> Result<Exit> {
    let mut found = Vec::new();
    for number in numbers {
        let batch = numbered(all, *number)?;
        if !found.contains(&batch) {
            found.push(batch);
        }
    }
    let subject = match found.as_slice() {
        [batch] => format!("batch {} of {}", batch.id, batch.dataset),
        several => {
            let numbers: Vec<_> = several.iter().map(|batch| batch.id.to_string()).collect();
            format!("each of batches {}", numbers.join(", "))
        }
    };
    let ids: Vec<BatchId> = found.iter().map(|batch| batch.id).collect();
    confirm.carry_out(&subject, global, out, |writer| {
        Ok(ingest::delete_batches(writer, &ids)?)
    })
}
