//! What is written down is read again as it was.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;

use super::mapping_text;
use crate::ingest::{DatasetPlan, Embedded, Known, Mapping, Plan, PlanOptions, plan};
use crate::model::DatasetKind;

fn planned(files: &[(&str, &str)], path: &str, map: Option<&str>) -> Plan {
    let options = PlanOptions {
        folder: Arc::new(Embedded::new(files.iter().copied())),
        map: map.map(PathBuf::from),
        ..PlanOptions::default()
    };
    plan(&[path.into()], &options, &Known::default()).unwrap()
}

/// Name, kind, channel and mapping of a dataset, and the hash of all that decides how its rows are read.
type ReadAs = (String, DatasetKind, Option<String>, Mapping, u128);

fn read_as(plan: &Plan) -> Vec<ReadAs> {
    let dataset = |dataset: &DatasetPlan| {
        (
            dataset.name.clone(),
            dataset.kind,
            dataset.channel.clone(),
            dataset.mapping.clone(),
            dataset.fingerprint(),
        )
    };
    plan.datasets.iter().map(dataset).collect()
}

/// Plans a folder, writes the plan down, and holds the plan of what is written against it.
fn check(files: &[(&str, &str)]) {
    let guessed = planned(files, "d", None);
    let text = mapping_text(&guessed, Path::new("d"));
    let mut with_manifest = files.to_vec();
    with_manifest.push(("d/onefold.toml", &text));
    assert_eq!(
        read_as(&planned(&with_manifest, "d", None)),
        read_as(&guessed),
        "{text}"
    );
    if let ([(file, _)], [_]) = (files, guessed.datasets.as_slice()) {
        with_manifest.pop();
        with_manifest.push(("m.toml", &text));
        assert_eq!(
            read_as(&planned(&with_manifest, file, Some("m.toml"))),
            read_as(&guessed),
            "{text}"
        );
    }
}

#[test]
fn a_plan_is_written_with_its_reasons() {
    let table = "crm_id,e-mail,seen\nC1,a@x.at,1\nC2,n/a,2\nC3,b@x.at,3\n";
    let text = mapping_text(&planned(&[("d/crm.csv", table)], "d", None), Path::new("d"));
    assert_eq!(
        text,
        r#"# What onefold understood; edit it, and import with it: --map with this file's name.

# d/crm.csv
[[dataset]]
name = "crm"
kind = "record"   # 90 %: no column is the time of an event
channel = "crm"
files = ["crm.csv"]
primary = "CRMID"

[dataset.identities]
"crm_id" = { namespace = "CRMID", normalise = ["trim"] }   # 95 %: named like the key of a person, 3 values, none twice
"e-mail" = { namespace = "Email", normalise = ["trim", "lower"] }   # 99 %: looks like an e-mail in all 2 rows

[dataset.fields]
"e-mail" = "personalEmail.address"   # 99 %: looks like an e-mail in all 2 rows
# "seen" keeps its place

[dataset.nulls]
"e-mail" = ["n/a"]
"#
    );
}

#[test]
fn several_datasets_become_a_manifest() {
    let orders = "order_id,user_id,order_date\n1,1,2024-01-01\n2,1,2024-01-02\n";
    let users = "id,email\n1,a@x.at\n2,b@x.at\n";
    let nested = "{\"a.b\":{\"mail\":\"a@x.at\"},\"\":1}\n{\"a.b\":{\"mail\":\"b@x.at\"}}\n";
    check(&[
        ("d/orders.csv", orders),
        ("d/users.csv", users),
        ("d/n.jsonl", nested),
    ]);
}

const IDENTIFY: &str = r#"{"type":"identify","messageId":"1","userId":"u1","traits":{"email":"a@x.at"},"timestamp":"2024-01-01T00:00:00Z"}"#;
const TRACK: &str = r#"{"type":"track","messageId":"2","anonymousId":"a1","event":"Order","timestamp":"2024-01-02T00:00:00Z"}"#;
const PERSON: &str = r#"{"identityMap":{"Email":[{"id":"a@x.at"}]}}"#;
const EVENT: &str =
    r#"{"_id":"1","timestamp":"2024-01-02T00:00:00Z","identityMap":{"Email":[{"id":"a@x.at"}]}}"#;

#[test]
fn a_file_of_a_shape_is_read_again_by_it() {
    let in_entity = |row: &str| format!(r#"{{"entityId":"x","entity":{row}}}"#);
    let in_envelope = |row: &str| format!(r#"{{"header":{{}},"body":{{"xdmEntity":{row}}}}}"#);
    let in_instance = |row: &str| format!(r#"{{"path":"p","instance":{row}}}"#);
    for rows in [
        vec![IDENTIFY.to_owned()],
        vec![TRACK.to_owned()],
        vec![IDENTIFY.to_owned(), TRACK.to_owned()],
        vec![PERSON.to_owned(), EVENT.to_owned()],
        vec![EVENT.to_owned()],
        [PERSON, EVENT].map(in_entity).to_vec(),
        [PERSON].map(in_entity).to_vec(),
        [PERSON, EVENT].map(in_envelope).to_vec(),
        [EVENT].map(in_envelope).to_vec(),
        [PERSON, EVENT].map(in_instance).to_vec(),
    ] {
        check(&[("d/app.jsonl", &rows.join("\n"))]);
    }
}

#[test]
fn records_and_events_of_a_file_are_two_datasets_of_its_shape() {
    let rows = [IDENTIFY, TRACK].join("\n");
    let planned = planned(&[("d/app.jsonl", &rows)], "d", None);
    let text = mapping_text(&planned, Path::new("d"));
    assert_eq!(text.matches("shape = \"segment\"").count(), 2, "{text}");
    assert_eq!(text.matches("files = [\"app.jsonl\"]").count(), 2, "{text}");
    assert!(text.contains("upsert = true"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_understood_is_read_again_as_it_was(
        names in prop::collection::vec("[a-z_.\\\\\"'#=\\[\\]\u{7f}\u{1}äλ \n]{1,12}|email|phone|id|user_id|order_id|updated_at|date|city|any|identities", 1..6),
        stem in "[a-z][a-z .'#]{0,7}",
    ) {
        let mut table = String::from("email");
        for name in &names {
            let _ = write!(table, ",\"{}\"", name.replace('"', "\"\""));
        }
        table.push('\n');
        for row in 0..4 {
            let _ = write!(table, "p{row}@x.at");
            for (place, name) in names.iter().enumerate() {
                let value = match name.as_str() {
                    "date" | "updated_at" => format!("2024-01-0{}", row + 1),
                    _ if row == 2 => "NULL".to_owned(),
                    _ => format!("{place}{row}"),
                };
                let _ = write!(table, ",{value}");
            }
            table.push('\n');
        }
        let path = format!("d/{stem}.csv");
        check(&[(&path, &table)]);
    }
}
