//! What people do in the phone's app, as experience events in gzipped JSON Lines.

use super::goods;
use super::visit::Visit;
use super::{Extent, Shape, Source, rows};
use crate::generate::person::Population;
use crate::generate::row::Row;
use crate::generate::slot::Slot;

/// The app's events.
pub const SOURCE: Source = Source {
    name: "app-events",
    ending: ".jsonl.gz",
    shape: Shape::GzippedLines,
    extent: Extent::Events {
        from: 58,
        until: 78,
    },
    write,
};

const SCREENS: [&str; 6] = ["start", "offers", "list", "card", "stores", "account"];
const SYSTEMS: [&str; 3] = ["12", "13.2", "14.1"];

fn write(population: &Population, event: u64, row: &mut Row) {
    let mut visit = Visit::of(
        population,
        SOURCE.name,
        event,
        rows(&SOURCE, &population.world),
    );
    visit.person = visit.person.nearest_with(Slot::Device);
    let draws = &mut visit.draws.clone();
    let mut slots = vec![Slot::Device];
    if draws.is_within(700) || !visit.person.has(Slot::Device) {
        slots.extend(visit.login(draws));
        slots.push(Slot::Phone);
        slots.truncate(3);
    }
    let own = &mut population.draws("app-event", event);
    let (kind, screen) = (kind(&visit), own.pick(&SCREENS));
    row.add(format_args!(
        "{{\"_id\":\"a{:016x}\",\"timestamp\":\"{}\",\"eventType\":\"{kind}\",",
        own.number(),
        visit.at
    ));
    row.identity_map(&visit.person, &slots);
    let home = visit.person.home();
    row.add(format_args!(
        ",\"application\":{{\"name\":\"Shop\",\"version\":\"{}.{}\",\"screen\":\"{screen}\"}},\"environment\":{{\"type\":\"application\",\"operatingSystemVersion\":\"{}\",\"language\":\"{}\"}},\"placeContext\":{{\"geo\":{{\"countryCode\":\"{}\"}}}}",
        3 + visit.at.0 / 31_536_000_000 - 54,
        draws.below(9),
        draws.pick(&SYSTEMS),
        home.country.language,
        home.country.code
    ));
    if kind == "commerce.productViews" {
        let good = goods::any(own);
        row.add(format_args!(
            ",\"productListItems\":[{{\"SKU\":\"{}\",\"name\":\"{}\"}}]",
            good.sku, good.name
        ));
    }
    row.add(format_args!("}}"));
}

fn kind(visit: &Visit<'_>) -> &'static str {
    match visit.step {
        0 if visit.steps == 2 => "pushTracking.applicationOpened",
        0 => "application.launch",
        _ if visit.is_last() => "application.close",
        step if step % 2 == 0 => "commerce.productViews",
        _ => "application.screenView",
    }
}
