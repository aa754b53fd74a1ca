//! The identities of a graph as a list: grouped, filtered, marked.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::GraphIdentity;
use crate::tui::action::Action;
use crate::tui::message::Ctx;
use crate::tui::text::{age, count, fit_left, fit_middle};
use crate::tui::widgets::panel::Focus;
use crate::tui::widgets::table::{self, Column, Side, column};
use crate::tui::widgets::{Listing, rows};

use super::network::{Group, Network};

/// Marks beyond this many push the oldest one out: two identities are a question.
const MOST_MARKS: usize = 2;

const COLUMNS: [Column; 7] = [
    column("identity", Side::Left, 16, 1, 0),
    column("links", Side::Right, 5, 0, 1),
    column("events", Side::Right, 7, 0, 3),
    column("frag.", Side::Right, 5, 0, 4),
    column("first seen", Side::Right, 10, 0, 5),
    column("seen", Side::Right, 7, 0, 2),
    column("", Side::Left, 1, 0, 0),
];

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    Heading(Group, usize),
    Identity(usize),
}

/// The list, and which identity is selected.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    rows: Vec<Row>,
    listing: Listing,
    marked: Vec<usize>,
}

impl Identities {
    /// Lists the identities that hold a text; the selection stays where it can.
    pub fn list(&mut self, network: &Network, filter: &str) {
        let selected = self.selected();
        let wanted = filter.trim().to_lowercase();
        self.rows.clear();
        let mut heading = None;
        for (at, identity) in network.identities().iter().enumerate() {
            let name = identity.identity.to_string();
            if !wanted.is_empty() && !name.to_lowercase().contains(&wanted) {
                continue;
            }
            let group = Group::of(identity.kind);
            match heading.and_then(|row| self.rows.get_mut(row)) {
                Some(Row::Heading(last, len)) if *last == group => *len += 1,
                _ => {
                    heading = Some(self.rows.len());
                    self.rows.push(Row::Heading(group, 1));
                }
            }
            self.rows.push(Row::Identity(at));
        }
        let rows = &self.rows;
        self.listing.set(rows.len(), |at| {
            matches!(rows.get(at), Some(Row::Identity(_)))
        });
        if let Some(selected) = selected {
            self.select(selected);
        }
    }

    /// How many identities are listed.
    pub fn len(&self) -> usize {
        let is_identity = |row: &&Row| matches!(row, Row::Identity(_));
        self.rows.iter().filter(is_identity).count()
    }

    /// The place in the network of the selected identity.
    pub fn selected(&self) -> Option<usize> {
        match self.rows.get(self.listing.selected()?) {
            Some(Row::Identity(at)) => Some(*at),
            _ => None,
        }
    }

    /// How many identities are listed up to the selected one.
    pub fn position(&self) -> usize {
        let until = self.listing.selected().map_or(0, |at| at + 1);
        let is_identity = |row: &&Row| matches!(row, Row::Identity(_));
        self.rows.iter().take(until).filter(is_identity).count()
    }

    /// Selects the identity at a place of the network; whether it is listed.
    pub fn select(&mut self, at: usize) -> bool {
        let found = self.rows.iter().position(|row| *row == Row::Identity(at));
        if let Some(row) = found {
            self.listing.select(row);
        }
        found.is_some()
    }

    /// Moves, as a moving action says; whether it was one.
    pub fn act(&mut self, action: Action) -> bool {
        self.listing.act(action)
    }

    /// Moves the window, as a wheel does.
    pub fn wheel(&mut self, step: isize) {
        self.listing.wheel(step);
    }

    /// Selects what stands on a row of the window.
    pub fn press(&mut self, row: usize) {
        let at = self
            .listing
            .cursor()
            .at(row.saturating_sub(1), self.rows.len());
        if let Some(Row::Identity(_)) = at.and_then(|at| self.rows.get(at)) {
            self.listing.select(at.unwrap_or_default());
        }
    }

