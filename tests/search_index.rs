//! The search index against the plain way, on random worlds, queries and policies, before and after later imports and deletions.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod common;

use common::World;
use common::manifest::{customer, dataset, namespace, people};
use onefold::ingest;
use onefold::lookup::{self, LookupError, Refreshed, SearchRequest};
use onefold::model::{
    Arrays, BatchId, Clock, Grain, MergePolicy, Moment, PolicyOptions, SearchAnswer, Stitching,
};
use proptest::prelude::*;
use std::fs;

const MANIFEST: &str = concat!(
    people!(),
    dataset!("crm", "record", "crm*.jsonl"),
    dataset!("web", "record", "web*.jsonl", "upsert = true"),
    dataset!("clicks", "event", "clicks*.jsonl"),
);

const CODES: [&str; 3] = ["CRMID", "Email", "ECID"];
const VALUES: [&str; 8] = [
    "ana@example.com",
    "Ana.Martinez@example.com",
    "bob@x.org",
    "C-1001",
    "0815",
    "okafor",
    "MÜLLER",
    "岡部",
];
const NAMES: [&str; 10] = [
    "Ana",
    "Ana María",
    "Martínez",
    "Okafor",
    "Muller",
    "Müller",
    "岡部",
    "محمد",
    "Bob",
    "",
];
/// What a record may hold, as members of its JSON object.
const FIELDS: [&str; 30] = [
    r#""person":{"name":{"firstName":"NAME"}}"#,
    r#""person":{"name":{"lastName":"NAME","firstName":"NAME"}}"#,
    r#""person":{"name":"NAME"}"#,
    r#""personalEmail":{"address":"VALUE"}"#,
    r#""mobilePhone":{"number":"+43 (664) 123-45"}"#,
    r#""mobilePhone":{"number":"0043664"}"#,
    r#""tier":"gold""#,
    r#""tier":"Gold""#,
    r#""tier":"silver""#,
    r#""tier":"""#,
    r#""tier":null"#,
    r#""tier":["gold","new york"]"#,
    r#""tier":["silver"]"#,
    r#""tier":{"val":"gold"}"#,
    r#""loyalty":{"tier":"gold","points":100}"#,
    r#""loyalty":{"points":"1e2"}"#,
    r#""loyalty":{"points":7}"#,
    r#""loyalty":{"points":100.0}"#,
    r#""loyalty":5"#,
    r#""since":"2024-01-02""#,
    r#""since":"2023-06-01T10:00:00Z""#,
    r#""since":"2024""#,
    r#""items":[{"sku":"a"},{"sku":"b","tier":"gold"}]"#,
    r#""items":[]"#,
    r#""consents":{"email":{"val":"y","time":"2024-01-01T00:00:00Z"}}"#,
    r#""consents":{"email":{"val":"n","reason":"ana"}}"#,
    r#""segmentMembership":{"ups":{"s1":{"status":"realized","lastQualificationTime":"2024-01-01T00:00:00Z"}}}"#,
    r#""segmentMembership":{"ups":{"s1":{"status":"exited","lastQualificationTime":"2024-02-01T00:00:00Z"}}}"#,
    r#""extSourceSystemAudit":{"lastUpdatedDate":"2023-01-01T00:00:00Z"}"#,
    r#""vip":true"#,
];
const KINDS: [&str; 3] = [
    r#""eventType":"purchase","#,
    r#""eventType":"page.view","#,
    "",
];

