//! Files that break off, rows that are no rows, and bytes that mean harm.

use super::*;

fn refusals(name: &str, text: &[u8]) -> (Vec<u64>, Vec<(u64, String)>) {
    let (heard, outcome) = read_file(name, text);
    let outcome = outcome.unwrap();
    assert_eq!(
        outcome.rows,
        (heard.rows.len() + heard.rejected.len()) as u64
    );
    assert_eq!(outcome.rejected, heard.rejected.len() as u64);
    (heard.lines(), heard.refusals())
}

#[test]
fn a_bad_line_costs_that_row() {
    let check = |line: &[u8], expected: &str| {
        let text = [b"{\"a\":1}\n", line, b"\n{\"a\":3}\n"].concat();
        let (lines, refused) = refusals("x.jsonl", &text);
        assert_eq!(lines, [1, 3], "{expected}");
        assert_eq!(refused, [(2, expected.to_owned())]);
    };
    check(
        b"{\"a\":1",
        "not valid JSON: EOF while parsing an object at byte 6",
    );
    check(b"{\"a\":\"\xff\"}", "byte 7 of the row is not valid UTF-8");
    check(b"{\"a\":NaN}", "not valid JSON: expected value at byte 6");
    check(
        b"{\"a\":\"\0\"}",
        "not valid JSON: control character (\\u0000-\\u001F) found while parsing a string at byte 6",
    );
    check(
        b"{\"a\":\"\\ud800\"}",
        r"half of a surrogate pair (\ud800 to \udfff) stands alone in a text",
    );
    check(b"{} {}", "not valid JSON: trailing characters at byte 4");
    check(b"null", "not a JSON object");
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    check(deep.as_bytes(), "nested deeper than 127 levels");
}

#[test]
fn an_empty_file_has_no_rows_and_is_no_error() {
    for name in ["x.jsonl", "x.json", "x.csv", "x.dat"] {
        for text in [&b""[..], b"\n \n", b"\xef\xbb\xbf"] {
            let (heard, outcome) = read_file(name, text);
            assert_eq!((heard.rows.len(), outcome.unwrap().rows), (0, 0), "{name}");
        }
    }
}

#[test]
fn an_array_that_breaks_names_its_place_and_loses_nothing_before_it() {
    let check = |text: &str, rows: usize, place: (u64, u64), what: &str| {
        let (heard, outcome) = read_file("x.json", text.as_bytes());
        let Err(IngestError::Broken {
            line,
            column,
            what: said,
            ..
        }) = outcome
        else {
            panic!("{text} should break: {outcome:?}");
        };
        assert_eq!((line, column), (place.0, Some(place.1)), "{text}");
        assert!(said.contains(what), "{said}");
        assert_eq!(heard.rows.len(), rows, "{text}");
    };
    let unclosed = "[{\"a\":1},{\"a\":\"x},\n{\"a\":\"y\"}]";
    check("[{\"a\":1},\n{\"a\":2},\n{\"a\"", 2, (3, 5), "within a row");
    check("[{\"a\":1},\n{\"a\":2}", 2, (2, 8), "ends without `]`");
    check("[{\"a\":1}\n{\"a\":2}]", 1, (2, 1), "a comma");
    check(unclosed, 1, (1, 15), "not closed");
    check("[{\"a\":1},{\"a\":[1},{}]", 1, (1, 17), "closes none");
    check(
        "[{\"a\":1}]\n}",
        1,
        (2, 1),
        "neither an array nor an object",
    );
    check("{\"results\":[{\"a\":1}", 1, (1, 20), "ends without `]`");
}

#[test]
fn a_bad_row_in_a_sound_array_costs_that_row() {
    let text = "[{\"a\":1},{\"a\":NaN},7,\"x\",{\"a\":1 2},{\"a\":2}]";
    let (heard, outcome) = read_file("x.json", text.as_bytes());
    assert_eq!(heard.bodies(), ["{\"a\":1}", "{\"a\":2}"]);
    assert_eq!((outcome.unwrap().rejected, heard.rejected.len()), (4, 4));
}

#[test]
fn what_breaks_off_is_kept_only_on_request() {
    let line = |n: u64| format!("{{\"a\":{}}}\n", n * n).into_bytes();
    let text: Vec<u8> = (0..50_000).flat_map(line).collect();
    let whole = gzip(&text);
    let cut = &whole[..whole.len() / 2];
    let (heard, outcome) = read_file("x.jsonl.gz", cut);
    let sentence = outcome.unwrap_err().to_string();
    assert!(sentence.contains("--keep-partial"), "{sentence}");
    let options = PlanOptions {
        partial: Partial::Keep,
        ..keep()
    };
    let plans = planned(&[("x.jsonl.gz", cut)], &options).unwrap();
    let mut kept = Heard::default();
    let outcome = read(&plans[0], 2, &mut kept).unwrap();
    assert_eq!(kept.rows.len(), heard.rows.len());
    assert!(!kept.rows.is_empty());
    assert_eq!(outcome.breaks.len(), 1);
    assert_eq!(outcome.files[0].bytes, cut.len() as u64);
}

#[test]
fn the_row_in_which_an_array_breaks_is_a_refused_row() {
    let options = PlanOptions {
        partial: Partial::Keep,
        ..keep()
    };
    let plans = planned(&[("x.json", b"[{\"a\":1},{\"a\"")], &options).unwrap();
    let mut kept = Heard::default();
    let outcome = read(&plans[0], 2, &mut kept).unwrap();
    assert_eq!((outcome.rows, outcome.rejected), (2, 1));
    assert_eq!(kept.rejected[0].reason, Reason::BreaksOff);
    assert_eq!(kept.rejected[0].row, b"{\"a\"");
}

#[test]
fn a_row_over_the_limit_is_refused_and_not_held() {
    let limits = Limits {
        block: 64,
        row: 1000,
    };
    let long = "x".repeat(100_000);
    let check = |name: &str, text: &str, lines: [u64; 2], refused: u64| {
        let plans = planned(&[(name, text.as_bytes())], &keep()).unwrap();
        let mut heard = Heard::default();
        read_with(&plans[0], 1, limits, &mut heard).unwrap();
        assert_eq!(heard.lines(), lines, "{name}");
        assert_eq!(heard.rejected.len(), 1, "{name}");
        let rejected = &heard.rejected[0];
        assert_eq!(rejected.line.line, refused);
        assert!(matches!(rejected.reason, Reason::TooLong { length } if length >= 100_000));
        assert!(rejected.row.len() < 1200 && !rejected.row.is_empty());
    };
    let line = format!("{{}}\n{{\"a\":\"{long}\"}}\n{{}}\n");
    check("x.jsonl", &line, [1, 3], 2);
    let item = format!("[{{}},\n{{\"a\":\"{long}\"}},\n{{}}]");
    check("x.json", &item, [1, 3], 2);
    let plain = format!("a,b\n1,2\n{long},2\n3,4\n");
    check("x.csv", &plain, [2, 4], 3);
    let quoted = format!("a,b\n1,2\n{long},\"\n3,4\n");
    check("x.csv", &quoted, [2, 4], 3);
}

#[test]
fn a_path_that_cannot_be_read_is_said() {
    let options = PlanOptions::default();
    let paths = ["/nowhere/x.csv".into()];
    let error = plan(&paths, &options, &Known::default()).unwrap_err();
    let sentence = error.to_string();
    assert!(
        sentence.starts_with("cannot read /nowhere/x.csv: "),
        "{sentence}"
    );
}
