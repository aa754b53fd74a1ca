//! The stories of `sample-data/README.md`, as the real import and the real questions tell them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

mod common;

use std::io::Read;

use common::demo::Demo;
use flate2::read::GzDecoder;
use onefold::generate::{World, generate};
use onefold::lookup::SearchRequest;
use onefold::model::{
    CompareAnswer, GraphAnswer, Identity, Miss, Moment, ProfileAnswer, Removal, WhyAnswer,
};
use onefold::{lookup, sample};
use serde_json::Value;

impl Demo {
    fn profile(&self, identity: &str, policy: &str) -> ProfileAnswer {
        let policy = lookup::policy_named(self.view(), Some(policy)).unwrap();
        let identity: Identity = identity.parse().unwrap();
        let found = lookup::profile(self.view(), &identity, &policy, Moment::MAX).unwrap();
        found.unwrap_or_else(|miss| panic!("{miss}"))
    }

    fn graph(&self, identity: &str) -> GraphAnswer {
        let identity: Identity = identity.parse().unwrap();
        lookup::graph(self.view(), &identity).unwrap().unwrap()
    }

    fn why(&self, a: &str, b: &str) -> WhyAnswer {
        let (a, b): (Identity, Identity) = (a.parse().unwrap(), b.parse().unwrap());
        lookup::why(self.view(), &a, &b).unwrap().unwrap()
    }

    fn compare(&self, identity: &str, names: &[&str]) -> CompareAnswer {
        let policies: Vec<_> = names
            .iter()
            .map(|name| lookup::policy_named(self.view(), Some(name)).unwrap())
            .collect();
        let identity: Identity = identity.parse().unwrap();
        lookup::compare(self.view(), &identity, &policies, Moment::MAX)
            .unwrap()
            .unwrap()
    }
}

fn said(profile: &ProfileAnswer, path: &str) -> Value {
    let keys: Vec<_> = path.split('.').collect();
    profile.profile.value(&keys).cloned().unwrap_or(Value::Null)
}

#[test]
fn everything_is_imported_and_nothing_refused() {
    let demo = Demo::new();
    assert_eq!(demo.import.rejects, None);
    for dataset in &demo.import.datasets {
        assert_eq!(dataset.counts.rejected, 0, "{}", dataset.name);
        assert_eq!(dataset.counts.duplicates, 0, "{}", dataset.name);
        assert!(dataset.counts.accepted > 0, "{}", dataset.name);
    }
    assert!(
        (60..=120).contains(&demo.import.profiles),
        "{} profiles",
        demo.import.profiles
    );

    let policies = lookup::policies(demo.view()).unwrap();
    let names: Vec<_> = policies.iter().map(|policy| policy.name.as_str()).collect();
    assert_eq!(
        names,
        ["Latest wins", "CRM first", "Device only", "Newest value"]
    );
}

#[test]
fn the_tablet_belongs_to_whoever_logged_in_last() {
    let demo = Demo::new();
    let tablet = format!("ECID:2{:037}", 1000);
    let owner = demo.profile(&tablet, "Latest wins");
    assert_eq!(owner.entity_id, Identity::new("CRMID", "C-2002"));
    let graph = demo.graph("CRMID:C-2001");
    let lost = graph.links.iter().filter_map(|link| link.removed.as_ref());
    assert!(lost.clone().any(
        |end| matches!(&end.reason, Removal::Unique { namespace, .. } if namespace == "CRMID")
    ),);
    assert!(matches!(
        demo.why("CRMID:C-2001", "CRMID:C-2002"),
        WhyAnswer::Apart { .. }
    ));
}

#[test]
fn the_card_was_taken_over() {
    let demo = Demo::new();
    let card = demo.profile("loyaltyId:L000777001", "Latest wins");
    assert_eq!(card.entity_id, Identity::new("CRMID", "C-2004"));
    let tier = card
        .profile
        .leaf(&"loyalty.points".parse().unwrap())
        .unwrap();
    let before = tier.superseded.first().unwrap();
    assert_eq!(before.value, 8120);
    assert!(before.taken_over);
}

#[test]
fn a_bad_address_glues_strangers_together() {
    let demo = Demo::new();
    let glued = demo.profile("Email:noreply@example.com", "Latest wins");
    let cards = glued
        .identities
        .iter()
        .filter(|i| i.namespace == "loyaltyId");
    assert_eq!(cards.count(), 4);
    let name = glued
        .profile
        .leaf(&"person.name.firstName".parse().unwrap())
        .unwrap();
    assert!(name.conflict);
    assert_eq!(name.candidates.len(), 3);
}

#[test]
fn a_changed_address_leads_to_the_same_person() {
    let demo = Demo::new();
    for address in [
        "Email:ingrid.solheim@example.com",
        "Email:ingrid.berg@example.net",
    ] {
        let profile = demo.profile(address, "Latest wins");
        assert_eq!(profile.entity_id, Identity::new("CRMID", "C-2006"));
        assert_eq!(
            said(&profile, "personalEmail.address"),
            "ingrid.berg@example.net"
        );
        let name = profile
            .profile
            .leaf(&"person.name.lastName".parse().unwrap())
            .unwrap();
        assert_eq!(name.superseded.first().unwrap().value, "Solheim");
    }
}

#[test]
fn an_opt_out_is_newer_than_the_opt_in_that_wins() {
    let demo = Demo::new();
    let check = |policy, value: &str, alarms| {
        let profile = demo.profile("CRMID:C-2007", policy);
        assert_eq!(
            said(&profile, "consents.marketing.email.val"),
            value,
            "{policy}"
        );
        assert_eq!(profile.profile.consent_alarms.len(), alarms, "{policy}");
    };
    check("Latest wins", "y", 1);
    check("CRM first", "n", 0);
    check("Newest value", "n", 0);
}

