//! Packing the texts that words look at, and sorting the places where words start.

use std::cmp::Ordering;
use std::ops::Range;

use super::IndexError;
use super::alphabet::{ALPHABETS, Alphabet, mask};
use super::docs::Doc;
use super::eights::{self, Texts as _};
use super::file::SharedWriter;
use super::growth::Growth;
use super::layout::{SegmentLayout, TextLayout};
use super::texts::TextKind;
use crate::query::text::Folded;

/// Bytes of texts that a segment holds at most; places in them are 32-bit numbers.
const MOST_BYTES: usize = 2_000_000_000;

/// Texts in the order of the entries that have them.
#[derive(Default)]
pub(super) struct TextMaker {
    letters: Vec<u8>,
    /// Where words start in them.
    starts: Vec<u32>,
    /// Where the texts of each entry end, and where its starts do.
    ends: Vec<(u32, usize)>,
    next: Waiting,
}

/// The texts of the entry in hand, folded.
#[derive(Default)]
struct Waiting {
    letters: String,
    /// Where words start, each counted from the beginning of its text.
    starts: Vec<u32>,
    texts: Vec<(Range<usize>, Range<usize>, TextKind)>,
    folded: Folded,
}

impl Waiting {
    fn text(&self, text: &(Range<usize>, Range<usize>, TextKind)) -> (&str, &[u32], TextKind) {
        let letters = self.letters.get(text.0.clone()).unwrap_or_default();
        let starts = self.starts.get(text.1.clone()).unwrap_or_default();
        (letters, starts, text.2)
    }
}

impl TextMaker {
    pub fn is_full(&self) -> bool {
        self.letters.len() >= MOST_BYTES
    }

    pub fn make_room(&mut self, growth: Growth) {
        growth.of(&mut self.letters);
        growth.of(&mut self.starts);
        growth.of(&mut self.ends);
    }

    /// Notes a text of the next entry.
    pub fn say(&mut self, text: &str, kind: TextKind) {
        let next = &mut self.next;
        next.folded.refill(text);
        if next.folded.is_empty() {
            return;
        }
        let (letters, starts) = (next.letters.len(), next.starts.len());
        next.letters.push_str(next.folded.run_together());
        let own = next.folded.starts().iter();
        next.starts.extend(own.map(|start| *start as u32));
        next.texts
            .push((letters..next.letters.len(), starts..next.starts.len(), kind));
    }

    /// The next entry is complete; of its texts that fold alike the strongest kind counts.
    pub fn end_entry(&mut self) {
        let mut texts = std::mem::take(&mut self.next.texts);
        let next = &self.next;
        texts.sort_unstable_by(|a, b| next.text(a).cmp(&next.text(b)));
        texts.dedup_by(|later, earlier| {
            let (later, earlier) = (next.text(later), next.text(earlier));
            (later.0, later.1) == (earlier.0, earlier.1)
        });
        for text in &texts {
            let (letters, starts, kind) = next.text(text);
            let at = self.letters.len() as u32;
            self.starts.extend(starts.iter().map(|start| at + start));
            self.letters.extend(letters.as_bytes());
            self.letters.push(kind.end());
        }
        self.ends
            .push((self.letters.len() as u32, self.starts.len()));
        texts.clear();
        self.next.texts = texts;
        self.next.letters.clear();
        self.next.starts.clear();
    }

    fn of(&self, doc: Doc) -> Own<'_> {
        let at = doc as usize;
        let before = at.checked_sub(1).and_then(|at| self.ends.get(at));
        let (from, first) = before.copied().unwrap_or((0, 0));
        let (to, last) = self.ends.get(at).copied().unwrap_or((0, 0));
        let letters = self.letters.get(from as usize..to as usize);
        let starts = self.starts.get(first..last);
        Own {
            letters: letters.unwrap_or_default(),
            starts: starts.unwrap_or_default(),
            from,
        }
    }

    /// Writes the texts in the order of documents, those of each alphabet by themselves.
    pub fn write(
        self,
        order: &[Doc],
        out: &SharedWriter,
        layout: &mut SegmentLayout,
    ) -> Result<(), IndexError> {
        let masks = order.iter().map(|doc| mask(self.of(*doc).letters));
        let masks: Vec<u8> = masks.flat_map(u64::to_le_bytes).collect();
        layout.masks = out.add(&masks)?;
        for (alphabet, layout) in ALPHABETS.into_iter().zip(&mut layout.texts) {
            *layout = self.packed(order, alphabet).write(out)?;
        }
        Ok(())
    }

    fn packed(&self, order: &[Doc], alphabet: Alphabet) -> Packed {
        let mut packed = Packed::default();
        for (place, doc) in order.iter().enumerate() {
            packed.docs.push(packed.letters.len() as u32);
            packed.take(self.of(*doc), alphabet, place as Doc);
        }
        packed.docs.push(packed.letters.len() as u32);
        packed
    }
}

