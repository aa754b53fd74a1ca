//! What queries find.

use onefold::query::{Closeness, Reach, evaluate_event, parse_event_filter};

use super::world::{World, context, event};

fn check(queries: &[(&str, bool)]) {
    let world = World::new();
    for (query, expected) in queries {
        assert_eq!(
            world.asked(query, Reach::Typos).is_some(),
            *expected,
            "{query}"
        );
    }
}

#[test]
fn words_look_into_names_addresses_numbers_and_identities() {
    check(&[
        ("", true),
        ("*", true),
        ("ana mart", true),
        ("MARTINEZ", true),
        ("ｍａｒｔíｎｅｚ", true),
        ("tinez", true),
        ("anamart", false),
        ("sophieleroy", true),
        ("sophie.leroy", true),
        ("leroy@example", true),
        ("664-123", true),
        ("43664", true),
        ("c-1001", true),
        ("0815", true),
        ("gold", false),
        ("main", false),
        ("matrinez", true),
        ("'martinez", true),
        ("'mart", false),
        ("^mart", true),
        ("^tinez", false),
        ("tinez$", true),
        ("mart$", false),
        ("^martinez$", true),
        ("\"example com\"", true),
        ("\"com example\"", false),
        ("\"sophie leroy example\"", true),
        ("ana -bob", true),
        ("-ana", false),
        ("-matrinez", true),
    ]);
}

#[test]
fn words_match_as_subsequences_only_where_that_is_asked_for() {
    let world = World::new();
    assert_eq!(world.asked("mtnz", Reach::Typos), None);
    let outcome = world.asked("mtnz", Reach::Subsequences).expect("a match");
    assert_eq!(outcome.closeness, Closeness::Subsequence);
}

#[test]
fn identities_are_exact_and_namespaces_are_not() {
    check(&[
        ("Email:ana@example.com", true),
        ("email:ana@example.com", true),
        ("EMAIL:\"ana@example.com\"", true),
        ("Email:ANA@example.com", false),
        ("Email:ana", false),
        ("email:*@EXAMPLE.com", true),
        ("Email:bob@x,ana@example.com", true),
        ("ECID:*", true),
        ("ns:ecid", true),
        ("ns:E*", true),
        ("ns:Phone", false),
    ]);
}

#[test]
fn attributes_are_found_by_the_end_of_their_path() {
    check(&[
        ("tier:silver", false),
        ("tier:gold", true),
        ("any.tier:silver", true),
        ("loyalty.tier:GOLD", true),
        ("attr.tier:gold", true),
        ("oyalty.tier:gold", false),
        ("tier:silver,gold", true),
        ("tier:g*d", true),
        ("tier:*", true),
        ("loyalty:*", true),
        ("-tier:*", false),
        ("-nothing:*", true),
        ("empty:*", false),
        ("-tier:gold", false),
        ("city:\"new york\"", true),
        ("city:\"new*\"", false),
        ("city:new*", true),
        ("interests:golf", true),
        ("devices.token:t1", true),
        ("marketing.*.val:y", true),
        ("attr.any.val:y", true),
        ("any.val:y", true),
        ("note:\"a:b,c (d)\"", true),
        ("points:1200.0", true),
        ("homeaddress.CITY:*york", true),
    ]);
}

#[test]
fn values_compare_as_numbers_and_moments() {
    check(&[
        ("points:>1000", true),
        ("points:>1200", false),
        ("points:>=1200", true),
        ("points:1000..1500", true),
        ("points:..1199", false),
        ("points:1200..", true),
        ("balance:>9", true),
        ("tier:>5", false),
        ("birthDate:>=1990-01-01", true),
        ("birthDate:<1990", false),
        ("birthDate:1990-05..1990-06", true),
        ("birthDate:>20y", true),
    ]);
}

#[test]
fn counts_sources_and_moments() {
    check(&[
        ("ids:3", true),
        ("ids:>3", false),
        ("events:>50", true),
        ("events:1,55", true),
        ("fragments:2..3", true),
        ("dataset:crm", true),
        ("dataset:web*", true),
        ("dataset:loyalty", false),
        ("seen:<30d", true),
        ("seen:<7d", false),
        ("seen:>7d", true),
        ("seen:7d..30d", true),
        ("seen:2024-05-20", true),
        ("first:>2024-01-01", true),
        ("first:>2024-02-01", false),
        ("first:>=2024-02-01", true),
        ("conflict:tier", true),
        ("conflict:city", false),
        ("conflict:*", true),
    ]);
}

#[test]
fn events_are_found_by_type_and_by_what_is_inside() {
    check(&[
        ("event:purchase", true),
        ("event:PURCH*", true),
        ("event:*purchase*", true),
        ("event:login", false),
        ("event:*purchase*{since:2024-01-01 total:>50}", true),
        ("event:purchase{since:2024-01-01}", false),
        ("event:*{until:2023-12-31 total:<50}", true),
        ("event:*{boots}", true),
        ("event:*{sku:boots or sku:hat} ana", true),
        ("event:*{-sku:*}", true),
        ("event:*{ECID:0815}", true),
        ("event:*{Email:ana@example.com}", true),
    ]);
}

#[test]
fn terms_join_with_and_or_not_and_brackets() {
    check(&[
        ("ana or bob", true),
        ("bob or carl", false),
        ("bob or ana gold", false),
        ("(bob or ana) martinez", true),
        ("-(bob or carl)", true),
        ("--ana", true),
        ("(ana mart) or -tier:gold", true),
        ("\"or\"", false),
    ]);
}

#[test]
fn a_match_says_which_path_and_value_and_whether_it_won() {
    let world = World::new();
    let check = |query: &str, expected: &[(&str, &str, bool)], closeness: Closeness| {
        let outcome = world.asked(query, Reach::Typos).expect(query);
        let matches: Vec<_> = outcome
            .matches
            .iter()
            .map(|m| (m.path.as_str(), m.value.as_str().unwrap_or(""), m.winning))
            .collect();
        assert_eq!(matches, expected, "{query}");
        assert_eq!(outcome.closeness, closeness, "{query}");
    };
    let email = ("identity", "Email:ana@example.com", true);
    check("Email:ana@example.com", &[email], Closeness::ExactIdentity);
    check("ana@example.com", &[email], Closeness::ExactIdentity);
    let name = ("person.name.lastName", "Martínez", true);
    check("martínez", &[name], Closeness::ExactValue);
    check("mart", &[name], Closeness::Prefix);
    check("rtin", &[name], Closeness::Inside);
    check("matrinez", &[name], Closeness::Typo);
    check(
        "any.tier:silver",
        &[("loyalty.tier", "silver", false)],
        Closeness::ExactValue,
    );
    check(
        "tier:g*",
        &[("loyalty.tier", "gold", true)],
        Closeness::Prefix,
    );
}

#[test]
fn filters_look_at_single_events() {
    let buy = event(
        "2024-03-01",
        "buy",
        r#"{"eventType":"buy","commerce":{"order":{"total":80.5}},"dataset":"x"}"#,
    );
    let check = |filter: &str, expected: bool| {
        let read = parse_event_filter(filter, &context()).expect(filter);
        assert_eq!(
            evaluate_event(&read.expr, &buy).is_some(),
            expected,
            "{filter}"
        );
    };
    check("order.total:>80", true);
    check("total:80.50", true);
    check("eventType:b*", true);
    check("dataset:x", true);
    check("-total:*", false);
    check("since:100d", true);
    check("since:2024-03-02", false);
    check("email:ana@example.com", true);
}
