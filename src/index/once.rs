//! What is read when it is first needed, by one thread; others who need it wait for that one.

use std::sync::{Mutex, OnceLock, PoisonError};

use super::IndexError;

/// A place that is filled once; what could not be read is tried again.
#[derive(Debug)]
pub(super) struct Once<T> {
    filled: OnceLock<T>,
    turn: Mutex<()>,
}

impl<T> Default for Once<T> {
    fn default() -> Once<T> {
        Once {
            filled: OnceLock::new(),
            turn: Mutex::new(()),
        }
    }
}

impl<T> Once<T> {
    /// What the place holds; where it is still empty, it is filled.
    pub fn get(&self, fill: impl FnOnce() -> Result<T, IndexError>) -> Result<&T, IndexError> {
        if let Some(known) = self.filled.get() {
            return Ok(known);
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.filled.get() {
            return Ok(known);
        }
        let filled = fill()?;
        Ok(self.filled.get_or_init(|| filled))
    }
}
