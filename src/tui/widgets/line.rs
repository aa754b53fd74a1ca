//! Lines that are built from parts: key hints, and a left and a right end.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::message::Ctx;
use crate::tui::text::{cells, fit};

/// A key and what it does, with two blanks behind.
pub fn hint<'a>(key: &str, label: &str, ctx: &Ctx) -> [Span<'a>; 2] {
    [
        Span::styled(key.to_owned(), ctx.theme.key),
        Span::styled(format!(" {label}  "), ctx.theme.dim),
    ]
}

/// Paints two lines on one row: the right one at the right end, the left one in what is left of it.
pub fn ends(frame: &mut Frame<'_>, area: Rect, left: Line<'_>, right: Line<'_>) {
    let wide = width(&right).min(area.width.into()) as u16;
    let gap = u16::from(wide > 0);
    let rest = Rect {
        width: area.width.saturating_sub(wide + gap),
        ..area
    };
    frame.render_widget(left, rest);
    let end = Rect {
        x: area.right() - wide,
        width: wide,
        ..area
    };
    frame.render_widget(right, end);
}

/// The line made harmless and cut to a width, with `…` where something is missing.
pub fn clipped(line: Line<'_>, width: usize) -> Line<'static> {
    let mut rest = width;
    let mut spans = Vec::new();
    for span in line.spans {
        let text = fit(&span.content, rest);
        rest = rest.saturating_sub(cells(&text));
        let is_cut = text.ends_with('…') && !span.content.ends_with('…');
        spans.push(Span::styled(text, span.style));
        if is_cut {
            break;
        }
    }
    Line::from(spans)
}

/// How many cells a line takes.
pub fn width(line: &Line<'_>) -> usize {
    line.spans.iter().map(|span| cells(&span.content)).sum()
}
