//! What the search screen asks, and what it does with the answers.

use std::collections::BTreeMap;

use crate::model::{Cells, Identity, SearchAnswer};
use crate::query::Reach;
use crate::tui::message::{Ctx, Effect};
use crate::tui::screen::Mode;
use crate::tui::text::counted;
use crate::worker::{Answer, Columns, Question, Reply, Slot};

use super::list::{PAGE, Results};
use super::reading::{Reading, complaint};
use super::{FACETS, Search, State, columns};

/// Profiles whose cells are remembered.
const MOST_CELLS: usize = 2_000;

/// Rows that are asked for at once.
const MOST_ROWS: usize = 120;

/// What the chosen columns say of the profiles that were seen.
#[derive(Debug, Default)]
pub struct CellStore {
    cells: BTreeMap<Identity, Cells>,
}

impl CellStore {
    /// What is known of a profile.
    pub fn of(&self, identity: &Identity) -> Option<&Cells> {
        self.cells.get(identity)
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.cells.clear();
    }
}

impl Search {
    /// The question for a page of the list: of a search, or of everybody where nothing is sought.
    pub(super) fn ask(&self, offset: u64, ctx: &Ctx) -> Effect {
        let query = self.field.text();
        let policy = ctx.policy.id.clone();
        let question = if self.others_of.as_deref() == Some(query) {
            Question::Everybody {
                query: query.to_owned(),
                policy,
                sort: ctx.kept.sort.clone(),
                offset,
                limit: PAGE,
            }
        } else if query.trim().is_empty() && ctx.kept.sort.is_none() {
            Question::Recent {
                first: ctx.kept.first(),
                policy,
                offset,
                limit: PAGE,
            }
        } else {
            Question::Search {
                query: query.to_owned(),
                policy,
                sort: ctx.kept.sort.clone(),
                offset,
                limit: PAGE,
            }
        };
        Effect::Ask(Slot::List, question)
    }

    /// What follows from another text in the box: it is read at once, and asked where it can be understood.
    pub(super) fn typed(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.read(ctx);
        self.others_of.take_if(|query| query != self.field.text());
        if let Some((words, column)) = self.reading.wrong() {
            self.state = State::Wrong(words.clone(), Some(*column));
            return vec![Effect::Cancel(Slot::List)];
        }
        if matches!(self.state, State::Wrong(..)) {
            // What was wrong is mended; the list says whose it is until the answer comes.
            self.state = if self.asked.1.is_empty() {
                State::Waiting
            } else {
                State::Listed
            };
        }
        vec![self.ask(0, ctx)]
    }

    /// Shows the others too, below those who match, or the matches alone again.
    pub(super) fn toggle_others(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let query = self.field.text();
        if query.trim().is_empty() {
            return vec![Effect::Say("everybody is listed already".into())];
        }
        if self.reading.wrong().is_some() {
            return vec![Effect::Say("the query cannot be read yet".into())];
        }
        self.others_of = match self.others_of {
            Some(_) => None,
            None => Some(query.to_owned()),
        };
        vec![self.ask(0, ctx)]
    }

    /// Understands the text of the box.
    pub(super) fn read(&mut self, ctx: &Ctx) {
        self.reading = Reading::of(self.field.text(), &self.vocabulary, ctx.now);
    }

    /// Asks for what is seen but not here: rows, their cells, facets, and the selected profile.
    pub(super) fn follow(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let is_current = self.is_current();
        let missing = self.results.missing().filter(|_| is_current);
        let mut effects: Vec<Effect> = missing
            .map(|offset| self.ask(offset, ctx))
            .into_iter()
            .collect();
        effects.extend(self.ask_cells(ctx));
        let is_seen = self.panes.area(FACETS).is_some() || self.panes.focus() == FACETS;
        // A count that was cut short is counted on by the facets.
        let is_needed = is_seen || !self.results.total().1;
        // Two that look at everybody at once would both be late: the list comes first.
        let is_listed = matches!(self.state, State::Listed) && !self.goes_on;
        if is_needed && is_current && is_listed {
            effects.extend(self.facets.follow(self.field.text(), ctx));
        }
        let selected = self.results.selected().map(|hit| hit.entity_id.clone());
        if selected != self.previewed {
            effects.extend(self.ask_preview(selected, ctx));
        }
        effects
    }

    /// How far the words of the query may be from what they match in the list.
    pub(super) fn reach(&self) -> Reach {
        // Of a list that holds somebody nothing else is told than that words are there only as letters in order.
        match self.results.total() {
            (1.., _) if !self.notes.is_empty() => Reach::Subsequences,
            _ => Reach::Typos,
        }
    }

    /// Whether the list is that of the query in the box.
    pub(super) fn is_current(&self) -> bool {
        self.asked.0.trim() == self.field.text().trim()
    }

    fn ask_cells(&mut self, ctx: &Ctx) -> Option<Effect> {
        let shown = columns::chosen(&ctx.kept);
        let wanted = Columns {
            paths: shown
                .iter()
                .filter_map(columns::Shown::path)
                .cloned()
                .collect(),
            activity: shown.contains(&columns::Shown::Activity).then_some(ctx.now),
        };
        if wanted == Columns::default() {
            return None;
        }
        let window = self.results.cursor().window(self.results.len());
        let rows = window.take(MOST_ROWS).filter_map(|at| self.results.row(at));
        let unknown = rows.filter(|hit| self.cells.of(&hit.entity_id).is_none());
        let identities: Vec<Identity> = unknown.map(|hit| hit.entity_id.clone()).collect();
        (!identities.is_empty()).then(|| {
            let question = Question::Cells {
                identities,
                policy: ctx.policy.id.clone(),
                columns: wanted,
            };
            Effect::Ask(Slot::Cells, question)
        })
    }

