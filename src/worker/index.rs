//! The search index as all lanes share it, and the thread that makes it where the store has none.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::index::Index;
use crate::lookup::{self, Refreshed};
use crate::store::View;

/// The index that was opened last.
#[derive(Clone, Default)]
pub(super) struct SharedIndex(Arc<Mutex<Option<Arc<Index>>>>);

impl SharedIndex {
    /// The index, where it says what the store says now; another one may have been written since it was opened.
    pub(super) fn current(&self, view: View<'_>) -> Option<Arc<Index>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = &*kept
            && lookup::is_current(view, index)
        {
            return Some(Arc::clone(index));
        }
        *kept = lookup::index_of(view).map(Arc::new);
        kept.clone()
    }
}

/// Makes the index of a store that has none that is current; whether it did.
pub(super) fn make(store: &Path, stop: &AtomicBool) -> bool {
    let progress = |_, _| match stop.load(Ordering::Relaxed) {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    };
    // Where it cannot be made, searching is slow, not wrong.
    let made = lookup::refresh_index(store, &progress);
    matches!(made, Ok(Refreshed::Added | Refreshed::Made))
}
