//! CSV and its relatives.

use super::*;

fn check(name: &str, text: &str, bodies: &[&str], refused: &[(u64, &str)]) {
    let (heard, outcome) = read_file(name, text.as_bytes());
    assert_eq!(heard.bodies(), bodies, "{text:?}");
    let owned = |(line, why): &(u64, &str)| (*line, (*why).to_owned());
    let expected: Vec<_> = refused.iter().map(owned).collect();
    assert_eq!(heard.refusals(), expected, "{text:?}");
    let outcome = outcome.unwrap();
    assert_eq!(outcome.rows as usize, bodies.len() + refused.len());
}

const OPEN: &str = "a quoted value is not closed, or has a quote in it that is not doubled";

#[test]
fn delimiters_are_found_out() {
    let expected = [r#"{"id":"1","name":"a,b;c"}"#, r#"{"id":"2","name":""}"#];
    check("x.csv", "id,name\n1,\"a,b;c\"\n2,\n", &expected, &[]);
    check("x.csv", "id;name\n1;\"a,b;c\"\n2;\n", &expected, &[]);
    check("x.tsv", "id\tname\n1\ta,b;c\n2\t\n", &expected, &[]);
    check("x.txt", "id|name\r\n1|a,b;c\r\n2|", &expected, &[]);
}

#[test]
fn a_table_without_a_header_has_columns_by_number() {
    let expected = [
        r#"{"column_1":"7.5","column_2":"Ana"}"#,
        r#"{"column_1":"8.5","column_2":"Ben"}"#,
    ];
    check("x.csv", "7.5,Ana\n8.5,Ben", &expected, &[]);
    check("x.csv", "\r\n7.5;Ana\r\n8.5;Ben\r\n", &expected, &[]);
    let (heard, _) = read_file("x.csv", b"7.5,Ana\n8.5,Ben\n");
    assert_eq!(heard.lines(), [1, 2]);
}

#[test]
fn line_ends_of_every_kind_end_rows() {
    let expected = [r#"{"a":"1","b":"2"}"#, r#"{"a":"3","b":"4"}"#];
    check("x.csv", "a,b\r\n1,2\r\n\r\n3,4", &expected, &[]);
    check("x.csv", "a,b\r1,2\r3,4\r", &expected, &[]);
    check(
        "x.csv",
        "\u{feff}\"a\",b\n1,2\n   \n3,4\n\n",
        &expected,
        &[],
    );
    let quoted = [r#"{"a":"x\ny","b":"\"q\""}"#];
    check("x.csv", "a,b\n\"x\ny\",\"\"\"q\"\"\"\n", &quoted, &[]);
}

#[test]
fn rows_of_the_wrong_width_are_refused() {
    let sound = [r#"{"a":"3","b":"4"}"#];
    let short = "1 values where the header names 2 columns";
    let long = "3 values where the header names 2 columns";
    check(
        "x.csv",
        "a,b\n1\n3,4\n5,6,\n",
        &sound,
        &[(2, short), (4, long)],
    );
}

#[test]
fn a_quote_that_does_not_fit_costs_one_line() {
    let sound = r#"{"a":"3","b":"4"}"#;
    let after = r#"{"a":"5","b":"x"}"#;
    check("x.csv", "a,b\n1,\"open\n3,4\n", &[sound], &[(2, OPEN)]);
    check(
        "x.csv",
        "a,b\n1,\"open\n3,4\n5,\"x\"\n",
        &[sound, after],
        &[(2, OPEN)],
    );
    check(
        "x.csv",
        "a,b\n1,\"He said \"hi\" to\"\n3,4\n",
        &[sound],
        &[(2, OPEN)],
    );
    check("x.csv", "a,b\n3,4\n1,\"", &[sound], &[(3, OPEN)]);
}

#[test]
fn a_quote_within_a_plain_value_is_a_letter() {
    let expected = [r#"{"a":"5\" nail","b":"x"}"#];
    check("x.csv", "a,b\n5\" nail,x\n", &expected, &[]);
}

#[test]
fn odd_headers_have_names_that_differ() {
    let expected = [r#"{"a":"1","column 2":"2","a 2":"3"}"#];
    let thrice = [r#"{"a":"1","a 2":"2","a 3":"3","a 2 2":"4"}"#];
    check("x.csv", "a,a,a,a 2\n1,2,3,4\n", &thrice, &[]);
    check("x.csv", "a,,a\n1,2,3\n", &expected, &[]);
    check(
        "x.csv",
        "a.b,$ref\n1,2\n",
        &[r#"{"a.b":"1","$ref":"2"}"#],
        &[],
    );
}

#[test]
fn nuls_and_control_characters_are_kept() {
    let expected = ["{\"a\":\"1\\u0000\",\"b\":\"\\u001b[31m\u{202e}\"}"];
    check("x.csv", "a,b\n1\u{0},\u{1b}[31m\u{202e}\n", &expected, &[]);
}

#[test]
fn bytes_that_are_no_text_cost_their_row() {
    let (heard, _) = read_file("x.csv", b"a,b\n1,\xff\n3,4\n");
    assert_eq!(heard.lines(), [3]);
    let refusal = (2, "byte 3 of the row is not valid UTF-8".to_owned());
    assert_eq!(heard.refusals(), [refusal]);
}

const ORDERS: &str = r#"
    [[dataset]]
    name = "orders"
    kind = "event"
    files = ["*.csv"]
    time = "order_date"
    id = "order_no"
    timezone = "Europe/Vienna"
    encoding = "latin1"
    ingested = "loaded"
    [dataset.identities]
    "customer.email" = "Email"
    phone = { namespace = "Phone", normalise = "digits" }
    [dataset.fields]
    kind = "eventType"
    "customer.email" = "personalEmail.address"
    [dataset.nulls]
    any = [""]
    phone = ["unknown"]
"#;

#[test]
fn a_mapping_reads_columns_and_nothing_becomes_null() {
    let csv = b"order_no,order_date,customer.email,phone,kind,loaded\n\
        1,2024-07-01 12:00,zo\xeb@x,+43 1,buy,2024-08-01\n\
        2,2024-10-27 02:30,,unknown,,\n\
        3,2024-07-01,a@x,unknown,,2024-08-02\n\
        4,2024-07-01,a@x,,,\n";
    let files: [(&str, &[u8]); 2] = [("x/onefold.toml", ORDERS.as_bytes()), ("x/o.csv", csv)];
    let plans = planned(&files, &PlanOptions::default()).unwrap();
    let mut heard = Heard::default();
    read(&plans[0], 2, &mut heard).unwrap();
    let row = &heard.rows[0];
    assert_eq!(
        row.body,
        r#"{"order_no":"1","order_date":"2024-07-01 12:00","personalEmail":{"address":"zoë@x"},"phone":"+43 1","eventType":"buy","loaded":"2024-08-01"}"#
    );
    let values: Vec<_> = row.mentions.iter().map(|m| m.value.as_str()).collect();
    assert_eq!(values, ["zoë@x", "431"]);
    assert_eq!(row.id.as_deref(), Some("1"));
    assert_eq!(row.kind.as_deref(), Some("buy"));
    let time = |moment: Option<crate::model::Moment>| moment.unwrap().to_string();
    assert_eq!(time(row.timestamp), "2024-07-01T10:00:00.000Z");
    assert_eq!(time(row.ingested), "2024-07-31T22:00:00.000Z");
    assert_eq!(heard.rejected[0].reason, Reason::Unidentified);
    let field = "loaded".to_owned();
    assert_eq!(heard.rejected[1].reason, Reason::NoMoment { field });
    assert_eq!(heard.rows[1].mentions.len(), 1);
    assert!(heard.rows[1].body.contains(r#""phone":null"#));
}
