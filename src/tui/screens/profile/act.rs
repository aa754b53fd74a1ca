//! What the profile screen does about actions.

use serde_json::Value;

use crate::model::Leaf;
use crate::tui::action::{Action, Part};
use crate::tui::message::{Effect, Route};
use crate::tui::screen::Mode;
use crate::tui::text::brief;
use crate::tui::widgets::Field;
use crate::tui::widgets::outline::Way;

use super::rows::{Mark, Only, Row, Section};
use super::{Content, Profile, WHY, address};

impl Profile {
    pub(super) fn act_on_list(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Open => return self.open(),
            Action::Why => self.panes.set_focus(WHY),
            Action::NextConflict | Action::PreviousConflict => {
                return self.next(action, "conflict", |row| {
                    matches!(row, Row::Leaf(leaf) if matches!(leaf.mark, Mark::Conflict(_) | Mark::Tie(_)))
                });
            }
            Action::NextWarning | Action::PreviousWarning => {
                let leaves = self
                    .answer()
                    .map(|answer| answer.profile.leaves.clone())
                    .unwrap_or_default();
                return self.next(action, "warning", move |row| is_warning(row, &leaves));
            }
            Action::NextHit | Action::PreviousHit => return self.next_hit(action),
            Action::OnlyMatches => return self.toggle_only(),
            Action::Identities => {
                return self.go_to("identities", |row| {
                    matches!(row, Row::Section(Section::Identities, _))
                });
            }
            Action::Consents => {
                return self.go_to("consents", |row| {
                    matches!(row, Row::Group { path, .. } if path.keys().first().is_some_and(|key| key.eq_ignore_ascii_case("consents")))
                });
            }
            Action::FoldAll => {
                self.outline.toggle_all();
                self.cursor.select(0);
            }
            Action::Query => self.mode = Mode::Text,
            Action::Preview => self.panes.toggle_beside(),
            Action::Copy(part) => return self.copy(part),
            Action::Undo => self.find = Field::default(),
            _ => {
                self.outline.act(action, &mut self.cursor);
            }
        }
        Vec::new()
    }

    fn open(&mut self) -> Vec<Effect> {
        if let Content::Missing(_, meant) = &self.content {
            let chosen = meant.get(self.cursor.selected());
            return chosen
                .map(|identity| Effect::Open(Route::Profile(identity.clone())))
                .into_iter()
                .collect();
        }
        match self.row() {
            Some(Row::Leaf(_)) => self.panes.set_focus(WHY),
            Some(Row::Identity(identity, _)) => {
                return vec![Effect::Open(Route::Graph(identity.clone()))];
            }
            Some(_) => {
                self.outline.toggle(self.cursor.selected());
            }
            None => {}
        }
        Vec::new()
    }

    /// Goes to the next row that a test finds, opening what hides it.
    fn next(
        &mut self,
        action: Action,
        what: &str,
        is_wanted: impl Fn(&Row) -> bool,
    ) -> Vec<Effect> {
        let way = match action {
            Action::PreviousConflict | Action::PreviousWarning | Action::PreviousHit => {
                Way::Backward
            }
            _ => Way::Forward,
        };
        match self
            .outline
            .reveal_next(self.cursor.selected(), way, is_wanted)
        {
            Some(at) => {
                self.cursor.select(at);
                Vec::new()
            }
            None => vec![Effect::Say(format!("no further {what}"))],
        }
    }

    fn next_hit(&mut self, action: Action) -> Vec<Effect> {
        let words = self.find.text().to_lowercase();
        if words.is_empty() {
            return vec![Effect::Say("nothing is looked for; / does".into())];
        }
        self.next(action, "hit", move |row| holds(row, &words))
    }

    fn go_to(&mut self, what: &str, is_wanted: impl Fn(&Row) -> bool) -> Vec<Effect> {
        match self.outline.reveal(is_wanted) {
            Some(at) => {
                self.cursor.select(at);
                Vec::new()
            }
            None => vec![Effect::Say(format!("this profile has no {what}"))],
        }
    }

    fn toggle_only(&mut self) -> Vec<Effect> {
        let has_conflicts = self
            .answer()
            .is_some_and(|answer| answer.profile.conflicts() > 0);
        self.only = match self.only {
            Only::All if has_conflicts => Only::Conflicts,
            Only::All => return vec![Effect::Say("no attribute is in conflict".into())],
            Only::Conflicts => Only::All,
        };
        self.list();
        Vec::new()
    }

    /// The selected value: in the reasons, the one that the line is about.
    fn chosen_value(&self) -> Option<&Value> {
        let leaf = self.leaf()?;
        match self.why.get(self.why_cursor.selected()) {
            Some(reason) if self.panes.focus() == WHY => reason.said.value(leaf),
            _ => Some(&leaf.value),
        }
    }

    fn copy(&self, part: Part) -> Vec<Effect> {
        let (Some(row), Some(answer)) = (self.row(), self.answer()) else {
            return Vec::new();
        };
        let leaf = self.leaf();
        let (name, text) = match part {
            Part::Value => (
                "value",
                self.chosen_value().map_or_else(|| address(row), whole),
            ),
            Part::Path => ("path", address(row)),
            Part::Json => match leaf {
                Some(leaf) => ("json", serde_json::to_string(leaf).unwrap_or_default()),
                None => (
                    "profile as json",
                    serde_json::to_string(&answer.profile.entity).unwrap_or_default(),
                ),
            },
            Part::Line => (
                "line",
                format!(
                    "{}\t{}",
                    address(row),
                    leaf.map(|leaf| brief(&leaf.value, 400)).unwrap_or_default()
                ),
            ),
        };
        vec![Effect::Copy {
            name: name.into(),
            text,
        }]
    }
}

/// A value as text: a text without its quotes.
fn whole(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Whether a row's key or value holds a text, in lower case.
pub(super) fn holds(row: &Row, words: &str) -> bool {
    match row {
        Row::Leaf(attribute) => {
            attribute.path.to_string().to_lowercase().contains(words)
                || attribute.value.text().to_lowercase().contains(words)
        }
        Row::Identity(identity, _) => identity.to_string().to_lowercase().contains(words),
        _ => false,
    }
}

fn is_warning(row: &Row, leaves: &[Leaf]) -> bool {
    match row {
        Row::Alarm { .. } => true,
        Row::Leaf(attribute) => {
            let is_taken_over = |leaf: &Leaf| leaf.superseded.iter().any(|past| past.taken_over);
            matches!(attribute.mark, Mark::Alarm | Mark::Tie(_))
                || leaves.get(attribute.leaf).is_some_and(is_taken_over)
        }
        _ => false,
    }
}
