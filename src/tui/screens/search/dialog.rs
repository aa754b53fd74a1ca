//! The boxes that ask for one thing: the order, the columns, the name of a search, a past query, the file of an export.

use std::path::{Path as FilePath, PathBuf};

use crate::config::{Keep, SavedSearch};
use crate::model::privacy::is_personal;
use crate::tui::action::Action;
use crate::tui::message::{Ctx, Effect};
use crate::tui::privacy::Mask;
use crate::tui::text::counted;
use crate::tui::widgets::prompt::{Choice, Said};
use crate::tui::widgets::{Field, Prompt};
use crate::worker::{ExportFormat, ExportOrder, Question, Slot, Who};

use super::{Search, columns};

/// The orders that are offered beside the attributes: the key of the query language, and what it means.
const ORDERS: [(&str, &str); 7] = [
    ("relevance", "the nearest first"),
    ("name", ""),
    ("seen", "last event; - newest first"),
    ("first", "first seen"),
    ("ids", "how many identities"),
    ("events", "how many events"),
    ("fragments", "how many fragments"),
];

/// What is asked for.
pub enum Dialog {
    /// The order of the list.
    Sort(Prompt),
    /// Its columns, as far as they are chosen.
    Columns(Prompt, Vec<String>),
    /// A name for the search.
    Save(Prompt),
    /// A query of the past.
    Past(Prompt),
    /// A file for profiles.
    Export(Prompt),
}

impl Dialog {
    /// The box itself.
    pub fn prompt(&self) -> &Prompt {
        match self {
            Dialog::Sort(prompt)
            | Dialog::Columns(prompt, _)
            | Dialog::Save(prompt)
            | Dialog::Past(prompt)
            | Dialog::Export(prompt) => prompt,
        }
    }

    /// The box itself, to be changed.
    pub fn prompt_mut(&mut self) -> &mut Prompt {
        match self {
            Dialog::Sort(prompt)
            | Dialog::Columns(prompt, _)
            | Dialog::Save(prompt)
            | Dialog::Past(prompt)
            | Dialog::Export(prompt) => prompt,
        }
    }
}

fn choice(text: impl Into<String>, note: impl Into<String>) -> Choice {
    Choice {
        text: text.into(),
        note: note.into(),
    }
}

impl Search {
    /// Opens the box that an action asks with; whether it is one of those.
    pub(super) fn open_dialog(&mut self, action: Action, ctx: &Ctx) -> bool {
        self.dialog = Some(match action {
            Action::Sort => self.sort_dialog(),
            Action::Columns => self.columns_dialog(ctx),
            Action::SaveSearch => save_dialog(self.field.text()),
            Action::PastQuery => past_dialog(ctx),
            Action::Export => self.export_dialog(ctx),
            _ => return false,
        });
        self.hints.close();
        true
    }

    /// Answers an action while a box is open.
    pub(super) fn update_dialog(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        let Some(dialog) = &mut self.dialog else {
            return Vec::new();
        };
        match dialog.prompt_mut().update(action) {
            Said::Nothing => Vec::new(),
            Said::Closed => {
                self.dialog = None;
                Vec::new()
            }
            Said::Turned(text) => {
                self.turn(text);
                Vec::new()
            }
            Said::Chosen(text) => match self.dialog.take() {
                Some(dialog) => self.chosen(dialog, &text, ctx),
                None => Vec::new(),
            },
        }
    }

    fn turn(&mut self, text: String) {
        match &mut self.dialog {
            Some(Dialog::Columns(prompt, chosen)) => {
                match chosen.iter().position(|column| *column == text) {
                    Some(at) => {
                        chosen.remove(at);
                    }
                    None => chosen.push(text),
                }
                let chosen = &*chosen;
                prompt.note(|column| place_of(column, chosen));
            }
            Some(Dialog::Export(prompt)) => {
                let other = match format_of(&text) {
                    ExportFormat::Csv => ExportFormat::JsonLines,
                    ExportFormat::JsonLines => ExportFormat::Csv,
                };
                let renamed = FilePath::new(&text).with_extension(other.name());
                prompt.write(&renamed.to_string_lossy());
            }
            _ => {}
        }
    }

    fn chosen(&mut self, dialog: Dialog, text: &str, ctx: &Ctx) -> Vec<Effect> {
        match dialog {
            Dialog::Sort(_) => {
                let sort = Some(text.to_owned())
                    .filter(|text| !text.is_empty() && text.trim_start_matches('-') != "relevance");
                self.is_reordered = true;
                vec![Effect::Keep(Keep::Sort(sort)), Effect::Act(Action::Reload)]
            }
            Dialog::Columns(_, chosen) => {
                self.cells.clear();
                vec![
                    Effect::Keep(Keep::Columns(chosen)),
                    Effect::Act(Action::Reload),
                ]
            }
            Dialog::Save(_) => self.save(text, ctx),
            Dialog::Past(_) if text.is_empty() => Vec::new(),
            Dialog::Past(_) => {
                self.field = Field::new(text);
                self.typed(ctx)
            }
            Dialog::Export(_) => self.export(text, ctx),
        }
    }

