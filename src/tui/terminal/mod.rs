//! The terminal: taking it, giving it back whatever happens, and the loop between keys and pictures.

mod aligned;
mod clipboard;
mod guard;
mod input;
mod run;
mod stage;

use crossbeam_channel::{Receiver, unbounded};

use crate::model::Moment;
use crate::worker::Notice;

use super::app::{App, Event, Setup};
use super::message::Desk;

pub use input::end_as;
pub use run::{Clock, Leave, Surface, run_loop};

/// What can go wrong between the program and its terminal.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// The terminal does not do what it is told.
    #[error("the terminal cannot be used: {0}; `onefold search` and `onefold show` need none")]
    Terminal(#[from] std::io::Error),
}

/// Runs the interface in the terminal until the user or a signal ends it.
///
/// The terminal is given back before it returns, also on a panic of this thread. On [`Leave::Signal`] the caller tidies up and then calls
/// [`end_as`].
pub fn run(
    setup: Setup,
    desk: Box<dyn Desk>,
    notices: &Receiver<Notice>,
    clock: &dyn Fn() -> Moment,
) -> Result<Leave, TerminalError> {
    let (sender, events) = unbounded::<Event>();
    let _hook = guard::Hook::install(sender.clone());
    let mut stage = stage::Stage::open()?;
    input::listen(&sender);
    let mut app = App::new(setup, desk, clock());
    let left = run_loop(&mut app, &mut stage, (&events, notices), clock);
    stage.close()?;
    Ok(left?)
}
