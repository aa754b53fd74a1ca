//! Which columns name somebody: e-mail addresses, telephone numbers, cards, devices, and keys of persons.

use super::column::Column;
use super::finding::{Finding, Opinion, Sort, of_rows};
use super::keys;
use super::sample::Sample;
use super::shape::{DATES, NUMBERS, Shape};
use super::words::{camel, has_word, somebody_else};
use crate::ingest::mapping::Normalise;

const EMAIL: [&str; 8] = [
    "email",
    "mail",
    "emailaddress",
    "correo",
    "courriel",
    "mails",
    "emails",
    "epost",
];
const PHONE: [&str; 21] = [
    "phone",
    "mobile",
    "tel",
    "telephone",
    "telefon",
    "cell",
    "cellphone",
    "handy",
    "telefono",
    "telefone",
    "telefoon",
    "gsm",
    "msisdn",
    "whatsapp",
    "phonenumber",
    "mobilenumber",
    "mobil",
    "celular",
    "movil",
    "rufnummer",
    "portable",
];
const DEVICE: [&str; 15] = [
    "anonymous",
    "anon",
    "visitor",
    "device",
    "cookie",
    "browser",
    "ecid",
    "mcid",
    "fpid",
    "idfa",
    "idfv",
    "gaid",
    "aaid",
    "adid",
    "installation",
];
const CARD: [&str; 12] = [
    "loyalty",
    "card",
    "member",
    "membership",
    "club",
    "bonus",
    "fidelity",
    "rewards",
    "reward",
    "kundenkarte",
    "fidelite",
    "fidelidad",
];
/// Cards and members that are none of a loyalty programme.
const NO_CARD: [&str; 13] = [
    "credit", "debit", "payment", "gift", "type", "tier", "status", "level", "points", "balance",
    "since", "team", "sim",
];

/// The columns that name somebody by what they hold, without a look at other columns.
pub fn find(sample: &Sample) -> Vec<Finding> {
    let columns = sample.columns.iter().enumerate();
    let found = columns.filter_map(|(place, column)| {
        let (namespace, sort, normalise, opinion) = identity(column)?;
        Some(Finding {
            column: place,
            namespace,
            sort,
            normalise,
            opinion,
        })
    });
    found.collect()
}

type Named = (String, Sort, Vec<Normalise>, Opinion);

fn identity(column: &Column) -> Option<Named> {
    if column.filled == 0 {
        return None;
    }
    email(column)
        .or_else(|| hashed_email(column))
        .or_else(|| device(column))
        .or_else(|| phone(column))
        .or_else(|| card(column))
        .or_else(|| person_key(column))
}

fn email(column: &Column) -> Option<Named> {
    let seen = column.looks_like(&[Shape::Email]);
    let is_named = has_word(&column.words, &EMAIL);
    let least = if is_named { 0.5 } else { 0.9 };
    if column.share(&[Shape::Email]) < least || somebody_else(&column.words).is_some() {
        return None;
    }
    let reason = format!("looks like an e-mail in {}", of_rows(seen, column.filled));
    let opinion = Opinion::by_share(if is_named { 60 } else { 40 }, seen, column.filled, reason);
    Some((
        "Email".into(),
        Sort::Email,
        vec![Normalise::Trim, Normalise::Lower],
        opinion,
    ))
}

/// The code is that of the field's standard namespace.
fn hashed_email(column: &Column) -> Option<Named> {
    let seen = column.looks_like(&[Shape::Hash]);
    let is_sha256 = column.length() > 60.0;
    let is_hashed = has_word(&column.words, &EMAIL) && column.share(&[Shape::Hash]) >= 0.9;
    let reason = format!(
        "named like an e-mail, a hash in {}",
        of_rows(seen, column.filled)
    );
    let named = (
        "Email_LC_SHA256".into(),
        Sort::Email,
        vec![Normalise::Trim, Normalise::Lower],
        Opinion::new(85, reason),
    );
    (is_hashed && is_sha256).then_some(named)
}

