//! A set of documents of one segment, a bit for each.

/// The number of a document in its segment; smaller ones stand higher in lists.
pub type Doc = u32;

/// A set of documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    words: Vec<u64>,
    len: u32,
}

impl Docs {
    /// No document of a segment of so many.
    pub fn none(len: u32) -> Docs {
        Docs {
            words: vec![0; len.div_ceil(64) as usize],
            len,
        }
    }

    /// Every document of a segment of so many.
    pub fn all(len: u32) -> Docs {
        let mut docs = Docs {
            words: vec![u64::MAX; len.div_ceil(64) as usize],
            len,
        };
        docs.trim();
        docs
    }

    /// No bit stands beyond the last document.
    fn trim(&mut self) {
        let rest = self.len % 64;
        if rest > 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << rest) - 1;
        }
    }

    /// How many documents the segment has.
    pub fn of(&self) -> u32 {
        self.len
    }

    /// Adds a document.
    pub fn insert(&mut self, doc: Doc) {
        if let Some(word) = self.words.get_mut((doc / 64) as usize) {
            *word |= 1 << (doc % 64);
        }
    }

    /// Takes a document out.
    pub fn remove(&mut self, doc: Doc) {
        if let Some(word) = self.words.get_mut((doc / 64) as usize) {
            *word &= !(1 << (doc % 64));
        }
    }

    /// Whether a document is in.
    pub fn contains(&self, doc: Doc) -> bool {
        let word = self.words.get((doc / 64) as usize);
        word.is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }

    /// How many are in.
    pub fn count(&self) -> u64 {
        self.words.iter().map(|w| u64::from(w.count_ones())).sum()
    }

    /// Whether none is in.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Adds the documents of another set.
    pub fn add(&mut self, other: &Docs) {
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own |= other;
        }
    }

    /// Keeps what is in another set too.
    pub fn keep(&mut self, other: &Docs) {
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own &= other;
        }
    }

    /// Takes the documents of another set out.
    pub fn drop(&mut self, other: &Docs) {
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own &= !other;
        }
    }

    /// Every other document.
    #[must_use]
    pub fn others(&self) -> Docs {
        let mut docs = Docs {
            words: self.words.iter().map(|word| !word).collect(),
            len: self.len,
        };
        docs.trim();
        docs
    }

    /// The documents, in their order.
    pub fn iter(&self) -> impl Iterator<Item = Doc> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let bit = left.trailing_zeros();
                left &= left - 1;
                Some(at as u32 * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_join_part_and_turn_round() {
        let of = |docs: &[Doc]| {
            let mut set = Docs::none(130);
            for doc in docs {
                set.insert(*doc);
            }
            set
        };
        let (a, b) = (of(&[0, 63, 64, 129]), of(&[63, 100]));
        let check = |change: fn(&mut Docs, &Docs), expected: &[Doc]| {
            let mut set = a.clone();
            change(&mut set, &b);
            assert_eq!(set.iter().collect::<Vec<_>>(), expected);
            assert_eq!(set.count(), expected.len() as u64);
        };
        check(Docs::add, &[0, 63, 64, 100, 129]);
        check(Docs::keep, &[63]);
        check(Docs::drop, &[0, 64, 129]);
        assert_eq!(a.others().count(), 126);
        assert_eq!(Docs::all(130).others(), Docs::none(130));
        assert!(a.contains(129) && !a.contains(128) && !a.contains(500));
    }
}
