//! The identities of every record in arrival order: what linking again is fed with.

use std::io;
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use rusqlite::params;
use zstd::bulk::Compressor;

use super::codec::{Numbers, put, put_signed};
use super::{IdentitySet, Result, StoreError, View, Writer};
use crate::model::{BatchId, IdentityId, Moment, Refusal, SourceLine};

/// How many records share a row of the table: of rows that are larger, fewer fill a page.
pub(super) const RECORDS_A_ROW: usize = 256;

/// Rows that may wait to be packed.
const ROWS_WAITING: usize = 64;

/// How hard they are packed.
const LEVEL: i32 = 1;

/// The identities that one record named for linking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The batch.
    pub batch: BatchId,
    /// The record's place in it, from 1.
    pub row: u64,
    /// Where it stood in its source.
    pub line: SourceLine,
    /// The event's own time, or the record's where it has one: `resolve --order event-time` goes by it.
    pub time: Option<Moment>,
    /// Its identities in the order in which it named them, without exact duplicates.
    pub identities: Vec<IdentityId>,
}

/// Gathers the observations of a batch and writes them many to a row.
pub struct ObservationLog {
    batch: BatchId,
    last: (u64, u64, i64),
    held: Gathered,
    packing: Option<Packing>,
}

impl ObservationLog {
    /// The log of a batch.
    pub fn new(batch: BatchId) -> ObservationLog {
        ObservationLog {
            batch,
            last: (0, 0, 0),
            held: Gathered::default(),
            packing: None,
        }
    }

    /// Adds a record; rows come in order.
    pub fn add(
        &mut self,
        writer: &Writer,
        row: u64,
        line: SourceLine,
        time: Option<Moment>,
        identities: &[IdentityId],
    ) -> Result<()> {
        // Only now it is certain that there are several, and worth a thread.
        if self.held.records >= RECORDS_A_ROW {
            self.hand_over(writer)?;
        }
        let held = &mut self.held;
        if held.records == 0 {
            held.first_row = row;
            self.last = (row, 0, 0);
        }
        self.last = write(&mut held.bytes, self.last, (row, line, time), identities);
        held.records += 1;
        Ok(())
    }

    /// Has a full row packed, and writes those that are.
    fn hand_over(&mut self, writer: &Writer) -> Result<()> {
        let full = self.held.take();
        let packing = match self.packing.take() {
            Some(packing) => packing,
            None => Packing::begin()?,
        };
        let packing = self.packing.insert(packing);
        packing.give(full)?;
        while let Ok(packed) = packing.packed.try_recv() {
            put_row(writer, self.batch, &packed?)?;
        }
        Ok(())
    }

    /// Writes what is left.
    pub fn flush(&mut self, writer: &Writer) -> Result<()> {
        if let Some(packing) = self.packing.take() {
            drop(packing.full);
            for packed in packing.packed {
                put_row(writer, self.batch, &packed?)?;
            }
            // One that ended early packed less than it was given.
            packing.thread.join().map_err(|_| stopped())?;
        }
        if self.held.records > 0 {
            let packed = self.held.take().pack(&mut packer()?)?;
            put_row(writer, self.batch, &packed)?;
        }
        Ok(())
    }
}

/// Records that make a row of the table.
#[derive(Default)]
struct Gathered {
    first_row: u64,
    records: usize,
    bytes: Vec<u8>,
}

impl Gathered {
    /// Takes what there is, and leaves room for as much.
    fn take(&mut self) -> Gathered {
        let empty = Gathered {
            bytes: Vec::with_capacity(self.bytes.len()),
            ..Gathered::default()
        };
        std::mem::replace(self, empty)
    }

    fn pack(mut self, packer: &mut Compressor<'_>) -> Result<Gathered> {
        self.bytes = packer
            .compress(&self.bytes)
            .map_err(|error| failed(&error))?;
        Ok(self)
    }
}

/// Rows that are packed on a thread of their own, in the order in which they come.
struct Packing {
    full: Sender<Gathered>,
    packed: Receiver<Result<Gathered>>,
    thread: JoinHandle<()>,
}

