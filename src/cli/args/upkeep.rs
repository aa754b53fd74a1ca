//! Arguments of the commands around the store and the program: backup, completions, man.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// What `backup` takes.
#[derive(Args, Clone, Debug)]
pub struct BackupArgs {
    /// The file to write, which must not be there yet
    pub file: PathBuf,
}

/// What `completions` takes.
#[derive(Args, Clone, Debug)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// What `man` takes.
#[derive(Args, Clone, Debug)]
pub struct ManArgs {
    /// A command, such as `policy create`; the whole program, where it is left out
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    pub command: Vec<String>,
    /// Write all pages into this directory
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}
