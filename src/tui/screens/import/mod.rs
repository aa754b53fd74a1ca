//! The import screen: what would be read, how far it has come, and what became of it.

mod corrections;
mod draw;
mod files;
mod outcome;
mod paths;
mod plan;
mod rail;
mod refused;
mod review;
mod running;
mod target;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::model::{DeletionAnswer, ImportProgress, PlannedDataset};
use crate::tui::action::Action;
use crate::tui::message::{Ctx, Edit, Effect, Pointer, Route, Status};
use crate::tui::screen::{Mode, Screen};
use crate::tui::widgets::panel::{Focus, panel};
use crate::tui::widgets::{Cursor, Field};
use crate::worker::{Answer, Question, Reply, Slot};

use outcome::Outcome;
use paths::paths;
use refused::Refused;
use review::{Review, Row};
use running::{Running, clock};

/// How far one has come.
enum Stage {
    /// Nothing is chosen.
    Idle,
    /// It is being found out what would be read.
    Planning,
    /// What would be read.
    Planned(Box<Review>),
    /// It is being read.
    Running(Running),
    /// It is in the store.
    Done(Box<Outcome>),
    /// It is being taken back.
    TakingBack,
    /// It was taken back.
    TakenBack(Box<DeletionAnswer>),
    /// It went wrong; nothing of it is in the store.
    Failed(String),
}

/// What is being written in the box.
enum Writing {
    /// The files to import.
    Paths,
    /// What the selected line of the review becomes.
    Line(Field),
    /// The file for the mapping.
    File(Field),
    /// How many rows are taken back.
    Count(Field),
}

/// The screen.
pub struct Import {
    field: Field,
    writing: Writing,
    mode: Mode,
    stage: Stage,
    lines: Vec<Line<'static>>,
    cursor: Cursor,
    box_area: Rect,
    area: Rect,
}

impl Import {
    /// The screen with an empty path.
    pub fn new() -> Import {
        Import {
            field: Field::default(),
            writing: Writing::Paths,
            mode: Mode::Command,
            stage: Stage::Idle,
            lines: Vec::new(),
            cursor: Cursor::default(),
            box_area: Rect::default(),
            area: Rect::default(),
        }
    }

    fn plan(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.mode = Mode::Command;
        let paths = paths(self.field.text(), ctx);
        if paths.is_empty() {
            return vec![Effect::Say("write a file or a folder".into())];
        }
        if self.is_running() {
            return busy();
        }
        self.stage = Stage::Planning;
        vec![Effect::Ask(Slot::Plan, Question::Plan(paths))]
    }

    fn start(&mut self, question: Question, ctx: &Ctx) -> Vec<Effect> {
        if self.is_running() {
            return busy();
        }
        self.mode = Mode::Command;
        self.cursor.select(0);
        let planned: &[PlannedDataset] = match (&self.stage, &question) {
            (Stage::Planned(review), Question::Import(..)) => &review.plan.datasets,
            _ => &[],
        };
        self.stage = Stage::Running(Running::new(planned, ctx.now));
        vec![Effect::Ask(Slot::Import, question)]
    }

    fn cancel(&mut self) -> Vec<Effect> {
        match &mut self.stage {
            Stage::Running(running) => {
                running.is_cancelled = true;
                vec![Effect::Cancel(Slot::Import)]
            }
            Stage::Planning => {
                self.stage = Stage::Idle;
                vec![Effect::Cancel(Slot::Plan)]
            }
            _ => vec![Effect::Say("no import is running".into())],
        }
    }

    fn scroll(&mut self, rows: isize) {
        match &mut self.stage {
            Stage::Planned(review) => review.cursor.scroll(rows, review.rows.len()),
            _ => self.cursor.scroll(rows, self.lines.len()),
        }
    }

