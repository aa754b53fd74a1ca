//! What the query can go on with, in a small list beside the results, or on the box's lower edge where there is no room beside them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::privacy::is_personal;
use crate::model::{CompletionAnswer, Path, Suggestion};
use crate::tui::action::Action;
use crate::tui::message::{Ctx, Effect};
use crate::tui::privacy::Mask;
use crate::tui::text::{cells, count, fit, fit_left, fit_right};
use crate::tui::widgets::line::width;
use crate::tui::widgets::panel::{Focus, panel};
use crate::tui::widgets::{Cursor, Field, popup, rows};
use crate::worker::{Question, Slot};

const MOST_ROWS: usize = 9;

/// Where the suggestions are painted.
#[derive(Clone, Copy, Debug)]
pub enum Spot {
    /// Over a pane that can be spared while one types.
    Over(Rect),
    /// Side by side on one line.
    Line(Rect),
}

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
        let written: String = query
            .chars()
            .skip(answer.from)
            .take(answer.to.saturating_sub(answer.from))
            .collect();
        // What is written already needs no offer.
        self.answer.suggestions.retain(|one| one.text != written);
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

    /// Paints itself where nothing of the list is hidden.
    pub fn draw(&self, frame: &mut Frame<'_>, spot: Spot, ctx: &Ctx) {
        match spot {
            _ if !self.is_open() => {}
            Spot::Over(area) => self.draw_list(frame, area, ctx),
            Spot::Line(area) => self.draw_line(frame, area, ctx),
        }
    }

    fn draw_list(&self, frame: &mut Frame<'_>, over: Rect, ctx: &Ctx) {
        let suggestions = &self.answer.suggestions;
        let longest = |text: fn(&Suggestion) -> &str| {
            let lengths = suggestions.iter().map(|one| cells(text(one)));
            lengths.max().unwrap_or(0)
        };
        let names = longest(|one| &one.text).clamp(12, 44);
        let kinds = longest(|one| one.kind);
        let width = (names + kinds + 14).min(over.width.into()) as u16;
        let names = names.min(usize::from(width).saturating_sub(kinds + 14));
        let height = (suggestions.len().min(MOST_ROWS) + 2) as u16;
        let area = Rect::new(over.x, over.y, width, height).intersection(over);
        let inside = popup::open(frame, area, panel("tab takes", Focus::Here, ctx));
        let list = (&self.cursor, suggestions.len());
        rows::rows(frame, inside, list, Focus::Here, ctx, |at| {
            let one = suggestions.get(at);
            one.map_or_else(Line::default, |one| self.line(one, names, kinds, ctx))
        });
    }

    /// The suggestions side by side, from the last one on with which the selected one still fits.
    fn draw_line(&self, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx) {
        let selected = self.cursor.selected();
        let place = format!(" {} of {} ", selected + 1, self.answer.suggestions.len());
        let end = Span::styled(place, ctx.theme.dim);
        let room = usize::from(area.width).saturating_sub(cells(&end.content) + 6);
        let texts: Vec<String> = self
            .answer
            .suggestions
            .iter()
            .map(|one| {
                format!(
                    " {} ",
                    fit(self.shown(one, ctx), room.saturating_sub(2).min(44))
                )
            })
            .collect();
        let fits = |first: &usize| {
            let seen = texts.get(*first..=selected).unwrap_or_default();
            seen.iter().map(|text| cells(text)).sum::<usize>() <= room
        };
        let first = (0..=selected).find(fits).unwrap_or(selected);
        let mut spans = vec![Span::styled(" tab", ctx.theme.key)];
        let mut left = room;
        for (at, text) in texts.into_iter().enumerate().skip(first) {
            let Some(rest) = left.checked_sub(cells(&text)) else {
                break;
            };
            left = rest;
            let style = if at == selected {
                ctx.theme.selection
            } else {
                ctx.theme.text
            };
            spans.push(Span::styled(text, style));
        }
        spans.push(end);
        let line = Line::from(spans);
        let width = (width(&line) as u16).min(area.width);
        frame.render_widget(line, Rect { width, ..area });
    }

    fn shown<'a>(&self, one: &'a Suggestion, ctx: &Ctx) -> &'a str {
        if self.is_hidden(one, ctx) {
            ctx.icons.masked
        } else {
            &one.text
        }
    }

    fn line<'a>(&self, one: &Suggestion, names: usize, kinds: usize, ctx: &Ctx) -> Line<'a> {
        let text = self.shown(one, ctx);
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
