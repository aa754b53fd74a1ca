//! What the generator writes is what the import reads: nothing refused, nobody glued but by what people share.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of a test may fail it"
)]

mod common;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use common::Silent;
use onefold::generate::{World, generate};
use onefold::ingest::{self, ImportOptions, Known, PlanOptions};
use onefold::lookup;
use onefold::model::{Identity, ImportAnswer, Moment};
use onefold::store::Reader;
use serde_json::Value;

fn import(world: &Path, store: &Path) -> ImportAnswer {
    let folder = [world.to_owned()];
    let plan = ingest::plan(&folder, &PlanOptions::default(), &Known::default()).unwrap();
    let now = Moment::parse("2026-10-05T08:00:00Z").unwrap();
    ingest::import(store, &plan, &ImportOptions::default(), now, &mut Silent).unwrap()
}

/// One list of identities for each person of the truth.
fn truth(world: &Path, list: &str) -> Vec<Vec<Identity>> {
    let text = std::fs::read_to_string(world.join("truth.jsonl")).unwrap();
    let people = text.lines().map(|line| {
        let person: Value = serde_json::from_str(line).unwrap();
        serde_json::from_value(person[list].clone()).unwrap()
    });
    people.collect()
}

#[test]
fn a_generated_world_is_imported_whole_and_its_people_stay_apart() {
    let directory = tempfile::tempdir().unwrap();
    let (world, store) = (
        directory.path().join("world"),
        directory.path().join("w.db"),
    );
    let asked = World {
        people: 300,
        events: 3_000,
        seed: 5,
    };
    let summary = generate(&asked, &world, &|_| {}).unwrap();
    let import = import(&world, &store);

    let (mut read, mut accepted) = (0, 0);
    for dataset in &import.datasets {
        read += dataset.counts.read;
        accepted += dataset.counts.accepted;
    }
    assert_eq!(read, summary.records + summary.events);
    assert_eq!(accepted, read, "{:?}", import.rejects);

    let reader = Reader::open(&store).unwrap();
    let mut owners: HashMap<Identity, usize> = HashMap::new();
    for (person, identities) in truth(&world, "identities").into_iter().enumerate() {
        owners.extend(identities.into_iter().map(|identity| (identity, person)));
    }
    let shared: BTreeSet<_> = truth(&world, "shared").into_iter().flatten().collect();
    for identity in owners.keys() {
        let found = lookup::subject(reader.view(), identity, Moment::MAX).unwrap();
        let subject = found.unwrap_or_else(|miss| panic!("{miss}"));
        let names: Vec<_> = subject.names.values().map(|name| &**name).collect();
        let people: BTreeSet<_> = names.iter().filter_map(|name| owners.get(name)).collect();
        let is_glued = names.iter().any(|name| shared.contains(name));
        assert!(people.len() == 1 || is_glued, "{identity}: {names:?}");
    }
}
