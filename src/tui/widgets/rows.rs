//! A window over a list: the rows that can be seen are built and painted, the selected one with its bar, a scrollbar at the right.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};

use crate::tui::message::Ctx;

use super::Cursor;
use super::panel::Focus;

/// Paints the rows of a list of this length that the cursor's window shows; `row` builds one, without its first cell.
pub fn rows<'a>(
    frame: &mut Frame<'_>,
    area: Rect,
    list: (&Cursor, usize),
    focus: Focus,
    ctx: &Ctx,
    row: impl Fn(usize) -> Line<'a>,
) {
    let (cursor, len) = list;
    for (place, index) in cursor.window(len).enumerate().take(area.height.into()) {
        let line_area = Rect::new(area.x, area.y + place as u16, area.width, 1);
        let selected = (index == cursor.selected()).then_some(focus);
        self::row(frame, line_area, row(index), selected, ctx);
    }
    scrollbar(frame, area, list, ctx);
}

/// Paints one row behind its first cell, which holds the bar of the selected one; `selected` is where the keys are, for that one.
pub fn row(frame: &mut Frame<'_>, area: Rect, built: Line<'_>, selected: Option<Focus>, ctx: &Ctx) {
    let bar = match selected {
        Some(Focus::Here) => Span::styled(ctx.icons.bar, ctx.theme.accent),
        Some(Focus::Elsewhere) => Span::styled(ctx.icons.bar, ctx.theme.faint),
        None => Span::raw(" "),
    };
    let mut line = Line::from(bar);
    line.spans.extend(built.spans.into_iter().map(|span| {
        let style = built.style.patch(span.style);
        span.style(style)
    }));
    frame.render_widget(line, area);
    if selected == Some(Focus::Here) {
        // One calm bar: what colours say on other rows, signs still say on this one.
        let rest = Rect::new(area.x + 1, area.y, area.width.saturating_sub(1), 1);
        let plain = Style::new().fg(Color::Reset).patch(ctx.theme.selection);
        frame.buffer_mut().set_style(rest, plain);
    }
}

/// Paints the lines of a text that the cursor's window shows, without a selection.
pub fn text(frame: &mut Frame<'_>, area: Rect, (cursor, lines): (&Cursor, &[Line<'_>]), ctx: &Ctx) {
    let seen = lines.get(cursor.window(lines.len())).unwrap_or_default();
    let inside = Rect {
        x: area.x + area.width.min(1),
        width: area.width.saturating_sub(1),
        ..area
    };
    for (row, line) in inside.rows().zip(seen) {
        frame.render_widget(line, row);
    }
    scrollbar(frame, area, (cursor, lines.len()), ctx);
}

/// Marks on the right border, one column beyond the area, which part of the list can be seen.
fn scrollbar(frame: &mut Frame<'_>, area: Rect, (cursor, len): (&Cursor, usize), ctx: &Ctx) {
    let height = usize::from(area.height);
    let column = area.right();
    if len <= height || height == 0 || column >= frame.area().right() {
        return;
    }
    let window = cursor.window(len);
    let size = (height * height / len).max(1);
    let space = height - size;
    let start = window.start * space / (len - height).max(1);
    for row in start..(start + size).min(height) {
        let thumb = Span::styled(ctx.icons.full, ctx.theme.border);
        frame.render_widget(thumb, Rect::new(column, area.y + row as u16, 1, 1));
    }
}
