//! How the timeline is painted.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line as Text, Span};

use crate::model::Moment;
use crate::tui::message::{Ctx, Pointer, Status};
use crate::tui::screen::Mode;
use crate::tui::text::{age, cells, count, counted, dotted, fit, fit_middle, took};
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::rows;
use crate::tui::widgets::table::{self, Column, Side, column};

use super::view::{Line, events_of_day};
use super::words::joined;
use super::{DETAIL, LIST, Timeline};

const COLUMNS: [Column; 6] = [
    column("time", Side::Left, 8, 0, 0),
    column("to older", Side::Right, 8, 0, 3),
    column("channel", Side::Left, 8, 0, 2),
    column("type", Side::Left, 18, 3, 0),
    column("about", Side::Left, 16, 5, 1),
    column("identity", Side::Left, 16, 2, 4),
];

impl Timeline {
    pub(super) fn lay_out(&mut self, area: Rect, ctx: &Ctx) {
        self.area = area;
        self.panes.layout(area, &[2, 1]);
        let list = self.panes.area(LIST).unwrap_or_default();
        let above = 3 + self.filter_rows();
        let height = usize::from(list.height.saturating_sub(above));
        self.view.fit(height, &self.pages);
        let detail = self.panes.area(DETAIL).unwrap_or_default();
        self.detail.layout(inside(detail), ctx);
    }

    pub(super) fn paint(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        if self.content.ready().is_none() {
            let block = panel("events", Focus::Here, ctx);
            let inside = block.inner(self.area);
            frame.render_widget(block, self.area);
            return self.content.draw_absence(frame, inside, ctx);
        }
        self.draw_list(frame, ctx);
        if let Some(area) = self.panes.area(DETAIL) {
            let focus = Focus::of(DETAIL, self.panes.focus());
            let block = panel("event", focus, ctx);
            frame.render_widget(block, area);
            self.detail.draw(frame, inside(area), focus, ctx);
        }
    }

    pub(super) fn place(&self, ctx: &Ctx) -> Status {
        let total = self.pages.total();
        if self.content.ready().is_none() || total == 0 {
            return Status::default();
        }
        let at = self.view.selected() + 1;
        let part = u128::from(at) * 100 / u128::from(total);
        let dot = ctx.icons.dot;
        let place = format!("{}/{} {dot} {part} %", count(at), count(total));
        let moment = self.pages.moment(self.view.selected());
        let ago = moment.map_or_else(String::new, |moment| age(moment, ctx.now));
        Status {
            position: dotted([place, ago], dot),
            timing: format!("events {}", took(self.elapsed)),
        }
    }

    /// Answers the mouse.
    pub(super) fn point_at(&mut self, pointer: Pointer) {
        let (Pointer::Press(at) | Pointer::WheelDown(at) | Pointer::WheelUp(at)) = pointer;
        let is_in = |pane: usize| self.panes.area(pane).is_some_and(|area| area.contains(at));
        let step = match pointer {
            Pointer::Press(_) => 0,
            Pointer::WheelDown(_) => 3,
            Pointer::WheelUp(_) => -3,
        };
        if is_in(LIST) {
            match step {
                0 => self.press(at.y),
                _ => self.view.wheel(step as i64, &self.pages),
            }
        } else if is_in(DETAIL) {
            match step {
                0 => self.panes.set_focus(DETAIL),
                _ => self.detail.wheel(step),
            }
        }
    }

    fn press(&mut self, row: u16) {
        self.panes.set_focus(LIST);
        let top = self.panes.area(LIST).map_or(0, |area| area.y) + 2 + self.filter_rows();
        let line = row.checked_sub(top).map(usize::from);
        let lines = self.view.lines(&self.pages);
        if let Some(Line::Event(at) | Line::Day(at)) = line.and_then(|line| lines.get(line)) {
            self.view.select(*at, &self.pages);
        }
    }

    fn filter_rows(&self) -> u16 {
        let is_shown = self.mode == Mode::Text || !self.typed.is_empty();
        u16::from(is_shown) + u16::from(self.fault.is_some())
    }

