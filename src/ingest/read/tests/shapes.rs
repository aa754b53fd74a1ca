//! Rows of every shape, read as files without a mapping.

use super::*;
use crate::model::DatasetKind;

/// A row in words: `namespace:value*` for each identity (`*` is primary), then `@time`, `=type`, `#id`, as far as it has them.
fn told(row: &Row) -> String {
    let mark = |is_primary| if is_primary { "*" } else { "" };
    let mentions = row.mentions.iter();
    let mut words: Vec<_> = mentions
        .map(|m| format!("{}:{}{}", m.namespace, m.value, mark(m.is_primary)))
        .collect();
    let time = row.timestamp.or(row.customer_time);
    words.extend(time.map(|time| format!("@{time}")));
    words.extend(row.kind.as_ref().map(|kind| format!("={kind}")));
    words.extend(row.id.as_ref().map(|id| format!("#{id}")));
    words.join(" ")
}

/// The datasets of a file with their rows in words.
fn read_shape(text: &str, options: &PlanOptions) -> Vec<(String, DatasetKind, Heard)> {
    let plans = planned(&[("x.json", text.as_bytes())], options).unwrap();
    let read = |plan: &DatasetPlan| {
        let mut heard = Heard::default();
        let outcome = read(plan, 2, &mut heard).unwrap();
        assert_eq!(
            outcome.rows as usize,
            heard.rows.len() + heard.rejected.len()
        );
        (plan.name.clone(), plan.kind, heard)
    };
    plans.iter().map(read).collect()
}

/// A file of one row, whose body must be a part of the text as it stands there.
fn check(text: &str, kind: DatasetKind, body: &str, expected: &str) {
    let datasets = read_shape(text, &keep());
    let [(_, found, heard)] = datasets.as_slice() else {
        panic!("{text} should make one dataset");
    };
    assert_eq!(*found, kind, "{text}");
    assert_eq!(heard.refusals(), [], "{text}");
    assert_eq!(heard.bodies(), [body], "{text}");
    assert_eq!(told(&heard.rows[0]), expected, "{text}");
}

use DatasetKind::{Event, Record};

#[test]
fn xdm_names_identities_in_every_old_and_new_way() {
    let whole = |text: &str, kind, expected: &str| check(text, kind, text, expected);
    whole(
        r#"{"xdm:identityMap":{"Email":[{"id":"a@x","primary":"true"}]},"n":007.0e1}"#
            .replace("007.0e1", "12345678901234567890")
            .as_str(),
        Record,
        "Email:a@x*",
    );
    whole(
        r#"{"identities":[{"namespace":{"code":"Email"},"id":"a@x","primary":true},{"xdm:namespace":{"xdm:code":"ECID"},"xdm:id":66}]}"#,
        Record,
        "Email:a@x* ECID:66",
    );
    whole(
        r#"{"xdm:identities":[{"namespace":{"@id":"https://ns/4"},"id":"9"},{"id":"none"}],"identities":null}"#,
        Record,
        "https://ns/4:9",
    );
    whole(
        r#"{"endUserIDs":{"_experience":{"aaid":{"id":"2-3"},"mcid":{"id":"66","namespace":{"code":"ECID"},"primary":true},"emailid":{"id":"a@x"},"x9":{"id":"1"}}},"timestamp":"2024-01-01"}"#,
        Event,
        "AAID:2-3 ECID:66* Email:a@x X9:1 @2024-01-01T00:00:00.000Z",
    );
    whole(
        r#"{"xdm:endUserIDs":{"https://ns.adobe.com/experience/mcid":{"@id":"https://d/1","xdm:namespace":{"xdm:code":"ECID"}}},"xdm:timestamp":1700000000,"@id":"e","xdm:eventType":"t"}"#,
        Event,
        "ECID:https://d/1 @2023-11-14T22:13:20.000Z =t #e",
    );
    whole(
        r#"{"@id":"e","_id":"f","timestamp":"2024-01-01","identityMap":{}}"#,
        Event,
        "_row:x/1* @2024-01-01T00:00:00.000Z #f",
    );
}

