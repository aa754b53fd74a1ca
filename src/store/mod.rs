//! The store: one SQLite file, one writer, many readers; the only folder that speaks SQL.

mod attributes;
mod batches;
mod blocks;
mod catalog;
mod clusters;
mod codec;
mod connection;
mod error;
mod events;
mod fragments;
mod identities;
mod integrity;
mod links;
mod lock;
mod observations;
mod open;
mod policies;
mod remembered;
mod schema;
mod settings;

pub use attributes::*;
pub use batches::*;
pub use blocks::{Block, BlockCutter, EventMark, NewEvent, pack_block};
pub use catalog::*;
pub use clusters::*;
pub use codec::{BodyWriter, train};
pub use connection::*;
pub use error::*;
pub use events::*;
pub use fragments::*;
pub use identities::*;
pub use links::*;
pub use lock::LOCK_WAIT;
pub use observations::*;
pub use settings::*;
