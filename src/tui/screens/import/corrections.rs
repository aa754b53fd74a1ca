//! Corrections of a plan: what is written in the box, and the actions on the selected line.

use crate::tui::action::Action;
use crate::tui::message::{Ctx, Edit, Effect};
use crate::tui::screen::Mode;
use crate::tui::widgets::Field;
use crate::worker::{Question, Slot};

use super::{Import, Stage, Writing, paths};

impl Import {
    /// Takes text into the box; other files are another plan.
    pub(super) fn type_in(&mut self, edit: &Edit) {
        let is_changed = match &mut self.writing {
            Writing::Line(field) | Writing::File(field) | Writing::Count(field) => {
                field.edit(edit);
                false
            }
            Writing::Paths => self.field.edit(edit),
        };
        if is_changed && !self.is_running() {
            self.stage = Stage::Idle;
        }
    }

    /// Takes what was written in the box.
    pub(super) fn written(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.mode = Mode::Command;
        match std::mem::replace(&mut self.writing, Writing::Paths) {
            Writing::Paths => self.plan(ctx),
            Writing::Line(field) => {
                let Stage::Planned(review) = &mut self.stage else {
                    return Vec::new();
                };
                let is_taken = review.write(field.text());
                if is_taken.is_err() {
                    self.writing = Writing::Line(field);
                    self.mode = Mode::Text;
                }
                complaint(is_taken)
            }
            Writing::File(field) => self.save(&field, ctx),
            Writing::Count(field) => self.take_back(&field),
        }
    }

    fn save(&mut self, field: &Field, ctx: &Ctx) -> Vec<Effect> {
        let Stage::Planned(review) = &self.stage else {
            return Vec::new();
        };
        let mut files = paths(field.text(), ctx).into_iter();
        let (Some(file), None) = (files.next(), files.next()) else {
            return vec![Effect::Say("write the name of one file".into())];
        };
        let question = Question::SaveMap {
            paths: paths(self.field.text(), ctx),
            corrected: review.corrected(),
            file,
        };
        vec![Effect::Ask(Slot::SaveMap, question)]
    }

    /// Answers an action on the review.
    pub(super) fn review(&mut self, action: Action) -> Vec<Effect> {
        let Stage::Planned(review) = &mut self.stage else {
            return Vec::new();
        };
        let writing = match action {
            Action::Correct | Action::Open => match review.text() {
                Some(text) => Writing::Line(Field::new(&text)),
                None => return vec![Effect::Say("choose a field or a dataset".into())],
            },
            Action::Save => Writing::File(Field::new(&review.file_name())),
            Action::Select => return complaint(review.leave_or_restore()),
            Action::Kind => return complaint(review.turn_kind()),
            Action::Primary => return complaint(review.set_primary()),
            action => {
                review.cursor.act(action, review.rows.len());
                return Vec::new();
            }
        };
        self.writing = writing;
        self.mode = Mode::Text;
        Vec::new()
    }
}

fn complaint(done: Result<(), String>) -> Vec<Effect> {
    done.err().map(Effect::Warn).into_iter().collect()
}
