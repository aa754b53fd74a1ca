//! The words of a column's name, and tables of names that say what a column is.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a name, in small letters without accents: `customerFirst_Name` is `customer first name`.
pub fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut last = Kind::Other;
    let letters: Vec<char> = name.chars().take(LONGEST_NAME).collect();
    for (place, letter) in letters.iter().enumerate() {
        let kind = Kind::of(*letter);
        let ends_shout = last == Kind::Upper
            && kind == Kind::Upper
            && letters
                .get(place + 1)
                .is_some_and(|next| Kind::of(*next) == Kind::Lower);
        let is_turn = match (last, kind) {
            (Kind::Lower | Kind::Digit, Kind::Upper)
            | (Kind::Lower | Kind::Upper, Kind::Digit)
            | (Kind::Digit, Kind::Lower) => true,
            _ => ends_shout,
        };
        let is_new = is_turn || kind == Kind::Other;
        if is_new {
            words.push(String::new());
        }
        if kind != Kind::Other
            && let Some(word) = words.last_mut()
        {
            word.extend(
                letter
                    .nfkd()
                    .filter(|mark| !is_combining_mark(*mark))
                    .flat_map(char::to_lowercase),
            );
        }
        last = kind;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What is longer names nothing.
const LONGEST_NAME: usize = 128;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Upper,
    Lower,
    Digit,
    Other,
}

impl Kind {
    fn of(letter: char) -> Kind {
        match letter {
            _ if letter.is_uppercase() => Kind::Upper,
            _ if letter.is_alphabetic() => Kind::Lower,
            _ if letter.is_numeric() => Kind::Digit,
            _ => Kind::Other,
        }
    }
}

/// Words that may stand before a name without changing what it says of a person.
const ABOUT_THE_PERSON: [&str; 29] = [
    "customer",
    "cust",
    "client",
    "user",
    "contact",
    "person",
    "member",
    "guest",
    "shopper",
    "buyer",
    "profile",
    "primary",
    "main",
    "default",
    "preferred",
    "personal",
    "private",
    "home",
    "billing",
    "shipping",
    "delivery",
    "address",
    "addr",
    "mailing",
    "kunde",
    "kunden",
    "cliente",
    "name",
    "crm",
];

/// Words that say that a column speaks of somebody else than the row's own person.
const SOMEBODY_ELSE: [&str; 24] = [
    "manager",
    "referrer",
    "referred",
    "referral",
    "agent",
    "sales",
    "rep",
    "owner",
    "assigned",
    "assignee",
    "created",
    "updated",
    "modified",
    "by",
    "parent",
    "sender",
    "support",
    "emergency",
    "company",
    "store",
    "shop",
    "admin",
    "partner",
    "seller",
];

/// Whether a name is one of these, perhaps with a word before it that changes nothing.
pub fn is_one_of(words: &[String], names: &[&str]) -> bool {
    (0..words.len()).any(|start| {
        let (before, rest) = words.split_at(start);
        names.contains(&rest.concat().as_str()) && before.iter().all(|word| is_about_person(word))
    })
}

fn is_about_person(word: &str) -> bool {
    ABOUT_THE_PERSON.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a name has one of these words.
pub fn has_word(words: &[String], wanted: &[&str]) -> bool {
    words.iter().any(|word| wanted.contains(&word.as_str()))
}

/// The word that says that somebody else is meant.
pub fn somebody_else(words: &[String]) -> Option<&str> {
    let found = words
        .iter()
        .find(|word| SOMEBODY_ELSE.contains(&word.as_str()));
    found.map(String::as_str)
}

/// Words as a code: `twitter id` is `twitterId`.
pub fn camel(words: &[String]) -> String {
    let mut code = String::new();
    for (place, word) in words.iter().enumerate() {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if place > 0 => code.extend(first.to_uppercase()),
            first => code.extend(first),
        }
        code.push_str(letters.as_str());
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parted_into_words() {
        let check =
            |name: &str, expected: &str| assert_eq!(words(name).join(" "), expected, "{name}");
        check("crm_id", "crm id");
        check("crmId", "crm id");
        check("UCI ID", "uci id");
        check("CRMID", "crmid");
        check("purchaseID", "purchase id");
        check("HTMLPage", "html page");
        check("email2", "email 2");
        check("Prénom", "prenom");
        check("_id", "id");
        check("", "");
    }

    #[test]
    fn a_word_about_the_person_changes_no_name() {
        let check = |name: &str, names: &[&str], expected: bool| {
            assert_eq!(is_one_of(&words(name), names), expected, "{name}");
        };
        check("First Name", &["firstname"], true);
        check("customer_first_name", &["firstname"], true);
        check("product_name", &["name"], false);
        check("billing-city", &["city"], true);
        assert_eq!(somebody_else(&words("referrer_email")), Some("referrer"));
        assert_eq!(camel(&words("Twitter Id")), "twitterId");
    }
}
