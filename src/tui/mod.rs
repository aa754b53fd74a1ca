//! The interface: screens over the worker, in a terminal.

pub mod action;
pub mod app;
pub mod icons;
pub mod keymap;
pub mod keys;
pub mod message;
pub mod overlay;
pub mod privacy;
pub mod screen;
pub mod screens;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod widgets;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use app::{App, Event, Order, Setup};
pub use message::{Desk, Route};
pub use terminal::{Leave, TerminalError, end_as, run};
