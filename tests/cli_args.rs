//! What the command line accepts, and what its help says.

mod cli;

use cli::World;

const COMMANDS: [&str; 25] = [
    "open",
    "demo",
    "init",
    "import",
    "search",
    "show",
    "events",
    "graph",
    "why",
    "compare",
    "policy",
    "namespace",
    "settings",
    "resolve",
    "simulate",
    "dataset",
    "batch",
    "stats",
    "export",
    "forget",
    "check",
    "backup",
    "generate",
    "completions",
    "man",
];

#[test]
fn values_that_begin_with_a_dash_need_no_equals_sign() {
    let world = World::imported();
    let check = |args: &[&str], expected: &str| {
        let ran = world.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        assert!(ran.stdout.contains(expected), "{args:?}: {ran:?}");
    };
    check(&["search", "-tier:gold"], "CRMID:C-2");
    check(
        &["search", "-tier:gold", "--json"],
        "\"query\": \"-tier:gold\"",
    );
    check(
        &["search", "--json", "-tier:gold"],
        "\"query\": \"-tier:gold\"",
    );
    check(&["search", "-q", "-tier:gold", "-q"], "CRMID:C-2");
    check(&["search", "--sort", "-seen"], "CRMID:C-2");
    check(
        &["events", "CRMID:C-1", "--where", "-total:>100"],
        "web.pageView",
    );
    check(
        &["events", "CRMID:C-1", "--since", "-99y", "--until", "-1h"],
        "2 events",
    );
    check(&["show", "CRMID:C-1", "--as-of", "now"], "CRMID:C-1");
}

#[test]
fn global_options_stand_before_or_after_the_command() {
    let world = World::imported();
    let expected = world.run(&["show", "CRMID:C-1", "--json", "--policy", "CRM first"]);
    assert_eq!(expected.code, 0, "{expected:?}");
    for args in [
        &["--json", "--policy", "CRM first", "show", "CRMID:C-1"][..],
        &["--policy", "CRM first", "show", "--json", "CRMID:C-1"],
    ] {
        assert_eq!(world.run(args).stdout, expected.stdout);
    }
}

#[test]
fn commands_that_cannot_look_at_the_past_refuse_it() {
    let world = World::imported();
    for args in [
        &["search", "ana"][..],
        &["why", "CRMID:C-1"],
        &["stats"],
        &["policy", "list"],
        &["dataset", "list"],
        &["check"],
        &["import", "in"],
        &["simulate"],
        &["man"],
    ] {
        let ran = world.run(&[args, &["--as-of", "-7d"]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}");
        assert!(
            ran.stderr.contains("--as-of goes with"),
            "{args:?}: {ran:?}"
        );
    }
}

#[test]
fn a_moment_before_everything_finds_nothing_and_says_why() {
    let world = World::imported();
    let ran = world.run(&["show", "CRMID:C-1", "--as-of", "2001-01-01", "--json"]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.stderr
            .starts_with("nothing found: CRMID:C-1 was not there at 2001-01-01T23:59:59.999Z"),
        "{ran:?}"
    );
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["miss"]["kind"], "notThen");
}

#[test]
fn help_lists_exactly_the_commands_that_work() {
    let world = World::empty();
    let help = world.run(&["-h"]).stdout;
    let commands = help
        .split("Commands:")
        .nth(1)
        .unwrap()
        .split("Options:")
        .next()
        .unwrap();
    let mut listed: Vec<&str> = commands
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .filter(|word| *word != "help")
        .collect();
    listed.dedup();
    let mut known = COMMANDS.to_vec();
    listed.sort_unstable();
    known.sort_unstable();
    assert_eq!(listed, known);
}

#[test]
fn every_command_has_a_help_with_an_example() {
    let world = World::empty();
    for command in COMMANDS {
        let ran = world.run(&[command, "--help"]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{command}");
        assert!(ran.stdout.contains("Example"), "{command}: {}", ran.stdout);
        assert!(ran.stdout.contains("onefold "), "{command}");
        assert!(
            ran.stdout.lines().all(|line| line.chars().count() <= 100),
            "{command}: {}",
            ran.stdout
        );
    }
}

#[test]
fn completions_and_manual_need_no_store() {
    let world = World::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = world.run(&["completions", shell]);
        assert_eq!(ran.code, 0);
        assert!(ran.stdout.contains("simulate"), "{shell}");
    }
    assert!(world.run(&["man"]).stdout.starts_with(".ie"));
    assert!(
        world
            .run(&["man", "show"])
            .stdout
            .contains("onefold\\-show")
    );
    assert_eq!(world.run(&["man", "nothing"]).code, 2);
}

#[test]
fn the_demo_has_a_store_of_its_own() {
    let world = World::empty();
    let ran = world.run(&["--store", "demo", "stats"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("onefold/demo.db"), "{ran:?}");
}

#[test]
fn colour_is_for_terminals_or_for_those_who_ask() {
    let world = World::imported();
    assert!(!world.run(&["show", "CRMID:C-1"]).stdout.contains('\x1b'));
    assert!(
        world
            .run(&["show", "CRMID:C-1", "--color", "always"])
            .stdout
            .contains("\x1b[1m")
    );
    assert!(
        !world
            .run(&["show", "CRMID:C-1", "--color", "never"])
            .stdout
            .contains('\x1b')
    );
}
