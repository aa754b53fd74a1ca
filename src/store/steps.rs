//! Lists of identities as the store keeps them: ascending, as the steps from one to the next.

use super::Result;
use super::codec::{Numbers, put};
use crate::model::IdentityId;

/// Ascending identities, packed in variable-length steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    first: u32,
    last: u32,
    pub(super) bytes: Vec<u8>,
}

impl Steps {
    /// Adds an identity that is none before the last; one that is in already stays as it is.
    pub fn add(&mut self, identity: IdentityId) {
        if self.bytes.is_empty() {
            self.first = identity.0;
        } else if self.last == identity.0 {
            return;
        }
        put(
            &mut self.bytes,
            u64::from(identity.0.saturating_sub(self.last)),
        );
        self.last = identity.0;
    }

    /// Adds all of another list, none of which is before the last.
    pub fn append(&mut self, later: &Steps) {
        let Some(rest) = later.after_first() else {
            return;
        };
        self.add(IdentityId(later.first));
        self.bytes.extend(rest);
        self.last = later.last;
    }

    /// A list that is packed already, and that nothing is added to.
    pub(super) fn of_bytes(bytes: Vec<u8>) -> Steps {
        Steps {
            bytes,
            ..Steps::default()
        }
    }

    /// How many bytes it takes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nobody is in.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The steps behind that to the first identity; `None` where there is none.
    fn after_first(&self) -> Option<&[u8]> {
        let mut numbers = Numbers(&self.bytes);
        numbers.take().ok().map(|_| numbers.0)
    }

    /// Appends the list, so that [`Steps::read`] has it back.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.first.to_le_bytes());
        bytes.extend(self.last.to_le_bytes());
        bytes.extend(&self.bytes);
    }

    /// Reads what [`Steps::write`] wrote.
    pub fn read(bytes: &[u8]) -> Option<Steps> {
        let (first, rest) = bytes.split_first_chunk()?;
        let (last, rest) = rest.split_first_chunk()?;
        Some(Steps {
            first: u32::from_le_bytes(*first),
            last: u32::from_le_bytes(*last),
            bytes: rest.to_vec(),
        })
    }
}

pub(super) fn unpack(steps: &[u8], into: &mut Vec<IdentityId>) -> Result<()> {
    let mut numbers = Numbers(steps);
    let mut id = 0;
    while !numbers.is_empty() {
        id += numbers.take()? as u32;
        into.push(IdentityId(id));
    }
    Ok(())
}

/// Ascending identities as the steps between them.
pub(super) fn steps(identities: &[IdentityId]) -> Vec<u8> {
    let mut steps = Vec::with_capacity(identities.len());
    let mut last = 0;
    for id in identities {
        put(&mut steps, u64::from(id.0 - last));
        last = id.0;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_identities_are_the_same_in_one_piece_or_in_two() {
        let of = |ids: &[u32]| {
            let mut steps = Steps::default();
            for id in ids {
                steps.add(IdentityId(*id));
            }
            steps
        };
        for ids in [&[7][..], &[1, 2, 300, 70_000], &[0, 5, 5, 9, u32::MAX]] {
            let whole = of(ids);
            for (place, _) in ids.iter().enumerate() {
                let (front, back) = ids.split_at(place);
                let mut bytes = Vec::new();
                of(back).write(&mut bytes);
                let mut joined = of(front);
                joined.append(&Steps::read(&bytes).unwrap());
                assert_eq!(joined, whole, "{ids:?} at {place}");
            }
            let mut back = Vec::new();
            unpack(&whole.bytes, &mut back).unwrap();
            let mut expected: Vec<_> = ids.iter().map(|id| IdentityId(*id)).collect();
            expected.dedup();
            assert_eq!(back, expected);
        }
        assert!(Steps::read(&[1, 2, 3]).is_none());
    }
}
