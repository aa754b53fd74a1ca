//! Purchases at the till, as events in CSV with the till's own column names.

use super::goods;
use super::visit::Visit;
use super::{Extent, Shape, Source, rows};
use crate::generate::person::Population;
use crate::generate::row::Row;
use crate::generate::slot::Slot;

/// The tills' events.
pub const SOURCE: Source = Source {
    name: "store-purchases",
    ending: ".csv",
    shape: Shape::Csv(
        "order_no,timestamp,eventType,card,email,phone,store,city,sku,item,quantity,total,currency",
    ),
    extent: Extent::Events {
        from: 78,
        until: 92,
    },
    write,
};

fn write(population: &Population, event: u64, row: &mut Row) {
    let visit = Visit::of(
        population,
        SOURCE.name,
        event,
        rows(&SOURCE, &population.world),
    );
    let person = visit.person.nearest_with(Slot::Loyalty);
    let draws = &mut visit.draws.clone();
    let home = person.home();
    let store = format!("{} {}", home.city, 1 + draws.below(4));
    let sends_receipt = draws.is_within(140);
    let card = row.names(&person, Slot::Loyalty);
    let email = if card.is_empty() || sends_receipt {
        row.names(&person, person.email_slot(visit.at))
    } else {
        String::new()
    };
    let phone = if card.is_empty() && email.is_empty() {
        row.names(&person, Slot::Phone)
    } else {
        String::new()
    };
    let own = &mut population.draws("store-purchase", event);
    let (good, quantity) = (goods::any(own), 1 + own.skewed(5));
    let kind = if own.is_within(45) {
        "commerce.returns"
    } else {
        "commerce.purchases"
    };
    row.cells(&[
        &format!("S{:012x}", own.number() >> 16),
        &visit.at.to_string(),
        kind,
        &card,
        &email,
        &phone,
        &store,
        home.city,
        good.sku,
        good.name,
        &quantity.to_string(),
        &good.price(quantity),
        home.country.currency,
    ]);
}
