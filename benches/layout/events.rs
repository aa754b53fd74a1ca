//! Synthetic events: a few identities are busy, most are seen once or twice; the same numbers on every run.

use std::io::Write;

use onefold::model::{IdentityId, Moment};

const START: Moment = Moment(1_735_689_600_000); // 2025-01-01T00:00:00Z
const STEP: u64 = 7_776; // milliseconds; a million of them are ninety days
const KINDS: [(&str, u64); 5] = [
    ("web.webpagedetails.pageViews", 50),
    ("commerce.productViews", 25),
    ("commerce.productListAdds", 10),
    ("commerce.purchases", 5),
    ("directMarketing.emailOpened", 10),
];
const STYLES: [&str; 12] = [
    "Merino",
    "Canvas",
    "Trail",
    "Harbour",
    "Alpine",
    "Linen",
    "Velvet",
    "Summit",
    "Coastal",
    "Heritage",
    "Thermal",
    "Featherlight",
];
const GOODS: [&str; 16] = [
    "Pullover",
    "Rain Jacket",
    "Backpack",
    "Running Shoe",
    "Yoga Pants",
    "Beanie",
    "Water Bottle",
    "Wool Socks",
    "Duffel Bag",
    "Hoodie",
    "Tank Top",
    "Cargo Shorts",
    "Watch",
    "Sunglasses",
    "Leather Belt",
    "Gloves",
];
const PLACES: [(&str, &str); 12] = [
    ("FR", "Lyon"),
    ("FR", "Paris"),
    ("DE", "Hamburg"),
    ("DE", "Leipzig"),
    ("AT", "Graz"),
    ("US", "Portland"),
    ("US", "Austin"),
    ("GB", "Leeds"),
    ("ES", "Valencia"),
    ("IT", "Torino"),
    ("NL", "Utrecht"),
    ("JP", "Osaka"),
];
const SECTIONS: [&str; 8] = [
    "women", "men", "kids", "outdoor", "sale", "new", "gear", "home",
];
const DEVICES: [&str; 4] = ["mobile", "desktop", "tablet", "mobile"];

/// `SplitMix64`: random enough, and the same everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    fn share(&mut self) -> f64 {
        self.roll() as f64 / u64::MAX as f64
    }
}

/// One event; its body lies in [`Events::text`].
pub struct Event {
    pub identity: IdentityId,
    pub moment: Moment,
    pub kind: u8,
    pub line: i64,
    start: usize,
    length: usize,
}

/// Events in the order of their arrival, which is the order of their moments.
#[derive(Default)]
pub struct Events {
    pub rows: Vec<Event>,
    pub text: Vec<u8>,
}

impl Events {
    /// So many events of so many identities; the busiest has 5.5 % of them.
    pub fn world(count: usize, identities: u32) -> Events {
        let mut dice = Dice(7);
        let mut events = Events::default();
        for identity in crowd(count, identities, &mut dice) {
            events.push(identity, &mut dice);
        }
        events
    }

    /// Two events each for 500 identities, later than all of these events.
    pub fn later(&self, round: u64) -> Events {
        let mut dice = Dice(1_000 + round);
        let mut events = Events::default();
        let mut known = vec![self.busiest()];
        while known.len() < 500 {
            let identity = dice.pick(&self.rows).identity;
            if !known.contains(&identity) {
                known.push(identity);
            }
        }
        let after = self.rows.len() as u64 + round * 1_000;
        for turn in 0..1_000 {
            events.push(known[turn % known.len()], &mut dice);
            if let Some(event) = events.rows.last_mut() {
                event.line += after as i64;
                event.moment.0 += (after * STEP) as i64;
            }
        }
        events
    }

    pub fn body(&self, event: &Event) -> &[u8] {
        &self.text[event.start..event.start + event.length]
    }

    /// Places in [`Events::rows`], by identity and then by moment.
    pub fn by_identity(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.rows.len() as u32).collect();
        order.sort_unstable_by_key(|at| {
            let row = &self.rows[*at as usize];
            (row.identity, row.moment)
        });
        order
    }

    /// The events of each identity in such an order.
    pub fn runs<'a>(&'a self, order: &'a [u32]) -> impl Iterator<Item = &'a [u32]> {
        let of = |at: &u32| self.rows[*at as usize].identity;
        order.chunk_by(move |a, b| of(a) == of(b))
    }

    /// The busiest identity.
    pub fn busiest(&self) -> IdentityId {
        let order = self.by_identity();
        let busiest = self.runs(&order).max_by_key(|run| run.len());
        busiest.map_or(IdentityId(0), |run| self.rows[run[0] as usize].identity)
    }

    fn push(&mut self, identity: IdentityId, dice: &mut Dice) {
        let line = self.rows.len() as u64;
        let moment = Moment(START.0 + (line * STEP + dice.below(STEP)) as i64);
        let kind = kind(dice);
        let start = self.text.len();
        write_body(&mut self.text, (identity, moment, kind), dice);
        let length = self.text.len() - start;
        self.rows.push(Event {
            identity,
            moment,
            kind,
            line: line as i64 + 1,
            start,
            length,
        });
    }
}

