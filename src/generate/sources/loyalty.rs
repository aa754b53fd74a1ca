//! The loyalty programme, as a JSON array with the programme's own field names.

use super::{Extent, Shape, Source};
use crate::generate::person::{LAST, Population, between, day};
use crate::generate::row::{OrNull, Quoted, Row};
use crate::generate::slot::Slot;

/// The programme's members.
pub const SOURCE: Source = Source {
    name: "loyalty",
    ending: ".json",
    shape: Shape::Array,
    extent: Extent::People,
    write,
};

const FAVOURITES: [&str; 6] = ["garden", "kitchen", "books", "outdoor", "home", "clothing"];

fn write(population: &Population, index: u64, row: &mut Row) {
    let person = population.person(index);
    let draws = &mut population.draws("loyalty", index);
    let card = row.names(&person, Slot::Loyalty);
    if card.is_empty() {
        return;
    }
    let home = person.home();
    let (_, given) = person.given(&home);
    let updated = between(draws, person.joined(), LAST);
    let email = match draws.below(100) {
        0..18 => String::new(),
        _ => row.names(&person, person.email_slot(updated)),
    };
    let phone = if draws.is_within(350) {
        String::new()
    } else {
        row.names(&person, Slot::Phone)
    };
    // At the counter a name is often written without its accents, or with its first letter alone.
    let first = match draws.below(100) {
        0..12 => capital(&given.slug),
        12..20 => given.text.chars().take(1).chain(['.']).collect(),
        _ => given.text.to_owned(),
    };
    let tier = person.tier(usize::from(draws.is_within(120)));
    row.add(format_args!(
        "{{\"card\":{},\"tier\":\"{tier}\",\"points\":{},\"memberSince\":\"{}\",\"member\":{{\"first\":{},\"last\":{},\"email\":{},\"phone\":{}}},\"home\":{{\"street\":{},\"city\":{},\"postalCode\":{},\"countryCode\":\"{}\"}},\"consent\":{{\"email\":\"{}\",\"changed\":\"{}\"}},\"favourites\":[\"{}\",\"{}\"],\"updated\":\"{updated}\"}}",
        Quoted(&card),
        draws.skewed(20_000),
        day(person.joined()),
        Quoted(&first),
        Quoted(home.family.text),
        OrNull(&email),
        OrNull(&phone),
        Quoted(&home.street),
        Quoted(home.city),
        Quoted(&home.postal_code),
        home.country.code,
        draws.pick(&["y", "y", "n"]),
        between(draws, person.joined(), updated),
        draws.pick(&FAVOURITES[..3]),
        draws.pick(&FAVOURITES[3..]),
    ));
}

fn capital(slug: &str) -> String {
    let mut letters = slug.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
