//! Events of the store by what the heads of their blocks say, for asking of each where it belongs.

use std::ops::RangeInclusive;

use super::events::{bounds, identity_of};
use super::{EventPlace, Result, View, block_head, blocks};
use crate::model::{BatchId, DatasetId, IdentityId, Moment, SourceLine};

/// Where an event lies and where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventOrigin {
    /// Its primary identity.
    pub identity: IdentityId,
    /// The dataset.
    pub dataset: DatasetId,
    /// The batch that brought it.
    pub batch: BatchId,
    /// Where in the batch it stood.
    pub line: SourceLine,
    /// When it happened.
    pub timestamp: Moment,
    /// Where it lies.
    pub at: EventPlace,
    /// Another version of it has come.
    pub is_replaced: bool,
}

impl View<'_> {
    /// Goes through all events of these identities, replaced ones too, in the order of their primary identities; no body is
    /// opened.
    pub fn each_event_origin<E: From<super::StoreError>>(
        &self,
        identities: &RangeInclusive<IdentityId>,
        mut visit: impl FnMut(EventOrigin) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT key, dataset, batch, first, replaced, head
             FROM event_block
             WHERE key BETWEEN :from AND :to
             ORDER BY key",
            )
            .map_err(super::StoreError::from)?;
        let (from, _) = bounds(*identities.start());
        let (_, to) = bounds(*identities.end());
        let mut rows = statement
            .query([from, to])
            .map_err(super::StoreError::from)?;
        while let Some(row) = rows.next().map_err(super::StoreError::from)? {
            for origin in origins(row)? {
                visit(origin)?;
            }
        }
        Ok(())
    }

    /// The bodies of the events of a block, in time order.
    pub fn event_bodies(&self, block: i64) -> Result<Vec<String>> {
        let catalog = self.catalog()?;
        let opened = self.open_block(block, &catalog)?;
        Ok(opened.into_iter().map(|(_, body)| body).collect())
    }
}

fn origins(row: &rusqlite::Row<'_>) -> Result<Vec<EventOrigin>> {
    let block: i64 = row.get(0)?;
    let (dataset, batch) = (DatasetId(row.get(1)?), BatchId(row.get(2)?));
    let replaced = row.get_ref(4)?.as_blob_or_null().unwrap_or_default();
    let replaced: Vec<usize> = blocks::replaced(replaced.unwrap_or_default())
        .map(|(place, _)| place)
        .collect();
    let head = row.get_ref(5)?.as_blob().unwrap_or_default();
    let heads = block_head::heads(Moment(row.get(3)?), head)?;
    let origin = |(place, (head, _)): (usize, (block_head::Head, usize))| EventOrigin {
        identity: identity_of(block),
        dataset,
        batch,
        line: head.line,
        timestamp: head.timestamp,
        at: EventPlace::new(block, place as u32),
        is_replaced: replaced.contains(&place),
    };
    Ok(heads.into_iter().enumerate().map(origin).collect())
}
