//! Plans of small folders.

use std::sync::Arc;

use super::*;
use crate::ingest::Embedded;

const EVENT: &str = "{\"timestamp\":\"2024-01-01T00:00:00Z\",\"identityMap\":{}}\n";
const RECORD: &str = "{\"identityMap\":{}}\n";

fn planned(files: &[(&str, &str)], paths: &[&str], options: PlanOptions) -> Result<Plan, String> {
    let options = PlanOptions {
        folder: Arc::new(Embedded::new(files.iter().copied())),
        ..options
    };
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    plan(&paths, &options, &known()).map_err(|error| error.to_string())
}

fn known() -> Known {
    Known {
        namespaces: Vec::new(),
        datasets: HashMap::from([("old".to_owned(), DatasetKind::Event)]),
        held: None,
    }
}

/// The datasets of a plan as `name kind: files`.
fn shown(plan: &Plan) -> Vec<String> {
    let dataset = |dataset: &DatasetPlan| {
        let files: Vec<_> = dataset.files.iter().map(|file| &*file.name).collect();
        format!("{} {}: {}", dataset.name, dataset.kind, files.join(" "))
    };
    plan.datasets.iter().map(dataset).collect()
}

fn check(files: &[(&str, &str)], paths: &[&str], expected: &[&str], notes: &[&str]) {
    let plan = planned(files, paths, PlanOptions::default()).unwrap();
    assert_eq!(shown(&plan), expected);
    assert_eq!(plan.notes, notes);
}

fn refused(files: &[(&str, &str)], paths: &[&str], expected: &str) {
    let error = planned(files, paths, PlanOptions::default()).unwrap_err();
    assert_eq!(error, expected);
}

#[test]
fn a_file_is_known_by_its_rows_however_long_the_first_is() {
    for length in [10, 2 << 20, 20 << 20] {
        let note = "x".repeat(length);
        let first = EVENT.replace("{}}", &format!("{{}},\"note\":\"{note}\"}}"));
        let rows = [&first, EVENT, EVENT].concat();
        check(
            &[("a.jsonl", &rows)],
            &["a.jsonl"],
            &["a event: a.jsonl"],
            &[],
        );
    }
}

#[test]
fn files_become_datasets_by_their_stem_and_kinds_by_their_rows() {
    let files = [
        ("d/web.jsonl", EVENT),
        ("d/crm.json", RECORD),
        ("d/old.json", RECORD),
    ];
    check(
        &files,
        &["d/web.jsonl", "d/crm.json", "d/old.json", "d/crm.json"],
        &[
            "web event: d/web.jsonl",
            "crm record: d/crm.json",
            "old event: d/old.json",
        ],
        &["d/crm.json is named twice and read once"],
    );
}

#[test]
fn a_folder_is_read_in_byte_order_and_leaves_alone_what_it_does_not_know() {
    let files = [
        ("d/b.jsonl", RECORD),
        ("d/B.jsonl", RECORD),
        ("d/a/z.json", RECORD),
        ("d/README", "Read me, please\nand that, too\n"),
        ("d/.hidden.json", RECORD),
    ];
    check(
        &files,
        &["d"],
        &[
            "B record: d/B.jsonl",
            "z record: d/a/z.json",
            "b record: d/b.jsonl",
        ],
        &["d: left alone, as of no known format: README"],
    );
    check(
        &files,
        &["d/*.jsonl"],
        &["B record: d/B.jsonl", "b record: d/b.jsonl"],
        &[],
    );
    refused(
        &files,
        &["d/*.csv"],
        "d/*.csv holds no file that can be imported; name files of JSON Lines, JSON, CSV, Parquet",
    );
    refused(
        &files,
        &["d/README2"],
        "cannot read d/README2: there is no such file or folder",
    );
}

#[test]
fn a_manifest_says_what_its_folder_holds() {
    let manifest = "[[dataset]]\nname='w'\nfiles=['web/*.jsonl','web/1.jsonl']\n[[dataset]]\nname='c'\nkind='event'\nfiles=['c.json','no/*']\n";
    let files = [
        ("d/onefold.toml", manifest),
        ("d/web/2.jsonl", EVENT),
        ("d/web/1.jsonl", EVENT),
        ("d/web/deep/3.jsonl", EVENT),
        ("d/c.json", RECORD),
    ];
    let notes = [
        "d/onefold.toml, line 4: `no/*` of `c` matches no file",
        "d: left alone, as named by no dataset: web/deep/3.jsonl",
    ];
    let datasets = ["w event: d/web/1.jsonl d/web/2.jsonl", "c event: d/c.json"];
    check(&files, &["d"], &datasets, &notes);
    check(&files, &["d/onefold.toml"], &datasets, &notes);
    let one = PlanOptions {
        dataset: Some("c".into()),
        ..PlanOptions::default()
    };
    let plan = planned(&files, &["d"], one.clone()).unwrap();
    assert_eq!(shown(&plan), ["c event: d/c.json"]);
    let other = PlanOptions {
        dataset: Some("cc".into()),
        ..one
    };
    let error = planned(&files, &["d"], other).unwrap_err();
    assert_eq!(
        error,
        "d/onefold.toml has no dataset `cc`; did you mean `c`?"
    );
}

