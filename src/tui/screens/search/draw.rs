//! How the search screen looks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::message::Ctx;
use crate::tui::screen::Mode;
use crate::tui::text::{fit, took, wrap};
use crate::tui::widgets::line::ends;
use crate::tui::widgets::panel::{Focus, panel};

use super::hints::Spot;
use super::{BESIDE, FACETS, LIST, Search, State, rows};

/// Paints the screen.
pub fn draw(search: &Search, frame: &mut Frame<'_>, ctx: &Ctx) {
    let focused = match search.mode {
        Mode::Text => usize::MAX,
        Mode::Command => search.panes.focus(),
    };
    if let Some(area) = search.panes.area(LIST) {
        rows::draw(search, frame, area, Focus::of(LIST, focused), ctx);
    }
    if search.panes.area(BESIDE).is_some() {
        search.preview.draw(frame, Focus::of(BESIDE, focused), ctx);
    }
    if search.panes.area(FACETS).is_some() {
        let focus = Focus::of(FACETS, focused);
        search.facets.draw(frame, focus, &search.reading, ctx);
    }
    draw_box(search, frame, ctx);
    if let Some(dialog) = &search.dialog {
        dialog.prompt().draw(frame, ctx);
    }
}

fn draw_box(search: &Search, frame: &mut Frame<'_>, ctx: &Ctx) {
    let focus = match search.mode {
        Mode::Text => Focus::Here,
        Mode::Command => Focus::Elsewhere,
    };
    let block = panel("query", focus, ctx);
    let inside = block.inner(search.box_area);
    frame.render_widget(block, search.box_area);
    let prompt = Span::styled(ctx.icons.prompt, ctx.theme.accent);
    let first = Rect {
        height: 1,
        ..inside
    };
    frame.render_widget(prompt, first);
    let field = Rect::new(inside.x + 2, inside.y, inside.width.saturating_sub(2), 1);
    if search.field.text().is_empty() {
        let words =
            "name, e-mail, phone or identity;  tier:gold  seen:<30d  -city:lagos  conflict:*";
        let words = Span::styled(fit(words, field.width.into()), ctx.theme.faint);
        frame.render_widget(words, field);
    }
    search.field.draw(frame, field, focus, ctx);
    mark_mistake(search, frame, field, ctx);
    if let Some(below) = inside.rows().nth(1) {
        let below = Rect::new(field.x, below.y, field.width, 1);
        draw_explanation(search, frame, below, ctx);
    } else {
        let note = Line::styled(search.found(), ctx.theme.dim);
        ends(frame, field, Line::default(), note);
    }
    if search.mode == Mode::Text && search.dialog.is_none() {
        search.hints.draw(frame, spot_of_hints(search), ctx);
    }
}

/// Over the pane beside the list; where the list is alone, on the lower edge of the box.
fn spot_of_hints(search: &Search) -> Spot {
    let beside = search.panes.area(BESIDE).or(search.panes.area(FACETS));
    match (search.panes.area(LIST), beside) {
        (Some(_), Some(beside)) => Spot::Over(beside),
        _ => Spot::Line(Rect {
            x: search.box_area.x + 1,
            y: search.box_area.bottom().saturating_sub(1),
            width: search.box_area.width.saturating_sub(2),
            height: search.box_area.height.min(1),
        }),
    }
}

/// The letter at which the query goes wrong, or the place where one is missing.
fn mark_mistake(search: &Search, frame: &mut Frame<'_>, field: Rect, ctx: &Ctx) {
    let State::Wrong(_, Some(column)) = &search.state else {
        return;
    };
    let letter = column.saturating_sub(1);
    if let Some(column) = search.field.column_of(letter, field.width.into()) {
        let place = Rect::new(field.x + column as u16, field.y, 1, 1);
        frame
            .buffer_mut()
            .set_style(place, ctx.theme.bad.reversed());
    }
}

/// The line under the query: what it means and finds, or what is wrong with it.
fn draw_explanation(search: &Search, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx) {
    let width = usize::from(area.width);
    if let State::Wrong(words, column) = &search.state {
        let caret = column.and_then(|at| search.field.column_of(at.saturating_sub(1), width));
        let line = match (caret, column) {
            (Some(caret), _) if caret + words.chars().count() + 2 <= width => {
                format!("{}^ {}", " ".repeat(caret), fit(words, width))
            }
            (_, Some(column)) => fit(&format!("{words} (column {column})"), width),
            (_, None) => fit(words, width),
        };
        frame.render_widget(Span::styled(line, ctx.theme.bad), area);
        return;
    }
    let found = search.found();
    let timing = match search.state {
        State::Listed if search.is_current() => format!("{found} · {}", took(search.elapsed)),
        _ => found,
    };
    let room = width.saturating_sub(timing.len() + 2);
    let chips = match search.notes.as_slice() {
        notes if !notes.is_empty() && search.is_current() => {
            Line::styled(fit(&notes.join("; "), room), ctx.theme.conflict)
        }
        _ => search.reading.chips(room, ctx),
    };
    ends(frame, area, chips, Line::styled(timing, ctx.theme.dim));
}

/// What is said where there is no list.
pub fn draw_nothing(search: &Search, frame: &mut Frame<'_>, inside: Rect, ctx: &Ctx) {
    let lines: &[(&str, &str)] = match &search.state {
        State::Unreadable(words) => &[
            ("", words),
            ("", ""),
            ("S", "imports the bundled sample: a small shop's customers"),
            ("6", "imports files of your own: JSON, CSV, TSV, Parquet"),
        ],
        State::Waiting => &[("", "reading…")],
        State::Wrong(..) => &[("", "the query cannot be read yet")],
        State::EmptyStore => &[
            ("", "This store is empty."),
            ("", ""),
            ("S", "imports the bundled sample: a small shop's customers"),
            ("6", "imports files of your own: JSON, CSV, TSV, Parquet"),
            ("?", "lists the keys of this screen"),
        ],
        State::Listed => &[
            ("", "No profile matches."),
            ("", ""),
            (
                "any.",
                "before a path also looks at values that lost: any.tier:gold",
            ),
            ("*", "stands for any letters: city:par*"),
            ("p", "chooses another policy, under which other values win"),
        ],
    };
    let width = usize::from(inside.width).saturating_sub(8);
    let said = lines
        .iter()
        .flat_map(|(key, words)| said(key, words, width, ctx));
    for (row, line) in inside.rows().skip(1).zip(said) {
        frame.render_widget(line, row);
    }
}

/// A sentence, or a key with what it does.
fn said<'a>(key: &str, words: &str, width: usize, ctx: &Ctx) -> Vec<Line<'a>> {
    let lines = wrap(words, width, 3).into_iter().enumerate();
    let line = |(at, text): (usize, String)| match (key, at) {
        ("", _) => Line::styled(format!("  {text}"), ctx.theme.text),
        (key, at) => {
            let key = if at == 0 { key } else { "" };
            Line::from(vec![
                Span::styled(format!("  {key:<4}"), ctx.theme.key),
                Span::styled(format!(" {text}"), ctx.theme.dim),
            ])
        }
    };
    lines.map(line).collect()
}
