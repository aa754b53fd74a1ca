//! A key as people write it: `j`, `ctrl-p`, `alt-1`, `shift-tab`, `F2`, `pgdn`.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A key that was pressed, without what the terminal adds: a letter's case says its shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// What was pressed.
    pub code: KeyCode,
    /// What was held.
    pub modifiers: KeyModifiers,
}

/// The names of keys that are no letters.
const NAMES: [(&str, KeyCode); 18] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("shift-tab", KeyCode::BackTab),
    ("space", KeyCode::Char(' ')),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("backspace", KeyCode::Backspace),
    ("del", KeyCode::Delete),
    ("ins", KeyCode::Insert),
    ("minus", KeyCode::Char('-')),
    ("nul", KeyCode::Null),
];

impl Key {
    /// Reads a key's name.
    pub fn parse(name: &str) -> Option<Key> {
        let plain = |code| Key {
            code,
            modifiers: KeyModifiers::NONE,
        };
        if let Some((_, code)) = NAMES.into_iter().find(|(known, _)| *known == name) {
            return Some(plain(code));
        }
        if let Some(number) = name.strip_prefix('F').filter(|rest| !rest.is_empty()) {
            return number.parse().ok().map(|number| plain(KeyCode::F(number)));
        }
        let mut letters = name.chars();
        if let (Some(letter), None) = (letters.next(), letters.next()) {
            return Some(plain(KeyCode::Char(letter)));
        }
        let (held, rest) = name.split_once('-')?;
        let held = match held {
            "ctrl" => KeyModifiers::CONTROL,
            "alt" => KeyModifiers::ALT,
            _ => return None,
        };
        let mut key = Key::parse(rest)?;
        key.modifiers |= held;
        Some(key)
    }

    /// The key of an event; `None` where it is only let go.
    pub fn of(event: KeyEvent) -> Option<Key> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let mut modifiers = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
        let code = match event.code {
            KeyCode::Char(letter) if modifiers.contains(KeyModifiers::CONTROL) => {
                KeyCode::Char(letter.to_ascii_lowercase())
            }
            KeyCode::Char(letter) if event.modifiers.contains(KeyModifiers::SHIFT) => {
                KeyCode::Char(letter.to_uppercase().next().unwrap_or(letter))
            }
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            code => code,
        };
        // AltGr arrives as ctrl and alt together, and only writes a letter.
        let is_alt_gr = modifiers == KeyModifiers::CONTROL | KeyModifiers::ALT;
        if is_alt_gr && matches!(code, KeyCode::Char(letter) if !letter.is_ascii_alphanumeric()) {
            modifiers = KeyModifiers::NONE;
        }
        Some(Key { code, modifiers })
    }

    /// The letter that it writes, where it writes one.
    pub fn letter(self) -> Option<char> {
        match self.code {
            KeyCode::Char(letter) if self.modifiers.is_empty() => Some(letter),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.modifiers.contains(KeyModifiers::CONTROL) {
            f.write_str("ctrl-")?;
        }
        if self.modifiers.contains(KeyModifiers::ALT) {
            f.write_str("alt-")?;
        }
        match self.code {
            KeyCode::F(number) => write!(f, "F{number}"),
            code => match (NAMES.iter().find(|(_, known)| *known == code), code) {
                (_, KeyCode::Char('-')) => f.write_str("-"),
                (Some((name, _)), _) => f.write_str(name),
                (None, KeyCode::Char(letter)) if !letter.is_control() => write!(f, "{letter}"),
                _ => f.write_str("this key"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_what_it_writes() {
        for name in [
            "j",
            "G",
            "]",
            "-",
            "ctrl-p",
            "alt-1",
            "F2",
            "shift-tab",
            "space",
            "enter",
            "pgdn",
        ] {
            assert_eq!(Key::parse(name).expect(name).to_string(), name);
        }
        assert_eq!(Key::parse("hyper-x"), None);
        assert_eq!(Key::parse("Fx"), None);
    }

    #[test]
    fn terminals_that_say_more_say_the_same() {
        let check = |code: KeyCode, modifiers: KeyModifiers, expected: &str| {
            let key = Key::of(KeyEvent::new(code, modifiers)).expect("a press");
            assert_eq!(key.to_string(), expected);
        };
        check(KeyCode::Char('G'), KeyModifiers::SHIFT, "G");
        check(KeyCode::Char('g'), KeyModifiers::SHIFT, "G");
        check(KeyCode::Char('P'), KeyModifiers::CONTROL, "ctrl-p");
        check(KeyCode::Tab, KeyModifiers::SHIFT, "shift-tab");
        let alt_gr = KeyModifiers::CONTROL | KeyModifiers::ALT;
        check(KeyCode::Char('@'), alt_gr, "@");
        let mut released = KeyEvent::new(KeyCode::Char('a'), KeyModifiers::NONE);
        released.kind = KeyEventKind::Release;
        assert_eq!(Key::of(released), None);
    }
}
