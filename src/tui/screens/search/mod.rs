//! The search screen: a box, the profiles that match as one types, and the selected one beside them.

mod draw;
mod list;
mod preview;
mod query;

use ratatui::Frame;
use ratatui::layout::{Layout, Position, Rect};
use ratatui::prelude::Constraint;

use crate::model::{Hit, Identity};
use crate::tui::action::{Action, Part};
use crate::tui::message::{Ctx, Edit, Effect, Pointer, Route, Status};
use crate::tui::screen::{Mode, Screen};
use crate::tui::text::{count, counted, took};
use crate::tui::widgets::{Field, Panes};
use crate::worker::{Answer, Question, Reply, Slot};

use list::{PAGE, Results};
use preview::Preview;

const LIST: usize = 0;
const BESIDE: usize = 1;

/// The ways in which a list can be sorted: the key of the query language, and what it is called.
const SORTS: [(Option<&str>, &str); 5] = [
    (None, "relevance"),
    (Some("name"), "name"),
    (Some("-seen"), "last seen"),
    (Some("-ids"), "identities"),
    (Some("-events"), "events"),
];

/// Queries that are remembered.
const MOST_QUERIES: usize = 100;

/// What became of the last question.
enum State {
    /// Nothing was answered yet.
    Waiting,
    /// There is a list.
    Listed,
    /// The store holds nothing at all.
    EmptyStore,
    /// Nothing can be read at all: a sentence.
    Unreadable(String),
    /// The query, or the store, is wrong: a sentence, and a column of the query.
    Wrong(String, Option<usize>),
}

/// The screen.
pub struct Search {
    field: Field,
    mode: Mode,
    state: State,
    asked: (String, String),
    sort: usize,
    results: Results,
    preview: Preview,
    previewed: Option<Identity>,
    marked: Vec<Identity>,
    past: Vec<String>,
    recalled: Option<usize>,
    notes: Vec<String>,
    elapsed: std::time::Duration,
    panes: Panes,
    box_area: Rect,
    list_area: Rect,
}

impl Search {
    /// The screen with an empty box that has the keys.
    pub fn new() -> Search {
        Search {
            field: Field::default(),
            mode: Mode::Text,
            state: State::Waiting,
            asked: Default::default(),
            sort: 0,
            results: Results::default(),
            preview: Preview::default(),
            previewed: None,
            marked: Vec::new(),
            past: Vec::new(),
            recalled: None,
            notes: Vec::new(),
            elapsed: std::time::Duration::ZERO,
            panes: Panes::new(2),
            box_area: Rect::default(),
            list_area: Rect::default(),
        }
    }

    fn ask(&self, offset: u64, ctx: &Ctx) -> Effect {
        let sort = SORTS.get(self.sort).and_then(|(key, _)| *key);
        Effect::Ask(
            Slot::List,
            Question::Search {
                query: self.field.text().to_owned(),
                policy: ctx.policy.id.clone(),
                sort: sort.map(str::to_owned),
                offset,
                limit: PAGE,
            },
        )
    }

    /// Asks for the rows that are seen but not here, and for the selected profile.
    fn follow(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let missing = self.results.missing();
        let mut effects: Vec<Effect> = missing
            .map(|offset| self.ask(offset, ctx))
            .into_iter()
            .collect();
        let selected = self.results.selected().map(|hit| hit.entity_id.clone());
        if selected != self.previewed {
            effects.extend(self.ask_preview(selected, ctx));
        }
        effects
    }

