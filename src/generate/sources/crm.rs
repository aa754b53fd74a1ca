//! The customer system, as CSV: a dump of everyone it knows, and a later file of what changed.

use super::{Extent, Shape, Source};
use crate::generate::person::{FIRST, LAST, Person, Population, between, day};
use crate::generate::random::Random;
use crate::generate::row::Row;
use crate::generate::slot::Slot;
use crate::model::Moment;

const HEADER: &str = "crm_id,first_name,last_name,email,phone,birth_date,gender,street,city,postal_code,country,language,tier,email_consent,email_consent_at,customer_since,status,updated_at";

/// The dump.
pub const BASE: Source = Source {
    name: "crm",
    ending: ".csv",
    shape: Shape::Csv(HEADER),
    extent: Extent::People,
    write: base,
};

/// What changed since.
pub const UPDATE: Source = Source {
    name: "crm_update",
    ending: ".csv",
    shape: Shape::Csv(HEADER),
    extent: Extent::People,
    write: update,
};

/// What a version of a customer's row says apart from what the person is.
struct Entry<'a> {
    email: Slot,
    tier: &'a str,
    street: Option<String>,
    updated: Moment,
}

fn base(population: &Population, index: u64, row: &mut Row) {
    let person = population.person(index);
    let draws = &mut population.draws("crm", index);
    let entry = Entry {
        email: if person.has(Slot::OldEmail) {
            Slot::OldEmail
        } else {
            Slot::Email
        },
        tier: person.tier(0),
        street: None,
        updated: between(draws, person.joined(), LAST),
    };
    write(&person, &entry, draws, row);
}

/// New addresses of both kinds, and tiers that went up.
fn update(population: &Population, index: u64, row: &mut Row) {
    let person = population.person(index);
    let draws = &mut population.draws("crm", index);
    let base = between(draws, person.joined(), LAST);
    let draws = &mut population.draws("crm_update", index);
    let has_moved = draws.is_within(25);
    let is_promoted = draws.is_within(20);
    if !(person.has(Slot::OldEmail) || has_moved || is_promoted) {
        return;
    }
    let street = format!(
        "{} {}",
        person.home().country.streets.first().unwrap_or(&""),
        200 + draws.below(90)
    );
    let entry = Entry {
        email: Slot::Email,
        tier: person.tier(usize::from(is_promoted)),
        street: has_moved.then_some(street),
        updated: between(draws, base.max(person.email_changed_at()), LAST),
    };
    let draws = &mut population.draws("crm", index);
    draws.number();
    write(&person, &entry, draws, row);
}

/// The draws decide what the customer system lacks; they must be the same for both versions of a row.
fn write(person: &Person<'_>, entry: &Entry<'_>, draws: &mut Random, row: &mut Row) {
    let customer = row.names(person, Slot::Crm);
    if customer.is_empty() {
        return;
    }
    let home = person.home();
    let (gender, given) = person.given(&home);
    let email = if draws.is_within(50) {
        String::new()
    } else {
        row.names(person, entry.email)
    };
    let email = if draws.is_within(30) {
        email.to_uppercase()
    } else {
        email
    };
    let phone = if draws.is_within(120) {
        String::new()
    } else {
        row.names(person, Slot::Phone)
    };
    let birth_date = or_null(draws, 220, &person.birth_date());
    let gender = or_null(draws, 150, gender);
    let consent = *draws.pick(&["y", "y", "y", "n", "n", "p"]);
    let asked = between(draws, person.joined().max(FIRST), LAST);
    let status = *draws.pick(&["active", "active", "active", "dormant", "prospect"]);
    row.cells(&[
        &customer,
        given.text,
        home.family.text,
        &email,
        &phone,
        &birth_date,
        &gender,
        entry.street.as_ref().unwrap_or(&home.street),
        home.city,
        &home.postal_code,
        home.country.code,
        home.country.language,
        entry.tier,
        consent,
        &asked.to_string(),
        &day(person.joined()),
        status,
        &entry.updated.to_string(),
    ]);
}

/// The customer system says so many times in a thousand that it does not know.
fn or_null(draws: &mut Random, share: u64, value: &str) -> String {
    let known = if draws.is_within(share) {
        "NULL"
    } else {
        value
    };
    known.to_owned()
}
