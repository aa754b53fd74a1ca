//! What a batch did to the profiles, on a real store.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod common;

use std::ops::ControlFlow;

use common::manifest::{customer, dataset, namespace};
use common::{START, World};
use onefold::ingest::{Decision, ImportError, Watch};
use onefold::lookup::{self, Reach};
use onefold::model::{BatchId, Effects, ImportAnswer, ImportProgress, Moment, What};
use onefold::store::{Reader, View};

const MANIFEST: &str = concat!(
    customer!(),
    namespace!("Phone", "PHONE", "priority = 2"),
    dataset!("crm", "record", "crm*.jsonl", r#"primary = "CRMID""#),
    dataset!("web", "event", "web*.jsonl"),
);

/// A record of a person with a telephone and a body.
fn record(person: &str, phones: &[&str], body: &str) -> String {
    let phones: Vec<_> = phones
        .iter()
        .map(|p| format!(r#"{{"id":"{p}"}}"#))
        .collect();
    format!(
        r#"{{"identityMap":{{"CRMID":[{{"id":"{person}"}}],"Phone":[{}]}},{body}}}"#,
        phones.join(",")
    )
}

fn import(world: &mut World, lines: &[String]) -> BatchId {
    let answer = world.import(&[("onefold.toml", MANIFEST), ("crm.jsonl", &lines.join("\n"))]);
    BatchId(answer.datasets[0].batch.unwrap())
}

fn effects(world: &World, batch: BatchId, reach: Reach) -> Effects {
    let reader = world.reader();
    let policy = lookup::policy_named(reader.view(), None).unwrap();
    lookup::effects(reader.view(), &[batch], &policy, reach).unwrap()
}

fn counts(effects: &Effects) -> (u64, u64, u64, Option<u64>, u64) {
    (
        effects.created,
        effects.joined,
        effects.split,
        effects.changed,
        effects.regrouped,
    )
}

#[test]
fn the_batch_that_made_the_store_created_everything() {
    let mut world = World::new();
    let first = import(
        &mut world,
        &[
            record("A", &["1"], r#""x":1"#),
            record("B", &["2"], r#""x":1"#),
        ],
    );
    let told = effects(&world, first, Reach::THOROUGH);
    assert_eq!(counts(&told), (2, 0, 0, Some(0), 0));
    assert!(told.exact && told.examples.len() == 2);
}

#[test]
fn a_batch_says_what_it_created_changed_joined_and_split() {
    let mut world = World::new();
    let yes = r#""name":"Ana","consents":{"marketing":{"email":{"val":"y"}}}"#;
    let no = r#""name":"Anna","consents":{"marketing":{"email":{"val":"n"}}}"#;
    let first = import(
        &mut world,
        &[record("A", &["1"], yes), record("B", &["2"], r#""x":1"#)],
    );
    let second = import(
        &mut world,
        &[
            record("A", &["1"], no),
            // The telephone passes from one person to another.
            record("C", &["2"], r#""x":2"#),
        ],
    );
    let told = effects(&world, second, Reach::THOROUGH);
    // B loses its telephone, which goes on with C: the profile of before is in two now.
    assert_eq!(counts(&told), (0, 0, 1, Some(1), 0), "{told:?}");
    let name = told
        .fields
        .iter()
        .find(|f| f.path.to_string() == "name")
        .unwrap();
    assert_eq!((name.profiles, name.appeared, name.vanished), (1, 0, 0));
    assert_eq!((told.consents.to_no, told.consents.to_yes), (1, 0));
    assert_eq!(told.consents.examples[0].entity_id.to_string(), "CRMID:A");
    let split = told
        .examples
        .iter()
        .find(|one| one.what == What::Split)
        .unwrap();
    assert_eq!(split.entity_id.to_string(), "CRMID:B");
    // Asked later, the first batch has still done what it did.
    let told = effects(&world, first, Reach::THOROUGH);
    assert_eq!(counts(&told), (2, 0, 0, Some(0), 0));
}

#[test]
fn an_event_that_links_two_people_without_a_unique_value_joins_them() {
    let mut world = World::new();
    let login = |n: u32, ids: &str| {
        format!(r#"{{"_id":"{n}","timestamp":"2024-01-01T10:00:00Z","identityMap":{{{ids}}}}}"#)
    };
    let mut visit = |lines: &[String]| {
        let answer = world.import(&[("onefold.toml", MANIFEST), ("web.jsonl", &lines.join("\n"))]);
        BatchId(answer.datasets[0].batch.unwrap())
    };
    visit(&[
        login(1, r#""Phone":[{"id":"1"}]"#),
        login(2, r#""ECID":[{"id":"x"}]"#),
        login(3, r#""ECID":[{"id":"y"}]"#),
    ]);
    let joined = visit(&[
        login(4, r#""Phone":[{"id":"1"}],"ECID":[{"id":"x"}]"#),
        login(5, r#""ECID":[{"id":"y"}],"Email":[{"id":"new"}]"#),
    ]);
    let told = effects(&world, joined, Reach::THOROUGH);
    assert_eq!(counts(&told), (0, 1, 0, Some(0), 1), "{told:?}");
}

#[test]
fn a_telephone_of_many_people_is_hot_once() {
    let mut world = World::new();
    import(&mut world, &[record("A", &["0"], r#""x":1"#)]);
    let people: Vec<_> = ["B", "C", "D"]
        .map(|p| record(p, &["0"], r#""x":1"#))
        .into();
    let second = import(&mut world, &people);
    let told = effects(&world, second, Reach::THOROUGH);
    assert_eq!(told.hot.len(), 1, "{told:?}");
    let hot = &told.hot[0];
    assert_eq!(hot.identity.to_string(), "Phone:0");
    assert_eq!((hot.values, hot.links, hot.links_before), (4, 4, 1));
    assert_eq!(hot.namespace.as_deref(), Some("CRMID"));
    let third = import(&mut world, &[record("D", &["0"], r#""x":2"#)]);
    assert!(effects(&world, third, Reach::THOROUGH).hot.is_empty());
}

#[test]
fn beyond_its_reach_the_answer_is_an_estimate_that_says_so() {
    let mut world = World::new();
    let people = |x: u32| -> Vec<String> {
        let body = format!(r#""x":{x}"#);
        let lines = (0..40).map(|n| record(&format!("P{n}"), &[&format!("{n}")], &body));
        lines.collect()
    };
    import(&mut world, &people(1));
    let second = import(&mut world, &people(2));
    let told = effects(
        &world,
        second,
        Reach {
            identities: 20,
            profiles: 5,
        },
    );
    assert!(!told.exact && told.compared < told.concerned, "{told:?}");
    assert_eq!(
        counts(&told),
        (0, 0, 0, Some(40), 0),
        "even samples of alike profiles"
    );
    let told = effects(&world, second, Reach::THOROUGH);
    assert!(told.exact && told.compared == told.concerned);
    assert_eq!(told.altered, Some(40));
}

/// Looks at the import and decides.
struct Judge(Decision);

impl Watch for Judge {
    fn progress(&mut self, _: &ImportProgress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn settle(
        &mut self,
        view: View<'_>,
        answer: &mut ImportAnswer,
    ) -> Result<Decision, ImportError> {
        answer.profiles = view.cluster_count()?;
        Ok(self.0.clone())
    }
}

#[test]
fn a_preview_and_a_refusal_leave_the_store_as_it_was() {
    let mut world = World::new();
    import(&mut world, &[record("A", &["1"], r#""x":1"#)]);
    let before = (world.portrait(), world.ledger());
    let file = world.folder().join("more.jsonl");
    std::fs::write(&file, record("A", &["2"], r#""x":2"#)).unwrap();
    let manifest = world.folder().join("onefold.toml");
    std::fs::write(&manifest, MANIFEST.replace("crm*", "more*")).unwrap();
    let known = onefold::ingest::known(world.reader().view()).unwrap();
    let options = onefold::ingest::PlanOptions::default();
    let plan = onefold::ingest::plan(&[world.folder().to_owned()], &options, &known).unwrap();
    for (verdict, is_error) in [
        (Decision::Undo, false),
        (Decision::Refuse("too much".into()), true),
    ] {
        let options = onefold::ingest::ImportOptions::default();
        let now = Moment(START.0 + 10 * common::DAY);
        let done =
            onefold::ingest::import(&world.path(), &plan, &options, now, &mut Judge(verdict));
        assert_eq!(done.is_err(), is_error);
        assert!(done.is_err() || done.unwrap().is_preview);
        assert_eq!((world.portrait(), world.ledger()), before);
    }
    // A store that does not exist yet is not made.
    let fresh = world.folder().join("fresh.db");
    let options = onefold::ingest::ImportOptions::default();
    let done = onefold::ingest::import(&fresh, &plan, &options, START, &mut Judge(Decision::Undo));
    assert!(done.unwrap().is_preview);
    assert!(!fresh.exists() && Reader::open(&fresh).is_err());
}
