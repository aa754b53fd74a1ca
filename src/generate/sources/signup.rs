//! Accounts made on the website, as XDM profiles with an `identityMap` and consents, in JSON Lines.

use super::{Extent, Shape, Source};
use crate::generate::person::{LAST, Population, between};
use crate::generate::row::{Quoted, Row};
use crate::generate::slot::Slot;

/// The website's accounts.
pub const SOURCE: Source = Source {
    name: "web-signup",
    ending: ".jsonl",
    shape: Shape::Lines,
    extent: Extent::People,
    write,
};

fn write(population: &Population, index: u64, row: &mut Row) {
    let person = population.person(index);
    let draws = &mut population.draws("web-signup", index);
    if !draws.is_within(520) || !person.has(Slot::Email) {
        return;
    }
    let signed_up = between(draws, person.joined(), LAST);
    let home = person.home();
    let (gender, given) = person.given(&home);
    row.text.push('{');
    row.identity_map(&person, &[person.email_slot(signed_up), Slot::Browser]);
    let email = person.value(person.email_slot(signed_up));
    row.add(format_args!(
        ",\"person\":{{\"name\":{{\"firstName\":{},\"lastName\":{}}}",
        Quoted(given.text),
        Quoted(home.family.text)
    ));
    if draws.is_within(400) {
        row.add(format_args!(
            ",\"birthDate\":\"{}\",\"gender\":\"{gender}\"",
            person.birth_date()
        ));
    }
    row.add(format_args!(
        "}},\"personalEmail\":{{\"address\":{}}},\"mobilePhone\":{{\"number\":null}},\"homeAddress\":{{\"city\":{},\"country\":\"{}\"}},\"preferredLanguage\":\"{}\"",
        Quoted(&email.unwrap_or_default()),
        Quoted(home.city),
        home.country.code,
        draws.pick(&[home.country.language, home.country.language, "en-GB"]),
    ));
    let (email, push) = (draws.pick(&["y", "y", "n"]), draws.pick(&["y", "n", "u"]));
    row.add(format_args!(
        ",\"consents\":{{\"marketing\":{{\"preferred\":\"email\",\"email\":{{\"val\":\"{email}\",\"time\":\"{signed_up}\"}},\"push\":{{\"val\":\"{push}\",\"time\":\"{signed_up}\"}}}}}},\"extSourceSystemAudit\":{{\"lastUpdatedDate\":\"{signed_up}\"}}}}"
    ));
}
