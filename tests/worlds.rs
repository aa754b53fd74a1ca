//! Random worlds through the real import: rows that repeat and replace one another, with batches taken out again.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod common;

use common::World;
use common::manifest::{customer, dataset, namespace};
use onefold::ingest::{self, Again, ImportOptions};
use onefold::model::BatchId;
use proptest::prelude::*;

const MANIFEST: &str = concat!(
    customer!(),
    namespace!("Email", "EMAIL", "unique = true", "priority = 2"),
    namespace!("Phone", "PHONE", "priority = 3"),
    namespace!("ECID", "COOKIE", "priority = 4"),
    dataset!("crm", "record", "crm*.jsonl", r#"primary = "CRMID""#),
    dataset!(
        "patch",
        "record",
        "patch*.jsonl",
        r#"primary = "CRMID""#,
        "upsert = true"
    ),
    dataset!("web", "event", "web*.jsonl"),
);

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

/// What a row says beside whom it names: few bodies, so that rows repeat and replace one another over the imports.
type Said = (Named, u8);

/// An import: records, patches and events.
#[derive(Clone, Debug)]
struct Delivery {
    records: Vec<Said>,
    patches: Vec<Said>,
    events: Vec<Said>,
}

impl Delivery {
    fn files(&self) -> [String; 3] {
        let record = |(named, says): &Said| {
            let map = identity_map(named);
            let more = match says {
                0 => "",
                1 => r#","vip":true"#,
                _ => r#","vip":null"#,
            };
            format!(r#"{{"identityMap":{map},"tier":"t{says}"{more}}}"#)
        };
        let event = |(named, says): &Said| {
            let map = identity_map(named);
            let id = match says {
                0 => String::new(),
                says => format!(r#""_id":"e{}","#, says % 2),
            };
            format!(
                r#"{{{id}"timestamp":"2024-01-01T10:00:00Z","identityMap":{map},"page":{}}}"#,
                says / 2
            )
        };
        let lines = |rows: &[Said], line: &dyn Fn(&Said) -> String| -> String {
            rows.iter().map(line).collect::<Vec<_>>().join("\n")
        };
        [
            lines(&self.records, &record),
            lines(&self.patches, &record),
            lines(&self.events, &event),
        ]
    }

    /// Imports it, and gives the batches that it made.
    fn import(&self, world: &mut World) -> Vec<BatchId> {
        let [records, patches, events] = self.files();
        let files = [
            ("onefold.toml", MANIFEST),
            ("crm.jsonl", &*records),
            ("patch.jsonl", &*patches),
            ("web.jsonl", &*events),
        ];
        // The same file again is read again, so that every row of it counts.
        let options = ImportOptions {
            again: Again::Read,
            ..ImportOptions::default()
        };
        let answer = world.try_import(&files, &options).unwrap();
        let made = answer.datasets.iter().filter_map(|dataset| dataset.batch);
        made.map(BatchId).collect()
    }
}

fn named() -> impl Strategy<Value = Named> {
    prop::collection::vec((0usize..4, 0u8..4), 1..4)
}

fn delivery() -> impl Strategy<Value = Delivery> {
    let rows = |kinds: u8| prop::collection::vec((named(), 0..kinds), 0..6);
    (rows(3), rows(3), rows(4)).prop_map(|(records, patches, events)| Delivery {
        records,
        patches,
        events,
    })
}

/// The batches of the deliveries that go, each counted from 0.
fn delete(world: &World, batches: &[Vec<BatchId>], gone: &[usize], how: How) {
    let batches: Vec<BatchId> = gone.iter().flat_map(|n| batches[*n].clone()).collect();
    let writer = world.writer();
    match how {
        How::WhatIsConcerned => ingest::delete_batches(&writer, &batches),
        How::Everything => ingest::delete_batches_and_replay(&writer, &batches),
    }
    .unwrap();
    writer.commit().unwrap();
    world.check();
}

/// What is linked again after a deletion.
#[derive(Clone, Copy)]
enum How {
    WhatIsConcerned,
    Everything,
}

/// A world in which only some of the deliveries were ever imported, each on its own day.
fn never(deliveries: &[Delivery], gone: &[usize]) -> World {
    let mut never = World::new();
    for (n, delivery) in deliveries.iter().enumerate() {
        if gone.contains(&n) {
            never.pass_a_day();
        } else {
            delivery.import(&mut never);
        }
    }
    never
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_store_keeps_its_rules_through_imports_and_deletions(
        deliveries in prop::collection::vec(delivery(), 2..6),
        gone in prop::collection::vec(0usize..6, 1..4),
        last in 0usize..6,
    ) {
        let mut world = World::new();
        let mut batches = Vec::new();
        for delivery in &deliveries {
            batches.push(delivery.import(&mut world));
            world.check();
        }
        let mut gone: Vec<usize> = gone.iter().map(|n| n % deliveries.len()).collect();
        gone.sort_unstable();
        gone.dedup();
        gone.truncate(deliveries.len() - 1);
        delete(&world, &batches, &gone, How::WhatIsConcerned);
        let expected = never(&deliveries, &gone);
        prop_assert_eq!(world.portrait(), expected.portrait(), "as if they had never been imported");
        prop_assert_eq!(world.ledger(), expected.ledger(), "and counted so");

        // What is left can lose another one, and take one in again.
        let last = last % deliveries.len();
        if gone.len() + 1 < deliveries.len() && !gone.contains(&last) {
            delete(&world, &batches, &[last], How::WhatIsConcerned);
            gone.push(last);
            let expected = never(&deliveries, &gone);
            prop_assert_eq!(world.portrait(), expected.portrait(), "a second time");
            prop_assert_eq!(world.ledger(), expected.ledger(), "a second time");
        }
    }

    #[test]
    fn linking_what_is_concerned_comes_to_the_same_as_linking_everything(
        deliveries in prop::collection::vec(delivery(), 2..5),
        gone in 0usize..5,
    ) {
        let gone = [gone % deliveries.len()];
        let portraits = [How::WhatIsConcerned, How::Everything].map(|how| {
            let mut world = World::new();
            let batches: Vec<_> = deliveries.iter().map(|d| d.import(&mut world)).collect();
            delete(&world, &batches, &gone, how);
            (world.portrait(), world.ledger())
        });
        prop_assert_eq!(&portraits[0], &portraits[1]);
    }

    #[test]
    fn linking_again_under_the_same_settings_changes_nothing(
        deliveries in prop::collection::vec(delivery(), 1..4),
    ) {
        let mut world = World::new();
        for delivery in &deliveries {
            delivery.import(&mut world);
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
