//! The command line: one command, one file; text for people and JSON for programs.

pub mod args;
pub mod completions;
pub mod generate;
pub mod man;
pub mod style;
pub mod times;

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// It failed; one line on stderr says why and what to do.
    Failed = 1,
    /// The arguments make no sense.
    Usage = 2,
    /// Nothing was found; the output says why.
    Nothing = 3,
    /// Done, but some input was rejected.
    Rejected = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
