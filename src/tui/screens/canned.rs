//! What the tests of screens are answered: one invented person, her graph, her events, three policies.

mod compare;

use std::sync::Arc;

use crate::model::*;
use crate::worker::{Answer, Question};
use compare::{compare, population};
use serde_json::{Value, json};

/// A moment.
pub fn at(text: &str) -> Moment {
    Moment::parse(text).expect(text)
}

/// An identity.
pub fn id(text: &str) -> Identity {
    text.parse().expect(text)
}

/// The answer to any question.
pub fn answer(question: &Question) -> Result<Answer, String> {
    Ok(match question {
        Question::Graph { .. } => Answer::Graph(Ok(graph())),
        Question::Why { a, b } => Answer::Why(Ok(why(a, b.as_ref()))),
        Question::Events {
            offset,
            limit,
            filter,
            ..
        } => Answer::Events(Ok(events(filter, *offset, *limit))),
        Question::Compare { policies, .. } => Answer::Compare(Ok(compare(policies))),
        Question::Population { policies } => Answer::Population(Box::new(population(policies))),
        Question::Stats { .. } => Answer::Stats(Box::new(stats())),
        Question::Policies
        | Question::SavePolicy(_)
        | Question::DefaultPolicy(_)
        | Question::DeletePolicy(_) => Answer::Policies(policies()),
        _ => return Err("nobody is asked this here".into()),
    })
}

/// Two people who share a browser.
pub fn graph() -> GraphAnswer {
    use NamespaceKind::{Cookie, CrossDevice, Email, Phone};
    let identities = [
        ("CRMID:C-1001", CrossDevice, 1, 0, 2),
        ("CRMID:C-2044", CrossDevice, 1, 0, 1),
        ("Email:maya@example.com", Email, 2, 12, 1),
        ("Email:tunde@example.com", Email, 2, 8, 0),
        ("Phone:+2345550142", Phone, 3, 0, 0),
        ("ECID:41bd0e", Cookie, 5, 1_842, 0),
        ("ECID:9f2c71", Cookie, 5, 61, 0),
    ];
    let links = [
        ("CRMID:C-1001", "Email:maya@example.com", 7),
        ("CRMID:C-1001", "Phone:+2345550142", 3),
        ("CRMID:C-2044", "Email:tunde@example.com", 1),
        ("ECID:41bd0e", "Email:maya@example.com", 53),
        ("ECID:41bd0e", "Email:tunde@example.com", 8),
        ("ECID:9f2c71", "Email:maya@example.com", 2),
    ];
    let mut links: Vec<_> = links.iter().map(|(a, b, seen)| link(a, b, *seen)).collect();
    links.push(GraphLink {
        removed: Some(LinkEnd {
            reason: Removal::Unique {
                namespace: "loyaltyId".into(),
                a: "88-3310".into(),
                b: "90-0001".into(),
            },
            at: at("2026-11-18T21:40:07Z"),
            by: Some(("web_events".into(), 5, 88_123)),
        }),
        is_bridge: false,
        ..link("Email:maya@example.com", "loyaltyId:90-0001", 1)
    });
    GraphAnswer {
        identity: id("CRMID:C-1001"),
        identities: identities
            .iter()
            .map(|(text, kind, priority, events, fragments)| GraphIdentity {
                identity: id(text),
                kind: *kind,
                priority: Some(*priority),
                first_seen: at("2021-04-09T08:00:00Z"),
                last_seen: at("2026-11-20T08:00:00Z"),
                datasets: vec!["crm".into(), "web_events".into()],
                events: *events,
                fragments: *fragments,
            })
            .collect(),
        links,
    }
}

/// A link that holds its graph together, seen so often.
fn link(a: &str, b: &str, seen: u64) -> GraphLink {
    GraphLink {
        a: id(a),
        b: id(b),
        removed: None,
        first_established: at("2026-11-18T21:39:02Z"),
        last_updated: at("2026-11-20T09:58:40Z"),
        seen,
        is_bridge: true,
        sources: vec![LinkSource {
            dataset: "web_events".into(),
            batch: 4,
            file: "web_events.ndjson".into(),
            line: 88,
            last_line: 88 + seen,
            seen,
            at: at("2026-11-20T09:00:00Z"),
        }],
    }
}

