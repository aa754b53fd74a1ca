//! The search screen: a box, the profiles that match as one types, and the selected one beside them.

mod act;
mod asks;
mod columns;
mod dialog;
mod draw;
mod facets;
mod highlight;
mod hints;
mod list;
mod preview;
mod reading;
mod rows;

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Layout, Rect};
use ratatui::prelude::Constraint;

use crate::model::{Identity, Vocabulary};
use crate::tui::action::{Action, Part};
use crate::tui::message::{Ctx, Edit, Effect, Pointer, Route, Status};
use crate::tui::screen::{Mode, Screen};
use crate::tui::text::{count, counted, took};
use crate::tui::widgets::{Field, Panes};
use crate::worker::{Question, Reply, Slot};

use asks::CellStore;
use dialog::Dialog;
use facets::Facets;
use hints::Hints;
use list::Results;
use preview::Preview;
use reading::Reading;

const LIST: usize = 0;
const BESIDE: usize = 1;
const FACETS: usize = 2;

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
    vocabulary: Vocabulary,
    reading: Reading,
    hints: Hints,
    dialog: Option<Dialog>,
    /// The query and the policy that the list is of.
    asked: (String, String),
    /// Whether the list was asked for in another order, so that it begins at its top.
    is_reordered: bool,
    results: Results,
    /// More of the list's answer follows: rows, and a count that still grows.
    goes_on: bool,
    /// The query beside whose matches the others are shown, dimmed.
    others_of: Option<String>,
    cells: CellStore,
    facets: Facets,
    preview: Preview,
    previewed: Option<Identity>,
    marked: Vec<Identity>,
    recalled: Option<usize>,
    notes: Vec<String>,
    elapsed: Duration,
    /// How long the facets took.
    counting: Option<Duration>,
    panes: Panes,
    area: Rect,
    box_area: Rect,
    list_area: Rect,
    /// Whether panes or rows came into sight that nothing was asked for yet.
    shows_more: bool,
}

impl Search {
    /// The screen with an empty box that has the keys.
    pub fn new() -> Search {
        Search {
            field: Field::default(),
            mode: Mode::Text,
            state: State::Waiting,
            vocabulary: Vocabulary::default(),
            reading: Reading::default(),
            hints: Hints::default(),
            dialog: None,
            asked: Default::default(),
            is_reordered: false,
            results: Results::default(),
            goes_on: false,
            others_of: None,
            cells: CellStore::default(),
            facets: Facets::default(),
            preview: Preview::default(),
            previewed: None,
            marked: Vec::new(),
            recalled: None,
            notes: Vec::new(),
            elapsed: Duration::ZERO,
            counting: None,
            panes: Panes::new(3),
            area: Rect::default(),
            box_area: Rect::default(),
            list_area: Rect::default(),
            shows_more: false,
        }
    }
}

impl Screen for Search {
    fn route(&self) -> Route {
        Route::Search
    }

    fn crumb(&self, _ctx: &Ctx) -> Option<String> {
        self.field.written()
    }

    fn restore(&mut self, crumb: &str) {
        self.field = Field::default();
        self.field.edit(&Edit::Paste(crumb.to_owned()));
    }

    fn load(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.cells.clear();
        self.facets.spoil();
        self.facets.line_up(ctx);
        let mut effects = vec![Effect::Ask(Slot::Vocabulary, Question::Vocabulary)];
        effects.extend(self.typed(ctx));
        let subject = self.previewed.clone();
        effects.extend(self.ask_preview(subject, ctx));
        effects
    }

    fn update(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        if self.dialog.is_some() {
            return self.update_dialog(action, ctx);
        }
        if self.mode == Mode::Text {
            return self.update_box(action, ctx);
        }
        if self.panes.act(action) {
            return self.follow(ctx);
        }
        match self.panes.focus() {
            BESIDE if self.preview.act(action) => Vec::new(),
            FACETS => self.update_facets(action, ctx),
            _ => self.update_list(action, ctx),
        }
    }

    /// `ctrl-p` goes up in what is offered, and policies wait until nothing is.
    fn claims(&self, action: Action) -> bool {
        let is_offering = self.mode == Mode::Text && self.hints.is_open();
        let is_asking = self.dialog.is_some();
        match action {
            Action::NextPolicy => is_offering || is_asking,
            Action::Interrupt => is_asking,
            _ => false,
        }
    }

