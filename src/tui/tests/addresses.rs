//! Breadcrumbs as addresses: what is copied opens the same screen again, at the same place.

use crate::model::{Address, Identity, Place, Route};
use crate::tui::app::Order;
use crate::tui::screens::canned;
use crate::tui::testing::{Canned, Stage, people};
use crate::worker::Question;

const WIDE: (u16, u16) = (120, 36);
const NARROW: (u16, u16) = (40, 12);

fn maya() -> Identity {
    people::person(0)
}

/// The address that a key copies.
fn copied(stage: &mut Stage) -> String {
    stage.orders.clear();
    stage.keys("<esc>ya");
    match stage.orders.as_slice() {
        [Order::Copy { name, text }] if name == "address" => text.clone(),
        orders => panic!("no address was copied: {orders:?}"),
    }
}

/// The breadcrumb row.
fn crumb(stage: &mut Stage) -> String {
    stage.text().lines().nth(1).unwrap_or_default().to_owned()
}

#[test]
fn a_breadcrumb_that_does_not_fit_says_so() {
    let route = Route::Profile(maya());
    let mut wide = Stage::new(route.clone(), WIDE, people::answer);
    assert!(!crumb(&mut wide).contains('…'), "{}", crumb(&mut wide));
    let policy = crumb(&mut wide);
    let policy = policy.split_once("policy").map(|(_, name)| name.trim());
    for size in [(64, 24), NARROW] {
        let mut stage = Stage::new(route.clone(), size, people::answer);
        let row = crumb(&mut stage);
        let (left, right) = row.split_once(" policy").expect("the policy");
        assert!(left.trim_end().ends_with('…'), "{row}");
        assert_eq!(Some(right.trim()), policy, "{row}");
    }
}

fn open(text: &str, size: (u16, u16), answer: Canned) -> Stage {
    let address: Address = text.parse().expect(text);
    Stage::new(address, size, answer)
}

/// Goes somewhere by keys, and opens what is copied there again.
fn check(route: Route, keys: &str, answer: Canned, expected: &str) {
    let mut stage = Stage::new(route, WIDE, answer);
    stage.keys(keys);
    let text = copied(&mut stage);
    assert_eq!(text, expected);
    for size in [WIDE, NARROW] {
        let mut again = open(&text, size, answer);
        assert_eq!(again.app_route(), stage.app_route());
        assert_eq!(copied(&mut again), text);
    }
    assert_eq!(crumb(&mut open(&text, WIDE, answer)), crumb(&mut stage));
    let mut typed = open(&text.replacen(" › ", " > ", 3), WIDE, answer);
    assert_eq!(copied(&mut typed), text);
}

#[test]
fn what_is_about_everybody_opens_at_its_place() {
    let check = |route, keys, expected| check(route, keys, people::answer, expected);
    check(Route::Search, "", "onefold › search");
    check(
        Route::Search,
        "maya \"a <lt> b\" city:lagos",
        "onefold › search › maya \"a < b\" city:lagos",
    );
    check(Route::Search, "\"a > b\"", "onefold › search › \"a > b\"");
    check(Route::Policies, "j", "onefold › policies › CRM first");
    check(Route::Import, "", "onefold › import");
    check(
        Route::Import,
        "/./drop/a b.csv<esc>",
        "onefold › import › ./drop/a b.csv",
    );
    check(Route::Overview, "", "onefold › overview");
}

#[test]
fn what_is_about_somebody_opens_at_its_place() {
    let at = |place, keys, answer, expected: &str| {
        let route = Route::to(place, Some(&maya())).expect("a route");
        let begin = format!("onefold › {} › CRMID:C-1001", place.word());
        check(route, keys, answer, &(begin + expected));
    };
    let (world, views) = (people::answer, canned::answer);
    at(Place::Profile, "", world, " › person.name.firstName");
    at(Place::Profile, "]c]c", world, " › mobilePhone.number");
    at(Place::Graph, "", views, "");
    at(Place::Graph, "jj", views, " › Email:maya@example.com");
    at(Place::Compare, "j", views, " › nickname");
    at(Place::Compare, "=gg", views, " › person.name.firstName");
}

