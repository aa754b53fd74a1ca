//! What is done about searches and their lists, and about starred profiles.

use super::{Action, Entry};
use crate::model::Place;

const SEARCH: &[Place] = &[Place::Search];

/// The list.
pub const ENTRIES: &[Entry] = &[
    Entry {
        action: Action::Sort,
        keys: &["s"],
        name: "Sort the list",
        label: "sort",
        synonyms: "order name seen relevance descending",
        help: "Sorts by relevance, name, last seen, identities, events or any attribute; `-` before it is descending.",
        places: SEARCH,
    },
    Entry {
        action: Action::Columns,
        keys: &["c"],
        name: "Choose the columns",
        label: "columns",
        synonyms: "fields attributes activity sparkline",
        help: "Takes columns in and out of the list: name, e-mail, counts, activity, or any attribute.",
        places: SEARCH,
    },
    Entry {
        action: Action::OnlyMatches,
        keys: &["="],
        name: "Only matches, or all with the others dimmed",
        label: "only matches",
        synonyms: "filter everybody rest non-matching raw",
        help: "Lists the profiles that do not match too, dimmed and below those that do, or hides them again.",
        places: SEARCH,
    },
    Entry {
        action: Action::Export,
        keys: &["e"],
        name: "Export profiles",
        label: "export",
        synonyms: "write save file csv json download",
        help: "Writes the marked profiles, or all that match, into a new file as JSON Lines or CSV.",
        places: SEARCH,
    },
    Entry {
        action: Action::SaveSearch,
        keys: &["ctrl-s"],
        name: "Save the search",
        label: "save search",
        synonyms: "favourite bookmark keep query",
        help: "Keeps the query and the order under a name; alt-1 to alt-9 run the first nine.",
        places: SEARCH,
    },
    Entry {
        action: Action::Delete,
        keys: &["X"],
        name: "Delete the saved search",
        label: "delete",
        synonyms: "remove drop",
        help: "Deletes the saved search that is selected in the pane of facets.",
        places: SEARCH,
    },
    Entry {
        action: Action::PastQuery,
        keys: &["ctrl-r"],
        name: "Find a query of the past",
        label: "past",
        synonyms: "history earlier again",
        help: "Lists the queries of the past, filtered by what is typed.",
        places: SEARCH,
    },
    Entry {
        action: Action::NextSuggestion,
        keys: &["ctrl-n"],
        name: "Next suggestion",
        label: "next",
        synonyms: "complete completion",
        help: "Under the box, goes to the next suggestion; ctrl-p goes to the one before, tab takes it.",
        places: SEARCH,
    },
    Entry {
        action: Action::Star,
        keys: &["m"],
        name: "Star the profile",
        label: "star",
        synonyms: "bookmark favourite mark",
        help: "Stars the selected profile, or takes its star away; an empty query lists the starred first.",
        places: &[],
    },
    Entry {
        action: Action::NextStar,
        keys: &["] m"],
        name: "Next starred profile",
        label: "next star",
        synonyms: "bookmark favourite",
        help: "Goes to the next starred profile.",
        places: &[],
    },
    Entry {
        action: Action::PreviousStar,
        keys: &["[ m"],
        name: "Previous starred profile",
        label: "previous star",
        synonyms: "bookmark favourite",
        help: "Goes to the starred profile before.",
        places: &[],
    },
    saved(1, &["alt-1"], "Saved search 1"),
    saved(2, &["alt-2"], "Saved search 2"),
    saved(3, &["alt-3"], "Saved search 3"),
    saved(4, &["alt-4"], "Saved search 4"),
    saved(5, &["alt-5"], "Saved search 5"),
    saved(6, &["alt-6"], "Saved search 6"),
    saved(7, &["alt-7"], "Saved search 7"),
    saved(8, &["alt-8"], "Saved search 8"),
    saved(9, &["alt-9"], "Saved search 9"),
];

const fn saved(number: u8, keys: &'static [&'static str], name: &'static str) -> Entry {
    Entry {
        action: Action::Saved(number),
        keys,
        name,
        label: "saved",
        synonyms: "run favourite query",
        help: "Runs the saved search of this number; the pane of facets lists them.",
        places: &[],
    }
}
