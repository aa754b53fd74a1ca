//! `onefold completions`: what a shell needs to complete commands and options.

use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::args::Cli;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;

/// What `completions` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  onefold completions bash > ~/.local/share/bash-completion/completions/onefold"
)]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Prints the completions.
pub fn run(args: &CompletionsArgs, _: &Global, out: &mut Output<'_>) -> Result<Exit> {
    // Written into memory first: the generator panics where its output is closed.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "onefold", &mut script);
    out.text(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
