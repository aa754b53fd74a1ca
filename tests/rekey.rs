//! Events moved to the identities that present settings choose for them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

use common::World;
use common::manifest::{dataset, namespace};
use onefold::ingest::{self, Again, ImportOptions, ReplayOrder, Resolution};
use onefold::model::{BatchId, IdentityId, Moment, NamespaceKind, ResolveAnswer, RowCounts};
use onefold::store::{Pending, Total, Writer};
use proptest::prelude::*;

const EVERYBODY: RangeInclusive<IdentityId> = IdentityId(0)..=IdentityId(u32::MAX);

const MANIFEST: &str = concat!(
    namespace!("ECID", "COOKIE", "priority = 1"),
    namespace!("Email", "EMAIL", "priority = 2"),
    namespace!("CRMID", "CROSS_DEVICE", "unique = true", "priority = 3"),
    namespace!("AAID", "DEVICE"),
    namespace!("GAID", "DEVICE"),
    dataset!("web", "event", "web*.jsonl"),
    dataset!("app", "event", "app*.jsonl"),
    dataset!("crm", "record", "crm*.jsonl"),
);

/// The manifest in which the key of a customer comes first.
fn customers_first() -> String {
    MANIFEST
        .replace("priority = 2", "priority = 3")
        .replace("priority = 1", "priority = 2")
        .replace("unique = true\npriority = 3", "unique = true\npriority = 1")
}

/// An event of a day in January with an identity map.
fn event(id: &str, day: u8, map: &str) -> String {
    format!(
        r#"{{"_id":"{id}","timestamp":"2024-01-{day:02}T10:00:00Z","identityMap":{{{map}}},"n":"{id}"}}"#
    )
}

const BOTH: &str = r#""ECID":[{"id":"e1"}],"CRMID":[{"id":"c1"}]"#;

