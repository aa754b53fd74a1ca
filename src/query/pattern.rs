//! What a value or a path must look like: text with `*` for any stretch of it.

use crate::model::Path;

use super::text::fold;

/// A text to match whole, case and accents aside; `*` stands for any stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The stretches between the wildcards, folded; one stretch is a text without any.
    pieces: Vec<String>,
    /// What was written, where it holds no wildcard.
    literal: Option<String>,
}

impl Pattern {
    /// A pattern of the stretches between its wildcards.
    pub(super) fn of(pieces: &[String]) -> Pattern {
        let literal = match pieces {
            [literal] => Some(literal.clone()),
            _ => None,
        };
        Pattern {
            pieces: pieces.iter().map(|piece| fold(piece)).collect(),
            literal,
        }
    }

    /// The text as it was written, where it holds no wildcard.
    pub fn literal(&self) -> Option<&str> {
        self.literal.as_deref()
    }

    /// The folded text that every match begins with; empty where it begins with a wildcard.
    pub fn prefix(&self) -> &str {
        self.pieces.first().map_or("", String::as_str)
    }

    /// Whether a text is such.
    pub fn matches(&self, text: &str) -> bool {
        self.matches_folded(&fold(text))
    }

    /// Whether a text that is folded already is such.
    pub fn matches_folded(&self, text: &str) -> bool {
        let Some((first, rest)) = self.pieces.split_first() else {
            return text.is_empty();
        };
        let Some((last, inner)) = rest.split_last() else {
            return text == first;
        };
        let Some(mut text) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        // The leftmost place of each stretch leaves most to those after it.
        for piece in inner {
            match text.find(piece.as_str()) {
                Some(at) => text = text.get(at + piece.len()..).unwrap_or(""),
                None => return false,
            }
        }
        text.ends_with(last.as_str())
    }
}

/// The end of a path, its keys case aside and with wildcards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern {
    path: Path,
    keys: Vec<Pattern>,
}

impl PathPattern {
    /// The pattern of these keys.
    pub fn of(path: Path) -> PathPattern {
        let pieces = |key: &String| key.split('*').map(String::from).collect::<Vec<_>>();
        let keys = path.0.iter().map(|key| Pattern::of(&pieces(key)));
        PathPattern {
            keys: keys.collect(),
            path,
        }
    }

    /// The path as it was written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a path of these keys ends so, or lies inside one that does: `loyalty` is there where `loyalty.tier` is.
    pub fn holds(&self, keys: &[&str]) -> bool {
        (1..=keys.len()).any(|end| keys.get(..end).is_some_and(|keys| self.ends(keys)))
    }

    /// Whether a path of these keys ends so.
    pub fn ends(&self, keys: &[&str]) -> bool {
        let mut own = keys.iter().rev();
        self.keys.iter().rev().all(|wanted| {
            own.next().is_some_and(|key| match wanted.literal() {
                Some(literal) if literal.eq_ignore_ascii_case(key) => true,
                Some(literal) if literal.is_ascii() && key.is_ascii() => false,
                _ => wanted.matches(key),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_any_stretch() {
        let check = |pattern: &str, text: &str, expected: bool| {
            let pieces: Vec<_> = pattern.split('*').map(String::from).collect();
            assert_eq!(
                Pattern::of(&pieces).matches(text),
                expected,
                "{pattern} {text}"
            );
        };
        check("par*", "Paris", true);
        check("par*", "Spar", false);
        check("*@example.com", "ana@Example.com", true);
        check("*purchase*", "commerce.purchases", true);
        check("a*a", "a", false);
        check("a*a", "aa", true);
        check("a*b*c", "a1b2b3c", true);
        check("*", "", true);
        check("malaga", "Málaga", true);
        check("", "", true);
    }

    #[test]
    fn a_path_matches_by_its_end() {
        let check = |pattern: &str, path: &str, expected: bool| {
            let wanted: Path = pattern.parse().expect("every text is a path");
            let keys: Vec<_> = path.split('.').collect();
            assert_eq!(
                PathPattern::of(wanted).ends(&keys),
                expected,
                "{pattern} {path}"
            );
        };
        check("tier", "loyalty.Tier", true);
        check("loyalty.tier", "tier", false);
        check("tier", "frontier", false);
        check("consents.*.val", "consents.email.val", true);
        check("*tier", "x.frontier", true);
    }
}
