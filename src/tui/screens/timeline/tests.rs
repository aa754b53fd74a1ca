//! The timeline, as keys and pictures.

use crate::tui::message::Route;
use crate::tui::screens::canned::{EVENTS, answer, id};
use crate::tui::testing::Stage;
use crate::worker::Question;

fn stage(size: (u16, u16)) -> Stage {
    Stage::new(Route::Timeline(id("CRMID:C-1001")), size, answer)
}

fn status(stage: &mut Stage) -> String {
    let text = stage.text();
    let line = text.lines().find(|line| line.starts_with(" NORMAL"));
    line.unwrap_or_default().to_owned()
}

#[test]
fn the_timeline_is_a_list_with_an_event_beside() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        let mut stage = stage((width, height));
        insta::assert_snapshot!(format!("timeline_{width}x{height}"), stage.text());
    }
}

#[test]
fn the_end_is_as_near_as_the_beginning() {
    let mut stage = stage((120, 36));
    stage.keys("G");
    assert!(status(&mut stage).contains("1 842/1 842 · 100 %"));
    let text = stage.text();
    assert!(
        text.contains("4 events in datasets that policy Latest wins leaves out"),
        "{text}"
    );
    assert!(!text.contains("│ …"), "every row is in hand\n{text}");
    stage.keys("gg");
    assert!(status(&mut stage).contains("1/1 842 · 0 %"));
}

#[test]
fn few_pages_are_kept_and_few_are_asked_for() {
    let mut stage = stage((80, 24));
    let pages = |stage: &Stage| {
        let is_page = |question: &&Question| matches!(question, Question::Events { .. });
        stage.asked.iter().filter(is_page).count()
    };
    for _ in 0..90 {
        stage.keys("<pgdn>");
    }
    assert!(
        pages(&stage) <= (EVENTS / 200 + 2) as usize,
        "{}",
        pages(&stage)
    );
    let text = stage.text();
    assert!(!text.contains("│ …"), "{text}");
}

#[test]
fn days_are_jumped_over() {
    let check = |keys: &str, expected: &str| {
        let mut stage = stage((120, 36));
        stage.keys(keys);
        let status = status(&mut stage);
        assert!(
            status.contains(&format!(" {expected}/")),
            "{keys}: {status}"
        );
    };
    // Six hours lie between two events, and the newest is at 09:58.
    check("}", "3");
    check("}}", "7");
    check("}}{", "3");
    check("}}j{", "7");
    check("}{", "1");
    check("d", "5");
    check("ddD", "5");
    check("G{", "1 839");
    check("G}", "1 842");
}

#[test]
fn a_jump_beyond_what_is_in_hand_is_asked_for() {
    fn crowded(question: &Question) -> Result<crate::worker::Answer, String> {
        let mut answer = answer(question);
        if let Ok(crate::worker::Answer::Events(Ok(events))) = &mut answer {
            // All but the oldest two fall on one day.
            if let Question::Events { filter, .. } = question
                && filter.since.is_some()
            {
                events.total = EVENTS - 2;
            }
            let newest = super::super::canned::at("2026-11-20T09:58:40Z");
            for (place, event) in (events.offset..).zip(&mut events.events) {
                let days = if place >= EVENTS - 2 { 3 } else { 0 };
                event.timestamp = crate::model::Moment(newest.0 - days * 86_400_000);
            }
        }
        answer
    }
    let mut stage = Stage::new(Route::Timeline(id("CRMID:C-1001")), (120, 36), crowded);
    stage.keys("}");
    assert!(
        status(&mut stage).contains("1 841/1 842"),
        "{}",
        stage.text()
    );
    assert!(stage.text().contains("Tue 17 Nov 2026"));
}

#[test]
fn a_filter_narrows_and_keeps_the_place() {
    let mut stage = stage((120, 36));
    let text = stage.keys("ji").text();
    assert!(text.contains("type:commerce.purchases"), "{text}");
    assert!(!text.contains("heartbeat"), "{text}");
    assert!(status(&mut stage).contains("1/461"), "{text}");
    let text = stage.keys("i").text();
    assert!(text.contains("heartbeat"), "{text}");
    assert!(status(&mut stage).contains("2/1 842"), "{text}");
    let text = stage.keys("/since:soon<cr>").text();
    assert!(text.contains("`soon` is no time"), "{text}");
    let text = stage.keys("<c-u>since:7d<cr>").text();
    assert!(text.contains("28 events"), "{text}");
    assert!(stage.keys("<esc>").text().contains("1 842 events"));
    let text = stage.keys("jjInothing*<cr>").text();
    assert!(text.contains("no event passes the filter"), "{text}");
    stage.keys("<esc>");
    assert!(
        status(&mut stage).contains("4/1 842"),
        "the place comes back"
    );
}

#[test]
fn an_event_is_a_tree_or_as_it_was_sent() {
    let mut stage = stage((120, 36));
    let text = stage.keys("j<cr>").text();
    assert!(
        text.contains("priceTotal") && text.contains("42000.5"),
        "{text}"
    );
    let text = stage.keys("f").text();
    assert!(!text.contains("priceTotal"), "{text}");
    let text = stage.keys("o").text();
    assert!(text.contains(r#""currencyCode":"NGN""#), "{text}");
    stage.keys("<esc>");
}

#[test]
fn another_policy_keeps_the_place() {
    let mut stage = stage((120, 36));
    stage.keys("}}");
    assert!(status(&mut stage).contains(" 7/"));
    stage.keys("<c-p>");
    assert!(status(&mut stage).contains(" 7/"), "{}", stage.text());
    assert!(stage.text().contains("policy CRM first"));
}
