//! Names of keys: those of persons, those of things, and the bare `id`.

use super::column::Column;
use super::finding::grouped;
use super::shape::{DATES, Shape};
use super::words::{camel, has_word};

/// Last words of a key's name.
const KEY: [&str; 21] = [
    "id",
    "ids",
    "key",
    "no",
    "nr",
    "number",
    "num",
    "nummer",
    "numero",
    "guid",
    "uuid",
    "uid",
    "pk",
    "ref",
    "identifier",
    "code",
    "kennung",
    "identifiant",
    "identificador",
    "oid",
    "sk",
];

/// Names that are a key by themselves.
const BARE: [&str; 12] = [
    "id",
    "key",
    "uid",
    "uuid",
    "guid",
    "pk",
    "no",
    "nr",
    "oid",
    "rowid",
    "recordid",
    "identifier",
];

/// Persons, with the code of their keys; one word has the same code everywhere, so that files join.
const PERSONS: [(&str, &[&str]); 5] = [
    ("CRMID", &["crm"]),
    (
        "customerId",
        &[
            "customer", "cust", "client", "kunde", "kunden", "cliente", "klant", "klanten",
            "clientes", "cli",
        ],
    ),
    (
        "userId",
        &[
            "user",
            "usr",
            "benutzer",
            "usuario",
            "utente",
            "utilisateur",
            "gebruiker",
        ],
    ),
    (
        "personId",
        &["person", "persona", "personne", "individual", "people"],
    ),
    ("contactId", &["contact", "kontakt", "contacto", "contatto"]),
];

/// Persons whose keys are coded as they are written.
const OTHER_PERSONS: [&str; 21] = [
    "profile",
    "patient",
    "subscriber",
    "guest",
    "shopper",
    "buyer",
    "lead",
    "consumer",
    "student",
    "employee",
    "passenger",
    "traveler",
    "traveller",
    "player",
    "household",
    "prospect",
    "donor",
    "policyholder",
    "cardholder",
    "resident",
    "learner",
];

/// Persons that are written in one word with their key.
const IN_ONE_WORD: [(&str, &str); 14] = [
    ("crmid", "CRMID"),
    ("userid", "userId"),
    ("customerid", "customerId"),
    ("custid", "customerId"),
    ("clientid", "customerId"),
    ("kundennummer", "customerId"),
    ("kundennr", "customerId"),
    ("kundenid", "customerId"),
    ("custno", "customerId"),
    ("customerno", "customerId"),
    ("numeroclient", "customerId"),
    ("idcliente", "customerId"),
    ("personid", "personId"),
    ("contactid", "contactId"),
];

/// Things: what is named by such a key is no person.
const THINGS: [&str; 77] = [
    "order",
    "product",
    "sku",
    "item",
    "transaction",
    "txn",
    "trans",
    "invoice",
    "payment",
    "purchase",
    "cart",
    "basket",
    "session",
    "event",
    "store",
    "shop",
    "plan",
    "company",
    "organisation",
    "organization",
    "org",
    "campaign",
    "category",
    "brand",
    "region",
    "country",
    "zip",
    "postal",
    "post",
    "batch",
    "row",
    "page",
    "message",
    "ticket",
    "case",
    "coupon",
    "booking",
    "receipt",
    "shipment",
    "shipping",
    "tracking",
    "warehouse",
    "price",
    "amount",
    "department",
    "dept",
    "team",
    "group",
    "tenant",
    "segment",
    "tax",
    "vat",
    "iban",
    "line",
    "variant",
    "asset",
    "file",
    "job",
    "log",
    "request",
    "response",
    "error",
    "status",
    "version",
    "language",
    "currency",
    "promo",
    "promotion",
    "discount",
    "house",
    "street",
    "rank",
    "bestellung",
    "bestell",
    "rechnung",
    "commande",
    "pedido",
];

/// Things that happen: a row with the key of one is an event, once it has a time.
const HAPPENINGS: [&str; 27] = [
    "order",
    "transaction",
    "txn",
    "trans",
    "invoice",
    "payment",
    "purchase",
    "receipt",
    "booking",
    "event",
    "message",
    "ticket",
    "reservation",
    "visit",
    "click",
    "hit",
    "session",
    "call",
    "bestellung",
    "bestell",
    "rechnung",
    "commande",
    "pedido",
    "sale",
    "return",
    "refund",
    "delivery",
];

