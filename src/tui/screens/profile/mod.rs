//! The profile screen: every attribute with its source, and beside it why it is so.

mod act;
mod draw;
pub mod header;
pub mod lines;
pub mod rows;
mod why;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::model::{Identity, Leaf, Miss, ProfileAnswer};
use crate::tui::action::{Action, Part};
use crate::tui::message::{Ctx, Edit, Effect, Pointer, Route, Status};
use crate::tui::screen::{Mode, Screen};
use crate::tui::text::took;
use crate::tui::widgets::outline::Fold;
use crate::tui::widgets::panel::{Focus, panel};
use crate::tui::widgets::{Cursor, Field, Outline, Panes};
use crate::worker::{Answer, Question, Reply, Slot};

use act::holds;
pub use header::name;
use rows::{Only, Row, Section};
use why::Reason;

const LIST: usize = 0;
const WHY: usize = 1;

/// Rows of the header with its frame.
const HEADER: u16 = 4;

/// What the screen has to show.
enum Content {
    /// No answer has come yet.
    Waiting,
    /// The profile.
    Ready(Box<ProfileAnswer>),
    /// There is none: why, and who may be meant.
    Missing(String, Vec<Identity>),
}

/// The screen.
pub struct Profile {
    subject: Identity,
    /// The path to select once it is there.
    wanted: Option<String>,
    content: Content,
    outline: Outline<Row>,
    cursor: Cursor,
    only: Only,
    why: Vec<Reason>,
    why_cursor: Cursor,
    find: Field,
    mode: Mode,
    panes: Panes,
    header_area: Rect,
    elapsed: std::time::Duration,
}

impl Profile {
    /// The profile that an identity belongs to.
    pub fn new(subject: Identity) -> Profile {
        Profile {
            subject,
            wanted: None,
            content: Content::Waiting,
            outline: Outline::default(),
            cursor: Cursor::default(),
            only: Only::All,
            why: Vec::new(),
            why_cursor: Cursor::default(),
            find: Field::default(),
            mode: Mode::Command,
            panes: Panes::new(2),
            header_area: Rect::default(),
            elapsed: std::time::Duration::ZERO,
        }
    }

    fn answer(&self) -> Option<&ProfileAnswer> {
        match &self.content {
            Content::Ready(answer) => Some(answer),
            Content::Waiting | Content::Missing(..) => None,
        }
    }

    fn row(&self) -> Option<&Row> {
        self.outline
            .row(self.cursor.selected())
            .map(|node| &node.content)
    }

    /// The leaf of the selected row.
    fn leaf(&self) -> Option<&Leaf> {
        match self.row()? {
            Row::Leaf(attribute) => self.answer()?.profile.leaves.get(attribute.leaf),
            _ => None,
        }
    }

    /// Lists the rows anew, on the same row and with the same folds.
    fn list(&mut self) {
        let place = self.row().map(address);
        let nodes = self.outline.nodes().iter();
        let folded: Vec<String> = nodes
            .filter(|node| node.fold == Fold::Folded)
            .map(|node| address(&node.content))
            .collect();
        let is_first = self.outline.is_empty();
        let Some(answer) = self.answer() else {
            return;
        };
        let mut outline = rows::rows(answer, self.only);
        if !is_first {
            outline.fold(|row| {
                !matches!(row, Row::Leaf(_) | Row::Part { .. }) && folded.contains(&address(row))
            });
        }
        let is_place = |row: &Row| match &place {
            Some(place) => address(row) == *place,
            None => matches!(row, Row::Leaf(_)),
        };
        let leaves = &answer.profile.leaves;
        let path_of = |row: &Row| match row {
            Row::Leaf(attribute) => leaves.get(attribute.leaf).map(|leaf| leaf.path.to_string()),
            _ => None,
        };
        let wanted = self.wanted.as_ref();
        let wanted =
            wanted.and_then(|path| outline.reveal(|row| path_of(row).as_ref() == Some(path)));
        if let Some(at) = wanted.or_else(|| outline.reveal(is_place)) {
            self.cursor.select(at);
        }
        self.wanted = None;
        self.outline = outline;
    }

    fn receive_profile(&mut self, answer: &Result<Answer, String>) {
        self.content = match answer {
            Ok(Answer::Profile(Ok(profile))) => Content::Ready(profile.clone()),
            Ok(Answer::Profile(Err(miss))) => Content::Missing(miss.to_string(), meant(miss)),
            Ok(_) => return,
            Err(words) => Content::Missing(words.clone(), Vec::new()),
        };
        self.list();
    }
}

/// What a row is known by, whatever the policy: the path of attributes and groups, the text of the others.
fn address(row: &Row) -> String {
    match row {
        Row::Section(Section::Alarms, _) => "newer opt-outs".into(),
        Row::Section(Section::Identities, _) => "identities".into(),
        Row::Group { path, .. } => path.to_string(),
        Row::Leaf(attribute) => attribute.path.to_string(),
        Row::Part { json, .. } => json.key.clone(),
        Row::Identity(identity, _) => identity.to_string(),
        Row::Alarm { path, .. } => path.clone(),
    }
}

/// Who may be meant where nobody was found.
fn meant(miss: &Miss) -> Vec<Identity> {
    match miss {
        Miss::Unknown { nearest, .. } => nearest.clone(),
        Miss::OtherNamespace { known, .. } => known.clone(),
        Miss::OnlySecondary { carried_by, .. } => carried_by.clone(),
        Miss::LeftOut { .. }
        | Miss::NotThen { .. }
        | Miss::Deleted { .. }
        | Miss::Forgotten { .. } => Vec::new(),
    }
}

