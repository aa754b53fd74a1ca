//! The graph: the identities of one person as a list, each with its links and their records.

mod inspect;
mod list;
mod moves;
mod network;
mod paint;
#[cfg(test)]
mod tests;
mod why;

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::model::{GraphAnswer, Identity, WhyAnswer};
use crate::tui::action::{Action, Part};
use crate::tui::icons::Icons;
use crate::tui::message::{Ctx, Edit, Effect, Pointer, Route, Status};
use crate::tui::privacy::Mask;
use crate::tui::screen::{Mode, Screen};
use crate::tui::widgets::{Field, Panes, Paper};
use crate::worker::{Answer, Question, Reply, Slot};

use super::content::Content;
use inspect::Removed;
use list::Identities;
use network::Network;

/// The panes, in their order.
const LIST: usize = 0;
const INSPECT: usize = 1;
const WHY: usize = 2;

const HINTS: &[Action] = &[
    Action::Open,
    Action::Query,
    Action::NextPane,
    Action::NextWarning,
    Action::Select,
    Action::Why,
    Action::RemovedLinks,
    Action::Copy(Part::Value),
];

/// What was asked about two identities, and its answer.
#[derive(Debug)]
struct Asked {
    a: Identity,
    b: Option<Identity>,
    answer: Content<WhyAnswer>,
}

/// The screen.
pub struct Graph {
    subject: Identity,
    /// The identity to select once it is there, as it is written.
    wanted: Option<String>,
    network: Content<Network>,
    identities: Identities,
    inspector: Paper<usize>,
    asked: Option<Asked>,
    why: Paper<Identity>,
    removed: Removed,
    filter: Field,
    mode: Mode,
    panes: Panes,
    area: Rect,
    widths: [usize; 3],
    shown: Option<Shown>,
    elapsed: Duration,
}

/// What the panes beside the list were last made from.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    selected: Option<usize>,
    removed: Removed,
    widths: [usize; 3],
    mask: Mask,
    icons: Icons,
    theme: String,
    minute: i64,
}

impl Graph {
    /// The graph that an identity belongs to.
    pub fn new(subject: Identity) -> Graph {
        Graph {
            subject,
            wanted: None,
            network: Content::Loading,
            identities: Identities::default(),
            inspector: Paper::default(),
            asked: None,
            why: Paper::default(),
            removed: Removed::default(),
            filter: Field::default(),
            mode: Mode::Command,
            panes: Panes::new(3),
            area: Rect::default(),
            widths: [36; 3],
            shown: None,
            elapsed: Duration::ZERO,
        }
    }

    fn take(&mut self, answer: GraphAnswer, ctx: &Ctx) {
        let here = self.selected().cloned();
        let network = Network::new(answer);
        let named = self.wanted.take().and_then(|name| network.named(&name));
        let wanted = named.or(here).unwrap_or_else(|| self.subject.clone());
        self.identities.unmark();
        self.identities.list(&network, self.filter.text());
        if let Some(at) = network.find(&wanted) {
            self.identities.select(at);
        }
        self.network = Content::Ready(network);
        self.shown = None;
        self.inspect(ctx);
    }

    /// The selected identity.
    fn selected(&self) -> Option<&Identity> {
        self.name(self.identities.selected()?)
    }

    fn name(&self, at: usize) -> Option<&Identity> {
        let identity = self.network.ready()?.identity(at)?;
        Some(&identity.identity)
    }

    /// Brings the panes beside the list up to what is selected.
    fn inspect(&mut self, ctx: &Ctx) {
        let Some(network) = self.network.ready() else {
            return;
        };
        let shown = Shown {
            selected: self.identities.selected(),
            removed: self.removed,
            widths: self.widths,
            mask: ctx.mask,
            icons: ctx.icons,
            theme: ctx.theme.name.clone(),
            minute: ctx.now.0 / 60_000,
        };
        if self.shown.as_ref() == Some(&shown) {
            return;
        }
        self.shown = Some(shown);
        let [_, inspect, why] = self.widths;
        let lines = self
            .identities
            .selected()
            .map(|at| inspect::lines(at, network, self.removed, inspect, ctx));
        self.inspector.set(lines.unwrap_or_default());
        if let Some(asked) = &self.asked
            && let Some(answer) = asked.answer.ready()
        {
            let ends = (&asked.a, asked.b.as_ref());
            self.why.set(why::lines(ends, answer, network, why, ctx));
        }
    }
}

impl Screen for Graph {
    fn route(&self) -> Route {
        Route::Graph(self.subject.clone())
    }

    fn crumb(&self, ctx: &Ctx) -> Option<String> {
        let selected = self
            .selected()
            .filter(|selected| **selected != self.subject);
        selected.map(|selected| ctx.mask.identity(selected, &ctx.icons))
    }