/// Terms of every kind.
const TERMS: [&str; 73] = [
    "ana",
    "an",
    "a",
    "mart",
    "martniez",
    "okafour",
    "muller",
    "MÜLLER",
    "岡",
    "محمد",
    "bob",
    "anamaria",
    "example",
    "'ana",
    "^ana",
    "maria$",
    "^okafor$",
    "\"ana maría\"",
    "\"example com\"",
    "664123",
    "+43664",
    "c-1001",
    "1001",
    "amz",
    "mrtnz",
    "zzz",
    "x.org",
    "ana@example.com",
    "Email:ana@example.com",
    "email:*@EXAMPLE.com",
    "CRMID:*",
    "Email:ana@example.com,bob@x.org",
    "ECID:0815",
    "tier:gold",
    "tier:g*",
    "tier:*ol*",
    "tier:*",
    "tier:gold,silver",
    "any.tier:gold",
    "any.tier:silver",
    "any.tier:*",
    "any.loyalty:5",
    "loyalty:*",
    "loyalty:5",
    "loyalty.tier:gold",
    "points:100",
    "points:1e2",
    "points:>7",
    "points:7..100",
    "points:<=7",
    "since:>=2024-01-01",
    "since:2024",
    "since:<2024-01-02",
    "since:>100d",
    "items.sku:b",
    "sku:*",
    "val:y",
    "consents:*",
    "status:realized",
    "segmentMembership:*",
    "vip:true",
    "conflict:tier",
    "conflict:*",
    "ids:>1",
    "events:>0",
    "events:2",
    "fragments:>1",
    "dataset:crm",
    "ns:E*",
    "seen:>30d",
    "first:>2024-01-01",
    "event:purchase",
    "event:*",
];
const EVENT_TERMS: [&str; 3] = [
    "event:purchase{total:>50}",
    "event:*{total:*}",
    "event:*view*{dataset:clicks}",
];
const SORTS: [Option<&str>; 12] = [
    None,
    None,
    None,
    Some("name"),
    Some("-name"),
    Some("seen"),
    Some("-ids"),
    Some("events"),
    Some("first"),
    Some("tier"),
    Some("-points"),
    Some("-since"),
];

#[derive(Clone, Debug)]
struct Row {
    ids: Vec<(usize, usize)>,
    fields: Vec<usize>,
    words: usize,
}

