//! What packs bodies under the dictionaries that were used last: making one takes longer than packing a body.

use std::cell::RefCell;

use super::codec::{BodyWriter, DictionaryId, dictionary};
use super::{Result, StoreError, Writer};
use crate::model::BatchId;

/// So many are kept; each takes about a megabyte.
const KEPT: usize = 8;

/// Packers by the numbers of their dictionaries, the last used first.
#[derive(Default)]
pub(super) struct Packers(RefCell<Vec<(DictionaryId, BodyWriter)>>);

impl Packers {
    /// Lets go of all: a dictionary went, and another may come under its number.
    pub fn forget(&self) {
        self.0.borrow_mut().clear();
    }
}

impl Writer {
    /// Works with what packs bodies as those of this batch are packed.
    pub(super) fn with_packer<T>(
        &self,
        batch: BatchId,
        work: impl FnOnce(&mut BodyWriter) -> Result<T>,
    ) -> Result<T> {
        let number = self.view().catalog()?.batch(batch)?.dictionary;
        let known = {
            let mut kept = self.packers.0.borrow_mut();
            let place = kept.iter().position(|(own, _)| *own == number);
            place.map(|place| kept.remove(place).1)
        };
        let mut packer = match known {
            Some(packer) => packer,
            None => BodyWriter::new(&dictionary(self.view().conn, number)?).map_err(cannot_pack)?,
        };
        let done = work(&mut packer);
        let mut kept = self.packers.0.borrow_mut();
        kept.insert(0, (number, packer));
        kept.truncate(KEPT);
        done
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
pub(super) fn cannot_pack(error: std::io::Error) -> StoreError {
    StoreError::Refused(format!("a body cannot be packed: {error}"))
}
