//! How text is folded and split, for queries and for what they search alike.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text without regard to case, accents and width: `Ｍaría` and `maria` fold alike.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)) {
        for lower in letter.to_lowercase() {
            match unaccented(lower) {
                Some(plain) => folded.push_str(plain),
                None if is_combining_mark(lower) => {}
                None => folded.push(lower),
            }
        }
    }
    folded
}

/// Letters that people write without their stroke or ligature, though Unicode does not take them apart.
fn unaccented(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

/// A text folded and split into tokens at blanks and punctuation, its tokens run together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    letters: String,
    starts: Vec<usize>,
    /// The letters that occur, each as one of 64 bits.
    signature: u64,
}

impl Folded {
    /// Folds and splits a text.
    pub fn of(text: &str) -> Folded {
        let mut folded = Folded::default();
        folded.refill(text);
        folded
    }

    /// Folds and splits another text in the place of this one.
    pub fn refill(&mut self, text: &str) {
        self.letters.clear();
        self.starts.clear();
        self.signature = 0;
        if text.is_ascii() {
            self.fill(
                text.bytes()
                    .map(|byte| char::from(byte.to_ascii_lowercase())),
            );
        } else {
            self.fill(fold(text).chars());
        }
    }

    fn fill(&mut self, letters: impl Iterator<Item = char>) {
        let mut is_inside = false;
        for letter in letters {
            if is_silent(letter) {
                continue;
            }
            if is_separator(letter) {
                is_inside = false;
                continue;
            }
            if !is_inside {
                self.starts.push(self.letters.len());
                is_inside = true;
            }
            self.letters.push(letter);
            self.signature |= bit(letter);
        }
    }

    /// The letters that occur, each as one of 64 bits: what lacks a bit of a word's does not contain the word.
    pub fn signature(&self) -> u64 {
        self.signature
    }

    /// All tokens run together: a phone number's digits, an address without its signs.
    pub fn run_together(&self) -> &str {
        &self.letters
    }

    /// The tokens, in order.
    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        let ends = self.starts.iter().skip(1).copied();
        let ends = ends.chain([self.letters.len()]);
        let bounds = self.starts.iter().copied().zip(ends);
        bounds.filter_map(|(start, end)| self.letters.get(start..end))
    }

    /// Where tokens start in the text run together, in bytes.
    pub fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// Whether no letter or digit is left.
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }
}

/// The bits of a text's letters, as [`Folded::signature`] gives them.
pub(super) fn signature(letters: &str) -> u64 {
    letters.chars().fold(0, |bits, letter| bits | bit(letter))
}

fn bit(letter: char) -> u64 {
    1 << (u32::from(letter) & 63)
}

/// What parts tokens: blanks, control characters and punctuation; signs such as emoji are letters of their own.
fn is_separator(letter: char) -> bool {
    match letter {
        '\0'..='/' | ':'..='@' | '['..='`' | '{'..='\u{9f}' => true,
        '\u{a0}'..='\u{bf}' => !letter.is_alphanumeric(),
        _ => {
            letter.is_whitespace()
                || matches!(letter, '×' | '÷' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}')
        }
    }
}

/// Marks that nobody sees: joiners, directions, byte order.
fn is_silent(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_drops_case_accents_and_width() {
        for (text, expected) in [
            ("Ana MARÍA", "ana maria"),
            ("Søren Łukasz Straße", "soren lukasz strasse"),
            ("ＡＢＣ１２３", "abc123"),
            ("İstanbul ı", "istanbul i"),
            ("a\u{301}e\u{308}", "ae"),
            ("ﬁn", "fin"),
            ("", ""),
        ] {
            assert_eq!(fold(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_folded_stays_when_folded_again() {
        for letter in '\0'..=char::MAX {
            let once = fold(&letter.to_string());
            assert_eq!(fold(&once), once, "{letter:?}");
        }
    }

    #[test]
    fn texts_split_at_blanks_and_punctuation() {
        for (text, tokens, run_together) in [
            ("Ana  Martínez", vec!["ana", "martinez"], "anamartinez"),
            (
                "+43 (664) 123-45",
                vec!["43", "664", "123", "45"],
                "4366412345",
            ),
            (
                "sophie.leroy@x.com",
                vec!["sophie", "leroy", "x", "com"],
                "sophieleroyxcom",
            ),
            ("a\u{202e}b\u{0}c", vec!["ab", "c"], "abc"),
            ("🙂 ok", vec!["🙂", "ok"], "🙂ok"),
            ("--", vec![], ""),
        ] {
            let folded = Folded::of(text);
            assert_eq!(folded.tokens().collect::<Vec<_>>(), tokens, "{text}");
            assert_eq!(folded.run_together(), run_together, "{text}");
        }
    }
}
