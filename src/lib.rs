//! onefold folds the fragments that a company keeps of one customer into one profile, and says for each value and each link why.

pub mod merge;
pub mod model;
pub mod tui;
pub mod worker;
