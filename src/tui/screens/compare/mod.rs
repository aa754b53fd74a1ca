//! The comparison: one profile under several policies, the first of them the baseline.

mod copy;
mod impact;
mod paint;
mod picker;
pub(super) mod table;
#[cfg(test)]
mod tests;
mod why;

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::model::{CompareAnswer, Identity};
use crate::tui::action::{Action, Part};
use crate::tui::message::{Ctx, Effect, Pointer, Route, Status};
use crate::tui::screen::Screen;
use crate::tui::widgets::{Cursor, Panes, Paper};
use crate::worker::{Answer, Question, Reply, Slot};

use super::content::Content;
use impact::Impact;
use picker::{MOST, Picked, Picker};
use table::{Listed, Row, Table};

/// The panes, in their order.
const TABLE: usize = 0;
const WHY: usize = 1;

/// Policies that are compared at first, at most.
const FIRST: usize = 4;

const HINTS: &[Action] = &[
    Action::NextConflict,
    Action::OnlyMatches,
    Action::Swap,
    Action::Sides,
    Action::Why,
    Action::Impact,
    Action::Copy(Part::Value),
];

/// The screen.
pub struct Compare {
    subject: Identity,
    /// The path to select once it is there.
    wanted: Option<String>,
    content: Content<Table>,
    chosen: Vec<String>,
    followed: String,
    cursor: Cursor,
    column: usize,
    first: usize,
    seen: usize,
    name_width: u16,
    listed: Listed,
    why: Paper<()>,
    impact: Impact,
    panes: Panes,
    picker: Option<Picker>,
    area: Rect,
    areas: [Rect; 2],
    elapsed: Duration,
}

impl Compare {
    /// The comparison of the profile that an identity belongs to.
    pub fn new(subject: Identity) -> Compare {
        Compare {
            subject,
            wanted: None,
            content: Content::Loading,
            chosen: Vec::new(),
            followed: String::new(),
            cursor: Cursor::default(),
            column: 1,
            first: 1,
            seen: 2,
            name_width: 20,
            listed: Listed::default(),
            why: Paper::default(),
            impact: Impact::default(),
            panes: Panes::new(2),
            picker: None,
            area: Rect::default(),
            areas: [Rect::default(); 2],
            elapsed: Duration::ZERO,
        }
    }

    /// Keeps the policies that still are there; the one that is followed comes first when it is another.
    fn choose(&mut self, ctx: &Ctx) {
        let is_there = |id: &String| ctx.policies.iter().any(|policy| policy.id == *id);
        self.chosen.retain(is_there);
        if self.followed != ctx.policy.id || self.chosen.is_empty() {
            let is_first = self.chosen.is_empty();
            self.followed.clone_from(&ctx.policy.id);
            self.chosen.retain(|id| *id != ctx.policy.id);
            self.chosen.insert(0, ctx.policy.id.clone());
            if is_first {
                let others = ctx.policies.iter().map(|policy| policy.id.clone());
                let others = others.filter(|id| *id != ctx.policy.id);
                self.chosen.extend(others.take(FIRST - 1));
                self.column = 1;
            }
        }
        self.chosen.truncate(MOST);
        self.follow();
    }

    /// Keeps the selected column among those that are seen.
    fn follow(&mut self) {
        self.column = self.column.min(self.chosen.len().saturating_sub(1));
        if self.column > 0 {
            let others = self.seen.max(2) - 1;
            let least = (self.column + 1).saturating_sub(others);
            self.first = self.first.clamp(least.max(1), self.column);
        }
    }

    fn turn(&mut self, id: String, ctx: &Ctx) -> Vec<Effect> {
        match self.chosen.iter().position(|chosen| *chosen == id) {
            Some(_) if self.chosen.len() == 1 => {
                return vec![Effect::Say("one policy has to stay".into())];
            }
            Some(place) => {
                self.chosen.remove(place);
            }
            None if self.chosen.len() >= MOST => {
                return vec![Effect::Say(format!(
                    "{MOST} policies are as many as can be compared"
                ))];
            }
            None => self.chosen.push(id),
        }
        self.follow();
        self.ask(ctx)
    }

