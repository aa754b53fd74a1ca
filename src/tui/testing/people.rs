//! A small invented world, and what the worker would answer about it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::model::{
    BatchId, Candidate, ConsentAlarm, Hit, Identity, Leaf, Match, MergePolicy, Miss, Moment,
    Origin, Path, PolicyName, Profile, ProfileAnswer, Rule, SearchAnswer, SourceFiles, SourceLine,
    Superseded,
};
use crate::worker::{Answer, Question};

use super::imports::{imported, refused, taken_back};
use super::plans::plan;

use super::lists;

/// Name, e-mail, identities, events, last event.
const PEOPLE: [(&str, &str, u64, u64, &str); 7] = [
    (
        "Maya Okafor",
        "maya@example.com",
        17,
        1842,
        "2026-11-20T07:58:40Z",
    ),
    (
        "Maya Okafor-Bell",
        "m.bell@example.com",
        6,
        201,
        "2026-11-19T09:00:00Z",
    ),
    (
        "Amaya Okafo",
        "amaya.o@example.org",
        3,
        40,
        "2026-11-17T09:00:00Z",
    ),
    (
        "岡部 Maya",
        "okabe@example.net",
        4,
        77,
        "2026-11-08T09:00:00Z",
    ),
    (
        "José Martínez",
        "jose@example.com",
        2,
        9,
        "2026-10-23T09:00:00Z",
    ),
    ("Zoë Grün", "zoe@example.org", 1, 0, ""),
    (
        "Tunde Ade",
        "tunde@example.com",
        9,
        12_044,
        "2021-03-01T09:00:00Z",
    ),
];

/// A moment.
pub fn at(text: &str) -> Moment {
    Moment::parse(text).expect(text)
}

/// The policies of the world.
pub fn policies() -> Vec<MergePolicy> {
    let crm = MergePolicy {
        id: "crm-first".into(),
        name: "CRM first".into(),
        method: "dataSetPrecedence".into(),
        order: ["crm", "loyalty", "web"].map(String::from).to_vec(),
        is_default: false,
        ..MergePolicy::latest_wins()
    };
    vec![MergePolicy::latest_wins(), crm]
}

/// What the worker would answer.
pub fn answer(question: &Question) -> Result<Answer, String> {
    Ok(match question {
        Question::Search { query, offset, .. } => Answer::Search(search(query, *offset)?),
        Question::Everybody { query, .. } if query == "everybody" => {
            return Err("1204318 profiles match; narrow the query".into());
        }
        Question::Everybody { query, .. } => everybody(query)?,
        Question::Recent { offset, .. } => Answer::Search(search("", *offset)?),
        Question::Profile {
            identity, policy, ..
        } => Answer::Profile(match identity.value.as_str() {
            "nobody" => Err(Box::new(Miss::Unknown {
                identity: identity.clone(),
                nearest: vec![person(0), person(1)],
            })),
            _ => Ok(Box::new(profile(identity, policy))),
        }),
        Question::Policies => Answer::Policies(policies()),
        Question::Plan(paths) if paths.iter().any(|path| path.ends_with("gone.csv")) => {
            return Err("gone.csv: there is no such file".into());
        }
        Question::Plan(_) => plan(),
        Question::Import(..) | Question::ImportSample => Answer::Import(imported()),
        Question::SaveMap { file, .. } => Answer::MapSaved(file.clone()),
        Question::Refused(_) => Answer::Refused(refused()),
        Question::DeleteBatches(_) => Answer::Deleted(Box::new(taken_back())),
        other => return lists::answer(other),
    })
}

/// No store at all.
pub fn no_store(_question: &Question) -> Result<Answer, String> {
    Err(
        "there is no store at /data/onefold.db; `onefold import` or `onefold demo` makes one"
            .into(),
    )
}

/// A store that holds nothing.
pub fn nothing(question: &Question) -> Result<Answer, String> {
    match question {
        Question::Search { .. } | Question::Recent { .. } => {
            Ok(Answer::Search(page("", 0, Vec::new())))
        }
        other => answer(other),
    }
}

/// The canonical identity of a person.
pub fn person(number: u64) -> Identity {
    Identity::new("CRMID", format!("C-{}", 1001 + number))
}

