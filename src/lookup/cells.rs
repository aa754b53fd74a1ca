//! What the columns that somebody chose say of the profiles that can be seen.

use super::error::Result;
use super::events::Timeline;
use super::fields::attribute;
use super::profile::profile;
use crate::model::{Cells, CellsAnswer, Identity, MergePolicy, Moment, Path, ProfileAnswer};
use crate::store::View;

/// Months of the small chart.
const MONTHS: usize = 12;

/// A twelfth of a year, in milliseconds.
const MONTH: i64 = 365 * 86_400_000 / 12;

/// Events beyond which the small chart is not drawn: it is not worth the time.
const MOST_EVENTS: u64 = 200_000;

/// What columns are wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// Attributes, each by its path or the end of it.
    pub paths: Vec<Path>,
    /// The moment up to which the months of activity are counted, where they are wanted.
    pub activity: Option<Moment>,
}

/// What the columns say of these profiles; whom the policy does not show is left out.
pub fn cells(
    view: View<'_>,
    identities: &[Identity],
    columns: &Columns,
    policy: &MergePolicy,
) -> Result<CellsAnswer> {
    let mut answer = CellsAnswer::default();
    for identity in identities {
        view.go_on()?;
        let Ok(found) = profile(view, identity, policy, Moment::MAX)? else {
            continue;
        };
        let entity = &found.profile.entity;
        let values = columns
            .paths
            .iter()
            .map(|path| attribute(entity, path).cloned());
        let cells = Cells {
            values: values.collect(),
            activity: match columns.activity {
                Some(until) => activity(view, &found, until, policy)?,
                None => Vec::new(),
            },
        };
        answer.rows.push((identity.clone(), cells));
    }
    Ok(answer)
}

fn activity(
    view: View<'_>,
    found: &ProfileAnswer,
    until: Moment,
    policy: &MergePolicy,
) -> Result<Vec<u64>> {
    let mut months = vec![0; MONTHS];
    let since = until.0.saturating_sub(MONTH * MONTHS as i64);
    let is_quiet = found.last_event.is_none_or(|last| last.0 < since);
    if is_quiet || found.event_count > MOST_EVENTS {
        return Ok(months);
    }
    if let Ok(mut timeline) = Timeline::open(view, &found.requested, policy, Moment::MAX)? {
        timeline.between(Moment(since), until);
        for moment in timeline.moments() {
            let month = (moment.0 - since) / MONTH;
            if let Some(count) = months.get_mut(usize::try_from(month).unwrap_or(MONTHS)) {
                *count += 1;
            }
        }
    }
    Ok(months)
}
