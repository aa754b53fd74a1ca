//! Taking turns at making an index: several processes and threads may find at once that there is none.

use std::fs::{File, OpenOptions, TryLockError};
use std::ops::ControlFlow;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::IndexError;
use super::files::private;

/// How long one waits between two looks.
const LOOK: Duration = Duration::from_millis(50);

/// The right to make the index at a path; it ends with this value, or with the process.
pub struct Turn {
    _file: File,
}

impl Turn {
    /// Waits for whoever makes the index; `waiting` is asked over and over whether to wait on.
    pub fn take(
        index: &Path,
        mut waiting: impl FnMut() -> ControlFlow<()>,
    ) -> Result<Turn, IndexError> {
        let mut path = index.as_os_str().to_owned();
        path.push(".lock");
        let path = Path::new(&path);
        let failed = |error| IndexError::writing(path, error);
        let file = private(OpenOptions::new().write(true).create(true), path).map_err(failed)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Turn { _file: file }),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) if waiting().is_break() => {
                    return Err(IndexError::Stopped);
                }
                Err(TryLockError::WouldBlock) => thread::sleep(LOOK),
            }
        }
    }
}
