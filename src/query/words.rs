//! Words of a query against the texts of a profile.

use super::ast::{Anchor, Word};
use super::eval::{Closeness, Reach};
use super::text::Folded;

/// Whether words of a query look at the attribute at this path: names, e-mail addresses and phone numbers.
pub fn is_searched<K: AsRef<str>>(path: &[K]) -> bool {
    let mut plain = path.iter().rev().map(|key| {
        let letters = key.as_ref().chars().filter(char::is_ascii_alphanumeric);
        letters.collect::<String>().to_ascii_lowercase()
    });
    let (last, parent) = (plain.next().unwrap_or_default(), plain.next());
    let parent = parent.unwrap_or_default();
    let is_name = matches!(
        last.as_str(),
        "firstname"
            | "lastname"
            | "fullname"
            | "middlename"
            | "givenname"
            | "familyname"
            | "surname"
            | "nickname"
            | "displayname"
            | "maidenname"
    );
    // The name of a product or a street is no name of a person.
    let is_own_name =
        last == "name" && matches!(parent.as_str(), "" | "person" | "traits" | "profile");
    let is_reached_by = |key: &str| {
        let ends = [
            "email",
            "mail",
            "phone",
            "mobile",
            "emailaddress",
            "phonenumber",
            "telephone",
        ];
        ends.iter().any(|end| key.ends_with(end))
    };
    let is_inside =
        matches!(last.as_str(), "address" | "number" | "value") && is_reached_by(&parent);
    is_name || is_own_name || parent == "name" || is_reached_by(&last) || is_inside
}

/// How close a word comes to a text, within this reach; `None` where it does not match.
pub fn closeness(word: &Word, text: &Folded, reach: Reach) -> Option<Closeness> {
    match word.anchor {
        Anchor::Whole => whole(word, text),
        Anchor::Start => at_start(&word.letters, text),
        Anchor::End => at_end(&word.letters, text),
        Anchor::Inside => at_start(&word.letters, text)
            .or_else(|| inside(&word.letters, text))
            .or_else(|| (reach >= Reach::Typos).then(|| typo(&word.letters, text))?)
            .or_else(|| {
                (reach >= Reach::Subsequences).then(|| subsequence(&word.letters, text))?
            }),
    }
}

fn whole(word: &Word, text: &Folded) -> Option<Closeness> {
    let tokens: Vec<&str> = text.tokens().collect();
    let mut windows = tokens.windows(word.tokens.len());
    let at = windows.position(|window| window.iter().eq(&word.tokens))?;
    Some(match at {
        0 if tokens.len() == word.tokens.len() => Closeness::ExactValue,
        0 => Closeness::Prefix,
        _ => Closeness::WordStart,
    })
}

fn at_start(letters: &str, text: &Folded) -> Option<Closeness> {
    let all = text.run_together();
    let is_at = |start: &&usize| all.get(**start..).is_some_and(|s| s.starts_with(letters));
    let start = text.starts().iter().find(is_at)?;
    Some(match start {
        0 if all == letters => Closeness::ExactValue,
        0 => Closeness::Prefix,
        _ => Closeness::WordStart,
    })
}

fn at_end(letters: &str, text: &Folded) -> Option<Closeness> {
    let all = text.run_together();
    let ends = text.starts().iter().skip(1).copied().chain([all.len()]);
    let mut before = ends.filter_map(|end| all.get(..end));
    let is_found = before.any(|part| part.ends_with(letters));
    is_found.then_some(if all == letters {
        Closeness::ExactValue
    } else {
        Closeness::Inside
    })
}

fn inside(letters: &str, text: &Folded) -> Option<Closeness> {
    let is_found = text.run_together().contains(letters);
    is_found.then_some(Closeness::Inside)
}

/// A token's start within one typing error from five letters on, within two from nine; digits are never guessed.
fn typo(letters: &str, text: &Folded) -> Option<Closeness> {
    let word: Vec<char> = letters.chars().collect();
    if word.iter().any(char::is_ascii_digit) {
        return None;
    }
    let allowed = match word.len() {
        0..5 => return None,
        5..9 => 1,
        _ => 2,
    };
    let mut tokens = text.tokens();
    let is_near = tokens.any(|token| distance_to_start(&word, token, allowed) <= allowed);
    is_near.then_some(Closeness::Typo)
}

/// The least number of letters to change, add, drop or swap with their neighbour until the word starts the token.
fn distance_to_start(word: &[char], token: &str, allowed: usize) -> usize {
    let token: Vec<char> = token.chars().take(word.len() + allowed).collect();
    if token.len() + allowed < word.len() {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=token.len()).collect();
    let mut letter_before = None;
    for (row, letter) in word.iter().enumerate() {
        let mut now = vec![row + 1];
        for (column, other) in token.iter().enumerate() {
            let of = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX);
            let changed = of(&above, column) + usize::from(letter != other);
            let dropped = of(&above, column + 1) + 1;
            let added = of(&now, column) + 1;
            let mut least = changed.min(dropped).min(added);
            let other_before = column.checked_sub(1).and_then(|c| token.get(c));
            if letter_before == Some(other) && other_before == Some(letter) {
                least = least.min(of(&before, column - 1).saturating_add(1));
            }
            now.push(least);
        }
        letter_before = Some(letter);
        before = std::mem::replace(&mut above, now);
    }
    above.into_iter().min().unwrap_or(usize::MAX)
}

fn subsequence(letters: &str, text: &Folded) -> Option<Closeness> {
    let mut all = text.run_together().chars();
    let is_found = letters
        .chars()
        .all(|letter| all.any(|other| other == letter));
    is_found.then_some(Closeness::Subsequence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_addresses_and_numbers_are_searched() {
        let check = |path: &str, expected: bool| {
            let keys: Vec<_> = path.split('.').collect();
            assert_eq!(is_searched(&keys), expected, "{path}");
        };
        check("person.name.firstName", true);
        check("first_name", true);
        check("personalEmail.address", true);
        check("mobilePhone.number", true);
        check("traits.email", true);
        check("name", true);
        check("product.name", false);
        check("homeAddress.street1", false);
        check("loyalty.tier", false);
        check("orders.number", false);
    }

    #[test]
    fn typing_errors_count_from_five_letters_on() {
        let check = |word: &str, text: &str, expected: bool| {
            let near = typo(word, &Folded::of(text)).is_some();
            assert_eq!(near, expected, "{word} {text}");
        };
        check("martniez", "Ana Martínez", true);
        check("martinz", "Ana Martínez", true);
        check("matrin", "Martinez", true);
        check("marxxn", "Martinez", false);
        check("mxrt", "Martinez", false);
        check("mxrtinxz", "Martinez", false);
        check("mxrtinxzs", "Martinezs", true);
        check("12346", "12345", false);
    }
}
