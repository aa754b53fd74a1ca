//! The plain answers to questions, as screens show them and commands print them.

mod effects;
mod graph;
mod plan;
mod profile;
mod search;
mod store;

pub use effects::*;
pub use graph::*;
pub use plan::*;
pub use profile::*;
pub use search::*;
pub use store::*;
