//! Which values make facets, and how these are called.

use super::*;

fn path(text: &str) -> Path {
    text.parse().expect("every text is a path")
}

#[test]
fn a_facet_is_named_by_the_end_that_no_other_path_has() {
    let check = |of: &str, others: &[&str], expected: &str| {
        let all: Vec<Path> = others.iter().chain([&of]).map(|text| path(text)).collect();
        let all: Vec<&Path> = all.iter().collect();
        assert_eq!(shortest(&path(of), &all), expected, "{of}");
    };
    check("loyalty.tier", &["loyalty.points"], "tier");
    check("loyalty.tier", &["crm.tier"], "loyalty.tier");
    check("consents.email.val", &["consents.sms.val"], "email.val");
    check("tier", &["loyalty.tier"], "tier");
    check("crm.first", &[], "attr.first");
}

#[test]
fn values_of_a_person_are_no_facet() {
    let check = |at: &str, text: &str, expected: bool| {
        assert_eq!(groups_by(&path(at), text), expected, "{at} {text}");
    };
    check("loyalty.tier", "gold", true);
    check("homeAddress.city", "Lagos", true);
    check("person.name.firstName", "Ana", false);
    check("notes", "ana@example.com", false);
    check("crm.active", "true", true);
    check("loyalty.points", "12", false);
    check("loyalty.joinDate", "2024-01-01", false);
    check("loyalty.tier", "", false);
    check("consents.marketing.email.val", "y", true);
    check("consents.marketing.email.reason", "form", false);
}

#[test]
fn a_facet_parts_the_result() {
    let check = |counts: &[(&str, u64)], profiles: u64, expected: bool| {
        let counts = counts.iter().map(|(v, n)| ((*v).to_owned(), *n)).collect();
        assert_eq!(is_telling(&counts, profiles), expected, "{counts:?}");
    };
    check(&[("gold", 3), ("silver", 2)], 5, true);
    check(&[("gold", 5)], 5, false);
    check(&[("gold", 3)], 5, true);
    check(&[("a", 1), ("b", 1)], 4, false);
    check(&[("a", 1), ("b", 1), ("c", 1), ("d", 1)], 4, false);
}
