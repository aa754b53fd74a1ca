//! Why nothing was found, for programs.

use serde::Serialize;

use crate::model::Miss;

/// A miss: its sentence, and what it is made of.
#[derive(Serialize)]
pub struct MissView<'a> {
    error: String,
    miss: &'a Miss,
}

impl<'a> MissView<'a> {
    /// The view of a miss.
    pub fn of(miss: &'a Miss) -> MissView<'a> {
        MissView {
            error: miss.to_string(),
            miss,
        }
    }
}
