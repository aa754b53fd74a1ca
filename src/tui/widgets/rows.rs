//! A window over a list: the rows that can be seen are built and painted, the selected one with its bar, a scrollbar at the right.

use ratatui::Frame;
use ratatui::layout::Rect;
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
        let is_selected = index == cursor.selected();
        let bar = match (is_selected, focus) {
            (true, Focus::Here) => Span::styled(ctx.icons.bar, ctx.theme.accent),
            (true, Focus::Elsewhere) => Span::styled(ctx.icons.bar, ctx.theme.faint),
            (false, _) => Span::raw(" "),
        };
        let mut line = Line::from(bar);
        line.spans.extend(row(index).spans);
        frame.render_widget(line, line_area);
        if is_selected && focus == Focus::Here {
            let rest = Rect::new(area.x + 1, line_area.y, area.width.saturating_sub(1), 1);
            frame.buffer_mut().set_style(rest, ctx.theme.selection);
        }
    }
    scrollbar(frame, area, list, ctx);
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
