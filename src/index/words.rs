//! Words of a query against the texts of a segment.

use memchr::memmem::Finder;

use super::alphabet::{ALPHABETS, Alphabet, mask};
use super::docs::{Doc, Docs};
use super::matches::Matches;
use super::segment::Segment;
use super::standing::{Gathered, Unsure};
use super::texts::{Enough, Place, Start, Starts, TextKind, Texts};
use super::typos::Misspelt;
use super::{Effort, IndexError, Lens};
use crate::query::ast::{Anchor, Side, Word};
use crate::query::{Closeness, Reach, misspelt};

/// Of fewer documents than one in so many, each is looked at by itself.
const FEW: u64 = 16;

/// Bytes of a word that stands in so many documents that each is looked at by itself.
const SHORT: usize = 2;

/// Documents between two looks at whether the answer is still wanted.
const STRETCH: u32 = 16_384;

/// The texts of a segment, to be searched for words.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub segment: &'a Segment,
    pub lens: &'a Lens<'a>,
    pub unsure: Option<Unsure<'a>>,
    /// The only documents that matter, where others are out already.
    pub within: Option<&'a Docs>,
    pub effort: Effort,
}

impl<'a> Words<'a> {
    /// The documents with a text that the word matches.
    pub fn matches(&self, word: &Word, reach: Reach) -> Result<Matches, IndexError> {
        let mut found = Gathered::new(self.segment.len(), self.unsure);
        for alphabet in ALPHABETS {
            if alphabet.may_hold(word.letters.as_bytes()) {
                self.shelf(alphabet)?.matches(word, reach, &mut found)?;
            } else if is_inside(word) && reach >= Reach::Typos && self.effort == Effort::Full {
                self.misspelt(alphabet, word, &mut found)?;
            }
        }
        Ok(found.matches())
    }

    fn shelf(&self, alphabet: Alphabet) -> Result<Shelf<'a>, IndexError> {
        let (texts, starts) = self.segment.words(alphabet)?;
        Ok(Shelf {
            texts,
            starts,
            words: *self,
        })
    }

    /// A typing error can take a word out of its alphabet, as long as there are no more such letters than errors.
    fn misspelt(
        &self,
        alphabet: Alphabet,
        word: &Word,
        found: &mut Gathered<'_>,
    ) -> Result<(), IndexError> {
        let Some((letters, allowed)) = misspelt(&word.letters) else {
            return Ok(());
        };
        let mut bytes = [0; 4];
        let is_foreign =
            |letter: &&char| !alphabet.may_hold(letter.encode_utf8(&mut bytes).as_bytes());
        if letters.iter().filter(is_foreign).count() > allowed {
            return Ok(());
        }
        self.shelf(alphabet)?.misspelt(word, found)
    }
}

fn is_inside(word: &Word) -> bool {
    word.anchor == Anchor::Inside
}

/// The packed texts of one alphabet.
#[derive(Clone, Copy)]
struct Shelf<'a> {
    texts: &'a Texts,
    starts: &'a Starts,
    words: Words<'a>,
}

