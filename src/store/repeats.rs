//! Rows that repeated an event and stored nothing of their own: what comes back when the event's batch goes.

use rusqlite::{OptionalExtension, params};

use super::codec::{Numbers, put};
use super::{EventPlace, Result, View, Writer};
use crate::model::{BatchId, SourceLine};

/// A row that said what an event says already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repeat {
    /// Its batch.
    pub batch: BatchId,
    /// Its place in the batch, from 1.
    pub row: u64,
    /// Where it stood in its source.
    pub line: SourceLine,
}

/// Appends a repetition of the event at this place of a block.
fn write(bytes: &mut Vec<u8>, place: u32, repeat: &Repeat) {
    put(bytes, u64::from(place));
    put(bytes, u64::from(repeat.batch.0));
    put(bytes, repeat.row);
    put(bytes, repeat.line.packed());
}

fn read(bytes: &[u8]) -> Result<Vec<(u32, Repeat)>> {
    let mut numbers = Numbers(bytes);
    let mut repeats = Vec::new();
    while !numbers.is_empty() {
        let place = numbers.take()? as u32;
        let repeat = Repeat {
            batch: BatchId(numbers.take()? as u32),
            row: numbers.take()?,
            line: SourceLine::unpack(numbers.take()?),
        };
        repeats.push((place, repeat));
    }
    Ok(repeats)
}

impl View<'_> {
    /// The repetitions of a block's events, by place; those of batches that are gone are still among them.
    pub(super) fn repeats_of(&self, block: i64) -> Result<Vec<(u32, Repeat)>> {
        let bytes: Option<Vec<u8>> = self
            .conn
            .prepare_cached("SELECT rows FROM event_repeat WHERE key = :key")?
            .query_row([block], |row| row.get(0))
            .optional()?;
        read(&bytes.unwrap_or_default())
    }
}

impl Writer {
    /// Notes the repetitions of the events of a new block.
    pub(super) fn put_repeats(&self, block: i64, repeats: &[(u32, Repeat)]) -> Result<()> {
        let mut bytes = Vec::new();
        for (place, repeat) in repeats {
            write(&mut bytes, *place, repeat);
        }
        self.append_repeats(block, &bytes)
    }

    /// Notes repetitions of stored events of one block; `events` is not empty and all of it lies in that block.
    pub fn repeat_events(&self, events: &[(EventPlace, Repeat)]) -> Result<()> {
        let mut bytes = Vec::new();
        for (at, repeat) in events {
            write(&mut bytes, at.place, repeat);
        }
        events
            .first()
            .map_or(Ok(()), |(at, _)| self.append_repeats(at.block, &bytes))
    }

    fn append_repeats(&self, block: i64, rows: &[u8]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        self.view()
            .conn
            .prepare_cached(
                "INSERT INTO event_repeat (key, rows)
                 VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET rows = CAST(rows || excluded.rows AS BLOB)",
            )?
            .execute(params![block, rows])?;
        Ok(())
    }

    /// Puts these repetitions in place of those that a block has.
    pub(super) fn set_repeats(&self, block: i64, repeats: &[(u32, Repeat)]) -> Result<()> {
        let mut bytes = Vec::new();
        for (place, repeat) in repeats {
            write(&mut bytes, *place, repeat);
        }
        self.view()
            .conn
            .prepare_cached("DELETE FROM event_repeat WHERE key = :key")?
            .execute([block])?;
        self.append_repeats(block, &bytes)
    }
}

impl EventPlace {
    /// The place of this number in a block of this key.
    pub fn new(block: i64, place: u32) -> EventPlace {
        EventPlace { block, place }
    }

    /// The key of the block, which sorts by identity.
    pub fn block(self) -> i64 {
        self.block
    }

    /// The place in the block.
    pub fn place(self) -> u32 {
        self.place
    }
}
