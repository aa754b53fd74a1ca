//! `onefold forget`: what goes, what stays, and that nothing comes back.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod cli;

use std::fmt::Write as _;

use cli::World;
use cli::manifest::{customer, dataset, namespace, people};
use serde_json::json;

const MANIFEST: &str = concat!(
    "[store]\nblock = []\n",
    people!(),
    dataset!(
        "crm",
        "record",
        "crm*.csv",
        r#"primary = "CRMID"
[dataset.identities]
id = "CRMID"
email = { namespace = "Email", normalise = ["trim", "lower"] }
device = "ECID"
[dataset.nulls]
any = [""]"#
    ),
    dataset!("web", "event", "web*.jsonl"),
);

const ANA: &str = "ana.quintanilla@example.com";

/// Ana and 300 others; enough for dictionaries, and Ana's rows are among those that they learn from.
fn crm() -> String {
    let mut text = String::from("id,email,name,city,device\n");
    for n in 0..300 {
        if n % 30 == 7 {
            let day = n / 30;
            writeln!(text, "C-ANA,{ANA},Ana Quintanilla,Salamanca {day},E-ANA").unwrap();
        }
        writeln!(text, "C-{n},user{n}@example.org,Person {n},Vienna,E-{n}").unwrap();
    }
    text.push_str("C-BO,bo@example.org,Bo Berg,Vienna,E-BO\n");
    writeln!(text, ",{ANA},no id").unwrap();
    text
}

fn event(n: u32, identities: &[(&str, &str)], note: &str) -> String {
    let map: serde_json::Map<String, serde_json::Value> = identities
        .iter()
        .map(|(namespace, value)| ((*namespace).to_owned(), json!([{ "id": value }])))
        .collect();
    let event = json!({
        "_id": format!("e{n}"),
        "timestamp": format!("2024-06-01T10:{:02}:{:02}Z", n / 60 % 60, n % 60),
        "eventType": "web.pageView",
        "identityMap": map,
        "note": note,
    });
    format!("{event}\n")
}

fn web() -> String {
    let mut text = String::new();
    for n in 0..200 {
        let (id, device) = (format!("C-{n}"), format!("E-{n}"));
        text.push_str(&event(n, &[("CRMID", &id), ("ECID", &device)], "plain"));
        if n % 20 == 3 {
            text.push_str(&event(1000 + n, &[("Email", ANA), ("ECID", "E-ANA")], ANA));
        }
    }
    // Bo used Ana's device once, and Ana logged in on it after him.
    text.push_str(&event(
        2000,
        &[("CRMID", "C-BO"), ("ECID", "E-SHARED")],
        "bo",
    ));
    text.push_str(&event(
        2001,
        &[("CRMID", "C-ANA"), ("ECID", "E-SHARED")],
        "ana",
    ));
    text
}

