//! Answers as text for people and as JSON for programs, one file per kind of answer.

pub mod compare;
pub mod deletion;
pub mod effects;
pub mod events;
mod explain;
pub mod forget;
pub mod graph;
pub mod import;
mod look;
mod miss;
mod page;
pub mod plan;
pub mod policy;
pub mod population;
pub mod profile;
pub mod resolve;
pub mod search;
pub mod simulation;
pub mod sources_list;
pub mod stats;
mod table;
pub mod why;

pub use crate::model::SourceFiles as Files;
pub use look::{Look, count, cut, number};
pub use miss::MissView;
pub use page::Page;
pub use table::{Cell, Column, Table};
