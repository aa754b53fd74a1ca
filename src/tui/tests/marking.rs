//! Matched letters in names of many scripts: they are marked as they are written, and the columns stay where they are.

use insta::assert_snapshot;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::model::{Hit, Identity, SearchAnswer};
use crate::tui::message::Route;
use crate::tui::testing::Stage;
use crate::tui::testing::people::{answer, at};
use crate::worker::{Answer, Question};

/// A name of each kind that is easily set wrong, each with an `ana` to be found.
const NAMES: [&str; 9] = [
    "Ana Martínez",
    "A\u{301}na\u{308} Gru\u{308}n",
    "ＡＮＡ 岡部",
    "岡部岡部岡部岡部岡部岡部岡部 Ana",
    "👍🏽 Ana 🇳🇬",
    "محمد Ana عليّ",
    "क्षमा Ana श्री",
    "Ana\u{200b}\u{202e} Bad",
    "ﬁAna ßtraße",
];

fn odd(question: &Question) -> Result<Answer, String> {
    let Question::Search { query, .. } = question else {
        return answer(question);
    };
    let hit = |(number, name): (usize, &str)| Hit {
        entity_id: Identity::new("CRMID", format!("C-{}", 1001 + number)),
        name: Some(name.to_owned()),
        email: Some(format!("ana{number}@example.com")),
        identities: 2,
        events: 7,
        last_event: Some(at("2026-11-20T07:58:40Z")),
        matched: Vec::new(),
    };
    let is_loose = query == "amz";
    let note = "nothing holds these words as they stand; these hold their letters in order";
    Ok(Answer::Search(SearchAnswer {
        query: query.clone(),
        policy: "Latest wins".into(),
        total: NAMES.len() as u64,
        exact: true,
        elapsed_ms: 1.0,
        offset: 0,
        notes: is_loose.then(|| note.to_owned()).into_iter().collect(),
        profiles: NAMES.into_iter().enumerate().map(hit).collect(),
    }))
}

#[test]
fn columns_stay_where_they_are_whatever_the_names_are() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut stage = Stage::new(Route::Search, (width, height), odd);
        let text = stage.keys("ana<cr>").text();
        let columns = text.lines().filter_map(|line| {
            let (before, _) = line.split_once("ana")?;
            let (_, after) = line.split_once("example")?;
            let cells = |text: &str| text.graphemes(true).map(UnicodeWidthStr::width).sum();
            after.contains("2 h").then(|| cells(before))
        });
        let columns: Vec<usize> = columns.collect();
        assert_eq!(columns.len(), NAMES.len(), "{text}");
        assert!(columns.iter().all(|at| *at == columns[0]), "{text}");
    }
}

#[test]
fn matched_letters_are_marked_in_every_script() {
    let mut stage = Stage::new(Route::Search, (120, 20), odd);
    stage.keys("ana<cr>G");
    let first = stage.row_of("Martínez");
    let looks: String = (0..NAMES.len() as u16)
        .map(|row| stage.looks(first + row))
        .collect();
    assert_snapshot!("marks of many scripts", looks);
}

#[test]
fn letters_in_order_are_marked_where_nothing_nearer_is_there() {
    let mut stage = Stage::new(Route::Search, (120, 20), odd);
    stage.keys("amz<cr>j");
    let row = stage.row_of("Martínez");
    let looks = stage.looks(row);
    let marked = looks.lines().nth(1).unwrap_or_default();
    let letters = looks.chars().zip(marked.chars());
    let marked: String = letters
        .filter(|(_, look)| *look == 'u')
        .map(|(letter, _)| letter)
        .collect();
    assert_eq!(marked, "AMz", "{looks}");
}
