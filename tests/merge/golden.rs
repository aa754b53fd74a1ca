//! The golden cases of merging, each by its number, and what follows from them.

use super::cluster::{Cluster, customer_clock, field, policy, precedence};
use onefold::model::{Grain, MergePolicy, Rule, Stitching};

#[test]
fn case_1_a_newer_fragment_lacks_a_field_and_the_older_fills_it() {
    Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"city":"Graz","name":"Ana"}"#)
        .record(2, "web", "Email:a", r#"{"name":"Anna"}"#)
        .folds_to(r#"{"name":"Anna","city":"Graz"}"#);
}

#[test]
fn case_2_a_newer_null_shows_the_older_value() {
    Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"name":"Ana"}"#)
        .record(2, "web", "Email:a", r#"{"name":null,"a":{"b":null}}"#)
        .folds_to(r#"{"name":"Ana"}"#)
        .rule("name", Rule::OnlyCandidate);
}

#[test]
fn case_3_a_patch_lifts_its_whole_fragment_and_with_grain_field_only_its_leaf() {
    let cluster = Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"name":"Ana","tier":"gold"}"#)
        .record(2, "web", "Email:a", r#"{"name":"Anna","tier":"silver"}"#)
        .patch(3, "crm", "CRMID:1", r#"{"tier":"platinum"}"#);
    cluster
        .folds_to(r#"{"name":"Ana","tier":"platinum"}"#)
        .rule("name", Rule::NewestFragment);
    cluster
        .under(field(policy()))
        .folds_to(r#"{"name":"Anna","tier":"platinum"}"#)
        .rule("name", Rule::NewestValue);
}

#[test]
fn case_4_precedence_beats_time() {
    Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"name":"Ana"}"#)
        .record(2, "web", "Email:a", r#"{"name":"Anna","city":"Graz"}"#)
        .under(precedence(&["crm", "web"]))
        .folds_to(r#"{"name":"Ana","city":"Graz"}"#)
        .rule("name", Rule::DatasetOrder)
        .says("name", |leaf| {
            leaf.conflict && !leaf.tie && leaf.candidates[0].value == "Anna"
        });
}

#[test]
fn case_5_an_unlisted_dataset_vanishes_and_so_does_a_profile_that_lives_only_in_it() {
    let cluster = Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"name":"Ana"}"#)
        .record(2, "web", "Email:a", r#"{"name":"Anna","city":"Graz"}"#);
    cluster
        .under(precedence(&["crm"]))
        .folds_to(r#"{"name":"Ana"}"#)
        .has_sources(&["crm"]);
    cluster
        .under(precedence(&["loyalty"]))
        .folds_to("{}")
        .has_sources(&[]);
}

#[test]
fn case_6_without_stitching_a_secondary_identity_has_no_fragment() {
    let mut none = policy();
    none.stitching = Stitching::None;
    let cluster = Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"name":"Ana"}"#)
        .with_secondary("Email:a");
    cluster
        .under(none.clone())
        .asked_for("Email:a")
        .folds_to("{}")
        .has_sources(&[])
        .has_identities(r#"{"email":[{"id":"a"}]}"#);
    cluster
        .under(none)
        .asked_for("crmid:1")
        .folds_to(r#"{"name":"Ana"}"#);
}

#[test]
fn case_7_two_devices_with_one_push_token_each_make_two_tokens() {
    let cluster = Cluster::new()
        .record(1, "app", "ECID:1", r#"{"push":[{"token":"t1"}]}"#)
        .record(2, "app", "ECID:2", r#"{"push":[{"token":"t2"}]}"#);
    let expected = r#"{"push":[{"token":"t2"},{"token":"t1"}]}"#;
    cluster.folds_to(expected).rule("push", Rule::Union);
}

#[test]
fn case_8_create_drops_what_it_leaves_out_and_merge_keeps_it() {
    let first = r#"{"name":{"first":"Ana","last":"Ruiz"},"tier":"gold"}"#;
    let second = r#"{"name":{"first":"Anna"}}"#;
    let start = || Cluster::new().record(1, "crm", "CRMID:1", first);
    start()
        .record(2, "crm", "CRMID:1", second)
        .folds_to(r#"{"name":{"first":"Anna"}}"#);
    start()
        .patch(2, "crm", "CRMID:1", second)
        .folds_to(r#"{"name":{"first":"Anna","last":"Ruiz"},"tier":"gold"}"#);
    start()
        .patch(2, "crm", "CRMID:1", r#"{"name":{"last":null},"tier":null}"#)
        .folds_to(r#"{"name":{"first":"Ana"}}"#);
    start()
        .patch(
            2,
            "crm",
            "CRMID:1",
            r#"{"name":null,"tier":{"now":"gold"}}"#,
        )
        .folds_to(r#"{"tier":{"now":"gold"}}"#);
    start()
        .delete(2, "crm", "CRMID:1")
        .folds_to("{}")
        .has_sources(&[]);
}

#[test]
fn case_9_equal_times_fall_to_the_stable_order_with_a_tie_mark() {
    let check = |a: (&str, &str), b: (&str, &str), winner: &str| {
        Cluster::new()
            .record(1, a.0, a.1, r#"{"v":"a"}"#)
            .record(1, b.0, b.1, r#"{"v":"b"}"#)
            .folds_to(&format!(r#"{{"v":"{winner}"}}"#))
            .rule("v", Rule::Tie)
            .says("v", |leaf| leaf.tie && !leaf.same_import);
    };
    check(("crm", "ECID:1"), ("crm", "CRMID:1"), "b");
    check(("crm", "CRMID:2"), ("crm", "CRMID:1"), "b");
    check(("web", "CRMID:1"), ("crm", "CRMID:2"), "b");
    Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"v":"a"}"#)
        .changed_at("2024-01-01")
        .record(1, "crm", "ECID:1", r#"{"v":"b"}"#)
        .changed_at("2024-01-02")
        .folds_to(r#"{"v":"b"}"#)
        .rule("v", Rule::Tie);
}

#[test]
fn a_circle_of_ties_is_ordered_all_the_same() {
    // By its own time 1 goes before 3, by priority 3 before 2 and 2 before 1.
    Cluster::new()
        .record(1, "crm", "ECID:1", r#"{"v":1}"#)
        .changed_at("2024-01-02")
        .record(1, "crm", "Email:2", r#"{"v":2}"#)
        .record(1, "crm", "CRMID:3", r#"{"v":3}"#)
        .changed_at("2024-01-01")
        .folds_to(r#"{"v":1}"#);
}

#[test]
fn case_10_the_identity_map_is_rebuilt_with_lower_case_keys_and_no_flags() {
    let sent = r#"{"identityMap":{"Email":[{"id":"z","primary":true}]},"name":"Ana"}"#;
    Cluster::new()
        .record(1, "crm", "CRMID:1", sent)
        .with_secondary("Email:b")
        .with_secondary("Email:a")
        .folds_to(r#"{"name":"Ana"}"#)
        .has_identities(r#"{"crmid":[{"id":"1"}],"email":[{"id":"a"},{"id":"b"}]}"#);
}

#[test]
fn case_11_clusters_of_51_and_of_5000_identities_fold() {
    for size in [51, 5_000] {
        let mut cluster = Cluster::new();
        for n in 0..size {
            let body = format!(r#"{{"v":{n},"own{}":{n}}}"#, n % 7);
            cluster = cluster.record(n, "crm", &format!("CRMID:{n}"), &body);
        }
        let profile = cluster.fold();
        assert_eq!(profile.entity["v"], size - 1);
        assert_eq!(profile.leaves[0].candidates.len(), size as usize - 1);
        let identities = profile.entity["identityMap"]["crmid"].as_array();
        assert_eq!(identities.map(Vec::len), Some(size as usize));
    }
}

#[test]
fn case_12_an_event_dataset_that_is_not_listed_is_not_seen() {
    let policy = precedence(&["crm"]);
    assert!(!policy.sees("web-events"));
    assert!(precedence(&["crm", "web-events"]).sees("web-events"));
    assert!(super::cluster::policy().sees("web-events"));
}

#[test]
fn case_13_as_of_a_moment_before_the_second_import_the_first_one_shows() {
    // What is not there yet is cut off before the fold.
    let first = Cluster::new().record(1, "crm", "CRMID:1", r#"{"name":"Ana"}"#);
    let expected = r#"{"name":"Ana"}"#;
    first.folds_to(expected);
    first
        .record(2, "crm", "CRMID:1", r#"{"name":"Bea"}"#)
        .until(1)
        .folds_to(expected);
}

#[test]
fn case_14_without_a_batch_it_is_as_if_it_had_never_been_imported() {
    let first = Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"name":"Ana","tier":"gold"}"#)
        .record(1, "web", "Email:a", r#"{"name":"Anna"}"#);
    let third = |cluster: Cluster| cluster.patch(3, "crm", "CRMID:1", r#"{"tier":"silver"}"#);
    let second = first
        .clone()
        .record(2, "crm", "CRMID:1", r#"{"name":"Bea"}"#);
    assert_eq!(third(second).without(2).fold(), third(first).fold());
}

#[test]
fn case_15_a_repeated_dump_wins_under_fragment_and_does_not_under_field() {
    let repeated = [
        Cluster::new()
            .record(1, "crm", "CRMID:1", r#"{"name":"Ana"}"#)
            .record(2, "web", "Email:a", r#"{"name":"Anna"}"#)
            .touch(3, "crm", "CRMID:1"),
        Cluster::new()
            .record(1, "crm", "CRMID:1", r#"{"name":"Ana","n":1}"#)
            .record(2, "web", "Email:a", r#"{"name":"Anna","n":3}"#)
            .record(3, "crm", "CRMID:1", r#"{"name":"Ana","n":3.0}"#),
    ];
    for cluster in repeated {
        let profile = cluster.fold();
        assert_eq!(profile.entity["name"], "Ana");
        assert_eq!(profile.leaves[0].winner.batch.0, 3);
        let profile = cluster.under(field(policy())).fold();
        assert_eq!(profile.entity["name"], "Anna");
        assert_eq!(profile.leaves[0].candidates[0].origin.batch.0, 1);
    }
}

#[test]
fn case_16_a_card_that_passes_to_another_person_lists_the_old_version_with_a_warning() {
    let check = |old: &[&str], new: &[&str], expected: bool| {
        let mut cluster = Cluster::new().record(1, "loyalty", "card:9", r#"{"name":"Ana"}"#);
        for identity in old {
            cluster = cluster.with_secondary(identity);
        }
        cluster = cluster.record(2, "loyalty", "card:9", r#"{"name":"Bob"}"#);
        for identity in new {
            cluster = cluster.with_secondary(identity);
        }
        let profile = cluster.fold();
        let superseded = &profile.leaves[0].superseded;
        assert_eq!(superseded.len(), 1);
        assert_eq!(superseded[0].value, "Ana");
        assert_eq!(superseded[0].origin.batch.0, 1);
        assert_eq!(superseded[0].taken_over, expected, "{old:?} {new:?}");
    };
    check(&["Email:ana"], &["Email:bob"], true);
    check(&["Email:ana", "Phone:1"], &["Email:bob", "Phone:1"], true);
    check(&["Email:ana"], &["Email:ana"], false);
    check(&["Email:ana"], &["Email:ana", "Phone:1"], false);
    check(&["Email:ana"], &[], false);
}

#[test]
fn superseded_versions_come_newest_first_without_what_is_said_now() {
    let cluster = Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"v":"a"}"#)
        .record(2, "crm", "CRMID:1", r#"{"v":"b"}"#)
        .record(3, "crm", "CRMID:1", r#"{"v":"a"}"#)
        .record(4, "crm", "CRMID:1", r#"{"v":"c","w":1}"#)
        .record(5, "crm", "CRMID:1", r#"{"v":"c","w":2}"#)
        .record(6, "crm", "CRMID:1", r#"{"v":"a"}"#);
    let profile = cluster.fold();
    let said: Vec<_> = profile.leaves[0]
        .superseded
        .iter()
        .map(|s| (&s.value, s.origin.batch.0))
        .collect();
    assert_eq!(said, [(&"c".into(), 5), (&"b".into(), 2)]);
}

#[test]
fn differences_inside_one_import_are_marked() {
    let within = |import: u32| {
        let cluster = Cluster::new()
            .import(1)
            .record(1, "crm", "CRMID:1", r#"{"v":1}"#)
            .import(import)
            .record(2, "web", "Email:a", r#"{"v":2}"#);
        cluster.fold().leaves[0].same_import
    };
    assert!(within(1));
    assert!(!within(2));
}

#[test]
fn the_clock_of_the_customer_counts_where_the_record_has_one() {
    let cluster = Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"v":"own"}"#)
        .changed_at("2030-01-01")
        .record(2, "web", "Email:a", r#"{"v":"web"}"#);
    cluster.folds_to(r#"{"v":"web"}"#);
    cluster
        .under(customer_clock(Grain::Fragment))
        .folds_to(r#"{"v":"own"}"#);
    cluster
        .under(customer_clock(Grain::Field))
        .folds_to(r#"{"v":"own"}"#);
}

#[test]
fn grain_field_replaces_only_the_time_under_precedence() {
    let mut by_field = field(precedence(&["crm", "web"]));
    let cluster = Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"v":"old","w":"w1"}"#)
        .record(2, "crm", "CRMID:2", r#"{"v":"new","w":"w2"}"#)
        .record(3, "web", "Email:a", r#"{"v":"web"}"#)
        .record(4, "crm", "CRMID:1", r#"{"v":"old","w":"w4"}"#);
    cluster
        .under(by_field.clone())
        .folds_to(r#"{"v":"new","w":"w4"}"#)
        .rule("v", Rule::NewestValue);
    by_field.options.grain = Grain::Fragment;
    cluster.under(by_field).folds_to(r#"{"v":"old","w":"w4"}"#);
}

#[test]
fn strict_none_takes_the_highest_fragment_alone() {
    let mut strict = policy();
    strict.stitching = Stitching::None;
    let cluster = Cluster::new()
        .record(1, "crm", "Email:a", r#"{"city":"Graz"}"#)
        .record(2, "web", "Email:a", r#"{"name":"Ana"}"#)
        .asked_for("Email:a");
    let joined: MergePolicy = strict.clone();
    cluster
        .under(joined)
        .folds_to(r#"{"name":"Ana","city":"Graz"}"#);
    strict.options.strict_none = true;
    cluster
        .under(strict)
        .folds_to(r#"{"name":"Ana"}"#)
        .has_sources(&["web"]);
}
