//! How the profile screen looks.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Line, Span};

use crate::model::Identity;
use crate::tui::message::Ctx;
use crate::tui::screen::Mode;
use crate::tui::text::{count, fit, wrap};
use crate::tui::widgets::line::clipped;
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::rows;

use super::lines::{Widths, headings, line};
use super::rows::Only;
use super::{Content, LIST, Profile, WHY, header};

/// The rows of the list inside its pane: below the headings.
pub fn list_rows(pane: Rect) -> Rect {
    let inside = pane.inner(Margin::new(1, 1));
    Rect {
        y: inside.y + inside.height.min(1),
        height: inside.height.saturating_sub(1),
        ..inside
    }
}

/// Paints the screen.
pub fn draw(profile: &Profile, frame: &mut Frame<'_>, ctx: &Ctx) {
    draw_header(profile, frame, ctx);
    let focused = profile.panes.focus();
    if let Some(area) = profile.panes.area(LIST) {
        draw_list(profile, frame, area, Focus::of(LIST, focused), ctx);
    }
    if let Some(area) = profile.panes.area(WHY) {
        draw_why(profile, frame, area, Focus::of(WHY, focused), ctx);
    }
}

fn draw_header(profile: &Profile, frame: &mut Frame<'_>, ctx: &Ctx) {
    if profile.header_area.height == 0 {
        return;
    }
    let title = match profile.answer() {
        Some(answer) => super::name(answer, ctx),
        None => ctx.mask.identity(&profile.subject, &ctx.icons),
    };
    let block = panel(&title, Focus::Elsewhere, ctx);
    let inside = block.inner(profile.header_area);
    frame.render_widget(block, profile.header_area);
    if let Some(answer) = profile.answer() {
        for (row, line) in inside.rows().zip(header::lines(answer, ctx)) {
            frame.render_widget(clipped(line, row.width.into()), row);
        }
    }
}

fn draw_list(profile: &Profile, frame: &mut Frame<'_>, area: Rect, focus: Focus, ctx: &Ctx) {
    let title = match profile.only {
        Only::All => "attributes",
        Only::Conflicts => "attributes in conflict",
    };
    let block = noted(panel(title, focus, ctx), &note(profile), ctx);
    let inside = block.inner(area);
    frame.render_widget(block, area);
    let Some(answer) = profile.answer() else {
        return draw_absent(profile, frame, inside, ctx);
    };
    let widths = Widths::of(usize::from(inside.width).saturating_sub(1));
    let mut heading = headings(widths, ctx);
    heading.spans.insert(0, Span::raw(" "));
    match profile.mode {
        Mode::Command => frame.render_widget(
            heading,
            Rect {
                height: 1,
                ..inside
            },
        ),
        Mode::Text => {
            let prompt = Span::styled("/", ctx.theme.accent);
            frame.render_widget(
                prompt,
                Rect {
                    height: 1,
                    ..inside
                },
            );
            let field = Rect::new(inside.x + 1, inside.y, inside.width.saturating_sub(1), 1);
            profile.find.draw(frame, field, Focus::Here, ctx);
        }
    }
    let list = (&profile.cursor, profile.outline.len());
    rows::rows(frame, list_rows(area), list, focus, ctx, |at| {
        let node = profile.outline.row(at);
        node.map_or_else(Line::default, |node| line(node, answer, widths, ctx))
    });
}

fn note(profile: &Profile) -> String {
    let rows = profile.outline.len() as u64;
    match rows {
        0 => String::new(),
        _ => format!(
            "{} of {}",
            count(profile.cursor.selected() as u64 + 1),
            count(rows)
        ),
    }
}

fn draw_absent(profile: &Profile, frame: &mut Frame<'_>, inside: Rect, ctx: &Ctx) {
    let Content::Missing(words, meant) = &profile.content else {
        frame.render_widget(Span::styled(" reading…", ctx.theme.dim), inside);
        return;
    };
    let width = usize::from(inside.width).saturating_sub(2);
    let lines = wrap(words, width, 4);
    let used = lines.len() as u16 + 1;
    for (row, words) in inside.rows().zip(lines) {
        frame.render_widget(Line::styled(format!(" {words}"), ctx.theme.text), row);
    }
    let below = Rect {
        y: inside.y + used.min(inside.height),
        height: inside.height.saturating_sub(used),
        ..inside
    };
    rows::rows(
        frame,
        below,
        (&profile.cursor, meant.len()),
        Focus::Here,
        ctx,
        |at| {
            let shown = meant
                .get(at)
                .map(|identity: &Identity| ctx.mask.identity(identity, &ctx.icons));
            Line::raw(fit(&shown.unwrap_or_default(), width))
        },
    );
}

fn draw_why(profile: &Profile, frame: &mut Frame<'_>, area: Rect, focus: Focus, ctx: &Ctx) {
    let block = panel("why", focus, ctx);
    let inside = block.inner(area);
    frame.render_widget(block, area);
    if profile.why.is_empty() {
        let words = "select an attribute to see where its value comes from";
        let line = Line::styled(fit(words, inside.width.into()), ctx.theme.dim);
        frame.render_widget(line, inside);
        return;
    }
    let list = (&profile.why_cursor, profile.why.len());
    rows::rows(frame, inside, list, focus, ctx, |at| {
        profile
            .why
            .get(at)
            .map_or_else(Line::default, |reason| reason.line.clone())
    });
}
