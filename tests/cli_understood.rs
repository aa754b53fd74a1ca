//! What `import` says of files that nobody describes, and what it writes down.

mod cli;

use std::fs;

use cli::World;
use serde_json::Value;

const CRM: &str = "crm_id,email,first_name,note\n\
    C1,eva@x.at,Eva,a\nC2,udo@x.at,Udo,b\nC3,N/A,Ada,c\n";

fn world() -> World {
    let world = World::empty();
    world.write("crm.csv", CRM);
    world
}

fn column<'v>(plan: &'v Value, name: &str) -> &'v Value {
    let columns = plan
        .pointer("/datasets/0/columns")
        .and_then(Value::as_array);
    let found = columns.and_then(|columns| columns.iter().find(|column| column["source"] == name));
    found.unwrap_or(&Value::Null)
}

#[test]
fn a_dry_run_says_what_each_column_becomes_and_why() {
    let world = world();
    let plan = world.json(&["import", "crm.csv", "--dry-run"]);
    let dataset = &plan["datasets"][0];
    assert_eq!(dataset["guessed"], true);
    assert_eq!(dataset["rowsSampled"], 3);
    assert_eq!(dataset["primary"], "CRMID");
    assert_eq!(column(&plan, "email")["identity"]["namespace"], "Email");
    assert_eq!(column(&plan, "email")["opinion"]["percent"], 99);
    assert_eq!(column(&plan, "first_name")["path"], "person.name.firstName");
    assert_eq!(column(&plan, "note")["path"], Value::Null);
    let text = world.run(&["import", "crm.csv", "--dry-run"]).stdout;
    assert!(
        text.contains("looks like an e-mail in all 2 rows"),
        "{text}"
    );
    assert!(text.contains("nothing was written"), "{text}");
    assert!(!world.path("store.db").exists());
}

#[test]
fn a_mask_hides_the_values_of_a_sample() {
    let ran = world().run(&["import", "crm.csv", "--dry-run", "--mask"]);
    assert!(ran.stdout.contains("identity Email"), "{ran:?}");
    assert!(!ran.stdout.contains("eva@x.at"), "{ran:?}");
}

#[test]
fn an_import_says_in_a_line_what_it_understood() {
    let ran = world().run(&["import", "crm.csv"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let line = "crm.csv: 3 rows, record into crm; CRMID from crm_id (primary), Email from email; email → personalEmail.address";
    assert!(ran.stderr.contains(line), "{ran:?}");
}

#[test]
fn a_mapping_is_written_reads_the_same_and_is_not_replaced_by_accident() {
    let world = world();
    let save = ["import", "crm.csv", "--dry-run", "--save-map", "crm.toml"];
    assert_eq!(world.run(&save).code, 0);
    let text = fs::read_to_string(world.path("crm.toml")).unwrap();
    assert!(text.contains("\"email\" = [\"N/A\"]"), "{text}");
    let refused = world.run(&save);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(
        refused.stderr.contains("crm.toml is there already"),
        "{refused:?}"
    );
    assert_eq!(world.run(&[&save[..], &["--overwrite"]].concat()).code, 0);
    let guessed = world.json(&["import", "crm.csv", "--dry-run"]);
    let mapped = world.json(&["import", "crm.csv", "--dry-run", "--map", "crm.toml"]);
    for key in ["name", "kind", "primary", "identities", "fields", "channel"] {
        assert_eq!(
            guessed["datasets"][0][key], mapped["datasets"][0][key],
            "{key}"
        );
    }
    assert_eq!(mapped["datasets"][0]["guessed"], false);
}

#[test]
fn rows_without_an_identity_are_rejected_or_kept_on_request() {
    let world = World::empty();
    world.write("crm.csv", "email,city\neva@x.at,Wien\n,Graz\n");
    let ran = world.run(&["import", "crm.csv", "--json"]);
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.code, &answer["datasets"][0]["rejected"]),
        (4, &Value::from(1))
    );
    let kept = world.json(&["import", "crm.csv", "--keep-unidentified", "--again"]);
    assert_eq!(kept["datasets"][0]["rejected"], 0);
    assert_eq!(kept["profiles"], 2);
}

#[test]
fn a_table_without_persons_is_refused_with_what_to_do() {
    let world = World::empty();
    world.write("plans.csv", "id,name,seats\n1,Base,10\n2,Premium,50\n");
    let ran = world.run(&["import", "plans.csv"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.stderr.contains(
            "no column of plans.csv looks like a person; leave it out, map it with --map"
        ),
        "{ran:?}"
    );
}

#[test]
fn what_is_written_down_of_calls_is_imported_to_the_same_result() {
    let calls = [
        r#"{"type":"identify","messageId":"1","userId":"u1","traits":{"email":"eva@x.at","plan":"a"},"timestamp":"2024-01-01T00:00:00Z"}"#,
        r#"{"type":"track","messageId":"2","anonymousId":"a1","userId":"u1","event":"Order","timestamp":"2024-01-02T00:00:00Z"}"#,
        r#"{"type":"identify","messageId":"3","userId":"u1","traits":{"city":"Graz"},"timestamp":"2024-01-03T00:00:00Z"}"#,
    ];
    let [by_itself, as_written] = [(); 2].map(|()| World::empty());
    for world in [&by_itself, &as_written] {
        world.write("in/app.jsonl", &calls.join("\n"));
    }
    as_written.run(&["import", "in", "--dry-run", "--save-map", "in/onefold.toml"]);
    let result = |world: &World| {
        let mut import = world.json(&["import", "in"]);
        for told in ["elapsedMs", "notes"] {
            import[told] = Value::Null;
        }
        let profile = world.json(&["show", "anonymousId:a1"]);
        (import, profile["entity"].clone())
    };
    let (import, profile) = result(&by_itself);
    assert_eq!(import["datasets"].as_array().map(Vec::len), Some(2));
    assert_eq!(profile["traits"]["plan"], "a", "records patch: {profile}");
    assert_eq!(result(&as_written), (import, profile));
}
