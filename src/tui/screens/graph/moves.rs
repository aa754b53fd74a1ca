//! What the keys do on the graph screen beside moving: walking, asking why, filtering, copying.

use crate::model::Identity;
use crate::tui::action::{Action, Part};
use crate::tui::message::{Ctx, Effect, Route};
use crate::tui::screen::Mode;
use crate::tui::widgets::Field;
use crate::worker::{Question, Slot};

use super::super::content::Content;
use super::network::Network;
use super::{Asked, Graph, INSPECT, LIST, WHY};

impl Graph {
    pub(super) fn walk_to(&mut self, identity: &Identity, ctx: &Ctx) -> Vec<Effect> {
        let Some(network) = self.network.ready() else {
            return Vec::new();
        };
        let Some(at) = network.find(identity) else {
            return vec![Effect::Open(Route::Graph(identity.clone()))];
        };
        if !self.identities.select(at) {
            self.filter = Field::default();
            self.identities.list(network, "");
            self.identities.select(at);
        }
        self.inspector.rewind();
        self.inspect(ctx);
        Vec::new()
    }

    pub(super) fn open(&mut self, ctx: &Ctx) -> Vec<Effect> {
        if let Some(offer) = self.network.offer() {
            return vec![Effect::Open(Route::Graph(offer.clone()))];
        }
        let wanted = match self.panes.focus() {
            LIST => {
                self.panes.set_focus(INSPECT);
                return Vec::new();
            }
            INSPECT => self.other_end(),
            _ => self.why.selected().cloned(),
        };
        wanted.map_or_else(Vec::new, |wanted| self.walk_to(&wanted, ctx))
    }

    pub(super) fn other_end(&self) -> Option<Identity> {
        let network = self.network.ready()?;
        let link = network.link(*self.inspector.selected()?)?;
        let other = network.other(self.identities.selected()?, link);
        Some(other.clone())
    }

    pub(super) fn ask_why(&mut self) -> Vec<Effect> {
        let marked = self.identities.marked();
        let selected = self.identities.selected();
        let (a, b) = match (marked, selected) {
            ([a, b], _) => (Some(*a), Some(*b)),
            ([a], Some(b)) if *a != b => (Some(*a), Some(b)),
            (_, selected) => (selected, None),
        };
        let Some(a) = a.and_then(|at| self.name(at)).cloned() else {
            return Vec::new();
        };
        let b = b.and_then(|at| self.name(at)).cloned();
        self.asked = Some(Asked {
            a: a.clone(),
            b: b.clone(),
            answer: Content::Loading,
        });
        self.why.set(Vec::new());
        self.panes.set_focus(WHY);
        vec![Effect::Ask(Slot::Why, Question::Why { a, b })]
    }

    pub(super) fn seek_bridge(&mut self, action: Action) -> Vec<Effect> {
        let Some(network) = self.network.ready() else {
            return Vec::new();
        };
        if self.identities.seek(action, |at| network.has_bridge(at)) {
            self.inspector.rewind();
            return Vec::new();
        }
        let way = match action {
            Action::NextWarning => "below",
            _ => "above",
        };
        vec![Effect::Say(format!(
            "no identity {way} here is the end of a bridge"
        ))]
    }

    pub(super) fn undo(&mut self) {
        if self.mode == Mode::Text {
            self.mode = Mode::Command;
        } else if self.panes.act(Action::Undo) {
        } else if self.panes.focus() != LIST {
            self.panes.set_focus(LIST);
        } else if !self.filter.text().is_empty() {
            self.filter = Field::default();
            self.list();
        } else {
            self.identities.unmark();
        }
    }

    pub(super) fn list(&mut self) {
        if let Some(network) = self.network.ready() {
            self.identities.list(network, self.filter.text());
        }
    }

    pub(super) fn act(&mut self, action: Action) -> Vec<Effect> {
        match self.panes.focus() {
            LIST if action == Action::In => self.panes.set_focus(INSPECT),
            INSPECT | WHY if action == Action::Out => self.panes.set_focus(LIST),
            LIST => {
                if self.identities.act(action) {
                    self.inspector.rewind();
                }
            }
            INSPECT => {
                self.inspector.act(action);
            }
            _ => {
                self.why.act(action);
            }
        }
        Vec::new()
    }

    pub(super) fn copy(&self, part: Part) -> Vec<Effect> {
        let Some((network, at)) = self.network.ready().zip(self.identities.selected()) else {
            return Vec::new();
        };
        let Some(identity) = network.identity(at) else {
            return Vec::new();
        };
        let (name, text) = match part {
            Part::Value => ("identity", identity.identity.to_string()),
            Part::Path => ("value", identity.identity.value.clone()),
            Part::Json => ("json", json(network, at)),
            Part::Line => {
                let line = match self.panes.focus() {
                    INSPECT => self.inspector.text(),
                    WHY => self.why.text(),
                    _ => None,
                };
                (
                    "line",
                    line.unwrap_or_else(|| identity.identity.to_string()),
                )
            }
        };
        vec![Effect::Copy {
            name: name.into(),
            text,
        }]
    }
}

/// An identity with its links as JSON.
fn json(network: &Network, at: usize) -> String {
    let links: Vec<_> = network
        .links_of(at)
        .map(|(_, link)| {
            serde_json::json!({
                "to": network.other(at, link),
                "seen": link.seen,
                "firstEstablished": link.first_established,
                "lastUpdated": link.last_updated,
                "removed": link.removed.as_ref().map(|end| &end.reason),
                "sources": link.sources,
            })
        })
        .collect();
    let Some(identity) = network.identity(at) else {
        return String::new();
    };
    let whole = serde_json::json!({
        "identity": identity.identity,
        "about": identity,
        "links": links,
    });
    format!("{whole:#}")
}
