//! How the graph screen is painted.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Span;

use crate::tui::message::{Ctx, Status};
use crate::tui::screen::Mode;
use crate::tui::text::{count, counted, dotted, fit, took, wrap};
use crate::tui::widgets::panel::{Focus, noted, panel};

use super::network::Network;
use super::{Graph, INSPECT, LIST, WHY};

impl Graph {
    pub(super) fn paint(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        let Some(network) = self.network.ready() else {
            let block = panel("identities", Focus::Here, ctx);
            let inside = block.inner(self.area);
            frame.render_widget(block, self.area);
            return self.network.draw_absence(frame, inside, ctx);
        };
        self.draw_list(frame, network, ctx);
        if let Some(area) = self.panes.area(INSPECT) {
            let focus = Focus::of(INSPECT, self.panes.focus());
            let block = panel("inspect", focus, ctx);
            let inside = block.inner(area);
            frame.render_widget(block, area);
            self.inspector.draw(frame, inside, focus, ctx);
        }
        self.draw_why(frame, ctx);
    }

    pub(super) fn place(&self, ctx: &Ctx) -> Status {
        let Some(network) = self.network.ready() else {
            return Status::default();
        };
        let row = format!(
            "{}/{}",
            count(self.identities.position() as u64),
            count(self.identities.len() as u64)
        );
        let selected = self.identities.selected();
        let links = selected.map(|at| counted(network.kept(at) as u64, "link"));
        let bridge = selected.filter(|at| network.has_bridge(*at));
        let bridge = bridge.map_or("", |_| "bridge").to_owned();
        let marks = match self.identities.marked().len() {
            0 => String::new(),
            marks => format!("{marks} marked"),
        };
        let parts = [row, links.unwrap_or_default(), bridge, marks];
        Status {
            position: dotted(parts, ctx.icons.dot),
            timing: format!("graph {}", took(self.elapsed)),
        }
    }

    pub(super) fn filter_rows(&self) -> usize {
        usize::from(self.mode == Mode::Text || !self.filter.text().is_empty())
    }

    fn draw_list(&self, frame: &mut Frame<'_>, network: &Network, ctx: &Ctx) {
        let Some(area) = self.panes.area(LIST) else {
            return;
        };
        let focus = Focus::of(LIST, self.panes.focus());
        let (kept, removed) = network.link_counts();
        let note = format!(
            "{} {dot} {} {dot} {} removed",
            counted(network.identities().len() as u64, "identity"),
            counted(kept as u64, "link"),
            count(removed as u64),
            dot = ctx.icons.dot,
        );
        let block = noted(panel("identities", focus, ctx), &note, ctx);
        let inside = block.inner(area);
        frame.render_widget(block, area);
        let rows = self.filter_rows() as u16;
        let [top, rest] =
            Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(inside);
        if rows > 0 {
            self.draw_filter(frame, top, ctx);
        }
        self.identities.draw(frame, rest, network, focus, ctx);
        if self.identities.len() == 0 {
            let words = format!(" no identity holds “{}”; esc clears", self.filter.text());
            let below = Rect::new(rest.x, rest.y + rest.height.min(1), rest.width, 1);
            let words = Span::styled(fit(&words, rest.width.into()), ctx.theme.dim);
            frame.render_widget(words, below.intersection(rest));
        }
    }

    fn draw_filter(&self, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx) {
        let prompt = Span::styled(format!(" {} ", ctx.icons.prompt), ctx.theme.key);
        frame.render_widget(prompt, area);
        let field = Rect {
            x: area.x + 3.min(area.width),
            width: area.width.saturating_sub(3),
            ..area
        };
        let focus = match self.mode {
            Mode::Text => Focus::Here,
            Mode::Command => Focus::Elsewhere,
        };
        self.filter.draw(frame, field, focus, ctx);
    }

    fn draw_why(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        let Some(area) = self.panes.area(WHY) else {
            return;
        };
        let focus = Focus::of(WHY, self.panes.focus());
        let block = panel("why", focus, ctx);
        let inside = block.inner(area);
        frame.render_widget(block, area);
        match &self.asked {
            Some(asked) if asked.answer.ready().is_none() => {
                asked.answer.draw_absence(frame, inside, ctx);
            }
            Some(_) => self.why.draw(frame, inside, focus, ctx),
            None => {
                let words = "mark two identities with space, then w says why they are one person; w alone shows the records of the selected one";
                let lines = wrap(words, inside.width.saturating_sub(2).into(), 9);
                for (row, line) in (inside.y..inside.bottom()).zip(lines) {
                    let line = Span::styled(format!(" {line}"), ctx.theme.dim);
                    frame.render_widget(line, Rect::new(inside.x, row, inside.width, 1));
                }
            }
        }
    }
}
