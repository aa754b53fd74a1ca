//! Words of a query against the texts of a profile.

use memchr::memmem::Finder;

use super::ast::{Anchor, Word};
use super::eval::{Closeness, Reach};
use super::text::{Folded, signature};

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
    Sought::new(word, reach).closeness(text)
}

/// A word made ready to be looked for in many texts.
#[derive(Debug)]
pub struct Sought<'w> {
    word: &'w Word,
    reach: Reach,
    signature: u64,
    letters: Finder<'w>,
    /// Its letters, where it may be written with typing errors, and how many.
    misspelt: Option<(Vec<char>, usize)>,
}

impl<'w> Sought<'w> {
    /// A word to be looked for within this reach.
    pub fn new(word: &'w Word, reach: Reach) -> Sought<'w> {
        let may_be_misspelt = reach >= Reach::Typos && word.anchor == Anchor::Inside;
        Sought {
            word,
            reach,
            signature: signature(&word.letters),
            letters: Finder::new(&word.letters),
            misspelt: misspelt(&word.letters).filter(|_| may_be_misspelt),
        }
    }

    /// How close the word comes to a text; `None` where it does not match.
    pub fn closeness(&self, text: &Folded) -> Option<Closeness> {
        let missing = (self.signature & !text.signature()).count_ones() as usize;
        if missing > 0 {
            return self.typo(text, missing);
        }
        let letters = &self.word.letters;
        // Wherever the word must stand, its letters stand there run together.
        if self.letters.find(text.run_together().as_bytes()).is_some() {
            return match self.word.anchor {
                Anchor::Whole => whole(self.word, text),
                Anchor::Start => at_start(letters, text),
                Anchor::End => at_end(letters, text),
                Anchor::Inside => at_start(letters, text).or(Some(Closeness::Inside)),
            };
        }
        if self.word.anchor != Anchor::Inside {
            return None;
        }
        self.typo(text, missing)
            .or_else(|| (self.reach >= Reach::Subsequences).then(|| subsequence(letters, text))?)
    }

    /// A token's start within the typing errors that are allowed; each of them can hide one letter at most.
    fn typo(&self, text: &Folded, missing: usize) -> Option<Closeness> {
        let (word, allowed) = self.misspelt.as_ref()?;
        if missing > *allowed {
            return None;
        }
        let mut tokens = text.tokens();
        let is_near = tokens.any(|token| {
            token.len() + allowed >= word.len()
                && self.lacks(token, word.len() + allowed) <= *allowed
                && distance_to_start(word, token, *allowed) <= *allowed
        });
        is_near.then_some(Closeness::Typo)
    }

    /// How many of the word's letters, told apart as well as a signature can, the beginning of a token lacks.
    fn lacks(&self, token: &str, beginning: usize) -> usize {
        let mut places = token.char_indices();
        let end = places.nth(beginning).map_or(token.len(), |(at, _)| at);
        let has = signature(token.get(..end).unwrap_or(token));
        (self.signature & !has).count_ones() as usize
    }
}

/// A word's letters and how many typing errors it may have: one from five letters on, two from nine; digits are never guessed.
pub fn misspelt(letters: &str) -> Option<(Vec<char>, usize)> {
    let word: Vec<char> = letters.chars().collect();
    if word.iter().any(char::is_ascii_digit) {
        return None;
    }
    match word.len() {
        0..5 => None,
        5..9 => Some((word, 1)),
        _ => Some((word, 2)),
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
    use proptest::prelude::*;

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

    fn word(letters: &str, anchor: Anchor) -> Word {
        let folded = Folded::of(letters);
        Word {
            letters: folded.run_together().to_owned(),
            tokens: folded.tokens().map(String::from).collect(),
            anchor,
        }
    }

    #[test]
    fn typing_errors_count_from_five_letters_on() {
        let check = |letters: &str, text: &str, expected: bool| {
            let word = word(letters, Anchor::Inside);
            let near = closeness(&word, &Folded::of(text), Reach::Typos).is_some();
            assert_eq!(near, expected, "{letters} {text}");
        };
        check("martniez", "Ana Martínez", true);
        check("martinz", "Ana Martínez", true);
        check("matrin", "Martinez", true);
        check("marxxn", "Martinez", false);
        check("mxrt", "Martinez", false);
        check("mxrtinxz", "Martinez", false);
        check("mxrtinxzs", "Martinezs", true);
        check("12346", "12345", false);
        check("岡部岡部岡", "岡部岡部山", true);
    }

    /// The same without any short cut: every place and every token is tried.
    fn slow(word: &Word, text: &Folded, reach: Reach) -> Option<Closeness> {
        let letters = &word.letters;
        match word.anchor {
            Anchor::Whole => return whole(word, text),
            Anchor::Start => return at_start(letters, text),
            Anchor::End => return at_end(letters, text),
            Anchor::Inside => {}
        }
        let is_misspelt = |token: &str| {
            misspelt(letters)
                .is_some_and(|(word, allowed)| distance_to_start(&word, token, allowed) <= allowed)
        };
        if let Some(near) = at_start(letters, text) {
            Some(near)
        } else if text.run_together().contains(letters.as_str()) {
            Some(Closeness::Inside)
        } else if reach >= Reach::Typos && text.tokens().any(is_misspelt) {
            Some(Closeness::Typo)
        } else if reach >= Reach::Subsequences {
            subsequence(letters, text)
        } else {
            None
        }
    }

    proptest! {
        #[test]
        fn short_cuts_change_nothing(
            letters in "[ab\\-Eé]{1,10}|[abc]{5,6}|[a-f]{9,10}",
            text in "[abcde ÉE.ß\u{202e}]{0,14}",
            anchor in 0..4_usize,
        ) {
            let anchor = [Anchor::Inside, Anchor::Start, Anchor::End, Anchor::Whole][anchor];
            let (word, text) = (word(&letters, anchor), Folded::of(&text));
            prop_assume!(!word.letters.is_empty());
            for reach in [Reach::Exact, Reach::Typos, Reach::Subsequences] {
                let expected = slow(&word, &text, reach);
                prop_assert_eq!(closeness(&word, &text, reach), expected);
            }
        }
    }
}
