//! Boxes over the screen that take the keys until they close.

mod choice;
mod help;
mod messages;
mod palette;
mod which_key;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::action::Action;
use super::message::{Ctx, Edit};
use super::screen::Mode;

pub use choice::PolicyChoice;
pub use help::Help;
pub use messages::Messages;
pub use palette::Palette;
pub use which_key::draw_which_key;

/// What becomes of an overlay after a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It stays.
    Stay,
    /// It closes.
    Close,
    /// It closes, and this is done.
    Run(Action),
    /// It closes, and this policy is followed.
    Follow(String),
    /// It closes, and the saved search of this name is run.
    Search(String),
}

/// A box over the screen.
pub trait Overlay {
    /// Which keys mean what.
    fn mode(&self) -> Mode;
    /// Answers an action.
    fn update(&mut self, action: Action, ctx: &Ctx) -> Outcome;
    /// Takes text, in [`Mode::Text`].
    fn edit(&mut self, _edit: &Edit, _ctx: &Ctx) {}
    /// Learns the area of the whole screen.
    fn layout(&mut self, area: Rect, ctx: &Ctx);
    /// Paints itself.
    fn draw(&self, frame: &mut Frame<'_>, ctx: &Ctx);
}
