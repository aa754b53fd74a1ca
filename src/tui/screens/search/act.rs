//! What the search screen does about actions.

use ratatui::layout::Position;

use crate::model::Hit;
use crate::tui::action::{Action, Part};
use crate::tui::message::{Ctx, Effect, Route};
use crate::tui::screen::Mode;
use crate::tui::widgets::Field;

use super::{BESIDE, LIST, MOST_QUERIES, SORTS, Search};

impl Search {
    pub(super) fn leave_box(&mut self) {
        self.mode = Mode::Command;
        self.recalled = None;
        let query = self.field.text().trim().to_owned();
        if !query.is_empty() && self.past.last() != Some(&query) {
            self.past.retain(|past| *past != query);
            self.past.push(query);
            let surplus = self.past.len().saturating_sub(MOST_QUERIES);
            self.past.drain(..surplus);
        }
    }

    /// Puts an earlier query into the box.
    fn recall(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let before = self.recalled.unwrap_or(self.past.len());
        let Some(at) = before.checked_sub(1) else {
            return vec![Effect::Say("there is no earlier query".into())];
        };
        if let Some(query) = self.past.get(at) {
            self.field = Field::new(query);
        }
        self.recalled = Some(at);
        vec![self.ask(0, ctx)]
    }

    pub(super) fn update_box(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        match action {
            Action::Open | Action::Down | Action::Undo => self.leave_box(),
            Action::NextPane | Action::PreviousPane => {
                self.leave_box();
                self.panes.set_focus(LIST);
            }
            Action::Up => return self.recall(ctx),
            _ => {
                self.results.act(action);
                return self.follow(ctx);
            }
        }
        Vec::new()
    }

    pub(super) fn update_list(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        match action {
            Action::Query => self.mode = Mode::Text,
            Action::In if self.panes.area(BESIDE).is_some() => self.panes.set_focus(BESIDE),
            Action::Open | Action::In => return self.open(),
            Action::Undo => self.undo(),
            Action::Sort => {
                self.sort = (self.sort + 1) % SORTS.len();
                return vec![self.ask(0, ctx)];
            }
            Action::Preview => self.panes.toggle_beside(),
            Action::Select => self.toggle_mark(),
            Action::Copy(part) => return self.copy(part).into_iter().collect(),
            Action::Sample => {
                return vec![Effect::Open(Route::Import), Effect::Act(Action::Sample)];
            }
            _ => {
                self.results.act(action);
            }
        }
        self.follow(ctx)
    }

    fn open(&self) -> Vec<Effect> {
        match self.results.selected() {
            Some(hit) => vec![Effect::Open(Route::Profile(hit.entity_id.clone()))],
            None => vec![Effect::Say("there is no profile to open".into())],
        }
    }

    fn undo(&mut self) {
        if self.panes.focus() == BESIDE {
            self.panes.set_focus(LIST);
        } else {
            self.marked.clear();
        }
    }

    fn toggle_mark(&mut self) {
        let Some(identity) = self.results.selected().map(|hit| hit.entity_id.clone()) else {
            return;
        };
        match self.marked.iter().position(|marked| *marked == identity) {
            Some(at) => {
                self.marked.remove(at);
            }
            None => self.marked.push(identity),
        }
        self.results.act(Action::Down);
    }

    /// The marked profiles, or the selected one, as text.
    fn copy(&self, part: Part) -> Option<Effect> {
        let hit = self.results.selected()?;
        let chosen = match self.marked.as_slice() {
            [] => vec![hit.entity_id.clone()],
            marked => marked.to_vec(),
        };
        let texts = chosen.iter().map(|identity| match part {
            Part::Path => Route::Profile(identity.clone()).address().join(" › "),
            Part::Value | Part::Json | Part::Line => identity.to_string(),
        });
        let (name, text) = match part {
            Part::Json if self.marked.is_empty() => {
                ("json", serde_json::to_string(hit).unwrap_or_default())
            }
            Part::Line if self.marked.is_empty() => ("line", line_text(hit)),
            Part::Path => ("address", texts.collect::<Vec<_>>().join("\n")),
            _ => ("identity", texts.collect::<Vec<_>>().join("\n")),
        };
        Some(Effect::Copy {
            name: name.into(),
            text,
        })
    }

    /// Selects the pressed row, or opens it where it is selected already.
    pub(super) fn press(&mut self, at: Position, ctx: &Ctx) -> Vec<Effect> {
        self.leave_box();
        self.panes.set_focus(LIST);
        let row = usize::from(at.y - self.list_area.y);
        match self.results.cursor().at(row, self.results.len()) {
            Some(row) if row == self.results.cursor().selected() => self.open(),
            Some(row) => {
                self.results.cursor_mut().select(row);
                self.follow(ctx)
            }
            None => Vec::new(),
        }
    }
}

fn line_text(hit: &Hit) -> String {
    let mut parts = vec![hit.entity_id.to_string()];
    parts.extend(hit.name.clone());
    parts.extend(hit.email.clone());
    parts.join("  ")
}