impl Packing {
    fn begin() -> Result<Packing> {
        let (full, waiting) = bounded::<Gathered>(ROWS_WAITING);
        // Whoever gives one takes what is ready, so that no more than these are ever there.
        let (done, packed) = unbounded();
        let mut packer = packer()?;
        let thread = thread::Builder::new().name("log".into());
        let work = move || {
            for row in waiting {
                // A log that was given up needs none.
                let _ = done.send(row.pack(&mut packer));
            }
        };
        Ok(Packing {
            full,
            packed,
            thread: thread.spawn(work).map_err(|error| failed(&error))?,
        })
    }

    fn give(&self, row: Gathered) -> Result<()> {
        self.full.send(row).map_err(|_| stopped())
    }
}

fn packer() -> Result<Compressor<'static>> {
    Compressor::new(LEVEL).map_err(|error| failed(&error))
}

fn stopped() -> StoreError {
    failed(&io::Error::other("the thread that packs has stopped"))
}

fn failed(error: &io::Error) -> StoreError {
    StoreError::Damaged(format!("cannot pack observations: {error}"))
}

fn put_row(writer: &Writer, batch: BatchId, row: &Gathered) -> Result<()> {
    let key = u64::from(batch.0) << 32 | row.first_row;
    writer
        .view()
        .conn
        .prepare_cached("INSERT INTO observation (key, rows, bytes) VALUES (?1, ?2, ?3)")?
        .execute(params![key, row.records, row.bytes])?;
    Ok(())
}

impl View<'_> {
    /// Goes through the observations of a batch in arrival order.
    pub fn each_observation(
        &self,
        batch: BatchId,
        visit: impl FnMut(Observation) -> Result<()>,
    ) -> Result<()> {
        self.observations_where(batch, |_| true, visit)
    }

    /// The same of those that name one of these identities.
    pub fn each_observation_naming(
        &self,
        batch: BatchId,
        wanted: &IdentitySet,
        visit: impl FnMut(Observation) -> Result<()>,
    ) -> Result<()> {
        self.observations_where(batch, |id| wanted.contains(id), visit)
    }

    fn observations_where(
        &self,
        batch: BatchId,
        mut is_wanted: impl FnMut(IdentityId) -> bool,
        mut visit: impl FnMut(Observation) -> Result<()>,
    ) -> Result<()> {
        let from = u64::from(batch.0) << 32;
        let mut statement = self.conn.prepare_cached(
            "SELECT key, rows, bytes
             FROM observation
             WHERE key BETWEEN :from AND :to
             ORDER BY key",
        )?;
        let mut rows = statement.query([from, from | 0xffff_ffff])?;
        while let Some(row) = rows.next()? {
            let key: u64 = row.get(0)?;
            let packed = row.get_ref(2)?.as_blob().unwrap_or_default();
            let bytes = self.codecs.borrow_mut().unpack(self.conn, 0, packed)?;
            unpack(key, &bytes, &mut is_wanted, &mut visit)?;
        }
        Ok(())
    }

    /// The refusals of a batch, by line.
    pub fn refusals(&self, batch: BatchId) -> Result<Vec<(SourceLine, Refusal)>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT line, detail FROM refusal WHERE batch = :batch ORDER BY line, n",
        )?;
        let rows = statement.query_map([batch.0], |row| {
            Ok((SourceLine::unpack(row.get(0)?), row.get::<_, String>(1)?))
        })?;
        rows.map(|row| {
            let (line, detail) = row?;
            let refusal = serde_json::from_str(&detail)
                .map_err(|error| StoreError::Damaged(format!("a refusal: {error}")))?;
            Ok((line, refusal))
        })
        .collect()
    }
}

/// Packs observations that are in order, as the log does.
pub(super) fn pack(records: &[Observation]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut last = (records.first().map_or(0, |first| first.row), 0, 0);
    for record in records {
        last = write(
            &mut bytes,
            last,
            (record.row, record.line, record.time),
            &record.identities,
        );
    }
    bytes
}

