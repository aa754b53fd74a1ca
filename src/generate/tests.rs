//! What holds for every synthetic world, read back from its files by the manifest that comes with them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::Value;
use tempfile::TempDir;

use super::*;

const WORLD: World = World {
    people: 400,
    events: 4_000,
    seed: 7,
};

fn made(world: World) -> (TempDir, Summary) {
    let directory = tempfile::tempdir().expect("a directory");
    let summary = generate(&world, directory.path(), &|_| {}).expect("a world");
    (directory, summary)
}

fn files(directory: &TempDir) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(directory.path()).expect("the directory");
    entries
        .map(|entry| entry.expect("a file"))
        .map(|entry| {
            let name = entry.file_name().into_string().expect("a name");
            (name, fs::read(entry.path()).expect("its bytes"))
        })
        .collect()
}

fn text(name: &str, bytes: &[u8]) -> String {
    let mut text = String::new();
    if ending(name) == "gz" {
        GzDecoder::new(bytes).read_to_string(&mut text).expect(name);
    } else {
        text.push_str(std::str::from_utf8(bytes).expect(name));
    }
    text
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// The rows of a file; every line must be right.
fn rows(name: &str, text: &str) -> Vec<Value> {
    if ending(name) == "json" {
        return serde_json::from_str(text).expect(name);
    }
    if ending(name) != "csv" {
        let line = |line| serde_json::from_str(line).expect(line);
        return text.lines().map(line).collect();
    }
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let row = |row: Result<HashMap<String, String>, _>| serde_json::json!(row.expect(name));
    reader.deserialize().map(row).collect()
}

/// The identities of a row by the mapping of its dataset.
fn identities(row: &Value, mapping: &toml::Value) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    let mapped = mapping.get("identities").and_then(toml::Value::as_table);
    for (path, namespace) in mapped.into_iter().flatten() {
        let Some(value) = row.pointer(&format!("/{}", path.replace('.', "/"))) else {
            panic!("{path} is not in {row}");
        };
        let (code, value) = match namespace.as_str() {
            Some(code) => (code, value.as_str().unwrap_or("").to_owned()),
            None => (
                namespace["namespace"].as_str().expect("a code"),
                value.as_str().unwrap_or("").trim().to_lowercase(),
            ),
        };
        if !value.is_empty() {
            named.insert(format!("{code}:{value}"));
        }
    }
    let map = row.get("identityMap").and_then(Value::as_object);
    for (code, values) in map.into_iter().flatten() {
        for value in values.as_array().expect("identities") {
            named.insert(format!("{code}:{}", value["id"].as_str().expect("an id")));
        }
    }
    named
}

/// The rows of all sources with their datasets, as the manifest sorts them.
fn world_rows(directory: &TempDir) -> Vec<(String, Value, BTreeSet<String>)> {
    let files = files(directory);
    let manifest: toml::Value =
        toml::from_str(&text("", &files["onefold.toml"])).expect("a manifest");
    let mut all = Vec::new();
    for dataset in manifest["dataset"].as_array().expect("datasets") {
        let patterns = dataset["files"].as_array().expect("files");
        for pattern in patterns.iter().filter_map(toml::Value::as_str) {
            let pattern = glob::Pattern::new(pattern).expect(pattern);
            let matching: Vec<_> = files.iter().filter(|(n, _)| pattern.matches(n)).collect();
            assert!(!matching.is_empty(), "{pattern} names no file");
            for (name, bytes) in matching {
                let dataset_name = dataset["name"].as_str().expect("a name");
                for row in rows(name, &text(name, bytes)) {
                    let named = identities(&row, dataset);
                    all.push((dataset_name.to_owned(), row, named));
                }
            }
        }
    }
    all
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let (first, again) = (made(WORLD).0, made(WORLD).0);
    assert!(files(&first) == files(&again));
    let (other, _) = made(World { seed: 8, ..WORLD });
    let (first, other) = (files(&first), files(&other));
    for (name, bytes) in &first {
        assert_eq!(*bytes == other[name], name == "onefold.toml", "{name}");
    }
}

#[test]
fn a_summary_counts_what_was_written() {
    let (directory, summary) = made(WORLD);
    let files = files(&directory);
    for written in &summary.files {
        let bytes = &files[&written.file];
        assert_eq!(written.bytes, bytes.len() as u64, "{}", written.file);
        let found = rows(&written.file, &text(&written.file, bytes)).len();
        assert_eq!(written.rows, found as u64, "{}", written.file);
    }
    assert_eq!(summary.files.len() + 1, files.len());
    assert_eq!(summary.events, WORLD.events);
    let per_person = summary.records as f64 / WORLD.people as f64;
    assert!((2.3..2.8).contains(&per_person), "{per_person}");
}

#[test]
fn a_world_may_be_as_small_as_one_person_without_events() {
    for seed in 0..40 {
        let (_, summary) = made(World {
            people: 1,
            events: 0,
            seed,
        });
        assert_eq!(summary.events, 0);
        let (directory, _) = made(World {
            people: 1,
            events: 30,
            seed,
        });
        let rows = world_rows(&directory);
        assert!(rows.iter().all(|(_, _, named)| !named.is_empty()));
    }
}

