//! Imports into a real store, and what look-ups find afterwards.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod common;

use common::manifest::{customer, dataset, namespace, people};
use common::{DAY, START, World, id};
use onefold::ingest::{self, Again, ImportOptions};
use onefold::lookup::{self, Order, Timeline};
use onefold::model::{BatchId, Miss, Moment, WhyAnswer};

const MANIFEST: &str = concat!(
    people!(),
    dataset!(
        "crm",
        "record",
        "crm*.csv",
        r#"primary = "CRMID"
[dataset.identities]
id = "CRMID"
email = "Email"
[dataset.nulls]
any = [""]"#
    ),
    dataset!(
        "prefs",
        "record",
        "prefs*.jsonl",
        r#"primary = "Email"
upsert = true
[dataset.identities]
mail = "Email""#
    ),
    dataset!("web", "event", "web*.jsonl"),
);

const CRM: &str =
    "id,email,name,tier\nC-1,ana@example.com,Ana Ruiz,gold\nC-2,bo@example.com,Bo Berg,silver\n";

const WEB: &str = r#"{"_id":"e1","timestamp":"2024-01-01T10:00:00Z","eventType":"page","identityMap":{"ECID":[{"id":"111"}],"CRMID":[{"id":"C-1"}]}}
{"_id":"e2","timestamp":"2024-01-01T11:00:00Z","eventType":"buy","identityMap":{"ECID":[{"id":"111"}]},"total":10}
"#;

#[test]
fn an_import_links_folds_and_counts() {
    let mut world = World::new();
    let answer = world.import(&[
        ("onefold.toml", MANIFEST),
        ("crm.csv", CRM),
        ("web.jsonl", WEB),
    ]);
    let counts: Vec<_> = answer
        .datasets
        .iter()
        .map(|d| (d.name.as_str(), d.counts.read, d.counts.accepted))
        .collect();
    assert_eq!(counts, [("crm", 2, 2), ("web", 2, 2)]);
    assert_eq!(
        (answer.identities, answer.links, answer.profiles),
        (5, 3, 2)
    );
    assert_eq!(
        world.together("ECID:111"),
        ["CRMID:C-1", "ECID:111", "Email:ana@example.com"]
    );
    assert_eq!(world.value("ECID:111", "name"), "\"Ana Ruiz\"");
    assert_eq!(world.profile("ECID:111").unwrap().event_count, 2);
    world.check();
}

#[test]
fn the_same_file_twice_changes_nothing_unless_asked() {
    let mut world = World::new();
    let files = [
        ("onefold.toml", MANIFEST),
        ("crm.csv", CRM),
        ("web.jsonl", WEB),
    ];
    world.import(&files);
    let before = world.portrait();
    let again = world.import(&files);
    assert!(
        again
            .datasets
            .iter()
            .all(|d| d.batch.is_none() && d.counts.duplicates == 2)
    );
    assert_eq!(world.portrait(), before);

    let options = ImportOptions {
        again: Again::Read,
        ..ImportOptions::default()
    };
    let forced = world.try_import(&files, &options).unwrap();
    assert!(
        forced
            .datasets
            .iter()
            .all(|d| d.batch.is_some() && d.counts.duplicates == 2)
    );
    assert_eq!(world.profile("CRMID:C-1").unwrap().event_count, 2);
    world.check();
}

#[test]
fn a_longer_file_of_tomorrow_adds_only_what_is_new() {
    let mut world = World::new();
    world.import(&[("onefold.toml", MANIFEST), ("web.jsonl", WEB)]);
    let third =
        r#"{"_id":"e3","timestamp":"2024-01-02T11:00:00Z","identityMap":{"ECID":[{"id":"111"}]}}"#;
    let longer = format!("{WEB}{third}\n");
    let answer = world.import(&[("onefold.toml", MANIFEST), ("web.jsonl", &longer)]);
    let counts = answer.datasets[0].counts;
    assert_eq!((counts.read, counts.accepted, counts.duplicates), (3, 1, 2));
    assert_eq!(world.profile("ECID:111").unwrap().event_count, 3);
    world.check();
}

