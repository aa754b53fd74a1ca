//! Keys through the real app: what is asked, where one comes out, what stays in its place.

use std::sync::Arc;
use std::time::Duration;

use crate::tui::app::{Event, Order};
use crate::tui::message::Route;
use crate::tui::testing::Stage;
use crate::tui::testing::people::{answer, nothing, person};
use crate::worker::{Answer, Notice, Question, Reply, Slot};

fn stage(route: Route) -> Stage {
    Stage::new(route, (120, 36), answer)
}

fn profile() -> Route {
    Route::Profile(person(0))
}

/// The breadcrumb row after some keys.
fn crumb(stage: &mut Stage) -> String {
    let text = stage.text();
    text.lines()
        .nth(1)
        .unwrap_or_default()
        .split("   ")
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

#[test]
fn from_a_word_to_the_reasons_of_a_conflict() {
    let mut stage = stage(Route::Search);
    stage.keys("/maya<esc>");
    assert_eq!(crumb(&mut stage), "onefold › search › /maya");
    stage.keys("/<c-u>maya<cr><cr>");
    assert_eq!(
        crumb(&mut stage),
        "onefold › profile › CRMID:C-1001 › person.name.firstName"
    );
    stage.keys("]c");
    assert_eq!(
        crumb(&mut stage),
        "onefold › profile › CRMID:C-1001 › personalEmail.address"
    );
    stage.keys("]c");
    assert_eq!(
        crumb(&mut stage),
        "onefold › profile › CRMID:C-1001 › mobilePhone.number"
    );
    stage.keys("[cw");
    assert!(stage.text().contains("newest fragment"));
}

#[test]
fn history_goes_back_and_forward_and_keeps_the_place() {
    let mut stage = stage(Route::Search);
    stage.keys("maya<cr>jj<cr>");
    assert!(crumb(&mut stage).starts_with("onefold › profile › CRMID:C-1003"));
    stage.keys("H");
    assert!(stage.text().contains("row 3 of 4"));
    stage.keys("L]c");
    let there = crumb(&mut stage);
    stage.keys("13<c-o><c-o>2");
    assert_eq!(crumb(&mut stage), there);
}

#[test]
fn tabs_are_about_whoever_is_selected() {
    let mut stage = stage(Route::Search);
    for (keys, place) in [
        ("<esc>j2", "profile › CRMID:C-1002"),
        ("gt", "timeline › CRMID:C-1002"),
        ("gi", "graph › CRMID:C-1002"),
        ("gc", "compare › CRMID:C-1002"),
        ("gy", "policies"),
        ("gm", "import"),
        ("go", "overview"),
        ("gp", "profile › CRMID:C-1002"),
        ("gs", "search"),
    ] {
        stage.keys(keys);
        assert!(
            crumb(&mut stage).starts_with(&format!("onefold › {place}")),
            "{keys}"
        );
    }
}

#[test]
fn another_policy_asks_again_and_keeps_the_place() {
    let mut stage = stage(profile());
    stage.keys("]c");
    let before = crumb(&mut stage);
    stage.keys("<c-p>");
    assert_eq!(crumb(&mut stage), before);
    assert!(stage.text().contains("dataset order"));
    stage.keys("1");
    let asked_for = |question: &Question| match question {
        Question::Search { policy, .. } | Question::Recent { policy, .. } => Some(policy.clone()),
        _ => None,
    };
    let policy = stage.asked.iter().rev().find_map(asked_for);
    assert_eq!(policy.as_deref(), Some("crm-first"));
    stage.keys("<esc>pk<cr>");
    assert!(stage.text().contains("policy Latest wins"));
}

#[test]
fn esc_never_quits_and_q_quits_the_second_time() {
    let mut stage = stage(Route::Search);
    stage.keys("<esc><esc><esc><esc>q");
    assert_eq!(stage.orders, []);
    stage.wait(1_600).keys("q");
    assert_eq!(stage.orders, []);
    stage.keys("q");
    assert_eq!(stage.orders, [Order::Quit]);
}

#[test]
fn ctrl_c_quits_the_second_time_and_the_palette_at_once() {
    let mut twice = stage(Route::Search);
    twice.keys("<c-c>");
    assert_eq!(twice.orders, []);
    assert_eq!(twice.keys("<c-c>").orders, [Order::Quit]);
    let mut palette = stage(profile());
    assert_eq!(palette.keys(":q<cr>").orders, [Order::Quit]);
}

#[test]
fn what_is_copied() {
    let check = |route: Route, keys: &str, name: &str, text: &str| {
        let mut stage = stage(route);
        stage.keys(keys);
        let expected = Order::Copy {
            name: name.into(),
            text: text.into(),
        };
        assert_eq!(stage.orders, [expected], "{keys}");
    };
    check(profile(), "]cyy", "value", "m.okafor@example.com");
    check(profile(), "]cwGyy", "value", "m.ok@example.net");
    check(profile(), "]cyp", "path", "personalEmail.address");
    check(
        profile(),
        "]cyl",
        "line",
        "personalEmail.address\tm.okafor@example.com",
    );
    check(
        profile(),
        "]cya",
        "address",
        "onefold › profile › CRMID:C-1001 › personalEmail.address",
    );
    check(Route::Search, "<esc>jyy", "identity", "CRMID:C-1002");
    check(
        Route::Search,
        "<esc>  yy",
        "identity",
        "CRMID:C-1001\nCRMID:C-1002",
    );
    check(
        Route::Search,
        "<esc>yl",
        "line",
        "CRMID:C-1001  Maya Okafor  maya@example.com",
    );
}

#[test]
fn a_key_without_a_meaning_says_so() {
    let check = |route: Route, keys: &str, said: &str| {
        let mut stage = stage(route);
        assert!(stage.keys(keys).text().contains(said), "{keys}");
    };
    check(profile(), "e", "not here: export profiles");
    check(Route::Import, "]c", "not here: next conflict");
    check(profile(), "Z", "Z does nothing here");
    check(profile(), "=]c]c]c", "no further conflict");
    check(Route::Search, "<esc>]r", "not here");
}

#[test]
fn the_next_profile_of_the_list_opens_on_the_same_screen() {
    let mut stage = stage(Route::Search);
    stage.keys("<esc><cr>]r");
    assert!(crumb(&mut stage).starts_with("onefold › profile › CRMID:C-1002"));
    stage.keys("4[r[r");
    assert_eq!(crumb(&mut stage), "onefold › timeline › CRMID:C-1001");
    assert!(stage.text().contains("the list ends here"));
}

#[test]
fn only_what_can_be_seen_is_asked_for() {
    let mut stage = stage(Route::Search);
    stage.keys("everybody<cr>G");
    let offsets: Vec<u64> = stage
        .asked
        .iter()
        .filter_map(|question| match question {
            Question::Search { query, offset, .. } if query == "everybody" => Some(*offset),
            _ => None,
        })
        .collect();
    assert_eq!(offsets, [0, 1_204_200]);
}

#[test]
fn an_empty_store_offers_the_sample() {
    let mut stage = Stage::new(Route::Search, (80, 24), nothing);
    stage.keys("S");
    assert!(stage.asked.contains(&Question::ImportSample));
    assert_eq!(crumb(&mut stage), "onefold › import");
    assert!(stage.text().contains("1 180 profiles"));
}

#[test]
fn an_earlier_query_comes_back() {
    let mut stage = stage(Route::Search);
    stage.keys("maya<cr>/<c-u>zoe<cr>/<up>");
    assert_eq!(crumb(&mut stage), "onefold › search › zoe");
    stage.keys("<up>");
    assert_eq!(crumb(&mut stage), "onefold › search › maya");
}

#[test]
fn attributes_are_found_by_key_and_value() {
    let mut stage = stage(profile());
    stage.keys("/gold<cr>");
    assert!(crumb(&mut stage).ends_with("loyalty.tier"));
    stage.keys("/<c-u>marketing<cr>nn");
    assert!(crumb(&mut stage).ends_with("consents.marketing.push"));
    stage.keys("N");
    assert!(crumb(&mut stage).ends_with("consents.marketing.sms"));
}

#[test]
fn the_rows_behind_the_first_ones_come_too() {
    let mut stage = Stage::new(Route::Search, (120, 70), answer);
    let text = stage.keys("everybody").text();
    let rows = text.lines().filter(|line| line.contains('@')).count();
    assert!(rows > 50, "{rows} in {text}");
    stage.keys("<cr>");
    for _ in 0..100 {
        stage.keys("j");
    }
    assert!(stage.text().contains("row 101 of 1 204 318"));
    stage.keys("<cr>");
    assert_eq!(stage.app_route(), Route::Profile(person(100)));
}

#[test]
fn a_list_that_grows_keeps_its_place_and_is_counted_once() {
    let mut stage = Stage::new(Route::Search, (200, 60), answer);
    stage.hold();
    stage.keys("everybody");
    let question = stage.asked.iter().rev().find(|question| match question {
        Question::Search { query, .. } => query == "everybody",
        _ => false,
    });
    let question = question.expect("it was asked").clone();
    let Ok(Answer::Search(whole)) = answer(&question) else {
        panic!("it is a search");
    };
    let mut tell = |from: usize, is_last: bool| {
        let mut answer = whole.clone();
        answer.profiles.drain(..from);
        answer.exact = is_last;
        stage.send(Event::Notice(Notice::Reply(Reply {
            slot: Slot::List,
            question: Arc::new(question.clone()),
            answer: Ok(Answer::Search(answer)),
            elapsed: Duration::ZERO,
            is_last,
        })));
        let text = stage.text();
        let facets = stage.asked.iter().filter(|question| match question {
            Question::Facets { query, .. } => query == "everybody",
            _ => false,
        });
        (
            text.contains("row 1 of"),
            text.contains(", counting"),
            facets.count(),
        )
    };
    assert_eq!(tell(20, false), (true, true, 0));
    assert_eq!(tell(7, false), (true, true, 0));
    assert_eq!(tell(0, true), (true, false, 1));
}
