//! Random worlds through the real import: in one go, in many, with a batch taken out again.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod common;

use common::World;
use onefold::ingest;
use onefold::model::BatchId;
use proptest::prelude::*;

const MANIFEST: &str = r#"
[[namespace]]
code = "CRMID"
type = "CROSS_DEVICE"
unique = true
priority = 1
[[namespace]]
code = "Email"
type = "EMAIL"
unique = true
priority = 2
[[namespace]]
code = "Phone"
type = "PHONE"
priority = 3
[[namespace]]
code = "ECID"
type = "COOKIE"
priority = 4

[[dataset]]
name = "crm"
kind = "record"
files = ["crm*.jsonl"]
primary = "CRMID"

[[dataset]]
name = "web"
kind = "event"
files = ["web*.jsonl"]
"#;

/// A row: the identities that it names, as (namespace, value).
type Named = Vec<(usize, u8)>;

const CODES: [&str; 4] = ["CRMID", "Email", "Phone", "ECID"];

fn identity_map(named: &Named) -> String {
    let fields: Vec<String> = CODES
        .iter()
        .enumerate()
        .filter_map(|(code, name)| {
            let of_code = named.iter().filter(|(own, _)| *own == code);
            let ids: Vec<_> = of_code
                .map(|(_, v)| format!(r#"{{"id":"v{v}"}}"#))
                .collect();
            (!ids.is_empty()).then(|| format!(r#""{name}":[{}]"#, ids.join(",")))
        })
        .collect();
    format!("{{{}}}", fields.join(","))
}

/// An import: records and events, each row told apart by its number.
#[derive(Clone, Debug)]
struct Delivery {
    records: Vec<Named>,
    events: Vec<Named>,
}

impl Delivery {
    fn files(&self, n: usize) -> (String, String) {
        let records = self.records.iter().enumerate().map(|(row, named)| {
            let map = identity_map(named);
            format!(
                r#"{{"identityMap":{map},"told":"{n}-{row}","tier":"t{}"}}"#,
                row % 3
            )
        });
        let events = self.events.iter().enumerate().map(|(row, named)| {
            let map = identity_map(named);
            let time = format!("2024-01-01T{n:02}:{row:02}:00Z");
            format!(r#"{{"_id":"{n}-{row}","timestamp":"{time}","identityMap":{map}}}"#)
        });
        (
            records.collect::<Vec<_>>().join("\n"),
            events.collect::<Vec<_>>().join("\n"),
        )
    }

    /// Imports it, and gives the batches that it made.
    fn import(&self, n: usize, world: &mut World) -> Vec<BatchId> {
        let (records, events) = self.files(n);
        let answer = world.import(&[
            ("onefold.toml", MANIFEST),
            ("crm.jsonl", &records),
            ("web.jsonl", &events),
        ]);
        let made = answer.datasets.iter().filter_map(|dataset| dataset.batch);
        made.map(BatchId).collect()
    }
}

fn named() -> impl Strategy<Value = Named> {
    prop::collection::vec((0usize..4, 0u8..4), 1..4)
}

fn delivery() -> impl Strategy<Value = Delivery> {
    let rows = || prop::collection::vec(named(), 0..6);
    (rows(), rows()).prop_map(|(records, events)| Delivery { records, events })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_store_keeps_its_rules_through_imports_and_deletions(
        deliveries in prop::collection::vec(delivery(), 1..5),
        gone in 0usize..5,
    ) {
        let mut world = World::new();
        let mut batches = Vec::new();
        for (n, delivery) in deliveries.iter().enumerate() {
            batches.push(delivery.import(n, &mut world));
            world.check();
        }
        let gone = gone % deliveries.len();
        let writer = world.writer();
        ingest::delete_batches(&writer, &batches[gone]).unwrap();
        writer.commit().unwrap();
        world.check();

        let mut never = World::new();
        for (n, delivery) in deliveries.iter().enumerate().filter(|(n, _)| *n != gone) {
            delivery.import(n, &mut never);
        }
        if deliveries.len() > 1 {
            prop_assert_eq!(world.portrait(), never.portrait(), "as if it had never been imported");
        }
    }

    #[test]
    fn linking_again_under_the_same_settings_changes_nothing(
        deliveries in prop::collection::vec(delivery(), 1..4),
    ) {
        let mut world = World::new();
        for (n, delivery) in deliveries.iter().enumerate() {
            delivery.import(n, &mut world);
        }
        let before = world.portrait();
        let writer = world.writer();
        let answer = ingest::resolve(&writer, ingest::ReplayOrder::Arrival, ingest::Resolution::Write).unwrap();
        writer.commit().unwrap();
        prop_assert_eq!((answer.split, answer.joined), (0, 0));
        prop_assert_eq!(world.portrait(), before);
        world.check();
    }
}
