//! What the search screen does about actions.

use ratatui::layout::Position;

use crate::config::Keep;
use crate::model::{Address, Hit};
use crate::tui::action::{Action, Part};
use crate::tui::message::{Ctx, Effect, Route};
use crate::tui::screen::Mode;
use crate::tui::widgets::Field;

use super::{BESIDE, FACETS, LIST, Search, State};

impl Search {
    /// Goes from the box to the list; a query that was understood is remembered.
    pub(super) fn leave_box(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.mode = Mode::Command;
        self.recalled = None;
        self.hints.close();
        let query = self.field.text().trim().to_owned();
        let is_new = ctx.kept.queries.last() != Some(&query);
        if query.is_empty() || !is_new || matches!(self.state, State::Wrong(..)) {
            return Vec::new();
        }
        vec![Effect::Keep(Keep::Query(query))]
    }

    /// Puts an earlier query into the box.
    fn recall(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let past = &ctx.kept.queries;
        let before = self.recalled.unwrap_or(past.len());
        let Some(at) = before.checked_sub(1) else {
            return vec![Effect::Say("there is no earlier query".into())];
        };
        if let Some(query) = past.get(at) {
            self.field = Field::new(query);
        }
        self.recalled = Some(at);
        self.hints.close();
        self.typed(ctx)
    }

    pub(super) fn update_box(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        if self.hints.step(action) {
            return Vec::new();
        }
        match action {
            Action::NextPane if self.hints.is_open() => return self.accept(ctx),
            // A key that is faster than the suggestions is no key to leave with.
            Action::NextPane if self.hints.want() => return Vec::new(),
            Action::Open | Action::Down | Action::Undo => return self.leave_box(ctx),
            Action::NextPane | Action::PreviousPane => {
                self.panes.set_focus(LIST);
                return self.leave_box(ctx);
            }
            Action::Up => return self.recall(ctx),
            Action::NextSuggestion => return self.hints.ask(&self.field).into_iter().collect(),
            _ => {}
        }
        if !self.open_dialog(action, ctx) {
            self.results.act(action);
        }
        self.follow(ctx)
    }

    /// Takes the selected suggestion into the query.
    pub(super) fn accept(&mut self, ctx: &Ctx) -> Vec<Effect> {
        if !self.hints.accept(&mut self.field, ctx) {
            return vec![Effect::Say("the mask hides this value; P shows it".into())];
        }
        let mut effects = self.typed(ctx);
        effects.extend(self.hints.ask(&self.field));
        effects
    }

    pub(super) fn update_list(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        match action {
            Action::Query => self.mode = Mode::Text,
            Action::In if self.panes.area(BESIDE).is_some() => self.panes.set_focus(BESIDE),
            Action::Open | Action::In => return self.open(),
            Action::Undo => self.undo(),
            Action::Preview => self.panes.toggle_beside(),
            Action::Select => self.toggle_mark(),
            Action::OnlyMatches => return self.toggle_others(ctx),
            Action::Delete => {
                let words = "a saved search is deleted where it is listed: in the pane of facets";
                return vec![Effect::Say(words.into())];
            }
            Action::Copy(part) => return self.copy(part).into_iter().collect(),
            Action::Sample => {
                return vec![Effect::Open(Route::Import), Effect::Act(Action::Sample)];
            }
            _ => {
                if !self.open_dialog(action, ctx) {
                    self.results.act(action);
                }
            }
        }
        self.follow(ctx)
    }

    pub(super) fn update_facets(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        match action {
            Action::Select | Action::Open | Action::In => {
                if let Some(search) = self.facets.saved() {
                    return vec![Effect::Run(search.name.clone())];
                }
                let term = self.facets.term(ctx).map(str::to_owned);
                let query = term.and_then(|term| self.reading.turned(&term));
                let Some(query) = query else {
                    return vec![Effect::Say("there is no term to add here".into())];
                };
                self.field = Field::new(&query);
                self.typed(ctx)
            }
            Action::Delete => match self.facets.saved() {
                Some(search) => vec![
                    Effect::Say(format!("deleted {}", search.name)),
                    Effect::Keep(Keep::Drop(search.name.clone())),
                    Effect::Act(Action::Reload),
                ],
                None => vec![Effect::Say(
                    "only saved searches can be deleted here".into(),
                )],
            },
            Action::Undo | Action::Out => {
                self.panes.set_focus(LIST);
                Vec::new()
            }
            _ if self.facets.act(action) => Vec::new(),
            _ => self.update_list(action, ctx),
        }
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
            Part::Path => Address::from(Route::Profile(identity.clone())).to_string(),
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
        let mut effects = self.leave_box(ctx);
        self.panes.set_focus(LIST);
        let row = usize::from(at.y - self.list_area.y);
        match self.results.cursor().at(row, self.results.len()) {
            Some(row) if row == self.results.cursor().selected() => effects.extend(self.open()),
            Some(row) => {
                self.results.cursor_mut().select(row);
                effects.extend(self.follow(ctx));
            }
            None => {}
        }
        effects
    }

    /// Selects the pressed line of the facets, or does what `space` does where it is selected already.
    pub(super) fn press_facet(&mut self, at: Position, ctx: &Ctx) -> Vec<Effect> {
        let mut effects = self.leave_box(ctx);
        self.panes.set_focus(FACETS);
        if self.facets.press(at.y) {
            effects.extend(self.update_facets(Action::Select, ctx));
        }
        effects
    }
}

fn line_text(hit: &Hit) -> String {
    let mut parts = vec![hit.entity_id.to_string()];
    parts.extend(hit.name.clone());
    parts.extend(hit.email.clone());
    parts.join("  ")
}
