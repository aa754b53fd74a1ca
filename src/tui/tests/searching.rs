//! Keys on the search screen: completion, facets, saved searches, order and columns, stars, exports.

use std::path::PathBuf;

use insta::assert_snapshot;

use crate::config::SavedSearch;
use crate::tui::app::Event;
use crate::tui::message::Route;
use crate::tui::testing::Stage;
use crate::tui::testing::people::{answer, person};
use crate::worker::{ExportFormat, ExportOrder, Notice, Question, Who};

fn stage() -> Stage {
    Stage::new(Route::Search, (160, 40), answer)
}

/// What stands in the box.
fn query(stage: &mut Stage) -> String {
    let text = stage.text();
    let line = text
        .lines()
        .find(|line| line.contains('❯'))
        .unwrap_or_default();
    line.trim_matches(['│', ' ', '❯']).trim().to_owned()
}

/// The last search that was asked: its query and its order.
fn searched(stage: &Stage) -> Option<(String, Option<String>)> {
    stage
        .asked
        .iter()
        .rev()
        .find_map(|question| match question {
            Question::Search { query, sort, .. } => Some((query.clone(), sort.clone())),
            _ => None,
        })
}

fn ordered(stage: &Stage) -> Vec<ExportOrder> {
    let order = |question: &Question| match question {
        Question::Export(order) => Some(order.as_ref().clone()),
        _ => None,
    };
    stage.asked.iter().filter_map(order).collect()
}

#[test]
fn a_suggestion_is_taken_with_tab_and_enter_still_leaves() {
    let check = |keys: &str, expected: &str| {
        let mut stage = stage();
        stage.keys(keys);
        assert_eq!(query(&mut stage), expected, "{keys}");
    };
    check("loy<tab>", "loyalty.tier:");
    check("loy<c-n><tab>", "loyalty.points:");
    check("loy<c-n><c-p><tab>", "loyalty.tier:");
    check("maya loy<tab>go<tab>", "maya loyalty.tier:gold");
    check("-tier:<tab>", "-tier:gold");
    check("loy<cr>j", "loy");
    check("loy<esc>j", "loy");
    check("loy<down>j", "loy");
}

#[test]
fn suggestions_hide_nothing_of_the_list() {
    for size in [(40, 12), (80, 24), (120, 36), (200, 60)] {
        let mut stage = Stage::new(Route::Search, size, answer);
        let before = stage.keys("tier:go").text();
        assert!(before.contains("gold"), "{before}");
        let names = ["Maya Okafor ", "Maya Okafor-", "Amaya Okafo"];
        for name in names {
            assert!(before.contains(name), "{name} in {before}");
        }
        stage.keys("<tab>");
        let after = stage.text();
        assert!(after.contains("❯ tier:gold"), "{after}");
        assert!(
            !after.contains(" tab "),
            "what is written is offered: {after}"
        );
    }
}

#[test]
fn the_policy_key_chooses_only_while_something_is_offered() {
    let mut stage = stage();
    stage.keys("loy<c-p>");
    assert!(stage.text().contains("policy Latest wins"));
    stage.keys("<cr><c-p>");
    assert!(stage.text().contains("policy CRM first"));
}

#[test]
fn a_facet_goes_into_the_query_and_out_again() {
    let mut stage = stage();
    stage.keys("maya<cr><tab><tab> ");
    assert_eq!(query(&mut stage), "maya tier:gold");
    assert_eq!(searched(&stage), Some(("maya tier:gold".into(), None)));
    stage.keys("j ");
    assert_eq!(query(&mut stage), "maya tier:gold tier:silver");
    stage.keys("k ");
    assert_eq!(query(&mut stage), "maya tier:silver");
    assert!(stage.text().contains("✓ silver"));
}

#[test]
fn a_pane_that_comes_into_sight_is_filled_at_once() {
    let check = |grow: fn(&mut Stage)| {
        let mut stage = Stage::new(Route::Search, (120, 30), answer);
        stage.keys("maya<cr>");
        assert!(!stage.text().contains("facets"));
        grow(&mut stage);
        let text = stage.text();
        assert!(text.contains("facets") && text.contains("silver"), "{text}");
    };
    check(|stage| {
        stage.resize(160, 40);
    });
    check(|stage| {
        stage.keys("z").resize(160, 40).keys("z");
    });
}

#[test]
fn the_mask_hides_facets_and_values_that_say_who_somebody_is() {
    let mut stage = stage();
    stage.keys("<cr><tab><tab>P");
    assert!(!stage.text().contains("Ikeja"));
    stage.keys("jjjjjj ");
    assert!(stage.text().contains("no term to add"));
    stage.keys("/homeAddress.city:<tab>");
    assert!(stage.text().contains("the mask hides this value"));
}

