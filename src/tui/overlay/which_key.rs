//! How a begun key sequence can go on.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::action;
use crate::tui::keymap::follow;
use crate::tui::message::{Ctx, Place};
use crate::tui::text::{fit, fit_right};
use crate::tui::widgets::panel::{Focus, panel};
use crate::tui::widgets::popup;

const WIDTH: u16 = 40;

/// Paints the keys that may follow, at the lower right of an area.
pub fn draw_which_key(frame: &mut Frame<'_>, area: Rect, (begun, place): (&str, Place), ctx: &Ctx) {
    let keys: Vec<_> = follow(begun, place).collect();
    let height = (keys.len().max(1) as u16).saturating_add(2);
    let area = popup::lower_right(area, WIDTH, height);
    let title = format!("{}…", action::shown(begun));
    let inside = popup::open(frame, area, panel(&title, Focus::Here, ctx));
    let width = usize::from(inside.width).saturating_sub(6);
    let mut lines: Vec<Line<'_>> = keys
        .into_iter()
        .map(|(key, entry)| {
            Line::from(vec![
                Span::styled(fit_right(key, 3), ctx.theme.key),
                Span::styled(format!("  {}", fit(entry.name, width)), ctx.theme.text),
            ])
        })
        .collect();
    if lines.is_empty() {
        lines.push(Line::styled(" nothing on this screen", ctx.theme.dim));
    }
    for (row, line) in inside.rows().zip(lines) {
        frame.render_widget(line, row);
    }
}
