//! The rows around every screen: tabs, breadcrumb, status, hints; and what lies over it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::model::Address;
use crate::tui::action::{Action, entry};
use crate::tui::message::{Ctx, Place, Status};
use crate::tui::overlay::draw_which_key;
use crate::tui::privacy::Mask;
use crate::tui::screen::{Mode, Screen};
use crate::tui::text::{cells, count, fit};
use crate::tui::widgets::line::{ends, hint, width};
use crate::tui::widgets::panel::{Focus, panel};
use crate::tui::widgets::popup;

use super::App;
use super::talk::Weight;

/// The least size that anything can be shown in.
const LEAST: (u16, u16) = (40, 10);

/// Columns below which tabs are numbers alone.
const NARROW: u16 = 110;

/// Rows below which status and hints share a line.
const LOW: u16 = 24;

/// Actions that the hints row names at most.
const MOST_HINTS: usize = 8;

/// Cells of a part of a breadcrumb.
const LONGEST_PART: usize = 60;

/// Which part of a breadcrumb says whom it is about.
const SUBJECT: usize = 2;

/// Where the rows are.
pub struct Rows {
    tabs: Rect,
    crumb: Rect,
    /// The screen's own area.
    pub body: Rect,
    status: Rect,
    hints: Rect,
}

/// Divides the whole screen.
pub fn rows(area: Rect) -> Rows {
    let row = |at: u16| Rect {
        y: area.y + at.min(area.height.saturating_sub(1)),
        height: area.height.min(1),
        ..area
    };
    let below = if area.height < LOW { 1 } else { 2 };
    Rows {
        tabs: row(0),
        crumb: row(1),
        body: Rect {
            y: area.y + area.height.min(2),
            height: area.height.saturating_sub(2 + below),
            ..area
        },
        status: row(area.height.saturating_sub(below)),
        hints: row(area.height.saturating_sub(1)),
    }
}

/// Whether nothing but a sentence fits.
pub fn is_too_small(area: Rect) -> bool {
    area.width < LEAST.0 || area.height < LEAST.1
}

/// Paints everything.
pub fn draw(app: &App, frame: &mut Frame<'_>) {
    let area = frame.area();
    if is_too_small(area) {
        return draw_too_small(frame, &app.ctx);
    }
    let Some(screen) = app.shelf.seen() else {
        return;
    };
    let rows = rows(area);
    draw_tabs(app, frame, rows.tabs);
    draw_crumb(app, screen, frame, rows.crumb);
    screen.draw(frame, &app.ctx);
    draw_below(app, screen, frame, &rows);
    draw_toasts(app, frame, rows.body);
    if app.which_key() {
        let begun = (app.keymap.begun(), app.shelf.place());
        draw_which_key(frame, rows.body, begun, &app.ctx);
    }
    if let Some(overlay) = &app.overlay {
        overlay.draw(frame, &app.ctx);
    }
}

/// The tab at a position.
pub fn tab_at(app: &App, position: Position) -> Option<Place> {
    if position.y != app.area.y {
        return None;
    }
    let mut column = usize::from(app.area.x);
    Place::ALL.into_iter().enumerate().find_map(|(at, place)| {
        column += cells(&tab(at, place, app));
        (usize::from(position.x) < column).then_some(place)
    })
}

fn draw_too_small(frame: &mut Frame<'_>, ctx: &Ctx) {
    let area = frame.area();
    let words = format!("onefold needs {} × {} cells", LEAST.0, LEAST.1);
    let shown = fit(&words, area.width.into());
    let place = popup::centred(area, cells(&shown) as u16, 1);
    frame.render_widget(Span::styled(shown, ctx.theme.title), place);
}

