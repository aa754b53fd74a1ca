//! How the search screen looks.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Block;

use crate::model::{Hit, Match};
use crate::tui::message::Ctx;
use crate::tui::privacy::Mask;
use crate::tui::screen::Mode;
use crate::tui::text::{age, brief, count, fit, took, wrap};
use crate::tui::widgets::line::ends;
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::rows;
use crate::tui::widgets::table::{self, Column, Side};

use super::{BESIDE, LIST, SORTS, Search, State, query};

/// The columns of the list; the last one is there where a query says more than words.
const COLUMNS: [Column; 7] = [
    column("", Side::Left, 1, 0, 0),
    column("name", Side::Left, 14, 3, 0),
    column("email", Side::Left, 18, 3, 4),
    column("ids", Side::Right, 4, 0, 1),
    column("events", Side::Right, 7, 0, 2),
    column("seen", Side::Right, 6, 0, 1),
    column("matched", Side::Left, 16, 4, 3),
];

const fn column(title: &'static str, side: Side, least: usize, share: usize, rank: u8) -> Column {
    Column {
        title,
        side,
        least,
        share,
        rank,
    }
}

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
pub fn draw(search: &Search, frame: &mut Frame<'_>, ctx: &Ctx) {
    draw_box(search, frame, ctx);
    let focused = match search.mode {
        Mode::Text => usize::MAX,
        Mode::Command => search.panes.focus(),
    };
    if let Some(area) = search.panes.area(LIST) {
        draw_list(search, frame, area, Focus::of(LIST, focused), ctx);
    }
    if search.panes.area(BESIDE).is_some() {
        search.preview.draw(frame, Focus::of(BESIDE, focused), ctx);
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
    frame.render_widget(
        prompt,
        Rect {
            height: 1,
            ..inside
        },
    );
    let field = Rect::new(inside.x + 2, inside.y, inside.width.saturating_sub(2), 1);
    if search.field.text().is_empty() {
        let words =
            "name, e-mail, phone or identity;  tier:gold  seen:<30d  -city:lagos  conflict:*";
        frame.render_widget(
            Span::styled(fit(words, field.width.into()), ctx.theme.faint),
            field,
        );
    }
    search.field.draw(frame, field, focus, ctx);
    if let Some(below) = inside.rows().nth(1) {
        draw_explanation(
            search,
            frame,
            Rect::new(field.x, below.y, field.width, 1),
            ctx,
        );
    } else {
        let note = Line::styled(search.found(), ctx.theme.dim);
        ends(frame, field, Line::default(), note);
    }
}

/// The line under the query: what it means and finds, or what is wrong with it.
fn draw_explanation(search: &Search, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx) {
    if let State::Wrong(words, column) = &search.state {
        let caret = column.map_or(0, |column| column.saturating_sub(1));
        let width = usize::from(area.width);
        let line = match column {
            None => fit(words, width),
            Some(_) if caret + words.chars().count() + 2 <= width => {
                format!("{}^ {}", " ".repeat(caret), fit(words, width))
            }
            Some(_) => fit(&format!("{words} (column {})", caret + 1), width),
        };
        frame.render_widget(Span::styled(line, ctx.theme.bad), area);
        return;
    }
    let found = search.found();
    let timing = match search.state {
        State::Listed => format!("{found} · {}", took(search.elapsed)),
        _ => found,
    };
    let room = usize::from(area.width).saturating_sub(timing.len() + 2);
    let chips = match search.notes.as_slice() {
        [] => query::chips(search.field.text(), room, ctx),
        notes => Line::styled(fit(&notes.join("; "), room), ctx.theme.conflict),
    };
    ends(frame, area, chips, Line::styled(timing, ctx.theme.dim));
}

fn draw_list(search: &Search, frame: &mut Frame<'_>, area: Rect, focus: Focus, ctx: &Ctx) {
    let len = search.results.len();
    let window = search.results.cursor().window(len);
    let block = frame_of(search, focus, ctx);
    let inside = block.inner(area);
    frame.render_widget(block, area);
    if len == 0 {
        return draw_nothing(search, frame, inside, ctx);
    }
    let mut columns = COLUMNS;
    let says_more = |at: usize| search.results.row(at).and_then(telling).is_some();
    if let [.., matched] = &mut columns
        && !window.clone().any(says_more)
    {
        matched.least = 0;
    }
    let widths = table::widths(&columns, usize::from(inside.width).saturating_sub(1));
    let mut headings = table::headings(&COLUMNS, &widths, ctx.theme.dim);
    headings.spans.insert(0, Span::raw(" "));
    frame.render_widget(
        headings,
        Rect {
            height: 1,
            ..inside
        },
    );
    let words = query::words(search.field.text());
    let list = (search.results.cursor(), len);
    rows::rows(
        frame,
        list_rows(area),
        list,
        focus,
        ctx,
        |at| match search.results.row(at) {
            Some(hit) => row(hit, search, &widths, &words, ctx),
            None => Line::styled("  …", ctx.theme.faint),
        },
    );
}

fn frame_of<'a>(search: &Search, focus: Focus, ctx: &Ctx) -> Block<'a> {
    let sort = SORTS.get(search.sort).map_or("", |(_, name)| *name);
    let len = search.results.len();
    let window = search.results.cursor().window(len);
    let (first, last) = (window.start as u64 + 1, window.end as u64);
    let title = match len {
        0 => "results".to_owned(),
        _ => format!("results {}–{}", count(first), count(last)),
    };
    noted(panel(&title, focus, ctx), &format!("sort: {sort}"), ctx)
}

fn row<'a>(hit: &Hit, search: &Search, widths: &[usize], words: &[String], ctx: &Ctx) -> Line<'a> {
    let theme = &ctx.theme;
    let hide = |text: &str| ctx.mask.personal(text, &ctx.icons).into_owned();
    let is_marked = search.marked.contains(&hit.entity_id);
    let (name, name_style) = match &hit.name {
        Some(name) => (hide(name), theme.text),
        None => (ctx.mask.identity(&hit.entity_id, &ctx.icons), theme.dim),
    };
    let (matched, matched_style) = matched(telling(hit), ctx);
    let cells: [(String, Style); 7] = [
        (
            if is_marked { ctx.icons.mark } else { "" }.to_owned(),
            theme.accent,
        ),
        (name, name_style),
        (
            hit.email.as_deref().map(hide).unwrap_or_default(),
            theme.dim,
        ),
        (count(hit.identities), theme.text),
        (count(hit.events), theme.text),
        (
            hit.last_event.map_or("—".into(), |at| age(at, ctx.now)),
            theme.dim,
        ),
        (matched, matched_style),
    ];
    let line = table::line(&COLUMNS, widths, cells);
    query::highlighted(line, words, theme.matched)
}

/// The match that says more than the other columns do.
fn telling(hit: &Hit) -> Option<&Match> {
    let shown =
        |text: &Option<String>, value: &str| text.as_ref().is_some_and(|text| text.contains(value));
    hit.matched.iter().find(|matched| {
        let value = brief(&matched.value, 200);
        let value = value
            .split_once(':')
            .map_or(value.as_str(), |(_, value)| value);
        let is_seen = shown(&hit.name, value) || shown(&hit.email, value);
        !matched.winning || !is_seen
    })
}

/// What of a profile matched: the path and the value, marked where another value won.
fn matched(matched: Option<&Match>, ctx: &Ctx) -> (String, Style) {
    let Some(matched) = matched else {
        return (String::new(), ctx.theme.dim);
    };
    let path = matched.path.parse().unwrap_or_default();
    let is_hidden = matched.path == "identity" && ctx.mask == Mask::On;
    let value = if is_hidden || ctx.mask.hides(&path, &matched.value) {
        ctx.icons.masked.to_owned()
    } else {
        brief(&matched.value, 80)
    };
    let key = path.keys().last().cloned().unwrap_or_default();
    if matched.winning {
        return (format!("{key} {value}"), ctx.theme.dim);
    }
    let words = format!("{} {key} {value} (lost)", ctx.icons.conflict);
    (words, ctx.theme.conflict)
}

fn draw_nothing(search: &Search, frame: &mut Frame<'_>, inside: Rect, ctx: &Ctx) {
    let lines: &[(&str, &str)] = match &search.state {
        State::Unreadable(words) => &[
            ("", words),
            ("", ""),
            ("S", "imports the bundled sample: a small shop's customers"),
            ("6", "imports files of your own: JSON, CSV, TSV"),
        ],
        State::Waiting => &[("", "reading…")],
        State::Wrong(..) => &[("", "the query cannot be read yet")],
        State::EmptyStore => &[
            ("", "This store is empty."),
            ("", ""),
            ("S", "imports the bundled sample: a small shop's customers"),
            ("6", "imports files of your own: JSON, CSV, TSV"),
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
