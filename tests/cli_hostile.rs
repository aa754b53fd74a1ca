//! Input that means harm, or that nobody thought of: the program says what it takes and what not, and shows it harmlessly.

mod cli;

use std::fs;

use cli::World;

fn record(namespace: &str, value: &str) -> String {
    let map = serde_json::json!({ "identityMap": { namespace: [{ "id": value }] }, "n": 1 });
    format!("{map}\n")
}

#[test]
fn a_folder_with_the_store_in_it_can_be_imported_again() {
    let world = World::empty();
    world.write("one.jsonl", &(record("Email", "a@example.com") + "{}\n"));
    let first = world.run(&["import", ".", "--json"]);
    assert_eq!(first.code, 4, "{first:?}");
    assert!(!first.stderr.contains("left alone"), "{first:?}");
    let again: serde_json::Value =
        serde_json::from_str(&world.run(&["import", ".", "--json"]).stdout).unwrap();
    let names: Vec<_> = again["datasets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| &d["name"])
        .collect();
    assert_eq!(names, ["one"]);
}

#[test]
fn rows_that_were_refused_stay_when_others_are_refused() {
    let world = World::empty();
    let mut files = Vec::new();
    for name in ["one", "two"] {
        world.write(
            &format!("{name}.jsonl"),
            &format!("{{\"identityMap\":{{}},\"of\":\"{name}\"}}\n"),
        );
        let ran = world.run(&["import", &format!("{name}.jsonl"), "--json"]);
        let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        files.push(answer["rejects"].as_str().unwrap().to_owned());
    }
    for (file, name) in files.iter().zip(["one", "two"]) {
        let text = fs::read_to_string(file).unwrap();
        assert_eq!(text.lines().count(), 1, "{file}");
        assert!(text.contains(name), "{file}: {text}");
    }
}

#[test]
fn every_identity_that_is_listed_can_be_asked_for() {
    let world = World::empty();
    let rows = [
        record("https://example.com/ns/4", "9231"),
        record("urn:x", "a:b:c"),
        record(" CRMID ", "C-1"),
        record("E mail", "new\nline"),
        record("Email", ":"),
        record("Email", "-x"),
    ];
    world.write("in.jsonl", &rows.concat());
    assert_eq!(world.run(&["import", "in.jsonl"]).code, 0);
    let page = world.json(&["search"]);
    let listed = page["profiles"].as_array().unwrap();
    assert_eq!(listed.len(), rows.len());
    for profile in listed {
        let id = profile["entityId"].as_str().unwrap();
        for command in ["show", "graph", "why", "events"] {
            let ran = world.run(&[command, id, "--json"]);
            assert!(
                matches!((command, ran.code), (_, 0) | ("why" | "events", 3)),
                "{id:?}: {ran:?}"
            );
        }
        assert_eq!(world.json(&["show", id])["entityId"], id);
    }
}

#[test]
fn an_identity_without_a_namespace_is_none() {
    let world = World::empty();
    world.write("in.jsonl", &(record("", "x") + &record("  ", "x")));
    let ran = world.run(&["import", "in.jsonl", "--json"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert_eq!(world.json(&["stats"])["identities"], 0);
}

#[test]
fn json_holds_nothing_that_a_terminal_would_obey_and_says_the_same() {
    let world = World::empty();
    let hostile = "a\u{9b}31m\u{202e}\u{7f}\u{1b}[2J\u{e0041}";
    world.write("in.jsonl", &record("Email", hostile));
    assert_eq!(world.run(&["import", "in.jsonl", "-q"]).code, 0);
    for args in [
        &["show"][..],
        &["show", "--explain"],
        &["graph"],
        &["show", "--jsonl"],
    ] {
        let ran = world.run(&[args, &[&format!("Email:{hostile}"), "--json"]].concat());
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        let letters = ran.stdout.chars().filter(|letter| *letter != '\n');
        assert_eq!(
            letters
                .filter(|letter| !(' '..='~').contains(letter))
                .count(),
            0,
            "{args:?}"
        );
        let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert!(answer.to_string().contains("31m"), "{args:?}");
    }
    let shown = world.json(&["show", &format!("Email:{hostile}")]);
    assert_eq!(shown["entityId"], format!("Email:{hostile}"));
}

#[test]
fn a_hostile_address_is_one_harmless_sentence() {
    let world = World::imported();
    let long = "x".repeat(100_000);
    for address in [
        "\u{1b}[2J\u{9b}31m",
        "\u{202e}evil\u{200b}",
        "one\ntwo",
        "graph › \r\u{7}",
        "\"",
        "› › ›",
        "-x",
        &long,
        &format!("graph › {long}"),
    ] {
        let ran = world.run(&["open", address]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
        assert!(ran.stderr.starts_with("error: `"), "{ran:?}");
        assert!(ran.stderr.len() < 500, "{ran:?}");
        let harmful = ran.stderr.trim_end().chars().find(|letter| {
            letter.is_control()
                || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        });
        assert_eq!(harmful, None, "{ran:?}");
    }
}

#[test]
fn a_bad_line_of_a_simulation_is_named() {
    let world = World::empty();
    let check = |input: &[u8], expected: &str| {
        let output = world
            .command(&["simulate", "-"])
            .write_stdin(input)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), said.as_str()),
            (Some(1), expected),
            "{input:?}"
        );
    };
    check(
        b"CRMID: a, ECID: 1\n\n# note\nnonsense\n",
        "error: line 4: \"nonsense\" is no identity; write NAMESPACE: VALUE, pairs parted by commas\n",
    );
    check(
        b"CRMID: a, ECID: 1\n\xff\xfe: x\n",
        "error: cannot read -: line 2 is not UTF-8; convert it first\n",
    );
}

#[test]
fn values_of_options_may_begin_with_a_hyphen() {
    let world = World::imported();
    let check = |args: &[&str], code: i32, said: &str| {
        let ran = world.run(args);
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        assert!(ran.stderr.contains(said), "{args:?}: {ran:?}");
    };
    check(&["show", "CRMID:C-1", "--fields", "-a"], 0, "");
    check(
        &["show", "CRMID:C-1", "--dataset", "-x"],
        3,
        "there is no dataset `-x`",
    );
    check(
        &["show", "CRMID:C-1", "--policy", "-x"],
        1,
        "there is no policy `-x`",
    );
    check(
        &["show", "CRMID:C-1", "--as-of", "-7d"],
        3,
        "was not there at",
    );
    check(
        &["policy", "create", "P", "--order", "-x,crm"],
        1,
        "there is no dataset `-x`",
    );
    check(
        &["import", "in", "--at", "-7d", "--dataset", "-x"],
        1,
        "`-x`",
    );
    check(&["search", "--limit", "-1"], 2, "invalid value '-1'");
    check(&["search", "--nonsense"], 2, "--nonsense");
}

#[test]
fn ages_and_pages_beyond_everything_are_said_plainly() {
    let world = World::imported();
    assert_eq!(
        world
            .run(&["show", "CRMID:C-1", "--as-of", "-99999999999d"])
            .code,
        2
    );
    assert_eq!(
        world
            .run(&["show", "CRMID:C-1", "--as-of", "0001-01-01"])
            .code,
        3
    );
    let page = world.run(&["events", "CRMID:C-1", "--offset", "1000000000000"]);
    assert!(
        page.stdout
            .contains("none of 2; --limit and --offset show others"),
        "{page:?}"
    );
    let page = world.run(&["search", "--limit", "0"]);
    assert!(
        page.stdout.contains("none of 3 profiles under Latest wins"),
        "{page:?}"
    );
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_are_followed_once_and_pipes_are_left_alone() {
    let world = World::empty();
    world.write("in/a/one.jsonl", &record("Email", "a@example.com"));
    let inside = world.path("in");
    std::os::unix::fs::symlink("..", inside.join("a/up")).unwrap();
    std::os::unix::fs::symlink("a", inside.join("b")).unwrap();
    std::os::unix::fs::symlink("nowhere", inside.join("c.jsonl")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(inside.join("pipe.jsonl"))
        .status();
    assert!(made.unwrap().success());
    let ran = world.run(&["import", "in", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let datasets = answer["datasets"].as_array().unwrap();
    assert_eq!(datasets.len(), 1, "{answer}");
    assert_eq!(datasets[0]["read"], 1, "{answer}");
}

#[cfg(unix)]
#[test]
fn a_pipe_that_is_named_is_read_once_and_whole_even_for_two_datasets() {
    let world = World::empty();
    let pipe = world.path("calls");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let text = "{\"type\":\"track\",\"userId\":\"u\",\"timestamp\":\"2024-01-01\"}\n{\"type\":\"identify\",\"userId\":\"u\"}\n";
    let writer = std::thread::spawn(move || fs::write(pipe, text.repeat(50)));
    let ran = world.run(&["import", "calls", "--json"]);
    writer.join().unwrap().unwrap();
    assert_eq!(ran.code, 0, "{ran:?}");
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let told: Vec<_> = answer["datasets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|dataset| (dataset["name"].as_str().unwrap(), &dataset["read"]))
        .collect();
    assert_eq!(
        told,
        [("calls", &50.into()), ("calls_identify", &50.into())]
    );
}

#[test]
fn a_folder_with_the_name_of_a_file_is_a_folder() {
    let world = World::empty();
    fs::create_dir_all(world.path("x.jsonl")).unwrap();
    let ran = world.run(&["import", "x.jsonl"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.stderr
            .contains("x.jsonl holds no file that can be imported"),
        "{ran:?}"
    );
}