#[test]
fn a_query_that_cannot_be_read_keeps_the_last_list_and_says_whose_it_is() {
    let mut stage = stage();
    stage.keys("maya<cr>/:<esc>");
    let text = stage.text();
    assert!(text.contains("expected a value after \":\""), "{text}");
    assert!(text.contains("still of maya"), "{text}");
    assert!(text.contains("okabe@example.net"), "{text}");
    let row = stage.row_of("❯ maya:");
    assert!(
        stage
            .looks(row)
            .lines()
            .nth(1)
            .is_some_and(|looks| looks.contains('s'))
    );
}

#[test]
fn a_mistake_that_is_mended_is_gone_before_the_answer_comes() {
    let mut stage = stage();
    stage.keys("maya<cr>/:");
    stage.hold();
    stage.keys("x");
    let text = stage.text();
    assert!(!text.contains("expected a value"), "{text}");
    assert!(text.contains("still of maya"), "{text}");
}

#[test]
fn an_answer_that_is_late_is_nobodys() {
    let mut stage = stage();
    stage.keys("maya");
    stage.hold();
    stage.keys("<c-u>zoe");
    let text = stage.text();
    assert!(text.contains("still of maya"), "{text}");
    assert!(
        !text.contains("4 profiles"),
        "the count is of the present query alone: {text}"
    );
}

#[test]
fn a_search_is_saved_run_listed_and_deleted() {
    let mut stage = stage();
    stage.keys("maya tier:gold<cr><c-s><c-u>golden<cr>");
    let saved = SavedSearch {
        name: "golden".into(),
        query: "maya tier:gold".into(),
        sort: None,
    };
    assert_eq!(stage.kept.searches, [saved]);
    stage.keys("/<c-u>zoe<cr><alt-1>");
    assert_eq!(query(&mut stage), "maya tier:gold");
    stage.keys("/<c-u>zoe<cr>2<alt-1>");
    assert_eq!(query(&mut stage), "maya tier:gold");
    stage.keys("/<c-u>zoe<cr>:golden<cr>");
    assert_eq!(query(&mut stage), "maya tier:gold");
    stage.keys("/<c-u>zoe<cr><tab><tab>G<cr>");
    assert_eq!(query(&mut stage), "maya tier:gold");
    stage.keys("GX");
    assert_eq!(stage.kept.searches, []);
    assert!(
        stage
            .keys("<alt-1>")
            .text()
            .contains("there is no saved search 1")
    );
}

#[test]
fn queries_of_the_past_are_found() {
    let mut stage = stage();
    stage.keys("maya<cr>/<c-u>zoe<cr>/<c-u><c-r>ma<cr>");
    assert_eq!(query(&mut stage), "maya");
    assert_eq!(stage.kept.queries, ["maya", "zoe"]);
    stage.keys("<esc>/<c-u>tier:<cr>");
    assert_eq!(
        stage.kept.queries,
        ["zoe", "maya"],
        "what cannot be read is not kept"
    );
}

#[test]
fn the_list_is_sorted_by_any_attribute() {
    let mut stage = stage();
    stage.keys("<esc>s-points<cr>");
    assert_eq!(
        searched(&stage),
        Some((String::new(), Some("-loyalty.points".into())))
    );
    assert_eq!(stage.kept.sort.as_deref(), Some("-loyalty.points"));
    stage.keys("s<cr>");
    assert_eq!(stage.kept.sort, None, "relevance is no order of its own");
    stage.keys("s-see<cr>");
    assert!(stage.text().contains("seen↓"));
}

#[test]
fn the_others_are_shown_dimmed_below_those_who_match() {
    let mut stage = Stage::new(Route::Search, (120, 24), answer);
    stage.keys("maya<cr>jj=");
    assert_snapshot!("search others 120x24", stage.text());
    let row = stage.row_of("Tunde Ade");
    let (matching, other) = (stage.looks(row - 6), stage.looks(row));
    assert!(matching.contains("uuuu"), "{matching}");
    let looks = other.lines().nth(1).unwrap_or_default();
    let of_list: String = looks.chars().take(70).collect();
    assert!(!of_list.contains(['d', 'u']), "{other}");
    stage.keys("G");
    assert!(stage.text().contains("▌·  Tunde Ade"), "{}", stage.text());
    stage.keys("=");
    let text = stage.text();
    assert!(text.contains(" 4 profiles"), "{text}");
    assert!(!text.contains("Tunde Ade"), "{text}");
}

#[test]
fn another_query_lists_its_matches_alone() {
    let mut stage = stage();
    stage.keys("maya<cr>=/<c-u>tunde");
    assert_eq!(searched(&stage), Some(("tunde".into(), None)));
    assert!(stage.text().contains("1 profile"));
    assert!(!stage.text().contains("others dimmed"));
}

