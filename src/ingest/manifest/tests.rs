//! Tables of manifests.

use super::*;
use crate::ingest::mapping::{Normalise, Unidentified, Update};
use crate::ingest::shapes::Shape;
use crate::model::DatasetKind;

fn read(text: &str) -> Result<Manifest, String> {
    let known = ["ECID".to_owned()];
    Manifest::parse("onefold.toml", text, &known).map_err(|error| error.to_string())
}

const WHOLE: &str = r#"
[store]
max_identities = 50
block = ["AAID"]

[[namespace]]
code = "CRMID"
type = "CROSS_DEVICE"
unique = true
priority = 1

[[dataset]]
name = "crm"
kind = "record"
channel = "crm"
files = ["crm/*.csv.gz"]
upsert = true
unidentified = "keep"
primary = "CRMID"
time = "updated_at"
timezone = "Europe/Vienna"
encoding = "latin1"
[dataset.identities]
_org.ids.crm = "CRMID"
"a\\.b" = "Cookie"
email = { namespace = "Email", normalise = ["trim", "lower"] }
[dataset.fields]
first_name = "person.name.firstName"
[dataset.nulls]
any = ["", "NULL"]
age = "0"

[[policy]]
name = "CRM first"
method = "dataSetPrecedence"
order = ["crm", "loyalty"]
stitching = "pdg"
arrays = "union"
"#;

#[test]
fn a_whole_manifest_is_understood() {
    let manifest = read(WHOLE).unwrap();
    let mut settings = StoreSettings::default();
    manifest.store.unwrap().apply(&mut settings);
    assert_eq!(settings.max_identities, Some(50));
    assert_eq!(settings.block, ["AAID"]);
    assert!(settings.check_length, "what is not named stays");
    assert_eq!(
        manifest.namespaces[0].kind,
        Some(NamespaceKind::CrossDevice)
    );
    assert_eq!(manifest.namespaces[0].priority, Some(1));
    assert_eq!(
        manifest.policies[0].order.as_deref().unwrap(),
        ["crm", "loyalty"]
    );
    let dataset = &manifest.datasets[0];
    assert_eq!(dataset.kind, Some(DatasetKind::Record));
    assert_eq!(dataset.files, ["crm/*.csv.gz"]);
    assert_eq!(dataset.place, "onefold.toml, line 12");
    let mapping = &dataset.mapping;
    assert_eq!(mapping.update, Update::Patch);
    assert_eq!(mapping.unidentified, Unidentified::Keep);
    let paths: Vec<_> = mapping
        .identities
        .iter()
        .map(|i| i.address.path.keys())
        .collect();
    assert_eq!(paths, [&["_org", "ids", "crm"][..], &["a.b"], &["email"]]);
    assert_eq!(
        mapping.identities[2].normalise,
        [Normalise::Trim, Normalise::Lower]
    );
    assert_eq!(mapping.fields[0].to.to_string(), "person.name.firstName");
    assert_eq!(mapping.nulls.any, ["", "NULL"]);
    assert_eq!(mapping.nulls.by_field[0].1, ["0"]);
}

fn refused(text: &str, expected: &str) {
    let expected = format!("onefold.toml, {expected}");
    assert_eq!(read(text).unwrap_err(), expected, "{text}");
}

fn dataset(line: &str) -> String {
    format!("[[dataset]]\nname = \"x\"\n{line}\n")
}

#[test]
fn every_mistake_names_its_line_and_what_there_is() {
    let check = refused;
    check(
        "[stor]\n",
        "line 1: unknown key `stor` in the file; did you mean `store`?",
    );
    check(
        &dataset("primry = 'X'"),
        "line 3: unknown key `primry` in [[dataset]]; did you mean `primary`?",
    );
    check(
        &dataset("files = 7"),
        "line 3: `files` must be a list of texts, not integer",
    );
    check(
        &dataset("upsert = 'yes'"),
        "line 3: `upsert` must be true or false, not string",
    );
    check(
        &dataset("kind = 'records'"),
        "line 3: `records` is no kind of dataset; there are record and event",
    );
    check(
        &dataset("timezone = 'Europe/Viena'"),
        "line 3: `Europe/Viena` is no time zone; did you mean `Europe/Vienna`?",
    );
    check(
        &dataset("primary = 'CRMIT'\nidentities = { a = 'CRMID' }"),
        "line 3: `primary` names the namespace `CRMIT`, which is neither mapped nor declared; did you mean `CRMID`?",
    );
    check(
        &dataset("identities = { a = { namespace = 'X', normalize = 'trim' } }"),
        "line 3: unknown key `normalize` in [a]; did you mean `normalise`?",
    );
    check(
        &dataset("identities = { a = { namespace = 'X', normalise = 'upper' } }"),
        "line 3: `upper` is no way to normalise; there are trim, lower, digits, sha256",
    );
}