    fn restore(&mut self, crumb: &str) {
        self.wanted = Some(crumb.to_owned());
    }

    fn load(&mut self, _ctx: &Ctx) -> Vec<Effect> {
        let identity = self.subject.clone();
        vec![Effect::Ask(Slot::Graph, Question::Graph { identity })]
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn update(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        let effects = match action {
            Action::Open | Action::Down | Action::NextPane if self.mode == Mode::Text => {
                self.mode = Mode::Command;
                Vec::new()
            }
            Action::Undo => {
                self.undo();
                Vec::new()
            }
            _ if self.panes.act(action) => Vec::new(),
            Action::Query => {
                self.panes.set_focus(LIST);
                self.mode = Mode::Text;
                Vec::new()
            }
            Action::Open => self.open(ctx),
            Action::Select => {
                self.identities.mark();
                self.identities.act(Action::Down);
                Vec::new()
            }
            Action::Why => self.ask_why(),
            Action::NextWarning | Action::PreviousWarning => self.seek_bridge(action),
            Action::RemovedLinks => {
                self.removed = match self.removed {
                    Removed::Shown => Removed::Hidden,
                    Removed::Hidden => Removed::Shown,
                };
                Vec::new()
            }
            Action::Copy(part) => self.copy(part),
            _ => self.act(action),
        };
        self.inspect(ctx);
        effects
    }

    fn edit(&mut self, edit: &Edit, ctx: &Ctx) -> Vec<Effect> {
        if self.filter.edit(edit) {
            self.list();
            self.inspect(ctx);
        }
        Vec::new()
    }

    fn point(&mut self, pointer: Pointer, ctx: &Ctx) -> Vec<Effect> {
        let (Pointer::Press(at) | Pointer::WheelDown(at) | Pointer::WheelUp(at)) = pointer;
        let pane = (LIST..=WHY).find(|pane| self.panes.area(*pane).is_some_and(|a| a.contains(at)));
        let Some((pane, area)) = pane.and_then(|pane| Some((pane, self.panes.area(pane)?))) else {
            return Vec::new();
        };
        let row = usize::from(at.y.saturating_sub(area.y + 1));
        let step = match pointer {
            Pointer::Press(_) => 0,
            Pointer::WheelDown(_) => 3,
            Pointer::WheelUp(_) => -3,
        };
        match (pane, step) {
            (LIST, 0) => self.identities.press(row.saturating_sub(1)),
            (LIST, step) => self.identities.wheel(step),
            (INSPECT, 0) => self.inspector.press(row),
            (INSPECT, step) => self.inspector.wheel(step),
            (_, 0) => self.why.press(row),
            (_, step) => self.why.wheel(step),
        }
        if step == 0 {
            self.panes.set_focus(pane);
        }
        self.inspect(ctx);
        Vec::new()
    }

    fn receive(&mut self, reply: &Reply, ctx: &Ctx) -> Vec<Effect> {
        match (reply.slot, &reply.answer) {
            (Slot::Graph, Ok(Answer::Graph(found))) => {
                self.elapsed = reply.elapsed;
                match found {
                    Ok(answer) => self.take(answer.clone(), ctx),
                    Err(miss) => self.network = Content::Missing(miss.clone()),
                }
            }
            (Slot::Graph, Err(words)) => return self.network.fail(words),
            (Slot::Why, answer) => {
                if let Some(asked) = &mut self.asked {
                    match answer {
                        Ok(Answer::Why(found)) => asked.answer.take(found.clone()),
                        Ok(_) => {}
                        Err(words) => return asked.answer.fail(words),
                    }
                }
                self.why.rewind();
                self.shown = None;
                self.inspect(ctx);
            }
            _ => {}
        }
        Vec::new()
    }

    fn layout(&mut self, area: Rect, ctx: &Ctx) {
        self.area = area;
        self.panes.layout(area, &[5, 3, 3]);
        let inner = |pane: usize| {
            let area = self.panes.area(pane).unwrap_or_default();
            (
                usize::from(area.width.saturating_sub(4)),
                usize::from(area.height.saturating_sub(2)),
            )
        };
        let sizes = [inner(LIST), inner(INSPECT), inner(WHY)];
        self.widths = sizes.map(|(width, _)| width);
        self.identities
            .fit(sizes[LIST].1.saturating_sub(self.filter_rows()));
        self.inspector.fit(sizes[INSPECT].1);
        self.why.fit(sizes[WHY].1);
        self.inspect(ctx);
    }

    fn draw(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        self.paint(frame, ctx);
    }

    fn status(&self, ctx: &Ctx) -> Status {
        self.place(ctx)
    }

    fn hints(&self) -> &'static [Action] {
        HINTS
    }

    fn subject(&self) -> Option<Identity> {
        Some(self.subject.clone())
    }
}
