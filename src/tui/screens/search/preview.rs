//! The pane beside the list: the selected profile in short.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::{Found, Identity, ProfileAnswer};
use crate::tui::action::Action;
use crate::tui::message::Ctx;
use crate::tui::screens::profile::lines::{Widths, line};
use crate::tui::screens::profile::rows::{Only, Row, rows as profile_rows};
use crate::tui::screens::profile::{header, name};
use crate::tui::text::{fit, wrap};
use crate::tui::widgets::panel::{Focus, panel};
use crate::tui::widgets::{Cursor, Outline, rows};

/// Rows above the attributes.
const HEAD: u16 = 3;

/// The pane.
#[derive(Default)]
pub struct Preview {
    shown: Shown,
    outline: Outline<Row>,
    cursor: Cursor,
    inside: Rect,
    area: Rect,
}

/// What the pane shows.
#[derive(Default)]
enum Shown {
    #[default]
    Nothing,
    Profile(Box<ProfileAnswer>),
    Failed(String),
}

impl Preview {
    /// Shows an answer; whoever was shown before keeps their place.
    pub fn show(&mut self, answer: &Result<Found<Box<ProfileAnswer>>, String>) {
        let before = self.subject().cloned();
        self.shown = match answer {
            Ok(Ok(profile)) => Shown::Profile(profile.clone()),
            Ok(Err(miss)) => Shown::Failed(miss.to_string()),
            Err(words) => Shown::Failed(words.clone()),
        };
        self.outline = match &self.shown {
            Shown::Profile(answer) => profile_rows(answer, Only::All),
            _ => Outline::default(),
        };
        if self.subject() != before.as_ref() {
            self.cursor.select(0);
        }
    }

    /// Shows nothing.
    pub fn clear(&mut self) {
        *self = Preview {
            inside: self.inside,
            area: self.area,
            ..Preview::default()
        };
    }

    /// Moves or folds.
    pub fn act(&mut self, action: Action) -> bool {
        self.outline.act(action, &mut self.cursor)
    }

    /// Moves the window.
    pub fn scroll(&mut self, lines: isize) {
        self.cursor.scroll(lines, self.outline.len());
    }

    /// Learns its area.
    pub fn layout(&mut self, area: Rect, ctx: &Ctx) {
        self.area = area;
        self.inside = panel("", Focus::Elsewhere, ctx).inner(area);
        let height = usize::from(self.inside.height.saturating_sub(HEAD));
        self.cursor.fit(height, self.outline.len());
    }

    /// Paints itself.
    pub fn draw(&self, frame: &mut Frame<'_>, focus: Focus, ctx: &Ctx) {
        frame.render_widget(panel("preview", focus, ctx), self.area);
        let inside = self.inside;
        match &self.shown {
            Shown::Nothing => {}
            Shown::Failed(words) => {
                let lines = wrap(words, inside.width.into(), inside.height.into());
                for (row, words) in inside.rows().zip(lines) {
                    frame.render_widget(Line::styled(words, ctx.theme.dim), row);
                }
            }
            Shown::Profile(answer) => self.draw_profile(frame, answer, focus, ctx),
        }
    }

    fn draw_profile(&self, frame: &mut Frame<'_>, answer: &ProfileAnswer, focus: Focus, ctx: &Ctx) {
        let inside = self.inside;
        let width = usize::from(inside.width);
        let head = [
            Line::styled(
                fit(&format!(" {}", name(answer, ctx)), width),
                ctx.theme.title,
            ),
            Line::from(Span::styled(
                format!(" {}", fit(&header::counts(answer, ctx), width - 1)),
                ctx.theme.dim,
            )),
        ];
        for (row, line) in inside.rows().zip(head) {
            frame.render_widget(line, row);
        }
        let body = Rect {
            y: inside.y + HEAD.min(inside.height),
            height: inside.height.saturating_sub(HEAD),
            ..inside
        };
        let widths = Widths::of(width.saturating_sub(1));
        rows::rows(
            frame,
            body,
            (&self.cursor, self.outline.len()),
            focus,
            ctx,
            |at| {
                let node = self.outline.row(at);
                node.map_or_else(Line::default, |node| line(node, answer, widths, ctx))
            },
        );
    }

    fn subject(&self) -> Option<&Identity> {
        match &self.shown {
            Shown::Profile(answer) => Some(&answer.entity_id),
            Shown::Nothing | Shown::Failed(_) => None,
        }
    }
}
