//! The plain answers to questions, as screens show them and commands print them.

mod graph;
mod list;
mod profile;
mod search;
mod store;
mod view;

pub use graph::*;
pub use list::*;
pub use profile::*;
pub use search::*;
pub use store::*;
pub use view::*;
