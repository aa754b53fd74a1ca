//! The commands, one file each: what it takes, and what it does.

pub mod backup;
pub mod batch;
pub mod check;
pub mod compare;
pub mod completions;
pub mod dataset;
pub mod demo;
pub mod events;
pub mod export;
pub mod forget;
pub mod generate;
pub mod graph;
pub mod import;
pub mod init;
pub mod man;
pub mod namespace;
pub mod open;
pub mod policy;
mod policy_change;
pub mod resolve;
pub mod search;
pub mod settings;
pub mod show;
pub mod simulate;
pub mod stats;
pub mod why;
