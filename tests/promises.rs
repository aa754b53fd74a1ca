//! What an import promises of every row: it is counted, kept as it came, and its order does not depend on threads.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod common;
#[path = "crash/dump.rs"]
mod dump;

use common::manifest::{dataset, namespace};
use common::{Silent, World, id};
use dump::dump;
use onefold::generate;
use onefold::ingest::{self, Again, ImportOptions, Known, PlanOptions};
use onefold::lookup::{Order, Timeline};
use onefold::model::Moment;

const MANIFEST: &str = concat!(
    namespace!("CRMID", "CROSS_DEVICE", "unique = true"),
    dataset!(
        "crm",
        "record",
        "crm*.csv",
        r#"primary = "CRMID"
[dataset.identities]
id = "CRMID""#
    ),
    dataset!("people", "record", "people*.jsonl"),
    dataset!("web", "event", "web*.jsonl"),
);

#[test]
fn every_row_is_accepted_rejected_or_a_duplicate() {
    let web = |id: &str, time: &str| {
        format!(
            r#"{{"_id":"{id}","timestamp":"{time}","identityMap":{{"CRMID":[{{"id":"C-1"}}]}}}}"#
        )
    };
    let good = web("a", "2024-01-01T10:00:00Z");
    let files = [
        ("onefold.toml".to_owned(), MANIFEST.to_owned()),
        (
            "crm.csv".into(),
            "\u{feff}id,name\r\nC-1,Ana\r\n,nobody\r\nC-2,\"Bo, of \"\"B\"\"\"\r\nC-1,Ana\r\n\r\nC-3,a,b,c\r\nC-4,\"open".into(),
        ),
        (
            "people.jsonl".into(),
            "{\"identityMap\":{\"CRMID\":[{\"id\":\"C-9\"}]},\"a\":1}\n\n[1]\n{\"a\":\n{\"identityMap\":{}}\n{\"identityMap\":{\"CRMID\":[{\"id\":\"C-9\"}]},\"a\":1}\nnull".into(),
        ),
        (
            "web.jsonl".into(),
            format!("{good}\n{good}\n{}\nnot json\n{}\n{good}", web("b", "yesterday"), web("a", "2024-01-01T11:00:00Z")),
        ),
        ("web2.jsonl".into(), format!("{good}\n{{}}\n")),
    ];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(n, t)| (n.as_str(), t.as_str()))
        .collect();
    let mut world = World::new();
    let answer = world.import(&files);
    let mut rejected = 0;
    for dataset in &answer.datasets {
        let counts = dataset.counts;
        assert_eq!(
            counts.read,
            counts.accepted + counts.rejected + counts.duplicates,
            "{}: {counts:?}",
            dataset.name
        );
        assert!(
            counts.accepted > 0 && counts.rejected > 0 && counts.duplicates > 0,
            "{dataset:?}"
        );
        rejected += counts.rejected;
    }
    let lines = std::fs::read_to_string(answer.rejects.unwrap()).unwrap();
    assert_eq!(lines.lines().count() as u64, rejected);
    stand_where_they_are_said(&lines, &files);
    world.check();
}

/// Every rejected row is told as it stands in its file, at the bytes that are named.
fn stand_where_they_are_said(rejects: &str, files: &[(&str, &str)]) {
    for line in rejects.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let named = line["file"].as_str().unwrap();
        let (_, text) = files
            .iter()
            .find(|(file, _)| named.ends_with(file))
            .unwrap();
        let number = |key: &str| line[key].as_u64().unwrap() as usize;
        let (from, length) = (number("offset"), number("length"));
        assert_eq!(line["row"], text[from..from + length], "{line}");
    }
}

#[test]
fn the_store_is_the_same_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    let sources = folder.path().join("world");
    let asked = generate::World {
        people: 400,
        events: 6_000,
        seed: 11,
    };
    generate::generate(&asked, &sources, &|_| {}).unwrap();
    let import = |jobs: usize| {
        let store = folder.path().join(format!("{jobs}.db"));
        let known = Known::default();
        let plan = ingest::plan(
            std::slice::from_ref(&sources),
            &PlanOptions::default(),
            &known,
        );
        let options = ImportOptions {
            jobs,
            ..ImportOptions::default()
        };
        let now = Moment::parse("2026-10-05T08:00:00Z").unwrap();
        ingest::import(&store, &plan.unwrap(), &options, now, &mut Silent).unwrap();
        dump(&store)
    };
    let one = import(1);
    for jobs in [2, 5] {
        assert!(import(jobs) == one, "{jobs} threads make another store");
    }
}

#[test]
fn the_same_file_twice_leaves_the_store_as_it_was() {
    let mut world = World::new();
    let files = [
        ("onefold.toml", MANIFEST),
        ("crm.csv", "id,name\nC-1,Ana\nC-2,Bo\n"),
    ];
    world.import(&files);
    let rows = |text: &str| -> Vec<String> {
        let is_state = |line: &&str| !line.starts_with("total ");
        text.lines().filter(is_state).map(String::from).collect()
    };
    let before = dump(&world.path());
    let again = world.import(&files);
    assert_eq!(again.datasets[0].counts.duplicates, 2);
    assert_eq!(rows(&dump(&world.path())), rows(&before));
    let options = ImportOptions {
        again: Again::Read,
        ..ImportOptions::default()
    };
    let forced = world.try_import(&files, &options).unwrap();
    assert_eq!(forced.datasets[0].counts.duplicates, 2);
    assert_eq!(forced.datasets[0].counts.accepted, 0);
    world.check();
}

#[test]
fn bodies_come_back_byte_for_byte() {
    let odd = r#""z":1.0,"E":-1.50E+3,"big":12345678901234567890123,"tel":"+44 20","code":"007", "un\u006bnown" : {"b":[ ],"a":null}"#;
    let map = r#""identityMap":{"CRMID":[{"id":"007"}]}"#;
    let event = format!(r#"{{"_id":"e","timestamp":"2024-01-01T10:00:00Z",{map},{odd}}}"#);
    let record = format!("{{{map},{odd}}}");
    let mut world = World::new();
    world.import(&[
        ("onefold.toml", MANIFEST),
        ("people.jsonl", &record),
        ("web.jsonl", &event),
        ("crm.csv", "id,amount,phone\n007,1.0,+4420\n"),
    ]);
    let reader = world.reader();
    let view = reader.view();
    let policy = world.policy("Latest wins");
    let timeline = Timeline::open(view, &id("CRMID:007"), &policy, Moment::MAX)
        .unwrap()
        .unwrap();
    let page = timeline.page(view, Order::Newest, 0, 10).unwrap();
    assert_eq!(page.events[0].body.text(), event);

    let identity = view.find_identity(
        view.catalog().unwrap().namespace_of("CRMID").unwrap().id,
        "007",
    );
    let identity = identity.unwrap().unwrap();
    let mut bodies = Vec::new();
    view.each_body(identity.id, |version| {
        bodies.push(version.body.text().to_owned());
    })
    .unwrap();
    bodies.sort();
    let mut expected = vec![
        record,
        r#"{"id":"007","amount":"1.0","phone":"+4420"}"#.to_owned(),
    ];
    expected.sort();
    assert_eq!(bodies, expected);

    for (path, expected) in [
        ("z", "1.0"),
        ("big", "12345678901234567890123"),
        ("code", "\"007\""),
        ("tel", "\"+44 20\""),
        ("unknown.a", ""),
    ] {
        assert_eq!(world.value("CRMID:007", path), expected, "{path}");
    }
}
