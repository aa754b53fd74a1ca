//! `export`: the profiles as files for other programs, whole, harmless and never over another file.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod cli;

use std::process::Stdio;

use cli::World;
use serde_json::Value;

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_line_is_what_show_prints() {
    let world = World::imported();
    for args in [&[][..], &["--explain"], &["--fields", "tier"], &["--mask"]] {
        let exported = world.run(&[&["export", "CRMID:C-1"], args].concat());
        let shown = world.json(&[&["show", "CRMID:C-1"], args].concat());
        assert_eq!(lines(&exported.stdout), [shown], "{args:?}");
    }
}

#[test]
fn a_dash_is_no_file_but_standard_output() {
    let world = World::imported();
    let own = world.run(&["export", "CRMID:C-1"]);
    let dash = world.run(&["export", "CRMID:C-1", "--out", "-"]);
    assert_eq!((own.code, dash.code), (0, 0));
    assert_eq!(lines(&own.stdout).len(), 1);
    assert_eq!(dash.stdout, own.stdout);
}

#[test]
fn everybody_is_written_in_the_order_that_was_asked_for() {
    let world = World::imported();
    let check = |args: &[&str], expected: &[&str]| {
        let ran = world.run(&[&["export"], args].concat());
        let ids: Vec<_> = lines(&ran.stdout)
            .iter()
            .map(|line| line["entityId"].as_str().unwrap_or_default().to_owned())
            .collect();
        let ids: Vec<_> = ids.iter().map(|id| id.split('[').next()).collect();
        let expected: Vec<_> = expected.iter().map(|id| Some(*id)).collect();
        assert_eq!((ids, ran.code), (expected, 0), "{args:?}");
    };
    let evil = "Email:ev\u{1b}";
    check(&[], &["CRMID:C-2", "CRMID:C-1", evil]);
    check(&["--sort", "tier"], &["CRMID:C-1", "CRMID:C-2", evil]);
    check(&["--sort", "-tier", "--limit", "1"], &["CRMID:C-2"]);
    check(&["tier:*"], &["CRMID:C-2", "CRMID:C-1"]);
    check(&["bn"], &["CRMID:C-2"]);
}

#[test]
fn a_table_has_the_chosen_columns() {
    let world = World::imported();
    let check = |args: &[&str], expected: &str| {
        let ran = world.run(&[&["export", "--format", "csv"], args].concat());
        assert_eq!(ran.stdout, expected, "{args:?}");
    };
    check(
        &["tier:*", "--fields", "entityId,firstName,loyalty"],
        "entityId,firstName,loyalty\nCRMID:C-2,Ben,\"{\"\"tier\"\":\"\"silver\"\"}\"\nCRMID:C-1,Ana,\"{\"\"tier\"\":\"\"gold\"\"}\"\n",
    );
    check(
        &["CRMID:C-1", "--fields", "firstName", "--explain"],
        "firstName,firstName from\nAna,web-signup 2:1\n",
    );
    check(
        &["CRMID:C-1", "--fields", "entityId,name,tier", "--mask"],
        "entityId,name,tier\nCRMID:•••,•••,gold\n",
    );
    let all = world
        .run(&["export", "--format", "csv", "CRMID:C-1"])
        .stdout;
    assert!(
        all.starts_with("entityId,name,identityGraph,sources,eventCount,"),
        "{all}"
    );
    assert!(all.contains(",loyalty.tier,"), "{all}");
    assert_eq!(all.lines().count(), 2, "{all}");
}

#[test]
fn what_a_terminal_would_obey_is_written_out() {
    let world = World::imported();
    for format in ["csv", "jsonl"] {
        let text = world.run(&["export", "--format", format]).stdout;
        let controls = text.chars().filter(|c| c.is_control() && *c != '\n');
        assert_eq!(controls.count(), 0, "{text}");
        assert!(text.contains("\\u001b"), "{text}");
    }
}

#[test]
fn a_file_is_written_whole_and_never_over_another() {
    let world = World::imported();
    let ran = world.run(&["export", "--out", "all.csv"]);
    assert_eq!((ran.code, &*ran.stdout), (0, "3 profiles are in all.csv\n"));
    let whole = std::fs::read_to_string(world.path("all.csv")).unwrap();
    assert!(
        whole.starts_with("entityId,"),
        "the ending names the format"
    );
    let again = world.run(&["export", "--out", "all.csv", "--limit", "1"]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("is not overwritten"), "{again:?}");
    assert_eq!(
        std::fs::read_to_string(world.path("all.csv")).unwrap(),
        whole
    );
    let none = world.run(&["export", "nobodyatall", "--out", "none.jsonl"]);
    assert_eq!(none.code, 3);
    assert!(!world.path("none.jsonl").exists());
    let nowhere = world.run(&["export", "--out", "no/such/folder.csv"]);
    assert_eq!(nowhere.code, 1);
    assert!(nowhere.stderr.contains("cannot write no/such/folder.csv"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(world.path("all.csv")).map(|file| file.permissions().mode());
        assert_eq!(mode.unwrap_or(0) & 0o777, 0o600);
    }
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let world = World::imported();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_onefold"))
        .args(["--store".as_ref(), world.path("store.db").as_os_str()])
        .arg("export")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
    assert_eq!(ended.status.code(), Some(0));
}

#[test]
fn what_cannot_be_exported_says_why() {
    let world = World::imported();
    let check = |args: &[&str], code: i32, said: &str| {
        let ran = world.run(&[&["export"], args].concat());
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        assert!(ran.stderr.contains(said), "{args:?}: {ran:?}");
        assert_eq!(ran.stdout, "", "{args:?}");
    };
    check(&["tier:"], 2, "expected a value after \":\" (column 6)");
    check(&["--format", "xml"], 2, "there are jsonl and csv");
    check(&["nobodyatall"], 3, "no profile matches");
    check(&["--as-of", "2024-01-01"], 2, "cannot look at the past");
}