    fn edit(&mut self, edit: &Edit, ctx: &Ctx) -> Vec<Effect> {
        if let Some(dialog) = &mut self.dialog {
            dialog.prompt_mut().edit(edit);
            return Vec::new();
        }
        self.recalled = None;
        if !self.field.edit(edit) {
            self.hints.close();
            return Vec::new();
        }
        let mut effects = self.typed(ctx);
        effects.extend(self.hints.ask(&self.field));
        effects
    }

    fn mode(&self) -> Mode {
        match self.dialog {
            Some(_) => Mode::Text,
            None => self.mode,
        }
    }

    fn point(&mut self, pointer: Pointer, ctx: &Ctx) -> Vec<Effect> {
        let beside = self.panes.area(BESIDE).unwrap_or_default();
        let facets = self.panes.area(FACETS).unwrap_or_default();
        let len = self.results.len();
        match pointer {
            _ if self.dialog.is_some() => return Vec::new(),
            Pointer::Press(at) if self.box_area.contains(at) => self.mode = Mode::Text,
            Pointer::Press(at) if self.list_area.contains(at) => return self.press(at, ctx),
            Pointer::Press(at) if beside.contains(at) => {
                self.panes.set_focus(BESIDE);
                return self.leave_box(ctx);
            }
            Pointer::Press(at) if facets.contains(at) => return self.press_facet(at, ctx),
            Pointer::WheelDown(at) if facets.contains(at) => self.facets.wheel(3),
            Pointer::WheelUp(at) if facets.contains(at) => self.facets.wheel(-3),
            Pointer::WheelDown(at) if beside.contains(at) => self.preview.scroll(3),
            Pointer::WheelUp(at) if beside.contains(at) => self.preview.scroll(-3),
            Pointer::WheelDown(_) => self.results.cursor_mut().scroll(3, len),
            Pointer::WheelUp(_) => self.results.cursor_mut().scroll(-3, len),
            Pointer::Press(_) => {}
        }
        self.follow(ctx)
    }

    fn receive(&mut self, reply: &Reply, ctx: &Ctx) -> Vec<Effect> {
        match reply.slot {
            Slot::List => self.receive_list(reply, ctx),
            _ => self.receive_other(reply, ctx),
        }
    }

    fn layout(&mut self, area: Rect, ctx: &Ctx) {
        let rows = if area.height < 16 { 3 } else { 4 };
        let [above, below] =
            Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(area);
        let seen = |search: &Search| (search.list_area, search.panes.area(FACETS));
        let before = seen(self);
        self.area = area;
        self.box_area = above;
        self.panes.layout(below, &[13, 9, 6]);
        if let Some(area) = self.panes.area(LIST) {
            self.list_area = rows::below_headings(area);
        }
        self.shows_more |= seen(self) != before;
        let len = self.results.len();
        self.results
            .cursor_mut()
            .fit(self.list_area.height.into(), len);
        if let Some(area) = self.panes.area(BESIDE) {
            self.preview.layout(area, ctx);
        }
        if let Some(area) = self.panes.area(FACETS) {
            self.facets.layout(area);
        }
        if let Some(dialog) = &mut self.dialog {
            dialog.prompt_mut().layout(area);
        }
    }

    fn ask_for_seen(&mut self, ctx: &Ctx) -> Vec<Effect> {
        if std::mem::take(&mut self.shows_more) {
            self.follow(ctx)
        } else {
            Vec::new()
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
            timing: match self.counting {
                Some(counting) => {
                    format!("search {} · facets {}", took(self.elapsed), took(counting))
                }
                None => format!("search {}", took(self.elapsed)),
            },
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
                Action::Select,
                Action::Sort,
                Action::Columns,
                Action::Export,
                Action::Copy(Part::Value),
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
            _ if !self.is_current() => "…".into(),
            ((all, _), _) if let Some(matching) = self.results.matching() => {
                format!("{} of {}", count(matching), counted(all, "profile"))
            }
            ((total, true), _) => counted(total, "profile"),
            ((total, false), _) => match self.facets.counted(self.field.text()) {
                Some((all, true)) => counted(all.max(total), "profile"),
                other => {
                    let known = other.map_or(0, |(known, _)| known).max(total);
                    let more = if self.goes_on || self.facets.is_counting() {
                        ", counting"
                    } else {
                        ""
                    };
                    format!("≥ {}{more}", counted(known, "profile"))
                }
            },
        }
    }
}
