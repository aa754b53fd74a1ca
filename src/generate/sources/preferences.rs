//! The preference centre: patches of consent and language, as XDM profiles in JSON Lines.

use super::{Extent, Shape, Source};
use crate::generate::person::{LAST, Population, between};
use crate::generate::row::Row;
use crate::generate::slot::Slot;

/// The preference centre's patches.
pub const SOURCE: Source = Source {
    name: "preferences",
    ending: ".jsonl",
    shape: Shape::Lines,
    extent: Extent::People,
    write,
};

const REASONS: [&str; 3] = [
    "preference centre",
    "unsubscribe link",
    "call to the call centre",
];

fn write(population: &Population, index: u64, row: &mut Row) {
    let person = population.person(index);
    let draws = &mut population.draws("preferences", index);
    if !draws.is_within(260) {
        return;
    }
    let changed = between(draws, person.joined(), LAST);
    let key = if person.has(Slot::Crm) {
        Slot::Crm
    } else {
        Slot::Email
    };
    row.text.push('{');
    row.identity_map(&person, &[key]);
    let (email, sms, post) = (
        draws.pick(&["y", "n", "n"]),
        draws.pick(&["y", "n"]),
        draws.pick(&["y", "y", "n"]),
    );
    let reason = draws.pick(&REASONS);
    row.add(format_args!(
        ",\"consents\":{{\"marketing\":{{\"email\":{{\"val\":\"{email}\",\"time\":\"{changed}\",\"reason\":\"{reason}\"}},\"sms\":{{\"val\":\"{sms}\",\"time\":\"{changed}\"}},\"postalMail\":{{\"val\":\"{post}\",\"time\":\"{changed}\"}}}}}}"
    ));
    if draws.is_within(300) {
        let language = person.home().country.language;
        row.add(format_args!(",\"preferredLanguage\":\"{language}\""));
    }
    row.add(format_args!(
        ",\"extSourceSystemAudit\":{{\"lastUpdatedDate\":\"{changed}\"}}}}"
    ));
}
