//! The sources of a synthetic world, one file each, and the list of them.

mod app;
mod calls;
mod crm;
mod goods;
mod loyalty;
mod partner;
mod preferences;
mod signup;
mod store;
mod visit;
mod web;

use super::World;
use super::person::Population;
use super::row::Row;

/// How a source's file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Comma-separated, with this first line.
    Csv(&'static str),
    /// One JSON array, an element a line.
    Array,
    /// A JSON object a line.
    Lines,
    /// The same, compressed.
    GzippedLines,
}

/// How many rows of a source are asked for; a source may leave some out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// One for each person, in one file.
    People,
    /// A share of the world's events, in numbered files.
    Events {
        /// Where the share begins, in hundredths of the whole.
        from: u64,
        /// Where it ends.
        until: u64,
    },
}

/// One source: where its rows go, and what a row says.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// The dataset's name and the beginning of the file's.
    pub name: &'static str,
    /// The ending of the file's name.
    pub ending: &'static str,
    /// How the file is laid out.
    pub shape: Shape,
    /// How many rows there are.
    pub extent: Extent,
    /// Writes the row at this place; leaves it empty where there is none.
    pub write: fn(&Population, u64, &mut Row),
}

/// Every source, in the order of the manifest.
pub const SOURCES: [Source; 10] = [
    crm::BASE,
    crm::UPDATE,
    loyalty::SOURCE,
    partner::SOURCE,
    signup::SOURCE,
    preferences::SOURCE,
    web::SOURCE,
    app::SOURCE,
    store::SOURCE,
    calls::SOURCE,
];

/// How many rows of a source are asked for in this world.
pub fn rows(source: &Source, world: &World) -> u64 {
    match source.extent {
        Extent::People => world.people,
        Extent::Events { from, until } => world.events * until / 100 - world.events * from / 100,
    }
}
