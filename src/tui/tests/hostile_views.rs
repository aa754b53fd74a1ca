//! Hostile texts in graphs, timelines, comparisons, policies and the overview: nothing reaches the terminal, nothing breaks.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use crate::model::{Body, GraphAnswer, Identity, MergePolicy, Moment, Removal, Said};
use crate::tui::message::Route;
use crate::tui::screens::canned;
use crate::tui::testing::Stage;
use crate::worker::{Answer, Question};

const HOSTILE: [&str; 6] = [
    "\x1b[31mred\x1b]52;c;aGFoYQ==\x07",
    "a\0b\u{7f}\u{9b}31m",
    "\u{202e}gnp.exe\u{2066}x\u{200b}\u{feff}",
    "one\ntwo\r\tthree",
    "👩‍👩‍👧‍👦岡部กำe\u{301}\u{301}\u{301}",
    "'; DROP TABLE profiles; -- [*?{",
];

fn text(at: usize) -> String {
    HOSTILE[at % HOSTILE.len()].to_owned()
}

fn identity(at: usize) -> Identity {
    Identity::new(text(at), format!("{}{at}", text(at + 1)))
}

fn hostile(question: &Question) -> Result<Answer, String> {
    let mut answer = canned::answer(question)?;
    match &mut answer {
        Answer::Graph(Ok(graph)) => spoil_graph(graph),
        Answer::Events(Ok(events)) => {
            for (at, event) in events.events.iter_mut().enumerate() {
                event.id = Some(text(at));
                event.kind = Some(Arc::from(text(at)));
                event.channel = Some(Arc::from(text(at + 1)));
                event.identity = Arc::new(identity(at));
                event.timestamp = Moment(i64::MAX - at as i64);
                event.body = body(at);
            }
        }
        Answer::Compare(Ok(compare)) => {
            for (at, field) in compare.fields.iter_mut().enumerate() {
                field.path = crate::model::Path(vec![text(at), text(at + 1)]);
                for said in field.values.iter_mut().flatten() {
                    *said = Said {
                        value: json!({ text(at): [text(at + 2)] }),
                        dataset: Some(Arc::from(text(at))),
                    };
                }
            }
        }
        Answer::Policies(policies) => {
            for (at, policy) in policies.iter_mut().enumerate() {
                policy.name = text(at);
                policy.order = vec![text(at), text(at + 1)];
            }
        }
        Answer::Stats(stats) => {
            for (at, dataset) in stats.datasets.iter_mut().enumerate() {
                dataset.name = text(at);
                dataset.channel = Some(text(at + 1));
                dataset.events = u64::MAX;
            }
            for (at, suspect) in stats.suspects.iter_mut().enumerate() {
                suspect.reason = text(at).repeat(50);
                suspect.entity_id = identity(at);
            }
            stats.profiles_by_namespace = [(text(0), u64::MAX), (text(2), 0)].into();
        }
        _ => {}
    }
    Ok(answer)
}

fn spoil_graph(graph: &mut GraphAnswer) {
    let names: Vec<Identity> = graph
        .identities
        .iter()
        .map(|found| found.identity.clone())
        .collect();
    let renamed = |name: &Identity| {
        let at = names.iter().position(|other| other == name);
        identity(at.unwrap_or(99))
    };
    for found in &mut graph.identities {
        found.identity = renamed(&found.identity);
        found.datasets = vec![text(0), text(3)];
        found.first_seen = Moment::MIN;
        found.last_seen = Moment::MAX;
    }
    for link in &mut graph.links {
        link.a = renamed(&link.a);
        link.b = renamed(&link.b);
        link.seen = u64::MAX;
        for source in &mut link.sources {
            source.file = text(1);
            source.dataset = text(2);
        }
        if let Some(end) = &mut link.removed {
            end.by = Some((text(0), u32::MAX, u64::MAX));
            end.reason = Removal::Deleted {
                identity: identity(3),
            };
        }
    }
}

fn body(at: usize) -> Body {
    let mut deep = json!({ "name": text(at), text(at): text(at + 1) });
    for _ in 0..100 {
        deep = json!([deep]);
    }
    let body = json!({ "name": text(at), "deep": deep, text(at): text(at).repeat(2_000) });
    Body::new(match at % 5 {
        0 => "no json \x1b[31m".to_owned(),
        1 => "x".repeat(70_000),
        _ => body.to_string(),
    })
}

fn assert_harmless(stage: &mut Stage, keys: &str) {
    for cell in &stage.buffer().content {
        for letter in cell.symbol().chars() {
            let is_hidden = matches!(letter, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
            assert!(
                !letter.is_control() && !is_hidden,
                "{letter:?} after {keys}"
            );
        }
    }
}

fn routes() -> [Route; 5] {
    let somebody = identity(0);
    [
        Route::Graph(somebody.clone()),
        Route::Timeline(somebody.clone()),
        Route::Compare(somebody),
        Route::Policies,
        Route::Overview,
    ]
}

#[test]
fn hostile_text_is_written_out_on_every_view() {
    for size in [(40, 10), (80, 24), (200, 60)] {
        for route in routes() {
            let mut stage = Stage::new(route, size, hostile);
            for keys in [
                "jj", "<tab>jjj", "wo", "<tab>G", "<esc>=a", "<esc>X", "<esc>?",
            ] {
                stage.keys(keys);
                assert_harmless(&mut stage, keys);
            }
        }
    }
}

#[test]
fn a_policy_that_nobody_knows_is_shown_all_the_same() {
    let mut stage = Stage::new(Route::Policies, (80, 24), |question| match question {
        Question::Policies => Ok(Answer::Policies(vec![MergePolicy {
            method: "oracle".into(),
            ..MergePolicy::latest_wins()
        }])),
        other => canned::answer(other),
    });
    assert!(
        stage
            .keys("l")
            .text()
            .contains("No method of this name is known.")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn random_keys_break_nothing(
        view in 0..5_usize,
        size in 0..3_usize,
        keys in proptest::collection::vec(0..KEYS.len(), 1..60),
    ) {
        let size = [(40, 10), (100, 30), (180, 50)][size];
        let mut stage = Stage::new(routes()[view].clone(), size, hostile);
        let typed: String = keys.iter().map(|key| KEYS[*key]).collect();
        stage.keys(&typed);
        assert_harmless(&mut stage, &typed);
        stage.resize(50, 12);
        assert_harmless(&mut stage, &typed);
    }
}

const KEYS: [&str; 44] = [
    "j", "k", "G", "gg", "h", "l", "<cr>", "<esc>", "<tab>", "z", "<space>", "w", "/", "x", "a",
    "=", "]c", "[c", "]w", "[w", "r", "i", "I", "o", "f", "{", "}", "d", "D", "c", "s", "J", "K",
    "X", "yy", "yp", "yj", "yl", "P", "<pgdn>", "<pgup>", "<c-d>", "<c-u>", "<c-p>",
];
