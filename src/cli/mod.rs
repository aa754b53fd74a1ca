//! The command line: one command, one file; every answer as text for people and as JSON for programs.

mod args;
mod commands;
mod confirm;
mod effects;
mod error;
mod exit;
mod global;
mod input;
mod output;
mod place;
mod print;
mod progress;
mod style;
mod times;

use std::io::{self, BufWriter};

use chrono::Utc;

pub use args::{Cli, Command, Options};
pub use error::CliError;
pub use exit::{Exit, Then};
pub use global::Global;
pub use style::{Color, Style, Terminal};

use crate::lookup::mask::Mask;
use crate::model::{Address, Moment};
use output::{Form, Notes, Output};
use print::Look;

/// What is left to do once the command line has done its part.
pub enum Next {
    /// Nothing: the process ends so.
    End(Exit),
    /// The terminal interface is to be opened at an address.
    Screen(Box<Global>, Address),
}

/// Reads the arguments of this process and does what they ask.
pub fn run() -> Next {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe is no reason to fail over a help text.
            let _ = error.print();
            return Next::End(if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            });
        }
    };
    let mut out = output(&cli.options);
    match start(&cli, &mut out) {
        Ok(next) => next,
        Err(error) => Next::End(out.fail(&error)),
    }
}

fn start(cli: &Cli, out: &mut Output<'_>) -> anyhow::Result<Next> {
    let now = Moment::from(Utc::now());
    let global = Global::resolve(cli, now)?;
    if let Some(command) = &cli.command {
        command.check(&global)?;
    }
    if cli.command.as_ref().is_none_or(Command::opens_screen) {
        check_terminal()?;
    }
    let then = match &cli.command {
        Some(command) => command.run(&global, out)?,
        None => Then::Open(Address::default()),
    };
    out.flush()?;
    Ok(match then {
        Then::End(exit) => Next::End(exit),
        Then::Open(address) => Next::Screen(Box::new(global), address),
    })
}

fn check_terminal() -> anyhow::Result<()> {
    let ends = [Terminal::of(&io::stdin()), Terminal::of(&io::stdout())];
    if ends.contains(&Terminal::No) {
        anyhow::bail!(
            "this is no terminal, so the interface cannot open; `onefold --help` lists the commands that print"
        );
    }
    Ok(())
}

fn output(options: &Options) -> Output<'static> {
    let no_color = std::env::var("NO_COLOR").ok();
    let style = |terminal: Terminal| Style::choose(options.color, no_color.as_deref(), terminal);
    let (stdout, stderr) = (Terminal::of(&io::stdout()), Terminal::of(&io::stderr()));
    let width = match stdout {
        Terminal::Yes => crossterm::terminal::size()
            .ok()
            .map(|(columns, _)| columns.into()),
        Terminal::No => None,
    };
    let zone = options.tz;
    Output {
        stdout: Box::new(BufWriter::new(io::stdout())),
        stderr: Box::new(io::stderr()),
        form: match (options.jsonl, options.json) {
            (true, _) => Form::JsonLines,
            (false, true) => Form::Json,
            (false, false) => Form::Text,
        },
        look: Look {
            style: style(stdout),
            width,
            zone,
        },
        note_look: Look {
            style: style(stderr),
            width: None,
            zone,
        },
        mask: if options.mask { Mask::on() } else { Mask::Off },
        notes: if options.quiet {
            Notes::Quiet
        } else {
            Notes::Shown
        },
    }
}
