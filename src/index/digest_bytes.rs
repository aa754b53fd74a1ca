//! The bytes of digests: numbers in groups of seven bits, texts after their lengths.

use serde_json::Value;

use super::digest_form::{IS_OLDER, NOTHING, TEXT};
use super::numbers::put;
use crate::model::{Moment, value};

pub(super) fn write_text(text: &str, out: &mut Vec<u8>) {
    put(out, text.len() as u64);
    out.extend(text.as_bytes());
}

/// Numbers near zero are short, on either side of it.
pub(super) fn write_moment(moment: Moment, out: &mut Vec<u8>) {
    put(out, ((moment.0 << 1) ^ (moment.0 >> 63)) as u64);
}

/// What is still to be read.
pub(super) struct Cursor<'a>(&'a [u8]);

/// A claim as it is written.
pub(super) struct Said<'a> {
    /// The number of its path.
    pub path: usize,
    /// Its value is a text, written as it is.
    pub is_text: bool,
    /// Its value; `None` where it says nothing.
    pub text: Option<&'a [u8]>,
    /// How many bytes lie behind its value.
    pub behind: usize,
    /// The version that said it first, where that is not the last.
    pub changed: Option<usize>,
}

impl Said<'_> {
    /// Its value; `None` where it has none, or the bytes are none.
    pub fn value(&self) -> Option<Value> {
        let text = std::str::from_utf8(self.text?).ok()?;
        if self.is_text {
            return Some(text.into());
        }
        value::read(text)
    }
}

impl<'a> Cursor<'a> {
    pub fn new(bytes: &'a [u8]) -> Cursor<'a> {
        Cursor(bytes)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    pub fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    pub fn moment(&mut self) -> Option<Moment> {
        let number = self.number()?;
        Some(Moment((number >> 1) as i64 ^ -((number & 1) as i64)))
    }

    pub fn text(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(text)
    }

    pub fn said(&mut self) -> Option<Said<'a>> {
        let path = self.count()?;
        let form = self.byte()?;
        Some(Said {
            path,
            is_text: form & TEXT != 0,
            text: match form & !IS_OLDER {
                NOTHING => None,
                _ => Some(self.text()?),
            },
            behind: self.0.len(),
            changed: match form & IS_OLDER {
                0 => None,
                _ => Some(self.count()?),
            },
        })
    }

    /// Passes over so many numbers.
    pub fn pass(&mut self, numbers: usize) -> Option<()> {
        for _ in 0..numbers {
            self.number()?;
        }
        Some(())
    }

    /// Passes over an identity with its events; `events_of` hears the number of each dataset that has some.
    pub fn pass_known(&mut self, mut events_of: impl FnMut(usize)) -> Option<()> {
        self.number()?;
        self.text()?;
        // When it was first seen, and whether it is primary.
        self.pass(2)?;
        for _ in 0..self.count()? {
            events_of(self.count()?);
            // Count, first and last.
            self.pass(3)?;
            let kinds = self.count()?;
            self.pass(kinds)?;
        }
        Some(())
    }

    /// Passes over what stands before the claims of a fragment, once its dataset and its identity are read; whether it has
    /// attributes.
    pub fn pass_versions(&mut self) -> Option<bool> {
        // Priority.
        self.number()?;
        for _ in 0..self.count()? {
            // When and in which import; the customer's time; when and in which import it was touched.
            self.pass(2)?;
            let times = self.count()?.min(1);
            self.pass(times)?;
            let touches = self.count()?.min(1);
            self.pass(touches * 2)?;
        }
        Some(self.number()? == 1)
    }

    /// Passes over the rest of a fragment, once its dataset and its identity are read.
    pub fn pass_fragment(&mut self) -> Option<()> {
        self.pass_versions()?;
        for _ in 0..self.count()? {
            self.said()?;
        }
        Some(())
    }
}
