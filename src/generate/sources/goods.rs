//! What the shop sells.

use crate::generate::random::Random;

/// A thing on the shelf.
#[derive(Clone, Copy, Debug)]
pub struct Good {
    /// Its article number.
    pub sku: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its price in hundredths of the buyer's currency.
    pub cents: u64,
}

impl Good {
    /// What so many of it cost, as `12.30`.
    pub fn price(&self, quantity: u64) -> String {
        let cents = self.cents * quantity;
        format!("{}.{:02}", cents / 100, cents % 100)
    }
}

/// One of the goods.
pub fn any(draws: &mut Random) -> Good {
    let (sku, name, cents) = *draws.pick(&GOODS);
    Good { sku, name, cents }
}

const GOODS: [(&str, &str, u64); 20] = [
    ("GA-101", "Garden shears", 2490),
    ("GA-102", "Seed tray", 690),
    ("GA-117", "Rain barrel", 8900),
    ("GA-130", "Lavender, potted", 540),
    ("HO-201", "Linen tablecloth", 3990),
    ("HO-204", "Reading lamp", 5900),
    ("HO-219", "Wool blanket", 7450),
    ("HO-233", "Set of six glasses", 2800),
    ("KI-301", "Cast-iron pan", 6500),
    ("KI-305", "Coffee grinder", 4890),
    ("KI-312", "Bread knife", 3200),
    ("KI-340", "Tea towel, striped", 890),
    ("BO-401", "Field guide to birds", 2600),
    ("BO-409", "Atlas of rivers", 4200),
    ("BO-415", "Notebook, dotted", 1250),
    ("SP-501", "Walking boots", 12900),
    ("SP-507", "Rucksack, 28 l", 8490),
    ("SP-513", "Bicycle lamp", 3450),
    ("CL-601", "Merino scarf", 4950),
    ("CL-608", "Raincoat", 11900),
];