#[test]
fn one_new_field_lifts_a_stale_fragment_or_only_itself() {
    let demo = Demo::new();
    let check = |policy, city: &str, family: &str, language: &str| {
        let profile = demo.profile("CRMID:C-2008", policy);
        assert_eq!(said(&profile, "homeAddress.city"), city, "{policy}");
        assert_eq!(said(&profile, "person.name.lastName"), family, "{policy}");
        assert_eq!(said(&profile, "preferredLanguage"), language, "{policy}");
    };
    check("Latest wins", "Lille", "Dubois", "en-GB");
    check("CRM first", "Nice", "Marchand", "fr-FR");
    check("Newest value", "Nice", "Marchand", "en-GB");
    let names = ["Latest wins", "CRM first", "Newest value"];
    let differing = demo.compare("CRMID:C-2008", &names).fields;
    assert!(differing.iter().filter(|field| field.differs).count() >= 5);
}

#[test]
fn null_gives_way_and_an_empty_text_does_not() {
    let demo = Demo::new();
    let profile = demo.profile("CRMID:C-2009", "Latest wins");
    assert_eq!(said(&profile, "mobilePhone.number"), "+1-646-555-0109");
    assert_eq!(said(&profile, "preferredLanguage"), "ja-JP");
    assert_eq!(said(&profile, "homeAddress.city"), "");
}

#[test]
fn the_regular_has_two_thousand_events() {
    let demo = Demo::new();
    let profile = demo.profile("loyaltyId:L185372745", "Latest wins");
    assert!(profile.event_count > 1_500, "{}", profile.event_count);
    let all = demo.profile("CRMID:C-153209544", "Latest wins").event_count;
    assert_eq!(all, profile.event_count);
}

#[test]
fn one_person_has_forty_identities() {
    let demo = Demo::new();
    let profile = demo.profile("CRMID:C-2010", "Latest wins");
    assert_eq!(profile.identities.len(), 40);
    let alone = demo.profile("CRMID:C-2010", "Device only");
    assert_eq!(alone.identities.len(), 1);
    let policy = lookup::policy_named(demo.view(), Some("Device only")).unwrap();
    let address = Identity::new("Email", "robin.castellane@example.org");
    let found = lookup::profile(demo.view(), &address, &policy, Moment::MAX).unwrap();
    assert!(matches!(*found.unwrap_err(), Miss::OnlySecondary { .. }));
}

#[test]
fn names_are_kept_in_every_script() {
    let demo = Demo::new();
    let check = |identity, latest: &str, crm: &str| {
        let first = |policy| said(&demo.profile(identity, policy), "person.name.firstName");
        assert_eq!(first("Latest wins"), latest);
        assert_eq!(first("CRM first"), crm);
    };
    check("CRMID:C-2011", "Fang", "芳");
    check("CRMID:C-2012", "Eleni", "Ελένη");
    check("CRMID:C-2013", "Fatima", "فاطمة");
    check("CRMID:C-2014", "Olena", "Олена");
    check("CRMID:C-2015", "Priya", "प्रिया");
    check("CRMID:C-2016", "Eunju", "은주");
}

#[test]
fn the_first_queries_find_somebody() {
    let demo = Demo::new();
    let now = Moment::parse("2026-10-05T08:00:00Z").unwrap();
    let under = |policy: &str, query: &str, expected: &str| {
        let policy = lookup::policy_named(demo.view(), Some(policy)).unwrap();
        let request = SearchRequest::on_screen(query, None, 0, 50, now);
        let answer = lookup::search(demo.view(), &request, &policy).unwrap();
        let found: Vec<_> = answer
            .profiles
            .iter()
            .map(|hit| hit.entity_id.to_string())
            .collect();
        assert!(found.iter().any(|id| id == expected), "{query}: {found:?}");
    };
    under("CRM first", "芳", "CRMID:C-2011");
    let check = |query, expected| under("Latest wins", query, expected);
    check("country:FR tier:gold", "CRMID:C-2008");
    check("conflict:tier", "CRMID:C-2016");
    check("fang", "CRMID:C-2011");
    check("any.firstName:芳", "CRMID:C-2011");
    check("events:>1000", "CRMID:C-153209544");
    check("ids:>=40", "CRMID:C-2010");
}

#[test]
fn the_crowd_and_the_regular_are_what_the_generator_writes() {
    for (folder, people, events, seed) in [("crowd", 40, 400, 14), ("regular", 1, 2_259, 21)] {
        let directory = tempfile::tempdir().unwrap();
        let world = World {
            people,
            events,
            seed,
        };
        generate(&world, directory.path(), &|_| {}).unwrap();
        let files = sample::files();
        let own = files.iter().filter(|(path, _)| path.starts_with(folder));
        for (path, bytes) in own {
            let made = std::fs::read(directory.path().join(path.file_name().unwrap())).unwrap();
            assert!(
                plain(bytes) == plain(&made),
                "{} differs: see sample-data/README.md, How it is made",
                path.display()
            );
        }
    }
}

/// The bytes, unpacked where they are packed: how well they are packed is not what matters.
fn plain(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    match GzDecoder::new(bytes).read_to_end(&mut unpacked) {
        Ok(_) => unpacked,
        Err(_) => bytes.to_vec(),
    }
}
