//! What an import did to the profiles: some of them to open, and the way to take it back.

use std::path::PathBuf;

use ratatui::text::{Line, Span};

use crate::model::{BatchId, DeletionAnswer, Effects, ImportAnswer};
use crate::tui::action::Action;
use crate::tui::message::{Ctx, Effect, Route};
use crate::tui::screen::Mode;
use crate::tui::text::{count, counted, fit, wrap};
use crate::tui::widgets::Field;
use crate::worker::{Question, Slot};

use super::refused::Refused;
use super::{Import, Stage, Writing};

/// An import that is in the store.
pub(super) struct Outcome {
    pub(super) answer: ImportAnswer,
    /// What it refused, where it refused anything.
    pub(super) refused: Option<Refused>,
    /// The rows that it refused are shown instead of what it did.
    pub(super) is_on_rows: bool,
    /// The example that is chosen.
    chosen: usize,
}

impl Outcome {
    pub(super) fn new(answer: ImportAnswer) -> Outcome {
        Outcome {
            refused: answer.rejects.as_ref().map(|_| Refused::Reading),
            answer,
            is_on_rows: false,
            chosen: 0,
        }
    }

    /// The question for what it refused.
    pub(super) fn ask_refused(&self) -> Option<Effect> {
        let file = PathBuf::from(self.answer.rejects.as_ref()?);
        Some(Effect::Ask(Slot::Refused, Question::Refused(file)))
    }

    /// The batches that it made.
    fn batches(&self) -> Vec<BatchId> {
        let batches = self.answer.datasets.iter().filter_map(|d| d.batch);
        batches.map(BatchId).collect()
    }

    /// The rows of those batches.
    fn rows(&self) -> u64 {
        let made = self.answer.datasets.iter().filter(|d| d.batch.is_some());
        made.map(|dataset| dataset.counts.read).sum()
    }

    fn examples(&self) -> usize {
        let effects = self.answer.effects.as_ref();
        effects.map_or(0, |effects| effects.examples.len())
    }

    /// What the box is for, while the number of rows is typed into it.
    pub(super) fn question(&self) -> String {
        format!("type {} to take its rows back", count(self.rows()))
    }

    /// What it did, as lines.
    pub(super) fn lines(&self, width: usize, ctx: &Ctx) -> Vec<Line<'static>> {
        let Some(effects) = &self.answer.effects else {
            return Vec::new();
        };
        let mut lines = vec![Line::default()];
        lines.extend(said(&summary(effects, ctx), width, ctx));
        let consents = &effects.consents;
        if consents.to_no + consents.to_yes > 0 {
            let (no, yes) = (count(consents.to_no), count(consents.to_yes));
            let words = format!("consents flipped: {no} to no, {yes} to yes");
            lines.push(Line::styled(fit(&words, width), ctx.theme.conflict));
        }
        for hot in &effects.hot {
            let name = ctx.mask.identity(&hot.identity, &ctx.icons);
            let words = match &hot.namespace {
                Some(code) => format!("{name} was linked with {} values of {code}", hot.values),
                None => format!("{name} was linked with {} identities", hot.links),
            };
            lines.push(Line::styled(fit(&words, width), ctx.theme.conflict));
        }
        for (at, example) in effects.examples.iter().enumerate() {
            let (sign, style) = if at == self.chosen {
                (ctx.icons.winner, ctx.theme.accent)
            } else {
                (" ", ctx.theme.text)
            };
            let name = ctx.mask.identity(&example.entity_id, &ctx.icons);
            lines.push(Line::from(vec![
                Span::styled(format!("{sign} {:<8} ", example.what.name()), ctx.theme.dim),
                Span::styled(fit(&name, width.saturating_sub(11)), style),
            ]));
        }
        lines
    }
}

fn summary(effects: &Effects, ctx: &Ctx) -> String {
    let dot = ctx.icons.dot;
    let about = if effects.exact { "" } else { "about " };
    let roughly = if effects.is_sampled() { "about " } else { "" };
    let changed = effects.changed.unwrap_or(0);
    format!(
        "profiles: {about}{} created {dot} {} joined {dot} {} split {dot} {roughly}{} changed",
        count(effects.created),
        count(effects.joined),
        count(effects.split),
        count(changed),
    )
}

/// What went when an import was taken back.
pub(super) fn taken_back(answer: &DeletionAnswer, width: usize, ctx: &Ctx) -> Vec<Line<'static>> {
    let dot = ctx.icons.dot;
    let outcome = answer.outcome;
    let words = [
        format!(
            "{} are gone, as if never imported",
            counted(answer.rows, "row")
        ),
        format!(
            "{} {dot} {} {dot} {} {dot} {}",
            counted(answer.fragments, "fragment"),
            counted(answer.events, "event"),
            counted(answer.identities, "identity"),
            counted(answer.links, "link"),
        ),
        format!(
            "graphs: {} unchanged {dot} {} updated {dot} {} split {dot} {} gone",
            count(outcome.unchanged),
            count(outcome.updated),
            count(outcome.split),
            count(outcome.gone)
        ),
    ];
    let lines = words.iter().flat_map(|words| said(words, width, ctx));
    lines.collect()
}

fn said(words: &str, width: usize, ctx: &Ctx) -> Vec<Line<'static>> {
    let lines = wrap(words, width, 3).into_iter();
    lines
        .map(|line| Line::styled(line, ctx.theme.text))
        .collect()
}

impl Import {
    /// Answers an action once an import is in the store.
    pub(super) fn after(&mut self, action: Action) -> Vec<Effect> {
        let Stage::Done(outcome) = &mut self.stage else {
            return Vec::new();
        };
        let last = outcome.examples().saturating_sub(1);
        match action {
            Action::TakeBack if outcome.batches().is_empty() => {
                return vec![Effect::Say(
                    "it made no batch; there is nothing to take back".into(),
                )];
            }
            Action::TakeBack => {
                self.writing = Writing::Count(Field::default());
                self.mode = Mode::Text;
            }
            Action::Refused if outcome.refused.is_none() => {
                return vec![Effect::Say("no row was rejected".into())];
            }
            Action::Refused => {
                outcome.is_on_rows = !outcome.is_on_rows;
                self.cursor.select(0);
            }
            // No example is in sight there.
            Action::Open | Action::NextHit | Action::PreviousHit if outcome.is_on_rows => {}
            Action::Open => {
                let effects = outcome.answer.effects.as_ref();
                let chosen = effects.and_then(|effects| effects.examples.get(outcome.chosen));
                let route = chosen.map(|one| Route::Profile(one.entity_id.clone()));
                return route.map(Effect::Open).into_iter().collect();
            }
            Action::NextHit => outcome.chosen = (outcome.chosen + 1).min(last),
            Action::PreviousHit => outcome.chosen = outcome.chosen.saturating_sub(1),
            action => {
                self.cursor.read(action, self.lines.len());
            }
        }
        Vec::new()
    }

    /// Takes the import back, where the number of its rows was typed.
    pub(super) fn take_back(&mut self, typed: &Field) -> Vec<Effect> {
        let Stage::Done(outcome) = &self.stage else {
            return Vec::new();
        };
        let digits: String = typed.text().chars().filter(char::is_ascii_digit).collect();
        if digits != outcome.rows().to_string() {
            return vec![Effect::Say("another number; the import stays".into())];
        }
        let question = Question::DeleteBatches(outcome.batches());
        self.stage = Stage::TakingBack;
        vec![Effect::Ask(Slot::Import, question)]
    }
}
