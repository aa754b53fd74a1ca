//! The words of the domain: identities, fragments, events, policies, profiles, and the answers that screens and commands show.

mod answer;
mod batch;
pub mod display;
mod event;
mod files;
mod fragment;
mod identity;
mod ids;
pub mod json;
pub mod json_scan;
pub mod key_tree;
mod link;
mod moment;
mod namespace;
mod path;
mod policy;
pub mod privacy;
mod profile;
mod rate;
mod settings;
pub mod value;

pub use answer::*;
pub use batch::*;
pub use event::*;
pub use files::*;
pub use fragment::*;
pub use identity::*;
pub use ids::*;
pub use link::*;
pub use moment::*;
pub use namespace::*;
pub use path::*;
pub use policy::*;
pub use profile::*;
pub use rate::*;
pub use settings::*;
