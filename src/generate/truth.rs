//! The truth about a world: who is who, in a file beside the sources that no import reads.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde::Serialize;

use super::person::{Person, Population};
use super::slot::{Sightings, Slot};
use super::{GenerateError, Written, refused};
use crate::model::Identity;

/// What is true of one person; only identities that some row names.
#[derive(Serialize)]
struct Truth {
    person: u64,
    /// Theirs alone, and named beside another identity at least once, or the only one they have.
    identities: Vec<Identity>,
    /// Theirs too, but other people's as well, or nobody's.
    shared: Vec<Identity>,
    /// Theirs, but no row names it beside another identity: it can't be known.
    unlinked: Vec<Identity>,
}

/// Writes `truth.jsonl`, a line for each person.
pub fn write(
    population: &Population,
    sightings: &Sightings,
    out: &Path,
) -> Result<Written, GenerateError> {
    let path = out.join("truth.jsonl");
    let people = population.world.people;
    let lines = || {
        let mut file = BufWriter::new(File::create(&path)?);
        for index in 0..people {
            serde_json::to_writer(&mut file, &truth(&population.person(index), sightings))?;
            file.write_all(b"\n")?;
        }
        file.into_inner()?.metadata()
    };
    let metadata = lines().map_err(refused(&path))?;
    Ok(Written {
        file: "truth.jsonl".to_owned(),
        rows: people,
        bytes: metadata.len(),
    })
}

fn truth(person: &Person<'_>, sightings: &Sightings) -> Truth {
    let mut truth = Truth {
        person: person.index,
        identities: Vec::new(),
        shared: Vec::new(),
        unlinked: Vec::new(),
    };
    for slot in Slot::ALL {
        if !sightings.is_named(person.index, slot) {
            continue;
        }
        let list = if person.shares(slot) {
            &mut truth.shared
        } else if sightings.is_linked(person.index, slot) {
            &mut truth.identities
        } else {
            &mut truth.unlinked
        };
        list.extend(person.identity(slot));
    }
    if truth.identities.is_empty() && truth.unlinked.len() == 1 {
        truth.identities.append(&mut truth.unlinked);
    }
    truth
}
