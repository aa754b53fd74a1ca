//! Everybody under two policies: who changes, who is split, who is there under one alone.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod common;

use common::World;
use common::manifest::{customer, dataset, namespace, people};
use onefold::lookup;
use onefold::model::{MergePolicy, PopulationAnswer, Stitching};

const MANIFEST: &str = concat!(
    people!(),
    dataset!("crm", "record", "crm*.jsonl"),
    dataset!("web", "record", "web*.jsonl"),
    dataset!("clicks", "event", "clicks*.jsonl"),
);

/// Ana is in both sources and says two things of her tier, Bob in one, Cleo in the other, and Dan has clicked alone.
fn world() -> World {
    let crm = [
        r#"{"identityMap":{"CRMID":[{"id":"ana","primary":true}],"Email":[{"id":"ana@x"}]},"tier":"gold","city":"Wien"}"#,
        r#"{"identityMap":{"CRMID":[{"id":"bob","primary":true}]},"tier":"gold"}"#,
    ];
    let web = [
        r#"{"identityMap":{"Email":[{"id":"ana@x","primary":true}]},"tier":"silver","city":"Wien","visits":3}"#,
        r#"{"identityMap":{"Email":[{"id":"cleo@x","primary":true}]},"tier":"bronze"}"#,
    ];
    let click = r#"{"_id":"1","timestamp":"2024-01-01T00:00:00Z","identityMap":{"Email":[{"id":"dan@x","primary":true}]}}"#;
    let mut world = World::new();
    world.import(&[("onefold.toml", MANIFEST), ("crm.jsonl", &crm.join("\n"))]);
    world.pass_a_day();
    world.import(&[("onefold.toml", MANIFEST), ("web.jsonl", &web.join("\n"))]);
    world.import(&[("onefold.toml", MANIFEST), ("clicks.jsonl", click)]);
    world
}

fn of_crm() -> MergePolicy {
    MergePolicy {
        name: "CRM alone".into(),
        method: "dataSetPrecedence".into(),
        order: vec!["crm".into()],
        ..MergePolicy::latest_wins()
    }
}

fn apart() -> MergePolicy {
    MergePolicy {
        name: "Apart".into(),
        stitching: Stitching::None,
        ..MergePolicy::latest_wins()
    }
}

/// The answer from the store and from the index, which is the same.
fn compared(world: &World, a: &MergePolicy, b: &MergePolicy) -> PopulationAnswer {
    lookup::refresh_index(&world.path(), &lookup::unwatched).unwrap();
    let reader = world.reader();
    let view = reader.view();
    let index = lookup::index_of(view).unwrap();
    let indexed = lookup::population(view, Some(&index), [a, b]).unwrap();
    assert_eq!(lookup::population(view, None, [a, b]).unwrap(), indexed);
    indexed
}

fn fields(answer: &PopulationAnswer) -> Vec<(String, u64)> {
    let fields = answer.fields.iter();
    fields.map(|(path, n)| (path.to_string(), *n)).collect()
}

#[test]
fn what_a_policy_leaves_out_changes_those_who_have_more() {
    let answer = compared(&world(), &MergePolicy::latest_wins(), &of_crm());
    assert_eq!(answer.profiles, [4, 2]);
    assert_eq!(answer.only_in, [2, 0], "Cleo and Dan");
    assert_eq!((answer.changed, answer.split, answer.joined), (1, 0, 0));
    assert_eq!(fields(&answer), [("tier".into(), 1), ("visits".into(), 1)]);
    let example = answer.examples.first().unwrap();
    assert_eq!(example.entity_id.to_string(), "CRMID:ana");
    assert_eq!(example.paths.len(), 2);
    let back = compared(&world(), &of_crm(), &MergePolicy::latest_wins());
    assert_eq!((back.profiles, back.only_in), ([2, 4], [0, 2]));
    assert_eq!(back.fields, answer.fields);
}

#[test]
fn who_is_no_longer_stitched_is_split_and_the_other_way_joined() {
    let world = world();
    let answer = compared(&world, &MergePolicy::latest_wins(), &apart());
    assert_eq!(answer.profiles, [4, 5]);
    assert_eq!((answer.changed, answer.split, answer.joined), (0, 1, 0));
    let back = compared(&world, &apart(), &MergePolicy::latest_wins());
    assert_eq!((back.changed, back.split, back.joined), (0, 0, 1));
    assert_eq!((back.only_in, back.examples.len()), ([0, 0], 0));
}

#[test]
fn where_nobody_is_stitched_each_identity_is_its_own_counterpart() {
    let of_web = MergePolicy {
        method: "dataSetPrecedence".into(),
        order: vec!["web".into()],
        ..apart()
    };
    let answer = compared(&world(), &of_web, &apart());
    assert_eq!((answer.profiles, answer.only_in), ([2, 5], [0, 3]));
    assert_eq!((answer.changed, answer.split, answer.joined), (0, 0, 0));
}

#[test]
fn a_policy_is_what_it_is() {
    for policy in [MergePolicy::latest_wins(), of_crm(), apart()] {
        let answer = compared(&world(), &policy, &policy);
        assert_eq!(answer.profiles.first(), answer.profiles.last());
        let differing = (answer.changed, answer.split, answer.joined, answer.only_in);
        assert_eq!(differing, (0, 0, 0, [0, 0]), "{}", policy.name);
    }
}
