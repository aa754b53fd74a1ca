//! Asking before a policy becomes the default, or goes for good.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::model::MergePolicy;
use crate::tui::action::Action;
use crate::tui::message::{Ctx, Edit};
use crate::tui::screen::Mode;
use crate::tui::text::{fit, wrap};
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::{Field, popup};
use crate::worker::Question;

const WIDTH: u16 = 60;

/// What is to be confirmed.
#[derive(Clone, Debug)]
pub enum Confirm {
    /// Making a policy the default.
    Default(MergePolicy),
    /// Deleting a policy, by typing its name.
    Delete(Box<MergePolicy>, Field),
}

/// What becomes of the box after a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It stays.
    Stays,
    /// It closes, and nothing is done.
    Closed,
    /// It closes, and this is asked.
    Done(Question),
}

impl Confirm {
    /// Which keys mean what.
    pub fn mode(&self) -> Mode {
        match self {
            Confirm::Default(_) => Mode::Command,
            Confirm::Delete(..) => Mode::Text,
        }
    }

    /// Answers an action.
    pub fn update(&self, action: Action) -> Outcome {
        match (action, self) {
            (Action::Undo, _) => Outcome::Closed,
            (Action::Open, Confirm::Default(policy)) => {
                Outcome::Done(Question::DefaultPolicy(policy.id.clone()))
            }
            (Action::Open, Confirm::Delete(policy, field)) if field.text() == policy.name => {
                Outcome::Done(Question::DeletePolicy(policy.id.clone()))
            }
            _ => Outcome::Stays,
        }
    }

    /// Takes what is typed.
    pub fn edit(&mut self, edit: &Edit) {
        if let Confirm::Delete(_, field) = self {
            field.edit(edit);
        }
    }

    /// Paints the box over an area.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx) {
        let (title, words, note) = match self {
            Confirm::Default(policy) => (
                "default policy",
                format!("{} becomes the default, for the commands too.", policy.name),
                "enter does it · esc leaves it",
            ),
            Confirm::Delete(policy, _) => (
                "delete 1 policy",
                format!(
                    "{} goes, with all of its {} versions. Type its name to confirm:",
                    policy.name, policy.version
                ),
                "enter deletes it · esc leaves it",
            ),
        };
        let place = popup::centred(area, WIDTH, 6);
        let inside = popup::open(
            frame,
            place,
            noted(panel(title, Focus::Here, ctx), note, ctx),
        );
        let width = usize::from(inside.width).saturating_sub(2);
        for (row, line) in (inside.y..inside.bottom()).zip(wrap(&words, width, 2)) {
            let line = Span::styled(format!(" {}", fit(&line, width)), ctx.theme.text);
            frame.render_widget(line, Rect::new(inside.x, row, inside.width, 1));
        }
        if let Confirm::Delete(_, field) = self {
            let last = Rect::new(
                inside.x + 1,
                inside.bottom().saturating_sub(1),
                inside.width.saturating_sub(2),
                1,
            );
            let prompt = Span::styled(format!("{} ", ctx.icons.prompt), ctx.theme.key);
            frame.render_widget(prompt, last);
            let rest = Rect {
                x: last.x + 2,
                width: last.width.saturating_sub(2),
                ..last
            };
            field.draw(frame, rest, Focus::Here, ctx);
        }
    }
}