    fn receive_refused(&mut self, reply: &Reply) {
        let Stage::Done(outcome) = &mut self.stage else {
            return;
        };
        let is_its = outcome.ask_refused()
            == Some(Effect::Ask(Slot::Refused, reply.question.as_ref().clone()));
        if is_its {
            outcome.refused = match &reply.answer {
                Ok(Answer::Refused(answer)) => Some(Refused::Read(answer.clone())),
                Ok(_) => None,
                Err(words) => Some(Refused::Failed(words.clone())),
            };
        }
    }

    fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Running(_) | Stage::TakingBack)
    }

    fn undo(&mut self) {
        if matches!(
            self.stage,
            Stage::Planned(_) | Stage::Done(_) | Stage::TakenBack(_) | Stage::Failed(_)
        ) {
            self.stage = Stage::Idle;
        }
    }
}

fn busy() -> Vec<Effect> {
    vec![Effect::Say("an import is running; x cancels it".into())]
}

impl Screen for Import {
    fn route(&self) -> Route {
        Route::Import
    }

    fn crumb(&self, _ctx: &Ctx) -> Option<String> {
        self.field.written()
    }

    /// The path stands in the box; nothing is looked at before it is asked for.
    fn restore(&mut self, crumb: &str) {
        self.field = Field::default();
        self.field.edit(&Edit::Paste(crumb.to_owned()));
    }

    fn load(&mut self, _ctx: &Ctx) -> Vec<Effect> {
        Vec::new()
    }

    fn update(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        match (self.mode, action) {
            (Mode::Text, Action::Open | Action::Down) => return self.written(ctx),
            (Mode::Text, _) => {
                self.writing = Writing::Paths;
                self.mode = Mode::Command;
            }
            (_, Action::Query) => self.mode = Mode::Text,
            (_, Action::Open) if matches!(self.stage, Stage::Idle | Stage::Failed(_)) => {
                self.mode = Mode::Text;
            }
            (_, Action::Start) => match self.stage {
                Stage::Planned(ref review) => {
                    let question =
                        Question::Import(paths(self.field.text(), ctx), review.corrected());
                    return self.start(question, ctx);
                }
                Stage::Running(_) => return busy(),
                _ => {
                    return vec![Effect::Say(
                        "look first what would be read: / and a path".into(),
                    )];
                }
            },
            (_, Action::Sample) => return self.start(Question::ImportSample, ctx),
            (_, Action::Cancel) => return self.cancel(),
            (_, Action::Undo) => self.undo(),
            (_, action) if matches!(self.stage, Stage::Planned(_)) => return self.review(action),
            (_, action) if matches!(self.stage, Stage::Done(_)) => return self.after(action),
            (_, action) => {
                self.cursor.read(action, self.lines.len());
            }
        }
        Vec::new()
    }