/// Who does something, in order of arrival; numbered from 1 by first appearance, as the store numbers them.
fn crowd(count: usize, identities: u32, dice: &mut Dice) -> Vec<IdentityId> {
    let mut ranks: Vec<u32> = (0..identities).collect();
    ranks.extend(std::iter::repeat_n(0, count * 55 / 1_000 - 1));
    while ranks.len() < count {
        ranks.push(1 + skewed(identities - 1, dice));
    }
    for at in (1..ranks.len()).rev() {
        ranks.swap(at, dice.below(at as u64 + 1) as usize);
    }
    let mut numbers = vec![0; identities as usize];
    let mut seen = 0;
    ranks
        .into_iter()
        .map(|rank| {
            let number = &mut numbers[rank as usize];
            if *number == 0 {
                seen += 1;
                *number = seen;
            }
            IdentityId(*number)
        })
        .collect()
}

/// A rank below the limit, by Zipf's law with exponent 0.9.
fn skewed(limit: u32, dice: &mut Dice) -> u32 {
    let span = f64::from(limit).powf(0.1) - 1.0;
    let rank = (1.0 + dice.share() * span).powi(10) as u32;
    rank.min(limit) - 1
}

fn kind(dice: &mut Dice) -> u8 {
    let mut rest = dice.below(100);
    let stop = KINDS.iter().position(|(_, weight)| {
        let is_it = rest < *weight;
        rest = rest.saturating_sub(*weight);
        is_it
    });
    stop.unwrap_or(0) as u8
}

fn write_body(text: &mut Vec<u8>, event: (IdentityId, Moment, u8), dice: &mut Dice) {
    let (identity, moment, kind) = event;
    let mut own = Dice(u64::from(identity.0) << 8); // what one identity always repeats
    let (country, city) = own.pick(&PLACES);
    let device = own.pick(&DEVICES);
    let (high, low) = (dice.roll(), dice.roll());
    write!(
        text,
        r#"{{"_id":"{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}","timestamp":"{moment}","eventType":"{}","identityMap":{{"ECID":[{{"id":"{:019}{:019}","primary":true}}]}}"#,
        high >> 32, high >> 16 & 0xFFFF, high & 0xFFF, low >> 52, low & 0xFFFF_FFFF_FFFF,
        KINDS[usize::from(kind)].0, own.roll() >> 1, own.roll() >> 1,
    )
    .unwrap();
    match kind {
        0 => write_page(text, dice),
        4 => write!(
            text,
            r#","directMarketing":{{"mailingID":"nl-{:04}"}}"#,
            dice.below(400)
        )
        .unwrap(),
        _ => write_products(text, 1 + u64::from(kind == 3) * dice.below(3), dice),
    }
    write!(
        text,
        r#","device":{{"type":"{device}"}},"placeContext":{{"geo":{{"countryCode":"{country}","city":"{city}"}}}}}}"#
    )
    .unwrap();
}

fn write_page(text: &mut Vec<u8>, dice: &mut Dice) {
    let section = dice.pick(&SECTIONS);
    let page = skewed(3_000, dice);
    write!(text, r#","web":{{"webPageDetails":{{"URL":"https://www.northwind-outfitters.example/en/{section}/{page}.html"#).unwrap();
    if dice.below(4) == 0 {
        write!(text, "?gclid={:016x}", dice.roll()).unwrap();
    }
    write!(text, r#"","name":"{section}:{page}"}}}}"#).unwrap();
}

fn write_products(text: &mut Vec<u8>, count: u64, dice: &mut Dice) {
    text.extend_from_slice(br#","productListItems":["#);
    for at in 0..count {
        let product = u64::from(skewed(600, dice));
        let mut own = Dice(product);
        let (style, good) = (own.pick(&STYLES), own.pick(&GOODS));
        let cents = (500 + own.below(24_500)) * (100 - 5 * dice.below(7)) / 100;
        let comma = if at == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}{{"SKU":"NW-{product:05}","name":"{style} {good}","quantity":{},"priceTotal":{}.{:02}}}"#,
            1 + dice.below(3) / 2, cents / 100, cents % 100,
        )
        .unwrap();
    }
    text.push(b']');
}
