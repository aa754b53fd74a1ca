//! Answers as text for people and as JSON for programs, one file per kind of answer.

mod look;
mod miss;
mod page;
mod sources;
mod table;

pub use look::Look;
pub use miss::MissView;
pub use page::Page;
pub use sources::Files;
pub use table::{Cell, Column, Table};