/// The texts of an entry, and where words start, counted from the first text of all.
#[derive(Clone, Copy)]
struct Own<'a> {
    letters: &'a [u8],
    starts: &'a [u32],
    from: u32,
}

/// The texts of one alphabet in the order of documents.
#[derive(Default)]
struct Packed {
    letters: Vec<u8>,
    docs: Vec<u32>,
    starts: Vec<Start>,
}

/// Where a word starts in the texts of an alphabet, and the mark that says whose it is.
type Start = (u32, u32);

impl Packed {
    fn write(self, out: &SharedWriter) -> Result<TextLayout, IndexError> {
        let bytes = |numbers: &mut dyn Iterator<Item = u32>| -> Vec<u8> {
            numbers.flat_map(u32::to_le_bytes).collect()
        };
        let letters = self.letters;
        let starts = out.add(&bits(&self.starts, letters.len()))?;
        let sorted = sorted(self.starts, &letters);
        Ok(TextLayout {
            docs: out.add(&bytes(&mut self.docs.into_iter()))?,
            starts,
            start_places: out.add(&bytes(&mut sorted.iter().map(|(_, start)| start.0)))?,
            start_marks: out.add(&bytes(&mut sorted.iter().map(|(_, start)| start.1)))?,
            letters: out.add(&letters)?,
        })
    }

    /// Takes the texts of one alphabet over.
    fn take(&mut self, own: Own<'_>, alphabet: Alphabet, doc: Doc) {
        let (mut from, mut starts) = (own.from, own.starts);
        for text in own.letters.split_inclusive(|byte| *byte < 4) {
            let to = from + text.len() as u32;
            let (inside, rest) = starts.split_at(starts.partition_point(|start| *start < to));
            let (end, said) = text.split_last().unwrap_or((&0, text));
            if Alphabet::of(said) == alphabet {
                let (at, kind) = (self.letters.len() as u32, TextKind::of(*end));
                self.starts.extend(inside.iter().map(|start| {
                    let mark = kind.mark(doc, *start == from);
                    (start - from + at, mark)
                }));
                self.letters.extend(text);
            }
            (from, starts) = (to, rest);
        }
    }
}

/// A bit for each byte of the texts.
fn bits(starts: &[Start], len: usize) -> Vec<u8> {
    let mut bits = vec![0_u8; len.div_ceil(8)];
    for (at, _) in starts {
        if let Some(byte) = bits.get_mut(*at as usize / 8) {
            *byte |= 1 << (at % 8);
        }
    }
    bits
}

/// The places where words start, with their marks, in the order of what follows up to the end of the text.
fn sorted(starts: Vec<Start>, letters: &[u8]) -> Vec<(u64, Start)> {
    let texts = Rests(letters);
    let keyed = starts
        .into_iter()
        .map(|start| (texts.eight(start, 0), start));
    let mut keyed = keyed.collect::<Vec<_>>();
    eights::sort(&mut keyed, &texts);
    keyed
}

/// What follows the places where words start, each up to the end of its text.
struct Rests<'a>(&'a [u8]);

impl eights::Texts for Rests<'_> {
    type Item = Start;

    fn eight(&self, (at, _): Start, from: usize) -> u64 {
        let rest = self.0.get(at as usize + from..).unwrap_or_default();
        let eight = rest.get(..8).unwrap_or(rest);
        let end = eight.iter().position(|byte| *byte < 4);
        let own = end.and_then(|end| eight.get(..=end));
        eights::first_eight(own.unwrap_or(eight))
    }

    fn compare(&self, a: Start, b: Start) -> Ordering {
        let rest = |(at, _): Start| {
            let rest = self.0.get(at as usize..).unwrap_or_default();
            rest.split_inclusive(|byte| *byte < 4)
                .next()
                .unwrap_or_default()
        };
        rest(a).cmp(rest(b)).then(a.0.cmp(&b.0))
    }

    fn compare_ended(&self, a: Start, b: Start) -> Ordering {
        a.0.cmp(&b.0)
    }
}
