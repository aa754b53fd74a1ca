//! The comparison, as keys and pictures.

use crate::tui::message::Route;
use crate::tui::screens::canned::{answer, id};
use crate::tui::testing::Stage;
use crate::worker::Question;

fn stage(size: (u16, u16)) -> Stage {
    Stage::new(Route::Compare(id("CRMID:C-1001")), size, answer)
}

fn last_asked(stage: &Stage) -> Vec<String> {
    let policies = stage
        .asked
        .iter()
        .rev()
        .find_map(|question| match question {
            Question::Compare { policies, .. } => Some(policies.clone()),
            _ => None,
        });
    policies.expect("a comparison was asked for")
}

#[test]
fn the_comparison_is_a_table_with_reasons_below() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        let mut stage = stage((width, height));
        insta::assert_snapshot!(format!("compare_{width}x{height}"), stage.text());
    }
}

#[test]
fn differences_come_first_and_all_are_a_key_away() {
    let mut stage = stage((120, 36));
    let text = stage.text();
    assert!(
        text.contains("nickname") && !text.contains("firstName"),
        "{text}"
    );
    let text = stage.keys("=").text();
    assert!(text.contains("firstName"), "{text}");
    stage.keys("gg]c]c");
    assert!(stage.text().contains("why nickname"));
    stage.keys("[c");
    assert!(stage.text().contains("why personalEmail.address"));
}

#[test]
fn each_policy_says_why() {
    let mut stage = stage((200, 60));
    let text = stage.keys("w").text();
    assert!(text.contains("dataset order: loyalty before crm"), "{text}");
    assert!(text.contains("dataset order: crm before loyalty"), "{text}");
    assert!(text.contains("is only ever a secondary identity"), "{text}");
}

#[test]
fn the_baseline_is_swapped() {
    let mut stage = stage((120, 36));
    assert_eq!(
        last_asked(&stage),
        ["latest-wins", "crm-first", "loyalty-first"]
    );
    stage.keys("x");
    assert_eq!(
        last_asked(&stage),
        ["crm-first", "latest-wins", "loyalty-first"]
    );
    stage.keys("lx");
    assert_eq!(
        last_asked(&stage),
        ["loyalty-first", "latest-wins", "crm-first"]
    );
    stage.keys("hhx");
    assert!(stage.text().contains("this is the baseline"));
}

#[test]
fn policies_are_taken_out_and_in() {
    let mut stage = stage((120, 36));
    let text = stage.keys("a").text();
    assert!(text.contains("compare which policies"), "{text}");
    stage.keys("j<space>");
    assert_eq!(last_asked(&stage), ["latest-wins", "loyalty-first"]);
    stage.keys("<space><esc>");
    assert_eq!(
        last_asked(&stage),
        ["latest-wins", "loyalty-first", "crm-first"]
    );
    assert!(!stage.text().contains("compare which policies"));
}

#[test]
fn a_followed_policy_becomes_the_baseline() {
    let mut stage = stage((120, 36));
    stage.keys("<c-p>");
    assert_eq!(
        last_asked(&stage),
        ["crm-first", "latest-wins", "loyalty-first"]
    );
}

#[test]
fn below_a_hundred_columns_there_are_two_policies() {
    let mut stage = stage((80, 24));
    let text = stage.text();
    assert!(
        text.contains("B  CRM first") && !text.contains("C  Loyalty"),
        "{text}"
    );
    let text = stage.keys("l").text();
    assert!(
        !text.contains("B  CRM first") && text.contains("C  Loyalty"),
        "{text}"
    );
}

#[test]
fn under_the_mask_no_value_is_seen() {
    let mut stage = stage((200, 60));
    let text = stage.keys("=P").text();
    for value in ["maya@", "m.okafor@", "C-1001", "88-3310", "Maya"] {
        assert!(!text.contains(value), "{value} in\n{text}");
    }
}

#[test]
fn what_a_policy_would_change_for_everybody_is_counted_when_asked() {
    let mut stage = stage((120, 36));
    let text = stage.text();
    assert!(text.contains("A ▸ B: I counts what changes"), "{text}");
    let text = stage.keys("gg]cI").text();
    assert!(text.contains("why nickname"), "{text}");
    assert!(
        text.contains("A ▸ B: this in 31 204 (2.6 %) · anything in 88 000 (7.3 %)"),
        "{text}"
    );
    let asked = |stage: &Stage| match stage.asked.last() {
        Some(Question::Population { policies }) => policies.join(" to "),
        other => panic!("{other:?}"),
    };
    assert_eq!(asked(&stage), "latest-wins to crm-first");
    // Each policy is counted by itself, and what was counted stays.
    let text = stage.keys("l").text();
    assert!(text.contains("A ▸ C: I counts what changes"), "{text}");
    stage.keys("I");
    assert_eq!(asked(&stage), "latest-wins to loyalty-first");
    assert!(stage.keys("h").text().contains("A ▸ B: this in 31 204"));
    // The other way round it is another question.
    assert!(stage.keys("x").text().contains("A ▸ B: I counts"));
}

#[test]
fn counting_can_be_given_up() {
    for key in ["<esc>", "<c-c>"] {
        let mut stage = stage((120, 36));
        stage.text();
        stage.hold();
        let text = stage.keys("I").text();
        assert!(text.contains("A ▸ B: counting…  esc stops"), "{text}");
        let text = stage.keys(key).text();
        assert!(
            text.contains("A ▸ B: I counts what changes"),
            "{key}: {text}"
        );
    }
}