#[test]
fn what_came_in_an_envelope_is_the_entity_byte_for_byte() {
    let record = r#"{ "n":1.0, "identityMap":{"E":[{"id":"1"}]} }"#;
    let event = r#"{"timestamp":"2024-01-01","identityMap":{"E":[{"id":"1"}]}}"#;
    let wrap = |text: &str, kind, entity: &str, expected: &str| {
        check(&text.replace('$', entity), kind, entity, expected);
    };
    let timed = "E:1 @2024-01-01T00:00:00.000Z";
    wrap(
        r#"{"header":{"timestamp":"x"},"body":{"xdmMeta":{},"xdmEntity":$}}"#,
        Record,
        record,
        "E:1",
    );
    wrap(
        r#"[{"body":{"xdmMeta":{},"xdmEntity":$}}]"#,
        Event,
        event,
        timed,
    );
    wrap(r#"{"xdmMeta":{},"xdmEntity":$}"#, Event, event, timed);
    wrap(
        r#"{"messages":[{"header":{},"body":{"xdmEntity":$}}]}"#,
        Event,
        event,
        timed,
    );
    wrap(r#"{"path":"p.json","instance":$}"#, Record, record, "E:1");
    wrap(
        r#"{"entityId":"G1","sources":["a"],"entity":$,"lastModifiedAt":"2024-01-01"}"#,
        Record,
        record,
        timed,
    );
    wrap(
        r#"{"children":[{"relatedEntityId":"G1","entityId":"e1","timestamp":1704067200000,"entity":$}],"_links":{}}"#,
        Event,
        r#"{"identityMap":{"E":[{"id":"1"}]}}"#,
        "E:1 @2024-01-01T00:00:00.000Z #e1",
    );
    wrap(
        r#"{"entityId":"G1","identityGraph":["G1","G2"],"entity":$}"#,
        Record,
        r#"{"a":1}"#,
        "XID:G1 XID:G1 XID:G2",
    );
    wrap(
        r#"{"entities":{"G1":{"entityId":"G1","entity":$}}}"#,
        Record,
        record,
        "E:1",
    );
}

#[test]
fn calls_have_their_identities_best_time_and_name() {
    let whole = |text: &str, kind, expected: &str| check(text, kind, text, expected);
    whole(
        r#"{"type":"track","event":"Signed Up","userId":"u","anonymousId":"a","messageId":"m","timestamp":"2014","context":{"device":{"id":7},"traits":{"email":"a@x"},"externalIds":[{"id":"9","type":"crm"},{"id":"b@x","type":"email"}]}}"#,
        Event,
        "userId:u* anonymousId:a deviceId:7 Email:a@x crm:9 Email:b@x @2014-01-01T00:00:00.000Z =Signed Up #m",
    );
    whole(
        r#"{"anonymousId":"a","userId":null,"type":"page","event":"x","name":"Home","sentAt":"2024-01-02","originalTimestamp":"2024-01-01","receivedAt":"2024-01-03"}"#,
        Event,
        "anonymousId:a* @2024-01-01T00:00:00.000Z =page",
    );
    whole(
        r#"{"type":"track","userId":"u","timestamp":"XXX","receivedAt":"2024-01-03"}"#,
        Event,
        "userId:u* @2024-01-03T00:00:00.000Z =track",
    );
    whole(
        r#"{"type":"alias","previousId":"p","userId":"u"}"#,
        Event,
        "anonymousId:p userId:u* =alias",
    );
    whole(
        r#"{"type":"identify","userId":"u","traits":{"email":"a@x"},"timestamp":"XXX"}"#,
        Record,
        "userId:u* Email:a@x =identify",
    );
}

#[test]
fn a_call_whose_times_are_all_unreadable_is_refused_and_one_that_falls_back_is_told() {
    let text = r#"[{"type":"track","userId":"u","timestamp":"XXX","sentAt":"never"},{"type":"track","userId":"u","timestamp":"XXX","sentAt":"2024"}]"#;
    let datasets = read_shape(text, &PlanOptions::default());
    let heard = &datasets[0].2;
    assert_eq!(
        heard.refusals(),
        [(1, "`timestamp`: \"XXX\" is no time".to_owned())]
    );
    let said: Vec<_> = heard.rows[0]
        .warnings
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        said,
        [
            "`timestamp`: \"XXX\" is no time; it stays as it is",
            "`sentAt`: a bare year is taken as its first of January"
        ]
    );
}

const MIXED: &str = r#"{"type":"track","userId":"u","timestamp":"2014"}
{"type":"identify","userId":"u","traits":{"a":1}}
nonsense
{"type":"\u0069dentify","userId":"u"}
{"userId":"u","timestamp":"2014"}
{"type":"identify","userId":"u","traits":{"a":"\ud800"}}
"#;

#[test]
fn a_file_of_records_and_events_makes_two_datasets_and_each_row_comes_once() {
    let datasets = read_shape(MIXED, &keep());
    let lines: Vec<_> = datasets
        .iter()
        .map(|(name, kind, heard)| (name.as_str(), *kind, heard.lines(), heard.refusals().len()))
        .collect();
    assert_eq!(
        lines,
        [
            ("x", Event, vec![1, 5], 1),
            ("x_identify", Record, vec![2, 4], 1)
        ]
    );
    let one = PlanOptions {
        kind: Some(Event),
        ..keep()
    };
    assert_eq!(read_shape(MIXED, &one).len(), 1);
}

#[test]
fn a_mapping_leaves_nothing_to_be_found_out_but_the_conventions() {
    let row = r#"{"identities":[{"namespace":{"code":"Email"},"id":"a@x"}],"identityMap":{"E":[{"id":"1"}]}}"#;
    let manifest = "[[dataset]]\nname='x'\nfiles=['*.jsonl']\n";
    let files: [(&str, &[u8]); 2] = [
        ("x/onefold.toml", manifest.as_bytes()),
        ("x/a.jsonl", row.as_bytes()),
    ];
    let plans = planned(&files, &PlanOptions::default()).unwrap();
    let mut heard = Heard::default();
    read(&plans[0], 1, &mut heard).unwrap();
    assert_eq!(told(&heard.rows[0]), "E:1");
}
