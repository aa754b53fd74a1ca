//! The graph screen, as keys and pictures.

use crate::tui::message::Route;
use crate::tui::screens::canned::{answer, id};
use crate::tui::testing::Stage;
use crate::worker::Question;

fn stage(size: (u16, u16)) -> Stage {
    Stage::new(Route::Graph(id("CRMID:C-1001")), size, answer)
}

#[test]
fn the_graph_is_a_list_with_an_inspector() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        let mut stage = stage((width, height));
        insta::assert_snapshot!(format!("graph_{width}x{height}"), stage.text());
    }
}

#[test]
fn the_inspector_follows_the_selection() {
    let mut stage = stage((120, 36));
    let text = stage.keys("jj<tab>G").text();
    assert!(text.contains("Email:maya@example.com"));
    assert!(text.contains("1 removed link"), "{text}");
    assert!(text.contains("displaced by web_events"), "{text}");
    let text = stage.keys("r").text();
    assert!(!text.contains("displaced by"), "{text}");
}

#[test]
fn enter_on_a_link_walks_to_its_other_end() {
    let mut stage = stage((120, 36));
    let crumb = |stage: &mut Stage| stage.text().lines().nth(1).unwrap_or_default().to_owned();
    stage.keys("<cr><cr>");
    assert!(crumb(&mut stage).contains("› Email:maya@example.com"));
    stage.keys("G<cr>");
    assert_eq!(
        stage.app_route(),
        Route::Graph(id("loyaltyId:90-0001")),
        "an identity of another graph opens that graph"
    );
}

#[test]
fn two_identities_are_asked_about() {
    let mut stage = stage((120, 36));
    let text = stage.keys("]w]ww").text();
    let whys = |stage: &Stage| {
        let is_why = |question: &&Question| matches!(question, Question::Why { .. });
        stage
            .asked
            .iter()
            .filter(is_why)
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        whys(&stage),
        [Question::Why {
            a: id("Email:maya@example.com"),
            b: None
        }],
        "{text}"
    );
    let text = stage.keys("<esc>gg<space>Gk<space>w").text();
    assert!(text.contains("one person, by 2 links"), "{text}");
    assert!(text.contains("web_events.ndjson:88"), "{text}");
    insta::assert_snapshot!("graph_why_120x36", text);
}

#[test]
fn the_filter_lists_what_holds_a_text() {
    let mut stage = stage((80, 24));
    let text = stage.keys("/ecid<cr>").text();
    assert!(
        text.contains("ECID:41bd0e") && !text.contains("Email:maya"),
        "{text}"
    );
    assert!(stage.keys("/zzz<cr>").text().contains("no identity holds"));
    assert!(stage.keys("<esc>").text().contains("Email:maya"));
}

#[test]
fn under_the_mask_no_value_is_seen() {
    let mut stage = stage((200, 60));
    let text = stage.keys("jjw").text();
    assert!(text.contains("Email:maya"));
    let text = stage.keys("P").text();
    for value in ["maya@", "41bd0e", "C-2044", "90-0001"] {
        assert!(!text.contains(value), "{value} in\n{text}");
    }
}
