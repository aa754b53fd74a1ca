//! What words look at, packed: the folded texts of one alphabet, document by document, and where words start in them.

use std::cmp::Ordering;

use memchr::memmem::Finder;

use super::docs::Doc;
use super::numbers::{Bytes, Column};
use super::standing::Standing;

/// What ends a text also says what it is; folded texts hold no control characters.
const IDENTITY: u8 = 1;
const WON: u8 = 2;
const LOST: u8 = 3;

/// A place where a word starts names its document in these bits; the others say where it stands in its text.
const DOC_BITS: u32 = 29;
const AT_START: u32 = 1 << 31;
const IS_IDENTITY: u32 = 1 << 30;
const IS_LOST: u32 = 1 << 29;

/// What a text of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextKind {
    /// The value of an identity.
    Identity,
    /// A name, an address or a number that won.
    Won,
    /// One that lost, or that another policy may let win.
    Lost,
}

impl TextKind {
    pub(super) fn end(self) -> u8 {
        match self {
            TextKind::Identity => IDENTITY,
            TextKind::Won => WON,
            TextKind::Lost => LOST,
        }
    }

    /// What a text is that ends with this byte.
    pub(super) fn of(end: u8) -> TextKind {
        match end {
            IDENTITY => TextKind::Identity,
            WON => TextKind::Won,
            _ => TextKind::Lost,
        }
    }

    /// How a value of this kind stands.
    pub fn standing(self) -> Standing {
        match self {
            TextKind::Identity => Standing::Undisputed,
            TextKind::Won => Standing::Won,
            TextKind::Lost => Standing::Said,
        }
    }

    /// The bits by which a place where a word starts says all this.
    pub(super) fn mark(self, doc: Doc, is_at_start: bool) -> u32 {
        let kind = match self {
            TextKind::Identity => IS_IDENTITY,
            TextKind::Won => 0,
            TextKind::Lost => IS_LOST,
        };
        doc | kind | if is_at_start { AT_START } else { 0 }
    }
}

/// The most documents whose texts can be packed together.
pub(super) const MOST_DOCS: usize = 1 << DOC_BITS;

/// A place where a word starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub doc: Doc,
    pub kind: TextKind,
    /// The text begins here too.
    pub is_first: bool,
}

impl Start {
    fn of(mark: u32) -> Start {
        let kind = match (mark & IS_IDENTITY, mark & IS_LOST) {
            (0, 0) => TextKind::Won,
            (0, _) => TextKind::Lost,
            _ => TextKind::Identity,
        };
        Start {
            doc: mark & (IS_LOST - 1),
            kind,
            is_first: mark & AT_START != 0,
        }
    }
}

/// The packed texts.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    /// Texts run together, each ended by its kind, in the order of their documents.
    pub letters: Bytes,
    /// Where the texts of each document begin, and where the last ends.
    pub docs: Column,
    /// A bit for each byte: a word starts there.
    pub starts: Bytes,
}

/// A place at which letters were found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub at: usize,
    pub kind: TextKind,
}

impl Texts {
    /// The bytes from a place on.
    pub fn from(&self, at: usize) -> &[u8] {
        self.letters.get(at..).unwrap_or_default()
    }

    pub fn is_start(&self, at: usize) -> bool {
        let byte = self.starts.get(at / 8).copied().unwrap_or(0);
        byte >> (at % 8) & 1 == 1
    }

    /// Whether a text ends before this place.
    pub fn is_end(&self, at: usize) -> bool {
        self.letters.get(at).is_none_or(|byte| *byte <= LOST)
    }

    /// The texts of a document, with what they are.
    pub fn each_of(&self, doc: Doc) -> impl Iterator<Item = (&[u8], TextKind)> {
        let at = doc as usize;
        let (from, to) = (self.docs.get(at) as usize, self.docs.get(at + 1) as usize);
        let texts = self.letters.get(from..to).unwrap_or_default();
        let texts = texts.split_inclusive(|byte| *byte <= LOST);
        texts.filter_map(|text| {
            let (end, text) = text.split_last()?;
            Some((text, TextKind::of(*end)))
        })
    }

