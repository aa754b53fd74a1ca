//! onefold folds the fragments that a company keeps of one customer into one profile, and says for each value and each link why.

pub mod cli;
pub mod config;
pub mod generate;
pub mod identity;
pub mod index;
pub mod ingest;
pub mod lookup;
pub mod merge;
pub mod model;
pub mod query;
pub mod sample;
pub mod store;
pub mod tui;
pub mod worker;
