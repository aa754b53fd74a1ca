//! The plain answers to questions, as screens show them and commands print them.

mod effects;
mod forget;
mod graph;
mod list;
mod plan;
mod population;
mod profile;
mod refused;
mod search;
mod store;
mod view;

pub use effects::*;
pub use forget::*;
pub use graph::*;
pub use list::*;
pub use plan::*;
pub use population::*;
pub use profile::*;
pub use refused::*;
pub use search::*;
pub use store::*;
pub use view::*;
