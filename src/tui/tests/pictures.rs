//! Every screen as a picture, in three sizes.

use insta::assert_snapshot;

use crate::model::{Identity, ImportProgress};
use crate::tui::app::Event;
use crate::tui::message::Route;
use crate::tui::testing::Stage;
use crate::tui::testing::people::{answer, no_store, nothing, person};
use crate::worker::Notice;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 60)];

/// A picture of a screen after some keys, in every size.
fn pictures(name: &str, route: &Route, keys: &str) {
    for (width, height) in SIZES {
        let mut stage = Stage::new(route.clone(), (width, height), answer);
        assert_snapshot!(format!("{name} {width}x{height}"), stage.keys(keys).text());
    }
}

fn profile() -> Route {
    Route::Profile(person(0))
}

#[test]
fn search_as_it_opens() {
    pictures("search", &Route::Search, "");
}

#[test]
fn search_with_a_query() {
    pictures("search query", &Route::Search, "maya<cr>j");
}

#[test]
fn search_with_a_bad_query() {
    let mut stage = Stage::new(Route::Search, (80, 24), answer);
    assert_snapshot!("search bad query", stage.keys("maya tier:").text());
}

#[test]
fn search_in_an_empty_store() {
    let mut stage = Stage::new(Route::Search, (80, 24), nothing);
    assert_snapshot!("search empty store", stage.text());
}

#[test]
fn search_without_a_store() {
    let mut stage = Stage::new(Route::Search, (80, 24), no_store);
    assert_snapshot!("search no store", stage.text());
}

#[test]
fn search_far_down_a_long_list() {
    let mut stage = Stage::new(Route::Search, (120, 36), answer);
    assert_snapshot!("search long", stage.keys("everybody<cr>G").text());
}

#[test]
fn the_looks_of_a_result() {
    let mut stage = Stage::new(Route::Search, (120, 36), answer);
    stage.keys("maya<cr> ");
    let row = stage.row_of("▌");
    assert_snapshot!(
        "looks of a result",
        format!("{}{}", stage.looks(row - 1), stage.looks(row))
    );
}

#[test]
fn the_profile() {
    pictures("profile", &profile(), "");
}

#[test]
fn the_profile_at_a_conflict() {
    pictures("profile conflict", &profile(), "]c<cr>");
}

#[test]
fn the_profile_with_conflicts_alone_and_masked() {
    let mut stage = Stage::new(profile(), (120, 36), answer);
    assert_snapshot!(
        "profile masked conflicts",
        stage.keys("=P").wait(3_000).text()
    );
}

#[test]
fn the_looks_of_a_conflict() {
    let mut stage = Stage::new(profile(), (120, 36), answer);
    let row = stage.keys("]c").row_of("≠ 1");
    let row = row.max(stage.row_of("▌"));
    assert_snapshot!("looks of a conflict", stage.looks(row));
}

#[test]
fn a_profile_that_is_not_there() {
    let nobody = Route::Profile(Identity::new("Email", "nobody"));
    let mut stage = Stage::new(nobody, (80, 24), answer);
    assert_snapshot!("profile missing", stage.keys("j").text());
}

#[test]
fn the_import_before_and_after() {
    pictures("import idle", &Route::Import, "");
    pictures("import planned", &Route::Import, "/crm.csv<cr>");
    pictures("import done", &Route::Import, "/crm.csv<cr>s");
}

#[test]
fn the_import_while_it_runs() {
    // Nobody answers: the import goes on.
    let mut stage = Stage::new(Route::Import, (120, 36), answer);
    stage.hold();
    stage.keys("S");
    for second in 1..8 {
        stage.wait(1_000);
        stage.send(Event::Notice(Notice::Progress(ImportProgress {
            stage: "reading",
            file: "web.jsonl.gz".into(),
            bytes: second * 33_000_000,
            total_bytes: 800_000_000,
            rows: second * 240_000,
            rejected: 12,
        })));
    }
    assert_snapshot!("import running", stage.text());
    assert_snapshot!("import running elsewhere", stage.keys("1").text());
}

#[test]
fn the_boxes_over_a_screen() {
    for (name, keys) in [
        ("palette", ":conf"),
        ("help", "?"),
        ("policies", "p"),
        ("which key", "g"),
    ] {
        for (width, height) in [(80, 24), (120, 36)] {
            let mut stage = Stage::new(profile(), (width, height), answer);
            assert_snapshot!(
                format!("{name} {width}x{height}"),
                stage.keys(keys).wait(400).text()
            );
        }
    }
}

#[test]
fn toasts_and_messages() {
    let mut stage = Stage::new(profile(), (80, 24), answer);
    assert_snapshot!("toasts", stage.keys("em").text());
    assert_snapshot!("messages", stage.keys(":messages<cr>").text());
}

#[test]
fn a_terminal_that_is_too_small() {
    let mut stage = Stage::new(profile(), (80, 24), answer);
    let before = stage.keys("]c").text();
    assert_snapshot!("too small", stage.resize(38, 9).text());
    assert_eq!(stage.resize(80, 24).text(), before);
}

#[test]
fn the_least_terminal() {
    for (name, route) in [
        ("search", Route::Search),
        ("profile", profile()),
        ("import", Route::Import),
    ] {
        let mut stage = Stage::new(route, (40, 12), answer);
        assert_snapshot!(format!("{name} 40x12"), stage.keys("<esc>").text());
    }
}