/// Events of two devices of a customer, one that names no customer, one that names two.
fn web() -> String {
    [
        event("1", 5, BOTH),
        event("2", 3, BOTH),
        event("3", 4, r#""ECID":[{"id":"e2"}],"CRMID":[{"id":"c1"}]"#),
        event("4", 2, r#""ECID":[{"id":"e1"}]"#),
        event(
            "5",
            6,
            r#""ECID":[{"id":"e1"}],"CRMID":[{"id":"c1"},{"id":"c2"}]"#,
        ),
    ]
    .join("\n")
}

fn imported() -> World {
    let mut world = World::new();
    import(&mut world, "web.jsonl", &web());
    world
}

fn import(world: &mut World, name: &str, text: &str) -> RowCounts {
    let options = ImportOptions {
        again: Again::Read,
        ..ImportOptions::default()
    };
    let files = [("onefold.toml", MANIFEST), (name, text)];
    world.try_import(&files, &options).unwrap().datasets[0].counts
}

/// Changes settings as `namespace set` and `settings set` do.
fn change(world: &World, change: impl FnOnce(&Writer)) {
    let writer = world.writer();
    let before = writer.view().link_settings().unwrap();
    change(&writer);
    writer.settings_changed(&before).unwrap();
    writer.commit().unwrap();
}

fn set_priority(writer: &Writer, code: &str, priority: Option<u32>) {
    let id = writer.namespace(code).unwrap();
    let mut namespace = writer
        .view()
        .catalog()
        .unwrap()
        .namespace(id)
        .unwrap()
        .clone();
    namespace.priority = priority;
    writer.set_namespace(&namespace).unwrap();
}

fn prioritise(world: &World, code: &str) {
    change(world, |writer| set_priority(writer, code, Some(1)));
}

fn resolve(world: &World, outcome: Resolution) -> ResolveAnswer {
    let writer = world.writer();
    let answer = ingest::resolve(&writer, ReplayOrder::Arrival, outcome).unwrap();
    writer.commit().unwrap();
    answer
}

/// All events by where they came from, those that count twice twice.
fn stored(world: &World) -> Vec<(BatchId, u64, bool)> {
    let mut stored = Vec::new();
    world
        .reader()
        .view()
        .each_event_origin(&EVERYBODY, |event| {
            stored.push((event.batch, event.line.line, event.is_replaced));
            Ok::<_, onefold::store::StoreError>(())
        })
        .unwrap();
    stored.sort_unstable();
    stored
}

/// How many events lie elsewhere, and how many of them move.
fn rekey(world: &World, outcome: Resolution) -> (u64, u64) {
    let before = (
        stored(world),
        world.reader().view().total(Total::Events).unwrap(),
    );
    let writer = world.writer();
    let answer = ingest::rekey(&writer, ReplayOrder::Arrival, outcome).unwrap();
    writer.commit().unwrap();
    world.check();
    let after = (
        stored(world),
        world.reader().view().total(Total::Events).unwrap(),
    );
    assert_eq!(after, before);
    (answer.misplaced_events, answer.moved_events.unwrap())
}

/// Which events lie with whom, in order of time; replaced ones in brackets.
fn placed(world: &World) -> String {
    let reader = world.reader();
    let view = reader.view();
    let mut of: BTreeMap<String, Vec<(Moment, String)>> = BTreeMap::new();
    view.each_event_origin(&EVERYBODY, |event| {
        let name = view.named(&view.identity(event.identity)?)?.to_string();
        let body = &view.event_bodies(event.at.block())?[event.at.place() as usize];
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let mut said = body["n"].as_str().unwrap().to_owned();
        if event.is_replaced {
            said = format!("({said})");
        }
        of.entry(name).or_default().push((event.timestamp, said));
        Ok::<_, onefold::store::StoreError>(())
    })
    .unwrap();
    let mut text = String::new();
    for (name, events) in of {
        let said: Vec<_> = events.into_iter().map(|(_, said)| said).collect();
        writeln!(text, "{name}: {}", said.join(" ")).unwrap();
    }
    text
}

fn is_pending(world: &World) -> bool {
    world.reader().view().rekey_pending().unwrap()
}

#[test]
fn events_move_to_whom_present_settings_choose_and_a_refused_one_stays() {
    let world = imported();
    let before = "ECID:e1: 4 2 1 5\nECID:e2: 3\n";
    assert_eq!(placed(&world), before);
    assert_eq!(
        rekey(&world, Resolution::Write),
        (0, 0),
        "nothing has changed"
    );
    prioritise(&world, "CRMID");
    assert!(is_pending(&world));
    assert_eq!(resolve(&world, Resolution::DryRun).misplaced_events, 3);
    let portrait = world.portrait();
    assert_eq!(rekey(&world, Resolution::DryRun), (3, 3));
    assert_eq!(
        (placed(&world).as_str(), world.portrait()),
        (before, portrait)
    );
    let answer = resolve(&world, Resolution::Write);
    assert_eq!((answer.misplaced_events, answer.moved_events), (3, None));
    assert!(is_pending(&world), "they still lie there");
    assert_eq!(placed(&world), before);
    assert_eq!(rekey(&world, Resolution::Write), (3, 3));
    assert!(!is_pending(&world));
    assert_eq!(placed(&world), "CRMID:c1: 2 3 1\nECID:e1: 4 5\n");
    assert_eq!(resolve(&world, Resolution::Write).misplaced_events, 0);
}

#[test]
fn what_is_counted_of_both_is_what_a_direct_import_counts() {
    let counted = |world: &World| {
        let reader = world.reader();
        let mut lines = Vec::new();
        reader
            .view()
            .each_identity(|id| {
                let sources = reader.view().catalog()?.source_set(id.source_set).to_vec();
                let cluster = reader.view().cluster(id.cluster)?;
                let cluster = cluster.map(|c| (c.events, c.last_event, c.last_active));
                lines.push(format!(
                    "{} {} {:?} {sources:?} {cluster:?}",
                    id.value, id.events, id.last_event
                ));
                Ok(())
            })
            .unwrap();
        lines.join("\n")
    };
    let web = [
        event("1", 5, BOTH),
        event("2", 3, BOTH),
        event("4", 2, r#""ECID":[{"id":"e1"}]"#),
    ]
    .join("\n");
    let mut world = World::new();
    import(&mut world, "web.jsonl", &web);
    import(&mut world, "app.jsonl", &event("9", 8, BOTH));
    prioritise(&world, "CRMID");
    assert_eq!(rekey(&world, Resolution::Write), (3, 3));
    let direct_manifest = customers_first();
    let mut direct = World::new();
    direct.import(&[("onefold.toml", &direct_manifest), ("web.jsonl", &web)]);
    direct.import(&[
        ("onefold.toml", &direct_manifest),
        ("app.jsonl", &event("9", 8, BOTH)),
    ]);
    assert_eq!(counted(&world), counted(&direct));
    assert_eq!(world.portrait(), direct.portrait());
}

#[test]
fn many_events_come_in_blocks_in_order_of_time() {
    let mut world = World::new();
    let rows: Vec<_> = (0..100u8)
        .map(|n| {
            let map = format!(r#""ECID":[{{"id":"e{}"}}],"CRMID":[{{"id":"c1"}}]"#, n % 3);
            event(&format!("{n:03}"), 28 - n / 4, &map)
        })
        .collect();
    import(&mut world, "web.jsonl", &rows.join("\n"));
    prioritise(&world, "CRMID");
    assert_eq!(rekey(&world, Resolution::Write), (100, 100));
    let reader = world.reader();
    let (mut times, mut blocks) = (Vec::new(), Vec::new());
    reader
        .view()
        .each_event_origin(&EVERYBODY, |event| {
            times.push(event.timestamp);
            blocks.push(event.at.block() & 0xff_ffff);
            Ok::<_, onefold::store::StoreError>(())
        })
        .unwrap();
    assert!(times.is_sorted() && times.len() == 100);
    blocks.dedup();
    assert_eq!(blocks, [0, 1, 2], "full blocks, not one for each device");
}

#[test]
fn those_that_come_stand_among_those_that_were_there() {
    let mut world = World::new();
    let own = |id: &str, day| event(id, day, r#""CRMID":[{"id":"c1"}]"#);
    let rows = [
        own("1", 4),
        event("2", 5, BOTH),
        own("3", 6),
        event("4", 3, BOTH),
    ];
    import(&mut world, "web.jsonl", &rows.join("\n"));
    prioritise(&world, "CRMID");
    assert_eq!(rekey(&world, Resolution::Write), (2, 2));
    assert_eq!(placed(&world), "CRMID:c1: 4 1 2 3\n");
}

#[test]
fn versions_and_repetitions_of_an_event_move_with_it() {
    let mut world = imported();
    let again = event("1", 5, BOTH).replace(r#""n":"1""#, r#""n":"1b""#);
    assert_eq!(import(&mut world, "web2.jsonl", &again).replaced, 1);
    assert_eq!(import(&mut world, "web3.jsonl", &again).duplicates, 1);
    prioritise(&world, "CRMID");
    assert_eq!(rekey(&world, Resolution::Write), (3, 3));
    assert_eq!(placed(&world), "CRMID:c1: 2 3 (1) 1b\nECID:e1: 4 5\n");
    let delete = |batch| {
        let writer = world.writer();
        ingest::delete_batches(&writer, &[BatchId(batch)]).unwrap();
        writer.commit().unwrap();
        world.check();
    };
    delete(2);
    assert_eq!(
        placed(&world),
        "CRMID:c1: 2 3 (1) 1b\nECID:e1: 4 5\n",
        "the repetition is kept"
    );
    delete(3);
    assert_eq!(
        placed(&world),
        "CRMID:c1: 2 3 1\nECID:e1: 4 5\n",
        "what it replaced shows again"
    );
    delete(1);
    assert_eq!(placed(&world), "");
}

#[test]
fn the_same_file_again_says_nothing_new() {
    let again = |world: &mut World| {
        let options = ImportOptions {
            again: Again::Read,
            ..ImportOptions::default()
        };
        let manifest = customers_first();
        let files = [("onefold.toml", manifest.as_str()), ("web.jsonl", &web())];
        let counts = world.try_import(&files, &options).unwrap().datasets[0].counts;
        world.check();
        (counts.accepted, counts.duplicates, counts.rejected)
    };
    let mut world = imported();
    prioritise(&world, "CRMID");
    // The fifth names two customers, and is refused now.
    assert_eq!(again(&mut world), (3, 1, 1), "they lie elsewhere");
    let mut world = imported();
    prioritise(&world, "CRMID");
    rekey(&world, Resolution::Write);
    assert_eq!(again(&mut world), (0, 4, 1));
}

#[test]
fn between_equals_the_mark_decides_and_then_the_document() {
    let check = |map: &str, expected: &str| {
        let mut world = World::new();
        let map = format!(r#""ECID":[{{"id":"e1"}}],{map}"#);
        import(&mut world, "web.jsonl", &event("1", 5, &map));
        change(&world, |writer| set_priority(writer, "ECID", None));
        change(&world, |writer| set_priority(writer, "Email", None));
        let moved = u64::from(!expected.starts_with("ECID"));
        assert_eq!(rekey(&world, Resolution::Write), (moved, moved), "{map}");
        assert_eq!(placed(&world), format!("{expected}: 1\n"), "{map}");
    };
    check(
        r#""GAID":[{"id":"g"}],"AAID":[{"id":"a","primary":true}]"#,
        "AAID:a",
    );
    check(
        r#""GAID":[{"id":"g","primary":true}],"AAID":[{"id":"a"}]"#,
        "GAID:g",
    );
    check(r#""GAID":[{"id":"g"}],"AAID":[{"id":"a"}]"#, "ECID:e1");
    // Two values of the chosen namespace: refused now, so it stays; of another one they do not matter.
    check(
        r#""GAID":[{"id":"g","primary":true},{"id":"h"}],"AAID":[{"id":"a"}]"#,
        "ECID:e1",
    );
    check(
        r#""GAID":[{"id":"g"},{"id":"h"}],"AAID":[{"id":"a","primary":true}]"#,
        "AAID:a",
    );
}

#[test]
fn an_event_whose_id_is_taken_where_it_belongs_stays() {
    let mut world = World::new();
    let to_one = event("1", 5, BOTH);
    let from_other = event("1", 6, r#""ECID":[{"id":"e2"}],"CRMID":[{"id":"c1"}]"#);
    import(&mut world, "web.jsonl", &format!("{to_one}\n{from_other}"));
    prioritise(&world, "CRMID");
    assert_eq!(rekey(&world, Resolution::DryRun), (2, 0));
    assert_eq!(rekey(&world, Resolution::Write), (2, 0));
    assert_eq!(placed(&world), "ECID:e1: 1\nECID:e2: 1\n");

    let mut world = World::new();
    let own = event("1", 7, r#""CRMID":[{"id":"c1"}]"#);
    import(&mut world, "web.jsonl", &format!("{own}\n{to_one}"));
    prioritise(&world, "CRMID");
    assert_eq!(rekey(&world, Resolution::Write), (1, 0));
    assert_eq!(placed(&world), "CRMID:c1: 1\nECID:e1: 1\n");

    // Another dataset's event of that id is another event.
    let mut world = World::new();
    import(&mut world, "web.jsonl", &own);
    import(&mut world, "app.jsonl", &to_one);
    prioritise(&world, "CRMID");
    assert_eq!(rekey(&world, Resolution::Write), (1, 1));
    assert_eq!(placed(&world), "CRMID:c1: 1 1\n");

    // Versions that belong apart stay together.
    let mut world = World::new();
    let without = event("1", 5, r#""ECID":[{"id":"e1"}]"#);
    import(&mut world, "web.jsonl", &format!("{without}\n{to_one}"));
    prioritise(&world, "CRMID");
    assert_eq!(rekey(&world, Resolution::Write), (1, 0));
    assert_eq!(placed(&world), "ECID:e1: (1) 1\n");
}

#[test]
fn rows_that_share_a_line_are_told_apart_by_whom_they_name() {
    let mut world = World::new();
    let rows = web().replace('\n', ",");
    let files = [
        ("onefold.toml", MANIFEST),
        ("web.jsonl", &format!("[{rows}]")),
    ];
    assert_eq!(world.import(&files).datasets[0].counts.accepted, 5);
    prioritise(&world, "CRMID");
    assert_eq!(rekey(&world, Resolution::Write), (3, 3));
    assert_eq!(placed(&world), "CRMID:c1: 2 3 1\nECID:e1: 4 5\n");
}

#[test]
fn only_what_chooses_primaries_asks_for_a_look_at_events() {
    let world = imported();
    change(&world, |writer| {
        let mut settings = writer.view().store_settings().unwrap();
        settings.max_identities = Some(50);
        writer.set_store_settings(&settings).unwrap();
    });
    assert!(world.reader().view().resolve_pending().unwrap() && !is_pending(&world));
    change(&world, |writer| {
        let mut settings = writer.view().store_settings().unwrap();
        settings.block = vec!["ECID".into()];
        writer.set_store_settings(&settings).unwrap();
    });
    assert!(is_pending(&world));
    // What links nothing is primary only where there is no other; two customers are too many.
    assert_eq!(rekey(&world, Resolution::Write), (3, 3));
    assert_eq!(placed(&world), "CRMID:c1: 2 3 1\nECID:e1: 4 5\n");
}

#[test]
fn a_store_of_an_older_program_is_looked_through_while_it_waits_to_be_resolved() {
    let world = imported();
    let writer = world.writer();
    set_priority(&writer, "CRMID", Some(1));
    writer.set_resolve_pending(Pending::Yes).unwrap();
    writer.commit().unwrap();
    assert!(is_pending(&world));
    assert_eq!(resolve(&world, Resolution::Write).misplaced_events, 3);
    assert_eq!(
        resolve(&world, Resolution::Write).misplaced_events,
        3,
        "it is remembered"
    );
    let world = imported();
    let writer = world.writer();
    set_priority(&writer, "CRMID", Some(1));
    writer.commit().unwrap();
    assert!(!is_pending(&world));
    assert_eq!(resolve(&world, Resolution::Write).misplaced_events, 0);
}

/// What of the settings decides the primary identity of an event.
#[derive(Clone, Debug)]
struct Rules {
    /// Namespaces in the list, highest first.
    list: Vec<usize>,
    partner: Option<usize>,
    blocked: Option<usize>,
}

const CODES: [&str; 4] = ["CRMID", "Email", "ECID", "AAID"];

impl Rules {
    fn manifest(&self) -> String {
        let mut text = String::new();
        // Those of the list in their order: each is put in at its place.
        let listed = self.list.iter().copied();
        let others = (0..CODES.len()).filter(|n| !self.list.contains(n));
        for (at, n) in listed.chain(others).enumerate() {
            let (code, is_partner) = (CODES[n], self.partner == Some(n));
            let kind = if is_partner { "PARTNER" } else { "COOKIE" };
            writeln!(text, "[[namespace]]\ncode = \"{code}\"\ntype = \"{kind}\"").unwrap();
            if at < self.list.len() {
                writeln!(text, "priority = {}", at + 1).unwrap();
            }
        }
        if let Some(n) = self.blocked {
            writeln!(text, "[store]\nblock = [\"{}\"]", CODES[n]).unwrap();
        }
        text + dataset!("web", "event", "web*.jsonl")
    }

    fn set(&self, writer: &Writer) {
        for code in CODES {
            set_priority(writer, code, None);
        }
        for (n, code) in CODES.iter().enumerate() {
            let id = writer.namespace(code).unwrap();
            let mut namespace = writer
                .view()
                .catalog()
                .unwrap()
                .namespace(id)
                .unwrap()
                .clone();
            namespace.kind = if self.partner == Some(n) {
                NamespaceKind::Partner
            } else {
                NamespaceKind::Cookie
            };
            writer.set_namespace(&namespace).unwrap();
        }
        for (place, n) in (1..).zip(&self.list) {
            set_priority(writer, CODES[*n], Some(place));
        }
        let mut settings = writer.view().store_settings().unwrap();
        settings.block = self
            .blocked
            .map(|n| CODES[n].to_owned())
            .into_iter()
            .collect();
        writer.set_store_settings(&settings).unwrap();
    }
}

fn rules() -> impl Strategy<Value = Rules> {
    let list = Just(vec![0usize, 1, 2, 3]).prop_shuffle();
    let sometimes = || prop::option::weighted(0.2, 0usize..4);
    (list, 0usize..5, sometimes(), sometimes()).prop_map(|(mut list, length, partner, blocked)| {
        list.truncate(length);
        Rules {
            list,
            partner,
            blocked,
        }
    })
}

/// Whom an event names, as (namespace, value, marked), and the day on which it happened.
type Happened = (Vec<(usize, u8, bool)>, u8);

fn happened() -> impl Strategy<Value = Happened> {
    let mention = (0usize..4, 0u8..3, prop::bool::weighted(0.3));
    (prop::collection::vec(mention, 1..5), 1u8..28)
}

/// A row of an import: which event, in which version.
fn line(events: &[Happened], (event, version): (usize, u8)) -> String {
    let n = event % events.len();
    let (named, day) = &events[n];
    let mut codes: Vec<usize> = Vec::new();
    for (code, ..) in named {
        if !codes.contains(code) {
            codes.push(*code);
        }
    }
    let fields: Vec<String> = codes
        .iter()
        .map(|code| {
            let own = named.iter().filter(|(of, ..)| of == code);
            let own: Vec<_> = own
                .map(|(_, value, mark)| format!(r#"{{"id":"v{value}","primary":{mark}}}"#))
                .collect();
            format!(r#""{}":[{}]"#, CODES[*code], own.join(","))
        })
        .collect();
    // Some have no id; then each version is an event of its own.
    let id = if n.is_multiple_of(3) {
        String::new()
    } else {
        format!(r#""_id":"{n}","#)
    };
    format!(
        r#"{{{id}"timestamp":"2024-01-{day:02}T10:00:00Z","identityMap":{{{}}},"n":"{n}.{version}"}}"#,
        fields.join(",")
    )
}

fn deliver(world: &mut World, rules: &Rules, text: &str) -> RowCounts {
    let options = ImportOptions {
        again: Again::Read,
        ..ImportOptions::default()
    };
    let manifest = rules.manifest();
    let files = [("onefold.toml", manifest.as_str()), ("web.jsonl", text)];
    world.try_import(&files, &options).unwrap().datasets[0].counts
}

/// With whom each event lies, by batch and line.
fn lying(world: &World) -> BTreeMap<(BatchId, u64), String> {
    let reader = world.reader();
    let view = reader.view();
    let mut lying = BTreeMap::new();
    view.each_event_origin(&EVERYBODY, |event| {
        let name = view.named(&view.identity(event.identity)?)?;
        lying.insert((event.batch, event.line.line), name.to_string());
        Ok::<_, onefold::store::StoreError>(())
    })
    .unwrap();
    lying
}

fn delete(world: &World, batch: BatchId) {
    let writer = world.writer();
    ingest::delete_batches(&writer, &[batch]).unwrap();
    writer.commit().unwrap();
    world.check();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn moved_events_lie_where_an_import_under_the_present_settings_puts_them(
        events in prop::collection::vec(happened(), 1..8),
        deliveries in prop::collection::vec(prop::collection::vec((0usize..8, 0u8..2), 1..8), 1..4),
        before in rules(),
        after in rules(),
        gone in 0usize..4,
    ) {
        let texts: Vec<String> = deliveries
            .iter()
            .map(|rows| rows.iter().map(|row| line(&events, *row)).collect::<Vec<_>>().join("\n"))
            .collect();
        let (mut world, mut direct) = (World::new(), World::new());
        for text in &texts {
            deliver(&mut world, &before, text);
            deliver(&mut direct, &after, text);
        }
        let then = lying(&world);
        change(&world, |writer| after.set(writer));
        let (misplaced, moved) = rekey(&world, Resolution::Write);
        prop_assert_eq!(misplaced, moved);
        let (now, expected) = (lying(&world), lying(&direct));
        for (row, identity) in &now {
            // Who is refused under the present settings stays.
            let belongs = expected.get(row).unwrap_or(&then[row]);
            prop_assert_eq!(identity, belongs, "{:?}", row);
        }
        let writer = world.writer();
        writer.set_rekey_pending(Pending::Yes).unwrap();
        writer.commit().unwrap();
        prop_assert_eq!(resolve(&world, Resolution::DryRun).misplaced_events, 0);
        if now.keys().ne(expected.keys()) {
            return Ok(());
        }
        prop_assert_eq!(world.portrait(), direct.portrait());
        // From here on both live alike.
        let again = &texts[gone % texts.len()];
        prop_assert_eq!(
            deliver(&mut world, &after, again),
            deliver(&mut direct, &after, again)
        );
        let batch = BatchId((gone % texts.len()) as u32 + 1);
        delete(&world, batch);
        delete(&direct, batch);
        prop_assert_eq!(world.portrait(), direct.portrait(), "without {:?}", batch);
    }
}
