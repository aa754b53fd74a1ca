//! The overview: the store as a whole, and the profiles that deserve a look.

mod lines;
#[cfg(test)]
mod tests;

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::model::{Identity, StatsAnswer};
use crate::tui::action::{Action, Part};
use crate::tui::icons::Icons;
use crate::tui::message::{Ctx, Effect, Pointer, Route, Status};
use crate::tui::privacy::Mask;
use crate::tui::screen::Screen;
use crate::tui::text::{counted, took};
use crate::tui::widgets::panel::{Focus, panel};
use crate::tui::widgets::{Panes, Paper};
use crate::worker::{Answer, Question, Reply, Slot};

use super::content::Content;
use lines::Stop;

/// The panes' titles, in their order.
const TITLES: [&str; 3] = ["store", "worth a look", "overlaps"];

const HINTS: &[Action] = &[
    Action::Open,
    Action::NextPane,
    Action::Zoom,
    Action::Policy,
    Action::Reload,
    Action::Copy(Part::Value),
];

/// What the panes were last made from.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    widths: [usize; 3],
    mask: Mask,
    icons: Icons,
    theme: String,
    minute: i64,
}

/// The screen.
pub struct Overview {
    content: Content<Box<StatsAnswer>>,
    papers: [Paper<Stop>; 3],
    shown: Option<Shown>,
    panes: Panes,
    area: Rect,
    elapsed: Duration,
}

impl Overview {
    /// The overview, before it has asked.
    pub fn new() -> Overview {
        Overview {
            content: Content::Loading,
            papers: Default::default(),
            shown: None,
            panes: Panes::new(3),
            area: Rect::default(),
            elapsed: Duration::ZERO,
        }
    }

    fn paper(&self) -> Option<&Paper<Stop>> {
        self.papers.get(self.panes.focus())
    }

    fn open(&self) -> Vec<Effect> {
        let stop = self.paper().and_then(Paper::selected).cloned();
        stop.map(|stop| match stop {
            Stop::Profile(identity) => Effect::Open(Route::Profile(identity)),
            Stop::Graph(identity) => Effect::Open(Route::Graph(identity)),
            Stop::Query(query) => Effect::Find(query),
        })
        .into_iter()
        .collect()
    }

    fn copy(&self, part: Part) -> Vec<Effect> {
        let Some(paper) = self.paper() else {
            return Vec::new();
        };
        let stop = paper.selected().map(|stop| match stop {
            Stop::Profile(identity) | Stop::Graph(identity) => identity.to_string(),
            Stop::Query(query) => query.clone(),
        });
        let text = match part {
            Part::Line => paper.text(),
            Part::Json => stop.map(|stop| serde_json::Value::from(stop).to_string()),
            _ => stop,
        };
        text.map(|text| Effect::Copy {
            name: "line".into(),
            text,
        })
        .into_iter()
        .collect()
    }

    fn write(&mut self, ctx: &Ctx) {
        let width = |pane: usize| {
            let area = self.panes.area(pane).unwrap_or_default();
            usize::from(area.width.saturating_sub(4))
        };
        let shown = Shown {
            widths: [width(0), width(1), width(2)],
            mask: ctx.mask,
            icons: ctx.icons,
            theme: ctx.theme.name.clone(),
            minute: ctx.now.0 / 60_000,
        };
        let Some(stats) = self.content.ready() else {
            return;
        };
        if self.shown.as_ref() == Some(&shown) {
            return;
        }
        let [store, look, overlaps] = shown.widths;
        let texts = [
            lines::store(stats, store, ctx),
            lines::worth_a_look(stats, look, ctx),
            lines::overlaps(stats, overlaps, ctx),
        ];
        for (paper, text) in self.papers.iter_mut().zip(texts) {
            paper.set(text);
        }
        self.shown = Some(shown);
    }
}

impl Screen for Overview {
    fn route(&self) -> Route {
        Route::Overview
    }

    fn crumb(&self, _ctx: &Ctx) -> Option<String> {
        None
    }

