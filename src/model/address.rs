//! The address of a screen: the text of its breadcrumb, `onefold › graph › CRMID:C-1`, which opens it again.

use std::fmt;
use std::str::FromStr;

use super::display::{is_unprintable, printable};
use super::{Identity, Place, Route, json};

/// What an address begins with, though it may be left out.
const HOUSE: &str = "onefold";

/// The signs that stand between two parts, with blanks around them.
const SIGNS: [char; 2] = ['›', '>'];

/// Letters of a part that an error repeats.
const SHORT: usize = 60;

/// A route, and what is looked at there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The screen.
    pub route: Route,
    /// What the screen calls its place within: a query, a path, a moment, an identity, the name of a policy.
    pub within: Option<String>,
}

impl Address {
    /// The parts of the breadcrumb: identities, never names. A part that would not be read back as it stands is quoted.
    pub fn parts(&self) -> Vec<String> {
        let place = self.route.place();
        let mut parts = vec![HOUSE.to_owned(), place.word()];
        let subject = self.route.subject().map(Identity::to_string);
        parts.extend(subject.map(quoted));
        let within = self.within.clone();
        parts.extend(within.map(|within| {
            if is_typed(place) {
                within
            } else {
                quoted(within)
            }
        }));
        parts
    }
}

impl From<Route> for Address {
    fn from(route: Route) -> Address {
        Address {
            route,
            within: None,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts().join(" › "))
    }
}

impl FromStr for Address {
    type Err = String;

    /// Reads an identity alone, which is the address of its profile, or a breadcrumb; the sign between two parts may be `>`.
    fn from_str(text: &str) -> Result<Address, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err(format!("the address is empty; {}", what_to_write()));
        }
        let body = match cut(text) {
            (HOUSE, "") => return Ok(Address::default()),
            (HOUSE, body) => body,
            _ => text,
        };
        let (word, rest) = cut(body);
        match Place::named(word) {
            Some(place) if place.is_about_somebody() => about_somebody(place, rest),
            Some(place) => {
                let route = Route::to(place, None).unwrap_or_default();
                let within = within(place, rest);
                Ok(Address { route, within })
            }
            None => whole(body).map(|identity| Route::Profile(identity).into()),
        }
    }
}

/// An address at a place that is about one profile, by what follows the place.
fn about_somebody(place: Place, rest: &str) -> Result<Address, String> {
    let shape = format!("{HOUSE} › {} › NAMESPACE:VALUE", place.word());
    if rest.is_empty() {
        return Err(format!(
            "the {} is about one profile, and the address names nobody; write `{shape}`",
            place.word()
        ));
    }
    let (name, rest) = first(rest);
    let subject: Option<Identity> = name.parse().ok();
    let route = subject.and_then(|subject| Route::to(place, Some(&subject)));
    let route = route.ok_or_else(|| {
        format!(
            "`{}`, behind `{}`, is no identity; write `{shape}`",
            brief(&name),
            place.word()
        )
    })?;
    let within = within(place, rest);
    Ok(Address { route, within })
}

/// An identity that is all there is; no code of a namespace holds what parts.
fn whole(text: &str) -> Result<Identity, String> {
    let name = unquoted(text).or_else(|| {
        let begin: Result<Identity, _> = cut(text).0.parse();
        begin.is_ok().then(|| text.to_owned())
    });
    name.unwrap_or_default().parse().map_err(|_| {
        format!(
            "`{}` is neither an identity nor a place; {}",
            brief(cut(text).0),
            what_to_write()
        )
    })
}

fn what_to_write() -> String {
    let places: Vec<String> = Place::ALL.into_iter().map(Place::word).collect();
    format!(
        "write NAMESPACE:VALUE, or a breadcrumb such as `{HOUSE} › graph › NAMESPACE:VALUE`; the places are {}",
        places.join(", ")
    )
}

/// What is looked at, as the rest of an address says it.
fn within(place: Place, rest: &str) -> Option<String> {
    match unquoted(rest) {
        Some(text) if !is_typed(place) => Some(text),
        _ => Some(rest.to_owned()).filter(|rest| !rest.is_empty()),
    }
}

/// Whether the rest of its addresses is the text of a box, which stands as it is: it may hold signs and quotes of its own.
fn is_typed(place: Place) -> bool {
    matches!(place, Place::Search | Place::Import)
}

/// The first part and the rest, without the sign and the blanks between them.
fn cut(text: &str) -> (&str, &str) {
    for (at, sign) in text.match_indices(SIGNS) {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + sign.len()..).unwrap_or_default();
        let is_parted = (before.is_empty() || before.ends_with(char::is_whitespace))
            && (after.is_empty() || after.starts_with(char::is_whitespace));
        if is_parted {
            return (before.trim(), after.trim());
        }
    }
    (text.trim(), "")
}

/// As [`cut`], where the first part may be quoted.
fn first(text: &str) -> (String, &str) {
    let mut texts = serde_json::Deserializer::from_str(text).into_iter::<String>();
    if text.starts_with('"')
        && let Some(Ok(part)) = texts.next()
        && let Some(after) = text.get(texts.byte_offset()..)
        && let ("", rest) = cut(after)
    {
        return (part, rest);
    }
    let (part, rest) = cut(text);
    (part.to_owned(), rest)
}

/// The text inside the quotes, where the whole is quoted.
fn unquoted(text: &str) -> Option<String> {
    serde_json::from_str(text).ok()
}

