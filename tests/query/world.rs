//! A profile with its events, as a store would hand it to a query.

use std::sync::Arc;

use onefold::merge::{Ingredients, fold};
use onefold::model::{
    BatchId, Body, Event, Fragment, Identity, ImportId, MergePolicy, Moment, Operation, Profile,
    SourceLine, Version,
};
use onefold::query::{Context, Outcome, Reach, Subject, evaluate, parse};

const CRM: &str = r#"{
    "person": {"name": {"firstName": "Ana", "lastName": "Martínez"}, "birthDate": "1990-05-02"},
    "loyalty": {"tier": "gold", "points": 1200, "balance": "70.50"},
    "homeAddress": {"city": "New York", "street1": "Main St"},
    "interests": ["ski", "golf"],
    "devices": [{"model": "X", "token": "t1"}],
    "consents": {"marketing": {"any": {"val": "y"}, "email": {"val": "y"}}},
    "note": "a:b,c (d)", "empty": []
}"#;
const WEB: &str = r#"{
    "loyalty": {"tier": "silver"},
    "mobilePhone": {"number": "+43 (664) 123-45"},
    "personalEmail": {"address": "sophie.leroy@example.com"}
}"#;

/// One profile with everything around it.
pub struct World {
    pub profile: Profile,
    pub identities: Vec<Identity>,
    pub datasets: Vec<Arc<str>>,
    pub kinds: Vec<Arc<str>>,
    pub events: Vec<Event>,
}

pub const NAMESPACES: [&str; 3] = ["CRMID", "Email", "ECID"];

pub fn context() -> Context<'static> {
    Context {
        namespaces: &NAMESPACES,
        now: moment("2024-06-01"),
    }
}

pub fn moment(text: &str) -> Moment {
    Moment::read(text).expect(text)
}

impl World {
    pub fn new() -> World {
        let names = ["CRMID:C-1001", "Email:ana@example.com", "ECID:0815"];
        let identities: Vec<Identity> = names.iter().filter_map(|n| n.parse().ok()).collect();
        let fragments = [
            fragment("crm", &identities[0], 2, CRM),
            fragment("web", &identities[1], 1, WEB),
        ];
        let ingredients = Ingredients {
            requested: &identities[1],
            cluster: &identities,
            fragments: &fragments,
        };
        World {
            profile: fold(&ingredients, &MergePolicy::latest_wins()),
            events: vec![
                event(
                    "2024-03-01",
                    "commerce.purchases",
                    r#"{"eventType":"commerce.purchases","total":80,"sku":"boots"}"#,
                ),
                event(
                    "2023-03-01",
                    "purchase",
                    r#"{"total":20,"identityMap":{"ECID":[{"id":"0815"}]}}"#,
                ),
            ],
            identities,
            datasets: vec!["crm".into(), "web".into(), "web-events".into()],
            kinds: vec!["commerce.purchases".into(), "purchase".into()],
        }
    }

    pub fn asked(&self, query: &str, reach: Reach) -> Option<Outcome> {
        let read = parse(query, &context()).unwrap_or_else(|error| panic!("{query}: {error}"));
        let subject = Subject {
            profile: &self.profile,
            identities: &self.identities,
            fragments: 2,
            event_count: 55,
            datasets: &self.datasets,
            first: Some(moment("2024-02-01T12:00:00Z")),
            last: Some(moment("2024-05-20T12:00:00Z")),
            event_kinds: &self.kinds,
            events: &self.events,
        };
        evaluate(&read.expr, &subject, reach)
    }
}

fn fragment(dataset: &str, identity: &Identity, batch: u32, body: &str) -> Fragment {
    Fragment {
        dataset: dataset.into(),
        identity: Arc::new(identity.clone()),
        priority: 1,
        versions: vec![Version {
            batch: BatchId(batch),
            import: ImportId(batch),
            line: SourceLine::default(),
            ingested_at: Moment(i64::from(batch)),
            touches: Vec::new(),
            customer_time: None,
            operation: Operation::Create,
            body: Body::new(body),
            secondary: Vec::new(),
        }],
    }
}

pub fn event(at: &str, kind: &str, body: &str) -> Event {
    Event {
        id: None,
        timestamp: moment(at),
        kind: Some(kind.into()),
        dataset: "web-events".into(),
        channel: None,
        identity: Arc::new(Identity::new("Email", "ana@example.com")),
        batch: BatchId(1),
        file: "web.jsonl".into(),
        line: SourceLine::default(),
        ingested_at: Moment(1),
        body: Body::new(body),
    }
}
