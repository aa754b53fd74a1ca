//! Files of settings, and of what an analyst keeps: TOML in which an unknown key is an error that names the nearest known one.

mod kept;
mod kept_file;
mod section;
mod word;

pub use kept::{Keep, Kept, MOST_QUERIES, MOST_SEARCHES, SavedSearch};
pub use kept_file::{KeptError, KeptFile};
pub use section::{ConfigError, Document, Section};
pub use word::{alternatives, nearest};
