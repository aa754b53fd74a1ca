//! A small box that asks for one thing: a text, or one of many choices that are narrowed by typing.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::action::Action;
use crate::tui::message::{Ctx, Edit};
use crate::tui::text::{fit, fit_left};

use super::panel::{Focus, noted, panel};
use super::{Cursor, Field, popup, rows};

const WIDTH: u16 = 76;
const MOST_ROWS: u16 = 14;

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is chosen.
    pub text: String,
    /// What is said of it.
    pub note: String,
}

/// What became of the box after a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It stays.
    Nothing,
    /// It is to be closed.
    Closed,
    /// This was chosen, or written.
    Chosen(String),
    /// The choice was taken in or out.
    Turned(String),
}

/// The box.
#[derive(Clone, Debug, Default)]
pub struct Prompt {
    title: String,
    note: String,
    field: Field,
    choices: Vec<Choice>,
    found: Vec<usize>,
    cursor: Cursor,
    area: Rect,
}

impl Prompt {
    /// A box with a title, and what its keys do.
    pub fn new(title: &str, note: &str) -> Prompt {
        Prompt {
            title: title.to_owned(),
            note: note.to_owned(),
            ..Prompt::default()
        }
    }

    /// With this text in it.
    #[must_use]
    pub fn holding(mut self, text: &str) -> Prompt {
        self.field = Field::new(text);
        self.find();
        self
    }

    /// With these choices.
    #[must_use]
    pub fn offering(mut self, choices: Vec<Choice>) -> Prompt {
        self.choices = choices;
        self.find();
        self
    }

    /// What is written in it.
    pub fn text(&self) -> &str {
        self.field.text()
    }

    /// Writes another text.
    pub fn write(&mut self, text: &str) {
        self.field = Field::new(text);
    }

    /// Says something else of the choices, which stay in their places.
    pub fn note(&mut self, note: impl Fn(&str) -> String) {
        for choice in &mut self.choices {
            choice.note = note(&choice.text);
        }
    }

    /// Answers an action; a choice is turned by the key of panes.
    pub fn update(&mut self, action: Action) -> Said {
        match action {
            Action::Undo | Action::Interrupt => Said::Closed,
            Action::Open => Said::Chosen(self.chosen()),
            Action::NextPane => match self.selected() {
                Some(choice) => Said::Turned(choice.text.clone()),
                None => Said::Turned(self.field.text().to_owned()),
            },
            action => {
                let action = match action {
                    Action::NextSuggestion => Action::Down,
                    Action::NextPolicy | Action::PreviousPane => Action::Up,
                    action => action,
                };
                self.cursor.act(action, self.found.len());
                Said::Nothing
            }
        }
    }

    /// Takes text.
    pub fn edit(&mut self, edit: &Edit) {
        if self.field.edit(edit) {
            self.find();
            self.cursor.select(0);
        }
    }

    /// Learns the area that it stands in.
    pub fn layout(&mut self, area: Rect) {
        let rows = (self.choices.len() as u16).min(MOST_ROWS);
        let height = (rows + 3 + u16::from(rows > 0)).min(area.height);
        self.area = popup::centred(area, WIDTH, height);
        let rows = usize::from(self.list().height);
        self.cursor.fit(rows, self.found.len());
    }

    /// Paints itself.
    pub fn draw(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        let block = noted(panel(&self.title, Focus::Here, ctx), &self.note, ctx);
        let inside = popup::open(frame, self.area, block);
        let prompt = Span::styled(format!("{} ", ctx.icons.prompt), ctx.theme.accent);
        let row = Rect {
            height: inside.height.min(1),
            ..inside
        };
        frame.render_widget(prompt, row);
        let field = Rect {
            x: row.x + 2.min(row.width),
            width: row.width.saturating_sub(2),
            ..row
        };
        self.field.draw(frame, field, Focus::Here, ctx);
        let list = (&self.cursor, self.found.len());
        let width = usize::from(inside.width);
        rows::rows(frame, self.list(), list, Focus::Here, ctx, |at| {
            let choice = self.found.get(at).and_then(|at| self.choices.get(*at));
            choice.map_or_else(Line::default, |choice| line(choice, width, ctx))
        });
    }

    fn list(&self) -> Rect {
        let inside = Rect {
            x: self.area.x + 1,
            y: self.area.y + 1,
            width: self.area.width.saturating_sub(2),
            height: self.area.height.saturating_sub(2),
        };
        Rect {
            y: inside.y + 2.min(inside.height),
            height: inside.height.saturating_sub(2),
            ..inside
        }
    }

    fn selected(&self) -> Option<&Choice> {
        self.choices.get(*self.found.get(self.cursor.selected())?)
    }

    /// The selected choice, with the `-` that was written before it; what is written, where nothing is left to choose.
    fn chosen(&self) -> String {
        let written = self.field.text().trim();
        match self.selected() {
            Some(choice) if written.starts_with('-') => format!("-{}", choice.text),
            Some(choice) => choice.text.clone(),
            None => written.to_owned(),
        }
    }

    fn find(&mut self) {
        let wanted = self
            .field
            .text()
            .trim()
            .trim_start_matches('-')
            .to_lowercase();
        let fits = |choice: &Choice| choice.text.to_lowercase().contains(&wanted);
        let choices = self.choices.iter().enumerate();
        let mut found: Vec<(usize, usize)> = choices
            .filter(|(_, choice)| fits(choice))
            .map(|(at, choice)| (usize::from(choice.text.to_lowercase() != wanted), at))
            .collect();
        found.sort_unstable();
        self.found = found.into_iter().map(|(_, at)| at).collect();
    }
}

fn line<'a>(choice: &Choice, width: usize, ctx: &Ctx) -> Line<'a> {
    let note = 24.min(width / 3);
    let room = width.saturating_sub(note + 3);
    Line::from(vec![
        Span::styled(fit_left(&choice.text, room), ctx.theme.text),
        Span::styled(format!(" {}", fit(&choice.note, note)), ctx.theme.dim),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt() -> Prompt {
        let choice = |text: &str| Choice {
            text: text.into(),
            note: String::new(),
        };
        Prompt::new("sort", "").offering(
            ["name", "seen", "loyalty.tier", "tier"]
                .map(choice)
                .to_vec(),
        )
    }

    #[test]
    fn typing_narrows_the_choices() {
        let check = |typed: &str, steps: usize, expected: &str| {
            let mut prompt = prompt();
            prompt.edit(&Edit::Paste(typed.into()));
            prompt.layout(Rect::new(0, 0, 80, 24));
            for _ in 0..steps {
                prompt.update(Action::Down);
            }
            assert_eq!(
                prompt.update(Action::Open),
                Said::Chosen(expected.into()),
                "{typed}"
            );
        };
        check("", 0, "name");
        check("", 1, "seen");
        check("se", 0, "seen");
        check("-se", 0, "-seen");
        check("tier", 0, "tier");
        check("tier", 1, "loyalty.tier");
        check("-points", 0, "-points");
    }

    #[test]
    fn it_can_be_left_and_its_choices_turned() {
        let mut prompt = prompt();
        assert_eq!(prompt.update(Action::NextPane), Said::Turned("name".into()));
        assert_eq!(prompt.update(Action::Undo), Said::Closed);
    }
}