fn world() -> World {
    let world = World::empty();
    world.write("in/onefold.toml", MANIFEST);
    world.write("in/crm.csv", &crm());
    world.write("in/web.jsonl", &web());
    let ran = world.run(&["import", "in"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    world
}

/// The files beside the store that hold a text, but for the sources.
fn holding(world: &World, text: &str) -> Vec<String> {
    let listed = std::fs::read_dir(world.path(".")).unwrap();
    let mut found: Vec<String> = listed
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().unwrap().is_file())
        .filter(|entry| {
            let bytes = std::fs::read(entry.path()).unwrap();
            let text = text.as_bytes();
            bytes
                .windows(text.len())
                .any(|window| window.eq_ignore_ascii_case(text))
        })
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    found
}

#[test]
fn forgetting_lists_what_goes_and_asks_first() {
    let world = world();
    let who = format!("Email:{ANA}");
    let listed = world.json(&["forget", &who, "--dry-run"]);
    assert_eq!(
        listed["identities"],
        json!(["CRMID:C-ANA", "ECID:E-ANA", who, "ECID:E-SHARED"])
    );
    assert_eq!(
        (&listed["forgotten"], &listed["fragments"]),
        (&json!(false), &json!(1))
    );
    assert_eq!(listed["versions"], 10);
    assert_eq!(
        listed["events"],
        json!([{ "dataset": "web", "events": 11 }])
    );
    assert_eq!(
        (&listed["links"], &listed["removedLinks"]),
        (&json!(4), &json!(1))
    );
    assert_eq!(listed["rejects"][0]["rows"], 1);
    let ran = world.run(&["forget", &who]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("add --yes to forget"), "{ran:?}");
    assert_eq!(world.run(&["show", &who]).code, 0);
    let ran = world.run(&["forget", "Email:nobody@example.com", "--yes"]);
    assert_eq!(ran.code, 3, "{ran:?}");
}

#[test]
fn nothing_of_the_person_is_left_in_the_files_of_the_store() {
    let world = world();
    let who = format!("Email:{ANA}");
    for text in [ANA, "Quintanilla", "Salamanca"] {
        assert_ne!(holding(&world, text), Vec::<String>::new(), "{text}");
    }
    let done = world.json(&["forget", &who, "--yes"]);
    assert_eq!(
        (&done["forgotten"], &done["swept"]),
        (&json!(true), &json!(true))
    );
    assert!(done["dictionaries"].as_u64().unwrap() > 0, "{done}");
    for text in [ANA, "Quintanilla", "Salamanca", "C-ANA", "E-ANA"] {
        assert_eq!(holding(&world, text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(world.run(&["check"]).code, 0);
    let rejects = std::fs::read_to_string(world.path("store.rejects.jsonl")).unwrap();
    assert!(rejects.contains(r#""forgotten":true"#), "{rejects}");
    // Everyone else is as before.
    let shown = world.json(&["show", "CRMID:C-42"]);
    assert_eq!(shown["entity"]["name"], "Person 42");
    assert_eq!(shown["eventCount"], 1);
    let bo = world.json(&["graph", "CRMID:C-BO", "--removed"]);
    assert_eq!(bo["links"].as_array().unwrap().len(), 3, "{bo}");
    let stats = world.json(&["stats"]);
    assert_eq!(stats["profiles"], 301);
    let ran = world.run(&["show", &who]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.stderr.contains("was deleted: it was forgotten at "),
        "{ran:?}"
    );
    let missed = world.run(&["show", "CRMID:C-ANA", "--json"]);
    assert!(
        missed.stdout.contains(r#""kind": "forgotten""#),
        "{missed:?}"
    );
    assert_eq!(world.run(&["forget", &who, "--yes"]).code, 3);
}

#[test]
fn what_was_forgotten_never_comes_back() {
    let world = world();
    world.json(&["forget", &format!("Email:{ANA}"), "--yes"]);
    std::fs::remove_file(world.path("store.rejects.jsonl")).unwrap();
    let before = world.json(&["stats"]);
    let ran = world.run(&["import", "in"]);
    assert_eq!(ran.code, 0, "the same files are in already: {ran:?}");
    let ran = world.run(&["import", "in", "--again", "--json"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    let again: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let counts = |n: usize| {
        let of = &again["datasets"][n];
        ["read", "accepted", "rejected", "duplicates"].map(|key| of[key].as_u64().unwrap())
    };
    assert_eq!(counts(0), [312, 0, 11, 301]);
    // Bo's event on the shared device is his, and is in already.
    assert_eq!(counts(1), [212, 0, 11, 201]);
    world.json(&["resolve"]);
    world.json(&["batch", "delete", "3"]);
    let after = world.json(&["stats"]);
    for key in ["profiles", "identities", "links", "fragments", "events"] {
        assert_eq!(after[key], before[key], "{key}");
    }
    assert_eq!(holding(&world, "Salamanca"), Vec::<String>::new());
    let rejects = std::fs::read_to_string(world.path("store.rejects.jsonl")).unwrap();
    assert_eq!(rejects.matches("this person was forgotten").count(), 22);
    assert_eq!(world.run(&["check"]).code, 0);
}

#[test]
fn a_device_that_went_along_drops_out_of_rows_of_its_other_owners() {
    let world = world();
    world.json(&["forget", &format!("Email:{ANA}"), "--yes"]);
    let rows = [
        event(1, &[("CRMID", "C-BO"), ("ECID", "E-SHARED")], "is his"),
        event(2, &[("ECID", "E-SHARED")], "is nobody's"),
        event(
            3,
            &[("Email", "new@example.org"), ("CRMID", "c-ana")],
            "values are exact",
        ),
        event(
            4,
            &[("Email", "new@example.org"), ("crmid", "C-ANA")],
            "codes are not",
        ),
    ];
    world.write("more/web.jsonl", &rows.concat());
    world.write("more/onefold.toml", MANIFEST);
    let ran = world.run(&["import", "more", "--json"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let web = &answer["datasets"][0];
    assert_eq!((&web["accepted"], &web["rejected"]), (&json!(2), &json!(2)));
    let bo = world.json(&["show", "CRMID:C-BO"]);
    assert_eq!(bo["eventCount"], 2);
    assert!(!bo["identityGraph"].to_string().contains("SHARED"), "{bo}");
    assert_eq!(world.run(&["show", "ECID:E-SHARED"]).code, 3);
}

#[test]
fn rows_that_cannot_be_read_keep_nothing_of_the_forgotten_either() {
    let world = world();
    world.json(&["forget", &format!("Email:{ANA}"), "--yes"]);
    let undated = event(1, &[("Email", ANA)], "x").replace("2024-06-01T", "someday ");
    let rows = format!(
        "{undated}{{\"id\":\"{}\",\n{{\"id\":\"C-1\",\n",
        ANA.to_uppercase()
    );
    world.write("more/web.jsonl", &rows);
    world.write("more/onefold.toml", MANIFEST);
    assert_eq!(world.run(&["import", "more"]).code, 4);
    assert_eq!(holding(&world, ANA), Vec::<String>::new());
    let rejects = std::fs::read_to_string(world.path("store-2.rejects.jsonl")).unwrap();
    assert_eq!(rejects.matches("this person was forgotten").count(), 2);
    assert!(rejects.contains("C-1"), "{rejects}");
}

#[test]
fn rows_of_others_lose_the_name_of_the_person_and_nothing_else() {
    let world = World::empty();
    world.write("in/onefold.toml", MANIFEST);
    // Bo's record names Ana's e-mail, which her own later record takes away from him.
    let crm = format!(
        "id,email,name,city,device\nC-BO,{ANA},Bo Berg,Vienna,E-BO\nC-ANA,{ANA},Ana,Salamanca,E-ANA\n"
    );
    world.write("in/crm.csv", &crm);
    assert_eq!(world.run(&["import", "in"]).code, 0);
    let done = world.json(&["forget", "CRMID:C-ANA", "--yes"]);
    assert_eq!(done["mendedRows"], 1, "{done}");
    assert_eq!(holding(&world, ANA), Vec::<String>::new());
    let bo = world.json(&["show", "CRMID:C-BO"]);
    assert_eq!(
        (
            &bo["entity"]["email"],
            &bo["entity"]["name"],
            &bo["entity"]["city"]
        ),
        (&json!(null), &json!("Bo Berg"), &json!("Vienna"))
    );
    assert_eq!(bo["identityGraph"], json!(["CRMID:C-BO", "ECID:E-BO"]));
    assert_eq!(world.run(&["check"]).code, 0);
}

#[test]
fn attributes_that_only_the_forgotten_had_are_none_any_more() {
    let world = World::empty();
    let manifest = format!("{}{}", people!(), dataset!("crm", "record", "crm.jsonl"));
    world.write("in/onefold.toml", &manifest);
    let record = |id: &str, say: serde_json::Value| {
        let map = json!({ "CRMID": [{ "id": id, "primary": true }] });
        format!(
            "{}\n",
            json!({ "identityMap": map, "city": "Vienna", "say": say })
        )
    };
    let bo = record("C-BO", json!({ "both": 1, "bo": true }));
    let ana = record("C-ANA", json!({ "both": 2, ANA: { "ever": "yes" } }));
    world.write("in/crm.jsonl", &format!("{bo}{ana}"));
    assert_eq!(world.run(&["import", "in"]).code, 0);
    assert_ne!(holding(&world, ANA), Vec::<String>::new());
    world.json(&["forget", "CRMID:C-ANA", "--yes"]);
    assert_eq!(holding(&world, ANA), Vec::<String>::new());
    let missed = |query: &str| {
        world
            .run(&["search", query])
            .stderr
            .contains("no profile has")
    };
    assert!(missed("ever:yes"));
    for kept in ["city:Rome", "say.both:9", "bo:false"] {
        assert!(!missed(kept), "{kept}");
    }
}
