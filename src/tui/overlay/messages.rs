//! Everything that was said in passing, newest first.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::Moment;
use crate::tui::action::Action;
use crate::tui::message::Ctx;
use crate::tui::screen::Mode;
use crate::tui::text::fit;
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::{Cursor, popup, rows};

use super::{Outcome, Overlay};

const WIDTH: u16 = 100;

/// The list of messages.
pub struct Messages {
    lines: Vec<(Moment, String)>,
    cursor: Cursor,
    area: Rect,
}

impl Messages {
    /// These messages, oldest first.
    pub fn new(messages: impl DoubleEndedIterator<Item = (Moment, String)>) -> Messages {
        Messages {
            lines: messages.rev().collect(),
            cursor: Cursor::default(),
            area: Rect::default(),
        }
    }
}

impl Overlay for Messages {
    fn mode(&self) -> Mode {
        Mode::Command
    }

    fn update(&mut self, action: Action, _ctx: &Ctx) -> Outcome {
        match action {
            Action::Undo | Action::Back | Action::Open | Action::Interrupt => Outcome::Close,
            _ => {
                self.cursor.act(action, self.lines.len());
                Outcome::Stay
            }
        }
    }

    fn layout(&mut self, area: Rect, _ctx: &Ctx) {
        let height = (self.lines.len() as u16)
            .saturating_add(2)
            .clamp(3, area.height.max(3));
        self.area = popup::centred(area, WIDTH, height);
        let list = usize::from(self.area.height).saturating_sub(2);
        self.cursor.fit(list, self.lines.len());
    }

    fn draw(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        let block = noted(panel("messages", Focus::Here, ctx), "esc closes", ctx);
        let inside = popup::open(frame, self.area, block);
        let width = usize::from(inside.width).saturating_sub(11);
        if self.lines.is_empty() {
            frame.render_widget(Span::styled(" nothing was said yet", ctx.theme.dim), inside);
        }
        rows::rows(
            frame,
            inside,
            (&self.cursor, self.lines.len()),
            Focus::Here,
            ctx,
            |at| {
                let Some((moment, text)) = self.lines.get(at) else {
                    return Line::default();
                };
                let time = moment
                    .calendar()
                    .map(|time| time.format("%H:%M:%S").to_string());
                Line::from(vec![
                    Span::styled(format!("{}  ", time.unwrap_or_default()), ctx.theme.dim),
                    Span::styled(fit(text, width), ctx.theme.text),
                ])
            },
        );
    }
}