#[test]
fn a_timeline_opens_at_the_second_it_was_left_at() {
    for keys in ["", "jjj", "<pgdn><pgdn><pgdn><pgdn>", "G"] {
        let mut stage = Stage::new(Route::Timeline(maya()), WIDE, canned::answer);
        stage.keys(keys);
        let text = copied(&mut stage);
        assert!(
            text.starts_with("onefold › timeline › CRMID:C-1001 › 20"),
            "{text}"
        );
        assert_eq!(
            copied(&mut open(&text, WIDE, canned::answer)),
            text,
            "{keys}"
        );
    }
    let mut never = open(
        "timeline > CRMID:C-1001 > 1970-01-01 00:00:00Z",
        WIDE,
        canned::answer,
    );
    assert!(copied(&mut never).starts_with("onefold › timeline › CRMID:C-1001 › 20"));
}

#[test]
fn the_way_back_from_an_address_leads_to_the_search() {
    for place in Place::ALL {
        let route = Route::to(place, Some(&maya())).expect("a route");
        for key in ["H", "q", "<c-o>"] {
            let mut stage = Stage::new(route.clone(), WIDE, people::answer);
            stage.keys("<esc><esc>");
            assert_eq!(stage.app_route(), route);
            stage.keys(key);
            assert_eq!(stage.app_route(), Route::Search, "{place:?} {key}");
            assert_eq!(stage.orders, []);
        }
    }
    let mut stage = Stage::new(Route::Graph(maya()), WIDE, people::answer);
    assert!(stage.keys("H").text().contains("results 1"));
    assert_eq!(stage.keys("<esc>L").app_route(), Route::Graph(maya()));
    assert_eq!(stage.kept.looked_at, [maya()]);
}

#[test]
fn a_search_asks_for_its_query_and_an_import_starts_nothing() {
    let mut search = open("search › maya", WIDE, people::answer);
    let is_search =
        |asked: &Question| matches!(asked, Question::Search { query, .. } if query == "maya");
    assert!(search.asked.iter().any(is_search));
    assert!(search.keys("<cr>").text().contains("row 1 of"));
    let mut import = open("import › ./drop", WIDE, people::answer);
    let starts = |asked: &Question| matches!(asked, Question::Plan(_) | Question::Import(..));
    assert!(import.text().contains("./drop"));
    assert!(!import.asked.iter().any(starts), "{:?}", import.asked);
    import.keys("/<cr>");
    assert!(import.asked.iter().any(starts));
}

#[test]
fn the_mask_hides_in_the_row_what_the_copy_needs() {
    let text = "onefold › graph › CRMID:C-1001 › Email:maya@example.com";
    let mut stage = open(text, WIDE, canned::answer);
    stage.keys("P");
    let row = crumb(&mut stage);
    assert!(row.contains("graph › CRMID:••• › Email:•••"), "{row}");
    assert_eq!(copied(&mut stage), text);
}

#[test]
fn a_row_that_is_too_narrow_is_copied_whole() {
    let long = format!("CRMID:{}", "x".repeat(300));
    let text = format!("onefold › timeline › {long}");
    for size in [WIDE, NARROW] {
        let mut stage = open(&text, size, people::answer);
        assert!(!crumb(&mut stage).contains(&long));
        assert!(copied(&mut stage).starts_with(&text));
    }
}

#[test]
fn an_identity_that_would_part_or_vanish_is_quoted() {
    let hostile = Identity::new("CRMID", "a › b\u{202e}\u{1b}[2J");
    let route = Route::Graph(hostile.clone());
    let mut stage = Stage::new(route.clone(), WIDE, people::answer);
    let text = copied(&mut stage);
    assert!(
        text.starts_with(r#"onefold › graph › "CRMID:a › b\u202e\u001b[2J""#),
        "{text}"
    );
    assert!(crumb(&mut stage).contains(r#""CRMID:a › b\u202e\u001b[2J""#));
    assert_eq!(
        text.parse::<Address>().map(|address| address.route),
        Ok(route)
    );
}

#[test]
fn whatever_stands_at_the_end_the_screen_opens() {
    let long = "x".repeat(100_000);
    for place in Place::ALL {
        let route = Route::to(place, Some(&maya())).expect("a route");
        for within in [
            "…",
            "\u{1b}[2J\u{202e}",
            "\"",
            "9999-99-99 00:00:00Z",
            "[",
            &long,
        ] {
            for size in [WIDE, NARROW] {
                for answer in [people::answer as Canned, canned::answer, people::no_store] {
                    let address = Address {
                        route: route.clone(),
                        within: Some(within.to_owned()),
                    };
                    let mut stage = Stage::new(address, size, answer);
                    assert_eq!(stage.app_route(), route);
                    assert!(crumb(&mut stage).contains(&place.word()));
                }
            }
        }
    }
}
