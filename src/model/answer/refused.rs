//! The answer about the rows that an import refused.

/// What a rejects file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefusedAnswer {
    /// The reasons, the one of most rows first.
    pub kinds: Vec<RefusedKind>,
    /// The first of the rows themselves, in the order of the file.
    pub first: Vec<RefusedRow>,
    /// Rows that were looked at.
    pub rows: u64,
    /// Whether there are more of them.
    pub is_part: bool,
}

/// Rows that were refused for the same reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedKind {
    /// The reason, without the values of any row.
    pub reason: String,
    /// The reason as it was given for the first row.
    pub first_reason: String,
    /// The beginning of the first row, where it is text that was kept.
    pub first_row: Option<String>,
    /// How many rows.
    pub rows: u64,
    /// Where the first of them stand: the file and the line.
    pub places: Vec<(String, u64)>,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// The file that it stands in.
    pub file: String,
    /// Its line there, from 1.
    pub line: u64,
    /// Why it was refused.
    pub reason: String,
    /// The beginning of it, where it is text that was kept.
    pub row: Option<String>,
}
