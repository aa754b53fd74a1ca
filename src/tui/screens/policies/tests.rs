//! The policies, as keys and pictures.

use crate::model::{Arrays, MergePolicy};
use crate::tui::message::Route;
use crate::tui::screens::canned::{answer, id};
use crate::tui::testing::Stage;
use crate::worker::Question;

fn stage(size: (u16, u16)) -> Stage {
    let mut stage = Stage::new(Route::Compare(id("CRMID:C-1001")), size, answer);
    stage.keys("7");
    stage
}

fn saved(stage: &Stage) -> Vec<MergePolicy> {
    let policies = stage.asked.iter().filter_map(|question| match question {
        Question::SavePolicy(policy) => Some(policy.as_ref().clone()),
        _ => None,
    });
    policies.collect()
}

fn changes(stage: &Stage) -> Vec<Question> {
    let is_change = |question: &&Question| {
        matches!(
            question,
            Question::DefaultPolicy(_) | Question::DeletePolicy(_)
        )
    };
    stage.asked.iter().filter(is_change).cloned().collect()
}

#[test]
fn the_policies_are_listed_with_their_rules() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        let mut stage = stage((width, height));
        stage.keys("j");
        insta::assert_snapshot!(format!("policies_{width}x{height}"), stage.text());
    }
}

#[test]
fn a_policy_is_followed() {
    let mut stage = stage((120, 36));
    stage.keys("j<cr>");
    assert!(
        stage.text().contains("policy CRM first"),
        "{}",
        stage.text()
    );
}

#[test]
fn a_rule_is_changed_and_saved() {
    let mut stage = stage((120, 36));
    stage.keys("jl").keys("jjjl");
    assert!(stage.text().contains("not saved"), "{}", stage.text());
    assert!(stage.text().contains("rules, changed"));
    stage.keys("s");
    let policies = saved(&stage);
    assert_eq!(policies.len(), 1);
    assert_eq!(policies[0].id, "crm-first");
    assert_eq!(policies[0].options.arrays, Arrays::Replace);
    assert!(!stage.text().contains("not saved"));
}

#[test]
fn what_is_turned_back_needs_no_saving() {
    let mut stage = stage((120, 36));
    stage.keys("lj").keys("ll");
    assert!(!stage.text().contains("not saved"));
    stage.keys("s");
    assert!(stage.text().contains("nothing was changed"));
}

#[test]
fn the_order_of_datasets_is_moved() {
    let mut stage = stage((120, 36));
    stage.keys("j<tab>G").keys("KK<space>");
    stage.keys("s");
    let policies = saved(&stage);
    assert_eq!(policies[0].order, ["crm", "loyalty"]);
}

#[test]
fn a_copy_has_a_name_and_an_id_of_its_own() {
    let mut stage = stage((120, 36));
    stage.keys("jc<c-u>Web first<cr>s");
    let policies = saved(&stage);
    assert_eq!(
        (policies[0].id.as_str(), policies[0].name.as_str()),
        ("web-first", "Web first")
    );
    assert!(!policies[0].is_default);
}

#[test]
fn changes_are_dropped_by_esc_and_never_lost_by_moving() {
    let mut stage = stage((120, 36));
    stage.keys("ljl<tab>").keys("<tab>j");
    assert!(stage.text().contains("not saved yet"), "{}", stage.text());
    stage.keys("<esc>");
    assert!(stage.text().contains("the changes are dropped"));
}

#[test]
fn the_default_is_set_after_a_confirmation() {
    let mut stage = stage((120, 36));
    stage.keys("D");
    assert!(stage.text().contains("this is the default policy already"));
    stage.keys("jD<esc>");
    assert_eq!(changes(&stage), []);
    stage.keys("D<cr>");
    assert_eq!(
        changes(&stage),
        [Question::DefaultPolicy("crm-first".into())]
    );
}

#[test]
fn a_policy_is_deleted_by_typing_its_name() {
    let mut stage = stage((80, 24));
    stage.keys("X");
    assert!(
        stage
            .text()
            .contains("the default policy cannot be deleted")
    );
    let text = stage.keys("jXcrm first<cr>").text();
    assert!(text.contains("delete 1 policy"), "{text}");
    assert_eq!(changes(&stage), []);
    stage.keys("<c-u>CRM first<cr>");
    assert_eq!(
        changes(&stage),
        [Question::DeletePolicy("crm-first".into())]
    );
}
