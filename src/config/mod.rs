//! Settings files: TOML in which an unknown key is an error that names the nearest known one.

mod section;
mod word;

pub use section::{ConfigError, Document, Section};
pub use word::{alternatives, nearest};