    pub(super) fn ask_preview(&mut self, subject: Option<Identity>, ctx: &Ctx) -> Option<Effect> {
        self.previewed.clone_from(&subject);
        let Some(identity) = subject else {
            self.preview.clear();
            return None;
        };
        Some(Effect::Ask(
            Slot::Preview,
            Question::Profile {
                identity,
                policy: ctx.policy.id.clone(),
                as_of: None,
            },
        ))
    }

    /// Takes an answer that is not the list's.
    pub(super) fn receive_other(&mut self, reply: &Reply, ctx: &Ctx) -> Vec<Effect> {
        match (reply.question.as_ref(), &reply.answer) {
            (Question::Profile { identity, .. }, answer)
                if self.previewed.as_ref() == Some(identity) =>
            {
                self.preview.show(&match answer {
                    Ok(Answer::Profile(found)) => Ok(found.clone()),
                    Ok(_) => return Vec::new(),
                    Err(words) => Err(words.clone()),
                });
            }
            (Question::Complete { query, cursor }, Ok(Answer::Completion(answer)))
                if self.hints.take(query, *cursor, answer) =>
            {
                return self.accept(ctx);
            }
            (Question::Facets { query, .. }, Ok(Answer::Facets(answer))) => {
                self.counting = Some(reply.elapsed);
                return self.facets.take(query, answer, ctx).into_iter().collect();
            }
            (Question::Cells { .. }, Ok(Answer::Cells(answer))) => {
                if self.cells.cells.len() > MOST_CELLS {
                    self.cells.clear();
                }
                self.cells.cells.extend(answer.rows.iter().cloned());
            }
            (Question::Vocabulary, Ok(Answer::Vocabulary(vocabulary))) => {
                self.vocabulary = vocabulary.clone();
                self.read(ctx);
            }
            (Question::Export(_), Ok(Answer::Exported(answer))) => {
                return vec![Effect::Say(match answer.profiles {
                    0 => "no profile matches; nothing was exported".into(),
                    profiles => format!("{} in {}", counted(profiles, "profile"), answer.file),
                })];
            }
            (Question::Export(_), Err(words)) => return vec![Effect::Warn(words.clone())],
            _ => {}
        }
        Vec::new()
    }

    /// Takes an answer to the list's newest question.
    pub(super) fn receive_list(&mut self, reply: &Reply, ctx: &Ctx) -> Vec<Effect> {
        let Some((query, policy, offset)) = list_of(&reply.question) else {
            return Vec::new();
        };
        self.elapsed = reply.elapsed;
        let has_grown = std::mem::replace(&mut self.goes_on, !reply.is_last);
        let (answer, matching) = match &reply.answer {
            Ok(Answer::Search(answer)) => (answer, None),
            Ok(Answer::Everybody(answer, matching)) => (answer, Some(*matching)),
            Ok(_) => return Vec::new(),
            Err(sentence) => return self.receive_no_list(sentence, query),
        };
        let now = (query.to_owned(), policy.clone());
        let is_new_policy = self.asked.1 != *policy;
        if offset > 0 && self.asked == now {
            self.results.add(answer);
        } else {
            self.take_first(answer, query, has_grown);
        }
        self.results.set_matching(matching);
        self.notes.clone_from(&answer.notes);
        self.asked = now;
        self.state = State::Listed;
        if answer.total == 0 && query.trim().is_empty() {
            self.state = State::EmptyStore;
            self.mode = Mode::Command;
        }
        if is_new_policy {
            self.previewed = None;
            self.cells.clear();
        }
        self.follow(ctx)
    }

    /// Takes the sentence that says why there is no list.
    fn receive_no_list(&mut self, sentence: &str, query: &str) -> Vec<Effect> {
        if query.trim().is_empty() {
            self.state = State::Unreadable(sentence.to_owned());
            self.results = Results::default();
            self.mode = Mode::Command;
        } else if self.others_of.take().is_some() {
            return vec![Effect::Warn(sentence.to_owned())];
        } else {
            let (words, column) = complaint(sentence);
            self.state = State::Wrong(words, column);
        }
        Vec::new()
    }

    /// The same query under another policy, or counted further: the selection stays on the same person. In another order it goes to
    /// the top, and where a list grows above whom nobody chose it stays there.
    fn take_first(&mut self, answer: &SearchAnswer, query: &str, has_grown: bool) {
        let kept = self.results.selected().map(|hit| hit.entity_id.clone());
        let is_same = self.asked.0 == query && !matches!(self.state, State::Waiting);
        let is_untouched = has_grown && self.results.cursor().selected() == 0;
        let kept = kept.filter(|_| is_same && !self.is_reordered && !is_untouched);
        self.is_reordered = false;
        self.results.replace(answer, kept.as_ref());
    }
}

/// The query, the policy and the place of the first row that a question for a list asks for.
fn list_of(question: &Question) -> Option<(&str, &String, u64)> {
    match question {
        Question::Search {
            query,
            policy,
            offset,
            ..
        }
        | Question::Everybody {
            query,
            policy,
            offset,
            ..
        } => Some((query, policy, *offset)),
        Question::Recent { policy, offset, .. } => Some(("", policy, *offset)),
        _ => None,
    }
}
