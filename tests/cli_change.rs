//! Commands that change a store: imports, policies, settings, deletions, copies.

mod cli;

use cli::World;
use serde_json::{Value, json};

#[test]
fn an_empty_store_is_made_once_and_is_private() {
    let world = World::empty();
    assert_eq!(world.run(&["init"]).code, 0);
    assert_eq!(
        world.json(&["policy", "list"])["policies"][0]["name"],
        "Latest wins"
    );
    assert_eq!(world.json(&["stats"])["profiles"], 0);
    let again = world.run(&["init"]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("is there already"), "{again:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(world.path("store.db"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0);
    }
}

#[test]
fn a_dry_run_says_what_would_be_read_and_writes_nothing() {
    let world = World::empty();
    world.write("web.jsonl", "{\"identityMap\":{\"ECID\":[{\"id\":\"1\"}]},\"timestamp\":\"2024-01-01T00:00:00Z\",\"eventType\":\"x\"}\n");
    let ran = world.run(&["import", "web.jsonl", "--dry-run"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout.starts_with("web: event from web.jsonl\n"),
        "{ran:?}"
    );
    assert!(!world.path("store.db").exists());
    let plan = world.json(&["import", "web.jsonl", "--dry-run", "--dataset", "site"]);
    assert_eq!(plan["datasets"][0]["name"], "site");
}

#[test]
fn standard_input_is_imported_under_a_name_and_a_moment() {
    let world = World::empty();
    let row = "{\"identityMap\":{\"ECID\":[{\"id\":\"1\"}]},\"tier\":\"gold\"}\n";
    let args = [
        "import",
        "-",
        "--dataset",
        "crm",
        "--kind",
        "record",
        "--at",
        "2020-01-01",
    ];
    let ran = world.run_with(&args, row);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        world.run(&["show", "ECID:1", "--as-of", "2019-12-31"]).code,
        3
    );
    assert_eq!(
        world.run(&["show", "ECID:1", "--as-of", "2020-01-01"]).code,
        0
    );
}

#[test]
fn quiet_keeps_notes_back_and_errors_not() {
    let world = World::imported();
    assert_eq!(world.run(&["import", "in", "-q"]).stderr, "");
    assert!(world.run(&["import", "in"]).stderr.starts_with("note: "));
    assert_ne!(world.run(&["import", "none", "-q"]).stderr, "");
}

#[test]
fn policies_are_made_changed_and_deleted() {
    let world = World::imported();
    let made = world.json(&[
        "policy",
        "create",
        "Web first",
        "--order",
        "web-signup, crm",
    ]);
    assert_eq!(
        made["attributeMerge"],
        json!({"type": "dataSetPrecedence", "order": ["web-signup", "crm"]})
    );
    let edited = world.json(&[
        "policy",
        "edit",
        "web first",
        "--grain",
        "field",
        "--rename",
        "Web",
    ]);
    assert_eq!(
        (&edited["name"], &edited["version"]),
        (&json!("Web"), &json!(2))
    );
    assert_eq!(edited["attributeMerge"], made["attributeMerge"]);
    assert_eq!(edited["onefold"]["grain"], "field");
    let before = world.json(&["policy", "show", "Web", "--version", "1"]);
    assert_eq!(before["name"], "Web first");
    let timed = world.json(&["policy", "edit", "Web", "--method", "timestampOrdered"]);
    assert_eq!(timed["attributeMerge"], json!({"type": "timestampOrdered"}));
    world.json(&["policy", "default", "Web"]);
    let list = world.json(&["policy", "list"]);
    let defaults = list["policies"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| p["default"] == true);
    assert_eq!(defaults.count(), 1);
    assert_eq!(list["policies"][0]["name"], "Web");
    world.json(&["policy", "delete", "Latest wins"]);
    assert_eq!(world.run(&["policy", "show", "Latest wins"]).code, 3);
}

#[test]
fn a_bad_policy_is_refused_with_the_field() {
    let world = World::imported();
    let check = |args: &[&str], expected: &str| {
        let ran = world.run(&[&["policy", "create"], args].concat());
        assert_eq!(
            (ran.code, ran.stderr),
            (1, format!("error: {expected}\n")),
            "{args:?}"
        );
    };
    check(
        &["X", "--order", "cmr"],
        "`order`: there is no dataset `cmr`; did you mean `crm`?",
    );
    check(
        &["X", "--order", "crm,crm"],
        "`order` lists `crm` twice; leave one out",
    );
    check(
        &["crm FIRST"],
        "`name`: a policy `crm FIRST` exists already; choose another",
    );
    check(
        &["X", "--grain", "feild"],
        "`grain`: `feild` is not known; did you mean `field`?",
    );
}