    fn draw_list(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        let Some(area) = self.panes.area(LIST) else {
            return;
        };
        let focus = Focus::of(LIST, self.panes.focus());
        let events = counted(self.pages.total(), "event");
        let hidden = match self.pages.hidden() {
            0 => String::new(),
            hidden => format!("{} left out", count(hidden)),
        };
        let note = dotted([events, hidden], ctx.icons.dot);
        let block = noted(panel("events", focus, ctx), &note, ctx);
        let inside = block.inner(area);
        frame.render_widget(block, area);
        let rows = Layout::vertical([
            Constraint::Length(self.filter_rows()),
            Constraint::Length(1),
            Constraint::Fill(1),
        ]);
        let [top, head, rest] = rows.areas(inside);
        self.draw_filter(frame, top, ctx);
        let widths = table::widths(&COLUMNS, usize::from(inside.width).saturating_sub(2));
        let mut heading = table::headings(&COLUMNS, &widths, ctx.theme.dim);
        heading.spans.insert(0, Span::raw(" "));
        frame.render_widget(heading, head);
        if self.pages.total() == 0 {
            let words = format!(" {}", self.nothing(ctx));
            let words = Span::styled(fit(&words, rest.width.into()), ctx.theme.dim);
            return frame.render_widget(words, rest);
        }
        let lines = self.view.lines(&self.pages);
        for (row, line) in (rest.y..rest.bottom()).zip(lines) {
            let area = Rect::new(rest.x, row, rest.width, 1);
            self.draw_line(frame, area, line, (&widths, focus), ctx);
        }
        draw_bar(frame, rest, (self.view.top(), self.pages.total()), ctx);
    }

    fn nothing(&self, ctx: &Ctx) -> String {
        match (self.typed.is_empty(), self.pages.hidden()) {
            (false, _) if self.is_exact() => {
                "no event passes the filter; * stands for any letters, esc clears".into()
            }
            (false, _) => "no event passes the filter; esc clears it".into(),
            (true, 0) => "no dataset holds events of this profile".into(),
            (true, _) => self.left_out(ctx),
        }
    }

    /// Whether a type is wanted letter by letter.
    fn is_exact(&self) -> bool {
        let kind = self.filter.kind.as_deref();
        kind.is_some_and(|kind| !kind.contains(['*', '?']))
    }

    fn left_out(&self, ctx: &Ctx) -> String {
        format!(
            "{} in datasets that policy {} leaves out",
            counted(self.pages.hidden(), "event"),
            ctx.policy.name
        )
    }

    fn draw_filter(&self, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx) {
        if area.height == 0 {
            return;
        }
        let prompt = Span::styled(format!(" {} ", ctx.icons.prompt), ctx.theme.key);
        frame.render_widget(prompt, Rect { height: 1, ..area });
        let field = Rect {
            x: area.x + 3.min(area.width),
            width: area.width.saturating_sub(3),
            height: 1,
            ..area
        };
        let focus = match self.mode {
            Mode::Text => Focus::Here,
            Mode::Command => Focus::Elsewhere,
        };
        self.field.draw(frame, field, focus, ctx);
        if let Some(fault) = &self.fault {
            let words = Span::styled(fit(fault, field.width.into()), ctx.theme.bad);
            frame.render_widget(
                words,
                Rect {
                    y: area.y + 1,
                    ..field
                },
            );
        }
    }

    fn draw_line(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        line: Line,
        (widths, focus): (&[usize], Focus),
        ctx: &Ctx,
    ) {
        let width = usize::from(area.width);
        match line {
            Line::Day(at) => {
                let line = day_line(
                    self.pages.moment(at),
                    events_of_day(at, &self.pages),
                    width,
                    ctx,
                );
                frame.render_widget(line, area);
            }
            Line::Hidden => {
                let words = format!(" ⋮ {}", self.left_out(ctx));
                frame.render_widget(Span::styled(fit(&words, width), ctx.theme.conflict), area);
            }
            Line::Event(at) => {
                let is_selected = at == self.view.selected();
                let line = self.event_line(at, widths, ctx);
                rows::row(frame, area, line, is_selected.then_some(focus), ctx);
            }
        }
    }