    fn swap(&mut self, ctx: &Ctx) -> Vec<Effect> {
        if self.column == 0 || self.column >= self.chosen.len() {
            return vec![Effect::Say(
                "this is the baseline; l goes to another policy".into(),
            )];
        }
        self.chosen.swap(0, self.column);
        self.ask(ctx)
    }

    fn ask(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.choose(ctx);
        let question = Question::Compare {
            identity: self.subject.clone(),
            policies: self.chosen.clone(),
        };
        vec![Effect::Ask(Slot::Compare, question)]
    }

    /// The baseline and the selected policy, and the side of that.
    fn pair(&self) -> Option<([String; 2], usize)> {
        let side = self.column.max(1);
        let pair = [self.chosen.first()?, self.chosen.get(side)?];
        Some((pair.map(String::clone), side))
    }

    fn count(&mut self) -> Vec<Effect> {
        match self.pair() {
            Some((pair, _)) => vec![self.impact.ask(pair)],
            None => vec![Effect::Say(
                "there is no other policy; a chooses one".into(),
            )],
        }
    }

    fn seek(&mut self, action: Action) -> Vec<Effect> {
        let Some(table) = self.content.ready() else {
            return Vec::new();
        };
        let here = self.cursor.selected();
        let found = match action {
            Action::NextConflict => (here + 1..table.rows().len()).find(|at| table.differs(*at)),
            _ => (0..here).rev().find(|at| table.differs(*at)),
        };
        match found {
            Some(at) => {
                self.cursor.select(at);
                Vec::new()
            }
            None => vec![Effect::Say("no further difference this way".into())],
        }
    }

    fn list(&mut self) {
        self.listed = match self.listed {
            Listed::Differences => Listed::All,
            Listed::All => Listed::Differences,
        };
        if let Content::Ready(table) = &mut self.content {
            let here = table.rows().get(self.cursor.selected()).copied();
            table.list(self.listed);
            let place = |row: &Row| match (row, here) {
                (Row::Field(at), Some(Row::Field(here))) => *at >= here,
                (row, here) => Some(*row) == here,
            };
            let at = table.rows().iter().position(place);
            self.cursor.select(at.unwrap_or(0));
        }
    }

    fn step(&mut self, action: Action) {
        let rows = self.content.ready().map_or(0, |table| table.rows().len());
        match (self.panes.focus(), action) {
            (TABLE, Action::In) => self.column += 1,
            (TABLE, Action::Out) => self.column = self.column.saturating_sub(1),
            (TABLE, _) => {
                self.cursor.act(action, rows);
                let is_rule = |at: usize| {
                    let table = self.content.ready();
                    table.is_some_and(|table| table.rows().get(at) == Some(&Row::Rule))
                };
                if is_rule(self.cursor.selected()) {
                    let down = matches!(
                        action,
                        Action::Down | Action::PageDown | Action::HalfDown | Action::Bottom
                    );
                    let way = if down { Action::Down } else { Action::Up };
                    self.cursor.act(way, rows);
                }
            }
            _ => {
                self.why.act(action);
            }
        }
        self.follow();
    }

    fn undo(&mut self) -> Vec<Effect> {
        if let Some(stopped) = self.impact.stop() {
            return vec![stopped];
        }
        if !self.panes.act(Action::Undo) {
            self.panes.set_focus(TABLE);
        }
        Vec::new()
    }

    /// Brings the reasons up to what is selected.
    fn explain(&mut self, ctx: &Ctx) {
        let width = usize::from(self.areas[WHY].width).saturating_sub(4);
        let sides = self.seen_sides();
        let lines = self.content.ready().and_then(|table| {
            let row = table.rows().get(self.cursor.selected())?;
            Some(why::lines(*row, table, &sides, width, ctx))
        });
        self.why.set(lines.unwrap_or_default());
    }