impl Shelf<'_> {
    fn matches(
        &self,
        word: &Word,
        reach: Reach,
        found: &mut Gathered<'_>,
    ) -> Result<(), IndexError> {
        let is_hasty = self.words.effort == Effort::WordStarts;
        match word.anchor {
            Anchor::Whole => self.whole(word, found),
            Anchor::Start => self.at_start(word, found),
            Anchor::End if is_hasty => self.all_of_a_text(word, found),
            Anchor::End => self.at_end(word, found)?,
            Anchor::Inside => {
                self.at_start(word, found);
                if is_hasty {
                    return Ok(());
                }
                self.inside(word, found)?;
                if reach >= Reach::Typos {
                    self.misspelt(word, found)?;
                }
                if reach >= Reach::Subsequences {
                    self.subsequences(word, found)?;
                }
            }
        }
        Ok(())
    }

    fn at_start(&self, word: &Word, found: &mut Gathered<'_>) {
        let letters = word.letters.as_bytes();
        let range = self.starts.range(self.texts, letters);
        let whole = self.starts.whole(self.texts, range, letters.len());
        for start in self.starts.each(range.0, whole) {
            let closeness = if start.is_first {
                exact(start.kind)
            } else {
                Closeness::WordStart
            };
            add(found, start, closeness);
        }
        for start in self.starts.each(whole, range.1) {
            let closeness = if start.is_first {
                Closeness::Prefix
            } else {
                Closeness::WordStart
            };
            add(found, start, closeness);
        }
    }

    /// The word is all that a text says.
    fn all_of_a_text(&self, word: &Word, found: &mut Gathered<'_>) {
        let letters = word.letters.as_bytes();
        let range = self.starts.range(self.texts, letters);
        let whole = self.starts.whole(self.texts, range, letters.len());
        let starts = self.starts.each(range.0, whole);
        for start in starts.filter(|start| start.is_first) {
            add(found, start, exact(start.kind));
        }
    }

    /// The word's tokens are whole tokens of a text, one after the other.
    fn whole(&self, word: &Word, found: &mut Gathered<'_>) {
        let range = self.starts.range(self.texts, word.letters.as_bytes());
        for at in range.0..range.1 {
            let place = self.starts.places.get(at) as usize;
            if !self.has_tokens(word, place) {
                continue;
            }
            let start = self.starts.start(at);
            let ends = self.texts.is_end(place + word.letters.len());
            let closeness = match (start.is_first, ends) {
                (true, true) => exact(start.kind),
                (true, false) => Closeness::Prefix,
                (false, _) => Closeness::WordStart,
            };
            add(found, start, closeness);
        }
    }

    /// Whether tokens end where those of the word do, and nowhere else.
    fn has_tokens(&self, word: &Word, place: usize) -> bool {
        let mut end = 0;
        let mut ends = word.tokens.iter().map(|token| {
            end += token.len();
            end
        });
        let mut next = ends.next();
        (1..=word.letters.len()).all(|byte| {
            let ends_here = self.texts.is_start(place + byte) || self.texts.is_end(place + byte);
            let is_wanted = next == Some(byte);
            if is_wanted {
                next = ends.next();
            }
            ends_here == is_wanted
        })
    }

    fn at_end(&self, word: &Word, found: &mut Gathered<'_>) -> Result<(), IndexError> {
        let length = word.letters.len();
        self.scan(&word.letters, |doc, place| {
            let end = place.at + length;
            if !self.texts.is_start(end) && !self.texts.is_end(end) {
                return Enough::No;
            }
            let is_all = self.texts.is_end(end) && self.is_first(place.at);
            let closeness = if is_all {
                exact(place.kind)
            } else {
                Closeness::Inside
            };
            found.add(doc, closeness, place.kind.standing(), Side::Winning);
            // A whole value may still follow.
            Enough::No
        })
    }

    fn is_first(&self, place: usize) -> bool {
        place
            .checked_sub(1)
            .is_none_or(|before| self.texts.is_end(before))
    }

    fn inside(&self, word: &Word, found: &mut Gathered<'_>) -> Result<(), IndexError> {
        if word.letters.len() <= SHORT {
            return self.short(word, found);
        }
        self.scan(&word.letters, |doc, place| {
            let standing = place.kind.standing();
            if found.add(doc, Closeness::Inside, standing, Side::Winning) {
                Enough::Yes
            } else {
                Enough::No
            }
        })
    }

    /// Most documents that hold a letter or two have words that start so, and are in already.
    fn short(&self, word: &Word, found: &mut Gathered<'_>) -> Result<(), IndexError> {
        let finder = Finder::new(&word.letters);
        let mut others = found.others();
        if let Some(within) = self.words.within {
            others.keep(within);
        }
        for (n, doc) in (0..).zip(others.iter()) {
            if n % STRETCH == 0 {
                self.words.lens.go_on()?;
            }
            self.texts.find(&finder, (doc, doc + 1), &mut |doc, place| {
                let standing = place.kind.standing();
                if found.add(doc, Closeness::Inside, standing, Side::Winning) {
                    Enough::Yes
                } else {
                    Enough::No
                }
            });
        }
        Ok(())
    }

    /// Every place of these letters, in the documents that matter.
    fn scan(
        &self,
        letters: &str,
        mut visit: impl FnMut(Doc, Place) -> Enough,
    ) -> Result<(), IndexError> {
        let finder = Finder::new(letters);
        if let Some(within) = self.few() {
            for doc in within.iter() {
                self.texts.find(&finder, (doc, doc + 1), &mut visit);
            }
            return Ok(());
        }
        let len = self.words.segment.len();
        let mut first = 0;
        while first < len {
            self.words.lens.go_on()?;
            let last = len.min(first + STRETCH);
            self.texts.find(&finder, (first, last), &mut visit);
            first = last;
        }
        Ok(())
    }

    fn few(&self) -> Option<&Docs> {
        let len = u64::from(self.words.segment.len());
        let within = self.words.within;
        within.filter(|within| within.count() * FEW < len)
    }

    fn misspelt(&self, word: &Word, found: &mut Gathered<'_>) -> Result<(), IndexError> {
        let Some((letters, allowed)) = misspelt(&word.letters) else {
            return Ok(());
        };
        self.words.lens.go_on()?;
        let walk = Misspelt {
            word: &letters,
            allowed,
            texts: self.texts,
            starts: self.starts,
        };
        walk.each(&mut |at| add(found, self.starts.start(at), Closeness::Typo));
        Ok(())
    }

    fn subsequences(&self, word: &Word, found: &mut Gathered<'_>) -> Result<(), IndexError> {
        let wanted = Subsequence::of(&word.letters);
        let masks = self.words.segment.masks()?;
        for (n, doc) in (0..).zip(masks.holding(mask(word.letters.as_bytes()))) {
            if n % STRETCH == 0 {
                self.words.lens.go_on()?;
            }
            if self
                .words
                .within
                .is_some_and(|within| !within.contains(doc))
            {
                continue;
            }
            let texts = self.texts.each_of(doc);
            for (_, kind) in texts.filter(|(text, _)| wanted.is_in(text)) {
                let closeness = Closeness::Subsequence;
                found.add(doc, closeness, kind.standing(), Side::Winning);
            }
        }
        Ok(())
    }
}