/// Words of a key that a row remembers of something else.
const REMEMBERED: [&str; 7] = [
    "last", "first", "latest", "previous", "parent", "next", "original",
];

/// Whether the last word says "key", or the first does, as in `id_client`.
pub fn is_named_like_a_key(words: &[String]) -> bool {
    let ends = [words.last(), words.first()];
    ends.into_iter()
        .flatten()
        .any(|word| KEY.contains(&word.as_str()))
        || in_one_word(words).is_some()
}

/// Whether the name is a key and nothing else.
pub fn is_bare_key(words: &[String]) -> bool {
    BARE.contains(&words.concat().as_str())
}

/// Whether it is the key of a thing, or a thing itself.
pub fn speaks_of_a_thing(words: &[String]) -> bool {
    has_word(words, &THINGS)
}

/// Whether it is the key of something that happens.
pub fn speaks_of_a_happening(words: &[String]) -> bool {
    has_word(words, &HAPPENINGS) && is_named_like_a_key(words) && !has_word(words, &REMEMBERED)
}

/// Whether it is the key of one event, and not of a visit in which several happen.
pub fn names_an_event(words: &[String]) -> bool {
    speaks_of_a_happening(words) && !has_word(words, &["session", "visit", "call"])
}

/// The code of a namespace whose values are keys of persons, by a column's name.
pub fn person_code(words: &[String]) -> Option<String> {
    if let Some(code) = in_one_word(words) {
        return Some(code.to_owned());
    }
    if !is_named_like_a_key(words) || speaks_of_a_thing(words) || words.len() > 4 {
        return None;
    }
    let known = PERSONS.iter().find(|(_, names)| has_word(words, names));
    let other = has_word(words, &OTHER_PERSONS).then(|| camel(words));
    known.map(|(code, _)| (*code).to_owned()).or(other)
}

fn in_one_word(words: &[String]) -> Option<&'static str> {
    let name = words.concat();
    IN_ONE_WORD
        .iter()
        .find(|(other, _)| *other == name)
        .map(|(_, code)| *code)
}

/// Whether the values could be keys: short, in one word, no moments, no amounts, not a handful that all rows share.
pub fn holds_keys(column: &Column) -> bool {
    let never = [Shape::Truth, Shape::Decimal, Shape::Url, Shape::Machine];
    let is_handful = column.filled >= 20 && column.distinct() <= 3;
    column.filled > 0
        && column.share(&never) < 0.1
        && column.share(&DATES) < 0.1
        && column.share_of(|value| value.len() <= 128 && !value.contains(char::is_whitespace))
            >= 0.95
        && !is_handful
        && column.lists == 0
}

/// How often values repeat, in words.
pub fn repeats(column: &Column) -> String {
    let (distinct, filled) = (column.distinct(), column.filled);
    if distinct == filled {
        format!("{} values, none twice", grouped(filled))
    } else {
        format!(
            "{} different values in {} rows",
            grouped(distinct),
            grouped(filled)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::guess::words::words;

    #[test]
    fn keys_of_persons_are_told_from_keys_of_things() {
        let check = |name: &str, code: Option<&str>| {
            assert_eq!(person_code(&words(name)).as_deref(), code, "{name}");
        };
        check("crmId", Some("CRMID"));
        check("crm_id", Some("CRMID"));
        check("customer number", Some("customerId"));
        check("Kunden-Nr", Some("customerId"));
        check("id_client", Some("customerId"));
        check("userid", Some("userId"));
        check("patient_id", Some("patientId"));
        check("order_id", None);
        check("user_order_id", None);
        check("customer", None);
        check("gender", None);
        check("account_id", None);
        assert!(is_bare_key(&words("_id")) && !is_bare_key(&words("user_id")));
        assert!(speaks_of_a_happening(&words("purchaseID")));
        assert!(!speaks_of_a_happening(&words("last_order_id")));
    }
}