/// The people whom the truth gives each identity to, with the list that it stands in.
fn owners(directory: &TempDir) -> HashMap<String, BTreeMap<u64, &'static str>> {
    let truth = text("", &files(directory)["truth.jsonl"]);
    let mut owners: HashMap<String, BTreeMap<_, _>> = HashMap::new();
    for person in rows("truth.jsonl", &truth) {
        for list in ["identities", "shared", "unlinked"] {
            for identity in person[list].as_array().expect(list) {
                let identity = identity.as_str().expect("an identity").to_owned();
                let number = person["person"].as_u64().expect("a number");
                owners.entry(identity).or_default().insert(number, list);
            }
        }
    }
    owners
}

#[test]
fn the_truth_says_what_the_files_say() {
    let (directory, _) = made(WORLD);
    let owners = owners(&directory);
    let (mut named, mut linked) = (BTreeSet::new(), BTreeSet::new());
    for (_, row, identities) in world_rows(&directory) {
        let people = identities.iter().map(|identity| {
            let people = owners.get(identity).unwrap_or_else(|| panic!("{identity}"));
            people.keys().copied().collect::<BTreeSet<_>>()
        });
        let common = people.reduce(|a, b| &a & &b).expect("an identity");
        assert!(!common.is_empty(), "no one person has all of {row}");
        if identities.len() > 1 {
            linked.extend(identities.clone());
        }
        named.extend(identities);
    }
    for (identity, people) in &owners {
        assert!(named.contains(identity), "no row names {identity}");
        for list in people.values() {
            match *list {
                "unlinked" => assert!(!linked.contains(identity), "{identity}"),
                "identities" => assert_eq!(people.len(), 1, "{identity}"),
                _ => {}
            }
        }
    }
}

#[test]
fn people_have_as_many_identities_and_are_as_spread_as_the_benchmarks_expect() {
    let world = World {
        people: 2_000,
        events: 20_000,
        seed: 1,
    };
    let (directory, _) = made(world);
    let rows = world_rows(&directory);
    let named: BTreeSet<_> = rows.iter().flat_map(|(_, _, named)| named).collect();
    let per_person = named.len() as f64 / world.people as f64;
    assert!((4.5..5.0).contains(&per_person), "{per_person} identities");

    let french_gold = rows.iter().filter(|(dataset, row, _)| {
        dataset == "crm" && row["country"] == "FR" && row["tier"] == "gold"
    });
    let share = french_gold.count() as f64 / world.people as f64;
    assert!((0.02..0.04).contains(&share), "{share} of gold in FR");

    let mut events: HashMap<&String, usize> = HashMap::new();
    for (dataset, _, named) in &rows {
        if dataset == "web-events" {
            for identity in named {
                *events.entry(identity).or_default() += 1;
            }
        }
    }
    let busiest = events.values().max().copied().unwrap_or(0) as f64 / world.events as f64;
    assert!((0.004..0.01).contains(&busiest), "{busiest} of events");
}

#[test]
fn nobody_real_is_named() {
    let (directory, _) = made(WORLD);
    for (_, _, named) in world_rows(&directory) {
        for identity in named {
            match identity.split_once(':').expect("an identity") {
                ("Email", value) => {
                    let (_, domain) = value.split_once('@').expect(value);
                    let reserved = ["example.com", "example.net", "example.org"];
                    assert!(reserved.contains(&domain), "{value}");
                }
                ("Phone", value) => assert!(value.contains("-555-01"), "{value}"),
                ("ECID", value) => {
                    assert_eq!(value.len(), 38, "{value}");
                    assert!(value.bytes().all(|b| b.is_ascii_digit()), "{value}");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn progress_reaches_the_end_in_steps() {
    let world = World {
        people: 5_000,
        events: 5_000,
        seed: 2,
    };
    let directory = tempfile::tempdir().expect("a directory");
    let reports = std::sync::Mutex::new(Vec::new());
    let note = |progress| reports.lock().expect("no panic").push(progress);
    generate(&world, directory.path(), &note).expect("a world");
    let reports = reports.into_inner().expect("no panic");
    assert!(reports.len() >= 6);
    assert!(reports.iter().all(|Progress { done, all }| done <= all));
}

#[test]
fn what_cannot_be_made_is_refused_in_a_sentence() {
    let directory = tempfile::tempdir().expect("a directory");
    let check = |people, events, expected: &str| {
        let world = World {
            people,
            events,
            seed: 0,
        };
        let refused = generate(&world, directory.path(), &|_| {}).expect_err(expected);
        assert!(refused.to_string().contains(expected), "{refused}");
    };
    check(0, 0, "a world of 0 people");
    check(MAX_PEOPLE + 1, 0, "ask for 1 to");
    check(1, u64::MAX, "events can't be made");
    fs::write(directory.path().join("crm.csv"), "mine").expect("a file");
    check(1, 0, "is not empty");
}