#[test]
fn a_file_belongs_to_one_dataset() {
    let manifest =
        "[[dataset]]\nname='a'\nfiles=['*.json']\n[[dataset]]\nname='b'\nfiles=['x.json']\n";
    refused(
        &[("d/onefold.toml", manifest), ("d/x.json", RECORD)],
        &["d"],
        "d/onefold.toml, line 4: `b` and `a` both name x.json; a file belongs to one dataset",
    );
}

#[test]
fn a_known_dataset_keeps_its_kind() {
    let options = PlanOptions {
        kind: Some(DatasetKind::Record),
        ..PlanOptions::default()
    };
    let error = planned(&[("old.json", RECORD)], &["old.json"], options).unwrap_err();
    assert_eq!(
        error,
        "the dataset `old` holds events already; give the records another with --dataset"
    );
}

#[test]
fn a_mapping_without_identities_is_refused_with_one_to_begin_with() {
    let table = "customer_id,E-Mail,\"odd \"\"name\"\"\",account_id\n1,a@x,y,2\n";
    let bare = "[[dataset]]\nname='crm'\nfiles=['crm.csv.gz']\n";
    let files = [("d/crm.csv.gz", table), ("d/onefold.toml", bare)];
    let error = planned(&files, &["d"], PlanOptions::default()).unwrap_err();
    let (sentence, starter) = error.split_once("\n\n").unwrap();
    assert!(
        sentence.starts_with("d/crm.csv.gz needs a mapping"),
        "{sentence}"
    );
    let files = [("d/crm.csv.gz", table), ("d/onefold.toml", starter)];
    check(&files, &["d"], &["crm record: d/crm.csv.gz"], &[]);
    let map = PlanOptions {
        map: Some("m.toml".into()),
        ..PlanOptions::default()
    };
    let files = [("d/crm.csv", table), ("m.toml", starter)];
    let plan = planned(&files, &["d/crm.csv"], map).unwrap();
    let identities = plan.datasets[0].mapping.identities.iter();
    let namespaces: Vec<_> = identities.map(|field| field.namespace.as_str()).collect();
    assert_eq!(namespaces, ["CUSTOMERID", "Email"]);
}

#[test]
fn a_mapping_must_fit_the_columns_of_some_file() {
    let table = "crm_id,first,person\n1,a,b\n";
    let with = |body: &str| {
        let manifest =
            format!("[[dataset]]\nname='c'\nfiles=['*.csv']\nidentities={{crm_id='X'}}\n{body}");
        let files = [
            ("d/onefold.toml", manifest.as_str()),
            ("d/a.csv", table),
            ("d/b.csv", "crm_id\n2\n"),
        ];
        planned(&files, &["d"], PlanOptions::default()).map(|plan| plan.notes)
    };
    let missing = "there is no column `frist` for `fields`; did you mean `first`?";
    assert_eq!(
        with("fields={frist='x'}"),
        Err(format!("d/a.csv: {missing}"))
    );
    let note = "d/b.csv: there is no column `first` for `fields`; there are crm_id";
    assert_eq!(with("fields={first='x'}"), Ok(vec![note.to_owned()]));
    let homeless = "d/a.csv: the column `person` has no place beside the paths of [dataset.fields]; map it to another path";
    assert_eq!(
        with("fields={first='person.name'}"),
        Err(homeless.to_owned())
    );
}

#[test]
fn a_file_of_no_known_format_is_refused_by_name() {
    refused(
        &[("x.bin", "\u{0}\u{1}\u{2}binary")],
        &["x.bin"],
        "x.bin is none of JSON Lines, JSON, CSV, Parquet; convert it, or leave it out",
    );
}

#[test]
fn the_hash_of_a_file_is_known_before_it_is_read() {
    let plan = planned(&[("x.json", RECORD)], &["x.json"], PlanOptions::default()).unwrap();
    let hash = plan.datasets[0].files[0].hash().unwrap();
    assert_eq!(hash, Some(xxh3_128(RECORD.as_bytes())));
    assert_eq!(plan.datasets[0].bytes(), Some(19));
}

#[test]
fn a_correction_of_one_half_of_a_file_leaves_the_other() {
    let rows = format!("{RECORD}{EVENT}");
    let mut plan = planned(&[("x.jsonl", &rows)], &["x.jsonl"], PlanOptions::default()).unwrap();
    let mut corrected = plan.answer().datasets.remove(1);
    corrected.name = "people".into();
    plan.correct(&[corrected]);
    assert_eq!(shown(&plan), ["x event: x.jsonl", "people record: x.jsonl"]);
}
