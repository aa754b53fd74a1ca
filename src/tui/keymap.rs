//! Keys become actions here and nowhere else.

use crossterm::event::{KeyCode, KeyModifiers};
use tui_input::InputRequest;

use crate::model::Moment;

use super::action::{Action, Entry, RESERVED, entries};
use super::keys::Key;
use super::message::{Edit, Place};
use super::screen::Mode;

/// Milliseconds after which a begun sequence shows how it can go on.
pub const WHICH_KEY_AFTER: i64 = 300;

/// What a key means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    /// This.
    Act(Action),
    /// A change to the input.
    Edit(Edit),
    /// The beginning of a sequence.
    Begun,
    /// The end of a begun sequence that nothing came of.
    Dropped,
    /// Something, but not at this place.
    Elsewhere(&'static Entry),
    /// Something that does not exist yet.
    Reserved(&'static str),
    /// Nothing; these are the keys.
    Unknown(String),
}

/// The keys of a begun sequence.
#[derive(Debug, Default)]
pub struct Keymap {
    begun: String,
    since: Option<Moment>,
}

impl Keymap {
    /// What a key means at a place, after the keys before it.
    pub fn press(&mut self, key: Key, place: Place, mode: Mode, now: Moment) -> Press {
        if mode == Mode::Text {
            self.forget();
            if let Some(request) = request(key) {
                return Press::Edit(Edit::Request(request));
            }
        }
        if !self.begun.is_empty() && matches!(key.code, KeyCode::Esc | KeyCode::Backspace) {
            self.forget();
            return Press::Dropped;
        }
        let keys = match self.begun.as_str() {
            "" => key.to_string(),
            begun => format!("{begun} {key}"),
        };
        self.forget();
        if let Some(entry) =
            entries().find(|entry| entry.applies(place) && entry.keys.contains(&keys.as_str()))
        {
            return Press::Act(entry.action);
        }
        if is_beginning(&keys) {
            self.begun = keys;
            self.since = Some(now);
            return Press::Begun;
        }
        elsewhere(&keys)
    }

    /// The keys of the begun sequence; empty where none is.
    pub fn begun(&self) -> &str {
        &self.begun
    }

    /// When the begun sequence is to show how it can go on.
    pub fn shows_at(&self) -> Option<Moment> {
        self.since
            .map(|since| Moment(since.0.saturating_add(WHICH_KEY_AFTER)))
    }

    /// Drops the begun sequence.
    pub fn forget(&mut self) {
        self.begun.clear();
        self.since = None;
    }
}

/// How a begun sequence can go on at a place: the next key and its meaning.
pub fn follow(begun: &str, place: Place) -> impl Iterator<Item = (&'static str, &'static Entry)> {
    let begun = format!("{begun} ");
    entries()
        .filter(move |entry| entry.applies(place))
        .filter_map(move |entry| {
            let next = entry
                .keys
                .iter()
                .find_map(|keys| keys.strip_prefix(&*begun));
            next.map(|next| (next, entry))
        })
}

fn is_beginning(keys: &str) -> bool {
    let begun = format!("{keys} ");
    let reserved = RESERVED.iter().map(|(keys, _)| *keys);
    let mut all = entries()
        .flat_map(|entry| entry.keys)
        .copied()
        .chain(reserved);
    all.any(|keys| keys.starts_with(&begun))
}

fn elsewhere(keys: &str) -> Press {
    let known = entries().find(|entry| entry.keys.contains(&keys));
    let reserved = RESERVED.iter().find(|(reserved, _)| *reserved == keys);
    match (known, reserved) {
        (Some(entry), _) => Press::Elsewhere(entry),
        (None, Some((_, what))) => Press::Reserved(what),
        (None, None) => Press::Unknown(keys.replace(' ', "")),
    }
}

/// What a key does to an input; the rest are commands there too.
fn request(key: Key) -> Option<InputRequest> {
    if let Some(letter) = key.letter() {
        return Some(InputRequest::InsertChar(letter));
    }
    let by_word = key
        .modifiers
        .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    Some(match key.code {
        KeyCode::Left if by_word => InputRequest::GoToPrevWord,
        KeyCode::Right if by_word => InputRequest::GoToNextWord,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        KeyCode::Backspace if by_word => InputRequest::DeletePrevWord,
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Char(letter) if key.modifiers == KeyModifiers::CONTROL => match letter {
            'a' => InputRequest::GoToStart,
            'e' => InputRequest::GoToEnd,
            'w' => InputRequest::DeletePrevWord,
            'u' => InputRequest::DeleteFromStart,
            'k' => InputRequest::DeleteTillEnd,
            'y' => InputRequest::Yank,
            'h' => InputRequest::DeletePrevChar,
            _ => return None,
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(0);

    fn press(keys: &str, place: Place, mode: Mode) -> Press {
        let mut keymap = Keymap::default();
        let mut last = Press::Dropped;
        for name in keys.split(' ') {
            last = keymap.press(Key::parse(name).expect(name), place, mode, NOW);
        }
        last
    }

    #[test]
    fn keys_become_actions() {
        let check = |keys: &str, place: Place, expected: Press| {
            assert_eq!(press(keys, place, Mode::Command), expected, "{keys}");
        };
        check("j", Place::Search, Press::Act(Action::Down));
        check("g g", Place::Search, Press::Act(Action::Top));
        check(
            "g t",
            Place::Profile,
            Press::Act(Action::Go(Place::Timeline)),
        );
        check("] c", Place::Profile, Press::Act(Action::NextConflict));
        check("g", Place::Search, Press::Begun);
        check("g esc", Place::Search, Press::Dropped);
        check("g esc g g", Place::Search, Press::Act(Action::Top));
        check("s", Place::Search, Press::Act(Action::Sort));
        check("s", Place::Import, Press::Act(Action::Start));
        check("e", Place::Search, Press::Act(Action::Export));
        check(".", Place::Search, Press::Reserved("repeating"));
        check("g Z", Place::Search, Press::Unknown("gZ".into()));
    }

    #[test]
    fn a_key_of_another_place_says_so() {
        for keys in ["] c", "] w"] {
            let press = press(keys, Place::Import, Mode::Command);
            assert!(matches!(press, Press::Elsewhere(_)), "{keys}");
        }
    }

    #[test]
    fn in_an_input_only_control_and_function_keys_are_commands() {
        let check = |keys: &str, expected: Press| {
            assert_eq!(press(keys, Place::Search, Mode::Text), expected, "{keys}");
        };
        let insert = |letter| Press::Edit(Edit::Request(InputRequest::InsertChar(letter)));
        check("q", insert('q'));
        check("?", insert('?'));
        check("space", insert(' '));
        check("F1", Press::Act(Action::Help));
        check("ctrl-p", Press::Act(Action::NextPolicy));
        check("enter", Press::Act(Action::Open));
        check("down", Press::Act(Action::Down));
        check("esc", Press::Act(Action::Undo));
        check(
            "ctrl-w",
            Press::Edit(Edit::Request(InputRequest::DeletePrevWord)),
        );
    }

    #[test]
    fn a_begun_sequence_shows_how_it_goes_on_after_a_while() {
        let mut keymap = Keymap::default();
        keymap.press(
            Key::parse("g").expect("a key"),
            Place::Search,
            Mode::Command,
            NOW,
        );
        assert_eq!(keymap.begun(), "g");
        assert_eq!(keymap.shows_at(), Some(Moment(300)));
        assert!(follow("g", Place::Search).any(|(key, _)| key == "s"));
        let keys: Vec<_> = follow("]", Place::Import).map(|(key, _)| key).collect();
        assert_eq!(keys, ["m"]);
    }
}
