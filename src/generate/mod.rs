//! Synthetic worlds: people of whom everything is known, and the sources that a company would have of them.
//!
//! A world follows from its seed alone. Each row is worked out from its place in its source, so memory does not grow with
//! the world but for four bytes a person, and any number of threads writes the same bytes. Events lie in the order of time.

mod atlas;
mod person;
mod random;
mod row;
mod slot;
mod sources;
mod truth;
mod write;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use person::Population;
use slot::Sightings;

/// No world has more people than this.
pub const MAX_PEOPLE: u64 = 1_000_000_000;
/// No world has more events than this.
pub const MAX_EVENTS: u64 = 1_000_000_000_000;

/// What to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct World {
    /// How many people.
    pub people: u64,
    /// How many events happen to all of them together.
    pub events: u64,
    /// What everything follows from.
    pub seed: u64,
}

/// A file of a world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its name.
    pub file: String,
    /// Records, events, or people in the truth.
    pub rows: u64,
    /// Its size on disk in bytes.
    pub bytes: u64,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The files in the order of the manifest; the truth comes last.
    pub files: Vec<Written>,
    /// Records in all sources.
    pub records: u64,
    /// Events in all sources.
    pub events: u64,
}

/// How far the work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Places of rows that are done.
    pub done: u64,
    /// All of them.
    pub all: u64,
}

/// Why a world can't be made.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// Nobody, or too many.
    #[error("a world of {0} people can't be made; ask for 1 to {MAX_PEOPLE}")]
    People(u64),
    /// Too much happens.
    #[error("a world of {0} events can't be made; ask for {MAX_EVENTS} at most")]
    Events(u64),
    /// Files that are there already could be mistaken for the world's.
    #[error("{0} is not empty; name a new directory or empty it")]
    NotEmpty(PathBuf),
    /// The disk refused.
    #[error("can't write {path}: {source}")]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Writes the sources of a world, their manifest and the truth into a new or empty directory.
pub fn generate(
    world: &World,
    out: &Path,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Summary, GenerateError> {
    check(world)?;
    make_empty(out)?;
    let population = Population::of(*world);
    let sightings = Sightings::none(world.people);
    let mut files = write::sources(&population, &sightings, out, progress)?;
    let manifest = out.join("onefold.toml");
    fs::write(&manifest, include_str!("onefold.toml")).map_err(refused(&manifest))?;
    let (records, events) = files
        .iter()
        .fold((0, 0), |(records, events), file| match file.kind {
            write::Kind::Records => (records + file.written.rows, events),
            write::Kind::Events => (records, events + file.written.rows),
        });
    let mut files: Vec<_> = files.drain(..).map(|file| file.written).collect();
    files.push(truth::write(&population, &sightings, out)?);
    Ok(Summary {
        files,
        records,
        events,
    })
}

fn check(world: &World) -> Result<(), GenerateError> {
    if !(1..=MAX_PEOPLE).contains(&world.people) {
        return Err(GenerateError::People(world.people));
    }
    if world.events > MAX_EVENTS {
        return Err(GenerateError::Events(world.events));
    }
    Ok(())
}

fn make_empty(out: &Path) -> Result<(), GenerateError> {
    fs::create_dir_all(out).map_err(refused(out))?;
    let mut entries = fs::read_dir(out).map_err(refused(out))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(GenerateError::NotEmpty(out.to_owned())),
    }
}

fn refused(path: &Path) -> impl Fn(io::Error) -> GenerateError {
    |source| GenerateError::Write {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests;