    /// Selects the next identity, or the one before, that a test finds; whether there is one.
    pub fn seek(&mut self, action: Action, is_wanted: impl Fn(usize) -> bool) -> bool {
        let here = self.listing.cursor().selected();
        let is_hit = |row: usize| match self.rows.get(row) {
            Some(Row::Identity(at)) => is_wanted(*at),
            _ => false,
        };
        let found = match action {
            Action::NextWarning => (here + 1..self.rows.len()).find(|row| is_hit(*row)),
            _ => (0..here).rev().find(|row| is_hit(*row)),
        };
        if let Some(row) = found {
            self.listing.select(row);
        }
        found.is_some()
    }

    /// The marked identities, oldest mark first.
    pub fn marked(&self) -> &[usize] {
        &self.marked
    }

    /// Marks the selected identity or takes its mark away.
    pub fn mark(&mut self) {
        let Some(selected) = self.selected() else {
            return;
        };
        match self.marked.iter().position(|at| *at == selected) {
            Some(place) => {
                self.marked.remove(place);
            }
            None => self.marked.push(selected),
        }
        let surplus = self.marked.len().saturating_sub(MOST_MARKS);
        self.marked.drain(..surplus);
    }

    /// Takes all marks away.
    pub fn unmark(&mut self) {
        self.marked.clear();
    }

    /// Learns how many rows there are for headings and list together.
    pub fn fit(&mut self, height: usize) {
        self.listing.fit(height.saturating_sub(1));
    }

    /// Paints the list.
    pub fn draw(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        network: &Network,
        focus: Focus,
        ctx: &Ctx,
    ) {
        let widths = table::widths(&COLUMNS, usize::from(area.width).saturating_sub(4));
        let mut heading = table::headings(&COLUMNS, &widths, ctx.theme.dim);
        heading.spans.insert(0, Span::raw("    "));
        frame.render_widget(heading, Rect { height: 1, ..area });
        let below = Rect {
            y: area.y + 1,
            height: area.height.saturating_sub(1),
            ..area
        };
        let list = (self.listing.cursor(), self.rows.len());
        rows::rows(frame, below, list, focus, ctx, |row| {
            match self.rows.get(row) {
                Some(Row::Heading(group, len)) => heading_line(*group, *len, ctx),
                Some(Row::Identity(at)) => self.line(*at, network, &widths, ctx),
                None => Line::default(),
            }
        });
    }

    fn line<'a>(&self, at: usize, network: &Network, widths: &[usize], ctx: &Ctx) -> Line<'a> {
        let Some(identity) = network.identity(at) else {
            return Line::default();
        };
        let style = ctx.theme.identity(identity.kind);
        let mark = if self.marked.contains(&at) {
            ctx.icons.mark
        } else {
            " "
        };
        let sign = ctx.icons.identity(identity.kind);
        let mut line = table::line(&COLUMNS, widths, cells(at, identity, network, widths, ctx));
        line.spans.insert(
            0,
            Span::styled(format!("{mark}{} ", fit_left(sign, 1)), style),
        );
        line
    }
}

fn heading_line<'a>(group: Group, len: usize, ctx: &Ctx) -> Line<'a> {
    Line::from(vec![
        Span::styled(group.name(), ctx.theme.title),
        Span::styled(format!(" {}", count(len as u64)), ctx.theme.dim),
    ])
}

fn cells(
    at: usize,
    identity: &GraphIdentity,
    network: &Network,
    widths: &[usize],
    ctx: &Ctx,
) -> [(String, ratatui::style::Style); 7] {
    let some = |number: u64| match number {
        0 => ctx.icons.dot.to_owned(),
        _ => count(number),
    };
    let bridge = if network.has_bridge(at) {
        ctx.icons.warning
    } else {
        ""
    };
    let name = ctx.mask.identity(&identity.identity, &ctx.icons);
    let width = widths.first().copied().unwrap_or(0);
    [
        (fit_middle(&name, width), ctx.theme.identity(identity.kind)),
        (some(network.kept(at) as u64), ctx.theme.number),
        (some(identity.events), ctx.theme.number),
        (some(identity.fragments), ctx.theme.number),
        (crate::tui::text::day(identity.first_seen), ctx.theme.dim),
        (age(identity.last_seen, ctx.now), ctx.theme.text),
        (bridge.to_owned(), ctx.theme.bridge),
    ]
}
