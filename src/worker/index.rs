//! The search index as all lanes share it, and the thread that makes it where the store has none.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crossbeam_channel::{Receiver, Sender};

use super::Notice;
use super::change::go_on;
use crate::index::Index;
use crate::lookup::{self, Refreshed};
use crate::store::View;

/// The index that was opened last, and who makes one where there is none.
#[derive(Clone)]
pub(super) struct SharedIndex {
    kept: Arc<Mutex<Option<Arc<Index>>>>,
    missed: Sender<()>,
}

impl SharedIndex {
    /// None yet; `missed` hears when one is asked for and there is none.
    pub(super) fn new(missed: Sender<()>) -> SharedIndex {
        SharedIndex {
            kept: Arc::default(),
            missed,
        }
    }

    /// The index, where it says what the store says now; another one may have been written since it was opened.
    pub(super) fn current(&self, view: View<'_>) -> Option<Arc<Index>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = &*kept
            && lookup::is_current(view, index)
        {
            return Some(Arc::clone(index));
        }
        *kept = lookup::index_of(view).map(Arc::new);
        match &*kept {
            Some(index) => {
                let index = Arc::clone(index);
                thread::spawn(move || index.warm());
            }
            None => {
                let _ = self.missed.try_send(());
            }
        }
        kept.clone()
    }
}

/// Makes the index whenever one is missed, until it cannot be made: then searching is slow, not wrong.
pub(super) fn make(
    store: &Path,
    missed: &Receiver<()>,
    stop: &AtomicBool,
    notices: &Sender<Notice>,
) {
    let progress = |done, total| {
        let _ = notices.send(Notice::Indexing(Some((done, total))));
        go_on(stop)
    };
    for () in missed {
        let made = lookup::refresh_index(store, &progress);
        let _ = notices.send(Notice::Indexing(None));
        match made {
            Ok(Refreshed::Current) => {}
            Ok(Refreshed::Added | Refreshed::Made) => {
                let _ = notices.send(Notice::Changed);
            }
            Err(_) => return,
        }
    }
}
