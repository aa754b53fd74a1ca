//! The plain answers to questions, as screens show them and commands print them.

mod forget;
mod graph;
mod profile;
mod search;
mod store;

pub use forget::*;
pub use graph::*;
pub use profile::*;
pub use search::*;
pub use store::*;