    fn save(&mut self, name: &str, ctx: &Ctx) -> Vec<Effect> {
        let query = self.field.text().trim().to_owned();
        if name.is_empty() || query.is_empty() {
            let words = if name.is_empty() {
                "a saved search needs a name"
            } else {
                "there is no query to save"
            };
            return vec![Effect::Say(words.into())];
        }
        let known = ctx
            .kept
            .searches
            .iter()
            .position(|search| search.name == name);
        let at = known.unwrap_or(ctx.kept.searches.len()) + 1;
        let key = if at <= 9 {
            format!("; alt-{at} runs it")
        } else {
            String::new()
        };
        let search = SavedSearch {
            name: name.to_owned(),
            query,
            sort: ctx.kept.sort.clone(),
        };
        vec![
            Effect::Keep(Keep::Search(search)),
            Effect::Say(format!("saved as {name}{key}")),
        ]
    }

    fn export(&mut self, name: &str, ctx: &Ctx) -> Vec<Effect> {
        if name.is_empty() {
            return vec![Effect::Say("an export needs a file".into())];
        }
        let who = if self.marked.is_empty() {
            Who::Matching {
                query: self.field.text().to_owned(),
                sort: ctx.kept.sort.clone(),
            }
        } else {
            Who::These(self.marked.clone())
        };
        let order = ExportOrder {
            who,
            policy: ctx.policy.id.clone(),
            format: format_of(name),
            is_masked: ctx.mask == Mask::On,
            file: at_home(name, ctx),
        };
        vec![
            Effect::Ask(Slot::Export, Question::Export(Box::new(order))),
            Effect::Say("exporting; ctrl-c stops it".into()),
        ]
    }

    fn sort_dialog(&self) -> Dialog {
        let orders = ORDERS.map(|(key, note)| choice(key, note)).into_iter();
        let paths = self.vocabulary.paths.iter();
        let attributes = paths.map(|path| choice(path.to_string(), "attribute"));
        let prompt = Prompt::new(
            "sort by",
            "- before it is descending · enter sorts · esc closes",
        );
        Dialog::Sort(prompt.offering(orders.chain(attributes).collect()))
    }

    fn columns_dialog(&self, ctx: &Ctx) -> Dialog {
        let chosen = columns::names(&ctx.kept);
        let usual = columns::USUAL.iter().map(|(name, _)| (*name).to_owned());
        let attributes = self.vocabulary.paths.iter();
        let attributes = attributes.map(|path| columns::Shown::Attribute(path.clone()).name());
        let mut all: Vec<String> = chosen.clone();
        all.extend(
            usual
                .chain(attributes)
                .filter(|name| !chosen.contains(name)),
        );
        let choices = all.into_iter().map(|name| {
            let note = place_of(&name, &chosen);
            choice(name, note)
        });
        let prompt = Prompt::new(
            "columns",
            "tab takes one in or out · enter shows them · esc closes",
        );
        Dialog::Columns(prompt.offering(choices.collect()), chosen)
    }

    fn export_dialog(&self, ctx: &Ctx) -> Dialog {
        let (total, is_exact) = self.results.total();
        let whose = match (self.marked.len() as u64, is_exact) {
            (0, true) => counted(total, "profile"),
            (0, false) => "all profiles that match".to_owned(),
            (marked, _) => counted(marked, "marked profile"),
        };
        let masked = if ctx.mask == Mask::On { ", masked" } else { "" };
        let title = format!("export {whose}{masked} into");
        let note = "tab .jsonl or .csv · enter writes it · esc closes";
        Dialog::Export(Prompt::new(&title, note).holding("onefold-export.jsonl"))
    }
}

fn save_dialog(query: &str) -> Dialog {
    let name: String = query
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_:".contains(*c))
        .take(24)
        .collect();
    let prompt = Prompt::new("save the search as", "enter saves · esc closes");
    Dialog::Save(prompt.holding(name.trim()))
}

/// The queries of the past, the newest first; those that may say who a person is are left out under the mask.
fn past_dialog(ctx: &Ctx) -> Dialog {
    let is_shown =
        |query: &&String| ctx.mask == Mask::Off || !is_personal(&[], &query.as_str().into());
    let queries = ctx.kept.queries.iter().rev().filter(is_shown);
    let saved = ctx
        .kept
        .searches
        .iter()
        .map(|search| choice(&search.query, &search.name));
    let choices = queries
        .map(|query| choice(query, ""))
        .chain(saved.filter(|choice| is_shown(&&choice.text)));
    let prompt = Prompt::new(
        "queries of the past",
        "type to filter · enter takes one · esc closes",
    );
    Dialog::Past(prompt.offering(choices.collect()))
}

fn place_of(column: &str, chosen: &[String]) -> String {
    let at = chosen.iter().position(|known| known == column);
    at.map_or_else(String::new, |at| format!("column {}", at + 1))
}

fn format_of(file: &str) -> ExportFormat {
    let ending = FilePath::new(file)
        .extension()
        .and_then(|ending| ending.to_str());
    ending
        .and_then(|ending| ending.parse().ok())
        .unwrap_or(ExportFormat::JsonLines)
}

/// A path in which `~/` is the user's home folder.
fn at_home(name: &str, ctx: &Ctx) -> PathBuf {
    match (name.strip_prefix("~/"), &ctx.home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(name),
    }
}