    fn event_line<'a>(&self, at: u64, widths: &[usize], ctx: &Ctx) -> Text<'a> {
        let Some(row) = self.pages.row(at) else {
            return Text::styled("…", ctx.theme.faint);
        };
        let event = &row.event;
        let older = self.pages.moment(at + 1);
        let channel = event.channel.as_deref().unwrap_or(&event.dataset);
        let identity = ctx.mask.identity(&event.identity, &ctx.icons);
        let room = widths.last().copied().unwrap_or(0);
        let cells: [(String, Style); 6] = [
            (clock(event.timestamp), ctx.theme.text),
            (
                older.map_or_else(String::new, |older| delta(event.timestamp, older)),
                ctx.theme.dim,
            ),
            (channel.to_owned(), ctx.theme.accent),
            (
                event.kind.as_deref().unwrap_or(ctx.icons.dot).to_owned(),
                ctx.theme.text,
            ),
            (joined(&row.words, ctx.mask, &ctx.icons), ctx.theme.text),
            (fit_middle(&identity, room), ctx.theme.dim),
        ];
        table::line(&COLUMNS, widths, cells)
    }
}

fn inside(area: Rect) -> Rect {
    Rect::new(
        area.x + 1.min(area.width),
        area.y + 1.min(area.height),
        area.width.saturating_sub(2),
        area.height.saturating_sub(2),
    )
}

fn day_line<'a>(moment: Option<Moment>, events: Option<u64>, width: usize, ctx: &Ctx) -> Text<'a> {
    let rule = ctx.icons.rule;
    let day = moment.and_then(Moment::calendar);
    let day = day.map_or_else(|| "…".into(), |day| day.format("%a %-d %b %Y").to_string());
    let events = events.map_or_else(String::new, |events| {
        format!(" {} ", counted(events, "event"))
    });
    let used = 4 + cells(&day) + 1 + cells(&events) + 3;
    Text::from(vec![
        Span::styled(format!(" {} ", rule.repeat(2)), ctx.theme.faint),
        Span::styled(format!("{day} "), ctx.theme.title),
        Span::styled(rule.repeat(width.saturating_sub(used)), ctx.theme.faint),
        Span::styled(events, ctx.theme.dim),
        Span::styled(rule.repeat(2), ctx.theme.faint),
    ])
}

fn draw_bar(frame: &mut Frame<'_>, area: Rect, (top, total): (u64, u64), ctx: &Ctx) {
    let height = u64::from(area.height);
    if total <= height || height == 0 || area.right() >= frame.area().right() {
        return;
    }
    let row = u128::from(top) * u128::from(height - 1) / u128::from(total - 1);
    let thumb = Span::styled(ctx.icons.full, ctx.theme.border);
    frame.render_widget(thumb, Rect::new(area.right(), area.y + row as u16, 1, 1));
}

/// The time of day.
fn clock(moment: Moment) -> String {
    moment
        .calendar()
        .map_or_else(|| "—".into(), |time| time.format("%H:%M:%S").to_string())
}

/// How much later one moment is than another: `+1m05s`, `+2h10m`, `+12d`.
fn delta(moment: Moment, older: Moment) -> String {
    let seconds = moment.0.saturating_sub(older.0) / 1_000;
    match seconds {
        ..0 => String::new(),
        0..60 => format!("+{seconds}s"),
        60..3_600 => format!("+{}m{:02}s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("+{}h{:02}m", seconds / 3_600, seconds / 60 % 60),
        86_400..31_536_000 => format!("+{}d", seconds / 86_400),
        _ => format!("+{}y", seconds / 31_536_000),
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn a_difference_is_short() {
        let check = |seconds: i64, expected: &str| {
            assert_eq!(delta(Moment(seconds * 1_000), Moment(0)), expected);
        };
        check(0, "+0s");
        check(65, "+1m05s");
        check(7_800, "+2h10m");
        check(86_400 * 12, "+12d");
        check(86_400 * 800, "+2y");
        assert_eq!(delta(Moment::MAX, Moment::MIN), "+292471208y");
    }
}
