//! What holds of every fold, whatever the fragments.

use onefold::model::{Arrays, Clock, Grain, MergePolicy, Profile, Stitching};
use proptest::prelude::*;
use serde_json::Value;

use super::cluster::{Cluster, WeighedField, field, policy, precedence};

type Row = (u32, usize, usize, usize, usize, Option<u8>);

const DATASETS: [&str; 3] = ["crm", "web", "app"];
const IDENTITIES: [&str; 4] = ["CRMID:1", "Email:a", "ECID:1", "ECID:2"];
const BODIES: [&str; 12] = [
    r#"{"a":1,"l":[1,2]}"#,
    r#"{"a":{"b":2,"c":[]}}"#,
    r#"{"a":{"b":{"d":null}},"l":[2,3]}"#,
    r#"{"a":null,"s":""}"#,
    r#"{"a":[{"x":1}],"s":{}}"#,
    r#"{"consents":{"marketing":{"email":{"val":"y","time":"2024-01-01T00:00:00Z"}}}}"#,
    r#"{"consents":{"marketing":{"email":{"val":"n"}},"x":1},"l":"text"}"#,
    r#"{"consents":{"marketing":{"email":{"time":null}}}}"#,
    r#"{"segmentMembership":{"ups":{"s":{"lastQualificationTime":"2024-01-01T00:00:00Z"}}}}"#,
    r#"{"p":"x","q":1.0,"r":{"t":true,"u":[1]}}"#,
    r#"{"p":"y","q":1,"r":{"t":true,"u":[1]}}"#,
    r#"{"\u0000\u202e":"\u001b[31m","":{"":[[[]]]},"identityMap":{"Email":[]}}"#,
];

fn build(mut rows: Vec<Row>) -> Cluster {
    // Versions of a fragment come oldest first; everything else may come in any order.
    rows.sort_by_key(|row| row.0);
    let mut cluster = Cluster::new();
    for (batch, dataset, identity, operation, body, own_time) in rows {
        let (dataset, identity, body) = (DATASETS[dataset], IDENTITIES[identity], BODIES[body]);
        cluster = match operation {
            0 => cluster.patch(batch, dataset, identity, body),
            1 => cluster.append(batch, dataset, identity, body),
            2 => cluster.delete(batch, dataset, identity),
            _ => cluster.record(batch, dataset, identity, body),
        };
        if let Some(day) = own_time {
            cluster = cluster.changed_at(&format!("2024-01-{:02}", day + 1));
        }
    }
    cluster
}

fn policies() -> impl Strategy<Value = MergePolicy> {
    let bases = [policy(), precedence(&["web", "crm"])];
    let arrays = [Arrays::Union, Arrays::Replace, Arrays::Concat];
    let flags = any::<[bool; 5]>();
    (
        prop::sample::select(bases.to_vec()),
        prop::sample::select(arrays.to_vec()),
        flags,
    )
        .prop_map(
            |(mut policy, arrays, [is_field, is_customer, empty_as_null, strict_none, is_none])| {
                policy.options.arrays = arrays;
                policy.options.empty_as_null = empty_as_null;
                policy.options.strict_none = strict_none;
                if is_field {
                    policy.options.grain = Grain::Field;
                }
                if is_customer {
                    policy.options.clock = Clock::Customer;
                }
                if is_none {
                    policy.stitching = Stitching::None;
                }
                policy
            },
        )
}