    fn load(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let policy = ctx.policy.id.clone();
        vec![Effect::Ask(Slot::Overview, Question::Stats { policy })]
    }

    fn update(&mut self, action: Action, _ctx: &Ctx) -> Vec<Effect> {
        match action {
            Action::Open => return self.open(),
            Action::Copy(part) => return self.copy(part),
            _ if self.panes.act(action) => {}
            Action::Undo => self.panes.set_focus(0),
            Action::In => {
                self.panes.act(Action::NextPane);
            }
            Action::Out => {
                self.panes.act(Action::PreviousPane);
            }
            _ => {
                if let Some(paper) = self.papers.get_mut(self.panes.focus()) {
                    paper.act(action);
                }
            }
        }
        Vec::new()
    }

    fn point(&mut self, pointer: Pointer, _ctx: &Ctx) -> Vec<Effect> {
        let (Pointer::Press(at) | Pointer::WheelDown(at) | Pointer::WheelUp(at)) = pointer;
        for pane in 0..TITLES.len() {
            let area = self.panes.area(pane).unwrap_or_default();
            let Some(paper) = self.papers.get_mut(pane).filter(|_| area.contains(at)) else {
                continue;
            };
            match pointer {
                Pointer::Press(_) => {
                    self.panes.set_focus(pane);
                    paper.press(at.y.saturating_sub(area.y + 1).into());
                }
                Pointer::WheelDown(_) => paper.wheel(3),
                Pointer::WheelUp(_) => paper.wheel(-3),
            }
        }
        Vec::new()
    }

    fn receive(&mut self, reply: &Reply, ctx: &Ctx) -> Vec<Effect> {
        match &reply.answer {
            Ok(Answer::Stats(stats)) => {
                self.elapsed = reply.elapsed;
                self.content = Content::Ready(stats.clone());
                self.shown = None;
                self.write(ctx);
            }
            Ok(_) => {}
            Err(words) => return self.content.fail(words),
        }
        Vec::new()
    }

    fn layout(&mut self, area: Rect, ctx: &Ctx) {
        self.area = area;
        self.panes.layout(area, &[4, 3, 3]);
        for (pane, paper) in self.papers.iter_mut().enumerate() {
            let area = self.panes.area(pane).unwrap_or_default();
            paper.fit(area.height.saturating_sub(2).into());
        }
        self.write(ctx);
    }

    fn draw(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        let stats = self.content.ready();
        let is_empty = stats.is_some_and(|stats| stats.datasets.is_empty());
        if stats.is_none() || is_empty {
            let block = panel("store", Focus::Here, ctx);
            let inside = block.inner(self.area);
            frame.render_widget(block, self.area);
            self.content.draw_absence(frame, inside, ctx);
            if is_empty {
                let words = " the store is empty; 6 brings files in";
                frame.render_widget(Span::styled(words, ctx.theme.dim), inside);
            }
            return;
        }
        for (pane, paper) in self.papers.iter().enumerate() {
            let Some((area, title)) = self.panes.area(pane).zip(TITLES.get(pane)) else {
                continue;
            };
            let focus = Focus::of(pane, self.panes.focus());
            let block = panel(title, focus, ctx);
            let inside = block.inner(area);
            frame.render_widget(block, area);
            paper.draw(frame, inside, focus, ctx);
        }
    }

    fn status(&self, ctx: &Ctx) -> Status {
        let Some(stats) = self.content.ready() else {
            return Status::default();
        };
        Status {
            position: format!(
                "{} {dot} {} {dot} {}",
                counted(stats.profiles, "profile"),
                counted(stats.events, "event"),
                counted(stats.suspects.len() as u64, "suspect"),
                dot = ctx.icons.dot
            ),
            timing: format!("overview {}", took(self.elapsed)),
        }
    }

    fn hints(&self) -> &'static [Action] {
        HINTS
    }

    fn subject(&self) -> Option<Identity> {
        match self.paper()?.selected()? {
            Stop::Profile(identity) | Stop::Graph(identity) => Some(identity.clone()),
            Stop::Query(_) => None,
        }
    }
}
