//! A plan of an import, as the worker would describe it.

use crate::model::{
    Confidence, FieldRole, FileFacts, GluedValue, PlanAnswer, PlannedDataset, PlannedField,
    PlannedIdentity,
};
use crate::worker::Answer;

/// A field of a plan: source, identity, role, path, sample, share of the rows in percent, and how sure that is.
type Seen = (
    &'static str,
    &'static str,
    FieldRole,
    &'static str,
    &'static str,
    u8,
    (u8, &'static str),
);

fn planned_field(
    (source, namespace, role, path, sample, filled, (percent, reason)): Seen,
) -> PlannedField {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    PlannedField {
        source: source.into(),
        identity: some(namespace).map(|namespace| PlannedIdentity {
            namespace,
            normalise: vec!["trim".into()],
        }),
        role,
        dates: None,
        path: some(path),
        samples: vec![sample.into()],
        filled: f64::from(filled) / 100.0,
        opinion: Confidence {
            percent,
            reason: reason.into(),
        },
    }
}

const FIELDS: [Seen; 7] = [
    (
        "crm_id",
        "CRMID",
        FieldRole::Plain,
        "",
        "C-1001",
        100,
        (
            95,
            "named like the key of a person, 1,002 values, none twice",
        ),
    ),
    (
        "email",
        "Email",
        FieldRole::Plain,
        "personalEmail.address",
        "maya@example.com",
        99,
        (98, "looks like an e-mail in 998 of 1,000 rows"),
    ),
    (
        "first",
        "",
        FieldRole::Plain,
        "person.name.firstName",
        "Maya",
        100,
        (95, "by its name; 100 % of the values are words"),
    ),
    (
        "phone",
        "Phone",
        FieldRole::Plain,
        "mobilePhone.number",
        "+234 555 0142",
        88,
        (99, "named like a phone, digits of one in all 883 rows"),
    ),
    (
        "tier",
        "",
        FieldRole::Plain,
        "loyalty.tier",
        "gold",
        41,
        (
            90,
            "by its name; 100 % of the values are a few different words",
        ),
    ),
    (
        "updated_at",
        "",
        FieldRole::Time,
        "",
        "2026-11-18 21:40:07",
        100,
        (99, "named like a time, a time in all 1,002 rows"),
    ),
    ("note", "", FieldRole::Plain, "", "wrote twice", 12, (0, "")),
];

/// A table of customers, with a value that would glue some of them.
pub fn plan() -> Answer {
    let dataset = PlannedDataset {
        name: "crm".into(),
        guessed: true,
        kind_opinion: Confidence {
            percent: 80,
            reason: "one row for each person, and nothing that happened".into(),
        },
        rows_sampled: 1_002,
        bytes_sampled: 91_204,
        files: vec![FileFacts {
            name: "crm.csv".into(),
            format: "CSV".into(),
            packing: Some("gzip".into()),
            bytes: Some(18_411),
        }],
        primary: Some("CRMID".into()),
        fields: FIELDS.map(planned_field).to_vec(),
        glued: vec![GluedValue {
            source: "phone".into(),
            namespace: "Phone".into(),
            written: "000-000-0000".into(),
            value: "0000000000".into(),
            rows: 37,
            of: 1_002,
            persons: Some(("crm_id".into(), 37)),
        }],
        ..PlannedDataset::default()
    };
    Answer::Plan(Box::new(PlanAnswer {
        datasets: vec![dataset],
        notes: vec!["notes.txt is no dataset and is left alone".into()],
    }))
}
