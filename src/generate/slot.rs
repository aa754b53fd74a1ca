//! The identities a person of a synthetic world can have, and which of them some row has named.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::model::{Identity, Moment};

use super::person::{FIRST, LAST, Person, Trait, between};
use super::random::Random;

/// A place for an identity of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Their number in the customer system.
    Crm,
    /// Their e-mail address.
    Email,
    /// The address that they had before.
    OldEmail,
    /// Their phone number.
    Phone,
    /// Their loyalty card.
    Loyalty,
    /// The browser that they use most.
    Browser,
    /// Another one.
    SecondBrowser,
    /// A tablet that the household shares.
    Tablet,
    /// A browser on which they never log in.
    Anonymous,
    /// The phone with the app.
    Device,
}

impl Slot {
    /// Every slot, in the order of declaration.
    pub const ALL: [Slot; 10] = [
        Slot::Crm,
        Slot::Email,
        Slot::OldEmail,
        Slot::Phone,
        Slot::Loyalty,
        Slot::Browser,
        Slot::SecondBrowser,
        Slot::Tablet,
        Slot::Anonymous,
        Slot::Device,
    ];

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// Addresses that many people are given when nobody has asked for theirs.
const NOBODYS_EMAILS: [&str; 4] = [
    "noreply@example.com",
    "none@example.com",
    "unknown@example.org",
    "test@example.com",
];
/// The call centre's own number, written down for the caller's.
const NOBODYS_PHONE: &str = "+1-202-555-0100";
const MAIL_DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];
const AREA_CODES: [u64; 10] = [202, 212, 303, 312, 404, 415, 503, 617, 702, 808];
const MAX_NUMBERED: u64 = super::MAX_PEOPLE;

