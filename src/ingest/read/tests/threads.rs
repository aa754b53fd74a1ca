//! Blocks, threads and interruptions change nothing in what is delivered.

use proptest::prelude::*;

use super::*;

/// What a file gives, in blocks of a size and with a number of threads; a failure as its sentence.
fn given(name: &str, bytes: &[u8], block: usize, jobs: usize) -> (Heard, Result<u64, String>) {
    let options = PlanOptions {
        partial: Partial::Keep,
        ..keep()
    };
    let mut heard = Heard::default();
    let plans = match planned(&[(name, bytes)], &options) {
        Ok(plans) => plans,
        Err(error) => return (heard, Err(error.to_string())),
    };
    let limits = Limits {
        block,
        row: 1 << 20,
    };
    let outcome = read_with(&plans[0], jobs, limits, &mut heard);
    let rows = outcome.map(|outcome| outcome.rows);
    (heard, rows.map_err(|error| error.to_string()))
}

/// Bytes that resemble the formats.
fn text() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&str; 15] = [
        "{\"a\":1}",
        "{\"identityMap\":{\"E\":[{\"id\":\"x\"}]}}",
        "\"",
        "\n",
        "\r\n",
        ",",
        ";",
        "[",
        "]",
        "{",
        "}",
        "{\"results\":[",
        "\\",
        "1,\"x\ny\",\"\"",
        "é€\u{1f600}",
    ];
    let piece = prop_oneof![
        12 => proptest::sample::select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => Just(vec![b'x'; 400]),
        1 => proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_bytes_give_the_same_rows_in_any_blocks_and_threads(bytes in text(), block in 1_usize..40) {
        for name in ["x.jsonl", "x.json", "x.csv", "x.tsv.gz"] {
            let (whole, rows) = given(name, &bytes, 1 << 20, 1);
            let (pieces, other_rows) = given(name, &bytes, block, 3);
            prop_assert_eq!(&whole.rows, &pieces.rows, "{}", name);
            prop_assert_eq!(&rows, &other_rows);
            let places = |heard: &Heard| -> Vec<_> {
                heard.rejected.iter().map(|r| (r.line, r.offset, r.length)).collect()
            };
            prop_assert_eq!(places(&whole), places(&pieces), "{}", name);
        }
    }
}

#[test]
fn rows_come_in_the_order_of_the_files_whatever_the_threads() {
    let file = |from: u32| -> Vec<u8> {
        let line = |n| format!("{{\"n\":{n}}}\n").into_bytes();
        (from..from + 20_000).flat_map(line).collect()
    };
    let (a, b) = (file(0), file(20_000));
    let options = PlanOptions {
        dataset: Some("all".into()),
        ..keep()
    };
    let plans = planned(&[("a.jsonl", &a), ("b.jsonl", &b)], &options).unwrap();
    let mut heard = Heard::default();
    let limits = Limits {
        block: 999,
        row: 300,
    };
    read_with(&plans[0], 4, limits, &mut heard).unwrap();
    let expected: Vec<_> = (0..40_000).map(|n| format!("{{\"n\":{n}}}")).collect();
    assert!(heard.bodies() == expected);
    assert_eq!(heard.rows[20_000].line, SourceLine { file: 1, line: 1 });
}

#[test]
fn a_sink_that_has_enough_ends_the_reading() {
    let text = "{\"a\":1}\n".repeat(100_000);
    let plans = planned(&[("a.jsonl", text.as_bytes())], &keep()).unwrap();
    let mut heard = Heard {
        limit: Some(10),
        ..Heard::default()
    };
    let limits = Limits {
        block: 100,
        row: 300,
    };
    let outcome = read_with(&plans[0], 2, limits, &mut heard).unwrap();
    assert_eq!(outcome.ended, Ended::Interrupted);
    assert_eq!(heard.rows.len(), 10);
}
