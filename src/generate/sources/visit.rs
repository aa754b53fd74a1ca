//! When events happen, and to whom: a stream of visits in the order of time, any of which can be worked out alone.
//!
//! This is what keeps memory flat: the event at a place follows from the place, so nothing is sorted and nothing kept.

use crate::generate::person::{FIRST, LAST, Person, Population};
use crate::generate::random::Random;
use crate::generate::slot::Slot;
use crate::model::Moment;

/// Events of one person in a row.
#[derive(Clone, Debug)]
pub struct Visit<'a> {
    /// Whose visit it is.
    pub person: Person<'a>,
    /// The person on whom many events fall, as on a price robot or a shared till.
    pub is_busiest: bool,
    /// Which of the visit's events is meant, from 0.
    pub step: u64,
    /// How many there are.
    pub steps: u64,
    /// When this event happened.
    pub at: Moment,
    /// Draws that all events of the visit share.
    pub draws: Random,
}

impl<'a> Visit<'a> {
    /// The visit that the event at a place belongs to, of so many events of a source.
    pub fn of(population: &'a Population, source: &str, event: u64, events: u64) -> Visit<'a> {
        let (number, step, steps) = place(event);
        let visits = place(events).0 + 1;
        let mut draws = population.draws(source, number);
        let start = start(number, visits, &mut draws);
        let busiest = is_of_busiest(&mut draws, source);
        let index = if busiest {
            population
                .draws("busiest", 0)
                .below(population.world.people)
        } else {
            visitor(&mut draws, population.world.people)
        };
        let pause = 20_000 + draws.below(70_000);
        let late = population.draws(source, event ^ (1 << 63)).below(15_000);
        Visit {
            person: population.person(index),
            is_busiest: busiest,
            step,
            steps,
            at: Moment(start.0 + (step * pause + late) as i64),
            draws,
        }
    }

    /// Whether this is the visit's last event.
    pub fn is_last(&self) -> bool {
        self.step + 1 == self.steps
    }

    /// What the person logs in with: the customer number where they have one, and now and then the address too.
    pub fn login(&self, draws: &mut Random) -> Vec<Slot> {
        let email = self.person.email_slot(self.at);
        match (self.person.has(Slot::Crm), draws.is_within(300)) {
            (true, true) => vec![Slot::Crm, email],
            (true, false) => vec![Slot::Crm],
            _ => vec![email],
        }
    }
}

/// Visits have these lengths, over and over: 12 events in five visits.
const STEPS: [u64; 5] = [1, 2, 5, 1, 3];
const ROUND: u64 = 12;

/// The visit, the step in it and its length, for the event at a place.
fn place(event: u64) -> (u64, u64, u64) {
    let (round, mut rest) = (event / ROUND, event % ROUND);
    for (number, steps) in (0..).zip(STEPS) {
        match rest.checked_sub(steps) {
            Some(left) => rest = left,
            None => return (round * STEPS.len() as u64 + number, rest, steps),
        }
    }
    (round * STEPS.len() as u64, 0, 1)
}

/// How many of a thousand visits begin in each hour of the day.
const HOURS: [u64; 24] = [
    10, 7, 5, 4, 5, 10, 22, 40, 52, 56, 58, 58, 62, 56, 50, 50, 54, 60, 68, 76, 72, 58, 42, 25,
];
const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

/// Visits follow each other in time; chance has its say within a visit's share of the span.
fn start(visit: u64, visits: u64, draws: &mut Random) -> Moment {
    let span = (LAST.0 - FIRST.0) as u128;
    let place = u128::from(visit) * 1000 + u128::from(draws.below(1000));
    let even = (span * place / (u128::from(visits) * 1000)) as u64;
    Moment(FIRST.0 + (even / DAY * DAY + by_the_hour(even % DAY)) as i64)
}

/// Moves a moment of the day to where people are awake, and keeps the order.
fn by_the_hour(moment: u64) -> u64 {
    let mut rest = moment;
    for (hour, share) in (0..).zip(HOURS) {
        let length = DAY * share / 1000;
        match rest.checked_sub(length) {
            Some(left) => rest = left,
            None => return hour * HOUR + rest * HOUR / length,
        }
    }
    DAY - 1
}

/// About 0.56 % of all events are one person's, all of them on the web.
fn is_of_busiest(draws: &mut Random, source: &str) -> bool {
    let turn = draws.below(100_000);
    source == super::web::SOURCE.name && turn < 960
}

/// Some people come often. The prime spreads them over the world.
fn visitor(draws: &mut Random, people: u64) -> u64 {
    draws.skewed(people) * 1_000_000_007 % people
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::World;

    #[test]
    fn events_fall_into_visits_in_order() {
        let check = |event, expected| assert_eq!(place(event), expected, "{event}");
        check(0, (0, 0, 1));
        check(1, (1, 0, 2));
        check(2, (1, 1, 2));
        check(3, (2, 0, 5));
        check(11, (4, 2, 3));
        check(12, (5, 0, 1));
    }

    #[test]
    fn the_hours_keep_the_order_of_moments() {
        assert_eq!(HOURS.iter().sum::<u64>(), 1000);
        let moved: Vec<_> = (0..DAY).step_by(997).map(by_the_hour).collect();
        assert!(moved.is_sorted());
        assert!(moved.iter().all(|moment| *moment < DAY));
    }

    #[test]
    fn visits_follow_each_other_in_time() {
        let population = Population::of(World {
            people: 40,
            events: 0,
            seed: 3,
        });
        let starts: Vec<_> = (0..1_000)
            .map(|event| Visit::of(&population, "web-events", event, 1_000))
            .filter(|visit| visit.step == 0)
            .map(|visit| visit.at.0 / 60_000)
            .collect();
        assert!(starts.is_sorted());
        assert!(starts.len() > 300);
    }
}