impl Row {
    fn map(&self) -> String {
        let fields = CODES.iter().enumerate().filter_map(|(code, name)| {
            let own = self.ids.iter().filter(|(own, _)| *own == code);
            let ids: Vec<_> = own
                .map(|(_, v)| format!(r#"{{"id":"{}"}}"#, VALUES[*v]))
                .collect();
            (!ids.is_empty()).then(|| format!(r#""{name}":[{}]"#, ids.join(",")))
        });
        fields.collect::<Vec<_>>().join(",")
    }

    fn record(&self) -> String {
        let fields = self.fields.iter().map(|field| {
            let field = FIELDS[*field].replace("NAME", NAMES[self.words % NAMES.len()]);
            field.replace("VALUE", VALUES[self.words % VALUES.len()])
        });
        let mut members = vec![format!(r#""identityMap":{{{}}}"#, self.map())];
        members.extend(fields);
        format!("{{{}}}", members.join(","))
    }

    fn event(&self, n: usize, row: usize) -> String {
        let kind = KINDS[self.words % KINDS.len()];
        let (map, total) = (self.map(), self.words * 9);
        let time = format!("2024-01-0{}T{:02}:{row:02}:00Z", 1 + n, self.words % 20);
        format!(
            r#"{{"_id":"{}","timestamp":"{time}",{kind}"identityMap":{{{map}}},"total":{total}}}"#,
            self.words % 7
        )
    }
}

/// An import: rows of two record datasets and of one of events.
#[derive(Clone, Debug)]
struct Delivery([Vec<Row>; 3]);

impl Delivery {
    fn import(&self, n: usize, world: &mut World) -> Vec<BatchId> {
        let records = |rows: &[Row]| {
            let lines: Vec<_> = rows.iter().map(Row::record).collect();
            lines.join("\n")
        };
        let events = self.0[2].iter().enumerate();
        let events: Vec<_> = events.map(|(at, row)| row.event(n, at)).collect();
        let answer = world.import(&[
            ("onefold.toml", MANIFEST),
            ("crm.jsonl", &records(&self.0[0])),
            ("web.jsonl", &records(&self.0[1])),
            ("clicks.jsonl", &events.join("\n")),
        ]);
        let made = answer.datasets.iter().filter_map(|dataset| dataset.batch);
        made.map(BatchId).collect()
    }
}

fn row() -> impl Strategy<Value = Row> {
    let ids = prop::collection::vec((0..CODES.len(), 0..VALUES.len()), 1..3);
    let fields = prop::collection::vec(0..FIELDS.len(), 0..6);
    (ids, fields, 0usize..40).prop_map(|(ids, fields, words)| Row { ids, fields, words })
}

fn delivery() -> impl Strategy<Value = Delivery> {
    let rows = || prop::collection::vec(row(), 0..6);
    (rows(), rows(), rows()).prop_map(|(a, b, c)| Delivery([a, b, c]))
}

fn query() -> impl Strategy<Value = String> {
    let term = prop_oneof![
        20 => prop::sample::select(TERMS.to_vec()),
        1 => prop::sample::select(EVENT_TERMS.to_vec()),
    ];
    let term = term.prop_map(String::from);
    term.prop_recursive(3, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.join(" ")),
            prop::collection::vec(inner.clone(), 2..3).prop_map(|parts| parts.join(" or ")),
            inner.prop_map(|inner| format!("-({inner})")),
        ]
    })
}

fn policies() -> Vec<MergePolicy> {
    let with = |change: fn(&mut MergePolicy)| {
        let mut policy = MergePolicy::latest_wins();
        change(&mut policy);
        policy
    };
    let order = |policy: &mut MergePolicy, names: &[&str]| {
        policy.method = "dataSetPrecedence".into();
        policy.order = names.iter().map(ToString::to_string).collect();
    };
    let mut all = vec![
        MergePolicy::latest_wins(),
        with(|policy| policy.stitching = Stitching::None),
        with(|policy| {
            policy.stitching = Stitching::None;
            policy.options.strict_none = true;
        }),
        with(|policy| {
            policy.options = PolicyOptions {
                arrays: Arrays::Replace,
                grain: Grain::Field,
                clock: Clock::Customer,
                empty_as_null: true,
                ..PolicyOptions::default()
            };
        }),
    ];
    all.push(with(|policy| policy.options.arrays = Arrays::Concat));
    all.push(with(|policy| {
        policy.options.arrays = Arrays::Replace;
        policy.options.grain = Grain::Field;
    }));
    for names in [&["web", "crm", "clicks"][..], &["crm"], &["web", "clicks"]] {
        let mut policy = MergePolicy::latest_wins();
        order(&mut policy, names);
        all.push(policy);
    }
    all.push(with(|policy| {
        policy.stitching = Stitching::None;
        policy.options.empty_as_null = true;
    }));
    let mut unstitched = with(|policy| policy.stitching = Stitching::None);
    order(&mut unstitched, &["web", "clicks"]);
    all.push(unstitched);
    all
}

/// What an answer says but for the time that it took.
fn said(answer: &SearchAnswer) -> String {
    let hits: Vec<_> = answer
        .profiles
        .iter()
        .map(|hit| format!("{hit:?}"))
        .collect();
    format!("{} {:?}\n{}", answer.total, answer.notes, hits.join("\n"))
}

/// Asks both ways; the index must be current.
fn compare(world: &World, queries: &[(String, usize)], stage: &str) -> Result<(), TestCaseError> {
    let reader = world.reader();
    let view = reader.view();
    let index = lookup::index_of(view);
    prop_assert!(index.is_some(), "no index {stage}");
    // The store counts under some policies, and takes segments alone for a profile.
    let is_counted_by_store = |policy: &MergePolicy| {
        let is_ordered = policy.stitching == Stitching::None && !policy.order.is_empty();
        policy.options.strict_none || is_ordered
    };
    for policy in policies().iter().filter(|p| !is_counted_by_store(p)) {
        let all = |index, query| lookup::search_in(view, index, &request(query), policy).unwrap();
        let (fast, slow) = (all(index.as_ref(), ""), all(None, "-zzzzzzzz"));
        prop_assert_eq!(fast.total, slow.total, "{} {:?}", stage, policy);
    }
    lists_are_the_same(world, stage)?;
    for (n, (query, sort)) in queries.iter().enumerate() {
        for policy in policies() {
            for (offset, limit) in [(0, 100), (n as u64 % 3, 2)] {
                let request = SearchRequest {
                    query: query.clone(),
                    sort: SORTS[*sort].map(String::from),
                    offset,
                    limit,
                    patience: None,
                    now: Moment(common::START.0 + 30 * common::DAY),
                };
                let mut told = Vec::new();
                let mut tell = |answer| told.push(answer);
                let early = &mut Some(&mut tell as &mut dyn FnMut(_));
                let fast = lookup::search_telling(view, index.as_ref(), &request, &policy, early);
                let fast = fast.unwrap();
                // Under another policy what is told early still grows, in any order.
                for early in told.iter().filter(|_| policy == MergePolicy::latest_wins()) {
                    is_begun(early, &fast, query)?;
                }
                let slow = lookup::search_in(view, None, &request, &policy).unwrap();
                prop_assert_eq!(
                    said(&fast),
                    said(&slow),
                    "{} `{}` {:?}",
                    stage,
                    query,
                    policy
                );
            }
        }
    }
    Ok(())
}

/// Everybody page by page, by the index and by the store.
fn lists_are_the_same(world: &World, stage: &str) -> Result<(), TestCaseError> {
    let reader = world.reader();
    let view = reader.view();
    let index = lookup::index_of(view);
    for policy in policies() {
        let page = |index, offset, limit| {
            let rows = lookup::recent(view, index, &[], (offset, limit), &policy, &mut None);
            let rows = rows.unwrap().profiles.into_iter();
            rows.map(|hit| format!("{hit:?}")).collect::<Vec<_>>()
        };
        let all = page(index.as_ref(), 0, 100);
        prop_assert_eq!(&all, &page(None, 0, 100), "{} {:?}", stage, policy);
        let pages = (0..all.len() as u64).step_by(3);
        let pages: Vec<_> = pages
            .flat_map(|from| page(index.as_ref(), from, 3))
            .collect();
        prop_assert_eq!(pages, all, "{} {:?}", stage, policy);
    }
    Ok(())
}

/// What is told early is no more than a beginning of the answer.
fn overviews_are_the_same(world: &World, stage: &str) -> Result<(), TestCaseError> {
    let reader = world.reader();
    let index = lookup::index_of(reader.view()).unwrap();
    for policy in policies() {
        let plain = lookup::stats(reader.view(), None, &policy).unwrap();
        let indexed = lookup::stats(reader.view(), Some(&index), &policy).unwrap();
        prop_assert_eq!(&plain, &indexed, "{} under {:?}", stage, &policy);
    }
    let policies = policies();
    for a in &policies {
        for b in &policies {
            let plain = lookup::population(reader.view(), None, [a, b]).unwrap();
            let indexed = lookup::population(reader.view(), Some(&index), [a, b]).unwrap();
            prop_assert_eq!(&plain, &indexed, "{}: {:?} and {:?}", stage, a, b);
        }
    }
    Ok(())
}

fn is_begun(early: &SearchAnswer, whole: &SearchAnswer, query: &str) -> Result<(), TestCaseError> {
    prop_assert!(!early.profiles.is_empty(), "{query}");
    prop_assert!(early.total <= whole.total, "{query}");
    prop_assert!(!early.exact || early.total == whole.total, "{query}");
    let lines = |answer: &SearchAnswer| format!("{:?}", answer.profiles);
    let mut begun = whole.clone();
    begun.profiles.truncate(early.profiles.len());
    prop_assert_eq!(lines(early), lines(&begun), "{}", query);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_index_finds_what_folding_everybody_finds(
        deliveries in prop::collection::vec(delivery(), 1..4),
        queries in prop::collection::vec((query(), 0..SORTS.len()), 6),
        gone in 0usize..3,
    ) {
        let mut world = World::new();
        let mut batches = Vec::new();
        for (n, delivery) in deliveries.iter().enumerate() {
            batches.push(delivery.import(n, &mut world));
            lookup::refresh_index(&world.path(), &lookup::unwatched).unwrap();
            compare(&world, &queries, &format!("after import {n}"))?;
            overviews_are_the_same(&world, &format!("after import {n}"))?;
        }
        let writer = world.writer();
        ingest::delete_batches(&writer, &batches[gone % deliveries.len()]).unwrap();
        writer.commit().unwrap();
        lookup::refresh_index(&world.path(), &lookup::unwatched).unwrap();
        compare(&world, &queries, "after a deletion")?;
        overviews_are_the_same(&world, "after a deletion")?;
        let writer = world.writer();
        let arrival = ingest::ReplayOrder::Arrival;
        ingest::resolve(&writer, arrival, ingest::Resolution::Write).unwrap();
        writer.commit().unwrap();
        lookup::refresh_index(&world.path(), &lookup::unwatched).unwrap();
        compare(&world, &queries, "after linking again")?;
        overviews_are_the_same(&world, "after linking again")?;
    }
}

/// A world of few people under names of many kinds.
fn people() -> World {
    let mut world = World::new();
    let records = [
        r#"{"identityMap":{"CRMID":[{"id":"C-1"}],"Email":[{"id":"jose.martinez@example.com"}]},"person":{"name":{"firstName":"José","lastName":"Martínez"}},"mobilePhone":{"number":"+43 (664) 123-45"}}"#,
        r#"{"identityMap":{"CRMID":[{"id":"C-2"}]},"person":{"name":{"firstName":"Ngozi","lastName":"Okafor"}}}"#,
        r#"{"identityMap":{"CRMID":[{"id":"C-3"}]},"person":{"name":{"firstName":"Jürgen","lastName":"Müller"}}}"#,
        r#"{"identityMap":{"CRMID":[{"id":"C-4"}]},"person":{"name":{"firstName":"岡部","lastName":"倫太郎"}}}"#,
        r#"{"identityMap":{"CRMID":[{"id":"C-5"}]},"person":{"name":{"firstName":"محمد","lastName":"الأمين"}}}"#,
    ];
    world.import(&[
        ("onefold.toml", MANIFEST),
        ("crm.jsonl", &records.join("\n")),
    ]);
    refresh(&world);
    world
}

fn refresh(world: &World) -> Refreshed {
    lookup::refresh_index(&world.path(), &lookup::unwatched).unwrap()
}

fn request(query: &str) -> SearchRequest {
    SearchRequest {
        query: query.into(),
        sort: None,
        offset: 0,
        limit: 100,
        patience: None,
        now: Moment(common::START.0),
    }
}

#[test]
fn what_is_told_early_is_how_the_answer_begins() {
    let world = people();
    let reader = world.reader();
    let index = lookup::index_of(reader.view()).unwrap();
    let policy = MergePolicy::latest_wins();
    let check = |query: &str, is_told: bool| {
        let mut told = Vec::new();
        let mut tell = |answer| told.push(answer);
        let early = &mut Some(&mut tell as &mut dyn FnMut(_));
        let request = request(query);
        let whole = lookup::search_telling(reader.view(), Some(&index), &request, &policy, early);
        assert_eq!(!told.is_empty(), is_told, "{query}");
        for early in &told {
            is_begun(early, whole.as_ref().unwrap(), query).unwrap();
        }
    };
    check("okafor", true);
    check("-muller", true);
    // All that a text says is close, wherever it is looked for.
    check("okafor or martinez$", true);
    // What is inside a value stands among the words that are inside a text.
    check("kafor or crmid:*-5", false);
    check("okafor or crmid:*-1 or artin", true);
}

#[test]
fn those_who_find_no_index_at_once_make_it_once() {
    let world = people();
    lookup::remove_index(&world.path()).unwrap();
    let path = world.path();
    let made: Vec<Refreshed> = std::thread::scope(|scope| {
        let refresh = || lookup::refresh_index(&path, &lookup::unwatched).unwrap();
        let running: Vec<_> = (0..4).map(|_| scope.spawn(refresh)).collect();
        let ended = running.into_iter();
        ended.map(|thread| thread.join().unwrap()).collect()
    });
    let count = |wanted| made.iter().filter(|one| **one == wanted).count();
    assert_eq!((count(Refreshed::Made), count(Refreshed::Current)), (1, 3));
    assert!(lookup::index_of(world.reader().view()).is_some());
}

#[test]
fn who_has_one_fragment_is_found_by_it_where_the_policy_sees_it() {
    let world = people();
    let reader = world.reader();
    let index = lookup::index_of(reader.view()).unwrap();
    let check = |datasets: &[&str], query: &str, expected: u64| {
        let policy = MergePolicy {
            stitching: Stitching::None,
            method: "dataSetPrecedence".into(),
            order: datasets.iter().map(ToString::to_string).collect(),
            ..MergePolicy::latest_wins()
        };
        for index in [Some(&index), None] {
            let found = lookup::search_in(reader.view(), index, &request(query), &policy);
            assert_eq!(found.unwrap().total, expected, "{datasets:?} {query}");
        }
    };
    check(&["crm"], "firstName:ngozi", 1);
    check(&["web", "crm"], "firstName:ngozi lastName:okafor", 1);
    check(&["web"], "firstName:ngozi", 0);
    check(&["crm"], "firstName:ngozi lastName:müller", 0);
}

#[test]
fn people_are_found_however_they_are_typed() {
    let world = people();
    let check = |query: &str, expected: &[&str]| {
        assert_eq!(world.search(query), expected, "{query}");
    };
    check("okafour", &["CRMID:C-2"]);
    check("okaf", &["CRMID:C-2"]);
    check("ngzoi", &["CRMID:C-2"]);
    check("muller", &["CRMID:C-3"]);
    check("MÜLLER jur", &["CRMID:C-3"]);
    check("jose martinez", &["CRMID:C-1"]);
    check("josé", &["CRMID:C-1"]);
    check("martinez@exa", &["CRMID:C-1"]);
    check("example.com", &["CRMID:C-1"]);
    check("example", &["CRMID:C-1"]);
    check("tinez$", &["CRMID:C-1"]);
    check("+43664", &["CRMID:C-1"]);
    check("(664) 123", &["CRMID:C-1"]);
    check("66412345", &["CRMID:C-1"]);
    check("664-123-45", &["CRMID:C-1"]);
    check("岡", &["CRMID:C-4"]);
    check("太郎", &["CRMID:C-4"]);
    check("محم", &["CRMID:C-5"]);
    check("الامين", &["CRMID:C-5"]);
    check("okfr", &["CRMID:C-2"]);
    check(
        "c-",
        &[
            "CRMID:C-1",
            "CRMID:C-2",
            "CRMID:C-3",
            "CRMID:C-4",
            "CRMID:C-5",
        ],
    );
    check("zzzzz", &[]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of queries")]
fn hostile_queries_get_an_answer_or_a_sentence() {
    let world = people();
    let reader = world.reader();
    let index = lookup::index_of(reader.view()).unwrap();
    let policy = MergePolicy::latest_wins();
    let check = |query: &str| {
        let start: String = query.chars().take(40).collect();
        match lookup::search_in(reader.view(), Some(&index), &request(query), &policy) {
            Ok(answer) => assert!(answer.total <= 5, "{start}"),
            Err(LookupError::Query(error)) => {
                assert!(!error.message.is_empty() && error.column > 0, "{start}");
            }
            Err(error) => panic!("{start}: {error}"),
        }
    };
    for query in [
        "'",
        "\"",
        "''",
        "\"\"",
        "%",
        "_",
        "*",
        "**",
        "a*b",
        "NEAR(a b)",
        "a AND b",
        "a OR",
        "col : x",
        "; DROP TABLE identity",
        "' OR 1=1 --",
        "\0",
        "\u{1b}[2J",
        "a\u{202e}b",
        "\u{feff}",
        "{",
        "}",
        "event:",
        "event:x{",
        "-",
        "--",
        "tier:",
        ":",
        "a:b:c",
        "tier:>",
        "tier:..",
        "ids:x",
        "^",
        "$",
        "\\",
        "a\\",
        "any.:x",
        "attr.:x",
        "conflict:",
        "😀",
        "ids:99999999999999999999999",
    ] {
        check(query);
    }
    check(&"(".repeat(100_000));
    check(&")".repeat(100_000));
    check(&"-(".repeat(50_000));
    check(&"-".repeat(100_000));
    check(&"a".repeat(1_000_000));
    check(&"é".repeat(100_000));
    check(&"*".repeat(100_000));
    check(&"tier:".repeat(50_000));
    check(&"a ".repeat(2_000));
    check(&"a or ".repeat(2_000));
    check(&format!("tier:{}", "x,".repeat(20_000)));
    check(&format!("email:{}", "*a".repeat(10_000)));
    check(&format!("{}ana{}", "(".repeat(60), ")".repeat(60)));
}

#[test]
fn an_index_that_is_not_of_this_store_as_it_is_now_is_never_used() {
    let mut world = people();
    let path = lookup::index_path(&world.path());
    let is_used = |world: &World| lookup::index_of(world.reader().view()).is_some();
    assert!(is_used(&world));
    assert_eq!(refresh(&world), Refreshed::Current);

    let other = people();
    fs::copy(lookup::index_path(&other.path()), &path).unwrap();
    assert!(!is_used(&world), "another store's");
    assert_eq!(refresh(&world), Refreshed::Made);

    let record =
        r#"{"identityMap":{"CRMID":[{"id":"C-6"}]},"person":{"name":{"firstName":"Zoë"}}}"#;
    world.import(&[("onefold.toml", MANIFEST), ("crm2.jsonl", record)]);
    assert!(!is_used(&world), "an older one");
    assert_eq!(world.search("zoe"), ["CRMID:C-6"]);
    refresh(&world);
    assert_eq!(world.search("zoe"), ["CRMID:C-6"]);

    let whole = fs::read(&path).unwrap();
    for cut in [0, 1, 31, 40, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..cut]).unwrap();
        assert!(!is_used(&world), "cut at {cut}");
        assert_eq!(world.search("zoe"), ["CRMID:C-6"]);
    }
    fs::remove_file(&path).unwrap();
    assert_eq!(world.search("zoe"), ["CRMID:C-6"]);
    assert_eq!(refresh(&world), Refreshed::Made);
}

#[test]
fn what_changes_nothing_leaves_an_index_as_it_is() {
    let mut world = people();
    world.import(&[("onefold.toml", MANIFEST)]);
    assert_eq!(refresh(&world), Refreshed::Current, "declared again");
    let manifest = MANIFEST.replacen("CROSS_DEVICE", "COOKIE", 1);
    assert_ne!(manifest, MANIFEST);
    world.import(&[("onefold.toml", &manifest)]);
    assert_eq!(refresh(&world), Refreshed::Made, "declared otherwise");
}

#[test]
fn a_damaged_index_gives_no_wrong_answer_and_is_made_again() {
    let world = people();
    let path = lookup::index_path(&world.path());
    let whole = fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(97) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        fs::write(&path, &damaged).unwrap();
        for (query, expected) in [("okafour", "CRMID:C-2"), ("firstName:josé", "CRMID:C-1")] {
            assert_eq!(world.search(query), [expected], "byte {at}");
        }
    }
    for at in (0..whole.len()).step_by(29) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        for policy in policies().iter().take(2) {
            fs::write(&path, &damaged).unwrap();
            let reader = world.reader();
            let everybody = lookup::search(reader.view(), &request(""), policy).unwrap();
            assert!(everybody.total >= 5, "byte {at}");
            fs::write(&path, &damaged).unwrap();
            let (view, index) = (reader.view(), lookup::index_of(reader.view()));
            let now = Moment(common::START.0);
            let facets = lookup::facets(view, index.as_ref(), ("", 100), now, policy).unwrap();
            assert!(facets.profiles >= 5, "byte {at}");
        }
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(refresh(&world), Refreshed::Current);
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_an_index() {
    use std::os::unix::fs::PermissionsExt;
    let world = people();
    let index = fs::metadata(lookup::index_path(&world.path())).unwrap();
    assert_eq!(index.permissions().mode() & 0o777, 0o600);
}
