//! What becomes of an import that is written but not visible yet.

use super::{ImportError, RejectsFile, Result};

/// The word of the one who watches, once everything is written and nothing is visible yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Decision {
    /// It is made visible.
    #[default]
    Keep,
    /// It was a preview: it is undone, and the answer says what it would have done.
    Undo,
    /// It is undone, for this reason.
    Refuse(String),
}

impl Decision {
    /// The rows that were rejected, where the import is kept; a refusal is an error that leaves them to be looked at.
    pub(super) fn keeps(self, rejects: RejectsFile) -> Result<Option<RejectsFile>> {
        match self {
            Decision::Keep => Ok(Some(rejects)),
            Decision::Undo => Ok(None),
            Decision::Refuse(why) => Err(ImportError::Refused {
                why,
                rejects: rejects.finish()?,
            }),
        }
    }
}
