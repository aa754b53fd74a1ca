//! Keys on the import screen: looking first, correcting, importing, opening what changed, taking it back.

use crate::model::ImportProgress;
use crate::tui::app::Event;
use crate::tui::message::Route;
use crate::tui::testing::Stage;
use crate::tui::testing::people::{answer, person};
use crate::worker::{Notice, Question};

fn stage(route: Route) -> Stage {
    Stage::new(route, (120, 36), answer)
}

/// An import that is in the store.
fn imported() -> Stage {
    let mut stage = stage(Route::Import);
    stage.keys("/crm.csv<cr>s");
    stage.wait(3_000);
    stage
}

#[test]
fn an_import_is_looked_at_before_it_starts() {
    let mut stage = stage(Route::Import);
    stage.keys("s");
    assert!(
        !stage
            .asked
            .iter()
            .any(|question| matches!(question, Question::Import(..)))
    );
    stage.keys("/gone.csv<cr>");
    assert!(stage.text().contains("there is no such file"));
    stage.keys("/<c-u>crm.csv<cr>s");
    assert!(
        stage
            .asked
            .contains(&Question::Import(vec!["crm.csv".into()], Vec::new()))
    );
}

#[test]
fn what_was_understood_is_corrected_before_it_is_imported() {
    let mut stage = stage(Route::Import);
    stage.keys("/crm.csv<cr>jjc<c-u>id:shopId<cr>j<space>");
    assert!(
        stage.text().contains("id:shopId (primary)"),
        "{}",
        stage.text()
    );
    stage.keys("t");
    assert!(stage.text().contains("crm: events"), "{}", stage.text());
    stage.keys("ts");
    let corrected = stage.asked.iter().find_map(|question| match question {
        Question::Import(_, corrected) => corrected.first(),
        _ => None,
    });
    let corrected = corrected.expect("a corrected dataset");
    assert_eq!(corrected.primary.as_deref(), Some("shopId"));
    assert_eq!(corrected.fields[1].identity, None);
}

#[test]
fn a_target_that_is_none_stays_in_the_box() {
    let mut stage = stage(Route::Import);
    stage.keys("/crm.csv<cr>jjc<c-u>id:<cr>");
    assert!(
        stage.text().contains("write a namespace after"),
        "{}",
        stage.text()
    );
    stage.keys("Web<cr>");
    assert!(
        stage.text().contains("id:Web (primary)"),
        "{}",
        stage.text()
    );
}

#[test]
fn a_mapping_is_written_to_a_file_that_is_named() {
    let mut stage = stage(Route::Import);
    stage.keys("/crm.csv<cr>w<c-u>m.toml<cr>");
    let is_saved = |question: &Question| matches!(question, Question::SaveMap { file, .. } if file.ends_with("m.toml"));
    assert!(stage.asked.iter().any(is_saved));
    assert!(
        stage.text().contains("the mapping is in m.toml"),
        "{}",
        stage.text()
    );
}

#[test]
fn what_is_done_to_the_values_of_an_identity_is_corrected_too() {
    let mut stage = stage(Route::Import);
    stage.keys("/crm.csv<cr>jjc");
    assert!(stage.text().contains("❯ id:CRMID trim"), "{}", stage.text());
    stage.keys(" upper<cr>");
    assert!(
        stage.text().contains("`upper` is no way to normalise"),
        "{}",
        stage.text()
    );
    stage.keys("<c-u>id:CRMID trim sha256<cr>");
    assert!(
        stage.text().contains("normalised: trim, sha256"),
        "{}",
        stage.text()
    );
    stage.keys("s");
    let corrected = stage.asked.iter().find_map(|question| match question {
        Question::Import(_, corrected) => corrected.first(),
        _ => None,
    });
    let identity = corrected.and_then(|dataset| dataset.fields[0].identity.clone());
    let steps = identity.map(|identity| identity.normalise);
    assert_eq!(steps, Some(vec!["trim".to_owned(), "sha256".to_owned()]));
}

