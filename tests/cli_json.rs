//! The JSON of each command: the fields that programs count on.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test stops at the first surprise, and a list of fields is a list"
)]

mod cli;

use cli::World;
use serde_json::{Value, json};

/// Asserts that an object has exactly these fields, in this order.
fn has(value: &Value, fields: &[&str]) {
    let fields_of = value.as_object().into_iter().flatten();
    let found: Vec<&str> = fields_of.map(|(name, _)| name.as_str()).collect();
    assert_eq!(found, fields);
}

#[test]
fn show_says_what_the_profile_is_and_why() {
    let world = World::imported();
    let answer = world.json(&["show", "Email:ana@example.com", "--explain"]);
    has(
        &answer,
        &[
            "entityId",
            "requested",
            "mergePolicy",
            "identityGraph",
            "sources",
            "entity",
            "eventCount",
            "hiddenEvents",
            "firstEvent",
            "lastEvent",
            "lastModifiedAt",
            "consentAlarms",
            "explain",
        ],
    );
    assert_eq!(answer["entityId"], "CRMID:C-1");
    assert_eq!(answer["requested"], "Email:ana@example.com");
    assert_eq!(answer["mergePolicy"]["name"], "Latest wins");
    assert_eq!(
        answer["identityGraph"],
        json!(["CRMID:C-1", "Email:ana@example.com"])
    );
    assert_eq!(answer["sources"], json!(["crm", "web", "web-signup"]));
    assert_eq!(answer["eventCount"], 2);
    assert_eq!(answer["firstEvent"], "2024-06-01T10:00:00.000Z");
}

#[test]
fn show_says_why_each_value_is_what_it_is() {
    let world = World::imported();
    let answer = world.json(&["show", "CRMID:C-1", "--explain"]);
    let leaf = &answer["explain"]["/person/name/firstName"];
    has(
        leaf,
        &[
            "value",
            "rule",
            "conflict",
            "tie",
            "sameImport",
            "winner",
            "candidates",
            "superseded",
        ],
    );
    assert_eq!(leaf["conflict"], true);
    let origin = [
        "dataset",
        "identity",
        "batch",
        "file",
        "line",
        "ingestedAt",
        "customerTime",
    ];
    has(&leaf["winner"], &origin);
    has(&leaf["candidates"][0], &[&["value"], &origin[..]].concat());
    let said = (&leaf["value"], &leaf["candidates"][0]["value"]);
    assert_eq!(said, (&json!("Ana"), &json!("Anna")));
    assert_eq!(leaf["winner"]["line"], 1);
}

#[test]
fn show_keeps_to_fields_and_dataset() {
    let world = World::imported();
    let answer = world.json(&["show", "CRMID:C-1", "--fields", "tier", "--explain"]);
    assert_eq!(answer["entity"], json!({"loyalty": {"tier": "gold"}}));
    assert_eq!(answer["explain"].as_object().unwrap().len(), 1);
    let answer = world.json(&["show", "CRMID:C-1", "--dataset", "web-signup"]);
    assert_eq!(
        answer["entity"]["person"],
        json!({"name": {"firstName": "Ana"}})
    );
    assert_eq!(answer["sources"], json!(["web-signup"]));
}

#[test]
fn events_give_back_what_was_sent() {
    let world = World::imported();
    let answer = world.json(&["events", "CRMID:C-1", "--order", "asc"]);
    has(
        &answer,
        &["identity", "total", "offset", "hidden", "events"],
    );
    assert_eq!(answer["total"], 2);
    let event = &answer["events"][0];
    has(
        event,
        &[
            "id",
            "timestamp",
            "type",
            "dataset",
            "identity",
            "ingestedAt",
            "batch",
            "file",
            "line",
            "entity",
        ],
    );
    assert_eq!(event["identity"], "Email:ana@example.com");
    let ran = world.run(&["events", "CRMID:C-1", "--jsonl"]);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[1].ends_with(r#""n":1.50}}"#), "{}", lines[1]);
}

#[test]
fn search_gives_hits_with_what_matched() {
    let world = World::imported();
    let answer = world.json(&["search", "ana"]);
    has(
        &answer,
        &["query", "policy", "total", "exact", "elapsedMs", "profiles"],
    );
    assert_eq!(
        (&answer["total"], &answer["exact"]),
        (&json!(1), &json!(true))
    );
    let hit = &answer["profiles"][0];
    has(
        hit,
        &[
            "entityId",
            "name",
            "identities",
            "events",
            "lastEvent",
            "matched",
        ],
    );
    has(&hit["matched"][0], &["path", "value", "winning"]);
    let ran = world.run(&["search", "nobodyatall", "--json"]);
    assert_eq!(ran.code, 3);
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["total"], 0);
}

