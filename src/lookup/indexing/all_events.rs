//! What every identity has of events, while an index is made of all of them: looked up cluster by cluster, the pages that events
//! lie on would be read over and over.

use std::sync::atomic::{AtomicU32, Ordering};

use super::{Progress, Work, on_threads};
use crate::lookup::error::Result;
use crate::model::IdentityId;
use crate::store::{EventSum, EventSums, View};

/// Identities that a thread takes at a time.
const STRETCH: u32 = 1 << 16;

/// What identities have of events.
#[derive(Default)]
pub(super) struct AllEvents {
    /// Of each stretch of identities; none where each is looked up when it is asked for.
    stretches: Vec<EventSums>,
}

impl AllEvents {
    /// Sums up the events of all identities.
    pub(super) fn gather(
        work: &Work<'_>,
        progress: &Progress<'_>,
        threads: usize,
    ) -> Result<AllEvents> {
        let next = AtomicU32::new(0);
        let gathered = on_threads(threads, || {
            work.read(|view| {
                let last = view.last_identity()? / STRETCH;
                let mut own = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number > last {
                        return Ok(own);
                    }
                    work.tell(progress, 0)?;
                    let first = number * STRETCH;
                    let stretch = IdentityId(first)..=IdentityId(first + (STRETCH - 1));
                    own.push((number, view.event_sums(stretch)?));
                }
            })
        })?;
        let mut stretches: Vec<_> = gathered.into_iter().flatten().collect();
        stretches.sort_by_key(|(number, _)| *number);
        Ok(AllEvents {
            stretches: stretches.into_iter().map(|(_, sums)| sums).collect(),
        })
    }

    /// What an identity has, dataset by dataset.
    pub(super) fn of(&self, view: View<'_>, identity: IdentityId) -> Result<Vec<EventSum>> {
        let stretch = self.stretches.get((identity.0 / STRETCH) as usize);
        Ok(match stretch {
            Some(sums) => sums.of(identity)?,
            None => view.event_sums(identity..=identity)?.of(identity)?,
        })
    }
}