#[test]
fn an_import_that_runs_shows_its_stages_and_its_files() {
    let mut stage = stage(Route::Import);
    stage.keys("/crm.csv<cr>");
    stage.hold();
    stage.keys("s");
    let mut hear = |name: &'static str, bytes, rows, rejected| {
        stage.send(Event::Notice(Notice::Progress(ImportProgress {
            stage: name,
            file: if name == "reading" { "crm.csv" } else { "" }.into(),
            bytes,
            total_bytes: 18_411,
            rows,
            rejected,
        })));
        stage.text()
    };
    let reading = hear("reading", 9_000, 500, 2);
    assert!(reading.contains("▶ read ── · write"), "{reading}");
    let file = reading.lines().find(|line| line.contains("▶ crm.csv"));
    assert!(file.is_some_and(|line| line.contains("500") && line.contains("CSV, gzip")));
    let linking = hear("linking", 100, 100, 2);
    assert!(linking.contains("✓ write ── ▶ link"), "{linking}");
    assert!(linking.contains("✓ crm.csv"), "{linking}");
}

#[test]
fn an_example_of_what_changed_is_opened() {
    let mut stage = imported();
    stage.keys("n<cr>");
    assert_eq!(stage.app_route(), Route::Profile(person(1)));
    stage.keys("q");
    assert_eq!(stage.app_route(), Route::Import);
    stage.keys("N<cr>");
    assert_eq!(stage.app_route(), Route::Profile(person(0)));
}

#[test]
fn an_import_is_taken_back_where_the_number_of_its_rows_is_typed() {
    let mut stage = imported();
    let is_asked = |stage: &Stage| {
        let is_it = |question: &Question| matches!(question, Question::DeleteBatches(_));
        stage.asked.iter().any(is_it)
    };
    stage.keys("X");
    assert!(stage.text().contains("type 1 002 to take its rows back"));
    stage.keys("1003<cr>");
    assert!(stage.text().contains("another number; the import stays"));
    stage.keys("X<esc>");
    assert!(stage.text().contains("the store now"), "{}", stage.text());
    assert!(!is_asked(&stage));
    stage.keys("X1 002<cr>");
    assert!(is_asked(&stage));
    let text = stage.text();
    assert!(
        text.contains("1 002 rows are gone, as if never imported"),
        "{text}"
    );
}

#[test]
fn what_was_refused_stands_beside_what_was_imported() {
    let mut stage = imported();
    let text = stage.text();
    assert!(text.contains("`updated_at`: … is no time"), "{text}");
    assert!(text.contains("crm.csv line 40, crm.csv line 91"), "{text}");
    let mut narrow = Stage::new(Route::Import, (80, 40), answer);
    let text = narrow.keys("/crm.csv<cr>s").text();
    assert!(text.contains("crm.csv line 40"), "{text}");
}

#[test]
fn the_rows_that_were_refused_are_a_key_away() {
    let mut stage = imported();
    let text = stage.keys("r").text();
    assert!(text.contains("rejected rows"), "{text}");
    assert!(
        text.contains("crm.csv line 40: `updated_at`: \"soon\" is no time"),
        "{text}"
    );
    assert!(text.contains("C-1044,ada@example.com,Ada,soon"), "{text}");
    assert!(text.contains("crm.csv line 91"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    stage.keys("P");
    let masked = stage.wait(3_000).text();
    assert!(masked.contains("crm.csv line 40"), "{masked}");
    assert!(!masked.contains("ada@example.com"), "{masked}");
    assert!(!masked.contains("soon"), "{masked}");
    let text = stage.keys("r").text();
    assert!(text.contains("the store now"), "{text}");
}

#[test]
fn the_mask_hides_whom_an_import_is_about() {
    let mut stage = imported();
    let open = stage.text();
    stage.keys("P");
    let masked = stage.wait(3_000).text();
    for personal in ["C-1001", "C-1003", "+1-202-555-0100", "ada@example.com"] {
        assert!(open.contains(personal), "{personal} in {open}");
        assert!(!masked.contains(personal), "{personal} in {masked}");
    }
    assert!(masked.contains("31 created"), "{masked}");
    assert!(masked.contains("`updated_at`: … is no time"), "{masked}");
    stage.keys("<cr>");
    assert_eq!(stage.app_route(), Route::Profile(person(0)));
}
