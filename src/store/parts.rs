//! Reading a store part by part, on all cores.

use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{Reader, StoreError, View};
use crate::model::IdentityId;

/// Connections at most: each has a cache of its own.
const MOST_THREADS: usize = 8;

/// Identities of a stretch.
const STRETCH: u32 = 1 << 16;

/// All identities up to the last, some that follow each other at a time.
pub fn stretches(last: u32) -> impl Iterator<Item = RangeInclusive<IdentityId>> {
    (0..=last / STRETCH).map(|number| {
        let first = number * STRETCH;
        IdentityId(first)..=IdentityId(first + (STRETCH - 1))
    })
}

/// The number of the stretch that an identity lies in.
pub fn stretch_of(identity: IdentityId) -> usize {
    (identity.0 / STRETCH) as usize
}

/// Asks the same of each part, over several connections, and gives the answers in the order of the parts.
///
/// What is not committed is not seen. Every connection reads a snapshot of its own. The first error ends all.
pub fn read_in_parts<P, T, E>(
    store: &Path,
    parts: &[P],
    question: impl Fn(View<'_>, &P) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E>
where
    P: Sync,
    T: Send,
    E: From<StoreError> + Send,
{
    let next = AtomicUsize::new(0);
    let read = || {
        let mut answers = Vec::new();
        let reader = Reader::open(store)?;
        reader.snapshot(|view| {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(part) = parts.get(number) else {
                    return Ok(answers);
                };
                let answer = question(view, part).inspect_err(|_| {
                    // The others need not begin another part.
                    next.store(parts.len(), Ordering::Relaxed);
                })?;
                answers.push((number, answer));
            }
        })
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.min(MOST_THREADS).min(parts.len());
    let read: Vec<Result<Vec<(usize, T)>, E>> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(read)).collect();
        let ended = running.into_iter().map(thread::ScopedJoinHandle::join);
        ended
            .map(|ended| ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut answers = Vec::with_capacity(parts.len());
    for read in read {
        answers.extend(read?);
    }
    answers.sort_by_key(|(number, _)| *number);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Total, Writer};

    #[test]
    fn answers_come_in_the_order_of_the_parts_and_an_error_ends_all() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store.db");
        Writer::open_or_create(&store, "test")
            .unwrap()
            .commit()
            .unwrap();
        let parts: Vec<u64> = (0..500).collect();
        let twice = |view: View<'_>, part: &u64| {
            let nobody = view.total(Total::Identities)?;
            Ok::<_, StoreError>(nobody + part * 2)
        };
        let expected: Vec<u64> = parts.iter().map(|part| part * 2).collect();
        assert_eq!(read_in_parts(&store, &parts, twice).unwrap(), expected);
        let none = read_in_parts(&store, &[], twice).unwrap();
        assert!(none.is_empty());
        let failing = |view: View<'_>, part: &u64| match part {
            7 => Err(StoreError::Interrupted),
            _ => twice(view, part),
        };
        let failed = read_in_parts(&store, &parts, failing);
        assert!(matches!(failed, Err(StoreError::Interrupted)));
        let nowhere = folder.path().join("nowhere.db");
        assert!(read_in_parts(&nowhere, &parts, twice).is_err());
    }
}
