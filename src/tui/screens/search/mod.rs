//! The search screen: a box, the profiles that match as one types, and the selected one beside them.

mod act;
mod draw;
mod list;
mod preview;
mod query;

use ratatui::Frame;
use ratatui::layout::{Layout, Rect};
use ratatui::prelude::Constraint;

use crate::model::Identity;
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