#[test]
fn an_event_with_another_body_is_a_new_version() {
    let mut world = World::new();
    world.import(&[("onefold.toml", MANIFEST), ("web.jsonl", WEB)]);
    let changed = r#"{"_id":"e2","timestamp":"2024-01-01T11:00:00Z","eventType":"buy","identityMap":{"ECID":[{"id":"111"}]},"total":12}"#;
    let answer = world.import(&[("onefold.toml", MANIFEST), ("web-2.jsonl", changed)]);
    let counts = answer.datasets[0].counts;
    assert_eq!((counts.accepted, counts.replaced), (1, 1));

    let reader = world.reader();
    let policy = world.policy("Latest wins");
    let bodies = |at: Moment| -> Vec<String> {
        let timeline = Timeline::open(reader.view(), &id("ECID:111"), &policy, at)
            .unwrap()
            .unwrap();
        let page = timeline.page(reader.view(), Order::Newest, 0, 10).unwrap();
        page.events
            .iter()
            .map(|e| e.body.text().to_owned())
            .collect()
    };
    assert_eq!(bodies(Moment::MAX)[0], changed);
    assert_eq!(bodies(Moment::MAX).len(), 2);
    assert!(
        bodies(START)[0].contains("\"total\":10"),
        "as of the first import"
    );
    world.check();
}

#[test]
fn an_event_replaced_within_one_file_shows_once() {
    let mut world = World::new();
    let twice = r#"{"_id":"x","timestamp":"2024-01-01T10:00:00Z","identityMap":{"ECID":[{"id":"1"}]},"n":1}
{"_id":"x","timestamp":"2024-01-01T10:00:00Z","identityMap":{"ECID":[{"id":"1"}]},"n":2}
"#;
    let answer = world.import(&[("onefold.toml", MANIFEST), ("web.jsonl", twice)]);
    assert_eq!(answer.datasets[0].counts.replaced, 1);
    assert_eq!(world.profile("ECID:1").unwrap().event_count, 1);
    world.check();
}

#[test]
fn a_profile_can_be_read_as_of_the_first_import() {
    let mut world = World::new();
    world.import(&[("onefold.toml", MANIFEST), ("crm.csv", CRM)]);
    world.import(&[
        ("onefold.toml", MANIFEST),
        (
            "crm-2.csv",
            "id,email,name,tier\nC-1,ana@example.com,Ana Ruiz,platinum\n",
        ),
        ("web.jsonl", WEB),
    ]);
    assert_eq!(world.value("CRMID:C-1", "tier"), "\"platinum\"");
    let first = world
        .profile_at("CRMID:C-1", "Latest wins", Moment(START.0 + DAY / 2))
        .unwrap();
    let tier = first.profile.leaf(&"tier".parse().unwrap()).unwrap();
    assert_eq!(tier.value, "gold");
    assert_eq!((first.identities.len(), first.event_count), (2, 0));
    let miss = world
        .profile_at("ECID:111", "Latest wins", Moment(START.0 + DAY / 2))
        .unwrap_err();
    assert!(matches!(*miss, Miss::NotThen { .. }));
}

#[test]
fn an_upsert_patches_its_fragment() {
    let mut world = World::new();
    world.import(&[
        ("onefold.toml", MANIFEST),
        (
            "prefs.jsonl",
            "{\"mail\":\"ana@example.com\",\"lang\":\"es\",\"sms\":true}\n",
        ),
    ]);
    world.import(&[
        ("onefold.toml", MANIFEST),
        (
            "prefs-2.jsonl",
            "{\"mail\":\"ana@example.com\",\"sms\":null,\"lang\":\"pt\"}\n",
        ),
    ]);
    assert_eq!(world.value("Email:ana@example.com", "lang"), "\"pt\"");
    assert_eq!(world.value("Email:ana@example.com", "sms"), "");
}