fn add(found: &mut Gathered<'_>, start: Start, closeness: Closeness) {
    found.add(start.doc, closeness, start.kind.standing(), Side::Winning);
}

fn exact(kind: TextKind) -> Closeness {
    match kind {
        TextKind::Identity => Closeness::ExactIdentity,
        _ => Closeness::ExactValue,
    }
}

/// Letters that are to stand in a text in this order, with any others between.
struct Subsequence<'w> {
    letters: Vec<&'w [u8]>,
}

impl Subsequence<'_> {
    fn of(word: &str) -> Subsequence<'_> {
        let ends = word
            .char_indices()
            .map(|(at, letter)| (at, at + letter.len_utf8()));
        let letters = ends.filter_map(|(from, to)| word.as_bytes().get(from..to));
        Subsequence {
            letters: letters.collect(),
        }
    }

    /// A letter's bytes begin no other letter's, so the bytes can be looked for.
    fn is_in(&self, text: &[u8]) -> bool {
        let mut wanted = self.letters.iter();
        let Some(mut letter) = wanted.next() else {
            return true;
        };
        for (at, byte) in text.iter().enumerate() {
            let is_here = letter.first() == Some(byte)
                && (letter.len() == 1
                    || text.get(at..).is_some_and(|rest| rest.starts_with(letter)));
            if is_here {
                match wanted.next() {
                    Some(next) => letter = next,
                    None => return true,
                }
            }
        }
        false
    }
}
