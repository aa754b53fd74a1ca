//! Files that nobody describes, through the store: what they are understood as, and what that links.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod common;

use std::fmt::Write as _;

use common::World;

fn users() -> String {
    let mut text = String::from("id,email,first_name\n");
    for row in 1..=30 {
        let _ = writeln!(text, "{row},u{row}@x.at,Eva");
    }
    text
}

fn purchases(prefix: &str) -> String {
    let mut text = String::from("id,user_id,price\n");
    for row in 1..=40 {
        let _ = writeln!(text, "{row},{prefix}{},9.90", row % 30 + 1);
    }
    text
}

#[test]
fn a_later_file_joins_the_key_that_the_store_knows() {
    let mut world = World::new();
    let answer = world.import(&[("users.csv", &users())]);
    assert_eq!(answer.profiles, 30);
    let answer = world.import(&[("purchases.csv", &purchases(""))]);
    assert_eq!((answer.profiles, answer.identities), (30, 30 + 30 + 40));
    let profile = world.profile("users.id:5").unwrap();
    let ids: Vec<_> = profile.identities.iter().map(ToString::to_string).collect();
    assert!(ids.contains(&"Email:u5@x.at".to_owned()), "{ids:?}");
    assert!(ids.contains(&"purchases.id:4".to_owned()), "{ids:?}");
}

#[test]
fn values_that_the_store_does_not_know_stay_apart() {
    let mut world = World::new();
    world.import(&[("users.csv", &users())]);
    let answer = world.import(&[("purchases.csv", &purchases("9000"))]);
    assert_eq!(answer.profiles, 60);
}

#[test]
fn the_same_files_again_are_understood_alike_and_change_nothing() {
    let mut world = World::new();
    let (users, purchases) = (users(), purchases(""));
    let files = [
        ("users.csv", users.as_str()),
        ("purchases.csv", purchases.as_str()),
    ];
    world.import(&files);
    let again = world.import(&files);
    let accepted: Vec<u64> = again
        .datasets
        .iter()
        .map(|dataset| dataset.counts.accepted)
        .collect();
    assert_eq!(accepted, [0, 0]);
    assert_eq!(again.profiles, 30);
}

#[test]
fn orders_become_events_of_the_customers_that_they_name() {
    let mut world = World::new();
    let customers = "customer_id,email,phone,updated_at\n1,a@x.at,5551234567,2024-01-01 10:00:00\n2,b@x.at,,2024-01-02 11:00:00\n3,,5559876543,2024-01-03 11:00:00\n";
    let orders = "order_id,customer_email,contact_phone,order_date\n10,A@x.at ,,2024-01-15\n11,,5559876543,2024-01-16\n12,new@x.at,,2024-01-17\n";
    let answer = world.import(&[("customers.csv", customers), ("orders.csv", orders)]);
    assert_eq!(answer.profiles, 4);
    let profile = world.profile("customerId:1").unwrap();
    assert_eq!(profile.event_count, 1);
    let name = profile
        .profile
        .entity
        .get("personalEmail")
        .and_then(|email| email.get("address"));
    assert_eq!(name.and_then(|text| text.as_str()), Some("a@x.at"));
}

#[test]
fn values_without_a_header_are_enough() {
    let mut world = World::new();
    let table = "eva@x.at,Eva,Wien\nudo@x.at,Udo,Graz\nada@x.at,Ada,Linz\n";
    assert_eq!(world.import(&[("people.csv", table)]).profiles, 3);
}