/// Appends a record, given the numbers of the one before; gives its own.
fn write(
    bytes: &mut Vec<u8>,
    (last_row, last_line, last_time): (u64, u64, i64),
    (row, line, time): (u64, SourceLine, Option<Moment>),
    identities: &[IdentityId],
) -> (u64, u64, i64) {
    put(bytes, row - last_row);
    put_signed(bytes, line.packed().wrapping_sub(last_line) as i64);
    put(
        bytes,
        (identities.len() as u64) << 1 | u64::from(time.is_some()),
    );
    if let Some(time) = time {
        put_signed(bytes, time.0.wrapping_sub(last_time));
    }
    for id in identities {
        put(bytes, u64::from(id.0));
    }
    (row, line.packed(), time.map_or(last_time, |time| time.0))
}

/// Visits the records that name someone who is wanted; all of them, those that name nobody too, where everyone is.
pub(super) fn unpack(
    key: u64,
    bytes: &[u8],
    is_wanted: &mut impl FnMut(IdentityId) -> bool,
    visit: &mut impl FnMut(Observation) -> Result<()>,
) -> Result<()> {
    let batch = BatchId((key >> 32) as u32);
    let mut row = key & 0xffff_ffff;
    let (mut line, mut time) = (0u64, 0i64);
    let mut named = Vec::new();
    let mut numbers = Numbers(bytes);
    while !numbers.is_empty() {
        row += numbers.take()?;
        line = line.wrapping_add(numbers.take_signed()? as u64);
        let count = numbers.take()?;
        let at = if count & 1 == 1 {
            time = time.wrapping_add(numbers.take_signed()?);
            Some(Moment(time))
        } else {
            None
        };
        named.clear();
        let mut is_concerned = count >> 1 == 0;
        for _ in 0..count >> 1 {
            let id = IdentityId(numbers.take()? as u32);
            is_concerned |= is_wanted(id);
            named.push(id);
        }
        if !is_concerned {
            continue;
        }
        visit(Observation {
            batch,
            row,
            line: SourceLine::unpack(line),
            time: at,
            identities: named.clone(),
        })?;
    }
    Ok(())
}

impl Writer {
    /// Remembers what of a row took no part in linking.
    pub fn put_refusal(
        &self,
        batch: BatchId,
        line: SourceLine,
        n: usize,
        refusal: &Refusal,
    ) -> Result<()> {
        let detail = serde_json::to_string(refusal).unwrap_or_default();
        self.view()
            .conn
            .prepare_cached(
                "INSERT OR REPLACE INTO refusal (batch, line, n, detail)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![batch.0, line.packed(), n, detail])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_in_order_however_many_rows_they_make() {
        let row = RECORDS_A_ROW as u64;
        for count in [0, 1, row - 1, row, row + 1, 2 * row, 5 * row + 7] {
            let folder = tempfile::tempdir().unwrap();
            let writer = Writer::open_or_create(&folder.path().join("s.db"), "test").unwrap();
            let observation = |n: u64| Observation {
                batch: BatchId(3),
                row: n + 1,
                line: SourceLine { file: 1, line: n },
                time: n.is_multiple_of(3).then_some(Moment(n as i64)),
                identities: (0..n % 4).map(|id| IdentityId(id as u32 + 1)).collect(),
            };
            let expected: Vec<_> = (0..count).map(observation).collect();
            let mut log = ObservationLog::new(BatchId(3));
            for own in &expected {
                log.add(&writer, own.row, own.line, own.time, &own.identities)
                    .unwrap();
            }
            log.flush(&writer).unwrap();
            let mut all = Vec::new();
            let visit = |observation| {
                all.push(observation);
                Ok(())
            };
            writer.view().each_observation(BatchId(3), visit).unwrap();
            assert!(all == expected, "{count}");
            let rows = "SELECT count(*), coalesce(max(rows), 0) FROM observation";
            let (rows, most): (u64, u64) = writer
                .view()
                .conn
                .query_row(rows, [], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap();
            assert_eq!(rows, count.div_ceil(row), "{count}");
            assert!(most <= row);
        }
    }
}
