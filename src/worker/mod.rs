//! Jobs off the screen's thread: a lane for questions, where the newest of a slot wins, and a lane for imports.

mod message;

pub use message::*;
