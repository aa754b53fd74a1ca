//! Words with typing errors: a walk over the starts of words in their order, one column of distances for each letter.

use super::texts::{Starts, Texts};

/// A misspelt word, looked for among the places where words start.
pub(super) struct Misspelt<'a> {
    pub word: &'a [char],
    pub allowed: usize,
    pub texts: &'a Texts,
    pub starts: &'a Starts,
}

/// A stretch of places that go on with the same letters.
struct Stretch {
    from: usize,
    to: usize,
    /// How many bytes they share.
    depth: usize,
    /// The last letter that they share.
    letter: Option<char>,
    /// How far the beginnings of the word are from these letters, and from these less the last.
    distances: Vec<usize>,
    before: Vec<usize>,
}

impl Misspelt<'_> {
    /// Every place at which a token begins with the word, typing errors allowed.
    pub fn each(&self, visit: &mut dyn FnMut(usize)) {
        let all = Stretch {
            from: 0,
            to: self.starts.places.len(),
            depth: 0,
            letter: None,
            distances: (0..=self.word.len()).collect(),
            before: Vec::new(),
        };
        self.walk(&all, visit);
    }

    /// The depth is that of a word and its errors; beyond, no distance is small enough to go on.
    fn walk(&self, stretch: &Stretch, visit: &mut dyn FnMut(usize)) {
        if stretch.distances.last().is_some_and(|d| *d <= self.allowed) {
            return self.give(stretch, visit);
        }
        let least = |column: &[usize]| column.iter().min().copied().unwrap_or(usize::MAX - 1);
        // Two neighbours that change places are seen a letter later.
        if least(&stretch.distances) > self.allowed && least(&stretch.before) + 1 > self.allowed {
            return;
        }
        let mut from = stretch.from;
        while from < stretch.to {
            let at = self.starts.places.get(from) as usize + stretch.depth;
            let Some((letter, length)) = letter(self.texts.from(at)) else {
                from = self.end_of_ended(from, stretch);
                continue;
            };
            let letters = self.texts.from(at).get(..length).unwrap_or_default();
            let to = self.end(from, stretch, letters);
            let inner = Stretch {
                from,
                to,
                depth: stretch.depth + length,
                letter: Some(letter),
                distances: self.column(stretch, letter),
                before: stretch.distances.clone(),
            };
            self.walk(&inner, visit);
            from = to;
        }
    }

    /// Where the places that go on with these letters end: first in steps that double, then halved.
    fn end(&self, from: usize, stretch: &Stretch, letters: &[u8]) -> usize {
        let goes_on = |place: u32| {
            let at = place as usize + stretch.depth;
            self.texts.compare(at, letters).is_le()
        };
        let (mut low, mut step) = (from, 1);
        while low + step < stretch.to && goes_on(self.starts.places.get(low + step)) {
            low += step;
            step *= 2;
        }
        let high = (low + step).min(stretch.to);
        self.starts.places.partition(low + 1, high, goes_on)
    }

    fn end_of_ended(&self, from: usize, stretch: &Stretch) -> usize {
        let has_ended = |place: u32| self.texts.is_end(place as usize + stretch.depth);
        self.starts
            .places
            .partition(from + 1, stretch.to, has_ended)
    }

    /// How far the beginnings of the word are from one more letter.
    fn column(&self, stretch: &Stretch, letter: char) -> Vec<usize> {
        let of = |column: &[usize], row: usize| column.get(row).copied().unwrap_or(usize::MAX / 2);
        let mut column = Vec::with_capacity(self.word.len() + 1);
        column.push(of(&stretch.distances, 0) + 1);
        let mut word_before = None;
        for (row, own) in self.word.iter().enumerate() {
            let changed = of(&stretch.distances, row) + usize::from(*own != letter);
            let added = of(&stretch.distances, row + 1) + 1;
            let dropped = of(&column, row) + 1;
            let mut least = changed.min(added).min(dropped);
            if word_before == Some(letter) && stretch.letter == Some(*own) && row > 0 {
                least = least.min(of(&stretch.before, row - 1) + 1);
            }
            column.push(least);
            word_before = Some(*own);
        }
        column
    }

    /// Of a stretch that is near enough, the places whose token is as long as what was compared.
    fn give(&self, stretch: &Stretch, visit: &mut dyn FnMut(usize)) {
        for at in stretch.from..stretch.to {
            let place = self.starts.places.get(at) as usize;
            let is_one_token = (1..stretch.depth).all(|byte| !self.texts.is_start(place + byte));
            if is_one_token {
                visit(at);
            }
        }
    }
}

/// The letter that some bytes begin with, and its length; `None` at the end of a text.
fn letter(bytes: &[u8]) -> Option<(char, usize)> {
    let first = *bytes.first()?;
    let length = match first {
        0..=3 => return None,
        0x04..=0x7f => return Some((char::from(first), 1)),
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    let text = std::str::from_utf8(bytes.get(..length)?).ok()?;
    Some((text.chars().next()?, length))
}
