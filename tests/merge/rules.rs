//! The rules of the fold beyond the golden cases: arrays, kinds, empty values, patches, consent, segments.

use onefold::merge::{MergeError, compare, same_as_first};
use onefold::model::{Arrays, MergePolicy, Moment, Rule, Stitching};

use super::cluster::{Cluster, field, policy, precedence};

fn arrays(arrays: Arrays) -> MergePolicy {
    let mut policy = policy();
    policy.options.arrays = arrays;
    policy
}

#[test]
fn arrays_join_as_the_policy_says() {
    let check = |option: Arrays, older: &str, newer: &str, expected: &str, rule: Rule| {
        Cluster::new()
            .record(1, "crm", "CRMID:1", &format!(r#"{{"a":{older}}}"#))
            .record(2, "web", "Email:a", &format!(r#"{{"a":{newer}}}"#))
            .under(arrays(option))
            .folds_to(&format!(r#"{{"a":{expected}}}"#))
            .rule("a", rule);
    };
    check(Arrays::Union, "[1,2]", "[2,3]", "[2,3,1]", Rule::Union);
    check(
        Arrays::Union,
        r#"[{"x":1,"y":2}]"#,
        r#"[{"y":2,"x":1}]"#,
        r#"[{"y":2,"x":1}]"#,
        Rule::Union,
    );
    check(Arrays::Union, "[1.0]", "[1]", "[1,1.0]", Rule::Union);
    check(Arrays::Union, "[7,7]", "[]", "[7,7]", Rule::OnlyCandidate);
    check(Arrays::Concat, "[1,2]", "[2,3]", "[2,3,1,2]", Rule::Concat);
    check(Arrays::Replace, "[1,2]", "[3]", "[3]", Rule::NewestFragment);
    check(Arrays::Replace, "[1,2]", "[]", "[1,2]", Rule::OnlyCandidate);
    check(Arrays::Union, "\"x\"", "[3]", "[3]", Rule::NewestFragment);
    check(Arrays::Union, "[3]", "\"x\"", "\"x\"", Rule::NewestFragment);
}

#[test]
fn a_joined_array_names_its_highest_contributor_and_the_others() {
    Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"a":[1]}"#)
        .record(2, "web", "Email:a", r#"{"a":[2]}"#)
        .folds_to(r#"{"a":[2,1]}"#)
        .says("a", |leaf| {
            &*leaf.winner.dataset == "web" && leaf.candidates[0].value == serde_json::json!([1])
        });
}

#[test]
fn where_kinds_disagree_the_highest_says_which_it_is() {
    let check = |low: &str, middle: &str, high: &str, expected: &str| {
        Cluster::new()
            .record(1, "crm", "CRMID:1", &format!(r#"{{"a":{low}}}"#))
            .record(2, "web", "Email:a", &format!(r#"{{"a":{middle}}}"#))
            .record(3, "app", "ECID:1", &format!(r#"{{"a":{high}}}"#))
            .folds_to(&format!(r#"{{"a":{expected}}}"#));
    };
    check(r#"{"x":1}"#, "\"text\"", r#"{"y":2}"#, r#"{"y":2,"x":1}"#);
    check(r#"{"x":1}"#, "\"text\"", "{}", "\"text\"");
    check(r#"{"x":1}"#, "[]", "{}", r#"{"x":1}"#);
    check("[1]", "\"text\"", "[2]", "[2,1]");
    check("{}", "{}", "null", "{}");
    check("[]", "{}", "null", "{}");
    check(r#"{"x":[]}"#, "{}", "[]", r#"{"x":[]}"#);
    check(r#"{"x":{}}"#, "5", "null", "5");
}

#[test]
fn an_object_that_loses_to_a_scalar_is_one_candidate() {
    Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"a":{"x":1,"y":{"z":2}}}"#)
        .record(2, "web", "Email:a", r#"{"a":"text"}"#)
        .folds_to(r#"{"a":"text"}"#)
        .says("a", |leaf| {
            let lost = serde_json::json!({"x": 1, "y": {"z": 2}});
            leaf.conflict && leaf.candidates.len() == 1 && leaf.candidates[0].value == lost
        });
}

#[test]
fn a_scalar_that_loses_to_an_object_is_not_forgotten() {
    Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"a":"text"}"#)
        .record(2, "web", "Email:a", r#"{"a":{"x":1,"y":2}}"#)
        .folds_to(r#"{"a":{"x":1,"y":2}}"#)
        .says("a.x", |leaf| {
            leaf.conflict && leaf.candidates[0].value == "text"
        })
        .says("a.y", |leaf| !leaf.conflict && leaf.candidates.is_empty());
}

#[test]
fn kinds_that_disagree_go_by_the_newest_value_with_grain_field() {
    Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"a":{"x":1},"n":1}"#)
        .record(2, "web", "Email:a", r#"{"a":"text"}"#)
        .record(3, "crm", "CRMID:1", r#"{"a":{"x":1},"n":2}"#)
        .under(field(policy()))
        .folds_to(r#"{"a":"text","n":2}"#)
        .rule("a", Rule::NewestValue);
}

#[test]
fn an_empty_text_wins_unless_it_counts_as_null() {
    let cluster = Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"a":"x"}"#)
        .record(2, "web", "Email:a", r#"{"a":""}"#);
    cluster.folds_to(r#"{"a":""}"#);
    let mut policy = policy();
    policy.options.empty_as_null = true;
    cluster.under(policy).folds_to(r#"{"a":"x"}"#);
}

#[test]
fn numbers_keep_their_digits_and_agree_by_what_they_count() {
    Cluster::new()
        .record(
            1,
            "crm",
            "CRMID:1",
            r#"{"n":1.0,"big":12345678901234567890.10}"#,
        )
        .record(2, "web", "Email:a", r#"{"n":1}"#)
        .folds_to(r#"{"n":1,"big":12345678901234567890.10}"#)
        .says("n", |leaf| !leaf.conflict && leaf.candidates.len() == 1);
}

#[test]
fn patches_reach_deep_append_to_arrays_and_change_kinds() {
    let check = |operation: fn(Cluster, &str) -> Cluster, patch: &str, expected: &str| {
        let start = Cluster::new().record(1, "crm", "CRMID:1", r#"{"a":{"b":{"c":1}},"l":[1]}"#);
        operation(start, patch).folds_to(expected);
    };
    let merge = |cluster: Cluster, patch: &str| cluster.patch(2, "crm", "CRMID:1", patch);
    let append = |cluster: Cluster, patch: &str| cluster.append(2, "crm", "CRMID:1", patch);
    check(
        merge,
        r#"{"a":{"b":{"d":2}}}"#,
        r#"{"a":{"b":{"c":1,"d":2}},"l":[1]}"#,
    );
    check(merge, r#"{"l":[2]}"#, r#"{"a":{"b":{"c":1}},"l":[2]}"#);
    check(
        append,
        r#"{"l":[2],"m":[3]}"#,
        r#"{"a":{"b":{"c":1}},"l":[1,2],"m":[3]}"#,
    );
    check(merge, r#"{"a":{"b":5}}"#, r#"{"a":{"b":5},"l":[1]}"#);
    check(
        merge,
        r#"{"l":{"x":5}}"#,
        r#"{"a":{"b":{"c":1}},"l":{"x":5}}"#,
    );
    check(
        merge,
        r#"{"a":{"b":{}},"l":null}"#,
        r#"{"a":{"b":{"c":1}}}"#,
    );
    check(merge, "[1]", "{}");
}

#[test]
fn a_consent_choice_is_never_torn_apart() {
    let older = r#"{"consents":{"marketing":{"email":{"val":"n","time":"2024-01-01T00:00:00Z","reason":"call"}}}}"#;
    let newer = r#"{"consents":{"marketing":{"email":{"val":"y"},"sms":{"val":"n"}}}}"#;
    Cluster::new()
        .record(1, "crm", "CRMID:1", older)
        .record(2, "web", "Email:a", newer)
        .folds_to(newer);
    Cluster::new()
        .record(1, "crm", "CRMID:1", older)
        .patch(
            2,
            "crm",
            "CRMID:1",
            r#"{"consents":{"marketing":{"email":{"val":"y"}}}}"#,
        )
        .folds_to(r#"{"consents":{"marketing":{"email":{"val":"y"}}}}"#);
    Cluster::new()
        .record(1, "crm", "CRMID:1", older)
        .patch(
            2,
            "crm",
            "CRMID:1",
            r#"{"consents":{"marketing":{"email":{"reason":null}}}}"#,
        )
        .folds_to(
            r#"{"consents":{"marketing":{"email":{"val":"n","time":"2024-01-01T00:00:00Z"}}}}"#,
        );
}

#[test]
fn a_newer_opt_out_anywhere_in_the_cluster_raises_the_alarm() {
    let choice = |val: &str, time: &str| {
        let time = match time {
            "" => String::new(),
            time => format!(r#","time":"{time}T00:00:00Z""#),
        };
        format!(r#"{{"consents":{{"marketing":{{"email":{{"val":"{val}"{time}}}}}}}}}"#)
    };
    let check = |winner: String, other: String, expected: Option<&str>| {
        let mut none = precedence(&["crm"]);
        none.stitching = Stitching::None;
        for policy in [precedence(&["crm"]), precedence(&["crm", "web"]), none] {
            let cluster = Cluster::new()
                .record(1, "crm", "CRMID:1", &winner)
                .record(2, "web", "Email:a", &other);
            let alarms = cluster.under(policy).fold().consent_alarms;
            let at = alarms.first().map(|alarm| alarm.at);
            assert_eq!(at, expected.and_then(Moment::read), "{winner} {other}");
            assert!(
                alarms
                    .iter()
                    .all(|a| a.path == "/consents/marketing/email" && &*a.dataset == "web")
            );
        }
    };
    let (first, second) = ("2024-01-01", "2024-01-02");
    check(choice("y", first), choice("n", second), Some(second));
    check(choice("y", second), choice("n", first), None);
    check(choice("y", first), choice("u", second), None);
    check(choice("n", first), choice("n", second), None);
    check(
        choice("y", ""),
        choice("n", ""),
        Some("1970-01-01T00:00:00.002Z"),
    );
}

#[test]
fn segments_go_by_their_last_qualification_and_make_no_profile() {
    let member = |time: &str, status: &str, id: &str| {
        format!(
            r#"{{"segmentMembership":{{"ups":{{"{id}":{{"lastQualificationTime":"{time}T00:00:00Z","status":"{status}"}}}}}}}}"#
        )
    };
    let cluster = Cluster::new()
        .record(1, "seg", "CRMID:1", &member("2024-02-01", "realized", "s1"))
        .record(2, "seg", "Email:a", &member("2024-01-01", "exited", "s1"))
        .record(3, "seg", "ECID:1", &member("2024-01-01", "exited", "s2"));
    for policy in [policy(), precedence(&["crm"])] {
        let profile = cluster.under(policy).fold();
        let segments = &profile.entity["segmentMembership"]["ups"];
        assert_eq!(segments["s1"]["status"], "realized");
        assert_eq!(segments["s2"]["status"], "exited");
        assert!(profile.leaves.is_empty() && profile.sources.is_empty());
    }
}

#[test]
fn comparing_tells_what_each_policy_says() {
    let cluster = Cluster::new()
        .record(1, "crm", "CRMID:1", r#"{"name":"Ana","tier":1}"#)
        .record(
            2,
            "web",
            "Email:a",
            r#"{"name":"Anna","city":"Graz","tier":1.0}"#,
        );
    let (newest, crm) = (cluster.fold(), cluster.under(precedence(&["crm"])).fold());
    let fields = compare(&[Some(&crm), Some(&newest), None]);
    let said: Vec<_> = fields
        .iter()
        .map(|field| {
            let same = (same_as_first(field, 1), same_as_first(field, 2));
            (field.path.to_string(), field.differs, same)
        })
        .collect();
    let expected = [
        ("name".to_owned(), true, (false, false)),
        ("tier".to_owned(), true, (true, false)),
        ("city".to_owned(), true, (false, true)),
    ];
    assert_eq!(said, expected);
    assert!(
        !compare(&[Some(&crm), Some(&crm)])
            .iter()
            .any(|field| field.differs)
    );
}

#[test]
fn the_json_of_adobe_reads_and_writes() {
    use onefold::merge::adobe::{read, write};
    let exported = r#"{"id":"p1","name":"CRM first","imsOrgId":"X","schema":{"name":"_xdm.context.profile"},"version":"3",
        "identityGraph":{"type":"pdg"},"attributeMerge":{"type":"dataSetPrecedence","order":["5d0c","web"]},
        "isActiveOnEdge":"false","default":"true","updateEpoch":1551660639,"_links":{}}"#;
    let names = [("5d0c".to_owned(), "crm".to_owned())];
    let drafts = read(exported, &names).expect("a policy");
    let policy = drafts[0].clone().assign(|| "new".into(), 7);
    assert_eq!(policy.order, ["crm", "web"]);
    assert!(policy.is_default && policy.version == 3 && policy.update_epoch == 1_551_660_639);
    let written = write(&policy).to_string();
    assert_eq!(
        written,
        r#"{"id":"p1","name":"CRM first","schema":{"name":"_xdm.context.profile"},"version":3,"identityGraph":{"type":"pdg"},"attributeMerge":{"type":"dataSetPrecedence","order":["crm","web"]},"isActiveOnEdge":false,"default":true,"updateEpoch":1551660639,"onefold":{"arrays":"union","grain":"fragment","clock":"system","emptyAsNull":false,"strictNone":false}}"#
    );
    let again = read(&written, &[]).expect("what was written")[0].clone();
    assert_eq!(again.assign(String::new, 0), policy);
    let page = format!(r#"{{"children":[{exported},{{"name":"Plain"}}]}}"#);
    let plain = read(&page, &[]).expect("a page")[1]
        .clone()
        .assign(|| "new".into(), 7);
    assert_eq!(
        (plain.id.as_str(), plain.version, plain.update_epoch),
        ("new", 1, 7)
    );
    assert_eq!(plain.method, "timestampOrdered");
}

#[test]
fn a_policy_that_cannot_be_read_names_the_field() {
    let check = |text: &str, expected: &str| {
        let error: MergeError = onefold::merge::adobe::read(text, &[]).expect_err(text);
        assert_eq!(error.to_string(), expected);
    };
    check(
        "[1]",
        "the JSON is no policy: expected an object, or a list of them",
    );
    check("{}", "`name` is missing; give the policy a name");
    check(
        r#"{"name":"a","onefold":{"aray":"union"}}"#,
        "`onefold.aray` is not known; there are arrays, grain, clock, emptyAsNull, strictNone",
    );
    check(
        r#"{"name":"a","onefold":{"arays":"union"}}"#,
        "`onefold.arays` is not known; did you mean `arrays`?",
    );
    check(
        r#"{"name":"a","onefold":{"grain":"row"}}"#,
        "`onefold.grain`: `row` is not known; there are fragment, field",
    );
    check(
        r#"{"name":"a","attributMerge":{}}"#,
        "`attributMerge` is not known; did you mean `attributeMerge`?",
    );
    check(
        r#"{"name":"a","identityGraph":{"type":"coop"}}"#,
        "`identityGraph.type`: `coop` is not known; there are none, pdg",
    );
    check(
        r#"{"name":"a","attributeMerge":{"order":"crm"}}"#,
        "`attributeMerge.order` must be a list of datasets",
    );
    check(
        r#"{"name":"a","default":"maybe"}"#,
        "`default` must be true or false",
    );
    check(
        r#"{"name":"a","version":-1}"#,
        "`version` must be a whole number",
    );
}
