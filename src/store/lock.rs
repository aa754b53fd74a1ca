//! The lock beside a store: one writer at a time, and the next one is told for whom it waits.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use super::connection::{beside, private};
use super::{Result, StoreError};

/// How long a second writer waits for the first.
pub const LOCK_WAIT: Duration = Duration::from_secs(10);

/// A file that says who writes to the store; the system frees it when the process ends, however it ends.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits up to [`LOCK_WAIT`] for whoever holds it; `purpose` tells the next one who does.
    pub(super) fn take(path: &Path, purpose: &str) -> Result<Lock> {
        Lock::take_telling(path, purpose, &mut |_| ControlFlow::Continue(()))
    }

    /// As [`Lock::take`]; `waiting` hears over and over for whom it waits, and may give up.
    pub(super) fn take_telling(
        path: &Path,
        purpose: &str,
        waiting: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> Result<Lock> {
        let lock_path = beside(path, ".lock");
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            create_folder(folder)?;
        }
        let failed = |source| StoreError::File {
            what: "write",
            path: lock_path.clone(),
            source,
        };
        let mut file = private(OpenOptions::new().read(true).write(true).create(true))
            .open(&lock_path)
            .map_err(failed)?;
        let give_up = Instant::now() + LOCK_WAIT;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < give_up => {
                    if waiting(&holder(&mut file)).is_break() {
                        return Err(StoreError::Interrupted);
                    }
                    std::thread::sleep(Duration::from_millis(50));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::Locked {
                        path: path.to_owned(),
                        by: holder(&mut file),
                    });
                }
                Err(TryLockError::Error(source)) => return Err(failed(source)),
            }
        }
        let note = format!("`onefold {purpose}` (process {})\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(note.as_bytes()))
            .map_err(failed)?;
        Ok(Lock { _file: file })
    }
}

/// Who holds the lock, as they wrote it down.
fn holder(file: &mut File) -> String {
    let mut by = String::new();
    let read = file.rewind().and_then(|()| file.read_to_string(&mut by));
    match read {
        Ok(_) if !by.trim().is_empty() => by.trim().to_owned(),
        // Who has just taken it has not said so yet.
        _ => "another process".to_owned(),
    }
}

fn create_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(|source| StoreError::File {
        what: "make",
        path: folder.to_owned(),
        source,
    })
}