#[test]
fn where_the_others_cannot_be_shown_the_list_stays() {
    let mut stage = stage();
    stage.keys("<cr>=");
    assert!(stage.text().contains("everybody is listed already"));
    stage.keys("/everybody<cr>=");
    let text = stage.text();
    assert!(text.contains("narrow the query"), "{text}");
    assert!(text.contains("1 204 318 profiles"), "{text}");
    assert!(!text.contains("others dimmed"), "{text}");
    stage.keys("j=");
    assert!(stage.text().contains("Maya Okafor"));
}

#[test]
fn columns_are_taken_in_and_out() {
    let mut stage = stage();
    stage.keys("<esc>ctier<tab><cr>");
    let text = stage.text();
    assert!(text.contains(" tier") && text.contains("gold"), "{text}");
    stage.keys("cemail<tab><c-u>activity<tab><cr>");
    assert_eq!(
        stage.kept.columns,
        ["name", "ids", "events", "seen", "loyalty.tier"]
    );
    assert!(!stage.text().contains("12 months"));
}

#[test]
fn a_starred_profile_is_asked_for_first() {
    let mut stage = stage();
    stage.keys("<esc>jm");
    assert_eq!(stage.kept.starred, [person(1)]);
    let first = stage
        .asked
        .iter()
        .rev()
        .find_map(|question| match question {
            Question::Recent { first, .. } => Some(first.clone()),
            _ => None,
        });
    assert_eq!(first, Some(vec![person(1)]));
    stage.keys("k<cr>");
    assert_eq!(stage.kept.looked_at, [person(0)]);
    stage.keys("]m");
    assert_eq!(stage.app_route(), Route::Profile(person(1)));
    stage.keys("m");
    assert_eq!(stage.kept.starred, []);
    assert!(stage.keys("]m").text().contains("no profile is starred"));
}

#[test]
fn an_index_that_is_being_made_says_how_far_it_is() {
    let mut stage = stage();
    stage.send(Event::Notice(Notice::Indexing(Some((450, 1_000)))));
    assert!(stage.text().contains("search index 45 % · "));
    stage.send(Event::Notice(Notice::Indexing(None)));
    assert!(!stage.text().contains("search index"));
}

#[test]
fn profiles_are_exported_where_one_says() {
    let mut stage = stage();
    stage.keys("maya<cr>e<cr>");
    assert!(stage.text().contains("4 profiles in onefold-export.jsonl"));
    stage.keys("j e<tab><cr>P  e<c-u>~/x.csv<cr>");
    let all = Who::Matching {
        query: "maya".into(),
        sort: None,
    };
    let order = |who: Who, format, file: &str, is_masked| ExportOrder {
        who,
        policy: "latest-wins".into(),
        format,
        is_masked,
        file: PathBuf::from(file),
    };
    let orders = ordered(&stage);
    assert_eq!(
        orders.first(),
        Some(&order(
            all,
            ExportFormat::JsonLines,
            "onefold-export.jsonl",
            false
        ))
    );
    let one = Who::These(vec![person(1)]);
    assert_eq!(
        orders.get(1),
        Some(&order(one, ExportFormat::Csv, "onefold-export.csv", false))
    );
    let last = orders.get(2).map(|order| (order.format, order.is_masked));
    assert_eq!(last, Some((ExportFormat::Csv, true)));
    stage.keys("e<c-u>there.csv<cr>");
    assert!(stage.text().contains("is not overwritten"));
}

#[test]
fn what_is_pasted_and_typed_fast_is_one_query() {
    let mut stage = stage();
    stage.hold();
    stage.send(Event::Paste("maya\nokafor".into()));
    stage.keys(" tier:gold seen:<lt>30d");
    assert_eq!(query(&mut stage), "maya okafor tier:gold seen:<30d");
    let last = searched(&stage).map(|(query, _)| query);
    assert_eq!(last.as_deref(), Some("maya okafor tier:gold seen:<30d"));
}

#[test]
fn the_boxes_of_the_search_screen() {
    for (name, keys) in [
        ("suggestions", "maya loy"),
        ("facets", "maya<cr><tab><tab>"),
        ("sort", "<esc>s"),
        ("columns", "<esc>c"),
        ("export", "<esc>e"),
    ] {
        for (width, height) in [(80, 24), (120, 36)] {
            let mut stage = Stage::new(Route::Search, (width, height), answer);
            let text = stage.keys(keys).text();
            assert_snapshot!(format!("search {name} {width}x{height}"), text);
        }
    }
}

#[test]
fn signs_of_every_terminal_do() {
    let mut stage = Stage::new(Route::Search, (160, 30), answer);
    stage.keys("maya tier:gold<cr>jm :signs<cr>");
    let text = stage.wait(3_000).text();
    let is_known = |letter: char| letter.is_ascii() || "岡部éí…·–—".contains(letter);
    let odd: String = text.chars().filter(|letter| !is_known(*letter)).collect();
    assert_eq!(odd, "", "{text}");
}
