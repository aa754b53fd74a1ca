//! Putting blocks of events in.

use super::blocks::{self, Block, NewEvent, pack_block};
use super::codec::BodyWriter;
use super::events::bounds;
use super::many::ManyRows;
use super::{Result, Writer};
use crate::model::{BatchId, DatasetId, IdentityId};

/// Puts blocks of events in.
pub struct BlockInsert<'w> {
    writer: &'w Writer,
    rows: ManyRows<'w>,
}

/// A block and where it belongs: the `n`th of an identity, of this dataset and batch.
pub struct PlacedBlock<'b> {
    /// The identity.
    pub identity: IdentityId,
    /// Its place among the blocks of the identity, from 0.
    pub n: u32,
    /// The dataset and the batch.
    pub into: (DatasetId, BatchId),
    /// The block.
    pub block: &'b Block,
}

impl PlacedBlock<'_> {
    fn key(&self) -> i64 {
        bounds(self.identity).0 | i64::from(self.n)
    }
}

impl BlockInsert<'_> {
    /// Keeps blocks.
    pub fn put(&mut self, blocks: &[PlacedBlock<'_>]) -> Result<()> {
        self.rows.put(blocks, |columns, placed| {
            let block = placed.block;
            columns.next(placed.key())?;
            columns.next(placed.into.0.0)?;
            columns.next(placed.into.1.0)?;
            columns.next(block.first.0)?;
            columns.next(block.last.0.wrapping_sub(block.first.0))?;
            columns.next(block.events)?;
            columns.next(blocks::outdated(&block.outdated))?;
            columns.next(block.head.as_slice())?;
            columns.next(block.marks.as_slice())?;
            columns.next(block.bodies.as_slice())
        })?;
        for placed in blocks {
            self.writer.touch_identity(placed.identity);
            self.writer
                .put_repeats(placed.key(), &placed.block.repeats)?;
        }
        Ok(())
    }
}

impl Writer {
    /// What blocks of events are put in with, many at a time.
    pub fn block_insert(&self) -> Result<BlockInsert<'_>> {
        let rows = ManyRows::new(
            self.view().conn,
            "INSERT INTO event_block
                 (key, dataset, batch, first, lasting, events, replaced, head, marks, bodies)",
            10,
            "",
        )?;
        Ok(BlockInsert { writer: self, rows })
    }

    /// Keeps events of one identity, dataset and batch, in time order, as blocks from the `n`th on; gives how many.
    pub fn put_events(
        &self,
        identity: IdentityId,
        n: u32,
        into: (DatasetId, BatchId),
        mut events: &[NewEvent<'_>],
        bodies: &mut BodyWriter,
    ) -> Result<u32> {
        let mut insert = self.block_insert()?;
        let mut made = 0;
        while !events.is_empty() {
            let (block, rest) = events.split_at(blocks::block_length(events));
            insert.put(&[PlacedBlock {
                identity,
                n: n + made,
                into,
                block: &pack_block(block, bodies)?,
            }])?;
            made += 1;
            events = rest;
        }
        Ok(made)
    }
}
