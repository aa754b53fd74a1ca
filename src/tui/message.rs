//! What the parts of the interface say to each other: routes, effects, and what every screen may know.

use std::path::PathBuf;

use ratatui::layout::Position;
use tui_input::InputRequest;

use crate::config::{Keep, Kept};
use crate::model::{Identity, MergePolicy, Moment, PolicyName};
pub use crate::model::{Place, Route};
use crate::worker::{Question, Slot};

use super::action::Action;
use super::icons::Icons;
use super::privacy::Mask;
use super::theme::Theme;

/// What a screen wants done; the app does it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the worker. Of several questions of one slot in one go, only the last is asked.
    Ask(Slot, Question),
    /// The question of this slot, or the import, is no longer wanted.
    Cancel(Slot),
    /// Go to another screen.
    Open(Route),
    /// Go to the search screen with this query.
    Find(String),
    /// Go back to the screen before.
    Back,
    /// Put a text on the clipboard; the name says in a toast what it was.
    Copy {
        /// What it is, such as `value`.
        name: String,
        /// The text.
        text: String,
    },
    /// Say something in passing.
    Say(String),
    /// Say that something is wrong.
    Warn(String),
    /// Do this on the screen that is then current.
    Act(Action),
    /// Make a policy the one that every screen shows, by its id.
    Follow(String),
    /// Keep something for the next session.
    Keep(Keep),
    /// Run a saved search, by its name.
    Run(String),
}

/// What is typed into an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A letter, or a step of the cursor.
    Request(InputRequest),
    /// A text that was pasted.
    Paste(String),
}

/// What the mouse did, in cells of the whole screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// A press of the left button.
    Press(Position),
    /// The wheel, towards the user.
    WheelDown(Position),
    /// The wheel, away from the user.
    WheelUp(Position),
}

/// The two ends of the status row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Where in the screen one is.
    pub position: String,
    /// What took how long.
    pub timing: String,
}

/// What every screen may know; only the app changes it.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The present moment, so that ages can be said.
    pub now: Moment,
    /// The policy that everything is shown under.
    pub policy: PolicyName,
    /// Whom the history was last about.
    pub subject: Option<Identity>,
    /// All policies, the default first; empty until the worker has answered.
    pub policies: Vec<MergePolicy>,
    /// The colours.
    pub theme: Theme,
    /// The signs.
    pub icons: Icons,
    /// Whether personal values are hidden.
    pub mask: Mask,
    /// The user's home folder, for paths that begin with `~/`.
    pub home: Option<PathBuf>,
    /// What the analyst keeps between sessions.
    pub kept: Kept,
}

/// Where questions go; the worker, or a fake in tests.
pub trait Desk {
    /// Asks; the answer comes back as a notice, and makes an older question of the slot stale.
    fn ask(&self, slot: Slot, question: Question);
    /// Takes a question back; a running import is undone whole.
    fn cancel(&self, slot: Slot);
}
