//! Which letters a text is made of: card numbers and cookies lie apart from names, which are what most words look for.

/// What texts are packed by; a word is only ever inside texts of its own alphabet or a wider one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Alphabet {
    Digits,
    /// Digits and the letters `a` to `f`.
    Hex,
    Any,
}

/// Every alphabet, the narrowest first.
pub(super) const ALPHABETS: [Alphabet; 3] = [Alphabet::Digits, Alphabet::Hex, Alphabet::Any];

impl Alphabet {
    /// The narrowest that a folded text fits.
    pub fn of(text: &[u8]) -> Alphabet {
        let of_byte = |byte: &u8| match byte {
            b'0'..=b'9' => Alphabet::Digits,
            b'a'..=b'f' => Alphabet::Hex,
            _ => Alphabet::Any,
        };
        text.iter().map(of_byte).max().unwrap_or(Alphabet::Digits)
    }

    /// Whether texts of this alphabet can hold these letters.
    pub fn may_hold(self, letters: &[u8]) -> bool {
        self >= Alphabet::of(letters)
    }
}

/// A bit for each letter that occurs in a text; what lacks a bit of a word's holds its letters in no order.
///
/// Letters and digits of ASCII have a bit each; the bytes of other scripts share the rest, so that few texts seem to have them.
pub(super) fn mask(text: &[u8]) -> u64 {
    let bit = |byte: &u8| match byte {
        b'a'..=b'z' => byte - b'a',
        b'0'..=b'9' => 26 + byte - b'0',
        other => 36 + other % 28,
    };
    text.iter().fold(0, |mask, byte| mask | 1 << bit(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_belongs_to_the_narrowest_alphabet() {
        for (text, expected) in [
            ("", Alphabet::Digits),
            ("4366412345", Alphabet::Digits),
            ("00ff12ab", Alphabet::Hex),
            ("dead", Alphabet::Hex),
            ("maya", Alphabet::Any),
            ("12岡", Alphabet::Any),
        ] {
            assert_eq!(Alphabet::of(text.as_bytes()), expected, "{text}");
        }
        let holding = |letters: &str| ALPHABETS.map(|a| a.may_hold(letters.as_bytes()));
        assert_eq!(holding("12"), [true, true, true]);
        assert_eq!(holding("dead"), [false, true, true]);
        assert_eq!(holding("maya"), [false, false, true]);
    }

    #[test]
    fn a_mask_holds_the_masks_of_parts() {
        let (all, part) = (mask("岡部maya19".as_bytes()), mask("m1".as_bytes()));
        assert_eq!(all & part, part);
        assert_ne!(all & mask(b"z"), mask(b"z"));
        let latin = mask(b"abcdefghijklmnopqrstuvwxyz0123456789");
        assert_eq!(latin & mask("岡".as_bytes()), 0);
    }
}
