//! Where the store lies when nobody says.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::error::CliError;

/// Which store a command means where `--store` names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usual {
    /// The analyst's own.
    Own,
    /// The demo's.
    Demo,
}

/// The path of the store: as named, where `demo` is the demo's; else the usual one in the platform's data folder.
pub fn store(named: Option<&Path>, usual: Usual) -> Result<PathBuf, CliError> {
    match (named, usual) {
        (Some(path), _) if path == Path::new("demo") => in_home("demo.db"),
        (Some(path), _) => Ok(path.to_owned()),
        (None, Usual::Own) => in_home("onefold.db"),
        (None, Usual::Demo) => in_home("demo.db"),
    }
}

fn in_home(name: &str) -> Result<PathBuf, CliError> {
    let folders =
        etcetera::base_strategy::choose_native_strategy().map_err(|_| CliError::NoHome)?;
    Ok(folders.data_dir().join("onefold").join(name))
}
