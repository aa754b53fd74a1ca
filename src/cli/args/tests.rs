//! What holds for the command line as a whole.

use clap::CommandFactory;
use clap::error::ErrorKind;

use super::*;
use crate::model::{Identity, Stitching};

fn parse(words: &[&str]) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(["onefold"].iter().chain(words))
}

fn command(words: &[&str]) -> Command {
    let cli = parse(words).unwrap_or_else(|error| panic!("{words:?}: {error}"));
    cli.command.expect("a command")
}

#[test]
fn the_definitions_are_sound() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_has_an_example_that_parses() {
    for command in Cli::command().get_subcommands() {
        let help = command.get_after_help().expect("an example").to_string();
        let lines = help.lines().filter(|line| line.starts_with("  onefold "));
        let examples: Vec<_> = lines.map(str::trim).collect();
        assert!(!examples.is_empty(), "{}", command.get_name());
        for example in examples {
            let example = example.split(" | ").next().expect("a command");
            let example = example.split(" > ").next().expect("a command");
            let example = example.split(" && ").next().expect("a command");
            let example = example.split("   ").next().expect("a command");
            if let Err(error) = Cli::try_parse_from(shell_words(example)) {
                panic!("{example}: {error}");
            }
        }
    }
}

/// Splits at blanks outside single quotes.
fn shell_words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for sign in line.chars() {
        match sign {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            _ => words.last_mut().expect("a word").push(sign),
        }
    }
    words
}

#[test]
fn what_every_command_takes_may_stand_before_or_after_its_name() {
    for words in [
        ["--json", "-q", "--policy", "CRM first", "stats"],
        ["stats", "--json", "-q", "--policy", "CRM first"],
        ["--policy", "CRM first", "stats", "-q", "--json"],
    ] {
        let everywhere = parse(&words).expect("arguments").everywhere;
        assert!(everywhere.json && everywhere.quiet, "{words:?}");
        assert_eq!(everywhere.policy.as_deref(), Some("CRM first"));
    }
}

#[test]
fn a_query_may_begin_with_a_hyphen() {
    let check = |words: &[&str], expected: &str| {
        let cli = parse(words).unwrap_or_else(|error| panic!("{words:?}: {error}"));
        let Some(Command::Search(args)) = cli.command else {
            panic!("{words:?}");
        };
        assert_eq!(args.query(), expected, "{words:?}");
        assert_eq!(cli.everywhere.json, words.contains(&"--json"), "{words:?}");
    };
    check(&["search"], "");
    check(&["search", "-tier:gold"], "-tier:gold");
    check(&["search", "--json", "-tier:gold"], "-tier:gold");
    check(&["search", "-tier:gold", "--json"], "-tier:gold");
    check(&["search", "-q", "ana"], "ana");
    check(
        &["search", "tier:gold", "country:FR", "--json"],
        "tier:gold country:FR",
    );
    check(&["search", "--sort", "-seen", "-ana"], "-ana");
    check(&["search", "(a b) or -c"], "(a b) or -c");
    check(&["search", "--", "-tier:gold"], "-tier:gold");
}

#[test]
fn an_age_needs_no_equals_sign() {
    let now = "-7d".parse().ok();
    assert!(now.is_some());
    for words in [["--as-of", "-7d", "stats"], ["stats", "--as-of", "-7d"]] {
        assert_eq!(parse(&words).expect("arguments").everywhere.as_of, now);
    }
    let words = ["events", "CRMID:C-1", "--since", "-7d", "--until", "-1h"];
    let Command::Events(args) = command(&words) else {
        panic!("another command");
    };
    assert_eq!(args.since, now);
    assert_eq!(args.identity, Identity::new("CRMID", "C-1"));
    let Command::Import(args) = command(&["import", "x", "--at", "-7d", "-"]) else {
        panic!("another command");
    };
    assert_eq!(args.at, now);
    assert_eq!(args.paths, ["x", "-"].map(PathBuf::from));
}

#[test]
fn rules_of_a_policy_are_read_as_the_model_names_them() {
    let words = [
        "policy",
        "create",
        "P",
        "--order",
        "crm,web",
        "--stitching",
        "none",
    ];
    let Command::Policy(PolicyArgs {
        action: PolicyAction::Create { name, rules },
    }) = command(&words)
    else {
        panic!("another command");
    };
    assert_eq!(name, "P");
    assert_eq!(rules.order, ["crm", "web"]);
    assert_eq!(rules.stitching, Some(Stitching::None));
    assert_eq!(rules.empty_as_null, None);
}

#[test]
fn wrong_arguments_are_refused_with_what_is_right() {
    let check = |words: &[&str], expected: &str| {
        let error = parse(words).expect_err("wrong arguments");
        assert_eq!(error.exit_code(), 2, "{words:?}");
        assert!(error.to_string().contains(expected), "{words:?}: {error}");
    };
    check(&["show", "ana"], "NAMESPACE:VALUE");
    check(&["stats", "--as-of", "yesterday"], "an age such as -7d");
    check(&["stats", "--tz", "Viena"], "Europe/Vienna");
    check(&["compare", "A:1", "--policies", "one"], "two to four");
    check(&["compare", "A:1", "--policies", "P,p"], "two to four");
    check(&["import", "x", "--kind", "table"], "record and event");
    check(&["import"], "PATH");
    check(
        &["policy", "edit", "P", "--grain", "row"],
        "fragment, field",
    );
    check(&["policy", "import", "-", "--map", "x"], "ID=NAME");
    check(&["search", "--limt", "5"], "--limt");
    check(&["generate", "--people", "many", "--out", "x"], "5k or 2M");
    check(&["namespace", "set", "E", "--priority", "0"], "1..");
    check(&["batch", "show", "x"], "batch list");
    check(&["sear"], "search");
}

#[test]
fn counts_may_be_short() {
    let check = |text, expected| assert_eq!(super::words::count(text).ok(), expected, "{text}");
    check("5000", Some(5_000));
    check("5k", Some(5_000));
    check("2M", Some(2_000_000));
    check("1_000", Some(1_000));
    check("k", None);
    check("", None);
    check("-5", None);
    check("99999999999999999999", None);
    check("99999999999999999M", None);
    check("5é", None);
}

#[test]
fn help_is_not_an_error() {
    for words in [["--help"], ["-h"], ["--version"]] {
        let error = parse(&words).expect_err("help");
        assert!(matches!(
            error.kind(),
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
        ));
    }
}
