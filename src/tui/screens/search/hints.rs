//! What the query can go on with, in a small list under the box.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::model::privacy::is_personal;
use crate::model::{CompletionAnswer, Path, Suggestion};
use crate::tui::action::Action;
use crate::tui::message::{Ctx, Effect};
use crate::tui::privacy::Mask;
use crate::tui::text::{cells, count, fit_left, fit_right};
use crate::tui::widgets::panel::{Focus, panel};
use crate::tui::widgets::{Cursor, Field, popup, rows};
use crate::worker::{Question, Slot};

const MOST_ROWS: usize = 9;

/// The list.
#[derive(Debug, Default)]
pub struct Hints {
    /// The query and the place in it that the list is about.
    asked: (String, usize),
    /// Whether the first one is to be taken as soon as it is known.
    is_wanted: bool,
    is_answered: bool,
    answer: CompletionAnswer,
    cursor: Cursor,
}

impl Hints {
    /// Asks what the query can go on with, where something is begun; until the answer comes, nothing is offered.
    pub fn ask(&mut self, field: &Field) -> Option<Effect> {
        self.close();
        let (query, cursor) = (field.text().to_owned(), field.cursor());
        let before = cursor.checked_sub(1)?;
        let is_begun = query
            .chars()
            .nth(before)
            .is_some_and(|letter| !letter.is_whitespace());
        if !is_begun {
            return None;
        }
        self.asked = (query.clone(), cursor);
        Some(Effect::Ask(
            Slot::Completion,
            Question::Complete { query, cursor },
        ))
    }

    /// Takes the answer to its last question; whether a suggestion was wanted before it was there.
    pub fn take(&mut self, query: &str, cursor: usize, answer: &CompletionAnswer) -> bool {
        if self.asked.0 != query || self.asked.1 != cursor {
            return false;
        }
        self.is_answered = true;
        self.answer = answer.clone();
        self.cursor.select(0);
        self.cursor.fit(MOST_ROWS, self.answer.suggestions.len());
        self.is_open() && std::mem::take(&mut self.is_wanted)
    }

    /// Wants the first suggestion of an answer that is still to come; whether one is.
    pub fn want(&mut self) -> bool {
        self.is_wanted = !self.asked.0.is_empty() && !self.is_answered;
        self.is_wanted
    }

    /// Offers nothing any more.
    pub fn close(&mut self) {
        *self = Hints::default();
    }

    /// Whether something is offered.
    pub fn is_open(&self) -> bool {
        !self.answer.suggestions.is_empty()
    }

    /// Goes up or down; whether it did.
    pub fn step(&mut self, action: Action) -> bool {
        let step = match action {
            Action::NextSuggestion => Action::Down,
            Action::NextPolicy => Action::Up,
            _ => return false,
        };
        self.is_open() && self.cursor.act(step, self.answer.suggestions.len())
    }

    /// Puts the selected one into the box; whether there was one.
    pub fn accept(&mut self, field: &mut Field, ctx: &Ctx) -> bool {
        let Some(one) = self.answer.suggestions.get(self.cursor.selected()) else {
            return false;
        };
        if self.is_hidden(one, ctx) {
            return false;
        }
        field.replace(self.answer.from..self.answer.to, &one.text);
        true
    }

    /// Paints itself in the area below the box.
    pub fn draw(&self, frame: &mut Frame<'_>, field: (&Field, Rect), below: Rect, ctx: &Ctx) {
        if !self.is_open() {
            return;
        }
        let (field, place) = field;
        let suggestions = &self.answer.suggestions;
        let names = suggestions
            .iter()
            .map(|one| cells(&one.text))
            .max()
            .unwrap_or(0)
            .clamp(12, 44);
        let kinds = suggestions
            .iter()
            .map(|one| cells(one.kind))
            .max()
            .unwrap_or(0);
        let width = (names + kinds + 14).min(below.width.into()) as u16;
        let height = (suggestions.len().min(MOST_ROWS) + 2) as u16;
        let column = field
            .column_of(self.answer.from, place.width.into())
            .unwrap_or(0) as u16;
        let x = (place.x + column)
            .saturating_sub(2)
            .min(below.right().saturating_sub(width));
        let area = Rect::new(x, below.y, width, height).intersection(below);
        let inside = popup::open(frame, area, panel("", Focus::Here, ctx));
        let list = (&self.cursor, suggestions.len());
        rows::rows(frame, inside, list, Focus::Here, ctx, |at| {
            let one = suggestions.get(at);
            one.map_or_else(Line::default, |one| self.line(one, names, kinds, ctx))
        });
        if let Some(column) = field.column_of(field.cursor(), place.width.into()) {
            frame.set_cursor_position(Position::new(place.x + column as u16, place.y));
        }
    }

    fn line<'a>(&self, one: &Suggestion, names: usize, kinds: usize, ctx: &Ctx) -> Line<'a> {
        let text = if self.is_hidden(one, ctx) {
            ctx.icons.masked
        } else {
            &one.text
        };
        let number = one.count.map(count).unwrap_or_default();
        Line::from(vec![
            Span::styled(fit_left(text, names), ctx.theme.text),
            Span::styled(format!(" {}", fit_left(one.kind, kinds)), ctx.theme.dim),
            Span::styled(format!(" {}", fit_right(&number, 8)), ctx.theme.accent),
        ])
    }

    /// Whether the mask hides a value that may say who a person is.
    fn is_hidden(&self, one: &Suggestion, ctx: &Ctx) -> bool {
        if ctx.mask == Mask::Off || one.kind != "value" {
            return false;
        }
        let before: String = self.asked.0.chars().take(self.answer.from).collect();
        let term = before.rsplit([' ', '(', '-']).next().unwrap_or_default();
        let name = term.split(':').next().unwrap_or_default();
        let path: Path = name.parse().unwrap_or_default();
        is_personal(path.keys(), &one.text.trim_matches('"').into())
    }
}
