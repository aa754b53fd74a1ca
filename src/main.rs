//! The door: parses the arguments and hands over.

use std::process::ExitCode;

use onefold::cli::{self, Exit, Global, Next};

fn main() -> ExitCode {
    match cli::run() {
        Next::End(exit) => exit.into(),
        Next::Screen(global) => open_tui(&global).into(),
    }
}

/// Opens the terminal interface on the store.
fn open_tui(global: &Global) -> Exit {
    eprintln!(
        "error: the interface on {} is not built yet; `onefold --help` lists the commands that print",
        global.store.display()
    );
    Exit::Failed
}
