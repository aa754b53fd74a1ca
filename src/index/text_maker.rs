//! Packing the texts that words look at, and sorting the places where words start.

use std::cmp::Ordering;
use std::ops::Range;

use super::IndexError;
use super::alphabet::{ALPHABETS, Alphabet, mask};
use super::docs::Doc;
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
    starts: Vec<(u32, Doc)>,
}

impl Packed {
    fn write(self, out: &SharedWriter) -> Result<TextLayout, IndexError> {
        let bytes = |numbers: &mut dyn Iterator<Item = u32>| -> Vec<u8> {
            numbers.flat_map(u32::to_le_bytes).collect()
        };
        let letters = self.letters;
        let starts = out.add(&bits(&self.starts, letters.len()))?;
        let sorted = sorted(&self.starts, &letters);
        let mut marks = sorted.iter().map(|(at, doc)| {
            let before = (*at as usize).checked_sub(1).and_then(|at| letters.get(at));
            let is_first = before.is_none_or(|byte| *byte < 4);
            kind(&letters, *at).mark(*doc, is_first)
        });
        Ok(TextLayout {
            docs: out.add(&bytes(&mut self.docs.into_iter()))?,
            starts,
            start_places: out.add(&bytes(&mut sorted.iter().map(|(at, _)| *at)))?,
            start_marks: out.add(&bytes(&mut marks))?,
            letters: out.add(&letters)?,
        })
    }

    /// Takes the texts of one alphabet over.
    fn take(&mut self, own: Own<'_>, alphabet: Alphabet, doc: Doc) {
        let (mut from, mut starts) = (own.from, own.starts);
        for text in own.letters.split_inclusive(|byte| *byte < 4) {
            let to = from + text.len() as u32;
            let (inside, rest) = starts.split_at(starts.partition_point(|start| *start < to));
            let said = text.split_last().map_or(text, |(_, said)| said);
            if Alphabet::of(said) == alphabet {
                let at = self.letters.len() as u32;
                self.starts
                    .extend(inside.iter().map(|start| (start - from + at, doc)));
                self.letters.extend(text);
            }
            (from, starts) = (to, rest);
        }
    }
}

fn kind(letters: &[u8], at: u32) -> TextKind {
    let rest = letters.get(at as usize..).unwrap_or_default();
    let end = rest.iter().find(|byte| **byte < 4);
    match end {
        Some(1) => TextKind::Identity,
        Some(2) => TextKind::Won,
        _ => TextKind::Lost,
    }
}

/// A bit for each byte of the texts.
fn bits(starts: &[(u32, Doc)], len: usize) -> Vec<u8> {
    let mut bits = vec![0_u8; len.div_ceil(8)];
    for (at, _) in starts {
        if let Some(byte) = bits.get_mut(*at as usize / 8) {
            *byte |= 1 << (at % 8);
        }
    }
    bits
}

/// The places where words start, in the order of what follows up to the end of the text.
fn sorted(starts: &[(u32, Doc)], letters: &[u8]) -> Vec<(u32, Doc)> {
    let mut keyed: Vec<(u64, u32, Doc)> = starts
        .iter()
        .map(|(at, doc)| (first_eight(letters, *at), *at, *doc))
        .collect();
    keyed.sort_unstable_by(|a, b| {
        a.0.cmp(&b.0)
            .then_with(|| compare_rest(letters, a.0, a.1, b.1))
            .then_with(|| a.1.cmp(&b.1))
    });
    keyed.into_iter().map(|(_, at, doc)| (at, doc)).collect()
}

/// The first eight bytes as a number that sorts as they do; what follows the end of the text is left out.
fn first_eight(letters: &[u8], at: u32) -> u64 {
    let rest = letters.get(at as usize..).unwrap_or_default();
    let mut key = [0_u8; 8];
    for (own, byte) in key.iter_mut().zip(rest) {
        *own = *byte;
        if *byte < 4 {
            break;
        }
    }
    u64::from_be_bytes(key)
}

/// How two texts compare that begin with the same eight bytes.
fn compare_rest(letters: &[u8], first: u64, a: u32, b: u32) -> Ordering {
    if first.to_be_bytes().iter().any(|byte| *byte < 4) {
        return Ordering::Equal;
    }
    let rest = |at: u32| letters.get(at as usize + 8..).unwrap_or_default().iter();
    for (a, b) in rest(a).zip(rest(b)) {
        match a.cmp(b) {
            Ordering::Equal if *a < 4 => return Ordering::Equal,
            Ordering::Equal => {}
            unequal => return unequal,
        }
    }
    Ordering::Equal
}
