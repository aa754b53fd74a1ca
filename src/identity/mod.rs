//! How identities link into graphs: admission, the linker, explanations of its work, and simulation.

mod cap;
mod changes;
mod components;
mod forest;
mod graph;
mod links;
mod names;
mod observe;
mod spaces;

pub use changes::{Cause, Changes, Happening, LinkState, Observed, Removed, Turn};
pub use graph::{Graph, Recency};
pub use links::{LinkNumber, LinkRows, Sighting};
pub use names::Node;
