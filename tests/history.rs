//! Histories: files whose rows say themselves when they were loaded.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod common;

use std::fmt::Write as _;

use common::manifest::{customer, dataset, namespace};
use common::{DAY, START, World};
use onefold::ingest::{self, Again, ImportOptions};
use onefold::model::{Batch, Moment};

const MANIFEST: &str = concat!(
    customer!(),
    dataset!(
        "crm",
        "record",
        "crm*.csv",
        r#"primary = "CRMID"
ingested = "loaded"
[dataset.identities]
id = "CRMID"
device = "ECID"
[dataset.nulls]
any = [""]"#
    ),
    dataset!("web", "event", "web*.jsonl", r#"ingested = "loaded""#),
    dataset!(
        "plain",
        "record",
        "plain.csv",
        r#"primary = "CRMID"
[dataset.identities]
id = "CRMID""#
    ),
);

/// Three days, the lines in no order of days.
const CRM: &str = "id,device,tier,loaded
C-1,E-1,gold,2023-01-03
C-1,,silver,2023-01-01
C-2,E-1,basic,2023-01-02
C-9,,lost,
C-9,,lost,soon
";

fn at(day: i64) -> Moment {
    // 2023-01-01 is 365 days before the first import of a test.
    Moment(START.0 + (day - 366) * DAY)
}

fn batches(world: &World) -> Vec<Batch> {
    world.reader().view().list_batches().unwrap()
}

/// The tier as of the end of a day; empty where there is no profile or no tier.
fn tier(world: &World, identity: &str, day: i64) -> String {
    let end = Moment(at(day + 1).0 - 1);
    let Ok(answer) = world.profile_at(identity, "Latest wins", end) else {
        return String::new();
    };
    let leaf = answer.profile.leaf(&"tier".parse().unwrap()).cloned();
    leaf.map_or_else(String::new, |leaf| leaf.value.to_string())
}

#[test]
fn each_moment_of_a_history_is_a_batch_of_its_own() {
    let mut world = World::new();
    let answer = world.import(&[("onefold.toml", MANIFEST), ("crm.csv", CRM)]);
    let counts = answer.datasets[0].counts;
    assert_eq!(
        (
            counts.read,
            counts.accepted,
            counts.replaced,
            counts.rejected
        ),
        (5, 3, 1, 2)
    );
    let moments: Vec<_> = batches(&world)
        .iter()
        .map(|batch| (batch.ingested_at, batch.counts.read, batch.counts.rejected))
        .collect();
    assert_eq!(moments, [(at(1), 3, 2), (at(2), 1, 0), (at(3), 1, 0)]);
    assert!(
        answer
            .notes
            .iter()
            .any(|note| note == "crm: 3 batches, 1 to 3, by the moments in `loaded`"),
        "{:?}",
        answer.notes
    );
    let rejects = std::fs::read_to_string(answer.rejects.unwrap()).unwrap();
    assert!(rejects.contains("needs its own moment of ingestion, and `loaded` is missing"));
    assert!(rejects.contains("`loaded`: "), "{rejects}");
}

#[test]
fn a_history_reads_as_of_each_of_its_moments() {
    let mut world = World::new();
    world.import(&[("onefold.toml", MANIFEST), ("crm.csv", CRM)]);
    let said: Vec<_> = (0..5).map(|day| tier(&world, "CRMID:C-1", day)).collect();
    assert_eq!(
        said,
        ["", "\"silver\"", "\"silver\"", "\"gold\"", "\"gold\""]
    );
    let together = |day: i64| {
        let found = world.profile_at("ECID:E-1", "Latest wins", at(day));
        found.map_or(Vec::new(), |answer| {
            answer.identities.iter().map(ToString::to_string).collect()
        })
    };
    assert_eq!(together(1), Vec::<String>::new());
    assert_eq!(together(2), ["CRMID:C-2", "ECID:E-1"]);
    // The last person to log in owns the device.
    assert_eq!(together(3), ["CRMID:C-1", "ECID:E-1"]);
    world.check();
}

#[test]
fn a_history_is_what_imports_at_its_moments_would_have_made() {
    let days = [
        "C-1,,silver\n",
        "C-2,E-1,basic\nC-3,E-2,basic\n",
        "C-1,E-1,gold\nC-3,E-2,basic\n",
    ];
    let by_hand = MANIFEST.replace("ingested = \"loaded\"\n", "");
    let mut apart = World::new();
    let mut rows = Vec::new();
    for (n, text) in (1..).zip(days) {
        let options = ImportOptions {
            at: Some(at(n)),
            ..ImportOptions::default()
        };
        let name = format!("crm{n}.csv");
        let text = text.replace('\n', ",\n");
        rows.extend(text.lines().map(|line| format!("{line}2023-01-0{n}\n")));
        let dated = text.replace(",\n", &format!(",2023-01-0{n}\n"));
        let file = format!("id,device,tier,loaded\n{dated}");
        let files = [
            ("onefold.toml", by_hand.as_str()),
            (name.as_str(), file.as_str()),
        ];
        apart.try_import(&files, &options).unwrap();
    }
    rows.reverse();
    let mut whole = World::new();
    let file = format!("id,device,tier,loaded\n{}", rows.concat());
    whole.import(&[("onefold.toml", MANIFEST), ("crm.csv", &file)]);
    assert_eq!(whole.outline(), apart.outline());
    for day in 0..5 {
        for who in ["CRMID:C-1", "CRMID:C-2", "CRMID:C-3"] {
            assert_eq!(
                tier(&whole, who, day),
                tier(&apart, who, day),
                "{who} {day}"
            );
        }
    }
}

#[test]
fn the_same_history_again_says_nothing_new() {
    let files = [("onefold.toml", MANIFEST), ("crm.csv", CRM)];
    let mut world = World::new();
    world.import(&files);
    let before = world.outline();
    let passed_over = world.import(&files).datasets[0].clone();
    assert_eq!(
        (passed_over.batch, passed_over.counts.duplicates),
        (None, 5)
    );
    let again = ImportOptions {
        again: Again::Read,
        ..ImportOptions::default()
    };
    let read = world.try_import(&files, &again).unwrap().datasets[0].counts;
    assert_eq!((read.accepted, read.duplicates, read.rejected), (0, 3, 2));
    for (day, expected) in [(1, "\"silver\""), (2, "\"silver\""), (3, "\"gold\"")] {
        assert_eq!(tier(&world, "CRMID:C-1", day), expected);
    }
    let seen_twice = before.replace(" 1\"", " 2\"");
    assert_eq!(world.outline(), seen_twice);
    // A history of which a batch is gone is no longer whole, so it is read.
    let mut world = World::new();
    world.import(&files);
    let writer = world.writer();
    ingest::delete_batches(&writer, &[onefold::model::BatchId(2)]).unwrap();
    writer.commit().unwrap();
    assert_eq!(tier(&world, "CRMID:C-2", 4), "");
    let read = world.import(&files).datasets[0].counts;
    assert_eq!((read.accepted, read.duplicates), (1, 2));
    assert_eq!(tier(&world, "CRMID:C-2", 4), "\"basic\"");
    world.check();
}

#[test]
fn a_history_goes_before_what_is_there_already() {
    let mut world = World::new();
    let now = "id,device,tier,loaded\nC-1,E-1,platinum,2023-06-01\nC-2,,basic,2023-06-01\n";
    world.import(&[("onefold.toml", MANIFEST), ("crm.csv", now)]);
    world.import(&[("onefold.toml", MANIFEST), ("crm.csv", CRM)]);
    let said: Vec<_> = [1, 3, 200].map(|day| tier(&world, "CRMID:C-1", day)).into();
    assert_eq!(said, ["\"silver\"", "\"gold\"", "\"platinum\""]);
    // Linked in the order of the moments, the device belongs to the last one who was seen with it.
    assert_eq!(world.together("ECID:E-1"), ["CRMID:C-1", "ECID:E-1"]);
    world.check();
}

#[test]
fn batches_of_different_datasets_never_share_a_moment() {
    let mut world = World::new();
    let web = r#"{"_id":"e1","timestamp":"2023-01-01T00:00:00Z","loaded":"2023-01-02","identityMap":{"CRMID":[{"id":"C-1"}]}}
{"_id":"e1","timestamp":"2023-01-01T00:00:00Z","loaded":"2023-01-03","identityMap":{"CRMID":[{"id":"C-1"}]},"n":1}
"#;
    let plain = "id,colour\nC-1,red\n";
    world.import(&[
        ("onefold.toml", MANIFEST),
        ("crm.csv", CRM),
        ("web.jsonl", web),
        ("plain.csv", plain),
    ]);
    let moments: Vec<_> = batches(&world)
        .iter()
        .map(|b| (b.dataset.clone(), b.ingested_at))
        .collect();
    let late = |day: i64| Moment(at(day).0 + 1);
    let expected = [
        ("crm", at(1)),
        ("crm", at(2)),
        ("crm", at(3)),
        ("web", late(2)),
        ("web", late(3)),
        ("plain", START),
    ]
    .map(|(name, at)| (name.to_owned(), at));
    assert_eq!(moments, expected);
    // An event's later version replaces it from its own moment on.
    let events = |day: i64| {
        let answer = world
            .profile_at("CRMID:C-1", "Latest wins", late(day))
            .unwrap();
        answer.event_count
    };
    assert_eq!((events(2), events(3)), (1, 1));
    world.check();
}

#[test]
fn an_event_of_a_history_gives_way_to_the_later_version_that_is_there() {
    let event = |day: u8, n: u8| {
        format!(
            r#"{{"_id":"e1","timestamp":"2023-01-01T00:00:00Z","loaded":"2023-01-0{day}","identityMap":{{"CRMID":[{{"id":"C-1"}}]}},"n":{n}}}"#
        )
    };
    let mut world = World::new();
    world.import(&[("onefold.toml", MANIFEST), ("web.jsonl", &event(5, 5))]);
    world.import(&[("onefold.toml", MANIFEST), ("web2.jsonl", &event(3, 3))]);
    let bodies = |day: i64| {
        let reader = world.reader();
        let view = reader.view();
        let asked = view
            .find_identity(
                view.catalog().unwrap().namespace_of("CRMID").unwrap().id,
                "C-1",
            )
            .unwrap()
            .unwrap();
        let mut found = Vec::new();
        view.each_event(asked.id, at(day), |event| found.push(event))
            .unwrap();
        let events = view
            .events_at(&found, &std::collections::HashMap::new())
            .unwrap();
        events
            .iter()
            .map(|event| event.body.text().contains("\"n\":5"))
            .collect::<Vec<_>>()
    };
    assert_eq!(bodies(2), Vec::<bool>::new());
    assert_eq!(bodies(3), [false]);
    assert_eq!(bodies(5), [true]);
    world.check();
}

#[test]
fn a_moment_for_every_row_is_refused_with_what_to_do() {
    let mut file = String::from("id,device,tier,loaded\n");
    for n in 0..50_001 {
        writeln!(file, "C-1,,gold,{}", 1_600_000_000 + n).unwrap();
    }
    let mut world = World::new();
    let files = [("onefold.toml", MANIFEST), ("crm.csv", file.as_str())];
    let error = world
        .try_import(&files, &ImportOptions::default())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "dataset `crm`: `loaded` names more than 50000 moments, and each of them makes a batch; \
         cut them to the hour or the day on which the rows were loaded, or import the file with --at TIME; nothing was changed"
    );
    assert!(!world.path().exists());
}

#[test]
fn all_moments_of_a_history_share_what_packs_their_bodies() {
    let mut world = World::new();
    let mut crm = "id,device,tier,loaded\n".to_owned();
    for day in 1..=3 {
        for customer in 0..200 {
            writeln!(
                crm,
                "C-{customer},,tier of {customer} on day {day},2023-01-0{day}"
            )
            .unwrap();
        }
    }
    world.import(&[("onefold.toml", MANIFEST), ("crm.csv", &crm)]);
    assert_eq!(batches(&world).len(), 3);
    for day in 1..=3 {
        assert_eq!(
            tier(&world, "CRMID:C-7", day),
            format!("\"tier of 7 on day {day}\"")
        );
    }
}
