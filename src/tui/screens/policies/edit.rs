//! What the keys do on the policies screen beside moving: following, changing, saving, copying.

use crate::model::MergePolicy;
use crate::tui::action::{Action, Part as CopyPart};
use crate::tui::message::{Ctx, Effect};
use crate::tui::screen::Mode;
use crate::tui::widgets::Field;
use crate::worker::{Question, Slot};

use super::confirm::Confirm;
use super::form::{Form, Part, fresh_id};
use super::{LIST, PREVIEW, Policies, RULES};

impl Policies {
    /// Answers `enter`, `space`, `h` and `l`: in the list the policy is followed, in the form the rule changes.
    pub(super) fn choose(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        match (self.panes.focus(), action) {
            (LIST, Action::Open | Action::Select) => {
                let policy = self.selected(ctx);
                policy
                    .map(|policy| Effect::Follow(policy.id.clone()))
                    .into_iter()
                    .collect()
            }
            (LIST, Action::In) => {
                self.panes.set_focus(RULES);
                Vec::new()
            }
            (RULES, _) => {
                let part = self.rules.selected().cloned();
                match (part, action) {
                    (Some(Part::Name), Action::Open | Action::Select) => self.write_name(ctx),
                    (Some(Part::Dataset(_)), Action::In | Action::Out) | (None, _) => {}
                    (Some(part), _) => self.change(ctx, |form| form.turn(&part, action)),
                }
                if let Some(Part::Dataset(name)) = self.rules.selected().cloned() {
                    self.write(ctx);
                    self.rules
                        .select(|part| *part == Part::Dataset(name.clone()));
                }
                Vec::new()
            }
            (PREVIEW, Action::Out) => {
                self.panes.set_focus(LIST);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn write_name(&mut self, ctx: &Ctx) {
        self.panes.set_focus(RULES);
        self.rules.rewind();
        let form = self.form(ctx);
        self.name = Field::new(
            form.map_or(String::new(), |form| form.policy().name)
                .as_str(),
        );
        self.mode = Mode::Text;
    }

    pub(super) fn shift(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        let Some(Part::Dataset(name)) = self.rules.selected().cloned() else {
            return vec![Effect::Say("select a dataset of the order first".into())];
        };
        self.change(ctx, |form| {
            form.shift(&name, action);
        });
        self.write(ctx);
        self.rules
            .select(|part| *part == Part::Dataset(name.clone()));
        Vec::new()
    }

    pub(super) fn duplicate(&mut self, ctx: &Ctx) {
        let Some(policy) = self.selected(ctx) else {
            return;
        };
        let copy = MergePolicy {
            id: String::new(),
            name: format!("{} copy", policy.name),
            version: 1,
            is_default: false,
            ..policy.clone()
        };
        self.draft = Some(Form::new(&copy, &self.datasets));
        self.is_new = true;
        self.write_name(ctx);
    }

    pub(super) fn save(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(draft) = &self.draft else {
            return vec![Effect::Say("nothing was changed".into())];
        };
        let mut policy = draft.policy();
        if self.is_new {
            policy.id = fresh_id(&policy.name, &ctx.policies);
        }
        vec![Effect::Ask(
            Slot::Policies,
            Question::SavePolicy(Box::new(policy)),
        )]
    }

    pub(super) fn ask_to_confirm(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        let Some(policy) = self.selected(ctx).cloned() else {
            return Vec::new();
        };
        let words = match (action, policy.is_default) {
            _ if self.draft.is_some() => "not saved yet: s saves, esc drops the changes",
            (Action::SetDefault, true) => "this is the default policy already",
            (Action::SetDefault, false) => {
                self.confirm = Some(Confirm::Default(policy));
                return Vec::new();
            }
            (_, true) => "the default policy cannot be deleted; make another the default first",
            (_, false) => {
                self.confirm = Some(Confirm::Delete(Box::new(policy), Field::default()));
                return Vec::new();
            }
        };
        vec![Effect::Say(words.into())]
    }

    pub(super) fn undo(&mut self) -> Vec<Effect> {
        if self.panes.act(Action::Undo) {
            return Vec::new();
        }
        if self.panes.focus() != LIST {
            self.panes.set_focus(LIST);
            return Vec::new();
        }
        self.is_new = false;
        match self.draft.take() {
            Some(_) => vec![Effect::Say("the changes are dropped".into())],
            None => Vec::new(),
        }
    }

    pub(super) fn leave_name(&mut self, action: Action, ctx: &Ctx) {
        match action {
            Action::Open | Action::Down => {
                let name = self.name.text().to_owned();
                self.change(ctx, |form| form.rename(&name));
                self.mode = Mode::Command;
            }
            Action::Undo => self.mode = Mode::Command,
            _ => {}
        }
    }

    pub(super) fn saved(&mut self, question: &Question, policies: &[MergePolicy]) -> Vec<Effect> {
        let place = |id: &String| policies.iter().position(|policy| policy.id == *id);
        let (id, words) = match question {
            Question::SavePolicy(policy) => {
                self.draft = None;
                self.is_new = false;
                (&policy.id, format!("{} is saved", policy.name))
            }
            Question::DefaultPolicy(id) => (id, "the default policy is another now".into()),
            Question::DeletePolicy(id) => (id, "the policy is deleted".into()),
            _ => return Vec::new(),
        };
        if let Some(at) = place(id) {
            self.cursor.select(at);
        }
        vec![Effect::Say(words)]
    }

    pub(super) fn copy(&self, part: CopyPart, ctx: &Ctx) -> Vec<Effect> {
        let Some(form) = self.form(ctx) else {
            return Vec::new();
        };
        let policy = form.policy();
        let (name, text) = match part {
            CopyPart::Json => {
                let json = crate::merge::adobe::write(&policy);
                ("json", format!("{json:#}"))
            }
            CopyPart::Line if self.panes.focus() == RULES => {
                ("line", self.rules.text().unwrap_or_default())
            }
            _ => ("name", policy.name),
        };
        vec![Effect::Copy {
            name: name.into(),
            text,
        }]
    }
}
