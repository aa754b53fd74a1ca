//! Whatever is in the store, and whatever is typed: no control character reaches the screen, and nothing breaks.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::model::{Hit, Identity, Match, Rule, SearchAnswer};
use crate::tui::message::Route;
use crate::tui::testing::Stage;
use crate::tui::testing::people::{self, leaf, person};
use crate::worker::{Answer, Question};

/// Texts that a terminal would obey, or that turn or hide what is around them.
const HOSTILE: [&str; 8] = [
    "\x1b[31mred\x1b]52;c;aGFoYQ==\x07",
    "a\0b\u{7f}\u{9b}31m",
    "\u{202e}gnp.exe\u{2066}x\u{200b}\u{feff}",
    "one\ntwo\r\tthree",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "👩‍👩‍👧‍👦岡部กำ",
    "'; DROP TABLE profiles; --",
    "›››:::...///",
];

fn hostile(question: &Question) -> Result<Answer, String> {
    match question {
        Question::Search { query, .. } if query.len() % 3 == 2 => {
            Err(format!("{}(column 99999)", HOSTILE[0]))
        }
        Question::Search { query, offset, .. } => Ok(Answer::Search(SearchAnswer {
            query: query.clone(),
            policy: HOSTILE[0].into(),
            total: 8,
            exact: query.len() % 2 == 0,
            elapsed_ms: f64::NAN,
            offset: *offset,
            notes: vec![HOSTILE[0].into()],
            profiles: HOSTILE.iter().map(|text| hit(text)).collect(),
        })),
        Question::Profile {
            identity, policy, ..
        } => Ok(Answer::Profile(Ok(Box::new({
            let mut answer = people::profile(identity, policy);
            for text in HOSTILE {
                let path = format!("{text}.{text}");
                answer
                    .profile
                    .leaves
                    .push(leaf(&path, value(text), Rule::Tie, text, 4));
            }
            answer.identities = HOSTILE
                .iter()
                .map(|text| Identity::new(*text, *text))
                .collect();
            answer
        })))),
        other => people::answer(other),
    }
}

fn hit(text: &str) -> Hit {
    Hit {
        entity_id: Identity::new(text, text),
        name: Some(text.into()),
        email: Some(text.into()),
        identities: u64::MAX,
        events: u64::MAX,
        last_event: Some(crate::model::Moment::MIN),
        matched: vec![Match {
            path: text.into(),
            value: value(text),
            winning: false,
        }],
    }
}

fn value(text: &str) -> Value {
    let mut deep = json!({text: [text, {text: text}]});
    for _ in 0..100 {
        deep = json!([deep]);
    }
    json!({"long": text.repeat(2_000), text: deep, "list": [1, 2, text]})
}

fn assert_harmless(stage: &mut Stage, keys: &str) {
    let buffer = stage.buffer();
    for cell in &buffer.content {
        for letter in cell.symbol().chars() {
            let is_hidden = matches!(letter, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
            assert!(
                !letter.is_control() && !is_hidden,
                "{letter:?} after {keys}"
            );
        }
    }
}

#[test]
fn hostile_text_is_written_out() {
    for size in [(80, 24), (120, 36), (200, 60)] {
        for (route, keys) in [
            (Route::Search, "ab<cr>jjj<tab>jjjj"),
            (Route::Search, "abcde"),
            (Route::Profile(person(0)), "GkkkkkkkkkkllllwjjP?"),
            (Route::Profile(person(0)), "i:"),
            (Route::Import, "/\u{202e}x"),
        ] {
            let mut stage = Stage::new(route, size, hostile);
            for step in 0..=keys.len() {
                if keys.is_char_boundary(step)
                    && !keys[..step].ends_with(['<', 'c', 't', 'a', 'b', 'r'])
                {
                    let mut stage = Stage::new(stage.route(), size, hostile);
                    stage.keys(&keys[..step]);
                    assert_harmless(&mut stage, &keys[..step]);
                }
            }
            stage.keys(keys);
            assert_harmless(&mut stage, keys);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_in_an_answer_is_harmless(text in any::<String>()) {
        let width = 37;
        let shown = crate::tui::text::fit(&text, width);
        prop_assert!(crate::tui::text::cells(&shown) <= width);
        prop_assert!(!shown.chars().any(char::is_control));
        for line in crate::tui::text::wrap(&text, width, 3) {
            prop_assert!(crate::tui::text::cells(&line) <= width, "{line:?}");
            prop_assert!(!line.chars().any(char::is_control));
        }
    }

    #[test]
    fn random_keys_break_nothing(keys in prop::collection::vec(key(), 1..60), width in 1u16..220, height in 1u16..70) {
        let mut stage = Stage::new(Route::Search, (width, height), hostile);
        for key in &keys {
            stage.keys(key);
        }
        stage.resize(height, width / 3 + 1);
        stage.keys("jk");
        assert_harmless(&mut stage, &keys.concat());
    }
}

fn key() -> impl Strategy<Value = String> {
    let named = [
        "<cr>", "<esc>", "<tab>", "<up>", "<down>", "<pgdn>", "<c-d>", "<c-p>", "<F1>", "<F2>",
        "]c", "[w", "gp", "gs", "gm", "yy", "]r", "1", "2", "6", ":", "?", "p", "=", "z", "v", "H",
        "L",
    ];
    prop_oneof![
        3 => prop::sample::select(named.to_vec()).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9 :/.+]",
    ]
}