#[test]
fn graph_gives_identities_and_links() {
    let world = World::imported();
    let answer = world.json(&["graph", "CRMID:C-1"]);
    has(&answer, &["identity", "identities", "links"]);
    for field in ["namespace", "value", "firstSeen", "lastSeen", "datasets"] {
        assert!(!answer["identities"][0][field].is_null(), "{field}");
    }
    let link = &answer["links"][0];
    for field in [
        "a",
        "b",
        "state",
        "firstEstablished",
        "lastUpdated",
        "seen",
        "datasets",
        "batches",
    ] {
        assert!(!link[field].is_null(), "{field}");
    }
    assert_eq!(answer["links"].as_array().unwrap().len(), 1);
    let answer = world.json(&["graph", "CRMID:C-1", "--removed"]);
    let removed = &answer["links"][1];
    assert_eq!(
        (&removed["a"], &removed["b"]),
        (&json!("CRMID:C-1"), &json!("ECID:111"))
    );
    assert_eq!(removed["state"], "removed");
    assert_eq!(removed["reason"], "CRMID is unique per graph: C-1 and C-2");
    assert_eq!(
        world
            .run(&["graph", "CRMID:C-1", "--format", "json"])
            .stdout,
        world.run(&["graph", "CRMID:C-1", "--json"]).stdout
    );
}

#[test]
fn why_gives_the_path_or_what_keeps_them_apart() {
    let world = World::imported();
    let answer = world.json(&["why", "CRMID:C-1", "Email:ana@example.com"]);
    has(&answer, &["linked", "path"]);
    assert_eq!(answer["linked"], true);
    for field in ["a", "b", "dataset", "batch", "line", "at"] {
        assert!(!answer["path"][0][field].is_null(), "{field}");
    }
    let answer = world.json(&["why", "CRMID:C-1", "CRMID:C-2"]);
    has(&answer, &["linked", "reason", "removed"]);
    assert_eq!(answer["linked"], false);
    let answer = world.json(&["why", "CRMID:C-1"]);
    has(&answer, &["links"]);
}

#[test]
fn compare_lays_policies_side_by_side() {
    let world = World::imported();
    let answer = world.json(&[
        "compare",
        "CRMID:C-1",
        "--policies",
        "Latest wins,CRM first",
    ]);
    has(&answer, &["policies", "identities", "fields", "events"]);
    assert_eq!(answer["policies"], json!(["Latest wins", "CRM first"]));
    assert_eq!(answer["events"], json!({"Latest wins": 2, "CRM first": 0}));
    let field = &answer["fields"][0];
    has(field, &["path", "values", "differs"]);
    has(&field["values"]["CRM first"], &["value", "dataset"]);
    let answer = world.json(&["compare", "ECID:111", "--policies", "Latest wins,Alone"]);
    assert_eq!(answer["misses"]["Alone"]["kind"], "onlySecondary");
    assert_eq!(answer["fields"][0]["values"]["Alone"], Value::Null);
}

