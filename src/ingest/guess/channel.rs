//! Where a dataset comes from, by the words of its name.

use super::words::{has_word, words};

const CHANNELS: [(&str, &[&str]); 8] = [
    ("crm", &["crm"]),
    ("loyalty", &["loyalty", "rewards", "club"]),
    (
        "web",
        &["web", "website", "pageviews", "clicks", "clickstream"],
    ),
    ("mobile", &["app", "mobile", "ios", "android"]),
    (
        "store",
        &["pos", "store", "stores", "offline", "till", "retail"],
    ),
    (
        "email",
        &["email", "emails", "mail", "mailing", "newsletter"],
    ),
    (
        "call-centre",
        &["call", "calls", "callcenter", "callcentre", "support"],
    ),
    ("e-commerce", &["shop", "webshop", "ecommerce"]),
];

/// The channel that a dataset's name speaks of.
pub fn of(dataset: &str) -> Option<String> {
    let words = words(dataset);
    let found = CHANNELS.iter().find(|(_, names)| has_word(&words, names));
    found.map(|(channel, _)| (*channel).to_owned())
}
