//! What becomes of an import that is written but not visible yet.

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
