//! Numbers in bytes: columns of a fixed width, and lists in steps of a variable one.

use std::sync::Arc;

/// A part of a file in memory.
pub(super) type Bytes = Arc<Vec<u8>>;

/// A column of 32-bit numbers inside some bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Column {
    bytes: Bytes,
    from: usize,
    len: usize,
}

impl Column {
    /// The column of so many numbers that begins at a byte; shorter where the bytes end before it.
    pub fn at(bytes: &Bytes, from: usize, len: usize) -> Column {
        let room = bytes.len().saturating_sub(from) / 4;
        Column {
            bytes: Arc::clone(bytes),
            from,
            len: len.min(room),
        }
    }

    /// All of these bytes.
    pub fn of(bytes: &Bytes) -> Column {
        Column::at(bytes, 0, usize::MAX)
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn get(&self, at: usize) -> u32 {
        let from = self.from + at * 4;
        let bytes = self.bytes.get(from..from + 4);
        let number = bytes.and_then(|bytes| bytes.try_into().ok());
        number.map_or(0, u32::from_le_bytes)
    }

    /// The numbers of these places.
    pub fn range(&self, from: usize, to: usize) -> impl Iterator<Item = u32> + '_ {
        let to = to.min(self.len);
        let (start, end) = (self.from + from.min(to) * 4, self.from + to * 4);
        let bytes = self.bytes.get(start..end).unwrap_or_default();
        bytes.chunks_exact(4).map(|four| {
            let number = four.try_into();
            number.map_or(0, u32::from_le_bytes)
        })
    }

    /// The first place whose number does not pass, of a column in which those that pass stand first.
    pub fn partition(
        &self,
        mut low: usize,
        mut high: usize,
        passes: impl Fn(u32) -> bool,
    ) -> usize {
        while low < high {
            let middle = low + (high - low) / 2;
            if passes(self.get(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// Moments, eight bytes each.
#[derive(Clone, Debug, Default)]
pub(super) struct Moments(pub Bytes);

impl Moments {
    /// `None` stands for no moment.
    pub fn get(&self, at: u32) -> Option<i64> {
        let from = at as usize * 8;
        let bytes = self.0.get(from..from + 8)?;
        let number = i64::from_le_bytes(bytes.try_into().ok()?);
        (number != i64::MIN).then_some(number)
    }
}

/// Appends a number in groups of seven bits, lowest first.
pub(super) fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads the numbers that [`put`] wrote; what breaks off ends the list.
pub(super) struct Steps<'a>(pub std::slice::Iter<'a, u8>);

impl Iterator for Steps<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let first = *self.0.next()?;
        if first < 0x80 {
            return Some(u64::from(first));
        }
        let mut number = u64::from(first & 0x7f);
        let mut shift = 7;
        loop {
            let byte = *self.0.next()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }
}
