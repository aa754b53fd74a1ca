//! Handing a file to the disk while it is being written, so that the last sync finds little left to do.

use std::fs::File;
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long it waits between two syncs.
const PAUSE: Duration = Duration::from_millis(500);

/// Syncs a file again and again until it is dropped.
pub(super) struct EarlySync {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl EarlySync {
    /// Begins; where it cannot, nothing is lost but time at the end.
    pub(super) fn of(path: PathBuf) -> EarlySync {
        let (stop, stopped) = channel();
        let thread = thread::Builder::new().name("sync".into()).spawn(move || {
            let Ok(file) = File::open(path) else {
                return;
            };
            while stopped.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                if file.sync_data().is_err() {
                    return;
                }
            }
        });
        EarlySync {
            stop: Some(stop),
            thread: thread.ok(),
        }
    }
}

impl Drop for EarlySync {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
