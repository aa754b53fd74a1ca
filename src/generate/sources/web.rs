//! Visits to the website, as experience events in gzipped JSON Lines.

use super::goods::{self, Good};
use super::visit::Visit;
use super::{Extent, Shape, Source, rows};
use crate::generate::person::Population;
use crate::generate::random::Random;
use crate::generate::row::{Quoted, Row};
use crate::generate::slot::Slot;

/// The website's events.
pub const SOURCE: Source = Source {
    name: "web-events",
    ending: ".jsonl.gz",
    shape: Shape::GzippedLines,
    extent: Extent::Events { from: 0, until: 58 },
    write,
};

const REFERRERS: [&str; 5] = [
    "https://search.example.com/",
    "https://news.example.org/autumn",
    "https://mail.example.net/campaign",
    "https://social.example.com/feed",
    "",
];
const CAMPAIGNS: [&str; 4] = ["spring-garden", "back-to-school", "warm-winter", "new-in"];

fn write(population: &Population, event: u64, row: &mut Row) {
    let visit = Visit::of(
        population,
        SOURCE.name,
        event,
        rows(&SOURCE, &population.world),
    );
    let draws = &mut visit.draws.clone();
    let browser = browser(&visit, draws);
    let is_buying = visit.steps >= 3 && draws.is_within(220);
    let mut slots = vec![browser];
    // A login holds from the visit's second event on.
    if browser != Slot::Anonymous && draws.is_within(380) && (visit.step > 0 || visit.steps == 1) {
        slots.extend(visit.login(draws));
    }
    let (kind, page) = page(&visit, is_buying);
    let own = &mut population.draws("web-event", event);
    row.add(format_args!(
        "{{\"_id\":\"w{:016x}\",\"timestamp\":\"{}\",\"eventType\":\"{kind}\",",
        own.number(),
        visit.at
    ));
    row.identity_map(&visit.person, &slots);
    let good = goods::any(if is_buying { draws } else { own });
    describe(&visit, page, &good, row);
    if kind.starts_with("commerce.") {
        buy(&visit, kind, &good, row);
    }
    row.add(format_args!("}}"));
}

fn browser(visit: &Visit<'_>, draws: &mut Random) -> Slot {
    let wished = match draws.below(100) {
        _ if visit.is_busiest => Slot::Browser,
        0..50 => Slot::Browser,
        50..68 => Slot::SecondBrowser,
        68..80 => Slot::Tablet,
        _ => Slot::Anonymous,
    };
    if visit.person.has(wished) {
        wished
    } else {
        Slot::Browser
    }
}

fn page(visit: &Visit<'_>, is_buying: bool) -> (&'static str, &'static str) {
    match visit.steps - visit.step {
        1 if is_buying => ("commerce.purchases", "thanks"),
        2 if is_buying => ("commerce.checkouts", "checkout"),
        3 if is_buying => ("commerce.productListAdds", "cart"),
        _ if visit.step == 0 => ("web.webpagedetails.pageViews", "home"),
        left if left % 2 == 0 => ("commerce.productViews", "product"),
        _ => ("web.webpagedetails.pageViews", "category"),
    }
}

fn describe(visit: &Visit<'_>, page: &str, good: &Good, row: &mut Row) {
    let mut draws = visit.draws.clone();
    let referrer = draws.pick(&REFERRERS);
    let device = draws.pick(&["mobile", "desktop", "tablet"]);
    row.add(format_args!(
        ",\"web\":{{\"webPageDetails\":{{\"name\":\"{page}\",\"URL\":\"https://shop.example.com/{page}/{}\"}}",
        good.sku
    ));
    if visit.step == 0 && !referrer.is_empty() {
        row.add(format_args!(",\"webReferrer\":{{\"URL\":\"{referrer}\"}}"));
    }
    row.add(format_args!("}},\"device\":{{\"type\":\"{device}\"}}"));
    let home = visit.person.home();
    row.add(format_args!(
        ",\"placeContext\":{{\"geo\":{{\"countryCode\":\"{}\",\"city\":{}}}}}",
        home.country.code,
        Quoted(home.city)
    ));
    if draws.is_within(150) {
        let campaign = draws.pick(&CAMPAIGNS);
        row.add(format_args!(
            ",\"marketing\":{{\"trackingCode\":\"{campaign}\"}}"
        ));
    }
}

fn buy(visit: &Visit<'_>, kind: &str, good: &Good, row: &mut Row) {
    let quantity = 1 + visit.draws.clone().skewed(4);
    let currency = visit.person.home().country.currency;
    let total = good.price(quantity);
    if kind == "commerce.purchases" {
        let order = visit.draws.clone().number();
        row.add(format_args!(
            ",\"commerce\":{{\"purchases\":{{\"value\":1}},\"order\":{{\"purchaseID\":\"WO-{order:012x}\",\"priceTotal\":{total},\"currencyCode\":\"{currency}\"}}}}"
        ));
    }
    row.add(format_args!(
        ",\"productListItems\":[{{\"SKU\":\"{}\",\"name\":\"{}\",\"quantity\":{quantity},\"priceTotal\":{total},\"currencyCode\":\"{currency}\"}}]",
        good.sku, good.name
    ));
}
