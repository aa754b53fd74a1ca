//! A path to a value inside an object: keys from the outside in.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// The keys that lead to a value, outermost first; written with dots, a dot inside a key as `\.`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(pub Vec<String>);

impl Path {
    /// The empty path: the object itself.
    pub fn root() -> Path {
        Path(Vec::new())
    }

    /// The path one key further in.
    #[must_use]
    pub fn child(&self, key: &str) -> Path {
        let mut keys = self.0.clone();
        keys.push(key.to_owned());
        Path(keys)
    }

    /// The path with another one behind it.
    #[must_use]
    pub fn join(&self, other: &Path) -> Path {
        Path(self.0.iter().chain(&other.0).cloned().collect())
    }

    /// The keys, outermost first.
    pub fn keys(&self) -> &[String] {
        &self.0
    }

    /// The JSON pointer of RFC 6901, such as `/person/name/firstName`.
    pub fn pointer(&self) -> String {
        self.0.iter().fold(String::new(), |mut pointer, key| {
            pointer.push('/');
            pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            pointer
        })
    }

    /// Whether the last keys of this path are those of `other`, without regard to case: `tier` ends `loyalty.tier`.
    pub fn ends_with(&self, other: &Path) -> bool {
        let mut own = self.0.iter().rev();
        other
            .0
            .iter()
            .rev()
            .all(|key| own.next().is_some_and(|k| k.eq_ignore_ascii_case(key)))
    }

    /// Whether this path leads through `other` or is it.
    pub fn starts_with(&self, other: &Path) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, key) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            f.write_str(&key.replace('\\', "\\\\").replace('.', "\\."))?;
        }
        Ok(())
    }
}

impl FromStr for Path {
    type Err = std::convert::Infallible;

    /// Splits at dots; `\.` is a dot inside a key, `\\` a backslash.
    fn from_str(text: &str) -> Result<Path, Self::Err> {
        let mut keys = vec![String::new()];
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '.' => keys.push(String::new()),
                '\\' => push_last(&mut keys, letters.next().unwrap_or('\\')),
                _ => push_last(&mut keys, letter),
            }
        }
        if text.is_empty() {
            keys.clear();
        }
        Ok(Path(keys))
    }
}

fn push_last(keys: &mut [String], letter: char) {
    if let Some(last) = keys.last_mut() {
        last.push(letter);
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Path {
        text.parse().expect("every text is a path")
    }

    #[test]
    fn a_path_reads_what_it_writes() {
        for (text, keys) in [
            ("person.name", vec!["person", "name"]),
            (r"a\.b.c", vec!["a.b", "c"]),
            (r"a\\.b", vec![r"a\", "b"]),
            ("", vec![]),
        ] {
            assert_eq!(path(text).0, keys, "{text}");
            assert_eq!(path(text).to_string(), text);
        }
    }

    #[test]
    fn a_pointer_escapes_its_own_signs() {
        assert_eq!(path("a/b.~c").pointer(), "/a~1b/~0c");
        assert_eq!(Path::root().pointer(), "");
    }

    #[test]
    fn the_last_keys_are_enough() {
        assert!(path("loyalty.tier").ends_with(&path("Tier")));
        assert!(path("loyalty.tier").ends_with(&path("loyalty.tier")));
        assert!(!path("tier").ends_with(&path("loyalty.tier")));
        assert!(!path("loyalty.frontier").ends_with(&path("tier")));
    }
}
