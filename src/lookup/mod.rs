//! The questions that can be put to a store, one file each; screens and commands ask the same ones.

mod compare;
mod error;
mod events;
mod graph;
mod indexing;
mod observed;
mod overview;
mod policies;
mod profile;
mod search;
mod subject;
mod why;

pub use compare::compare;
pub use error::LookupError;
pub use events::{Order, Timeline};
pub use graph::{graph, graph_at};
pub use indexing::{Progress, Refreshed, index_of, index_path, is_current, refresh_index};
pub use observed::observed;
pub use overview::{profile_count, stats};
pub use policies::{policies, policy_named};
pub use profile::{profile, profile_of};
pub use search::{SearchRequest, documents, search, search_in};
pub use subject::{Subject, subject};
pub use why::{why, why_links};
