//! What a screen is: it owns its state, answers an action with effects, and paints without changing anything.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::model::{Identity, ImportProgress};
use crate::worker::Reply;

use super::action::Action;
use super::message::{Ctx, Edit, Effect, Pointer, Route, Status};

/// Which keys mean what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Letters are commands.
    Command,
    /// Letters are text; only `enter`, `↓`, `esc`, `ctrl-…` and `F…` are commands.
    Text,
}

/// One screen.
pub trait Screen {
    /// What it shows, enough to open it again.
    fn route(&self) -> Route;

    /// The breadcrumb's last part, after those of the route, such as the selected path.
    fn crumb(&self, ctx: &Ctx) -> Option<String>;

    /// Goes where the last part of a breadcrumb says, before anything was asked; what cannot be found is passed over.
    fn restore(&mut self, _crumb: &str) {}

    /// What to ask for when it opens, and again when the policy or the store has changed; it keeps its place and goes on
    /// showing what it has until the answer comes.
    fn load(&mut self, ctx: &Ctx) -> Vec<Effect>;

    /// Answers an action; those that do not apply to its place never come.
    fn update(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect>;

    /// Whether an action that is otherwise the app's is this screen's for the moment.
    fn claims(&self, _action: Action) -> bool {
        false
    }

    /// Takes text, in [`Mode::Text`].
    fn edit(&mut self, _edit: &Edit, _ctx: &Ctx) -> Vec<Effect> {
        Vec::new()
    }

    /// Which keys mean what at the moment.
    fn mode(&self) -> Mode {
        Mode::Command
    }

    /// Answers the mouse.
    fn point(&mut self, _pointer: Pointer, _ctx: &Ctx) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes the answer to the newest question that it asked in a slot.
    fn receive(&mut self, reply: &Reply, ctx: &Ctx) -> Vec<Effect>;

    /// Hears that what it asked for was taken back.
    fn cancelled(&mut self) {}

    /// Hears how far a running import has come.
    fn progress(&mut self, _progress: &ImportProgress, _ctx: &Ctx) {}

    /// Learns its area, without the rows of the app: sizes and offsets only.
    fn layout(&mut self, area: Rect, ctx: &Ctx);

    /// What to ask for when its area shows more than before.
    fn ask_for_seen(&mut self, _ctx: &Ctx) -> Vec<Effect> {
        Vec::new()
    }

    /// Paints the area that it was last laid out in.
    fn draw(&self, frame: &mut Frame<'_>, ctx: &Ctx);

    /// The two ends of the status row.
    fn status(&self, ctx: &Ctx) -> Status;

    /// The most useful actions here, best first; the hints row shows as many as fit, eight at most.
    fn hints(&self) -> &'static [Action];

    /// What `enter` does in [`Mode::Text`], for the hints row.
    fn enter_label(&self) -> &'static str {
        "to the list"
    }

    /// Whom the other tabs would be about: the subject, or whoever is selected.
    fn subject(&self) -> Option<Identity> {
        self.route().subject().cloned()
    }
}