fn draw_tabs(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let ctx = &app.ctx;
    let here = app.shelf.place();
    let tabs = Place::ALL.into_iter().enumerate().map(|(at, place)| {
        let style = if place == here {
            ctx.theme.tab
        } else {
            ctx.theme.dim
        };
        Span::styled(tab(at, place, app), style)
    });
    let tabs: Line<'_> = tabs.collect();
    let room = usize::from(area.width).saturating_sub(width(&tabs) + 1);
    let mut news = news(app);
    let mut right = told(&news, ctx);
    while width(&right) > room && news.pop().is_some() {
        right = told(&news, ctx);
    }
    ends(frame, area, tabs, right);
}

/// What the row of tabs tells beside them, what matters most first.
fn news(app: &App) -> Vec<Span<'static>> {
    let ctx = &app.ctx;
    let part_of = |done: u64, all: u64| (done * 100).checked_div(all).map(|part| part.min(100));
    let mut news = Vec::new();
    if let Some(progress) = app.import.as_ref().filter(|_| app.is_importing()) {
        let part = part_of(progress.bytes, progress.total_bytes);
        let part = part.map_or_else(String::new, |part| format!(" {part} %"));
        news.push(Span::styled(format!("import{part}"), ctx.theme.accent));
    }
    if let Some(profiles) = app.exported {
        let words = format!("export {}", count(profiles));
        news.push(Span::styled(words, ctx.theme.accent));
    }
    if let Some((done, total)) = app.indexed {
        let part = part_of(done, total).unwrap_or(0);
        let words = format!("search index {part} %");
        news.push(Span::styled(words, ctx.theme.accent));
    }
    news.push(match ctx.mask {
        Mask::On => Span::styled("mask on", ctx.theme.conflict),
        Mask::Off => Span::styled("mask off", ctx.theme.dim),
    });
    news.push(Span::styled("UTC", ctx.theme.dim));
    news.push(Span::styled(ctx.theme.name.clone(), ctx.theme.dim));
    news
}