#[test]
fn the_last_to_log_in_owns_the_device_and_a_deleted_batch_gives_it_back() {
    let mut world = World::new();
    let login = |person: &str, at: &str| {
        format!(
            r#"{{"_id":"{at}","timestamp":"2024-01-0{at}T10:00:00Z","identityMap":{{"ECID":[{{"id":"tablet"}}],"CRMID":[{{"id":"{person}"}}]}}}}"#
        )
    };
    world.import(&[
        ("onefold.toml", MANIFEST),
        ("crm.csv", CRM),
        ("web.jsonl", &login("C-1", "1")),
    ]);
    let before = world.portrait();
    let second = world.import(&[
        ("onefold.toml", MANIFEST),
        ("web-2.jsonl", &login("C-2", "2")),
    ]);
    assert_eq!(world.together("ECID:tablet")[0], "CRMID:C-2");
    world.check();

    let reader = world.reader();
    let why = lookup::why(reader.view(), &id("CRMID:C-1"), &id("ECID:tablet")).unwrap();
    let Ok(WhyAnswer::Apart { removed, .. }) = why else {
        panic!("they are apart");
    };
    let end = removed[0].removed.clone().unwrap();
    assert_eq!(
        end.reason.to_string(),
        "CRMID is unique per graph: C-1 and C-2"
    );
    assert_eq!(end.by, Some(("web".into(), 3, 1)));
    drop(reader);

    let batch = second.datasets[0].batch.unwrap();
    let writer = world.writer();
    ingest::delete_batches(&writer, &[BatchId(batch)]).unwrap();
    writer.commit().unwrap();
    assert_eq!(world.portrait(), before, "as if it had never been imported");
    world.check();
}

#[test]
fn many_imports_give_the_same_graphs_as_one() {
    let lines: Vec<String> = (0..60)
        .map(|n| {
            format!(
                r#"{{"_id":"{n}","timestamp":"2024-01-01T10:00:{n:02}Z","identityMap":{{"ECID":[{{"id":"d{}"}}],"CRMID":[{{"id":"p{}"}}]}}}}"#,
                n % 7,
                (n * 5) % 11
            )
        })
        .collect();
    let whole = lines.join("\n");
    let mut one = World::new();
    one.import(&[("onefold.toml", MANIFEST), ("web.jsonl", &whole)]);
    let mut many = World::new();
    for part in lines.chunks(7) {
        many.import(&[("onefold.toml", MANIFEST), ("web.jsonl", &part.join("\n"))]);
    }
    one.check();
    many.check();
    let clusters = |world: &World| -> Vec<Vec<String>> {
        (0..7)
            .map(|d| world.together(&format!("ECID:d{d}")))
            .collect()
    };
    assert_eq!(clusters(&one), clusters(&many));
    let removed = |world: &World| {
        world
            .reader()
            .view()
            .total(onefold::store::Total::RemovedLinks)
    };
    assert_eq!(removed(&one).unwrap(), removed(&many).unwrap());
}

