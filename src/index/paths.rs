//! The paths of the values that a segment takes in, each under a number.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// The number of a path among those of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathNo(u32);

/// The paths that were met, in the order in which they were.
#[derive(Default)]
pub struct Paths {
    met: Vec<Met>,
    places: HashTable<PathNo>,
    hasher: DefaultHashBuilder,
}

struct Met {
    keys: Vec<String>,
    is_searched: bool,
}

impl Paths {
    /// The number of the path of these keys, and whether words look at what it holds.
    pub fn number(&mut self, keys: &[&str]) -> (PathNo, bool) {
        let hash = self.hasher.hash_one(keys);
        let met = &self.met;
        let is_it = |no: &PathNo| met.get(no.place()).is_some_and(|met| met.keys == keys);
        if let Some(no) = self.places.find(hash, is_it) {
            let is_searched = met.get(no.place()).is_some_and(|met| met.is_searched);
            return (*no, is_searched);
        }
        let no = PathNo(self.met.len() as u32);
        let is_searched = crate::query::is_searched(keys);
        self.met.push(Met {
            keys: keys.iter().map(ToString::to_string).collect(),
            is_searched,
        });
        let (met, hasher) = (&self.met, &self.hasher);
        let rehash = |no: &PathNo| {
            let keys: Vec<&str> = met.get(no.place()).map_or(Vec::new(), Met::keys);
            hasher.hash_one(keys.as_slice())
        };
        self.places.insert_unique(hash, no, rehash);
        (no, is_searched)
    }

    /// The keys of the paths, in the order of their numbers.
    pub(super) fn into_keys(self) -> impl Iterator<Item = Vec<String>> {
        self.met.into_iter().map(|met| met.keys)
    }
}

impl Met {
    fn keys(&self) -> Vec<&str> {
        self.keys.iter().map(String::as_str).collect()
    }
}

impl PathNo {
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_its_number() {
        let mut paths = Paths::default();
        let mut number = |keys: &[&str]| {
            let (no, is_searched) = paths.number(keys);
            (no.place(), is_searched)
        };
        assert_eq!(number(&["person", "name", "firstName"]), (0, true));
        assert_eq!(number(&["person", "name"]), (1, true));
        assert_eq!(number(&["personname"]), (2, false));
        assert_eq!(number(&["person", "name", "firstName"]), (0, true));
        for n in 0..100 {
            number(&[&n.to_string()]);
        }
        assert_eq!(number(&["99"]), (102, false));
        assert_eq!(paths.into_keys().count(), 103);
    }
}