fn device(column: &Column) -> Option<Named> {
    let seen = column.looks_like(&[Shape::Ecid]);
    if column.share(&[Shape::Ecid]) >= 0.9 {
        let reason = format!(
            "38 digits, as an ECID has, in {}",
            of_rows(seen, column.filled)
        );
        return Some((
            "ECID".into(),
            Sort::Device,
            vec![Normalise::Trim],
            Opinion::by_share(70, seen, column.filled, reason),
        ));
    }
    let word = column
        .words
        .iter()
        .find(|word| DEVICE.contains(&word.as_str()))?;
    let opaque = [Shape::Uuid, Shape::Hash];
    let seen = column.looks_like(&opaque);
    let is_opaque = column.share(&opaque) >= 0.8;
    let is_key = keys::is_named_like_a_key(&column.words)
        || matches!(word.as_str(), "idfa" | "idfv" | "gaid" | "aaid");
    let is_long = column.length() >= 8.0 && column.share_of(|value| !value.contains(' ')) > 0.9;
    if !(is_opaque || is_key && is_long) {
        return None;
    }
    let code = match word.as_str() {
        "idfa" | "idfv" => word.to_uppercase(),
        "gaid" | "aaid" | "adid" => "GAID".to_owned(),
        _ => camel(&column.words),
    };
    let reason = if is_opaque {
        format!(
            "named like a device, a UUID or hash in {}",
            of_rows(seen, column.filled)
        )
    } else {
        "named like the key of a device".to_owned()
    };
    let confidence = if is_opaque { 92 } else { 75 };
    Some((
        code,
        Sort::Device,
        vec![Normalise::Trim],
        Opinion::new(confidence, reason),
    ))
}

fn phone(column: &Column) -> Option<Named> {
    let written = column.looks_like(&[Shape::Phone]);
    let is_named = has_word(&column.words, &PHONE)
        && !has_word(
            &column.words,
            &["type", "model", "os", "consent", "country", "code"],
        );
    let like = |value: &str| {
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        (6..=16).contains(&digits)
            && value
                .chars()
                .filter(|letter| letter.is_alphabetic())
                .count()
                < 4
    };
    let is_phone = if is_named {
        column.share_of(like) >= 0.7 && column.share(&DATES) < 0.1
    } else {
        column.share(&[Shape::Phone]) >= 0.9 && !keys::speaks_of_a_thing(&column.words)
    };
    if !is_phone || somebody_else(&column.words).is_some() {
        return None;
    }
    let opinion = if is_named {
        let seen = (column.share_of(like) * column.filled as f64).round() as u64;
        let reason = format!(
            "named like a phone, digits of one in {}",
            of_rows(seen, column.filled)
        );
        Opinion::by_share(60, seen, column.filled, reason)
    } else {
        let reason = format!(
            "written like a phone in {}",
            of_rows(written, column.filled)
        );
        Opinion::by_share(30, written, column.filled, reason)
    };
    Some((
        "Phone".into(),
        Sort::Phone,
        vec![Normalise::Digits],
        opinion,
    ))
}

fn card(column: &Column) -> Option<Named> {
    let is_named = has_word(&column.words, &CARD) && !has_word(&column.words, &NO_CARD);
    let is_card = is_named && keys::is_named_like_a_key(&column.words) && keys::holds_keys(column);
    let reason = format!("named like a loyalty card, {}", keys::repeats(column));
    is_card.then(|| {
        (
            "loyaltyId".into(),
            Sort::Card,
            vec![Normalise::Trim],
            Opinion::new(90, reason),
        )
    })
}

fn person_key(column: &Column) -> Option<Named> {
    let code = keys::person_code(&column.words)?;
    let is_number = column.share(&[Shape::Decimal]) > 0.1;
    if !keys::holds_keys(column) || is_number || somebody_else(&column.words).is_some() {
        return None;
    }
    let reason = format!("named like the key of a person, {}", keys::repeats(column));
    let confidence = if column.share(&NUMBERS) < 0.5 || column.uniqueness() > 0.9 {
        95
    } else {
        85
    };
    Some((
        code,
        Sort::PersonKey,
        vec![Normalise::Trim],
        Opinion::new(confidence, reason),
    ))
}
