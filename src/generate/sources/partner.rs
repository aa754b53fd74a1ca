//! A third party's file, bought: CSV by e-mail address, often wrong.

use super::{Extent, Shape, Source};
use crate::generate::person::{LAST, Population, between};
use crate::generate::row::Row;
use crate::generate::slot::Slot;

/// The third party's people.
pub const SOURCE: Source = Source {
    name: "partner",
    ending: ".csv",
    shape: Shape::Csv("email,gender,city,postal_code,income_band,household_size,interests,seen_at"),
    extent: Extent::People,
    write,
};

const BANDS: [&str; 5] = ["under 20k", "20k-40k", "40k-60k", "60k-90k", "over 90k"];
const INTERESTS: [&str; 5] = [
    "gardening",
    "cooking",
    "cycling, walking",
    "reading",
    "travel",
];

fn write(population: &Population, index: u64, row: &mut Row) {
    let person = population.person(index);
    let draws = &mut population.draws("partner", index);
    if !draws.is_within(430) || person.shares(Slot::Email) {
        return;
    }
    let email = row.names(&person, Slot::Email);
    if email.is_empty() {
        return;
    }
    let email = if draws.is_within(80) {
        email.to_uppercase()
    } else {
        email
    };
    let home = person.home();
    let (city, postal_code) = if draws.is_within(300) {
        let city = draws.pick(&home.country.cities);
        (city.name, city.postal_code(draws))
    } else {
        (home.city, home.postal_code.clone())
    };
    row.cells(&[
        &email,
        *draws.pick::<&str>(&["male", "female", "n/a"]),
        city,
        &postal_code,
        *draws.pick::<&str>(&BANDS),
        &(1 + draws.skewed(6)).to_string(),
        *draws.pick::<&str>(&INTERESTS),
        &between(draws, person.joined(), LAST).to_string(),
    ]);
}