impl Person<'_> {
    /// The identity at this slot, where they have one.
    pub fn identity(&self, slot: Slot) -> Option<Identity> {
        let code = match slot {
            Slot::Crm => "CRMID",
            Slot::Email | Slot::OldEmail => "Email",
            Slot::Phone => "Phone",
            Slot::Loyalty => "loyaltyId",
            Slot::Browser | Slot::SecondBrowser | Slot::Tablet | Slot::Anonymous => "ECID",
            Slot::Device => self.device_namespace(),
        };
        Some(Identity::new(code, self.value(slot)?))
    }

    /// The value of the identity at this slot, where they have one.
    pub fn value(&self, slot: Slot) -> Option<String> {
        if !self.has(slot) {
            return None;
        }
        Some(match slot {
            Slot::Crm => format!("C-{:09}", self.scrambled(391_939_393)),
            Slot::Loyalty => format!("L{:09}", self.scrambled(736_878_701)),
            Slot::Email if self.has_nobodys_email() => {
                let mut random = self.slot_draws(Trait::Email, slot);
                (*random.pick(&NOBODYS_EMAILS)).to_owned()
            }
            Slot::Email | Slot::OldEmail => self.address(slot),
            Slot::Phone if self.has_nobodys_phone() => NOBODYS_PHONE.to_owned(),
            Slot::Phone => self.phone_owner().number(),
            Slot::Tablet => self.householder().ecid(slot),
            Slot::Browser | Slot::SecondBrowser | Slot::Anonymous => self.ecid(slot),
            Slot::Device => self.device(),
        })
    }

    /// Whether they have an identity at this slot.
    pub fn has(&self, slot: Slot) -> bool {
        let within = |share| self.slot_draws(Trait::Presence, slot).is_within(share);
        match slot {
            Slot::Crm => within(850),
            // Without a customer number there is an address, and without an address a phone: some row can know them.
            Slot::Email => within(940) || !self.has(Slot::Crm),
            Slot::OldEmail => within(70) && self.has(Slot::Email) && !self.has_nobodys_email(),
            Slot::Phone => within(820) || !self.has(Slot::Email),
            Slot::Loyalty => within(500),
            Slot::Browser => true,
            Slot::SecondBrowser => within(420),
            Slot::Tablet => self.housemate().is_some(),
            Slot::Anonymous | Slot::Device => within(520),
        }
    }

    /// Whether the identity at this slot names other people too.
    pub fn shares(&self, slot: Slot) -> bool {
        match slot {
            Slot::Email => self.has_nobodys_email(),
            Slot::Phone => {
                let same = |mate: Person<'_>| mate.value(slot) == self.value(slot);
                self.has_nobodys_phone() || self.housemate().is_some_and(same)
            }
            Slot::Tablet => true,
            _ => false,
        }
    }

    /// When the old e-mail address gave way to the new one; before the beginning, where there is no old one.
    pub fn email_changed_at(&self) -> Moment {
        if self.has(Slot::OldEmail) {
            between(
                &mut self.slot_draws(Trait::Email, Slot::OldEmail),
                FIRST,
                LAST,
            )
        } else {
            Moment::MIN
        }
    }

    /// The slot of the e-mail address that they used at a moment.
    pub fn email_slot(&self, at: Moment) -> Slot {
        if at < self.email_changed_at() {
            Slot::OldEmail
        } else {
            Slot::Email
        }
    }

    /// The namespace of the phone with the app.
    pub fn device_namespace(&self) -> &'static str {
        if self.draw(Trait::Devices).is_within(480) {
            "IDFA"
        } else {
            "GAID"
        }
    }

    fn has_nobodys_email(&self) -> bool {
        self.draw(Trait::Email).is_within(4)
    }

    fn has_nobodys_phone(&self) -> bool {
        self.draw(Trait::Phone).is_within(2)
    }

    fn address(&self, slot: Slot) -> String {
        let home = self.home();
        let (_, given) = self.given(&home);
        let mut random = self.slot_draws(Trait::Email, Slot::Email);
        let place = random.below(MAIL_DOMAINS.len() as u64) as usize + slot as usize;
        let domain = MAIL_DOMAINS
            .get(place % MAIL_DOMAINS.len())
            .unwrap_or(&MAIL_DOMAINS[0]);
        let (given, family, number) = (&given.slug, &home.family.slug, self.index + 1);
        match slot {
            Slot::OldEmail => format!("{family}{number}@{domain}"),
            _ => format!("{given}.{family}{number}@{domain}"),
        }
    }

    fn phone_owner(&self) -> Self {
        let owner = self.householder();
        match owner.draw(Trait::Phone).below(1000) {
            2..250 => owner,
            _ => *self,
        }
    }

    /// A number that stays in fiction: 555-01xx, with an extension where these are used up.
    fn number(&self) -> String {
        // Worlds begin at different numbers, so that two of them can be imported into one store.
        let number = self.index + self.population.draws("phones", 0).below(990);
        let (line, place) = (number % 99 + 1, number / 99);
        let (area, extension) = (
            place % AREA_CODES.len() as u64,
            place / AREA_CODES.len() as u64,
        );
        let area = AREA_CODES.get(area as usize).unwrap_or(&AREA_CODES[0]);
        match extension {
            0 => format!("+1-{area}-555-01{line:02}"),
            _ => format!("+1-{area}-555-01{line:02} x{extension}"),
        }
    }

    fn ecid(&self, slot: Slot) -> String {
        let mut random = self.slot_draws(Trait::Devices, slot);
        let (high, low) = (
            10_u64.pow(18) + random.below(9 * 10_u64.pow(18)),
            random.below(10_u64.pow(19)),
        );
        format!("{high}{low:019}")
    }

    /// A UUID of version 4, in capitals on the one kind of phone and not on the other.
    fn device(&self) -> String {
        let mut random = self.slot_draws(Trait::Devices, Slot::Device);
        let (high, low) = (random.number(), random.number());
        let uuid = format!(
            "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            low >> 52,
            low & 0xffff_ffff_ffff
        );
        match self.device_namespace() {
            "IDFA" => uuid.to_uppercase(),
            _ => uuid,
        }
    }

    fn slot_draws(&self, of: Trait, slot: Slot) -> Random {
        let key = 100 * (of as u64) + slot as u64;
        Random::new([self.population.world.seed, key, self.index])
    }

    /// A number of nine digits that no other person has: the factor has no divisor in common with the modulus.
    fn scrambled(&self, factor: u64) -> u64 {
        let offset = self.population.draws("numbers", factor).below(MAX_NUMBERED);
        (self.index * factor + offset) % MAX_NUMBERED
    }
}

/// Which identities the rows have named so far, and which of them beside another: four bytes a person.
#[derive(Debug)]
pub struct Sightings(Vec<AtomicU32>);

const LINKED: u32 = 16;

impl Sightings {
    /// Nothing named yet.
    pub fn none(people: u64) -> Sightings {
        Sightings((0..people).map(|_| AtomicU32::new(0)).collect())
    }

    /// A row of this person named these slots.
    pub fn mark(&self, person: u64, slots: &[Slot]) {
        let bits = slots.iter().fold(0, |bits, slot| bits | slot.bit());
        let linked = if bits.count_ones() > 1 {
            bits << LINKED
        } else {
            0
        };
        if let Some(seen) = self.0.get(person as usize) {
            seen.fetch_or(bits | linked, Ordering::Relaxed);
        }
    }

    /// Whether a row named this slot of a person.
    pub fn is_named(&self, person: u64, slot: Slot) -> bool {
        self.bits(person) & slot.bit() != 0
    }

    /// Whether a row named this slot of a person beside another.
    pub fn is_linked(&self, person: u64, slot: Slot) -> bool {
        (self.bits(person) >> LINKED) & slot.bit() != 0
    }

    fn bits(&self, person: u64) -> u32 {
        self.0
            .get(person as usize)
            .map_or(0, |seen| seen.load(Ordering::Relaxed))
    }
}
