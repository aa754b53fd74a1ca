//! What can be wrong with a command line that clap understands.

/// A command that cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The arguments contradict each other or say nothing.
    #[error("{0}")]
    Usage(String),
    /// What was named is not there.
    #[error("{0}")]
    Nothing(String),
    /// There is no folder for the store.
    #[error("cannot find the folder for the store; name a file with --store PATH")]
    NoHome,
    /// A file that would be overwritten is there already.
    #[error("{0} is there already, and is not overwritten; name another file")]
    Exists(String),
    /// A file that is read holds something else than text.
    #[error("cannot read {path}: line {line} is not UTF-8; convert it first")]
    NotText {
        /// Where.
        path: String,
        /// The first such line, from 1.
        line: usize,
    },
    /// A file that is read or written could not be used.
    #[error("cannot {what} {path}; look at the path and its permissions")]
    File {
        /// What was tried.
        what: &'static str,
        /// Where.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
}

impl CliError {
    /// Arguments that make no sense, said in one sentence.
    pub fn usage(sentence: impl Into<String>) -> CliError {
        CliError::Usage(sentence.into())
    }

    /// Something that is not there, said in one sentence.
    pub fn nothing(sentence: impl Into<String>) -> CliError {
        CliError::Nothing(sentence.into())
    }
}
