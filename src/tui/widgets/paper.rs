//! A text of lines that were built once for a width; some of them stand for something that can be opened.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::tui::action::Action;
use crate::tui::message::Ctx;
use crate::tui::text::{fit, wrap};

use super::panel::Focus;
use super::{Listing, rows};

/// A line, with what it stands for.
pub type Entry<T> = (Option<T>, Line<'static>);

/// A text, and where one is in it.
#[derive(Clone, Debug)]
pub struct Paper<T> {
    stops: Vec<Option<T>>,
    lines: Vec<Line<'static>>,
    listing: Listing,
}

impl<T> Default for Paper<T> {
    fn default() -> Paper<T> {
        Paper {
            stops: Vec::new(),
            lines: Vec::new(),
            listing: Listing::default(),
        }
    }
}

impl<T> Paper<T> {
    /// Takes another text; the place is kept as far as it can be.
    pub fn set(&mut self, lines: Vec<Entry<T>>) {
        (self.stops, self.lines) = lines.into_iter().unzip();
        let stops = &self.stops;
        self.listing
            .set(stops.len(), |at| matches!(stops.get(at), Some(Some(_))));
    }

    /// Goes to the first line.
    pub fn rewind(&mut self) {
        self.listing.act(Action::Top);
    }

    /// What the selected line stands for.
    pub fn selected(&self) -> Option<&T> {
        self.stops.get(self.listing.selected()?)?.as_ref()
    }

    /// The selected line as text.
    pub fn text(&self) -> Option<String> {
        let line = self.lines.get(self.listing.selected()?)?;
        Some(line.to_string().trim().to_owned())
    }

    /// Selects the line that stands for what a test finds.
    pub fn select(&mut self, is_wanted: impl Fn(&T) -> bool) {
        let is_hit = |stop: &Option<T>| stop.as_ref().is_some_and(&is_wanted);
        if let Some(at) = self.stops.iter().position(is_hit) {
            self.listing.select(at);
        }
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Moves, as a moving action says; whether it was one.
    pub fn act(&mut self, action: Action) -> bool {
        self.listing.act(action)
    }

    /// Moves the window, as a wheel does.
    pub fn wheel(&mut self, rows: isize) {
        self.listing.wheel(rows);
    }

    /// Selects what stands on a row of the window.
    pub fn press(&mut self, row: usize) {
        let at = self.listing.cursor().at(row, self.lines.len());
        if let Some(at) = at.filter(|at| matches!(self.stops.get(*at), Some(Some(_)))) {
            self.listing.select(at);
        }
    }

    /// Learns how many lines can be seen.
    pub fn fit(&mut self, height: usize) {
        self.listing.fit(height);
    }

    /// Paints the lines that can be seen.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, focus: Focus, ctx: &Ctx) {
        let cursor = self.listing.cursor();
        if self.listing.selected().is_none() {
            return rows::text(frame, area, (cursor, &self.lines), ctx);
        }
        rows::rows(frame, area, (cursor, self.lines.len()), focus, ctx, |at| {
            self.lines.get(at).cloned().unwrap_or_default()
        });
    }
}

/// A line that stands for nothing.
pub fn plain<T>(text: &str, width: usize, style: Style) -> Entry<T> {
    (None, Line::styled(fit(text, width), style))
}

/// An empty line.
pub fn blank<T>() -> Entry<T> {
    (None, Line::default())
}

/// A name and what it is, the name in a column of a width.
pub fn fact<T>(name: &str, value: &str, (column, width): (usize, usize), ctx: &Ctx) -> Entry<T> {
    let rest = width.saturating_sub(column + 1);
    let line = Line::from(vec![
        Span::styled(crate::tui::text::fit_left(name, column), ctx.theme.dim),
        Span::styled(format!(" {}", fit(value, rest)), ctx.theme.text),
    ]);
    (None, line)
}

/// A text on as many lines as it takes up to a limit, each moved in.
pub fn wrapped<T>(
    text: &str,
    indent: usize,
    (width, limit): (usize, usize),
    style: Style,
) -> Vec<Entry<T>> {
    wrap(text, width.saturating_sub(indent), limit)
        .into_iter()
        .map(|line| {
            let line = format!("{}{}", " ".repeat(indent), line.trim_end());
            (None, Line::styled(line, style))
        })
        .collect()
}
