//! What a manifest says of a dataset's rows: which fields are identities, where values go, which one is the time.

use std::str::FromStr;

use chrono_tz::Tz;
use encoding_rs::Encoding;
use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::xxh3_128;

use super::time::{DateOrder, Habits};
use crate::config::{alternatives, nearest};
use crate::model::Path;

/// The deepest path that a value may be mapped to, in keys.
pub const DEEPEST_PATH: usize = 32;

/// A column or a path, as a manifest names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// As it is written: the name of a column, dots included.
    pub text: String,
    /// As a path into an object.
    pub path: Path,
}

impl Address {
    /// The address that this text names.
    pub fn new(text: &str) -> Address {
        let path = text.parse().unwrap_or_else(|never| match never {});
        Address {
            text: text.to_owned(),
            path,
        }
    }

    /// The address of a path.
    pub fn of(path: &Path) -> Address {
        Address {
            text: path.to_string(),
            path: path.clone(),
        }
    }

    /// Whether a table's column of this name is meant; a dot in the name is a plain letter.
    pub fn is_column(&self, name: &str) -> bool {
        self.text == name || matches!(self.path.keys(), [key] if key == name)
    }
}

/// What is done to a value before it is an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Normalise {
    /// Blanks at both ends go.
    Trim,
    /// Upper case becomes lower case.
    Lower,
    /// All but the digits 0 to 9 goes.
    Digits,
    /// The SHA-256 of the text, in hexadecimal digits.
    Sha256,
}

impl Normalise {
    const NAMES: [(&'static str, Normalise); 4] = [
        ("trim", Normalise::Trim),
        ("lower", Normalise::Lower),
        ("digits", Normalise::Digits),
        ("sha256", Normalise::Sha256),
    ];

    /// The value after this step; a blank value stays blank.
    pub fn apply(self, value: &str) -> String {
        match self {
            Normalise::Trim => value.trim().to_owned(),
            Normalise::Lower => value.to_lowercase(),
            Normalise::Digits => value.chars().filter(char::is_ascii_digit).collect(),
            Normalise::Sha256 if value.trim().is_empty() => value.to_owned(),
            Normalise::Sha256 => hexadecimal(&Sha256::digest(value)),
        }
    }

    /// The name that mappings use.
    pub fn name(self) -> &'static str {
        let named = Normalise::NAMES.iter().find(|(_, step)| *step == self);
        named.map_or("", |(name, _)| name)
    }
}

impl FromStr for Normalise {
    type Err = String;

    fn from_str(text: &str) -> Result<Normalise, String> {
        let named = Normalise::NAMES.iter().find(|(name, _)| *name == text);
        named.map(|(_, step)| *step).ok_or_else(|| {
            let hint = alternatives(text, Normalise::NAMES.map(|(name, _)| name));
            format!("`{text}` is no way to normalise; {hint}")
        })
    }
}

/// A field that holds an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityField {
    /// Where it stands.
    pub address: Address,
    /// The code of its namespace.
    pub namespace: String,
    /// What is done to its values, in this order.
    pub normalise: Vec<Normalise>,
}

impl IdentityField {
    /// The value as an identity has it.
    pub fn normalised(&self, value: String) -> String {
        self.normalise
            .iter()
            .fold(value, |value, step| step.apply(&value))
    }
}

/// A field whose value goes to another path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldMove {
    /// Where it stands.
    pub from: Address,
    /// Where it goes.
    pub to: Path,
}

/// Values that mean "nothing".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nulls {
    /// In every field.
    pub any: Vec<String>,
    /// In one field.
    pub by_field: Vec<(Address, Vec<String>)>,
}

impl Nulls {
    /// Whether nothing is listed.
    pub fn is_empty(&self) -> bool {
        self.any.is_empty() && self.by_field.is_empty()
    }
}

/// What becomes of a row that names no identity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unidentified {
    /// It is rejected.
    #[default]
    Reject,
    /// It is kept under a generated identity that links to nothing.
    Keep,
}

impl FromStr for Unidentified {
    type Err = String;

    fn from_str(text: &str) -> Result<Unidentified, String> {
        match text {
            "reject" => Ok(Unidentified::Reject),
            "keep" => Ok(Unidentified::Keep),
            _ => Err(format!(
                "`{text}` is not known here; there are reject, keep"
            )),
        }
    }
}

/// What a record does to a fragment that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Update {
    /// It replaces it.
    #[default]
    Replace,
    /// It patches it (`upsert = true`).
    Patch,
}

/// How the rows of a dataset are to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// The fields that hold identities, in the order of the mapping.
    pub identities: Vec<IdentityField>,
    /// The fields that move.
    pub fields: Vec<FieldMove>,
    /// The values that mean nothing.
    pub nulls: Nulls,
    /// The namespace whose value is the primary identity.
    pub primary: Option<String>,
    /// An event's timestamp, or a record's own time.
    pub time: Option<Address>,
    /// An event's id.
    pub id: Option<Address>,
    /// The row's own moment of ingestion.
    pub ingested: Option<Address>,
    /// The zone of times without one.
    pub timezone: Option<Tz>,
    /// What comes first in dates with slashes.
    pub dates: Option<DateOrder>,
    /// The encoding of the text, where it is not UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// What becomes of rows without an identity.
    pub unidentified: Unidentified,
    /// What a record does to its fragment.
    pub update: Update,
}

