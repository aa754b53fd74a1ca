//! What lies where in the file of an index.

use serde::{Deserialize, Serialize};

use super::file::Section;
use crate::model::MergePolicy;

/// The state of a store that an index speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// How often it had been changed.
    pub generation: i64,
    /// Made up for that change.
    pub token: String,
}

/// The directory at the end of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Directory {
    pub stand: Stand,
    /// The file that this one adds to, by its mark; none where it stands alone.
    pub base: Option<String>,
    pub mark: String,
    /// The policy whose winners are known.
    pub policy: MergePolicy,
    pub segments: Vec<SegmentLayout>,
    /// The clusters of earlier files that are as they were no more.
    pub gone: Section,
}

/// A segment.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct SegmentLayout {
    pub len: u32,
    pub clusters: Section,
    pub identities: Section,
    pub events: Section,
    pub fragments: Section,
    pub primaries: Section,
    pub flags: Section,
    pub first: Section,
    pub last: Section,
    pub last_event: Section,
    pub entity_ends: Section,
    pub entities: Section,
    /// Which letters occur in the texts of each document.
    pub masks: Section,
    /// The texts by alphabet, the narrowest first.
    pub texts: [TextLayout; 3],
    pub tables: Vec<TableLayout>,
    pub digests: DigestLayout,
}

/// The digests of a segment.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct DigestLayout {
    /// Where each block of digests lies.
    pub blocks: Section,
    /// The places of the documents' digests.
    pub entries: Section,
    /// Names that they have in common.
    pub names: Section,
    /// The paths at which they say something.
    pub paths: Section,
}

/// The texts of one alphabet.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct TextLayout {
    pub letters: Section,
    /// Where the texts of each document begin.
    pub docs: Section,
    /// A bit for each byte: a word starts there.
    pub starts: Section,
    pub start_places: Section,
    pub start_marks: Section,
}

/// A table of values.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct TableLayout {
    pub subject: Subject,
    /// The documents in which some value of it wins.
    pub profiles: u64,
    pub section: Section,
}

/// What the values of a table are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// Values of identities of this namespace.
    Namespace(String),
    /// Values at this path.
    Path(Vec<String>),
    /// What profiles are called.
    Name,
    /// Datasets that the policy of the index sees.
    Dataset,
    /// All datasets.
    Source,
    /// Types of events.
    EventType,
    /// Paths on which fragments disagree, as JSON lists of keys.
    Conflict,
}