/// The text as a part: in the quotes of JSON where it holds what parts, quotes or vanishes.
fn quoted(text: String) -> String {
    let is_plain = !text.is_empty()
        && text.trim() == text
        && !text.starts_with('"')
        && cut(&text) == (&text, "")
        && !text.contains(is_unprintable);
    if is_plain {
        return text;
    }
    json::flat(&serde_json::Value::from(text).to_string())
}

/// The text on a line, harmless and short.
fn brief(text: &str) -> String {
    let mut short: String = text.chars().take(SHORT).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    printable(&short).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(place: Place, value: &str, within: &str) -> Address {
        Address {
            route: Route::to(place, Some(&Identity::new("CRMID", value))).expect("a route"),
            within: Some(within.to_owned()).filter(|within| !within.is_empty()),
        }
    }

    #[test]
    fn an_address_is_an_identity_or_a_breadcrumb() {
        let check =
            |text: &str, expected: Address| assert_eq!(text.parse(), Ok(expected), "{text}");
        let graph = || at(Place::Graph, "C-1", "");
        check("CRMID:C-1", at(Place::Profile, "C-1", ""));
        check("onefold › CRMID:C-1", at(Place::Profile, "C-1", ""));
        check("onefold › graph › CRMID:C-1", graph());
        check("  onefold ›  graph › CRMID:C-1 \n", graph());
        check("onefold > graph > CRMID:C-1", graph());
        check("graph › CRMID:C-1", graph());
        check("Graph > CRMID:C-1", graph());
        check(r#"graph > "CRMID:C-1""#, graph());
        check(
            "onefold › graph › CRMID:C-1 › Email:a@b.c",
            at(Place::Graph, "C-1", "Email:a@b.c"),
        );
        check(
            r#"graph › "CRMID:a › b" › "Email:c > d""#,
            at(Place::Graph, "a › b", "Email:c > d"),
        );
        check(r#""CRMID:C-1 ""#, at(Place::Profile, "C-1 ", ""));
        check("CRMID:a>b›c", at(Place::Profile, "a>b›c", ""));
        check(
            "timeline › CRMID:C-1 › 2026-11-18 21:40:07Z",
            at(Place::Timeline, "C-1", "2026-11-18 21:40:07Z"),
        );
        check("onefold", Address::default());
        check("onefold ›", Address::default());
        check("search", Address::default());
        check("search › \"a b\" › c", at(Place::Search, "", "\"a b\" › c"));
        check("search > \"a b\"", at(Place::Search, "", "\"a b\""));
        check("import › ./a > b.csv", at(Place::Import, "", "./a > b.csv"));
        check("policies › CRM first", at(Place::Policies, "", "CRM first"));
        check("overview", at(Place::Overview, "", ""));
        check(
            "onefold:C-1",
            Route::Profile(Identity::new("onefold", "C-1")).into(),
        );
        check(
            "graph:C-1",
            Route::Profile(Identity::new("graph", "C-1")).into(),
        );
    }

    #[test]
    fn what_is_no_address_is_said_with_what_to_write() {
        let check = |text: &str, expected: &str| {
            let said = text.parse::<Address>().expect_err(text);
            assert!(said.contains(expected), "{text}: {said}");
            assert!(said.chars().count() < 400, "{said}");
            assert!(!said.contains(is_unprintable), "{said}");
        };
        check("", "the address is empty; write NAMESPACE:VALUE");
        check("nonsense", "`nonsense` is neither an identity nor a place");
        check(
            "nonsense",
            "the places are search, profile, graph, timeline, ",
        );
        check("onefold › home › CRMID:C-1", "`home` is neither");
        check(
            "onefold › graph",
            "write `onefold › graph › NAMESPACE:VALUE`",
        );
        check("timeline > ", "the timeline is about one profile");
        check(
            "graph › Maya Okafor",
            "`Maya Okafor`, behind `graph`, is no identity",
        );
        check(
            "profile › CRMID:",
            "`CRMID:`, behind `profile`, is no identity",
        );
        check("CRMID:", "`CRMID:` is neither");
        check("\u{1b}[2J\u{202e}\n", "`^[[2J<U+202E>` is neither");
        check(&"x".repeat(10_000_000), "xx…` is neither");
        check(&" › ".repeat(1_000_000), "`` is neither");
        check(&"\"[".repeat(1_000_000), "is neither");
    }

    fn places() -> impl Strategy<Value = Place> {
        prop::sample::select(Place::ALL.to_vec())
    }

    /// Texts in which what parts and quotes is frequent.
    fn texts() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop_oneof![
                Just(" › ".to_owned()),
                Just(" > ".to_owned()),
                Just("\"".to_owned()),
                Just(" ".to_owned()),
                Just("\u{202e}".to_owned()),
                any::<char>().prop_map(String::from),
                "[a-z:\\\\]{1,4}",
            ],
            0..6,
        )
        .prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn every_address_reads_what_it_writes(
            place in places(),
            value in texts().prop_filter("a value", |value| !value.is_empty()),
            within in prop::option::of(texts()),
        ) {
            let typed = within.clone().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
            let within = if is_typed(place) { typed } else { within };
            let route = Route::to(place, Some(&Identity::new("CRMID", value))).expect("a route");
            let address = Address { route, within };
            let text = address.to_string();
            prop_assert_eq!(text.parse(), Ok(address.clone()), "{}", text);
            let plain = text.replacen(" › ", " > ", 2);
            prop_assert_eq!(plain.strip_prefix("onefold > ").unwrap_or_default().parse(), Ok(address));
        }

        #[test]
        fn no_text_is_too_much(text in any::<String>(), parts in texts()) {
            let _ = text.parse::<Address>();
            let _ = format!("onefold › graph › {parts}").parse::<Address>();
        }
    }
}