    fn take(&mut self, answer: CompareAnswer) {
        let is_restored = self.wanted.is_some();
        let shown = self.content.ready();
        let shown = shown.and_then(|table| table.path(self.cursor.selected()));
        let path = self.wanted.take().or(shown.map(ToString::to_string));
        let mut table = Table::new(answer, self.listed);
        let mut kept = path.as_deref().and_then(|path| table.row_of(path));
        if let (true, None, Some(path)) = (is_restored, kept, &path) {
            // What all agree on is seen where everything is listed.
            table.list(Listed::All);
            kept = table.row_of(path);
            if kept.is_some() {
                self.listed = Listed::All;
            }
            table.list(self.listed);
        }
        if let Some(at) = kept {
            self.cursor.select(at);
        }
        self.content = Content::Ready(table);
    }
}

impl Screen for Compare {
    fn route(&self) -> Route {
        Route::Compare(self.subject.clone())
    }

    fn crumb(&self, _ctx: &Ctx) -> Option<String> {
        let table = self.content.ready();
        let path = table.and_then(|table| table.path(self.cursor.selected()));
        path.map(ToString::to_string)
    }

    fn restore(&mut self, crumb: &str) {
        self.wanted = Some(crumb.to_owned());
    }

    fn load(&mut self, ctx: &Ctx) -> Vec<Effect> {
        // What was counted is of another store or policy now; an answer under way finds nobody who waits for it.
        self.impact = Impact::default();
        self.ask(ctx)
    }

    fn update(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        if let Some(picker) = &mut self.picker {
            match picker.update(action, ctx) {
                Picked::Stays => {}
                Picked::Closed => self.picker = None,
                Picked::Turned(id) => return self.turn(id, ctx),
            }
            return Vec::new();
        }
        match action {
            Action::Undo => return self.undo(),
            _ if self.panes.act(action) => {}
            Action::Open if self.content.offer().is_some() => {
                let offer = self.content.offer().cloned();
                return offer
                    .map(Route::Compare)
                    .map(Effect::Open)
                    .into_iter()
                    .collect();
            }
            Action::Open | Action::Why => self.panes.set_focus(WHY),
            Action::NextConflict | Action::PreviousConflict => return self.seek(action),
            Action::OnlyMatches => self.list(),
            Action::Swap => return self.swap(ctx),
            Action::Impact => return self.count(),
            Action::Sides => self.picker = Some(Picker::default()),
            Action::Copy(part) => return self.copy(part),
            _ => self.step(action),
        }
        Vec::new()
    }

    fn point(&mut self, pointer: Pointer, _ctx: &Ctx) -> Vec<Effect> {
        let rows = self.content.ready().map_or(0, |table| table.rows().len());
        match pointer {
            Pointer::Press(at) if self.areas[TABLE].contains(at) => {
                self.panes.set_focus(TABLE);
                let row = usize::from(at.y).checked_sub(usize::from(self.areas[TABLE].y) + 5);
                if let Some(row) = row.and_then(|row| self.cursor.at(row, rows)) {
                    self.cursor.select(row);
                }
            }
            Pointer::Press(_) => self.panes.set_focus(WHY),
            Pointer::WheelDown(_) => self.cursor.scroll(3, rows),
            Pointer::WheelUp(_) => self.cursor.scroll(-3, rows),
        }
        Vec::new()
    }

    fn receive(&mut self, reply: &Reply, _ctx: &Ctx) -> Vec<Effect> {
        if reply.slot == Slot::Impact {
            self.impact.take(reply);
            return Vec::new();
        }
        self.elapsed = reply.elapsed;
        match &reply.answer {
            Ok(Answer::Compare(Ok(answer))) => self.take(answer.clone()),
            Ok(Answer::Compare(Err(miss))) => self.content = Content::Missing(miss.clone()),
            Ok(_) => {}
            Err(words) => return self.content.fail(words),
        }
        Vec::new()
    }

    fn cancelled(&mut self) {
        self.impact.stop();
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
}
