//! What only some screens can do.

use super::{Action, Entry};
use crate::tui::place::Place;

/// The list.
pub const ENTRIES: &[Entry] = &[
    Entry {
        action: Action::Preview,
        keys: &["v"],
        name: "Show or hide the pane beside",
        label: "pane beside",
        synonyms: "preview hide",
        help: "Shows or hides the pane beside the list.",
        places: &[Place::Search, Place::Profile],
    },
    Entry {
        action: Action::Identities,
        keys: &["i"],
        name: "To the identities",
        label: "identities",
        synonyms: "section namespaces",
        help: "Goes to the identities of the profile.",
        places: &[Place::Profile],
    },
    Entry {
        action: Action::Consents,
        keys: &["c"],
        name: "To the consents",
        label: "consents",
        synonyms: "section opt privacy",
        help: "Goes to the consents of the profile.",
        places: &[Place::Profile],
    },
    Entry {
        action: Action::FoldAll,
        keys: &["f"],
        name: "Fold or unfold everything",
        label: "fold all",
        synonyms: "collapse expand",
        help: "Folds every group, or unfolds all.",
        places: &[Place::Profile],
    },
    Entry {
        action: Action::Start,
        keys: &["s"],
        name: "Start the import",
        label: "start",
        synonyms: "run load",
        help: "Starts the import that is shown.",
        places: &[Place::Import],
    },
    Entry {
        action: Action::Sample,
        keys: &["S"],
        name: "Import the sample",
        label: "sample",
        synonyms: "demo example",
        help: "Imports the bundled sample data.",
        places: &[Place::Search, Place::Import],
    },
    Entry {
        action: Action::Cancel,
        keys: &["x"],
        name: "Cancel the import",
        label: "cancel",
        synonyms: "stop abort undo",
        help: "Stops the running import; nothing of it stays.",
        places: &[Place::Import],
    },
];