fn told(news: &[Span<'static>], ctx: &Ctx) -> Line<'static> {
    let mut line = Line::default();
    for (at, words) in news.iter().enumerate() {
        if at > 0 {
            line.push_span(Span::styled(format!(" {} ", ctx.icons.dot), ctx.theme.dim));
        }
        line.push_span(words.clone());
    }
    if !news.is_empty() {
        line.push_span(" ");
    }
    line
}

fn tab(at: usize, place: Place, app: &App) -> String {
    let number = at + 1;
    let is_here = place == app.shelf.place();
    match (is_here, app.area.width < NARROW) {
        (true, _) => format!("[{number} {}]", place.name()),
        (false, true) => format!(" {number} "),
        (false, false) => format!(" {number} {} ", place.name()),
    }
}

fn draw_crumb(app: &App, screen: &dyn Screen, frame: &mut Frame<'_>, area: Rect) {
    let ctx = &app.ctx;
    let address = Address {
        route: screen.route(),
        within: screen.crumb(ctx),
    };
    let mut parts = address.parts();
    if let (Mask::On, Some(subject)) = (ctx.mask, address.route.subject())
        && let Some(part) = parts.get_mut(SUBJECT)
    {
        *part = ctx.mask.identity(subject, &ctx.icons);
    }
    let right = Line::from(vec![
        Span::styled("policy ", ctx.theme.dim),
        Span::styled(fit(&ctx.policy.name, 30), ctx.theme.accent),
        Span::raw(" "),
    ]);
    let last = parts.len() - 1;
    let mut left = Line::from(" ");
    for (at, part) in parts.iter().enumerate() {
        let sign = match at {
            0 => String::new(),
            _ => format!(" {} ", ctx.icons.crumb),
        };
        let style = if at == last {
            ctx.theme.text
        } else {
            ctx.theme.dim
        };
        // What does not fit says so, before the policy begins.
        let room = usize::from(area.width).saturating_sub(left.width() + right.width() + 1);
        let Some(most) = room.checked_sub(cells(&sign)).filter(|most| *most > 1) else {
            left.push_span(Span::styled(fit(" …", room), ctx.theme.dim));
            break;
        };
        left.push_span(Span::styled(sign, ctx.theme.faint));
        left.push_span(Span::styled(fit(part, most.min(LONGEST_PART)), style));
    }
    ends(frame, area, left, right);
}

fn draw_below(app: &App, screen: &dyn Screen, frame: &mut Frame<'_>, rows: &Rows) {
    let status = screen.status(&app.ctx);
    let (left, right) = status_lines(app, &status);
    let most = usize::from(rows.hints.width);
    if rows.status.y != rows.hints.y {
        ends(frame, rows.status, left, right);
        let (hints, always) = hint_lines(app, screen, most);
        return ends(frame, rows.hints, hints, always);
    }
    let rest = most.saturating_sub(width(&left) + 1);
    let (hints, always) = hint_lines(app, screen, rest);
    let mut line = left;
    line.spans.push(Span::raw(" "));
    line.spans.extend(hints.spans);
    ends(frame, rows.status, line, always);
}

fn status_lines<'a>(app: &App, status: &Status) -> (Line<'a>, Line<'a>) {
    let ctx = &app.ctx;
    let mode = match (app.keymap.begun(), app.mode()) {
        ("", Mode::Command) => " NORMAL ".to_owned(),
        ("", Mode::Text) => " TEXT ".to_owned(),
        (begun, _) => format!(" {begun}… "),
    };
    let left = vec![
        Span::styled(mode, ctx.theme.title),
        Span::styled(format!(" {}", fit(&status.position, 100)), ctx.theme.text),
    ];
    let right = Span::styled(format!("{} ", fit(&status.timing, 80)), ctx.theme.dim);
    (Line::from(left), Line::from(right))
}

/// The keys that are most useful here, as many as fit into a width, and those that are always there.
fn hint_lines<'a>(app: &App, screen: &dyn Screen, most: usize) -> (Line<'a>, Line<'a>) {
    let ctx = &app.ctx;
    let mut always = Vec::new();
    let mut left = vec![Span::raw(" ")];
    let hints = match app.mode() {
        _ if app.overlay.is_some() => vec![("enter".into(), "choose"), ("esc".into(), "close")],
        Mode::Text => {
            always.extend(hint("F1", "help", ctx));
            vec![
                ("enter".into(), screen.enter_label()),
                ("esc".into(), "leave"),
                ("ctrl-u".into(), "clear"),
            ]
        }
        Mode::Command => {
            always.extend(hint(":", "palette", ctx));
            always.extend(hint("?", "help", ctx));
            command_hints(screen)
        }
    };
    let always = Line::from(always);
    let mut used = 1 + width(&always);
    for (key, label) in hints {
        let spans = hint(&key, label, ctx);
        used += spans.iter().map(|span| cells(&span.content)).sum::<usize>();
        if used > most {
            break;
        }
        left.extend(spans);
    }
    (Line::from(left), always)
}

fn command_hints(screen: &dyn Screen) -> Vec<(String, &'static str)> {
    let place = screen.route().place();
    let of_action = |action: &Action| {
        let entry = entry(*action, place)?;
        Some((entry.shown_key(), entry.label))
    };
    let hints = screen.hints().iter().filter_map(of_action);
    hints.take(MOST_HINTS).collect()
}

fn draw_toasts(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let ctx = &app.ctx;
    let mut bottom = area.bottom();
    for toast in app.talk.toasts().iter().rev() {
        let words = fit(&toast.text, usize::from(area.width).saturating_sub(4));
        let space = Rect {
            height: bottom.saturating_sub(area.y),
            ..area
        };
        if space.height < 3 {
            return;
        }
        let place = popup::lower_right(space, cells(&words) as u16 + 4, 3);
        let (focus, style) = match toast.weight {
            Weight::Note => (Focus::Here, ctx.theme.text),
            Weight::Warning => (Focus::Elsewhere, ctx.theme.bad),
        };
        let inside = popup::open(frame, place, panel("", focus, ctx));
        frame.render_widget(Span::styled(format!(" {words}"), style), inside);
        bottom = place.y;
    }
}
