//! Which identities of a record are linked, which is primary, and what is refused.
#![expect(
    clippy::expect_used,
    reason = "a table that cannot be read is a failed test"
)]

use onefold::identity::{Admission, Admitted, Mention};
use onefold::model::{
    DatasetKind, LinkSettings, Namespace, NamespaceId, NamespaceKind, Refusal, StoreSettings,
};

/// `CRMID*` is marked primary; namespaces are numbered from 1 in this order, which is that of their priorities.
const CODES: [(&str, NamespaceKind, bool); 6] = [
    ("CRMID", NamespaceKind::CrossDevice, true),
    ("Product", NamespaceKind::NonPeople, false),
    ("GAID", NamespaceKind::Device, false),
    ("ECID", NamespaceKind::Cookie, false),
    ("late", NamespaceKind::Cookie, false),
    ("later", NamespaceKind::Cookie, false),
];

fn settings(store: StoreSettings) -> LinkSettings {
    let namespace = |(id, (code, kind, unique)): (u16, &(&str, NamespaceKind, bool))| Namespace {
        id: NamespaceId(id),
        code: (*code).to_owned(),
        kind: *kind,
        unique: *unique,
        priority: (id < 5).then_some(u32::from(id)),
    };
    LinkSettings {
        namespaces: (1..).zip(&CODES).map(namespace).collect(),
        store,
    }
}

fn admit(kind: DatasetKind, record: &str, store: StoreSettings) -> Admitted {
    let mentions: Vec<_> = record
        .split_terminator(", ")
        .map(|pair| {
            let (code, value) = pair.split_once(':').expect(pair);
            let is_primary = code.ends_with('*');
            let code = code.trim_end_matches('*');
            let at = CODES.iter().position(|known| known.0 == code).expect(code);
            Mention {
                namespace: NamespaceId(at as u16 + 1),
                value,
                is_primary,
            }
        })
        .collect();
    Admission::new(&settings(store)).admit(kind, &mentions)
}

fn strict() -> StoreSettings {
    StoreSettings {
        check_ecid: true,
        block: vec!["gaid".into()],
        ..StoreSettings::default()
    }
}

#[test]
fn what_is_left_after_the_rules_is_linked() {
    let check = |record: &str, expected: &[usize], refusals: &[&str]| {
        let admitted = admit(DatasetKind::Event, record, StoreSettings::default());
        assert_eq!(admitted.linked, expected, "{record}");
        let found: Vec<_> = admitted.refusals.iter().map(Refusal::to_string).collect();
        assert_eq!(found, refusals, "{record}");
    };
    check("", &[], &[]);
    check("CRMID:a", &[0], &[]);
    check("CRMID:a, ECID:1, CRMID:a", &[0, 1], &[]);
    check("CRMID:a, Product:p, ECID:1", &[0, 2], &[]);
    check("CRMID: , ECID:1", &[1], &["CRMID:  is a blocked value"]);
    check(
        "CRMID:NULL, ECID:1",
        &[1],
        &["CRMID:NULL is a blocked value"],
    );
    check(
        "CRMID:\u{2003}Invalid\t, ECID:1",
        &[1],
        &["CRMID:\u{2003}Invalid\t is a blocked value"],
    );
    check("CRMID:nullable, ECID:\0", &[0, 1], &[]);
    check("late:x, ECID:1, ECID:2, CRMID:a", &[0, 1, 2, 3], &[]);
    let two = "two values of the unique namespace CRMID in one record: b and a";
    let no_event = "two values of the primary namespace CRMID in one event: b and a";
    check("CRMID:b, ECID:1, CRMID:a, CRMID:c", &[], &[no_event, two]);
}

#[test]
fn a_record_with_a_malformed_value_is_rejected() {
    let check = |record: &str, expected: Option<&str>| {
        let admitted = admit(DatasetKind::Record, record, strict());
        let refusals: Vec<_> = admitted.refusals.iter().map(Refusal::to_string).collect();
        assert_eq!(admitted.is_rejected, expected.is_some(), "{record}");
        assert_eq!(refusals, Vec::from_iter(expected), "{record}");
        let is_empty = admitted.named.is_empty() && admitted.primary.is_none();
        assert_eq!(is_empty, expected.is_some(), "{record}");
    };
    check(&format!("ECID:{}", "1".repeat(38)), None);
    let short = "1".repeat(37);
    let refusal = format!("ECID `{short}` is not exactly 38 digits");
    check(&format!("CRMID:a, ECID:{short}"), Some(&refusal));
    check(&format!("CRMID:{}", "é".repeat(1024)), None);
    let long = "the Product value has 1025 characters; 1,024 are allowed";
    check(
        &format!("CRMID:a, Product:{}", "é".repeat(1025)),
        Some(long),
    );
    let huge = "the CRMID value has 10000000 characters; 1,024 are allowed";
    check(&format!("CRMID:{}", "x".repeat(10_000_000)), Some(huge));
}

#[test]
fn the_primary_of_an_event_has_the_highest_priority() {
    let check = |record: &str, expected: Option<usize>| {
        let admitted = admit(DatasetKind::Event, record, strict());
        assert_eq!(admitted.primary, expected, "{record}");
    };
    check("", None);
    check("late:x, CRMID:a", Some(1));
    check("late*:x, CRMID:a", Some(1));
    check("later:x, late:y", Some(0));
    check("later:x, late*:y", Some(1));
    check("CRMID:null, late:y", Some(1));
    check("CRMID:a, CRMID:b, late:y", None);
    check("CRMID*:a, CRMID:b", None);
    check("late:x, late:y, CRMID:a", Some(2));
    // One that links nothing is primary only where there is no other.
    check("Product:p, late:y", Some(1));
    check("GAID:g, late:y", Some(1));
    check("GAID:g, Product:p", Some(1));
    check("Product:p", Some(0));
}

#[test]
fn the_primary_of_a_record_is_the_marked_one_else_that_of_the_highest_priority() {
    let check = |record: &str, expected: Option<usize>| {
        let admitted = admit(DatasetKind::Record, record, strict());
        assert_eq!(admitted.primary, expected, "{record}");
    };
    check("", None);
    check("late:x, CRMID:a", Some(1));
    check("late*:x, CRMID:a", Some(0));
    check("CRMID:a, CRMID:b", Some(0));
    check("CRMID*:null, late:y", Some(1));
    check("Product*:p, late:y", Some(0));
    check("Product:p, late:y", Some(1));
}

#[test]
fn a_crowd_is_told_from_a_record() {
    let check = |size: usize, is_crowded: bool| {
        let mut pairs: Vec<_> = (0..size).map(|n| format!("late:{n}")).collect();
        pairs.extend(pairs.clone());
        let admitted = admit(DatasetKind::Record, &pairs.join(", "), strict());
        assert_eq!(admitted.linked.len(), size);
        assert_eq!(admitted.is_crowded(), is_crowded);
    };
    check(50, false);
    check(51, true);
}