proptest! {
    #[test]
    fn a_fold_does_not_depend_on_the_order_of_fragments(
        rows in prop::collection::vec((1..6_u32, 0..3_usize, 0..4_usize, 0..8_usize, 0..12_usize, prop::option::of(0..3_u8)), 1..16),
        policy in policies(),
        turns in 0..12_usize,
    ) {
        let mut cluster = build(rows).under(policy).asked_for("Email:a");
        let profile = cluster.fold();
        prop_assert_eq!(&profile, &cluster.fold());
        let count = cluster.fragments.len();
        cluster.fragments.rotate_left(turns % count);
        prop_assert_eq!(&profile, &cluster.fold());
        cluster.fragments.reverse();
        cluster.identities.reverse();
        prop_assert_eq!(&profile, &cluster.fold());
    }

    #[test]
    fn any_text_is_a_policy_or_an_error(text in r#"[{}\[\]",:a1]{0,30}"#, field in "[a-zA-Z]{0,12}") {
        let _ = onefold::merge::adobe::read(&text, &[]);
        let policy = format!(r#"{{"name":"a","onefold":{{"{field}":"union"}}}}"#);
        let read = onefold::merge::adobe::read(&policy, &[]);
        prop_assert_eq!(read.is_ok(), field == "arrays");
    }

    #[test]
    fn every_leaf_is_what_the_entity_holds_and_wins_over_its_candidates(
        rows in prop::collection::vec((1..6_u32, 0..3_usize, 0..4_usize, 0..8_usize, 0..12_usize, prop::option::of(0..3_u8)), 1..16),
        policy in policies(),
    ) {
        let profile = build(rows).under(policy).fold();
        for leaf in &profile.leaves {
            let keys: Vec<&str> = leaf.path.keys().iter().map(String::as_str).collect();
            prop_assert_eq!(profile.value(&keys), Some(&leaf.value));
            prop_assert!(!leaf.value.is_null());
            prop_assert!(!leaf.conflict || !leaf.candidates.is_empty());
        }
    }

    #[test]
    fn what_fragments_claim_folds_as_they_do(
        rows in prop::collection::vec((1..6_u32, 0..3_usize, 0..4_usize, 0..8_usize, 0..12_usize, prop::option::of(0..3_u8)), 1..16),
        policy in policies(),
    ) {
        let cluster = build(rows).under(policy).asked_for("Email:a");
        let (whole, claimed) = (cluster.fold(), cluster.fold_claims());
        prop_assert_eq!(said(&whole), said(&claimed));
        let segments = |profile: &Profile| profile.value(&["segmentMembership"]).cloned();
        prop_assert_eq!(segments(&whole), segments(&claimed));
        prop_assert_eq!(&whole.sources, &claimed.sources);
        prop_assert_eq!(whole.last_modified_at, claimed.last_modified_at);
    }

    #[test]
    fn what_is_weighed_is_what_is_folded(
        rows in prop::collection::vec((1..6_u32, 0..3_usize, 0..4_usize, 0..8_usize, 0..12_usize, prop::option::of(0..3_u8)), 1..16),
        policy in policies(),
    ) {
        let cluster = build(rows).under(policy).asked_for("Email:a");
        if let Some(weighed) = cluster.weigh() {
            prop_assert_eq!(weighed, fields(&cluster.fold()));
        }
    }
}

#[test]
fn what_two_say_at_plain_paths_is_weighed() {
    let cluster = Cluster::new()
        .record(
            1,
            "crm",
            "CRMID:1",
            r#"{"a":{"b":"x","c":1},"d":null,"e":["y"]}"#,
        )
        .record(
            2,
            "web",
            "Email:a",
            r#"{"a":{"b":"z","c":1.0},"f":{"g":{"h":true}}}"#,
        );
    let weighed = cluster.weigh().expect("nothing that takes a fold");
    assert_eq!(weighed.len(), 4);
    assert_eq!(weighed, fields(&cluster.fold()));
}

#[test]
fn with_grain_field_the_newest_value_is_weighed_highest() {
    let cluster = Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"a":"x","b":"1"}"#)
        .record(2, "web", "Email:a", r#"{"a":"y","b":"2"}"#)
        .record(3, "crm", "CRMID:1", r#"{"a":"x","b":"3"}"#)
        .under(field(policy()));
    let weighed = cluster.weigh().expect("nothing that takes a fold");
    let winners: Vec<&Value> = weighed.iter().map(|field| &field.winner).collect();
    assert_eq!(winners, ["y", "3"]);
    assert_eq!(weighed, fields(&cluster.fold()));
}

#[test]
fn what_takes_a_fold_is_not_weighed() {
    let both = |one: &str, other: &str| {
        let cluster = Cluster::new().record(1, "crm", "CRMID:1", one);
        cluster.record(2, "web", "Email:a", other)
    };
    let cases = [
        both(r#"{"a":{"b":"x"}}"#, r#"{"a":"y"}"#),
        both(r#"{"a":[]}"#, r#"{"a":["y"]}"#),
        both(r#"{"a":{}}"#, r#"{"a":"y"}"#),
        both(r#"{"a":["x"]}"#, r#"{"a":["y"]}"#),
        both(
            r#"{"segmentMembership":{"ups":{"s":{"status":"realized"}}}}"#,
            "{}",
        ),
    ];
    for cluster in cases {
        assert_eq!(cluster.weigh(), None);
    }
    let segments = r#"{"segmentMembership":{"ups":{"s":{"status":"realized"}}}}"#;
    let cluster = both(r#"{"a":"x"}"#, segments);
    assert_eq!(cluster.under(precedence(&["crm"])).weigh(), None);
}

fn fields(profile: &Profile) -> Vec<WeighedField> {
    let fields = profile.leaves.iter().map(|leaf| WeighedField {
        path: leaf.path.0.clone(),
        winner: leaf.value.clone(),
        losers: leaf.candidates.iter().map(|c| c.value.clone()).collect(),
        is_disputed: leaf.conflict,
    });
    let mut fields: Vec<_> = fields.collect();
    fields.sort_by(|a, b| a.path.cmp(&b.path));
    fields
}

/// What a profile says, in its order, and against whom it won.
fn said(profile: &Profile) -> Vec<String> {
    let leaves = profile.leaves.iter().map(|leaf| {
        let against = leaf.candidates.iter();
        let against: Vec<_> = against.map(|c| (&c.origin.dataset, &c.value)).collect();
        let marks = (leaf.rule, leaf.conflict, leaf.tie, leaf.same_import);
        format!(
            "{} {} {} {marks:?} {against:?}",
            leaf.path, leaf.winner.dataset, leaf.value
        )
    });
    leaves.collect()
}
