//! How identities link into graphs: admission, the linker, explanations of its work, and simulation.

mod admit;
mod ahead;
mod cap;
mod changes;
mod components;
mod error;
mod explain;
mod forest;
mod graph;
mod lines;
mod links;
mod names;
mod observe;
mod options;
#[cfg(test)]
mod plain;
mod simulate;
mod spaces;
mod table;
mod texts;
#[cfg(test)]
mod worlds;

pub use admit::{Admission, Admitted, CROWD, Choice, Mention};
pub use ahead::Ahead;
pub use changes::{Cause, Changes, Happening, LinkState, Observed, Removed, Turn};
pub use error::IdentityError;
pub use explain::{Ends, bridges, sides, strongest_path};
pub use graph::{Graph, Recency};
pub use lines::{EventLine, parse_events};
pub use links::{LinkNumber, LinkRows, Sighting};
pub use names::Node;
pub use options::{SimulationOptions, SimulationSettings};
pub use simulate::{RejectedLine, RemovedLink, Simulation, Simulator, simulate};
