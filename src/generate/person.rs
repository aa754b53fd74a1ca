//! A person of a synthetic world: everything about them follows from the seed and their place in it.

use crate::model::Moment;

use super::World;
use super::atlas::{Atlas, Country, Name};
use super::random::Random;
use super::slot::Slot;

/// The first moment of every world, 2024-01-01.
pub const FIRST: Moment = Moment(1_704_067_200_000);
/// The moment at which every world ends, 2026-10-01.
pub const LAST: Moment = Moment(1_790_812_800_000);

const TIERS: [&str; 4] = ["bronze", "silver", "gold", "platinum"];
const DAY: i64 = 86_400_000;

/// The people of a world.
#[derive(Debug)]
pub struct Population {
    /// What was asked for.
    pub world: World,
    atlas: Atlas,
}

impl Population {
    /// The people of this world.
    pub fn of(world: World) -> Population {
        Population {
            world,
            atlas: Atlas::bundled(),
        }
    }

    /// The person at this place, from 0.
    pub fn person(&self, index: u64) -> Person<'_> {
        Person {
            population: self,
            index,
        }
    }

    /// Draws that belong to one row of a source.
    pub fn draws(&self, source: &str, row: u64) -> Random {
        let key = source
            .bytes()
            .fold(7, |key: u64, byte| key.wrapping_mul(31) ^ u64::from(byte));
        Random::new([self.world.seed, key, row])
    }
}

/// What chance decides about a person, each on its own, so that asking for one never changes another.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub enum Trait {
    /// Which records there are of them.
    Presence = 1,
    /// Whether they live with their neighbour in the list.
    Household,
    /// Country, family name and address.
    Home,
    /// Gender and given name.
    Given,
    /// Date of birth.
    Birth,
    /// Customer tier, points and first day.
    Loyalty,
    /// E-mail addresses.
    Email,
    /// Phone number.
    Phone,
    /// Browsers and devices.
    Devices,
}

/// A person; what is written of them is worked out when it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    pub(super) population: &'a Population,
    /// Their place in the world, from 0.
    pub index: u64,
}

/// Where a person lives.
#[derive(Clone, Debug)]
pub struct Home<'a> {
    /// The country.
    pub country: &'a Country,
    /// The family name that goes with it.
    pub family: &'a Name,
    /// Street and number.
    pub street: String,
    /// The city's name.
    pub city: &'static str,
    /// Its postal code.
    pub postal_code: String,
}

impl<'a> Person<'a> {
    /// The draws of one trait.
    pub fn draw(&self, of: Trait) -> Random {
        self.population.person_draw(self.index, of)
    }

    /// The one that they share home, tablet and sometimes phone with.
    pub fn housemate(&self) -> Option<Person<'a>> {
        let pair = self.index / 2;
        let other = self.index ^ 1;
        let shares = self
            .population
            .person_draw(pair, Trait::Household)
            .is_within(180);
        (shares && other < self.population.world.people).then(|| self.population.person(other))
    }

    /// The one of a household after whom its shared things are drawn; the person, where they live alone.
    pub fn householder(&self) -> Person<'a> {
        match self.housemate() {
            Some(other) if other.index < self.index => other,
            _ => *self,
        }
    }

    /// Them, or the next in the list who has an identity at this slot; them, where none of the next few has.
    pub fn nearest_with(&self, slot: Slot) -> Person<'a> {
        let people = self.population.world.people;
        (0..people.min(16))
            .map(|step| self.population.person((self.index + step) % people))
            .find(|person| person.has(slot))
            .unwrap_or(*self)
    }

    /// Where they live.
    pub fn home(&self) -> Home<'a> {
        let random = &mut self.householder().draw(Trait::Home);
        let atlas = &self.population.atlas;
        let country = atlas.country(random);
        // Some people live where others' names are common.
        let origin = if random.is_within(60) {
            atlas.country(random)
        } else {
            country
        };
        let family = random.pick(&origin.names.families);
        let city = random.pick(&country.cities);
        Home {
            country,
            family,
            street: format!(
                "{} {}",
                random.pick(&country.streets),
                1 + random.below(180)
            ),
            city: city.name,
            postal_code: city.postal_code(random),
        }
    }

    /// Their gender as XDM says it, and their given name.
    pub fn given(&self, home: &Home<'a>) -> (&'static str, &'a Name) {
        let random = &mut self.draw(Trait::Given);
        let names = &home.country.names;
        match random.below(100) {
            0..49 => ("female", random.pick(&names.women)),
            49..97 => ("male", random.pick(&names.men)),
            _ => ("non_specific", random.pick(&names.women)),
        }
    }

    /// Their date of birth, as `1984-02-29`.
    pub fn birth_date(&self) -> String {
        let random = &mut self.draw(Trait::Birth);
        let days = 365 * 18 + random.below(365 * 62) as i64;
        day(Moment(FIRST.0 - days * DAY))
    }

    /// The customer tier, as this much of chance has it: sources may ask for a neighbouring one.
    pub fn tier(&self, steps_off: usize) -> &'static str {
        let place = match self.draw(Trait::Loyalty).below(100) {
            0..42 => 0,
            42..72 => 1,
            72..94 => 2,
            _ => 3,
        };
        TIERS.get((place + steps_off) % TIERS.len()).unwrap_or(&"")
    }

    /// The day on which they first became a customer.
    pub fn joined(&self) -> Moment {
        let random = &mut self.draw(Trait::Loyalty);
        random.number();
        Moment(FIRST.0 + random.below(600) as i64 * DAY)
    }
}

impl Population {
    fn person_draw(&self, index: u64, of: Trait) -> Random {
        Random::new([self.world.seed, of as u64, index])
    }
}

/// A moment's date, as `2024-02-29`.
pub fn day(moment: Moment) -> String {
    let mut text = moment.to_string();
    text.truncate(10);
    text
}

/// A moment between two others.
pub fn between(random: &mut Random, from: Moment, until: Moment) -> Moment {
    Moment(from.0 + random.below((until.0 - from.0).max(1) as u64) as i64)
}
