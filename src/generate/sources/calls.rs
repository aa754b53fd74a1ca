//! Calls to the call centre, as events in JSON Lines with the call centre's own field names.

use super::visit::Visit;
use super::{Extent, Shape, Source, rows};
use crate::generate::person::Population;
use crate::generate::row::{OrNull, Row};
use crate::generate::slot::Slot;

/// The call centre's events.
pub const SOURCE: Source = Source {
    name: "call-centre",
    ending: ".jsonl",
    shape: Shape::Lines,
    extent: Extent::Events {
        from: 92,
        until: 100,
    },
    write,
};

const TOPICS: [&str; 6] = [
    "delivery is late",
    "wrong article",
    "question about an invoice",
    "change of address",
    "lost card",
    "praise",
];
const OUTCOMES: [&str; 4] = ["solved", "call back", "sent to the store", "refunded"];
const MOODS: [&str; 3] = ["calm", "annoyed", "friendly"];

fn write(population: &Population, event: u64, row: &mut Row) {
    let visit = Visit::of(
        population,
        SOURCE.name,
        event,
        rows(&SOURCE, &population.world),
    );
    let person = visit.person.nearest_with(Slot::Phone);
    let draws = &mut population.draws("call", event);
    let phone = row.names(&person, Slot::Phone);
    let customer = if draws.is_within(400) || phone.is_empty() {
        row.names(&person, Slot::Crm)
    } else {
        String::new()
    };
    let email = if phone.is_empty() && customer.is_empty() {
        row.names(&person, person.email_slot(visit.at))
    } else {
        String::new()
    };
    row.add(format_args!(
        "{{\"callId\":\"K{:012x}\",\"startedAt\":\"{}\",\"eventType\":\"callCentre.{}\",\"caller\":{{\"phone\":{},\"customer\":{},\"email\":{}}},\"topic\":\"{}\",\"outcome\":\"{}\",\"mood\":\"{}\",\"agent\":\"agent-{:02}\",\"minutes\":{},\"language\":\"{}\"}}",
        draws.number() >> 16,
        visit.at,
        draws.pick(&["inbound", "inbound", "outbound"]),
        OrNull(&phone),
        OrNull(&customer),
        OrNull(&email),
        draws.pick(&TOPICS),
        draws.pick(&OUTCOMES),
        draws.pick(&MOODS),
        1 + draws.below(40),
        1 + draws.skewed(35),
        person.home().country.language
    ));
}