impl Mapping {
    /// Every address that the mapping reads, with the key under which it stands.
    pub fn addresses(&self) -> impl Iterator<Item = (&'static str, &Address)> {
        let identities = self.identities.iter().map(|i| ("identities", &i.address));
        let fields = self.fields.iter().map(|field| ("fields", &field.from));
        let nulls = self.nulls.by_field.iter().map(|(at, _)| ("nulls", at));
        let time = self.time.iter().map(|at| ("time", at));
        let id = self.id.iter().map(|at| ("id", at));
        let ingested = self.ingested.iter().map(|at| ("ingested", at));
        identities
            .chain(fields)
            .chain(nulls)
            .chain(time)
            .chain(id)
            .chain(ingested)
    }

    /// What its times leave out.
    pub fn habits(&self) -> Habits {
        Habits {
            zone: self.timezone,
            order: self.dates,
        }
    }

    /// A hash of all that decides how a row is read; equal mappings have equal ones, in every release.
    pub fn fingerprint(&self) -> u128 {
        let mut text = String::new();
        let mut say = |what: &str, value: &str| {
            text.extend([what, "\u{1f}", value, "\u{1e}"]);
        };
        for field in &self.identities {
            let steps: Vec<_> = field.normalise.iter().map(|step| step.name()).collect();
            say("identity", &field.address.text);
            say(&field.namespace, &steps.join(","));
        }
        for field in &self.fields {
            say("field", &field.from.text);
            say("to", &field.to.to_string());
        }
        say("nulls", &self.nulls.any.join("\u{1f}"));
        for (address, values) in &self.nulls.by_field {
            say(&address.text, &values.join("\u{1f}"));
        }
        say("primary", self.primary.as_deref().unwrap_or_default());
        for at in [&self.time, &self.id, &self.ingested] {
            say("at", at.as_ref().map_or("", |at| &at.text));
        }
        say("timezone", self.timezone.map_or("", Tz::name));
        // What came later than the first release is said where it is there.
        if let Some(order) = self.dates {
            say("dates", order.name());
        }
        say("encoding", self.encoding.map_or("", Encoding::name));
        say(
            "rows",
            &format!("{:?} {:?}", self.unidentified, self.update),
        );
        xxh3_128(text.as_bytes())
    }
}

/// The zone of this name, or a sentence that names the nearest.
pub fn zone_named(name: &str) -> Result<Tz, String> {
    name.parse().map_err(|_| {
        let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        match nearest(name, known) {
            Some(zone) => format!("`{name}` is no time zone; did you mean `{zone}`?"),
            None => format!("`{name}` is no time zone; write one such as `Europe/Vienna`"),
        }
    })
}

/// The encoding of this name; `None` is UTF-8.
pub fn encoding_named(name: &str) -> Result<Option<&'static Encoding>, String> {
    match Encoding::for_label(name.as_bytes()) {
        Some(encoding) if encoding == encoding_rs::UTF_8 => Ok(None),
        Some(encoding) => Ok(Some(encoding)),
        None => Err(format!(
            "`{name}` is no encoding; write one such as `utf-8`, `latin1`, `windows-1252`, `shift_jis`"
        )),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    use Normalise::{Digits, Lower, Sha256, Trim};

    #[test]
    fn values_are_normalised_in_the_order_of_the_steps() {
        let check = |steps: &[Normalise], value: &str, expected: &str| {
            let field = IdentityField {
                address: Address::new("x"),
                namespace: "Email".into(),
                normalise: steps.to_vec(),
            };
            assert_eq!(field.normalised(value.into()), expected, "{value}");
        };
        check(&[], " Ana@X ", " Ana@X ");
        check(&[Trim, Lower], " Ana@X ", "ana@x");
        check(&[Digits], "+43 (1) 234-5", "4312345");
        check(
            &[Trim, Sha256],
            " abc ",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        );
        check(&[Sha256], "", "");
    }

    #[test]
    fn a_column_is_known_by_its_name_whatever_letters_it_has() {
        let check = |text: &str, column: &str, expected: bool| {
            assert_eq!(Address::new(text).is_column(column), expected, "{text}");
        };
        check("crm_id", "crm_id", true);
        check("order.id", "order.id", true);
        check(r"order\.id", "order.id", true);
        check("order.id", "id", false);
        check("_id", "_id", true);
    }

    #[test]
    fn a_changed_mapping_has_another_fingerprint() {
        let plain = Mapping::default();
        let patching = Mapping {
            update: Update::Patch,
            ..Mapping::default()
        };
        let timed = Mapping {
            time: Some(Address::new("at")),
            ..Mapping::default()
        };
        assert_eq!(plain.fingerprint(), Mapping::default().fingerprint());
        assert_ne!(plain.fingerprint(), patching.fingerprint());
        assert_ne!(plain.fingerprint(), timed.fingerprint());
    }

    #[test]
    fn unknown_zones_and_encodings_are_said() {
        assert_eq!(
            zone_named("Europe/Viena").unwrap_err(),
            "`Europe/Viena` is no time zone; did you mean `Europe/Vienna`?"
        );
        assert!(encoding_named("utf-9").is_err());
        assert_eq!(encoding_named("UTF8"), Ok(None));
    }
}
