//! `onefold completions`: what a shell needs to complete commands and options.

use std::io::Write;

use clap::CommandFactory;

use super::Exit;
use super::args::{Cli, CompletionsArgs};

/// Prints the completions for a shell.
pub fn run(args: &CompletionsArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    // Into memory first: the generator panics where its output is closed early.
    let mut script = Vec::new();
    let mut command = Cli::command();
    clap_complete::generate(args.shell, &mut command, "onefold", &mut script);
    out.write_all(&script)?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;
    use clap_complete::Shell;

    use super::*;

    #[test]
    fn every_shell_completes_every_command() {
        for shell in Shell::value_variants() {
            let mut script = Vec::new();
            let exit = run(&CompletionsArgs { shell: *shell }, &mut script).expect("a script");
            assert_eq!(exit, Exit::Done);
            let script = String::from_utf8(script).expect("text");
            for command in Cli::command().get_subcommands() {
                assert!(script.contains(command.get_name()), "{shell} {command}");
            }
        }
    }
}