#[test]
fn unknown_words_for_rows_and_dates_name_the_nearest() {
    let check = refused;
    check(
        &dataset("dates = 'day/month'"),
        "line 3: `day/month` is no order of a date; did you mean `day/month/year`?",
    );
    check(
        &dataset("kind = 'record'\nshape = 'segmnt'"),
        "line 4: `segmnt` is no shape of rows; did you mean `segment`?",
    );
    check(
        &dataset("kind = 'record'\nshape = 'json'"),
        "line 4: `json` is no shape of rows; there are segment, envelope, entity, instance, xdm",
    );
    check(
        &dataset("shape = 'segment'"),
        "line 3: `shape` needs `kind` beside it: \"record\" or \"event\"",
    );
}

#[test]
fn what_contradicts_itself_or_is_incomplete_is_refused() {
    let check = refused;
    check(
        &dataset("[dataset.fields]\na = 'x.y'\nb = 'x'"),
        "line 5: `b` and `a` go to the same path",
    );
    check(
        "[[dataset]]\nkind = 'event'\n",
        "line 1: [[dataset]] needs a `name`",
    );
    check(
        "[dataset]\nname = 'x'\n",
        "line 1: `dataset` is a list; write it as [[dataset]]",
    );
    check(
        "[[namespace]]\ncode = 'A'\npriority = 0",
        "line 3: `priority` begins at 1, which is the highest",
    );
    assert!(
        read("a = \n")
            .unwrap_err()
            .starts_with("onefold.toml, line 1: ")
    );
}

#[test]
fn a_primary_that_only_identity_maps_bring_is_taken_on_trust() {
    assert!(read("[[dataset]]\nname='x'\nprimary='loyaltyId'\n").is_ok());
    assert!(read("[[dataset]]\nname='x'\nprimary='ECIDD'\n").is_err());
    assert!(read("[[dataset]]\nname='x'\nprimary='ecid'\n").is_ok());
}

#[test]
fn a_mapping_may_be_written_as_a_body_or_as_a_dataset() {
    let check = |text: &str| {
        let declaration = parse_mapping("m.toml", text, &[]).unwrap();
        assert_eq!(declaration.mapping.identities[0].namespace, "X", "{text}");
        assert_eq!(declaration.mapping.time.unwrap().text, "at");
        assert_eq!(declaration.files, [""; 0]);
    };
    check("time = 'at'\n[identities]\na = 'X'");
    check("time = 'at'\n[dataset.identities]\na = 'X'");
    check("[[dataset]]\nname = 'x'\nfiles = ['a.csv']\ntime = 'at'\n[dataset.identities]\na = 'X'");
    let wrong = |text: &str| parse_mapping("m.toml", text, &[]).unwrap_err().to_string();
    assert!(
        wrong("files = ['x']").starts_with("m.toml, line 1: `files` belongs into onefold.toml")
    );
    assert!(wrong("[dataset.identitys]\na = 'X'").contains("did you mean `identities`?"));
}

#[test]
fn a_shape_says_what_the_manifest_does_not() {
    let check = |text: &str| {
        let text = format!("[[dataset]]\nname = 'x'\nkind = 'record'\nshape = 'segment'\n{text}");
        let dataset = read(&text).unwrap().datasets.remove(0);
        assert_eq!(dataset.shape.map(Shape::code), Some("segment"));
        let mapping = dataset.mapping;
        let codes: Vec<_> = mapping
            .identities
            .into_iter()
            .map(|i| i.namespace)
            .collect();
        (codes, mapping.time.unwrap().text, mapping.update)
    };
    let usual = [
        "userId",
        "anonymousId",
        "anonymousId",
        "deviceId",
        "Email",
        "Email",
    ];
    let of = |codes: &[&str]| codes.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(check(""), (of(&usual), "timestamp".into(), Update::Patch));
    assert_eq!(
        check("time = 'sentAt'\nupsert = false\n[dataset.identities]\nuserId = 'CRMID'"),
        (of(&["CRMID"]), "sentAt".into(), Update::Replace)
    );
}
