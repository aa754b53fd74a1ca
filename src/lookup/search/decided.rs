//! What the index decides of a query, each segment on a thread of its own.

use std::thread;

use super::Asked;
use crate::index::{self, Effort, Index, IndexError, Lens, Matches};
use crate::lookup::error::Result;
use crate::query::{Reach, Sort};
use crate::store::View;

/// What it decides by segment; the rest it leaves open.
pub(super) fn decided(
    view: View<'_>,
    index: &Index,
    asked: &Asked<'_>,
    reach: Reach,
    sort: Option<&Sort>,
    effort: Effort,
) -> Result<Vec<Matches>> {
    let lens = Lens::new(asked.policy, index.policy(), view.stop()).with(effort);
    let (lens, expr) = (&lens, &asked.query.expr);
    let found: Vec<_> = match index.segments() {
        [] => Vec::new(),
        [only] => vec![index::search(only, expr, reach, lens, sort)],
        several => thread::scope(|scope| {
            let running: Vec<_> = several
                .iter()
                .map(|segment| scope.spawn(move || index::search(segment, expr, reach, lens, sort)))
                .collect();
            let ended = running.into_iter();
            ended
                .map(|thread| thread.join().unwrap_or(Err(IndexError::Stopped)))
                .collect()
        }),
    };
    Ok(found.into_iter().collect::<std::result::Result<_, _>>()?)
}
