//! `onefold man`: the manual, for `man`.

use anyhow::Result;
use clap::{Args, CommandFactory};

use crate::cli::args::Cli;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;

/// What `man` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  onefold man | man -l -\n  onefold man show | man -l -")]
pub struct ManArgs {
    /// The command whose page is wanted; without it, the page of the whole
    command: Option<String>,
}

/// Prints the page.
pub fn run(args: &ManArgs, _: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let mut whole = Cli::command();
    whole.build();
    let command = match &args.command {
        None => whole,
        Some(name) => match whole.find_subcommand(name) {
            Some(found) => found.clone().display_name(format!("onefold-{name}")),
            None => {
                return Err(CliError::usage(format!(
                    "there is no command `{name}`; `onefold --help` lists them"
                ))
                .into());
            }
        },
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    out.text(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Done)
}
