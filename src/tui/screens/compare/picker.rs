//! The list in which policies are taken into a comparison, or out of it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::action::Action;
use crate::tui::message::Ctx;
use crate::tui::text::fit;
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::{Cursor, popup, rows};

const WIDTH: u16 = 60;

/// Policies that are compared at most.
pub const MOST: usize = 8;

/// The list.
#[derive(Clone, Debug, Default)]
pub struct Picker {
    cursor: Cursor,
    area: Rect,
}

/// What becomes of the list after a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// It stays.
    Stays,
    /// It closes.
    Closed,
    /// This policy goes in or out.
    Turned(String),
}

impl Picker {
    /// Answers an action.
    pub fn update(&mut self, action: Action, ctx: &Ctx) -> Picked {
        match action {
            Action::Undo | Action::Sides => Picked::Closed,
            Action::Open | Action::Select => match ctx.policies.get(self.cursor.selected()) {
                Some(policy) => Picked::Turned(policy.id.clone()),
                None => Picked::Closed,
            },
            _ => {
                self.cursor.act(action, ctx.policies.len());
                Picked::Stays
            }
        }
    }

    /// Learns the area of the screen.
    pub fn layout(&mut self, area: Rect, ctx: &Ctx) {
        let height = (ctx.policies.len() as u16).saturating_add(2);
        self.area = popup::centred(area, WIDTH, height.clamp(3, area.height.max(3)));
        let rows = usize::from(self.area.height).saturating_sub(2);
        self.cursor.fit(rows, ctx.policies.len());
    }

    /// Paints the list; the chosen ones carry their letter.
    pub fn draw(&self, frame: &mut Frame<'_>, chosen: &[String], ctx: &Ctx) {
        let block = noted(
            panel("compare which policies", Focus::Here, ctx),
            "space in or out · esc closes",
            ctx,
        );
        let inside = popup::open(frame, self.area, block);
        let list = (&self.cursor, ctx.policies.len());
        rows::rows(frame, inside, list, Focus::Here, ctx, |at| {
            let Some(policy) = ctx.policies.get(at) else {
                return Line::default();
            };
            let place = chosen.iter().position(|id| *id == policy.id);
            let letter = place.map_or_else(|| " ".into(), |at| super::why::letter(at).to_string());
            Line::from(vec![
                Span::styled(format!("{letter} "), ctx.theme.key),
                Span::styled(
                    fit(&policy.name, usize::from(inside.width).saturating_sub(4)),
                    ctx.theme.text,
                ),
            ])
        });
    }
}
