//! How bodies and number lists are packed: zstd with a dictionary per batch, and variable-length integers.

use std::collections::HashMap;
use std::io;

use rusqlite::{Connection, OptionalExtension};
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::CParameter;

use super::{Result, StoreError};

/// The usual one saves another hundredth of a store, and costs a fortieth of the time of an import.
const LEVEL: i32 = 1;

/// Size of a trained dictionary in bytes: larger ones pack no better and cost time at every opening.
const DICTIONARY_BYTES: usize = 16 * 1024;

/// What every zstd frame begins with. A frame without it never begins so: its first byte has a bit unset that is set here.
const MAGIC: [u8; 4] = zstd::zstd_safe::MAGICNUMBER.to_le_bytes();

/// Fewer bodies than this teach a dictionary nothing.
const FEWEST_SAMPLES: usize = 100;

/// A batch's dictionary; 0 is none.
pub type DictionaryId = i64;

/// Trains a dictionary on samples of a dataset's bodies; `None` where they are too few or too unlike.
pub fn train(samples: &[&[u8]]) -> Option<Vec<u8>> {
    if samples.len() < FEWEST_SAMPLES {
        return None;
    }
    zstd::dict::from_samples(samples, DICTIONARY_BYTES).ok()
}

/// Packs bodies of one batch.
pub struct BodyWriter {
    compressor: Compressor<'static>,
    /// Memory that is used again from body to body.
    packed: Vec<u8>,
}

impl BodyWriter {
    /// A writer with this dictionary; an empty one is none.
    pub fn new(dictionary: &[u8]) -> io::Result<BodyWriter> {
        let mut compressor = Compressor::with_dictionary(LEVEL, dictionary)?;
        compressor.set_parameter(CParameter::ChecksumFlag(false))?;
        compressor.set_parameter(CParameter::DictIdFlag(false))?;
        Ok(BodyWriter {
            compressor,
            packed: Vec::new(),
        })
    }

    /// The packed bytes, without what every frame begins with.
    pub fn pack(&mut self, body: &[u8]) -> io::Result<&[u8]> {
        self.packed.clear();
        self.packed
            .reserve(zstd::zstd_safe::compress_bound(body.len()));
        self.compressor.compress_to_buffer(body, &mut self.packed)?;
        Ok(self.packed.strip_prefix(&MAGIC).unwrap_or(&self.packed))
    }
}

/// Unpackers by dictionary, made on first use.
#[derive(Default)]
pub(super) struct Codecs {
    /// Room for a frame with its magic.
    frame: Vec<u8>,
    /// The body that was looked at last.
    looked_at: Vec<u8>,
    by_dictionary: HashMap<DictionaryId, Decompressor<'static>>,
}

impl Codecs {
    /// The bytes as they were before packing; older programs packed them with the magic.
    pub(super) fn unpack(
        &mut self,
        conn: &Connection,
        dictionary: DictionaryId,
        packed: &[u8],
    ) -> Result<Vec<u8>> {
        let mut unpacked = Vec::new();
        self.unpack_into(conn, dictionary, packed, &mut unpacked)?;
        Ok(unpacked)
    }

    /// The text of a body, for a look at it.
    pub(super) fn text(
        &mut self,
        conn: &Connection,
        dictionary: DictionaryId,
        packed: &[u8],
    ) -> Result<&str> {
        let mut looked_at = std::mem::take(&mut self.looked_at);
        looked_at.clear();
        self.unpack_into(conn, dictionary, packed, &mut looked_at)?;
        self.looked_at = looked_at;
        std::str::from_utf8(&self.looked_at)
            .map_err(|_| StoreError::Damaged("a body is not UTF-8".into()))
    }

    fn unpack_into(
        &mut self,
        conn: &Connection,
        dictionary: DictionaryId,
        packed: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<()> {
        let mut frame = std::mem::take(&mut self.frame);
        frame.clear();
        if !packed.starts_with(&MAGIC) {
            frame.extend(MAGIC);
        }
        frame.extend(packed);
        let unpacked = self.unpack_frame(conn, dictionary, &frame, into);
        self.frame = frame;
        unpacked
    }

    fn unpack_frame(
        &mut self,
        conn: &Connection,
        dictionary: DictionaryId,
        packed: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<()> {
        let size = zstd::zstd_safe::get_frame_content_size(packed)
            .ok()
            .flatten()
            .and_then(|size| usize::try_from(size).ok())
            .ok_or_else(|| StoreError::Damaged("a body has no length".into()))?;
        into.try_reserve(size)
            .map_err(|error| StoreError::Damaged(format!("the length of a body: {error}")))?;
        self.of(conn, dictionary)?
            .decompress_to_buffer(packed, into)
            .map_err(|error| StoreError::Damaged(format!("a body cannot be unpacked: {error}")))?;
        Ok(())
    }

    fn of(
        &mut self,
        conn: &Connection,
        dictionary: DictionaryId,
    ) -> Result<&mut Decompressor<'static>> {
        use std::collections::hash_map::Entry;
        match self.by_dictionary.entry(dictionary) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let made = Decompressor::with_dictionary(&self::dictionary(conn, dictionary)?)
                    .map_err(|error| StoreError::Damaged(format!("a dictionary: {error}")))?;
                Ok(place.insert(made))
            }
        }
    }
}

/// The bytes of a dictionary; none has none.
pub(super) fn dictionary(conn: &Connection, id: DictionaryId) -> Result<Vec<u8>> {
    Ok(conn
        .prepare_cached("SELECT bytes FROM dictionary WHERE id = :id")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .unwrap_or_default())
}

/// Appends a number in groups of seven bits, lowest first.
pub(super) fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Appends a signed number so that small ones of either sign stay short.
pub(super) fn put_signed(bytes: &mut Vec<u8>, number: i64) {
    put(bytes, ((number << 1) ^ (number >> 63)) as u64);
}

/// Reads what [`put`] and [`put_signed`] wrote, front to back.
pub(super) struct Numbers<'a>(pub &'a [u8]);

impl Numbers<'_> {
    /// The next number; damage is an error.
    pub(super) fn take(&mut self) -> Result<u64> {
        let mut number = 0u64;
        for (i, byte) in self.0.iter().enumerate().take(10) {
            number |= u64::from(byte & 0x7f) << (7 * i);
            if byte & 0x80 == 0 {
                self.0 = self.0.get(i + 1..).unwrap_or_default();
                return Ok(number);
            }
        }
        Err(StoreError::Damaged("a list of numbers breaks off".into()))
    }

    /// The next signed number.
    pub(super) fn take_signed(&mut self) -> Result<i64> {
        let number = self.take()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_size_come_back() {
        let numbers = [0, 1, 127, 128, 16_383, 16_384, u64::MAX];
        let signed = [0, -1, 1, i64::MIN, i64::MAX, -1_700_000_000_000];
        let mut bytes = Vec::new();
        for n in numbers {
            put(&mut bytes, n);
        }
        for n in signed {
            put_signed(&mut bytes, n);
        }
        let mut reader = Numbers(&bytes);
        for n in numbers {
            assert_eq!(reader.take().unwrap(), n);
        }
        for n in signed {
            assert_eq!(reader.take_signed().unwrap(), n);
        }
        assert!(reader.is_empty());
        assert!(Numbers(&[0x80]).take().is_err());
    }
}
