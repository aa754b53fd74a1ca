//! The merge policies: which there are, what each of them does, and changing them.

mod confirm;
mod edit;
mod form;
mod paint;
#[cfg(test)]
mod tests;
mod words;

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::model::{CompareAnswer, MergePolicy};
use crate::tui::action::{Action, Part as CopyPart};
use crate::tui::message::{Ctx, Edit, Effect, Pointer, Route, Status};
use crate::tui::screen::{Mode, Screen};
use crate::tui::widgets::{Cursor, Field, Panes, Paper};
use crate::worker::{Answer, Question, Reply, Slot};

use confirm::{Confirm, Outcome};
use form::{Form, Part};

/// The panes, in their order.
const LIST: usize = 0;
const RULES: usize = 1;
const PREVIEW: usize = 2;

const HINTS: &[Action] = &[
    Action::Select,
    Action::NextPane,
    Action::Duplicate,
    Action::Save,
    Action::SetDefault,
    Action::MoveEarlier,
    Action::Delete,
    Action::Copy(CopyPart::Json),
];

/// The screen.
pub struct Policies {
    /// The name of the policy to select once they are there.
    wanted: Option<String>,
    cursor: Cursor,
    datasets: Vec<String>,
    draft: Option<Form>,
    /// The draft is of a policy that is not there yet.
    is_new: bool,
    rules: Paper<Part>,
    name: Field,
    mode: Mode,
    confirm: Option<Confirm>,
    preview: Option<CompareAnswer>,
    changes: Paper<()>,
    panes: Panes,
    area: Rect,
    widths: [usize; 3],
    elapsed: Duration,
}

impl Policies {
    /// The policies.
    pub fn new() -> Policies {
        Policies {
            wanted: None,
            cursor: Cursor::default(),
            datasets: Vec::new(),
            draft: None,
            is_new: false,
            rules: Paper::default(),
            name: Field::default(),
            mode: Mode::Command,
            confirm: None,
            preview: None,
            changes: Paper::default(),
            panes: Panes::new(3),
            area: Rect::default(),
            widths: [40; 3],
            elapsed: Duration::ZERO,
        }
    }

    fn selected<'a>(&self, ctx: &'a Ctx) -> Option<&'a MergePolicy> {
        ctx.policies.get(self.cursor.selected())
    }

    fn form(&self, ctx: &Ctx) -> Option<Form> {
        let selected = || Some(Form::new(self.selected(ctx)?, &self.datasets));
        self.draft.clone().or_else(selected)
    }

    /// Changes the form; it is a draft where it says something else than the policy.
    fn change(&mut self, ctx: &Ctx, change: impl FnOnce(&mut Form)) {
        let Some(mut form) = self.form(ctx) else {
            return;
        };
        change(&mut form);
        let is_same = self.selected(ctx) == Some(&form.policy());
        self.draft = (self.is_new || !is_same).then_some(form);
    }

    fn write(&mut self, ctx: &Ctx) {
        let [_, rules, preview] = self.widths;
        let lines = self.form(ctx).map(|form| form.lines(rules, ctx));
        self.rules.set(lines.unwrap_or_default());
        let lines = self
            .preview
            .as_ref()
            .map(|answer| paint::changes(answer, preview, ctx));
        self.changes.set(lines.unwrap_or_default());
    }

    fn ask_preview(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some((identity, policy)) = ctx.subject.clone().zip(self.selected(ctx)) else {
            return Vec::new();
        };
        let policies = vec![ctx.policy.id.clone(), policy.id.clone()];
        vec![Effect::Ask(
            Slot::Compare,
            Question::Compare { identity, policies },
        )]
    }

    fn step(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        match self.panes.focus() {
            LIST => {
                let before = self.cursor.clone();
                self.cursor.act(action, ctx.policies.len());
                if before.selected() == self.cursor.selected() {
                    return Vec::new();
                }
                if self.draft.is_some() {
                    self.cursor = before;
                    return vec![Effect::Say(
                        "not saved yet: s saves, esc drops the changes".into(),
                    )];
                }
                self.rules.rewind();
                self.ask_preview(ctx)
            }
            RULES => {
                self.rules.act(action);
                Vec::new()
            }
            _ => {
                self.changes.act(action);
                Vec::new()
            }
        }
    }
}

impl Screen for Policies {
    fn route(&self) -> Route {
        Route::Policies
    }

    fn crumb(&self, ctx: &Ctx) -> Option<String> {
        self.selected(ctx).map(|policy| policy.name.clone())
    }

    fn restore(&mut self, crumb: &str) {
        self.wanted = Some(crumb.to_owned());
    }

