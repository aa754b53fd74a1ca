//! Every document of an index, read from its digest on all threads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::error::Result;
use crate::index::{DigestReader, Doc, Docs, IndexError, Segment};

/// Gathers what `take` makes of every living document of a segment, by what it reads of its digest, a part a thread; ends where the
/// question is stale.
pub(super) fn gathered<T: Send>(
    segment: &Segment,
    stop: &AtomicBool,
    begin: impl Fn(&DigestReader<'_>) -> T + Sync,
    take: impl Fn(&mut T, &mut DigestReader<'_>, Doc) -> Result<()> + Sync,
) -> Result<Vec<T>> {
    let mut living = Docs::all(segment.len());
    living.drop(segment.dead());
    let mut docs: Vec<Doc> = living.iter().collect();
    let digests = segment.digests()?;
    docs.sort_by_cached_key(|doc| digests.place(*doc));
    let part = |docs: &[Doc]| -> Result<T> {
        let mut reader = segment.digests()?;
        let mut part = begin(&reader);
        for doc in docs {
            if stop.load(Ordering::Relaxed) {
                return Err(IndexError::Stopped.into());
            }
            take(&mut part, &mut reader, *doc)?;
        }
        Ok(part)
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (share, part) = (docs.len().div_ceil(threads).max(1), &part);
    thread::scope(|scope| {
        let running: Vec<_> = docs
            .chunks(share)
            .map(|docs| scope.spawn(move || part(docs)))
            .collect();
        let ended = running.into_iter().map(|thread| {
            let lost = |_| Err(IndexError::Stopped.into());
            thread.join().unwrap_or_else(lost)
        });
        ended.collect()
    })
}
