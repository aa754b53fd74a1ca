//! Everything that a key or a command can do: one list that keys, help, palette and hints read.

mod moving;
mod places;
mod searching;
mod shared;
mod views;

use crate::model::Place;

/// What a copy verb takes of the selected thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its value.
    Value,
    /// Where it stands.
    Path,
    /// It as JSON.
    Json,
    /// The line as it is shown.
    Line,
}

/// Something that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// To the next row.
    Down,
    /// To the row before.
    Up,
    /// A screenful down.
    PageDown,
    /// A screenful up.
    PageUp,
    /// Half a screenful down.
    HalfDown,
    /// Half a screenful up.
    HalfUp,
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
    /// Further in: unfold, to the right.
    In,
    /// Further out: fold, to the left.
    Out,
    /// Open what is selected.
    Open,
    /// Undo one level: close, leave, clear.
    Undo,
    /// To the screen before, or out.
    Back,
    /// Back in the history.
    Earlier,
    /// Forward in the history.
    Later,
    /// To a place.
    Go(Place),
    /// Choose the policy.
    Policy,
    /// The next policy.
    NextPolicy,
    /// To the box.
    Query,
    /// To the next hit of the box.
    NextHit,
    /// To the hit before.
    PreviousHit,
    /// The next pane.
    NextPane,
    /// The pane before.
    PreviousPane,
    /// The focused pane alone, or all again.
    Zoom,
    /// Mark the row.
    Select,
    /// Why it is so.
    Why,
    /// Copy.
    Copy(Part),
    /// To the next conflict.
    NextConflict,
    /// To the conflict before.
    PreviousConflict,
    /// To the next warning.
    NextWarning,
    /// To the warning before.
    PreviousWarning,
    /// To the next profile of the last list.
    NextResult,
    /// To the profile before.
    PreviousResult,
    /// Only what matches, or all.
    OnlyMatches,
    /// More detail.
    Grow,
    /// Less detail.
    Shrink,
    /// As it was sent.
    Raw,
    /// Hide personal values.
    Mask,
    /// Mouse on or off.
    Mouse,
    /// The keys of this screen.
    Help,
    /// Every command by name.
    Palette,
    /// What was said.
    Messages,
    /// Ask again.
    Reload,
    /// Paint everything anew.
    Redraw,
    /// To the shell, for a while.
    Suspend,
    /// Cancel what runs; twice quits.
    Interrupt,
    /// Quit at once.
    Quit,
    /// The next theme.
    Theme,
    /// Signs in Unicode or ASCII.
    Icons,
    /// Copy the breadcrumb.
    CopyAddress,
    /// Sort the list another way.
    Sort,
    /// Choose the columns of the list.
    Columns,
    /// Write profiles into a file.
    Export,
    /// Save the search.
    SaveSearch,
    /// Run the saved search of this number.
    Saved(u8),
    /// Find a query of the past.
    PastQuery,
    /// The next suggestion under the box.
    NextSuggestion,
    /// Star the profile, or take its star away.
    Star,
    /// To the next starred profile.
    NextStar,
    /// To the starred profile before.
    PreviousStar,
    /// Show or hide the pane beside.
    Preview,
    /// To the identities section.
    Identities,
    /// To the consents section.
    Consents,
    /// Unfold or fold everything.
    FoldAll,
    /// Start the import.
    Start,
    /// Import the bundled sample.
    Sample,
    /// Cancel the import.
    Cancel,
    /// Take the import back.
    TakeBack,
    /// Show the rows that an import refused, or what it did.
    Refused,
    /// Write what the selected thing becomes.
    Correct,
    /// Records become events, or events records.
    Kind,
    /// The identity by which a record is known.
    Primary,
    /// Show or hide removed links.
    RemovedLinks,
    /// To the first event of the day before in the list.
    NextDay,
    /// To the first event of the day after in the list.
    PreviousDay,
    /// Twenty-four hours older.
    DayOlder,
    /// Twenty-four hours newer.
    DayNewer,
    /// Only events of the selected type, or all.
    OnlyType,
    /// To the filter, at the type.
    TypeGlob,
    /// Which policies are compared.
    Sides,
    /// The selected policy becomes the baseline.
    Swap,
    /// What the selected policy would change for everybody.
    Impact,
    /// A policy becomes the default.
    SetDefault,
    /// A new policy from the selected one.
    Duplicate,
    /// Keep the changes.
    Save,
    /// Delete the selected policy.
    Delete,
    /// The selected part of a list comes later.
    MoveLater,
    /// The selected part of a list comes earlier.
    MoveEarlier,
}