    fn edit(&mut self, edit: &Edit, _ctx: &Ctx) -> Vec<Effect> {
        self.type_in(edit);
        Vec::new()
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn point(&mut self, pointer: Pointer, _ctx: &Ctx) -> Vec<Effect> {
        match pointer {
            Pointer::Press(at) if self.box_area.contains(at) => self.mode = Mode::Text,
            Pointer::Press(_) => self.mode = Mode::Command,
            Pointer::WheelDown(_) => self.scroll(3),
            Pointer::WheelUp(_) => self.scroll(-3),
        }
        Vec::new()
    }

    fn receive(&mut self, reply: &Reply, _ctx: &Ctx) -> Vec<Effect> {
        if let (Slot::SaveMap, answer) = (reply.slot, &reply.answer) {
            return match answer {
                Ok(Answer::MapSaved(file)) => {
                    vec![Effect::Say(format!("the mapping is in {}", file.display()))]
                }
                Ok(_) => Vec::new(),
                Err(words) => vec![Effect::Warn(words.clone())],
            };
        }
        if reply.slot == Slot::Refused {
            self.receive_refused(reply);
            return Vec::new();
        }
        let was_planning = matches!(self.stage, Stage::Planning);
        self.stage = match (reply.slot, &reply.answer) {
            (Slot::Plan, Ok(Answer::Plan(plan))) if was_planning => {
                Stage::Planned(Box::new(Review::new(plan.as_ref().clone())))
            }
            (Slot::Plan, Err(words)) if was_planning => Stage::Failed(words.clone()),
            (Slot::Import, Ok(Answer::Import(answer))) => {
                Stage::Done(Box::new(Outcome::new(answer.clone())))
            }
            (Slot::Import, Ok(Answer::Deleted(answer))) => Stage::TakenBack(answer.clone()),
            (Slot::Import, Err(words)) => Stage::Failed(words.clone()),
            _ => return Vec::new(),
        };
        self.cursor.select(0);
        match &self.stage {
            Stage::Done(outcome) => {
                let said = Effect::Say("the import is in the store".into());
                outcome.ask_refused().into_iter().chain([said]).collect()
            }
            Stage::TakenBack(_) => vec![Effect::Say("the import was taken back".into())],
            Stage::Failed(words) if reply.slot == Slot::Import => vec![Effect::Warn(words.clone())],
            _ => Vec::new(),
        }
    }

    fn progress(&mut self, progress: &ImportProgress, ctx: &Ctx) {
        if let Stage::Running(running) = &mut self.stage {
            running.note(progress, ctx.now);
        }
    }

    fn layout(&mut self, area: Rect, ctx: &Ctx) {
        let [above, below] =
            Layout::vertical([Constraint::Length(3), Constraint::Fill(1)]).areas(area);
        self.box_area = above;
        self.area = below;
        let [main, _] = draw::areas(&self.stage, below);
        let inside = panel("", Focus::Here, ctx).inner(main);
        self.lines = draw::lines(&self.stage, below, ctx);
        self.cursor.fit(inside.height.into(), self.lines.len());
        if let Stage::Planned(review) = &mut self.stage {
            let [list, _] = plan::areas(below);
            let height = list.height.saturating_sub(3);
            review.cursor.fit(height.into(), review.rows.len());
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        draw::draw(self, frame, ctx);
    }

    fn status(&self, ctx: &Ctx) -> Status {
        let position = match &self.stage {
            Stage::Idle => "nothing chosen".to_owned(),
            Stage::Planning => "looking…".to_owned(),
            Stage::Planned(review) => plan::position(review),
            Stage::Running(running) if running.is_cancelled => "cancelling…".to_owned(),
            Stage::Running(running) => {
                format!("running for {}", clock(running.since, ctx.now))
            }
            Stage::Done(_) => "done".to_owned(),
            Stage::TakingBack => "taking it back…".to_owned(),
            Stage::TakenBack(_) => "taken back".to_owned(),
            Stage::Failed(_) => "nothing was imported".to_owned(),
        };
        Status {
            position,
            timing: String::new(),
        }
    }

    fn enter_label(&self) -> &'static str {
        match (&self.writing, &self.stage) {
            (Writing::Paths, _) => "see what would be read",
            (Writing::File(_), _) => "write the mapping",
            (Writing::Count(_), _) => "take it back",
            (Writing::Line(_), Stage::Planned(review))
                if matches!(review.row(), Some(Row::Dataset(_))) =>
            {
                "take the name"
            }
            (Writing::Line(_), _) => "take the target",
        }
    }

    fn hints(&self) -> &'static [Action] {
        match self.stage {
            Stage::Running(_) => &[Action::Cancel, Action::Back],
            Stage::Planned(_) => &[
                Action::Start,
                Action::Correct,
                Action::Select,
                Action::Kind,
                Action::Primary,
                Action::Save,
                Action::Query,
                Action::Undo,
            ],
            Stage::Done(ref outcome) if outcome.is_on_rows => &[
                Action::Refused,
                Action::TakeBack,
                Action::Query,
                Action::Back,
            ],
            Stage::Done(_) => &[
                Action::Open,
                Action::NextHit,
                Action::Refused,
                Action::TakeBack,
                Action::Query,
                Action::Back,
            ],
            _ => &[Action::Query, Action::Sample, Action::Back],
        }
    }
}
