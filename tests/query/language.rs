//! What queries are understood, and what is said of those that are not.

use onefold::query::{Reach, parse};
use proptest::prelude::*;

use super::world::{World, context};

fn check(query: &str, expected: &str) {
    let error = parse(query, &context()).expect_err(query);
    assert_eq!(error.to_string(), expected, "{query}");
}

#[test]
fn brackets_quotes_and_signs_that_do_not_fit_are_told_with_their_column() {
    check("tier:", "expected a value after \":\" (column 6)");
    check("ana tier: x", "expected a value after \":\" (column 10)");
    check(":gold", "expected a name before \":\" (column 1)");
    check("(ana", "this \"(\" is never closed (column 1)");
    check("ana)", "this \")\" closes nothing (column 4)");
    check(")", "this \")\" closes nothing (column 1)");
    check("()", "expected a term after \"(\" (column 2)");
    check("ana or", "expected a term after \"or\" (column 7)");
    check("or ana", "expected a term before \"or\" (column 1)");
    check(
        "é \"ana",
        "expected a closing quote for this one (column 3)",
    );
    check("-", "expected a word with a letter or a digit (column 1)");
    check(
        "ana -)",
        "expected a word with a letter or a digit (column 5)",
    );
    check(
        "tier:a,,b",
        "expected a value on both sides of \",\" (column 8)",
    );
    check("points:>", "expected a value after \">\" (column 9)");
    check(
        "points:>gold",
        "expected a number, a date or an age after \">\" (column 9)",
    );
    check("ids:many", "expected a number after \"ids:\" (column 5)");
    check(
        "seen:soon",
        "expected a date, a time or an age such as 30d after \"seen:\" (column 6)",
    );
    check("event:x{total:>50", "this \"{\" is never closed (column 8)");
    check("event:x{}", "expected a term after \"{\" (column 9)");
    check(
        "event:x{since:soon}",
        "expected a date, a time or an age such as 30d after \"since:\" (column 15)",
    );
    check(
        "tier:gold{a}",
        "\"{\" may only stand right after event: and a type (column 10)",
    );
    check(
        "a {b}",
        "\"{\" may only stand right after event: and a type (column 3)",
    );
    check("}", "this \"}\" closes nothing (column 1)");
}

#[test]
fn the_deepest_brackets_are_refused_and_long_queries_are_not() {
    let error = parse(&"(".repeat(100_000), &context()).expect_err("too deep");
    assert_eq!(error.column, 65);
    assert!(parse(&"-(".repeat(50_000), &context()).is_err());
    assert!(parse(&"event:x{".repeat(10_000), &context()).is_err());
    let long = parse(&format!("{} a", "-".repeat(99_998)), &context());
    assert!(long.is_err());
    let long = parse(&format!("{}a", "-".repeat(99_999)), &context()).expect("a negation");
    assert_eq!(long.chips.len(), 1);
    let words = parse(&"ana (b or -c) ".repeat(7_000), &context()).expect("many terms");
    assert_eq!(words.chips.len(), 14_000);
}

#[test]
fn the_outermost_terms_are_chips() {
    let check = |query: &str, expected: &[&str]| {
        let query = parse(query, &context()).expect(query);
        assert_eq!(query.chip_texts().collect::<Vec<_>>(), expected);
    };
    check("", &[]);
    check(
        "ana tier:\"x y\" -seen:<7d",
        &["ana", "tier:\"x y\"", "-seen:<7d"],
    );
    check("é event:x{a b} c", &["é", "event:x{a b}", "c"]);
    check("a -(b or c) d", &["a", "-(b or c)", "d"]);
    check("a or (b c)", &["a or (b c)"]);
}

proptest! {
    #[test]
    fn any_text_is_a_query_or_an_error_inside_it(text in "(?s).{0,60}") {
        if let Err(error) = parse(&text, &context()) {
            prop_assert!((1..=text.chars().count() + 1).contains(&error.column), "{}", error);
        }
    }

    #[test]
    fn any_heap_of_signs_is_a_query_or_an_error_inside_it(text in r#"[-(){}:"'^$*,.<>=\\ aor1é]{0,40}"#) {
        match parse(&text, &context()) {
            Err(error) => prop_assert!((1..=text.chars().count() + 1).contains(&error.column), "{}", error),
            Ok(query) => {
                for span in &query.chips {
                    prop_assert!(span.start < span.end && span.end <= text.chars().count());
                }
                World::new().asked(&text, Reach::Subsequences);
            }
        }
    }
}
