//! How the program ends: exit codes, one-line errors, closed pipes.

mod cli;

use std::io::Write;
use std::process::{Command, Stdio};

use cli::{World, store};

#[test]
fn every_end_has_its_number() {
    let world = World::imported();
    let check = |args: &[&str], expected: i32| {
        let ran = world.run(args);
        assert_eq!(ran.code, expected, "{args:?}: {ran:?}");
    };
    check(&["show", "CRMID:C-1"], 0);
    check(&["why", "CRMID:C-1", "CRMID:C-2"], 0);
    check(&["import", "in"], 0);
    check(&["check"], 0);
    check(&["--help"], 0);
    check(&["--version"], 0);
    check(&["show", "CRMID:C-1", "--policy", "nobody's"], 1);
    check(&["import", "nowhere.csv"], 1);
    check(&["policy", "delete", "Latest wins"], 1);
    check(&["init"], 1);
    check(&["show"], 2);
    check(&["show", "no-identity"], 2);
    check(&["show", "CRMID:C-1", "--as-of", "yesterday"], 2);
    check(&["search", "--limti", "5"], 2);
    check(&["search", "tier:"], 2);
    check(&["namespace", "set", "CRMID"], 2);
    check(&["settings", "set", "max_identities", "many"], 2);
    check(&["import", "in", "--jobs", "0"], 2);
    check(&["open"], 2);
    check(&["open", ""], 2);
    check(&["open", "nonsense"], 2);
    check(&["open", "CRMID:"], 2);
    check(&["open", "onefold › graph"], 2);
    check(&["open", "onefold › graph › Ana"], 2);
    check(&["open", "onefold › home › CRMID:C-1"], 2);
    check(&["open", "CRMID:C-1", "--as-of", "-7d"], 2);
    check(&["show", "CRMID:nobody"], 3);
    check(&["search", "nobodyatall"], 3);
    check(&["events", "CRMID:C-1", "--type", "none.such"], 3);
    check(&["dataset", "show", "nothing"], 3);
    check(&["batch", "show", "99"], 3);
    check(&["policy", "show", "none"], 3);
    check(&["import", "in", "--again"], 4);
}

#[test]
fn comparisons_take_the_policies_that_they_can() {
    let world = World::imported();
    let check = |args: &[&str], expected: i32| {
        let ran = world.run(args);
        assert_eq!(ran.code, expected, "{args:?}: {ran:?}");
    };
    check(&["compare", "CRMID:C-1", "--policies", "Alone"], 2);
    let three = "Latest wins,CRM first,Alone";
    check(&["compare", "--all", "--policies", three], 2);
    let two = "Latest wins,Alone";
    check(&["compare", "--all", "--policies", two], 0);
    check(&["compare", "--all", "CRMID:C-1", "--policies", two], 2);
    check(&["compare", "--policies", two], 2);
    let twice = "Latest wins,Alone,latest wins";
    check(&["compare", "CRMID:C-1", "--policies", twice], 2);
    check(&["compare", "--all", "--policies", "Alone,Alone"], 2);
    check(
        &["compare", "--all", "--policies", two, "--as-of", "-1d"],
        2,
    );
    check(&["compare", "--all", "--policies", "Alone,nobody's"], 1);
}

#[test]
fn commands_that_need_a_store_say_that_there_is_none() {
    let world = World::empty();
    let expected = format!(
        "error: there is no store at {}; make one with `onefold import PATH…`, `onefold demo` or `onefold init`\n",
        store(&world)
    );
    for args in [
        &["show", "CRMID:C-1"][..],
        &["events", "CRMID:C-1"],
        &["graph", "CRMID:C-1"],
        &["why", "CRMID:C-1"],
        &["compare", "CRMID:C-1", "--policies", "A,B"],
        &["search", "ana"],
        &["policy", "list"],
        &["policy", "default", "A"],
        &["namespace", "list"],
        &["namespace", "set", "CRMID", "--unique", "true"],
        &["settings", "list"],
        &["settings", "set", "check_ecid", "true"],
        &["resolve"],
        &["dataset", "list"],
        &["batch", "delete", "1"],
        &["stats"],
        &["check"],
        &["backup", "copy.db"],
    ] {
        let ran = world.run(args);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{args:?}");
        assert_eq!(ran.stderr, expected, "{args:?}");
        assert!(!world.path("store.db").exists(), "{args:?}");
    }
}

#[test]
fn an_error_is_one_line_with_what_to_do() {
    let world = World::imported();
    let check = |args: &[&str], expected: &str| {
        let ran = world.run(args);
        assert_eq!(ran.stderr, format!("{expected}\n"), "{args:?}");
        assert_eq!(ran.stdout, "", "{args:?}");
    };
    check(
        &["show", "CRMID:C-1", "--policy", "CRM frist"],
        "error: there is no policy `CRM frist`; did you mean `CRM first`?",
    );
    check(
        &["search", "tier:"],
        "error: expected a value after \":\" (column 6)",
    );
    check(
        &["settings", "set", "max_identites", "5"],
        "error: there is no setting `max_identites`; did you mean `max_identities`?",
    );
    check(
        &["dataset", "show", "web-signip"],
        "nothing found: there is no dataset `web-signip`; did you mean `web-signup`?",
    );
    check(
        &["batch", "delete", "9"],
        "nothing found: there is no batch 9; `onefold batch list` lists those from 1 to 3",
    );
    check(
        &["policy", "delete", "latest-wins"],
        "error: the default policy cannot be deleted; make another the default first",
    );
    check(
        &["open", "graph > Ana"],
        "error: `Ana`, behind `graph`, is no identity; write `onefold › graph › NAMESPACE:VALUE`",
    );
    check(
        &["open", "Ana"],
        "error: `Ana` is neither an identity nor a place; write NAMESPACE:VALUE, or a breadcrumb such as \
         `onefold › graph › NAMESPACE:VALUE`; the places are search, profile, graph, timeline, compare, \
         import, policies, overview",
    );
    check(
        &["simulate", "none.txt"],
        "error: cannot read none.txt; look at the path and its permissions: No such file or directory (os error 2)",
    );
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_onefold"))
        .args(["simulate", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Nobody will read; the answer is far longer than a pipe holds.
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    for n in 0..5_000 {
        writeln!(input, "CRMID: {n}, ECID: {n}").unwrap();
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn without_a_terminal_the_interface_does_not_open() {
    let world = World::imported();
    for args in [
        &[][..],
        &["demo"],
        &["open", "CRMID:C-1"],
        &["open", "CRMID:nobody"],
        &["open", "onefold › search › ana"],
    ] {
        let ran = world.run(args);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
        assert!(
            ran.stderr.starts_with("error: this is no terminal"),
            "{ran:?}"
        );
    }
}
