//! A line that takes text, with its cursor and without what a terminal would obey.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Span;
use tui_input::{Input, InputRequest};

use crate::tui::message::{Ctx, Edit};
use crate::tui::text::{cells, fit};

use super::panel::Focus;

/// Letters that fit into a line; what is pasted beyond is dropped.
const MOST_LETTERS: usize = 4_096;

/// A line of text that is being written.
#[derive(Clone, Debug, Default)]
pub struct Field {
    input: Input,
}

impl Field {
    /// A line that holds a text.
    pub fn new(text: &str) -> Field {
        Field {
            input: Input::new(text.chars().take(MOST_LETTERS).collect()),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// The text without the blanks around it, where there is any.
    pub fn written(&self) -> Option<String> {
        Some(self.text().trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Where the cursor is, in letters from 0.
    pub fn cursor(&self) -> usize {
        self.input.cursor()
    }

    /// Puts a text in the place of some letters, and the cursor behind it.
    pub fn replace(&mut self, letters: Range<usize>, text: &str) {
        let before: String = self.text().chars().take(letters.start).collect();
        let after: String = self.text().chars().skip(letters.end).collect();
        let cursor = before.chars().count() + text.chars().count();
        *self = Field::new(&format!("{before}{text}{after}"));
        self.input.handle(InputRequest::SetCursor(cursor));
    }

    /// In which column of a line of this width a letter is seen, counted from 0; the place after the last one counts too.
    pub fn column_of(&self, letter: usize, width: usize) -> Option<usize> {
        let skipped = self.skipped(width);
        let visible: String = self.text().chars().take(letter).skip(skipped).collect();
        let column = cells(&fit(&visible, width + 1));
        (letter >= skipped && column < width).then_some(column)
    }

    /// Changes the text; whether it is another one now.
    pub fn edit(&mut self, edit: &Edit) -> bool {
        match edit {
            Edit::Request(InputRequest::InsertChar(letter)) => self.insert(&letter.to_string()),
            Edit::Request(request) => {
                let change = self.input.handle(*request);
                change.is_some_and(|change| change.value)
            }
            Edit::Paste(text) => self.insert(text),
        }
    }

    /// Paints the line; where it has the keys, the terminal's cursor is put there.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, focus: Focus, ctx: &Ctx) {
        let width = usize::from(area.width);
        let skipped = self.skipped(width);
        let shown: String = self.text().chars().skip(skipped).collect();
        frame.render_widget(Span::styled(fit(&shown, width), ctx.theme.text), area);
        if focus == Focus::Here && width > 0 {
            let column = self.column_of(self.cursor(), width).unwrap_or(width - 1) as u16;
            frame.set_cursor_position(Position::new(area.x + column, area.y));
        }
    }

    /// How many letters at the left are not seen.
    fn skipped(&self, width: usize) -> usize {
        let before: String = self.text().chars().take(self.cursor()).collect();
        hidden(&before, width.saturating_sub(1))
    }

    fn insert(&mut self, text: &str) -> bool {
        let room = MOST_LETTERS.saturating_sub(self.text().chars().count());
        let mut is_changed = false;
        for letter in text.trim_end_matches(['\r', '\n']).chars().take(room) {
            let letter = if letter.is_control() { ' ' } else { letter };
            self.input.handle(InputRequest::InsertChar(letter));
            is_changed = true;
        }
        is_changed
    }
}

/// How many letters at the left have to go so that the rest takes no more than a width.
fn hidden(before: &str, width: usize) -> usize {
    let letters: Vec<char> = before.chars().collect();
    let mut kept = String::new();
    for (count, letter) in letters.iter().rev().enumerate() {
        kept.insert(0, *letter);
        if cells(&fit(&kept, width + 1)) > width {
            return letters.len() - count;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_becomes_one_harmless_line() {
        let mut field = Field::new("a");
        assert!(field.edit(&Edit::Paste("b\nc\x1b[31m\n".into())));
        assert_eq!(field.text(), "ab c [31m");
        assert!(field.edit(&Edit::Paste("x".repeat(1_000_000))));
        assert_eq!(field.text().chars().count(), MOST_LETTERS);
        assert!(!field.edit(&Edit::Paste("y".into())));
        assert!(!field.edit(&Edit::Request(InputRequest::GoToStart)));
    }

    #[test]
    fn a_long_line_scrolls_to_its_cursor() {
        let check = |before: &str, width: usize, expected: usize| {
            assert_eq!(hidden(before, width), expected, "{before}");
        };
        check("", 5, 0);
        check("abc", 5, 0);
        check("abcdefgh", 5, 3);
        check("岡部岡部", 5, 2);
    }
}
