//! The timeline: every event of a profile, newest first, however many there are.

mod detail;
mod filter;
mod pages;
mod paint;
mod seek;
#[cfg(test)]
mod tests;
mod view;
mod words;

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::model::{Identity, Moment};
use crate::tui::action::{Action, Part};
use crate::tui::message::{Ctx, Edit, Effect, Pointer, Route, Status};
use crate::tui::screen::{Mode, Screen};
use crate::tui::text::second;
use crate::tui::widgets::{Field, Panes};
use crate::worker::{Answer, EventFilter, Question, Reply, Slot};

use super::content::Content;
use detail::Detail;
use pages::{PAGE, Pages, Row};
use seek::last_of_second;
use view::View;

/// The panes, in their order.
const LIST: usize = 0;
const DETAIL: usize = 1;

const HINTS: &[Action] = &[
    Action::Open,
    Action::Query,
    Action::OnlyType,
    Action::NextDay,
    Action::PreviousDay,
    Action::DayOlder,
    Action::Raw,
    Action::Copy(Part::Json),
];

/// What was asked last and is not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// A page that begins at a place.
    Page(u64),
    /// How many events there are from a moment on.
    Place(Moment),
}

/// The screen.
pub struct Timeline {
    subject: Identity,
    content: Content<()>,
    pages: Pages,
    view: View,
    detail: Detail,
    field: Field,
    typed: String,
    filter: EventFilter,
    fault: Option<String>,
    mode: Mode,
    panes: Panes,
    area: Rect,
    asked: Option<Asked>,
    /// The answers in hand are of another policy, filter or state of the store.
    is_stale: bool,
    /// When the event happened that was selected last, so that its place is found again.
    anchor: Option<Moment>,
    /// The place to go to once its page is there.
    goal: Option<u64>,
    elapsed: Duration,
}

impl Timeline {
    /// The timeline of the profile that an identity belongs to.
    pub fn new(subject: Identity) -> Timeline {
        Timeline {
            subject,
            content: Content::Loading,
            pages: Pages::default(),
            view: View::default(),
            detail: Detail::default(),
            field: Field::default(),
            typed: String::new(),
            filter: EventFilter::default(),
            fault: None,
            mode: Mode::Command,
            panes: Panes::new(2),
            area: Rect::default(),
            asked: None,
            is_stale: true,
            anchor: None,
            goal: None,
            elapsed: Duration::ZERO,
        }
    }

    fn selected(&self) -> Option<&Row> {
        self.pages.row(self.view.selected())
    }

    fn ask_page(&mut self, place: u64, ctx: &Ctx) -> Vec<Effect> {
        let offset = place / PAGE * PAGE;
        self.asked = Some(Asked::Page(offset));
        vec![self.question(self.filter.clone(), (offset, PAGE), ctx)]
    }

    fn question(&self, filter: EventFilter, (offset, limit): (u64, u64), ctx: &Ctx) -> Effect {
        Effect::Ask(
            Slot::Timeline,
            Question::Events {
                identity: self.subject.clone(),
                policy: ctx.policy.id.clone(),
                filter,
                offset,
                limit,
            },
        )
    }

    /// Asks for what is seen, or soon may be, and is not there.
    fn ask_missing(&mut self, ctx: &Ctx) -> Vec<Effect> {
        if self.is_stale || matches!(self.asked, Some(Asked::Place(_))) {
            return Vec::new();
        }
        let height = self.view.height() as u64;
        match self.pages.missing(self.view.top(), height) {
            Some(offset) if self.asked != Some(Asked::Page(offset)) => self.ask_page(offset, ctx),
            _ => Vec::new(),
        }
    }

    fn open(&mut self) -> Vec<Effect> {
        if let Some(offer) = self.content.offer() {
            return vec![Effect::Open(Route::Timeline(offer.clone()))];
        }
        match self.panes.focus() {
            LIST => self.panes.set_focus(DETAIL),
            _ => self.detail.open(),
        }
        Vec::new()
    }

    fn undo(&mut self, ctx: &Ctx) -> Vec<Effect> {
        if self.panes.act(Action::Undo) {
            return Vec::new();
        }
        if self.panes.focus() != LIST {
            self.panes.set_focus(LIST);
            return Vec::new();
        }
        if self.typed.is_empty() {
            return Vec::new();
        }
        self.refine(String::new(), ctx)
    }

    fn move_by(&mut self, action: Action) {
        match (self.panes.focus(), action) {
            (LIST, Action::In) => self.panes.set_focus(DETAIL),
            (LIST, _) => {
                self.view.act(action, &self.pages);
            }
            (_, Action::Out) if !self.detail.act(Action::Out) => self.panes.set_focus(LIST),
            _ => {
                self.detail.act(action);
            }
        }
    }

    fn only_type(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let kind = self.selected().and_then(|row| row.event.kind.clone());
        let kind = kind.filter(|_| self.filter.kind.is_none());
        if kind.is_none() && self.filter.kind.is_none() {
            return vec![Effect::Say("this event has no type".into())];
        }
        self.refine(filter::with_kind(&self.typed, kind.as_deref()), ctx)
    }

