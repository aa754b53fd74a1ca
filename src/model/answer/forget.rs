//! The answer about forgetting a person: what goes, and where copies may remain.

use serde::Serialize;

use crate::model::Identity;

/// What is held of a person, and goes when the person is forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ForgetAnswer {
    /// The identities of the person's graph, the one that was asked for included.
    pub identities: Vec<Identity>,
    /// Fragments.
    pub fragments: u64,
    /// All their versions.
    pub versions: u64,
    /// Events by dataset.
    pub events: Vec<EventsOf>,
    /// Links that hold.
    pub links: u64,
    /// Links that were removed and are remembered.
    pub removed_links: u64,
    /// Rejects files beside the store that hold rows of theirs.
    pub rejects: Vec<RejectsOf>,
    /// Where copies may remain that onefold does not reach, a sentence each.
    pub remains: Vec<String>,
}

/// Events of one dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventsOf {
    /// The dataset.
    pub dataset: String,
    /// How many.
    pub events: u64,
}

/// Rows of one rejects file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RejectsOf {
    /// The file.
    pub path: String,
    /// How many.
    pub rows: u64,
}

impl ForgetAnswer {
    /// How many records and events go: the number that is typed to confirm.
    pub fn rows(&self) -> u64 {
        self.versions + self.events.iter().map(|of| of.events).sum::<u64>()
    }
}

/// What came of forgetting a person, beside what went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forgetting {
    /// Rows of other people out of whose bodies the person's name was taken.
    pub mended_rows: u64,
    /// Dictionaries that had learnt something of the person, and were replaced.
    pub dictionaries: u64,
}
