//! How a command ended, as the number that the shell sees.

use std::process::ExitCode;

use crate::model::Address;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It did what was asked.
    Done,
    /// It failed.
    Failed,
    /// The command line was not understood.
    Usage,
    /// Nothing was found.
    Nothing,
    /// It was done, but some of the input was rejected.
    Rejected,
}

/// What follows a command that did its part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// Nothing: it ended so.
    End(Exit),
    /// The terminal interface opens at this address.
    Open(Address),
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Nothing => 3,
            Exit::Rejected => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}