#[test]
fn a_changed_setting_waits_for_resolve() {
    let mut world = World::new();
    let shared = r#"{"_id":"1","timestamp":"2024-01-01T10:00:00Z","identityMap":{"Email":[{"id":"x@example.com"}],"ECID":[{"id":"a"}]}}
{"_id":"2","timestamp":"2024-01-01T10:00:01Z","identityMap":{"Email":[{"id":"y@example.com"}],"ECID":[{"id":"a"}]}}
"#;
    world.import(&[("onefold.toml", MANIFEST), ("web.jsonl", shared)]);
    assert_eq!(world.together("ECID:a").len(), 3);
    let unique = MANIFEST.replace("code = \"Email\"", "code = \"Email\"\nunique = true");
    let answer = world.import(&[("onefold.toml", &unique), ("crm.csv", CRM)]);
    assert!(
        answer
            .notes
            .iter()
            .any(|note| note.contains("resolve pending"))
    );
    assert_eq!(
        world.together("ECID:a").len(),
        3,
        "it holds for later records alone"
    );

    let writer = world.writer();
    let answer = ingest::resolve(
        &writer,
        ingest::ReplayOrder::Arrival,
        ingest::Resolution::Write,
    )
    .unwrap();
    writer.commit().unwrap();
    assert_eq!((answer.split, answer.joined), (1, 0));
    assert_eq!(world.together("ECID:a"), ["ECID:a", "Email:y@example.com"]);
    assert!(!world.reader().view().resolve_pending().unwrap());
    world.check();
}

#[test]
fn rejected_rows_go_to_a_file_and_the_rest_comes_in() {
    let mut world = World::new();
    let web = format!(
        "{WEB}not json\n{{\"_id\":\"e9\",\"identityMap\":{{\"ECID\":[{{\"id\":\"9\"}}]}}}}\n"
    );
    let answer = world.import(&[("onefold.toml", MANIFEST), ("web.jsonl", &web)]);
    let counts = answer.datasets[0].counts;
    assert_eq!((counts.read, counts.accepted, counts.rejected), (4, 2, 2));
    let rejects = std::fs::read_to_string(answer.rejects.unwrap()).unwrap();
    let lines: Vec<serde_json::Value> = rejects
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines[0]["line"], 3);
    assert_eq!(lines[0]["row"], "not json");
    assert!(lines[1]["reason"].as_str().unwrap().contains("timestamp"));
}

#[test]
fn a_failed_import_leaves_no_store_behind() {
    let mut world = World::new();
    let broken = [
        ("onefold.toml", MANIFEST),
        ("crm.csv", "no,such,columns\n1,2,3\n"),
    ];
    assert!(
        world
            .try_import(&broken, &ImportOptions::default())
            .is_err()
    );
    assert!(!world.path().exists());
}

#[test]
fn words_and_attributes_find_folded_profiles() {
    let mut world = World::new();
    world.import(&[
        ("onefold.toml", MANIFEST),
        ("crm.csv", CRM),
        ("web.jsonl", WEB),
    ]);
    let check =
        |query: &str, expected: &[&str]| assert_eq!(world.search(query), expected, "{query}");
    check("ana", &["CRMID:C-1"]);
    check("ruiz ana", &["CRMID:C-1"]);
    check("bo@ex", &["CRMID:C-2"]);
    check("111", &["CRMID:C-1"]);
    check("tier:gold", &["CRMID:C-1"]);
    check("tier:GOLD,silver", &["CRMID:C-1", "CRMID:C-2"]);
    check("-tier:gold", &["CRMID:C-2"]);
    check("Email:ana@example.com", &["CRMID:C-1"]);
    check("email:*@example.com", &["CRMID:C-1", "CRMID:C-2"]);
    check("tier:g*", &["CRMID:C-1"]);
    check("event:buy", &["CRMID:C-1"]);
    check("event:buy{total:>5}", &["CRMID:C-1"]);
    check("event:buy{total:>50}", &[]);
    check("tier:bronze", &[]);
    check("ids:>2", &["CRMID:C-1"]);
    check("", &["CRMID:C-1", "CRMID:C-2"]);
}

#[test]
fn a_lost_value_matches_only_on_request() {
    let mut world = World::new();
    world.import(&[("onefold.toml", MANIFEST), ("crm.csv", CRM)]);
    world.import(&[
        ("onefold.toml", MANIFEST),
        (
            "prefs.jsonl",
            "{\"mail\":\"ana@example.com\",\"tier\":\"bronze\"}\n",
        ),
    ]);
    assert_eq!(world.search("tier:bronze"), ["CRMID:C-1"]);
    assert_eq!(world.search("tier:gold"), Vec::<String>::new());
    assert_eq!(world.search("any.tier:gold"), ["CRMID:C-1"]);
}

