//! What every identity has of events, while an index is made of all of them: looked up cluster by cluster, the pages that events
//! lie on would be read over and over.

use super::{Progress, Work};
use crate::lookup::error::{LookupError, Result};
use crate::model::IdentityId;
use crate::store::{EventSum, EventSums, View, read_in_parts, stretch_of, stretches};

/// What identities have of events.
#[derive(Default)]
pub(super) struct AllEvents {
    /// Of each stretch of identities; none where each is looked up when it is asked for.
    stretches: Vec<EventSums>,
}

impl AllEvents {
    /// Sums up the events of all identities.
    pub(super) fn gather(work: &Work<'_>, progress: &Progress<'_>) -> Result<AllEvents> {
        let last = work.read(|view| Ok(view.last_identity()?))?;
        let parts: Vec<_> = stretches(last).collect();
        let stretches = read_in_parts(work.store, &parts, |view, stretch| {
            work.check(view)?;
            work.tell(progress, 0)?;
            Ok::<_, LookupError>(view.event_sums(stretch.clone())?)
        })?;
        Ok(AllEvents { stretches })
    }

    /// What an identity has, dataset by dataset.
    pub(super) fn of(&self, view: View<'_>, identity: IdentityId) -> Result<Vec<EventSum>> {
        Ok(match self.stretches.get(stretch_of(identity)) {
            Some(sums) => sums.of(identity)?,
            None => view.event_sums(identity..=identity)?.of(identity)?,
        })
    }
}