    /// What kind of text a place is in.
    pub fn kind_at(&self, at: usize) -> TextKind {
        let rest = self.from(at);
        let end = memchr::memchr3(IDENTITY, WON, LOST, rest);
        TextKind::of(end.and_then(|end| rest.get(end).copied()).unwrap_or(LOST))
    }

    /// Every place in the texts of these documents, from the first to before the last, at which letters stand; a document
    /// is left as soon as `visit` has had enough of it.
    pub fn find(
        &self,
        finder: &Finder<'_>,
        (first, last): (Doc, Doc),
        visit: &mut impl FnMut(Doc, Place) -> Enough,
    ) {
        let docs = &self.docs;
        let end = docs.get(last as usize) as usize;
        let mut at = docs.get(first as usize) as usize;
        let mut doc = first;
        while let Some(found) = self.letters.get(at..end).and_then(|rest| finder.find(rest)) {
            at += found;
            doc = doc_at(docs, at, doc, last);
            let place = Place {
                at,
                kind: self.kind_at(at),
            };
            at = match visit(doc, place) {
                Enough::Yes => docs.get(doc as usize + 1) as usize,
                Enough::No => at + 1,
            };
        }
    }

    /// How the text from a place on compares with letters, as far as those go.
    pub fn compare(&self, at: usize, letters: &[u8]) -> Ordering {
        let own = self.from(at);
        let own = own.get(..letters.len().min(own.len())).unwrap_or_default();
        own.cmp(letters)
    }
}

/// The document that a place belongs to, not before this one: first in steps that double, then halved.
fn doc_at(docs: &Column, at: usize, from: Doc, last: Doc) -> Doc {
    let is_before = |doc: usize| (docs.get(doc + 1) as usize) <= at;
    let (mut low, mut step) = (from as usize, 1);
    while low + step < last as usize && is_before(low + step) {
        low += step;
        step *= 2;
    }
    let high = (low + step).min(last as usize);
    docs.partition(low + 1, high + 1, |end| end as usize <= at)
        .saturating_sub(1) as Doc
}

/// Which letters occur in the texts of each document, as [`super::alphabet::mask`] tells them.
#[derive(Clone, Debug, Default)]
pub(super) struct Masks(pub Bytes);

impl Masks {
    /// The documents whose texts hold all these letters, in any order.
    pub fn holding(&self, mask: u64) -> impl Iterator<Item = Doc> + '_ {
        let masks = self.0.chunks_exact(8).map(|own| {
            let own = own.try_into();
            own.map_or(0, u64::from_le_bytes)
        });
        let held = (0..).zip(masks).filter(move |(_, own)| own & mask == mask);
        held.map(|(doc, _)| doc)
    }
}

/// Whether a document needs to be looked at further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Enough {
    Yes,
    No,
}

/// The places where words start, in the order of what follows.
#[derive(Clone, Debug, Default)]
pub(super) struct Starts {
    pub places: Column,
    pub marks: Column,
}

impl Starts {
    /// The places that go on with these letters.
    pub fn range(&self, texts: &Texts, letters: &[u8]) -> (usize, usize) {
        let all = self.places.len();
        let low = self
            .places
            .partition(0, all, |at| texts.compare(at as usize, letters).is_lt());
        let high = self
            .places
            .partition(low, all, |at| texts.compare(at as usize, letters).is_le());
        (low, high)
    }

    /// Of such a range, the end of those at which the text ends with the letters.
    pub fn whole(&self, texts: &Texts, range: (usize, usize), length: usize) -> usize {
        let is_whole = |at: u32| texts.is_end(at as usize + length);
        self.places.partition(range.0, range.1, is_whole)
    }

    pub fn each(&self, from: usize, to: usize) -> impl Iterator<Item = Start> + '_ {
        self.marks.range(from, to).map(Start::of)
    }

    pub fn start(&self, at: usize) -> Start {
        Start::of(self.marks.get(at))
    }
}