const POLICIES: &str = r#"
[[policy]]
name = "Prefs only"
method = "dataSetPrecedence"
order = ["prefs"]
[[policy]]
name = "Alone"
stitching = "none"
"#;

#[test]
fn what_a_policy_leaves_out_is_missed_with_its_reason() {
    let mut world = World::new();
    let manifest = format!("{MANIFEST}{POLICIES}");
    world.import(&[
        ("onefold.toml", &manifest),
        ("crm.csv", CRM),
        (
            "prefs.jsonl",
            "{\"mail\":\"ana@example.com\",\"lang\":\"es\"}\n",
        ),
        ("web.jsonl", WEB),
    ]);
    let ana = world
        .profile_at("CRMID:C-1", "Prefs only", Moment::MAX)
        .unwrap();
    assert_eq!((ana.event_count, ana.hidden_events), (0, 2));
    let sources: Vec<_> = ana.sources.iter().map(ToString::to_string).collect();
    assert_eq!(sources, ["prefs"]);

    let bo = world.profile_at("CRMID:C-2", "Prefs only", Moment::MAX);
    assert_eq!(
        bo.unwrap_err().to_string(),
        "CRMID:C-2 lives only in crm, which policy `Prefs only` leaves out"
    );
    let cookie = world.profile_at("ECID:111", "Alone", Moment::MAX).unwrap();
    assert_eq!(cookie.event_count, 1, "the event of the cookie alone");
    let miss = world.profile_at("Email:bo@example.com", "Alone", Moment::MAX);
    assert!(
        matches!(*miss.unwrap_err(), Miss::OnlySecondary { carried_by, .. } if carried_by == [id("CRMID:C-2")])
    );
}

#[test]
fn an_unknown_identity_is_missed_with_what_is_near() {
    let mut world = World::new();
    world.import(&[("onefold.toml", MANIFEST), ("crm.csv", CRM)]);
    let check = |identity: &str, expected: &str| {
        assert_eq!(world.profile(identity).unwrap_err().to_string(), expected);
    };
    check(
        "Email:anna@example.com",
        "no record knows Email:anna@example.com; nearest: Email:ana@example.com, Email:bo@example.com",
    );
    check(
        "Phone:C-1",
        "no record knows Phone:C-1, but the value is known as CRMID:C-1",
    );
}

#[test]
fn a_history_that_comes_late_takes_its_place_in_time() {
    let mut world = World::new();
    let late = "id,email,name,tier\nC-1,ana@example.com,Ana,bronze\n";
    let login = r#"{"_id":"9","timestamp":"2024-01-01T10:00:00Z","identityMap":{"ECID":[{"id":"111"}],"CRMID":[{"id":"C-2"}]}}"#;
    world.import(&[
        ("onefold.toml", MANIFEST),
        ("crm.csv", CRM),
        ("web.jsonl", WEB),
    ]);
    let options = ImportOptions {
        at: Some(Moment(START.0 - 10 * DAY)),
        ..ImportOptions::default()
    };
    let files = [
        ("onefold.toml", MANIFEST),
        ("crm-old.csv", late),
        ("web-old.jsonl", login),
    ];
    world.try_import(&files, &options).unwrap();
    assert_eq!(world.value("CRMID:C-1", "tier"), "\"gold\"");
    assert_eq!(
        world.together("ECID:111")[0],
        "CRMID:C-1",
        "the older login comes first in the replay"
    );
    let then = world
        .profile_at("CRMID:C-1", "Latest wins", Moment(START.0 - 5 * DAY))
        .unwrap();
    assert_eq!(
        then.profile.leaf(&"tier".parse().unwrap()).unwrap().value,
        "bronze"
    );
    world.check();
}