    fn load(&mut self, ctx: &Ctx) -> Vec<Effect> {
        if let Some(name) = self.wanted.take()
            && let Some(at) = ctx.policies.iter().position(|policy| policy.name == name)
        {
            self.cursor.select(at);
        }
        let policy = ctx.policy.id.clone();
        let mut effects = vec![Effect::Ask(Slot::Overview, Question::Stats { policy })];
        effects.extend(self.ask_preview(ctx));
        self.write(ctx);
        effects
    }

    fn mode(&self) -> Mode {
        match &self.confirm {
            Some(confirm) => confirm.mode(),
            None => self.mode,
        }
    }

    fn update(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        if let Some(confirm) = &self.confirm {
            let outcome = confirm.update(action);
            if outcome != Outcome::Stays {
                self.confirm = None;
            }
            return match outcome {
                Outcome::Done(question) => vec![Effect::Ask(Slot::Policies, question)],
                _ => Vec::new(),
            };
        }
        let mut effects = Vec::new();
        match action {
            _ if self.mode == Mode::Text => self.leave_name(action, ctx),
            Action::Undo => effects = self.undo(),
            _ if self.panes.act(action) => {}
            Action::Open | Action::Select | Action::In | Action::Out => {
                effects = self.choose(action, ctx);
            }
            Action::MoveEarlier | Action::MoveLater => effects = self.shift(action, ctx),
            Action::Duplicate => self.duplicate(ctx),
            Action::Save => effects = self.save(ctx),
            Action::SetDefault | Action::Delete => effects = self.ask_to_confirm(action, ctx),
            Action::Copy(part) => effects = self.copy(part, ctx),
            _ => effects = self.step(action, ctx),
        }
        self.write(ctx);
        effects
    }

    fn edit(&mut self, edit: &Edit, _ctx: &Ctx) -> Vec<Effect> {
        match &mut self.confirm {
            Some(confirm) => confirm.edit(edit),
            None => {
                self.name.edit(edit);
            }
        }
        Vec::new()
    }

    fn point(&mut self, pointer: Pointer, ctx: &Ctx) -> Vec<Effect> {
        let Pointer::Press(at) = pointer else {
            let action = match pointer {
                Pointer::WheelUp(_) => Action::Up,
                _ => Action::Down,
            };
            return self.step(action, ctx);
        };
        let is_in = |pane: &usize| self.panes.area(*pane).is_some_and(|area| area.contains(at));
        if let Some(pane) = (LIST..=PREVIEW)
            .find(is_in)
            .filter(|_| self.confirm.is_none())
        {
            let top = self.panes.area(pane).map_or(0, |area| area.y);
            let row = usize::from(at.y.saturating_sub(top + 1));
            self.panes.set_focus(pane);
            match pane {
                RULES => self.rules.press(row),
                LIST if self.draft.is_none() => {
                    let at = self.cursor.at(row.saturating_sub(1), ctx.policies.len());
                    self.cursor.select(at.unwrap_or(self.cursor.selected()));
                }
                _ => {}
            }
        }
        self.write(ctx);
        self.ask_preview(ctx)
    }

    fn receive(&mut self, reply: &Reply, ctx: &Ctx) -> Vec<Effect> {
        let mut effects = Vec::new();
        match (&reply.answer, reply.slot) {
            (Ok(Answer::Policies(policies)), _) => {
                effects = self.saved(&reply.question, policies);
                effects.extend(self.ask_preview(ctx));
            }
            (Ok(Answer::Stats(stats)), _) => {
                let names = stats.datasets.iter().map(|dataset| dataset.name.clone());
                self.datasets = names.collect();
            }
            (Ok(Answer::Compare(found)), _) => {
                self.elapsed = reply.elapsed;
                self.preview = found.as_ref().ok().cloned();
            }
            (Err(words), Slot::Policies) => effects.push(Effect::Warn(words.clone())),
            _ => {}
        }
        self.write(ctx);
        effects
    }

    fn layout(&mut self, area: Rect, ctx: &Ctx) {
        self.area = area;
        self.panes.layout(area, &[4, 4, 3]);
        let inner = |pane: usize| self.panes.area(pane).unwrap_or_default();
        let areas = [inner(LIST), inner(RULES), inner(PREVIEW)];
        self.widths = areas.map(|area| usize::from(area.width.saturating_sub(4)));
        let [list, rules, preview] = areas.map(|area| usize::from(area.height.saturating_sub(2)));
        self.cursor.fit(list.saturating_sub(1), ctx.policies.len());
        self.rules.fit(rules);
        self.changes.fit(preview);
        self.write(ctx);
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

    fn enter_label(&self) -> &'static str {
        match self.confirm {
            Some(_) => "delete",
            None => "take the name",
        }
    }
}