fn why(a: &Identity, b: Option<&Identity>) -> WhyAnswer {
    let hop = |a: &str, b: &str, line: u64| Hop {
        a: id(a),
        b: id(b),
        dataset: "web_events".into(),
        batch: 4,
        file: "web_events.ndjson".into(),
        line,
        at: at("2026-11-20T09:00:00Z"),
    };
    match b {
        Some(b) if b.namespace == a.namespace => WhyAnswer::Apart {
            reason: "the link that would join them was removed: loyaltyId is unique per graph: 88-3310 and 90-0001".into(),
            removed: graph().links.into_iter().filter(|link| link.removed.is_some()).collect(),
        },
        Some(_) => WhyAnswer::Linked {
            path: vec![
                hop("CRMID:C-1001", "Email:maya@example.com", 12),
                hop("ECID:41bd0e", "Email:maya@example.com", 88),
            ],
        },
        None => WhyAnswer::Links {
            links: vec![hop("CRMID:C-1001", "Email:maya@example.com", 12)],
        },
    }
}

/// How many events there are, before any filter.
pub const EVENTS: u64 = 1_842;

/// Event number `place` of all, newest first: six hours lie between two.
fn event(place: u64) -> Event {
    let newest = at("2026-11-20T09:58:40Z");
    let (kind, channel, body) = match place % 4 {
        0 => (
            "web.webpagedetails.pageViews",
            "web",
            json!({"web": {"webPageDetails": {"name": "Sale", "URL": "https://shop.example.com/sale?page=2"}}}),
        ),
        1 => (
            "commerce.purchases",
            "store",
            json!({"commerce": {"order": {"priceTotal": 42_000.5, "currencyCode": "NGN"}},
                   "productListItems": [{"name": "Ankara tote", "SKU": "8812"}, {"SKU": "9120"}]}),
        ),
        2 => (
            "email.opened",
            "email",
            json!({"campaign": {"name": "Your points"}}),
        ),
        _ => ("heartbeat", "web", json!({})),
    };
    Event {
        id: Some(format!("e-{place}")),
        timestamp: Moment(newest.0 - place as i64 * 6 * 3_600_000),
        kind: Some(Arc::from(kind)),
        dataset: "web_events".into(),
        channel: Some(Arc::from(channel)),
        identity: Arc::new(id("ECID:41bd0e")),
        batch: BatchId(4),
        file: "web.jsonl".into(),
        line: SourceLine {
            file: 0,
            line: EVENTS - place,
        },
        ingested_at: at("2026-11-20T09:59:00Z"),
        body: Body::new(body.to_string()),
    }
}

fn events(filter: &crate::worker::EventFilter, offset: u64, limit: u64) -> EventsAnswer {
    let wanted = filter.kind.as_deref().map(|kind| kind.trim_matches('*'));
    let all: Vec<Event> = (0..EVENTS)
        .map(event)
        .filter(|event| filter.since.is_none_or(|since| event.timestamp >= since))
        .filter(|event| filter.until.is_none_or(|until| event.timestamp <= until))
        .filter(|event| {
            let kind = event.kind.as_deref().unwrap_or_default();
            wanted.is_none_or(|wanted| kind.contains(wanted))
        })
        .collect();
    EventsAnswer {
        identity: id("CRMID:C-1001"),
        total: all.len() as u64,
        offset,
        hidden: 4,
        events: all
            .into_iter()
            .skip(offset as usize)
            .take(limit as usize)
            .collect(),
    }
}

/// Three policies, the default first.
pub fn policies() -> Vec<MergePolicy> {
    let policy = |id: &str, name: &str, order: &[&str]| MergePolicy {
        id: id.into(),
        name: name.into(),
        is_default: false,
        method: "dataSetPrecedence".into(),
        order: order.iter().map(|name| (*name).to_owned()).collect(),
        ..MergePolicy::latest_wins()
    };
    vec![
        MergePolicy::latest_wins(),
        policy("crm-first", "CRM first", &["crm", "loyalty", "web_events"]),
        MergePolicy {
            stitching: Stitching::None,
            ..policy("loyalty-first", "Loyalty first", &["loyalty", "crm"])
        },
    ]
}

