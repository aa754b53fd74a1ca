//! The store as a file: what is no store, copies of one in use, and what lies beside it.

mod cli;

use std::fs;

use cli::{World, store};
use onefold::store::{Reader, Writer};

#[test]
fn what_is_no_store_is_named_and_nothing_of_it_is_changed() {
    let world = World::empty();
    let path = store(&world);
    let check = |args: &[&str]| {
        let ran = world.run(args);
        assert_eq!(ran.code, 1, "{args:?}: {ran:?}");
        let expected =
            format!("error: {path} is not a onefold store; name another file with --store\n");
        assert_eq!(ran.stderr, expected, "{args:?}");
    };
    fs::create_dir(&path).unwrap();
    check(&["stats"]);
    fs::remove_dir(&path).unwrap();
    for content in ["", "no database at all"] {
        fs::write(&path, content).unwrap();
        check(&["stats"]);
        check(&["check"]);
        check(&["policy", "default", "Latest wins"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
}

#[test]
fn a_damaged_store_is_said_to_be_that_in_one_line() {
    let world = World::imported();
    let mut bytes = fs::read(world.path("store.db")).unwrap();
    for byte in bytes.iter_mut().skip(40_000).step_by(7) {
        *byte = 0xa5;
    }
    fs::write(world.path("store.db"), bytes).unwrap();
    for args in [
        &["check"][..],
        &["check", "--json"],
        &["import", "in", "--again", "-q"],
    ] {
        let ran = world.run(args);
        assert_eq!(ran.code, 1, "{args:?}: {ran:?}");
        assert!(
            ran.stderr.starts_with("error: the store is damaged: "),
            "{args:?}: {ran:?}"
        );
        assert_eq!(ran.stderr.lines().count(), 1, "{args:?}: {ran:?}");
    }
}

#[test]
fn a_copy_is_made_while_somebody_writes_and_holds_what_was_there_before() {
    let world = World::imported();
    let writer = Writer::open(&world.path("store.db"), "test").unwrap();
    writer.namespace("Unseen").unwrap();
    let ran = world.run(&["backup", "copy.db"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    writer.commit().unwrap();
    let codes = |name: &str| {
        let reader = Reader::open(&world.path(name)).unwrap();
        let catalog = reader.view().catalog().unwrap();
        catalog
            .namespaces()
            .iter()
            .map(|namespace| namespace.code.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes("copy.db"), ["CRMID", "Email", "ECID"]);
    assert_eq!(codes("store.db").len(), 4);
    assert_eq!(world.run(&["backup", "copy.db"]).code, 1);
}

#[test]
fn an_index_that_is_missing_is_made_by_who_misses_it() {
    let world = World::imported();
    let index = world.path("store.index");
    for args in [
        &["search", "tier:gold", "--jsonl"][..],
        &["stats"],
        &["export", "tier:gold", "--format", "csv"],
        &["compare", "--all", "--policies", "Latest wins,CRM first"],
    ] {
        let with_index = world.run(args);
        fs::remove_file(&index).unwrap();
        let ran = world.run(args);
        assert_eq!(
            (ran.code, &ran.stdout),
            (with_index.code, &with_index.stdout)
        );
        assert!(index.exists(), "{args:?}: {ran:?}");
    }
}