    fn ask_preview(&mut self, subject: Option<Identity>, ctx: &Ctx) -> Option<Effect> {
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

    fn leave_box(&mut self) {
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

    fn update_box(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
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

    fn update_list(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
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

    fn receive_list(&mut self, reply: &Reply, ctx: &Ctx) -> Vec<Effect> {
        let Question::Search {
            query,
            policy,
            offset,
            ..
        } = reply.question.as_ref()
        else {
            return Vec::new();
        };
        self.elapsed = reply.elapsed;
        let answer = match &reply.answer {
            Ok(Answer::Search(answer)) => answer,
            Ok(_) => return Vec::new(),
            Err(sentence) if query.trim().is_empty() => {
                self.state = State::Unreadable(sentence.clone());
                self.results = Results::default();
                self.mode = Mode::Command;
                return Vec::new();
            }
            Err(sentence) => {
                let (words, column) = query::complaint(sentence);
                self.state = State::Wrong(words, column);
                return Vec::new();
            }
        };
        let now = (query.clone(), policy.clone());
        if *offset > 0 && self.asked == now {
            self.results.add(answer);
        } else {
            // The same query under another policy, or in another order: the selection stays on the same person.
            let kept = self.results.selected().map(|hit| hit.entity_id.clone());
            let kept =
                kept.filter(|_| self.asked.0 == *query && !matches!(self.state, State::Waiting));
            self.results.replace(answer, kept.as_ref());
        }
        self.notes.clone_from(&answer.notes);
        let is_new_policy = self.asked.1 != *policy;
        self.asked = now;
        self.state = State::Listed;
        if answer.total == 0 && query.trim().is_empty() {
            self.state = State::EmptyStore;
            self.mode = Mode::Command;
        }
        if is_new_policy {
            self.previewed = None;
        }
        self.follow(ctx)
    }
}

fn line_text(hit: &Hit) -> String {
    let mut parts = vec![hit.entity_id.to_string()];
    parts.extend(hit.name.clone());
    parts.extend(hit.email.clone());
    parts.join("  ")
}

impl Screen for Search {
    fn route(&self) -> Route {
        Route::Search
    }

    fn crumb(&self, _ctx: &Ctx) -> Vec<String> {
        match self.field.text().trim() {
            "" => Vec::new(),
            query => vec![query.to_owned()],
        }
    }

    fn load(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let mut effects = vec![self.ask(0, ctx)];
        let subject = self.previewed.clone();
        effects.extend(self.ask_preview(subject, ctx));
        effects
    }

    fn update(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        if self.mode == Mode::Text {
            return self.update_box(action, ctx);
        }
        if self.panes.act(action) {
            return Vec::new();
        }
        if self.panes.focus() == BESIDE && self.preview.act(action) {
            return Vec::new();
        }
        self.update_list(action, ctx)
    }

    fn edit(&mut self, edit: &Edit, ctx: &Ctx) -> Vec<Effect> {
        self.recalled = None;
        if !self.field.edit(edit) {
            return Vec::new();
        }
        vec![self.ask(0, ctx)]
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn point(&mut self, pointer: Pointer, ctx: &Ctx) -> Vec<Effect> {
        let beside = self.panes.area(BESIDE).unwrap_or_default();
        let len = self.results.len();
        match pointer {
            Pointer::Press(at) if self.box_area.contains(at) => self.mode = Mode::Text,
            Pointer::Press(at) if self.list_area.contains(at) => return self.press(at, ctx),
            Pointer::Press(at) if beside.contains(at) => {
                self.leave_box();
                self.panes.set_focus(BESIDE);
            }
            Pointer::WheelDown(at) if beside.contains(at) => self.preview.scroll(3),
            Pointer::WheelUp(at) if beside.contains(at) => self.preview.scroll(-3),
            Pointer::WheelDown(_) => self.results.cursor_mut().scroll(3, len),
            Pointer::WheelUp(_) => self.results.cursor_mut().scroll(-3, len),
            Pointer::Press(_) => {}
        }
        self.follow(ctx)
    }

    fn receive(&mut self, reply: &Reply, ctx: &Ctx) -> Vec<Effect> {
        match (reply.slot, reply.question.as_ref(), &reply.answer) {
            (Slot::List, ..) => return self.receive_list(reply, ctx),
            (Slot::Preview, Question::Profile { identity, .. }, answer)
                if self.previewed.as_ref() == Some(identity) =>
            {
                self.preview.show(&match answer {
                    Ok(Answer::Profile(found)) => Ok(found.clone()),
                    Ok(_) => return Vec::new(),
                    Err(words) => Err(words.clone()),
                });
            }
            _ => {}
        }
        Vec::new()
    }

    fn layout(&mut self, area: Rect, ctx: &Ctx) {
        let rows = if area.height < 16 { 3 } else { 4 };
        let [above, below] =
            Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(area);
        self.box_area = above;
        self.panes.layout(below, &[13, 9]);
        if let Some(area) = self.panes.area(LIST) {
            self.list_area = draw::list_rows(area);
        }
        let len = self.results.len();
        self.results
            .cursor_mut()
            .fit(self.list_area.height.into(), len);
        if let Some(area) = self.panes.area(BESIDE) {
            self.preview.layout(area, ctx);
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        draw::draw(self, frame, ctx);
    }

    fn status(&self, _ctx: &Ctx) -> Status {
        let (total, _) = self.results.total();
        let row = count(self.results.cursor().selected() as u64 + 1);
        let place = match total {
            0 => "no profiles".to_owned(),
            _ => format!("row {row} of {}", count(total)),
        };
        let marked = match self.marked.len() {
            0 => String::new(),
            marked => format!("   {marked} marked"),
        };
        Status {
            position: place + &marked,
            timing: format!("search {}", took(self.elapsed)),
        }
    }

    fn hints(&self) -> &'static [Action] {
        match self.state {
            State::EmptyStore | State::Unreadable(_) => &[
                Action::Sample,
                Action::Go(crate::tui::message::Place::Import),
                Action::Back,
            ],
            _ => &[
                Action::Open,
                Action::Query,
                Action::NextPane,
                Action::Policy,
                Action::Sort,
                Action::Select,
                Action::Copy(Part::Value),
                Action::Preview,
            ],
        }
    }

    fn subject(&self) -> Option<Identity> {
        self.results.selected().map(|hit| hit.entity_id.clone())
    }
}

impl Search {
    /// Selects the pressed row, or opens it where it is selected already.
    fn press(&mut self, at: Position, ctx: &Ctx) -> Vec<Effect> {
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

    /// How many profiles match, in words.
    fn found(&self) -> String {
        match (self.results.total(), &self.state) {
            (_, State::Waiting) => "…".into(),
            (_, State::Wrong(..) | State::EmptyStore | State::Unreadable(_)) => String::new(),
            ((total, true), _) => counted(total, "profile"),
            ((total, false), _) => format!("≥ {}, counting", counted(total, "profile")),
        }
    }
}