fn leaf(path: &str, value: Value, dataset: &str, loser: Option<(Value, &str)>) -> Leaf {
    let origin = |dataset: &str| Origin {
        dataset: dataset.into(),
        identity: Arc::new(id("CRMID:C-1001")),
        batch: BatchId(2),
        line: SourceLine {
            file: 0,
            line: 88_123,
        },
        ingested_at: at("2026-11-18T21:40:07Z"),
        customer_time: None,
    };
    Leaf {
        path: path.parse().expect("every text is a path"),
        rule: match loser {
            Some(_) => Rule::DatasetOrder,
            None => Rule::OnlyCandidate,
        },
        conflict: loser.is_some(),
        tie: false,
        same_import: false,
        winner: origin(dataset),
        candidates: loser
            .map(|(value, dataset)| Candidate {
                value,
                origin: origin(dataset),
            })
            .into_iter()
            .collect(),
        superseded: Vec::new(),
        value,
    }
}

fn profile(policy: PolicyName) -> ProfileAnswer {
    let is_crm = policy.id == "crm-first";
    let (mine, other) = ("maya@example.com", "m.okafor@example.com");
    let (value, dataset, loser) = if is_crm {
        (mine, "crm", (json!(other), "loyalty"))
    } else {
        (other, "loyalty", (json!(mine), "crm"))
    };
    let email = leaf("personalEmail.address", json!(value), dataset, Some(loser));
    let mut leaves = vec![
        leaf("person.name.firstName", json!("Maya"), "crm", None),
        email,
        leaf("loyalty.points", json!(12_400), "loyalty", None),
    ];
    if is_crm {
        leaves.push(leaf("nickname", json!("May"), "crm", None));
    }
    ProfileAnswer {
        entity_id: id("CRMID:C-1001"),
        requested: id("CRMID:C-1001"),
        policy,
        identities: vec![id("CRMID:C-1001"), id("Email:maya@example.com")],
        profile: Profile {
            leaves,
            ..Profile::default()
        },
        sources: vec!["crm".into(), "loyalty".into()],
        event_count: if is_crm { 204 } else { EVENTS },
        first_seen: None,
        first_event: None,
        last_event: None,
        hidden_events: 0,
        fragments: 2,
        files: std::sync::Arc::default(),
    }
}

/// A small store.
pub fn stats() -> StatsAnswer {
    let dataset = |name: &str, kind, fragments, events| DatasetTotals {
        name: name.into(),
        kind,
        channel: Some("web".into()),
        batches: 3,
        fragments,
        events,
        last_ingested: Some(at("2026-11-20T08:00:00Z")),
    };
    let overlap = |names: &[&str], profiles| Overlap {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        profiles,
    };
    StatsAnswer {
        profiles: 1_204,
        identities: 5_310,
        links: 4_402,
        fragments: 2_811,
        events: 96_318,
        datasets: vec![
            dataset("crm", DatasetKind::Record, 1_100, 0),
            dataset("loyalty", DatasetKind::Record, 711, 0),
            dataset("web_events", DatasetKind::Event, 0, 96_318),
        ],
        profiles_by_namespace: [("CRMID", 1_100), ("ECID", 903), ("Email", 1_010)]
            .map(|(name, profiles)| (name.to_owned(), profiles))
            .into(),
        namespace_overlap: vec![overlap(&["CRMID", "Email"], 610), overlap(&["ECID"], 92)],
        dataset_overlap: vec![overlap(&["crm", "web_events"], 500)],
        single_identity_profiles: 120,
        largest_graphs: vec![(id("CRMID:C-1001"), 17), (id("Email:tunde@example.com"), 9)],
        conflicts: vec![
            ("personalEmail.address".parse().expect("a path"), 31),
            ("loyalty.tier".parse().expect("a path"), 4),
        ],
        suspects: vec![Suspect {
            entity_id: id("CRMID:C-2044"),
            reason: "two persons share a browser".into(),
        }],
        resolve_pending: true,
    }
}