#[test]
fn exported_policies_can_be_imported_again() {
    let world = World::imported();
    let one = world.run(&["policy", "export", "CRM first"]).stdout;
    assert!(one.starts_with("{\n  \"id\""), "{one}");
    let renamed = one
        .replace("crm-first", "foreign")
        .replace("\"CRM first\"", "\"Foreign\"")
        .replace("\"crm\"", "\"5d0c1\"");
    world.write("policy.json", &renamed);
    assert_eq!(world.run(&["policy", "import", "policy.json"]).code, 1);
    let ran = world.run(&["policy", "import", "policy.json", "--map", "5d0c1=crm"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let order = &world.json(&["policy", "show", "foreign"])["attributeMerge"]["order"];
    assert_eq!(*order, json!(["crm", "web-signup"]));
    let all = world.run(&["policy", "export"]).stdout;
    assert_eq!(world.run_with(&["policy", "import", "-"], &all).code, 0);
    assert_eq!(world.json(&["policy", "show", "foreign"])["version"], 2);
}

#[test]
fn changed_linking_settings_ask_for_a_resolve() {
    let world = World::imported();
    assert_eq!(world.json(&["stats"])["resolvePending"], false);
    let ran = world.run(&["namespace", "set", "ecid", "--priority", "1"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("resolve pending"), "{ran:?}");
    let namespaces = world.json(&["namespace", "list"]);
    let codes: Vec<&str> = namespaces["namespaces"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["ECID", "CRMID", "Email"]);
    assert_eq!(world.json(&["stats"])["resolvePending"], true);
    assert_eq!(world.json(&["resolve", "--dry-run"])["dryRun"], true);
    assert_eq!(world.json(&["stats"])["resolvePending"], true);
    world.json(&["resolve"]);
    assert_eq!(world.json(&["stats"])["resolvePending"], false);
    let quiet = world.run(&["settings", "set", "keep_versions", "false"]);
    assert!(!quiet.stderr.contains("resolve pending"), "{quiet:?}");
    assert_eq!(
        world.json(&["settings", "set", "max_identities", "50"])["max_identities"],
        50
    );
    assert_eq!(world.json(&["stats"])["resolvePending"], true);
}

#[test]
fn resolve_counts_events_that_lie_elsewhere_and_rekey_moves_them() {
    let world = World::imported();
    assert_eq!(world.json(&["resolve"])["misplacedEvents"], 0);
    world.run(&["namespace", "set", "ecid", "--priority", "1"]);
    let primary = |of: &str| {
        let answer = world.json(&["events", of]);
        let events = answer["events"].as_array().unwrap().clone();
        let named: Vec<_> = events.iter().map(|e| e["identity"].clone()).collect();
        json!(named)
    };
    let answer = world.json(&["resolve"]);
    assert_eq!(answer["misplacedEvents"], 3);
    assert!(answer.get("movedEvents").is_none(), "{answer}");
    let told = world.run(&["resolve", "--dry-run"]).stdout;
    let line = "! 3 events lie elsewhere than present settings would choose; `onefold resolve --rekey` moves what can move";
    assert!(told.contains(line), "{told}");
    let shown = world.run(&["batch", "list"]).stdout;
    let would = world.json(&["resolve", "--rekey", "--dry-run"]);
    assert_eq!(
        (&would["dryRun"], &would["movedEvents"]),
        (&json!(true), &json!(3))
    );
    assert_eq!(world.json(&["resolve", "--dry-run"])["misplacedEvents"], 3);
    let answer = world.json(&["resolve", "--rekey"]);
    assert_eq!(
        (&answer["misplacedEvents"], &answer["movedEvents"]),
        (&json!(3), &json!(3))
    );
    assert_eq!(world.json(&["resolve", "--dry-run"])["misplacedEvents"], 0);
    assert_eq!(
        primary("ECID:111"),
        json!(["ECID:111", "ECID:111", "ECID:111"])
    );
    assert_eq!(world.json(&["show", "ECID:111"])["eventCount"], 3);
    assert_eq!(world.run(&["check"]).code, 0);
    assert_eq!(world.run(&["batch", "list"]).stdout, shown);
}

#[test]
fn an_import_of_which_too_much_is_rejected_is_refused_and_its_rows_are_shown() {
    let world = World::imported();
    world.write(
        "more/signups.jsonl",
        "{\"email\":\"eva@example.com\"}\n{\"email\":\n{}\n{\"email\":\"leo@example.com\"}\n",
    );
    let import = ["import", "more", "--dataset", "signups", "--kind", "record"];
    let run = |limit: &str| world.run(&[&import[..], &["--max-rejected", limit]].concat());
    let before = world.run(&["batch", "list", "--json"]).stdout;
    for (limit, allowed) in [("1", "the 1"), ("49.9%", "the 49.9%")] {
        let ran = run(limit);
        assert_eq!(ran.code, 1, "{ran:?}");
        let why = format!(
            "would reject 2 of 4 rows (50.0%), more than {allowed} that --max-rejected allows; nothing was changed"
        );
        assert!(ran.stderr.contains(&why), "{ran:?}");
        let (_, file) = ran.stderr.trim_end().rsplit_once(" are in ").unwrap();
        let rejected = std::fs::read_to_string(file).unwrap();
        assert_eq!(rejected.lines().count(), 2, "{rejected}");
        assert_eq!(world.run(&["batch", "list", "--json"]).stdout, before);
    }
    assert_eq!(run("x").code, 2);
    assert_eq!(run("50%").code, 4);
    assert_ne!(world.run(&["batch", "list", "--json"]).stdout, before);
}

#[test]
fn a_preview_says_what_an_import_would_do_and_does_not_do_it() {
    let world = World::imported();
    world.write("in/crm.csv", &cli::CRM.replace("gold", "platinum"));
    let before = world.run(&["batch", "list", "--json"]).stdout;
    let shown = world.run(&["show", "Email:ana@example.com"]).stdout;
    let ran = world.run(&["import", "in", "--again", "--preview", "--json"]);
    let said: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(said["preview"], true);
    assert!(said["effects"]["changed"].as_u64() > Some(0), "{said}");
    let ran = world.run(&["import", "in", "--again", "--max-changed", "0"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.stderr
            .contains("more than the 0 that --max-changed allows"),
        "{ran:?}"
    );
    assert_eq!(world.run(&["batch", "list", "--json"]).stdout, before);
    assert_eq!(world.run(&["show", "Email:ana@example.com"]).stdout, shown);
    assert_eq!(world.run(&["import", "in", "--max-changed", "x"]).code, 2);

    let ran = world.run(&["import", "in", "--again", "--max-changed", "100%", "--json"]);
    let done: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(done["effects"]["changed"], said["effects"]["changed"]);
    assert!(done.get("preview").is_none(), "{done}");
    let batch = done["datasets"][0]["batch"].to_string();
    let told = world.json(&["batch", "show", &batch]);
    assert!(
        told["effects"]["fields"]
            .as_array()
            .is_some_and(|f| !f.is_empty()),
        "{told}"
    );
}

#[test]
fn a_deletion_says_what_goes_and_a_dry_run_changes_nothing() {
    let world = World::imported();
    let before = world.run(&["show", "Email:ana@example.com"]).stdout;
    let said = world.json(&["batch", "delete", "1", "2", "--dry-run"]);
    assert_eq!(said["dryRun"], true);
    assert_eq!(said["batches"].as_array().map(Vec::len), Some(2));
    let sum = ["unchanged", "updated", "split", "gone"].map(|field| said[field].as_u64().unwrap());
    assert_eq!(said["graphs"].as_u64(), Some(sum.iter().sum()));
    assert!(said["fragments"].as_u64() > Some(0), "{said}");
    assert_eq!(world.run(&["show", "Email:ana@example.com"]).stdout, before);
    assert_eq!(world.run(&["batch", "delete", "1", "2", "--yes"]).code, 0);
    assert_eq!(world.run(&["batch", "delete", "1", "2", "--yes"]).code, 3);
    assert_eq!(world.run(&["batch", "delete"]).code, 2);
    assert_eq!(world.run(&["check"]).code, 0);
}

#[test]
fn what_only_repeated_a_deleted_batch_comes_back_as_its_own() {
    let world = World::imported();
    let ran = world.run(&["import", "in", "--again", "--json"]);
    let again: Value = serde_json::from_str(&ran.stdout).unwrap();
    let datasets = again["datasets"].as_array().unwrap();
    let batch = |dataset: &Value| dataset["batch"].as_u64().unwrap();
    let batches: Vec<u64> = datasets.iter().map(batch).collect();
    assert!(datasets[0]["duplicates"].as_u64() > Some(0), "{again}");
    let before = world
        .run(&["events", "Email:ana@example.com", "--json"])
        .stdout;
    let deleted = world.json(&["batch", "delete", "1", "2", "3"]);
    assert!(deleted["returnedRows"].as_u64() > Some(0), "{deleted}");
    assert_eq!(world.run(&["check"]).code, 0);
    let left = world.json(&["batch", "list"]);
    let ids = left["batches"].as_array().unwrap().iter();
    let left: Vec<u64> = ids.map(|batch| batch["id"].as_u64().unwrap()).collect();
    assert_eq!(left, batches);
    let after = world
        .run(&["events", "Email:ana@example.com", "--json"])
        .stdout;
    let count = |text: &str| text.matches("\"timestamp\"").count();
    assert_eq!(
        count(&after),
        count(&before),
        "the events are the later batch's now"
    );
    let missed = world.run(&["search", "tier:platinum"]).stderr;
    assert!(!missed.contains("no profile has an attribute"), "{missed}");
    // Nothing keeps the files of a deleted batch from being imported again.
    world.run(&["batch", "delete", "4", "5", "6"]);
    let missed = world.run(&["search", "tier:platinum"]).stderr;
    assert!(missed.contains("no profile has an attribute"), "{missed}");
    let twin = world.run(&["import", "in", "--json"]);
    let twin: Value = serde_json::from_str(&twin.stdout).unwrap();
    assert_eq!(twin["datasets"][0]["batch"], 7);
}

#[test]
fn a_deleted_batch_is_as_if_it_had_never_been_imported() {
    let world = World::imported();
    assert_eq!(world.run(&["batch", "delete", "3"]).code, 0);
    assert_eq!(world.json(&["show", "CRMID:C-1"])["eventCount"], 0);
    assert_eq!(world.run(&["show", "ECID:111"]).code, 3);
    assert_eq!(world.run(&["batch", "show", "3"]).code, 3);
    let ran = world.run(&["dataset", "delete", "crm"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr.contains("policy `CRM first` still lists crm"),
        "{ran:?}"
    );
    assert_eq!(world.run(&["dataset", "show", "crm"]).code, 3);
    assert_eq!(world.run(&["check"]).stdout, "the store is whole\n");
}

#[test]
fn a_backup_is_a_store_and_overwrites_nothing() {
    let world = World::imported();
    assert_eq!(world.run(&["backup", "copy.db"]).code, 0);
    let copied = world.run(&["--store", "copy.db", "show", "CRMID:C-1"]);
    assert_eq!(copied.stdout, world.run(&["show", "CRMID:C-1"]).stdout);
    assert_eq!(world.run(&["backup", "copy.db"]).code, 1);
}

#[test]
fn a_generated_world_can_be_imported() {
    let world = World::empty();
    let made = world.json(&[
        "generate", "--people", "20", "--events", "50", "--out", "world",
    ]);
    assert_eq!(made["people"], 20);
    assert_eq!(made["events"], 50);
    let ran = world.run(&["import", "world", "--json", "-q"]);
    assert!([0, 4].contains(&ran.code), "{ran:?}");
    assert!(world.json(&["stats"])["profiles"].as_u64().unwrap() > 0);
    assert_eq!(
        world
            .run(&["generate", "--people", "20", "--out", "world"])
            .code,
        1
    );
}

#[test]
fn the_demo_is_imported_into_its_own_store_and_once() {
    let world = World::empty();
    let check = || {
        let mut command = world.command(&["demo", "--check", "--json"]);
        let output = command.env_remove("ONEFOLD_STORE").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let (first, second) = (check(), check());
    assert!(first["profiles"].as_u64().unwrap() > 50, "{first}");
    assert_eq!(first["profiles"], second["profiles"]);
    for dataset in second["datasets"].as_array().unwrap() {
        assert_eq!(dataset["read"], dataset["duplicates"]);
    }
    assert_eq!(world.run(&["--store", "demo", "stats"]).code, 0);
    assert!(!world.path("store.db").exists());
}
