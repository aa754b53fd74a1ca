//! The overview, as keys and pictures.

use crate::model::StatsAnswer;
use crate::tui::message::Route;
use crate::tui::screens::canned::{answer, id};
use crate::tui::testing::Stage;
use crate::worker::{Answer, Question};

#[test]
fn the_overview_shows_the_store_as_a_whole() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        let mut stage = Stage::new(Route::Overview, (width, height), answer);
        insta::assert_snapshot!(format!("overview_{width}x{height}"), stage.text());
    }
}

#[test]
fn a_suspect_opens_its_profile_and_a_large_graph_its_graph() {
    let mut stage = Stage::new(Route::Overview, (120, 36), answer);
    stage.keys("<tab><cr>");
    assert_eq!(stage.app_route(), Route::Profile(id("CRMID:C-2044")));
    stage.keys("Hj<cr>");
    assert_eq!(stage.app_route(), Route::Graph(id("CRMID:C-1001")));
}

#[test]
fn a_line_that_is_a_query_goes_to_the_search() {
    let mut stage = Stage::new(Route::Overview, (80, 24), answer);
    stage.keys("<tab>G<cr>");
    assert_eq!(stage.app_route(), Route::Search);
}

#[test]
fn an_empty_store_says_what_to_do() {
    let mut stage = Stage::new(Route::Overview, (80, 24), |question| match question {
        Question::Stats { .. } => Ok(Answer::Stats(Box::<StatsAnswer>::default())),
        other => answer(other),
    });
    assert!(
        stage
            .text()
            .contains("the store is empty; 6 brings files in")
    );
}

#[test]
fn a_failure_is_said_in_the_pane() {
    let mut stage = Stage::new(Route::Overview, (80, 24), |question| match question {
        Question::Stats { .. } => Err("the store is locked; close the other program".into()),
        other => answer(other),
    });
    assert!(stage.text().contains("the store is locked"));
    stage.keys("jG<cr><tab>yy<esc>");
}
