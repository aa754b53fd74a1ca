//! Files of every kind, whole and broken, read from memory.

use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::PathBuf;

use super::*;
use crate::ingest::Row;
use crate::ingest::plan::Partial;
use crate::ingest::row::ReadProgress;
use crate::ingest::{Embedded, Known, PlanOptions, Unidentified, plan};
use crate::model::Operation;

mod broken;
mod fuzz;
mod hostile;
mod shapes;
mod tables;
mod threads;

/// What a sink was given.
#[derive(Debug, Default, PartialEq)]
struct Heard {
    rows: Vec<Row>,
    rejected: Vec<Rejected>,
    limit: Option<usize>,
}

impl Sink for Heard {
    fn accept(&mut self, row: &mut Row, text: &[u8]) -> Result<ControlFlow<()>, IngestError> {
        assert_eq!(text.len() as u64, row.length);
        self.rows.push(row.clone());
        Ok(match self.limit {
            Some(limit) if self.rows.len() >= limit => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        })
    }

    fn reject(&mut self, rejected: Rejected) -> Result<(), IngestError> {
        self.rejected.push(rejected);
        Ok(())
    }

    fn progress(&mut self, _: &ReadProgress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl Heard {
    fn bodies(&self) -> Vec<&str> {
        self.rows.iter().map(|row| row.body.as_str()).collect()
    }

    fn lines(&self) -> Vec<u64> {
        self.rows.iter().map(|row| row.line.line).collect()
    }

    /// Line and reason of every refused row.
    fn refusals(&self) -> Vec<(u64, String)> {
        let refusal = |rejected: &Rejected| (rejected.line.line, rejected.reason.to_string());
        self.rejected.iter().map(refusal).collect()
    }
}

/// A plan over these files, which are given in the order of their names.
fn planned(
    files: &[(&str, &[u8])],
    options: &PlanOptions,
) -> Result<Vec<DatasetPlan>, IngestError> {
    let options = PlanOptions {
        folder: Arc::new(Embedded::new(files.iter().copied())),
        ..options.clone()
    };
    let has_manifest = files.iter().any(|(name, _)| *name == "x/onefold.toml");
    let paths: Vec<PathBuf> = if has_manifest {
        vec!["x".into()]
    } else {
        files.iter().map(|(name, _)| name.into()).collect()
    };
    plan(&paths, &options, &Known::default()).map(|plan| plan.datasets)
}

fn keep() -> PlanOptions {
    PlanOptions {
        unidentified: Some(Unidentified::Keep),
        ..PlanOptions::default()
    }
}

/// Reads one file with conventions only; rows without identity are kept.
fn read_file(name: &str, bytes: &[u8]) -> (Heard, Result<Outcome, IngestError>) {
    let plans = planned(&[(name, bytes)], &keep()).unwrap();
    let mut heard = Heard::default();
    let outcome = read(&plans[0], 2, &mut heard);
    (heard, outcome)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

const A: &str = r#"{"a":1.50}"#;
const B: &str = r#"{"a":"x]}"}"#;

/// Two rows on these lines, however the text is packed.
fn check_two(name: &str, text: &str, lines: &[u64]) {
    for bytes in [
        text.as_bytes().to_vec(),
        gzip(text.as_bytes()),
        zstd::encode_all(text.as_bytes(), 1).unwrap(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        text.replace('\n', "\r\n").into_bytes(),
    ] {
        let (heard, outcome) = read_file(name, &bytes);
        let outcome = outcome.unwrap();
        assert_eq!(heard.bodies(), [A, B], "{text}");
        assert_eq!(heard.lines(), lines, "{text}");
        assert_eq!((outcome.rows, outcome.rejected), (2, 0), "{text}");
        assert_eq!(outcome.files[0].bytes, bytes.len() as u64);
        assert_eq!(outcome.files[0].hash, xxhash_rust::xxh3::xxh3_128(&bytes));
    }
}

#[test]
fn json_in_every_container_gives_the_same_rows() {
    let (a, b) = (A, B);
    check_two("x.jsonl", &format!("{a}\n\n  \n {b} \n"), &[1, 4]);
    check_two("x.jsonl", &format!("{a}\n{b}"), &[1, 2]);
    check_two("x.json", &format!("{a}\n{b}\n"), &[1, 2]);
    check_two("x.json", &format!("[{a},\n{b}]"), &[1, 2]);
    check_two("x.json", &format!("\n[\n  {a}\n  ,\n  {b}\n]\n"), &[3, 5]);
}

#[test]
fn pages_of_every_kind_give_their_rows() {
    let (a, b) = (A, B);
    check_two(
        "x.json",
        &format!("{{\"children\":[{a},{b}],\"_page\":{{\"n\":[{{}}]}}}}"),
        &[1, 1],
    );
    check_two(
        "x.json",
        &format!("{{\"_page\":{{\"results\":[0]}},\"results\" : [{a}\n,{b}]}}"),
        &[1, 2],
    );
    check_two("x.json", &format!("[{a}]\n[{b}]"), &[1, 2]);
    check_two(
        "x.json",
        &format!("{{\"entities\":{{\"1\":{a},\n\"k\\\"}}\" : {b}}},\"n\":{{}}}}"),
        &[1, 2],
    );
    let pages = format!(
        "{{\"results\":[{a}],\"next\":null}}\n{{\"results\":[]}}\n{{\"entities\":{{}}}}\n{{\"results\":[{b}]}}\n"
    );
    check_two("x.jsonl", &pages, &[1, 4]);
    check_two("x.json", &pages, &[1, 4]);
    check_two(
        "x.json",
        &format!("{{\"batch\":[{a},{b}],\"sentAt\":1}}"),
        &[1, 1],
    );
    check_two("x.txt", &format!("{a}\n{b}\n"), &[1, 2]);
}

#[test]
fn one_object_is_one_row_as_it_is_written() {
    let text = "{\n  \"children\": {\"a\": [1]},\n  \"b\": 1e400\n}";
    let (heard, outcome) = read_file("x.json", text.as_bytes());
    assert_eq!(outcome.unwrap().rows, 1);
    assert_eq!(heard.bodies(), [text]);
    let person = r#"{"person":{},"children":[{"name":"Mia"}]}"#;
    assert_eq!(read_file("x.json", person.as_bytes()).0.bodies(), [person]);
    for row in [
        r#"{"entities":{"a":1}}"#,
        r#"{"entities":{"a":[{}],"b":{}}}"#,
        r#"{"userId":"u","messages":[{"a":1}]}"#,
        r#"{"x":{"entities":{"a":{}}}}"#,
    ] {
        assert_eq!(read_file("x.json", row.as_bytes()).0.bodies(), [row]);
    }
}

#[test]
fn offsets_and_lengths_lead_back_to_the_row() {
    let text = "\u{feff}  {\"a\":1}  \n[]\n{\"b\":\"é\"}\r\n";
    let (heard, _) = read_file("x.jsonl", text.as_bytes());
    let part = |offset: u64, length: u64| &text[offset as usize..(offset + length) as usize];
    let rows: Vec<_> = heard
        .rows
        .iter()
        .map(|row| part(row.offset, row.length))
        .collect();
    assert_eq!(rows, [r#"{"a":1}"#, r#"{"b":"é"}"#]);
    assert_eq!(heard.refusals(), [(2, "not a JSON object".to_owned())]);
    assert_eq!(
        part(heard.rejected[0].offset, heard.rejected[0].length),
        "[]"
    );
}

#[test]
fn an_xdm_event_has_its_identities_time_id_and_type() {
    let text = r#"[{"_id":"e1","timestamp":"2022-11-15T12:47:52Z","eventType":"commerce.purchases",
        "identityMap":{"ECID":[{"id":"66","primary":true}],"CRM":[{"id":12345678901234567890},{"id":null},{}]}},
        {"xdm:timestamp":"2022-11-15T12:47:52+01:00","xdm:identityMap":{"Em\u0061il":[{"xdm:id":"a\n"}]},"xdm:eventType":"x"}]"#;
    let plans = planned(&[("web.json", text.as_bytes())], &PlanOptions::default()).unwrap();
    assert_eq!(plans[0].kind, crate::model::DatasetKind::Event);
    let mut heard = Heard::default();
    read(&plans[0], 1, &mut heard).unwrap();
    let row = &heard.rows[0];
    let named: Vec<_> = row
        .mentions
        .iter()
        .map(|m| (&*m.namespace, m.value.as_str(), m.is_primary))
        .collect();
    assert_eq!(
        named,
        [("ECID", "66", true), ("CRM", "12345678901234567890", false)]
    );
    assert_eq!(row.id.as_deref(), Some("e1"));
    assert_eq!(row.kind.as_deref(), Some("commerce.purchases"));
    assert_eq!(
        row.timestamp.unwrap().to_string(),
        "2022-11-15T12:47:52.000Z"
    );
    let row = &heard.rows[1];
    assert_eq!(
        (&*row.mentions[0].namespace, row.mentions[0].value.as_str()),
        ("Email", "a\n")
    );
    assert_eq!(
        row.timestamp.unwrap().to_string(),
        "2022-11-15T11:47:52.000Z"
    );
    assert_eq!((row.kind.as_deref(), row.id.as_deref()), (Some("x"), None));
}

const CRM: &str = r#"
        [[dataset]]
        name = "crm"
        kind = "record"
        files = ["*.jsonl"]
        upsert = true
        primary = "crm"
        [dataset.identities]
        _org.ids.crm = "CRM"
        "emails.address" = { namespace = "Email", normalise = ["trim", "lower"] }
        [dataset.fields]
        first = "person.name.firstName"
        changed = "extSourceSystemAudit.lastUpdatedDate"
        [dataset.nulls]
        any = ["NULL"]
    "#;

#[test]
fn a_manifest_maps_paths_moves_fields_and_names_the_primary() {
    let rows = r#"{"first":"Ana","_org":{"ids":{"crm":7}},"emails":[{"address":" A@X "},{"address":"NULL"}],"changed":"2024-01-01"}
{"_org":{"ids":{"crm":"NULL"}},"emails":{"address":"b@x"},"changed":"soon"}"#;
    let files: [(&str, &[u8]); 2] = [
        ("x/onefold.toml", CRM.as_bytes()),
        ("x/a.jsonl", rows.as_bytes()),
    ];
    let plans = planned(&files, &PlanOptions::default()).unwrap();
    let mut heard = Heard::default();
    read(&plans[0], 2, &mut heard).unwrap();
    assert_eq!(
        heard.bodies(),
        [
            r#"{"person":{"name":{"firstName":"Ana"}},"_org":{"ids":{"crm":7}},"emails":[{"address":" A@X "},{"address":"NULL"}],"extSourceSystemAudit":{"lastUpdatedDate":"2024-01-01"}}"#,
            r#"{"_org":{"ids":{"crm":null}},"emails":{"address":"b@x"},"extSourceSystemAudit":{"lastUpdatedDate":"soon"}}"#,
        ]
    );
    let values = |row: &Row| {
        row.mentions
            .iter()
            .map(|m| m.value.clone())
            .collect::<Vec<_>>()
    };
    let (first, second) = (&heard.rows[0], &heard.rows[1]);
    assert_eq!(
        (values(first), first.primary),
        (vec!["7".into(), "a@x".into()], Some(0))
    );
    assert_eq!((values(second), second.primary), (vec!["b@x".into()], None));
    assert_eq!(
        first.customer_time.unwrap().to_string(),
        "2024-01-01T00:00:00.000Z"
    );
    assert_eq!(second.customer_time, None);
    assert_eq!(
        second.warnings[0].to_string(),
        "`extSourceSystemAudit.lastUpdatedDate`: \"soon\" is no time; it stays as it is"
    );
    assert_eq!(first.operation, Operation::Merge);
}

#[test]
fn an_event_without_a_readable_time_is_refused() {
    let manifest = "[[dataset]]\nname='e'\nkind='event'\nfiles=['e.jsonl']\ntime='at'\n[dataset.identities]\nu='U'";
    let rows = "{\"u\":1,\"at\":\"2014\"}\n{\"u\":1}\n{\"u\":1,\"at\":\"XXX\"}\n{\"u\":1,\"at\":{}}\n{\"at\":\"2014\"}\n{\"u\":true,\"at\":2014}";
    let files: [(&str, &[u8]); 2] = [
        ("x/onefold.toml", manifest.as_bytes()),
        ("x/e.jsonl", rows.as_bytes()),
    ];
    let plans = planned(&files, &PlanOptions::default()).unwrap();
    let mut heard = Heard::default();
    let outcome = read(&plans[0], 2, &mut heard).unwrap();
    assert_eq!(heard.lines(), [1]);
    assert_eq!(
        heard.rows[0].warnings[0].to_string(),
        "`at`: a bare year is taken as its first of January"
    );
    let lines: Vec<_> = heard.refusals();
    assert_eq!(
        lines[0],
        (
            2,
            "an event needs a time, and `at` is missing or empty".into()
        )
    );
    assert_eq!(lines[1], (3, "`at`: \"XXX\" is no time".into()));
    assert_eq!(lines[2], (4, "`at`: \"an object\" is no time".into()));
    assert!(lines[3].0 == 5 && lines[3].1.starts_with("no identity in this row"));
    assert_eq!((lines[4].0, outcome.rows, outcome.rejected), (6, 6, 5));
}

#[test]
fn rows_without_identity_are_kept_on_request_under_a_name_that_stays() {
    let (heard, _) = read_file("x.jsonl", b"{}\n\n{\"identityMap\":null}\n");
    let mentions: Vec<_> = heard
        .rows
        .iter()
        .map(|row| row.mentions[0].value.as_str())
        .collect();
    assert_eq!(mentions, ["x/1", "x/3"]);
    assert_eq!(&*heard.rows[0].mentions[0].namespace, "_row");
}