fn search(query: &str, offset: u64) -> Result<SearchAnswer, String> {
    if let Some(column) = query.find(':').filter(|at| query.len() == at + 1) {
        return Err(format!(
            "expected a value after \":\" (column {})",
            column + 2
        ));
    }
    let words = query.to_lowercase();
    let word = words.split(':').next_back().unwrap_or_default().trim();
    let hits: Vec<Hit> = (0..PEOPLE.len() as u64)
        .map(|number| hit(number, query))
        .filter(|hit| {
            hit.name
                .as_deref()
                .unwrap_or_default()
                .to_lowercase()
                .contains(word)
                || query.contains(':')
        })
        .collect();
    Ok(match query {
        "everybody" => {
            let rows = offset..(offset + 200).min(1_204_318);
            page(
                query,
                1_204_318,
                rows.map(|number| hit(number, "")).collect(),
            )
        }
        _ => page(query, hits.len() as u64, hits),
    })
    .map(|page| SearchAnswer { offset, ..page })
}

/// Those who match, then the others.
fn everybody(query: &str) -> Result<Answer, String> {
    let mut answer = search(query, 0)?;
    let matching = answer.total;
    let others = search("", 0)?.profiles.into_iter();
    let known = answer.profiles.clone();
    let is_other = |hit: &Hit| known.iter().all(|known| known.entity_id != hit.entity_id);
    answer.profiles.extend(others.filter(is_other));
    answer.total = answer.profiles.len() as u64;
    Ok(Answer::Everybody(answer, matching))
}

fn page(query: &str, total: u64, profiles: Vec<Hit>) -> SearchAnswer {
    SearchAnswer {
        query: query.into(),
        policy: "Latest wins".into(),
        total,
        exact: true,
        elapsed_ms: 1.2,
        offset: 0,
        notes: Vec::new(),
        profiles,
    }
}

fn hit(number: u64, query: &str) -> Hit {
    let (name, email, identities, events, seen) = PEOPLE[number as usize % PEOPLE.len()];
    let matched = match query.split_once(':') {
        Some((path, value)) => vec![Match {
            path: path.into(),
            value: json!(value),
            winning: number.is_multiple_of(2),
        }],
        None => Vec::new(),
    };
    Hit {
        entity_id: person(number),
        name: (number % 7 != 5).then(|| name.into()),
        email: Some(email.into()),
        identities,
        events,
        last_event: Moment::parse(seen),
        matched,
    }
}

/// Maya's profile under a policy; whoever is asked for, it is hers.
pub fn profile(identity: &Identity, policy: &str) -> ProfileAnswer {
    let leaves = leaves(policy);
    let mut entity = json!({});
    for leaf in &leaves {
        let mut place = &mut entity;
        for key in leaf.path.keys() {
            place = &mut place[key.as_str()];
        }
        *place = leaf.value.clone();
    }
    let identities: BTreeSet<Identity> = [
        identity.clone(),
        Identity::new("Email", "maya@example.com"),
        Identity::new("Email", "m.okafor@example.com"),
        Identity::new("ECID", "38412907561234567890123456789012345678"),
        Identity::new("Phone", "+234 555 0142"),
        Identity::new("IDFA", "5C1E88F0-0000-4000-8000-000000000000"),
    ]
    .into();
    ProfileAnswer {
        entity_id: identity.clone(),
        requested: identity.clone(),
        policy: policies()
            .iter()
            .find(|known| known.id == policy)
            .map_or_else(
                || PolicyName::from(&MergePolicy::latest_wins()),
                PolicyName::from,
            ),
        identities: identities.into_iter().collect(),
        profile: Profile {
            entity: entity.as_object().cloned().unwrap_or_default(),
            leaves,
            sources: ["crm", "loyalty", "web"].map(Arc::from).to_vec(),
            consent_alarms: vec![ConsentAlarm {
                path: "/consents/marketing/sms".into(),
                value: json!({"val": "n"}),
                dataset: "preferences".into(),
                at: at("2026-11-19T00:00:00Z"),
            }],
            last_modified_at: Some(at("2026-11-20T02:00:00Z")),
        },
        sources: ["crm", "loyalty", "web"].map(Arc::from).to_vec(),
        event_count: 1842,
        first_seen: Some(at("2021-04-09T10:00:00Z")),
        first_event: Some(at("2021-04-09T10:00:00Z")),
        last_event: Some(at("2026-11-20T07:58:40Z")),
        hidden_events: 12,
        fragments: 7,
        files: files(),
    }
}

