//! The floors of the house: what a folder may import, where SQL lives, how long a file may be.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// Each folder of `src` with the folders that it may import.
const FLOORS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("config", &["model"]),
    ("generate", &["model"]),
    ("merge", &["model"]),
    ("identity", &["model"]),
    ("query", &["model"]),
    ("store", &["model"]),
    ("index", &["model", "merge", "query"]),
    (
        "lookup",
        &[
            "model", "config", "merge", "identity", "query", "store", "index",
        ],
    ),
    (
        "ingest",
        &["model", "config", "merge", "identity", "query", "store"],
    ),
    ("sample", &["model", "config", "ingest"]),
    (
        "worker",
        &[
            "model", "config", "merge", "identity", "query", "store", "index", "lookup", "ingest",
            "sample",
        ],
    ),
    (
        "cli",
        &[
            "model", "config", "merge", "identity", "query", "store", "index", "lookup", "ingest",
            "sample", "generate",
        ],
    ),
    (
        "tui",
        &["model", "config", "merge", "identity", "query", "worker"],
    ),
];

const LONGEST_FILE: usize = 400;

/// Every Rust file below `src`, with the folder (or root file) that it belongs to.
fn sources() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let inside = path.strip_prefix(&root).unwrap();
                let first = inside.components().next().unwrap();
                let floor = Path::new(&first).with_extension("");
                files.push((floor.display().to_string(), path));
            }
        }
    }
    assert!(files.len() > 20, "the sources were not found");
    files
}

fn allowed(floor: &str) -> Option<&'static [&'static str]> {
    FLOORS
        .iter()
        .find(|(name, _)| *name == floor)
        .map(|(_, below)| *below)
}

/// The top folders that a file imports through `crate::`.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let names = group.split('}').next().unwrap_or("");
            found.extend(names.split(',').map(|n| word(n.trim())));
        } else {
            found.push(word(rest));
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect()
}

#[test]
fn imports_point_down() {
    let mut faults = Vec::new();
    for (floor, path) in sources() {
        if floor == "main" || floor == "lib" {
            continue;
        }
        let Some(below) = allowed(&floor) else {
            faults.push(format!("src/{floor} stands on no floor"));
            continue;
        };
        let text = fs::read_to_string(&path).unwrap();
        for name in imports(&text) {
            if name != floor && !below.contains(&name.as_str()) {
                faults.push(format!("{} imports {name}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_the_store_speaks_sql() {
    let words = [
        "SELECT ",
        "INSERT INTO",
        "DELETE FROM",
        "CREATE TABLE",
        "rusqlite",
    ];
    let faults: Vec<_> = sources()
        .into_iter()
        .filter(|(floor, _)| floor != "store")
        .filter(|(_, path)| {
            let text = fs::read_to_string(path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or("");
            words.iter().any(|word| code.contains(word))
        })
        .map(|(_, path)| path.display().to_string())
        .collect();
    assert!(faults.is_empty(), "SQL outside the store: {faults:?}");
}

#[test]
fn formats_do_not_know_the_store() {
    let faults: Vec<_> = sources()
        .into_iter()
        .filter(|(_, path)| path.to_string_lossy().contains("ingest/formats"))
        .filter(|(_, path)| imports(&fs::read_to_string(path).unwrap()).contains(&"store".into()))
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn files_stay_short_and_say_what_they_are() {
    let mut faults = Vec::new();
    for (_, path) in sources() {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            faults.push(format!("{}: {lines} lines", path.display()));
        }
        if !text.starts_with("//! ") {
            faults.push(format!("{}: no opening sentence", path.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn an_import_is_found_however_it_is_written() {
    assert_eq!(
        imports("use crate::model::Moment;\nlet x = crate::store::open();"),
        ["model", "store"]
    );
    assert_eq!(
        imports("use crate::{merge, query::ast};"),
        ["merge", "query"]
    );
}
