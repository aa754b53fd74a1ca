//! Whether the disk has room for what an import will write, before any of it is written.

use std::path::Path;

use super::{ImportError, Plan, Result};
use crate::ingest::input::Compression;
use crate::store::free_space;

/// How much text a packed file holds at least, for sources that repeat themselves as these do.
const TIMES_PACKED: u64 = 5;

/// Rows are sorted in memory up to about this many bytes, and on disk beyond.
const SORTED_IN_MEMORY: u64 = 64 << 20;

/// Refuses an import that would fill the disk: better now than after an hour.
pub(super) fn look(store: &Path, plan: &Plan) -> Result<()> {
    let Some(have) = free_space(store) else {
        return Ok(());
    };
    refuse(text_bytes(plan), have, store)
}

/// About as many bytes as the planned files have as text, where that is known.
fn text_bytes(plan: &Plan) -> u64 {
    let files = plan.datasets.iter().flat_map(|dataset| &dataset.files);
    files
        .map(|file| {
            let bytes = file.bytes.unwrap_or(0);
            match file.compression {
                Compression::None => bytes,
                _ => bytes.saturating_mul(TIMES_PACKED),
            }
        })
        .fold(0, u64::saturating_add)
}

fn refuse(text: u64, have: u64, store: &Path) -> Result<()> {
    let stored = text / 5 * 2;
    let sorted = if text > SORTED_IN_MEMORY { text } else { 0 };
    let need = stored.saturating_add(sorted);
    if need <= have {
        return Ok(());
    }
    let folder = store
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    Err(ImportError::NoRoom {
        need: megabytes(need),
        have: megabytes(have),
        folder: folder.unwrap_or(Path::new(".")).to_owned(),
    })
}

/// Rounded up, so that a little is never nothing.
fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_that_finds_no_room_is_refused_in_one_sentence() {
        let check = |text: u64, have: u64, expected: Option<&str>| {
            let refused = refuse(text, have, Path::new("shop/store.db")).err();
            let sentence = refused.map(|error| error.to_string());
            assert_eq!(sentence.as_deref(), expected, "{text} {have}");
        };
        check(0, 0, None);
        check(10_000_000, 4_000_000, None);
        check(
            10_000_000,
            3_000_000,
            Some(
                "the import needs about 4 MB in shop, and 3 MB are free there; make room, or name a store on another disk with --store",
            ),
        );
        check(
            1_000_000_000,
            1_399_000_001,
            Some(
                "the import needs about 1400 MB in shop, and 1400 MB are free there; make room, or name a store on another disk with --store",
            ),
        );
        check(1_000_000_000, 1_400_000_000, None);
        check(u64::MAX, u64::MAX, None);
    }
}