/// An action with all that is said about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it does.
    pub action: Action,
    /// Its keys, each a sequence of key names with blanks between, the first one shown in hints.
    pub keys: &'static [&'static str],
    /// Its name in the palette.
    pub name: &'static str,
    /// Its name in the hints row.
    pub label: &'static str,
    /// Other words for it.
    pub synonyms: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// Where it applies; empty is everywhere.
    pub places: &'static [Place],
}

impl Entry {
    /// Whether it applies at a place.
    pub fn applies(&self, place: Place) -> bool {
        self.places.is_empty() || self.places.contains(&place)
    }

    /// The keys as people write them: `]c`, `ctrl-p`.
    pub fn shown_keys(&self) -> String {
        let keys: Vec<_> = self.keys.iter().map(|keys| shown(keys)).collect();
        keys.join(" ")
    }

    /// The first of the keys as people write it; empty where it has none.
    pub fn shown_key(&self) -> String {
        self.keys
            .first()
            .map(|keys| shown(keys))
            .unwrap_or_default()
    }
}

/// A key sequence as people write it.
pub fn shown(keys: &str) -> String {
    match keys {
        "down" => "↓".into(),
        "up" => "↑".into(),
        "left" => "←".into(),
        "right" => "→".into(),
        _ => keys.replace(' ', ""),
    }
}

/// Every action; those of single places first, so that their keys win over the shared ones.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    places::ENTRIES
        .iter()
        .chain(searching::ENTRIES)
        .chain(moving::ENTRIES)
        .chain(shared::ENTRIES)
        .chain(views::ENTRIES)
}

/// What is said about an action at a place.
pub fn entry(action: Action, place: Place) -> Option<&'static Entry> {
    entries().find(|entry| entry.action == action && entry.applies(place))
}

/// Keys of the shared grammar whose meaning does not exist yet, and what it will be.
pub const RESERVED: &[(&str, &str)] = &[
    (".", "repeating"),
    ("F3", "the pager"),
    ("F4", "the editor"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keys::Key;

    #[test]
    fn every_key_name_can_be_read() {
        let reserved = RESERVED.iter().map(|(keys, _)| *keys);
        for keys in entries()
            .flat_map(|entry| entry.keys)
            .copied()
            .chain(reserved)
        {
            for name in keys.split(' ') {
                assert!(Key::parse(name).is_some(), "{keys}");
            }
        }
    }

    #[test]
    fn no_key_has_two_meanings_at_a_place() {
        for place in Place::ALL {
            for shared in [false, true] {
                let mut seen = Vec::new();
                let here = entries().filter(|entry| entry.applies(place));
                for entry in here.filter(|entry| entry.places.is_empty() == shared) {
                    for keys in entry.keys {
                        assert!(!seen.contains(keys), "{keys} on {}", place.name());
                        seen.push(keys);
                    }
                }
            }
        }
    }

    #[test]
    fn no_key_is_the_beginning_of_another() {
        for place in Place::ALL {
            let here = || entries().filter(|entry| entry.applies(place));
            for keys in here().flat_map(|entry| entry.keys) {
                let longer = format!("{keys} ");
                let clash = here()
                    .flat_map(|entry| entry.keys)
                    .find(|other| other.starts_with(&longer));
                assert_eq!(clash, None, "{keys} on {}", place.name());
            }
        }
    }

    #[test]
    fn every_action_is_explained_once_at_a_place() {
        for place in Place::ALL {
            let mut seen = Vec::new();
            for entry in entries().filter(|entry| entry.applies(place)) {
                assert!(entry.help.ends_with('.'), "{}", entry.name);
                assert!(!seen.contains(&entry.action), "{} twice", entry.name);
                seen.push(entry.action);
            }
        }
    }

    #[test]
    fn keys_that_terminals_cannot_tell_apart_have_no_meaning_of_their_own() {
        for key in ["ctrl-i", "ctrl-m", "ctrl-[", "ctrl-h", "ctrl-j"] {
            assert!(entries().all(|entry| !entry.keys.contains(&key)), "{key}");
        }
    }
}