#[test]
fn compare_all_counts_everybody_under_two_policies() {
    let world = World::imported();
    let answer = world.json(&["compare", "--all", "--policies", "Latest wins,CRM first"]);
    let keys = [
        "policies", "profiles", "changed", "split", "joined", "onlyIn", "fields", "examples",
    ];
    has(&answer, &keys);
    assert_eq!(answer["policies"], json!(["Latest wins", "CRM first"]));
    let profiles = |side: &str| answer["profiles"][side].as_u64().unwrap();
    let stats = world.json(&["stats", "--policy", "CRM first"]);
    assert_eq!(profiles("CRM first"), stats["profiles"].as_u64().unwrap());
    let alone = |side: &str| answer["onlyIn"][side].as_u64().unwrap();
    assert_eq!(
        profiles("Latest wins") - alone("Latest wins"),
        profiles("CRM first") - alone("CRM first")
    );
    let counts: Vec<u64> = answer["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["profiles"].as_u64().unwrap())
        .collect();
    assert!(!counts.is_empty() && counts.is_sorted_by(|a, b| a >= b));
    let changed = answer["changed"].as_u64().unwrap();
    assert!(counts.iter().all(|count| (1..=changed).contains(count)));
    has(&answer["examples"][0], &["entityId", "paths"]);
    let hidden = world.json(&[
        "compare",
        "--all",
        "--policies",
        "Latest wins,CRM first",
        "--mask",
    ]);
    assert_eq!(hidden["changed"], answer["changed"]);
}

#[test]
fn a_miss_is_printed_as_json_too() {
    let world = World::imported();
    let check = |args: &[&str], kind: &str, sentence: &str| {
        let ran = world.run(&[args, &["--json"]].concat());
        assert_eq!(ran.code, 3, "{args:?}: {ran:?}");
        let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(answer["miss"]["kind"], kind, "{args:?}");
        let said = answer["error"].as_str().unwrap();
        assert!(said.starts_with(sentence), "{said}");
        assert!(
            ran.stderr
                .starts_with(&format!("nothing found: {sentence}")),
            "{ran:?}"
        );
    };
    check(
        &["show", "Email:anna@example.com"],
        "unknown",
        "no record knows Email:anna@example.com; nearest: Email:ana@example.com",
    );
    check(
        &["events", "CRMID:111"],
        "otherNamespace",
        "no record knows CRMID:111, but the value is known as ECID:111",
    );
    check(
        &["show", "ECID:111", "--policy", "Alone"],
        "onlySecondary",
        "ECID:111 is only ever a secondary identity, and policy `Alone` does not stitch; records that carry it belong to CRMID:C-2",
    );
}

#[test]
fn import_counts_rows_and_totals() {
    let world = World::imported();
    let answer = world.json(&["import", "in"]);
    for field in [
        "datasets",
        "identities",
        "links",
        "removedLinks",
        "profiles",
        "rejects",
        "elapsedMs",
    ] {
        assert!(answer.get(field).is_some(), "{field}");
    }
    has(
        &answer["datasets"][0],
        &[
            "name",
            "kind",
            "batch",
            "read",
            "accepted",
            "replaced",
            "rejected",
            "duplicates",
        ],
    );
    for dataset in answer["datasets"].as_array().unwrap() {
        assert_eq!(dataset["read"], dataset["duplicates"]);
    }
}

#[test]
fn stats_count_everything() {
    let world = World::imported();
    let answer = world.json(&["stats"]);
    for field in [
        "profiles",
        "identities",
        "links",
        "fragments",
        "events",
        "datasets",
        "profilesByNamespace",
        "namespaceOverlap",
        "datasetOverlap",
        "singleIdentityProfiles",
        "largestGraphs",
        "conflicts",
        "suspects",
        "resolvePending",
    ] {
        assert!(answer.get(field).is_some(), "{field}");
    }
    has(&answer["namespaceOverlap"][0], &["namespaces", "profiles"]);
    has(&answer["datasetOverlap"][0], &["datasets", "profiles"]);
    has(&answer["largestGraphs"][0], &["entityId", "identities"]);
    assert_eq!(
        answer["conflicts"],
        json!([{"path": "person.name.firstName", "profiles": 1}])
    );
}

#[test]
fn simulate_gives_graphs_links_and_primaries() {
    let world = World::empty();
    let events = "# two people, one tablet\nCRMID: Tom, ECID: 111\n\nCRMID: Jane, ECID: 111\n";
    let args = [
        "simulate",
        "-",
        "--unique",
        "CRMID",
        "--priority",
        "CRMID,ECID",
        "--json",
    ];
    let ran = world.run_with(&args, events);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    let expected = json!({
        "graphs": [["CRMID:Jane", "ECID:111"]],
        "singletons": ["CRMID:Tom"],
        "links": [["CRMID:Jane", "ECID:111"]],
        "removed": [{
            "a": "CRMID:Tom", "b": "ECID:111",
            "reason": "CRMID is unique per graph: Tom and Jane"
        }],
        "rejected": [], "skipped": [],
        "primary": ["CRMID:Tom", "CRMID:Jane"]
    });
    assert_eq!(answer, expected);
    let ran = world.run_with(&["simulate"], "CRMID: Tom\nnonsense\n");
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.starts_with("error: line 2: "), "{ran:?}");
}

#[test]
fn a_simulation_can_take_the_records_of_a_store() {
    let world = World::imported();
    let args = ["simulate", "--store-identity", "CRMID:C-1"];
    let answer = world.json(&args);
    let as_stored = json!([
        ["CRMID:C-1", "Email:ana@example.com"],
        ["CRMID:C-2", "ECID:111", "Email:ben@example.com"]
    ]);
    assert_eq!(answer["graphs"], as_stored);
    let answer = world.json(&[&args[..], &["--block", "ECID"]].concat());
    assert_eq!(answer["graphs"].as_array().unwrap().len(), 2);
    assert_eq!(answer["removed"], json!([]));
    let ran = world.run(&["simulate", "--store-identity", "CRMID:nobody"]);
    assert_eq!(ran.code, 3);
}

#[test]
fn the_small_lists_are_objects_too() {
    let world = World::imported();
    for (args, field) in [
        (["policy", "list"], "policies"),
        (["namespace", "list"], "namespaces"),
        (["settings", "list"], "max_identities"),
        (["dataset", "list"], "datasets"),
        (["batch", "list"], "batches"),
        (["policy", "export"], "children"),
    ] {
        assert!(world.json(&args).get(field).is_some(), "{args:?}");
    }
    let lines = world.run(&["batch", "list", "--jsonl"]).stdout;
    assert_eq!(lines.lines().count(), 3);
    for line in lines.lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
}