    /// Takes another filter; the place in time stays.
    fn refine(&mut self, text: String, ctx: &Ctx) -> Vec<Effect> {
        match filter::parse(&text, ctx.now) {
            Ok(filter) => {
                self.field = Field::new(&text);
                self.fault = None;
                self.filter = filter;
                self.typed = text;
                self.load(ctx)
            }
            Err(words) => {
                self.fault = Some(words);
                Vec::new()
            }
        }
    }

    fn write(&mut self, text: &str) {
        self.panes.set_focus(LIST);
        self.field = Field::new(text);
        self.mode = Mode::Text;
    }

    /// Answers an action while the filter is written.
    fn leave_field(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        match action {
            Action::Open | Action::Down => {
                let effects = self.refine(self.field.text().to_owned(), ctx);
                if self.fault.is_none() {
                    self.mode = Mode::Command;
                }
                effects
            }
            Action::Undo => {
                self.mode = Mode::Command;
                self.fault = None;
                self.field = Field::new(&self.typed);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn copy(&self, part: Part, ctx: &Ctx) -> Vec<Effect> {
        let Some(row) = self.selected() else {
            return Vec::new();
        };
        let event = &row.event;
        let inner = (self.panes.focus() == DETAIL)
            .then(|| self.detail.selected())
            .flatten();
        let (name, text) = match (part, inner) {
            (Part::Value, Some((_, value))) => {
                ("value", crate::tui::text::brief(&value, usize::MAX / 8))
            }
            (Part::Path, Some((path, _))) => ("path", path.to_string()),
            (Part::Json, Some((_, value))) => ("json", format!("{value:#}")),
            (Part::Json, None) => ("json", event.body.text().to_owned()),
            (Part::Value, None) => ("id", event.id.clone().unwrap_or_default()),
            (Part::Path, None) => (
                "place",
                format!(
                    "{} batch {} line {}",
                    event.dataset, event.batch, event.line.line
                ),
            ),
            (Part::Line, _) => {
                let words = words::joined(&row.words, ctx.mask, &ctx.icons);
                let kind = event.kind.as_deref().unwrap_or_default();
                (
                    "line",
                    format!("{}  {kind}  {words}", second(event.timestamp)),
                )
            }
        };
        vec![Effect::Copy {
            name: name.into(),
            text,
        }]
    }
}

impl Screen for Timeline {
    fn route(&self) -> Route {
        Route::Timeline(self.subject.clone())
    }

    fn crumb(&self, _ctx: &Ctx) -> Option<String> {
        self.selected().map(|row| second(row.event.timestamp))
    }

    fn restore(&mut self, crumb: &str) {
        self.anchor = last_of_second(crumb);
    }

    fn load(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.is_stale = true;
        match self.anchor {
            Some(moment) => self.ask_place(Moment(moment.0.saturating_add(1)), ctx),
            None => self.ask_page(self.view.selected(), ctx),
        }
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn update(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        if self.mode == Mode::Text {
            return self.leave_field(action, ctx);
        }
        let mut effects = match action {
            Action::Undo => self.undo(ctx),
            _ if self.panes.act(action) => Vec::new(),
            Action::Open => self.open(),
            Action::Query => {
                self.write(&self.typed.clone());
                Vec::new()
            }
            Action::TypeGlob => {
                let rest = filter::with_kind(&self.typed, None);
                self.write(format!("{rest} type:").trim_start());
                Vec::new()
            }
            Action::OnlyType => self.only_type(ctx),
            Action::NextDay | Action::PreviousDay | Action::DayOlder | Action::DayNewer => {
                self.jump(action, ctx)
            }
            Action::Raw => {
                self.detail.turn();
                Vec::new()
            }
            Action::FoldAll => {
                self.detail.fold_all();
                Vec::new()
            }
            Action::Copy(part) => self.copy(part, ctx),
            _ => {
                self.move_by(action);
                Vec::new()
            }
        };
        effects.extend(self.ask_missing(ctx));
        self.look();
        effects
    }

    fn edit(&mut self, edit: &Edit, _ctx: &Ctx) -> Vec<Effect> {
        self.field.edit(edit);
        self.fault = None;
        Vec::new()
    }

    fn point(&mut self, pointer: Pointer, ctx: &Ctx) -> Vec<Effect> {
        self.point_at(pointer);
        self.look();
        self.ask_missing(ctx)
    }

    fn receive(&mut self, reply: &Reply, ctx: &Ctx) -> Vec<Effect> {
        let asked = self.asked.take();
        self.elapsed = reply.elapsed;
        let answer = match &reply.answer {
            Ok(Answer::Events(Ok(answer))) => answer,
            Ok(Answer::Events(Err(miss))) => {
                self.content = Content::Missing(miss.clone());
                self.pages = Pages::default();
                self.detail.show(None);
                return Vec::new();
            }
            Ok(_) => return Vec::new(),
            Err(words) => return self.content.fail(words),
        };
        if let Some(Asked::Place(_)) = asked {
            return self.go_to(answer.total, ctx);
        }
        if std::mem::take(&mut self.is_stale) {
            self.pages.clear();
        }
        self.pages.take(answer);
        self.content = Content::Ready(());
        match self.goal.take() {
            Some(goal) => self.view.select(goal, &self.pages),
            None => self.view.select(self.view.selected(), &self.pages),
        }
        self.look();
        self.ask_missing(ctx)
    }

    fn layout(&mut self, area: Rect, ctx: &Ctx) {
        self.lay_out(area, ctx);
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
        "filter"
    }
}