impl Screen for Profile {
    fn route(&self) -> Route {
        Route::Profile(self.subject.clone())
    }

    fn crumb(&self, _ctx: &Ctx) -> Option<String> {
        self.leaf().map(|leaf| leaf.path.to_string())
    }

    fn restore(&mut self, crumb: &str) {
        self.wanted = Some(crumb.to_owned());
    }

    fn load(&mut self, ctx: &Ctx) -> Vec<Effect> {
        vec![Effect::Ask(
            Slot::Profile,
            Question::Profile {
                identity: self.subject.clone(),
                policy: ctx.policy.id.clone(),
                as_of: None,
            },
        )]
    }

    fn update(&mut self, action: Action, _ctx: &Ctx) -> Vec<Effect> {
        if self.mode == Mode::Text {
            self.mode = Mode::Command;
            return match action {
                Action::Undo => {
                    self.find = Field::default();
                    Vec::new()
                }
                _ => Vec::new(),
            };
        }
        if let Content::Missing(_, meant) = &self.content
            && self.cursor.act(action, meant.len())
        {
            return Vec::new();
        }
        if self.panes.act(action) {
            return Vec::new();
        }
        if self.panes.focus() == WHY {
            match action {
                Action::Undo | Action::Out | Action::Why => self.panes.set_focus(LIST),
                _ if self.why_cursor.act(action, self.why.len()) => {}
                _ => return self.act_on_list(action),
            }
            return Vec::new();
        }
        self.act_on_list(action)
    }

    fn edit(&mut self, edit: &Edit, _ctx: &Ctx) -> Vec<Effect> {
        self.find.edit(edit);
        let words = self.find.text().to_lowercase();
        if !words.is_empty()
            && let Some(at) = self.outline.reveal(|row| holds(row, &words))
        {
            self.cursor.select(at);
        }
        Vec::new()
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn point(&mut self, pointer: Pointer, _ctx: &Ctx) -> Vec<Effect> {
        let list = self
            .panes
            .area(LIST)
            .map(draw::list_rows)
            .unwrap_or_default();
        let why = self.panes.area(WHY).unwrap_or_default();
        let rows = self.outline.len();
        match pointer {
            Pointer::Press(at) if list.contains(at) => {
                self.panes.set_focus(LIST);
                if let Some(row) = self.cursor.at((at.y - list.y).into(), rows) {
                    self.cursor.select(row);
                }
            }
            Pointer::Press(at) if why.contains(at) => self.panes.set_focus(WHY),
            Pointer::WheelDown(at) if why.contains(at) => self.why_cursor.scroll(3, self.why.len()),
            Pointer::WheelUp(at) if why.contains(at) => self.why_cursor.scroll(-3, self.why.len()),
            Pointer::WheelDown(_) => self.cursor.scroll(3, rows),
            Pointer::WheelUp(_) => self.cursor.scroll(-3, rows),
            Pointer::Press(_) => {}
        }
        Vec::new()
    }

    fn receive(&mut self, reply: &Reply, _ctx: &Ctx) -> Vec<Effect> {
        self.elapsed = reply.elapsed;
        self.receive_profile(&reply.answer);
        Vec::new()
    }

    fn layout(&mut self, area: Rect, ctx: &Ctx) {
        let rows = if area.height < 14 { 0 } else { HEADER };
        let [above, below] =
            Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(area);
        self.header_area = above;
        self.panes.layout(below, &[13, 9]);
        if let Some(area) = self.panes.area(LIST) {
            let len = match &self.content {
                Content::Missing(_, meant) => meant.len(),
                _ => self.outline.len(),
            };
            self.cursor.fit(draw::list_rows(area).height.into(), len);
        }
        let why = self
            .panes
            .area(WHY)
            .map(|area| panel("", Focus::Here, ctx).inner(area));
        let files = self.answer().map(|answer| &*answer.files);
        let lines = match (why, self.leaf().zip(files)) {
            (Some(area), Some((leaf, files))) => {
                let width = usize::from(area.width).saturating_sub(1);
                why::reasons(leaf, files, width, ctx)
            }
            _ => Vec::new(),
        };
        if lines.first() != self.why.first() {
            self.why_cursor.select(0);
        }
        self.why = lines;
        self.why_cursor
            .fit(why.map_or(0, |area| area.height.into()), self.why.len());
    }

    fn draw(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        draw::draw(self, frame, ctx);
    }

    fn status(&self, ctx: &Ctx) -> Status {
        let row = self.row().map(address).unwrap_or_default();
        let found = match self.find.text() {
            "" => String::new(),
            words => format!("   /{words}"),
        };
        let only = match self.only {
            Only::All => "",
            Only::Conflicts => "   only conflicts",
        };
        let row = match self.row() {
            Some(Row::Identity(identity, _)) => ctx.mask.identity(identity, &ctx.icons),
            _ => row,
        };
        Status {
            position: format!("{row}{only}{found}"),
            timing: format!("profile {}", took(self.elapsed)),
        }
    }

    fn enter_label(&self) -> &'static str {
        "go there"
    }

    fn hints(&self) -> &'static [Action] {
        &[
            Action::Why,
            Action::NextConflict,
            Action::OnlyMatches,
            Action::Policy,
            Action::Identities,
            Action::Consents,
            Action::Copy(Part::Value),
            Action::Query,
        ]
    }

    fn subject(&self) -> Option<Identity> {
        Some(self.subject.clone())
    }
}