fn leaves(policy: &str) -> Vec<Leaf> {
    let consent = |val: &str| json!({"val": val, "time": "2026-11-16T08:00:00Z", "reason": "form"});
    let plain = |path: &str, value: Value, dataset: &str, batch: u32| {
        leaf(path, value, Rule::OnlyCandidate, dataset, batch)
    };
    let interests = json!(["bags", "ankara", "shoes"]);
    vec![
        plain("person.name.firstName", json!("Maya"), "crm", 3),
        plain("person.name.lastName", json!("Okafor"), "crm", 3),
        plain("person.birthDate", json!("1991-06-03"), "loyalty", 2),
        email(policy),
        phone(),
        plain("homeAddress.city", json!("Lagos"), "web", 4),
        plain("homeAddress.postalCode", json!("100001"), "web", 4),
        plain("loyalty.tier", json!("gold"), "loyalty", 4),
        plain("loyalty.points", json!(12_400), "loyalty", 4),
        leaf("interests", interests, Rule::Union, "web", 4),
        plain("consents.marketing.email", consent("y"), "preferences", 4),
        plain("consents.marketing.sms", consent("y"), "crm", 3),
        plain("consents.marketing.push", consent("n"), "preferences", 2),
    ]
}

/// Another address wins under each policy.
fn email(policy: &str) -> Leaf {
    let (crm, loyalty) = (
        ("maya@example.com", "crm", 3),
        ("m.okafor@example.com", "loyalty", 4),
    );
    let (won, lost, rule) = match policy {
        "crm-first" => (crm, loyalty, Rule::DatasetOrder),
        _ => (loyalty, crm, Rule::NewestFragment),
    };
    Leaf {
        conflict: true,
        candidates: vec![
            candidate(json!(lost.0), lost.1, lost.2),
            candidate(json!(won.0), "web", 2),
        ],
        superseded: vec![Superseded {
            value: json!("m.ok@example.net"),
            origin: origin("crm", 1),
            taken_over: true,
        }],
        ..leaf("personalEmail.address", json!(won.0), rule, won.1, won.2)
    }
}

fn phone() -> Leaf {
    let number = json!("+234 555 0142");
    Leaf {
        conflict: true,
        tie: true,
        candidates: vec![candidate(json!("+234 555 0199"), "web", 4)],
        ..leaf("mobilePhone.number", number, Rule::Tie, "loyalty", 4)
    }
}

/// A leaf without anything special.
pub fn leaf(path: &str, value: Value, rule: Rule, dataset: &str, batch: u32) -> Leaf {
    Leaf {
        path: path.parse::<Path>().expect("every text is a path"),
        value,
        rule,
        conflict: false,
        tie: false,
        same_import: false,
        winner: origin(dataset, batch),
        candidates: Vec::new(),
        superseded: Vec::new(),
    }
}

fn candidate(value: Value, dataset: &str, batch: u32) -> Candidate {
    Candidate {
        value,
        origin: origin(dataset, batch),
    }
}

fn origin(dataset: &str, batch: u32) -> Origin {
    Origin {
        dataset: dataset.into(),
        identity: Arc::new(person(0)),
        batch: BatchId(batch),
        line: SourceLine {
            file: 0,
            line: u64::from(batch) * 1_002,
        },
        ingested_at: at(&format!("2026-11-{:02}T21:40:07Z", 10 + batch * 2)),
        customer_time: (dataset == "crm").then(|| at("2026-11-01T00:00:00Z")),
    }
}

/// The files that the batches of these answers read.
fn files() -> Arc<SourceFiles> {
    let file = |name: &str| vec![format!("drop/{name}")];
    Arc::new(SourceFiles::new([
        (BatchId(1), file("crm.csv")),
        (BatchId(2), file("loyalty.json")),
        (BatchId(3), file("crm-2.csv")),
        (BatchId(4), file("web.jsonl.gz")),
    ]))
}
