//! Any bytes, rows and texts: nothing ends the program, no row is lost or comes twice, no body is changed.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::ingest::time::{DateOrder, Habits};
use crate::model::DatasetKind;

fn cases(count: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(asked.unwrap_or(count))
    }
}

/// A value of JSON, as sources write it.
fn value() -> impl Strategy<Value = String> {
    let plain = select(
        &[
            "null",
            "true",
            "0",
            "-1.50e3",
            "12345678901234567890",
            "\"\"",
            "\"x\"",
            "\"identify\"",
            "\"track\"",
            "\"2024-01-01T00:00:00Z\"",
            "\"2014\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud800\"",
            "\"a\\\"]}\"",
            "{}",
            "[]",
        ][..],
    )
    .prop_map(str::to_owned);
    plain.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(" , "))),
            proptest::collection::vec((key(), inner), 0..5).prop_map(|entries| object(&entries)),
        ]
    })
}

/// A key that some shape looks for.
fn key() -> impl Strategy<Value = &'static str> {
    select(
        &[
            "type",
            "userId",
            "anonymousId",
            "previousId",
            "messageId",
            "event",
            "timestamp",
            "sentAt",
            "context",
            "device",
            "id",
            "traits",
            "email",
            "externalIds",
            "identityMap",
            "xdm:identityMap",
            "identities",
            "endUserIDs",
            "_experience",
            "aaid",
            "namespace",
            "code",
            "primary",
            "_id",
            "@id",
            "body",
            "xdmEntity",
            "header",
            "instance",
            "path",
            "entity",
            "entityId",
            "identityGraph",
            "results",
            "entities",
            "children",
            "messages",
            "a",
            "a",
        ][..],
    )
}

fn object(entries: &[(&str, String)]) -> String {
    let entries: Vec<_> = entries
        .iter()
        .map(|(key, value)| format!("\"{key}\":{value}"))
        .collect();
    format!("{{{}}}", entries.join(", "))
}

fn row() -> impl Strategy<Value = String> {
    let entries = proptest::collection::vec((key(), value()), 0..7);
    prop_oneof![
        12 => entries.prop_map(|entries| object(&entries)),
        1 => value(),
        1 => select(&["{", "x", "{\"a\":}", "[1", "\u{0}"][..]).prop_map(str::to_owned),
    ]
}

/// Bodies, each with its place.
type Bodies = Vec<(u64, String)>;

/// The rows of a file over all of its datasets: places, and bodies with their places.
fn all(name: &str, text: &str, options: &PlanOptions) -> Result<(Vec<u64>, Bodies), String> {
    let plans = planned(&[(name, text.as_bytes())], options).map_err(|e| e.to_string())?;
    let (mut places, mut bodies) = (Vec::new(), Vec::new());
    for plan in &plans {
        let mut heard = Heard::default();
        let outcome = read(plan, 2, &mut heard).map_err(|e| e.to_string())?;
        assert_eq!(
            outcome.rows as usize,
            heard.rows.len() + heard.rejected.len()
        );
        places.extend(heard.rows.iter().map(|row| row.offset));
        places.extend(heard.rejected.iter().map(|rejected| rejected.offset));
        // Where a mapping was guessed that moves values, bodies are not what came in.
        if plan.mapping.fields.is_empty() && plan.mapping.nulls.is_empty() {
            bodies.extend(heard.rows.into_iter().map(|row| (row.offset, row.body)));
        }
    }
    places.sort_unstable();
    Ok((places, bodies))
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn rows_of_any_shape_come_once_and_as_they_were(rows in proptest::collection::vec(row(), 1..8)) {
        let partial = PlanOptions { partial: Partial::Keep, ..keep() };
        let lines = rows.join("\n");
        let array = format!("[{}]", rows.join(",\n"));
        for (name, text) in [("x.jsonl", &lines), ("x.json", &array), ("x.json", &lines)] {
            let Ok((places, bodies)) = all(name, text, &partial) else {
                continue;
            };
            prop_assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), places.len(), "{}", text);
            let one = PlanOptions { kind: Some(DatasetKind::Record), ..partial.clone() };
            let (together, _) = all(name, text, &one).unwrap();
            prop_assert_eq!(&places, &together, "{}", text);
            for (offset, body) in bodies {
                let line = text[offset as usize..].to_owned();
                prop_assert!(line.contains(&body), "{} in {}", body, text);
            }
        }
        let count = rows.iter().filter(|row| !row.trim().is_empty()).count();
        if let Ok((places, _)) = all("x.jsonl", &lines, &partial)
            && !lines.contains("\"results\"") && !lines.contains("\"children\"")
            && !lines.contains("\"messages\"") && !lines.contains("\"entities\"") && !lines.starts_with('[')
        {
            prop_assert_eq!(places.len(), count, "{}", lines);
        }
    }

    #[test]
    fn tables_keep_every_row_and_value(
        rows in proptest::collection::vec(proptest::collection::vec("[a-c0-9\"\n\r;,|\t @.é-]{0,6}", 3), 1..6),
        delimiter in select(&[',', ';', '\t', '|'][..]),
    ) {
        let quoted = |value: &String| format!("\"{}\"", value.replace('"', "\"\""));
        let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(&delimiter.to_string());
        let header = ["one", "two", "three"].map(str::to_owned).to_vec();
        let lines: Vec<_> = std::iter::once(&header).chain(&rows).map(line).collect();
        let (heard, outcome) = read_file("x.csv", lines.join("\n").as_bytes());
        prop_assert_eq!(outcome.unwrap().rejected, 0, "{:?}", lines);
        let expected: Vec<_> = rows
            .iter()
            .map(|row| serde_json::json!({"one": row[0], "two": row[1], "three": row[2]}).to_string())
            .collect();
        prop_assert_eq!(heard.bodies(), expected);
    }

    #[test]
    fn any_text_is_a_time_or_is_none(text in "[0-9TZ:.+ eE/-]{0,28}|[0-9]{1,4}/[0-9]{1,2}/[0-9]{1,4}|\\PC{0,12}") {
        let zone = Some(chrono_tz::Europe::Vienna);
        let order = Some(DateOrder::MonthFirst);
        let all = [Habits::default(), Habits { zone, order: None }, Habits { zone, order }];
        let readings = all.map(|habits| crate::ingest::time::read_text(&text, habits));
        for reading in readings.into_iter().flatten() {
            let again = crate::ingest::time::read_text(&reading.moment.to_string(), Habits::default()).unwrap();
            prop_assert_eq!(again.moment, reading.moment, "{}", text);
        }
        // Whatever it says of it, it says something.
        let _ = crate::ingest::time::read_number(&text);
    }

    #[test]
    fn any_manifest_is_read_or_complained_of(pieces in proptest::collection::vec(select(&[
        "[[dataset]]\n", "name = \"a\"\n", "files = [\"*\"]\n", "kind = \"event\"\n", "[dataset.identities]\n",
        "x = \"X\"\n", "\"a.b\" = { namespace = \"E\", normalise = [\"trim\"] }\n", "[store]\n", "max_identities = 5\n",
        "[[namespace]]\n", "code = \"C\"\n", "priority = 0\n", "[[policy]]\n", "[dataset.nulls]\n", "any = [\"\"]\n",
        "= \n", "\"", "[", "\u{0}", "timezone = \"x\"\n", "[dataset.fields]\n", "a = \"b.c\"\n",
    ][..]), 0..14)) {
        let text = pieces.concat();
        if let Err(error) = crate::ingest::Manifest::parse("m.toml", &text, &[]) {
            prop_assert!(error.to_string().contains("m.toml"), "{}", error);
        }
    }
}
