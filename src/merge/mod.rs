//! The rules by which fragments become one profile, each value with the reason for it.

pub mod adobe;
mod arrays;
mod cast;
mod claim_paths;
mod claims;
mod claims_of_text;
mod compare;
pub mod consent;
mod dataset_precedence;
mod error;
mod fold;
mod leaf;
mod method;
mod replay;
mod system;
mod timestamp_ordered;
mod tree;
mod validate;
mod weigh;
mod words;

pub use cast::{Ingredients, taking_part};
pub use claim_paths::{ClaimPath, ClaimPaths};
pub use claims::{Claim, Claims, outlined};
pub use compare::{compare, same_as_first};
pub use error::MergeError;
pub use fold::{fold, fold_claims};
pub use method::{METHODS, Method, Standing, Verdict, is_seen, method};
pub use validate::{name_datasets, validate};
pub use weigh::{Field, Weighed, weigh_claims};
pub use words::{PolicyDraft, PolicyWords};
