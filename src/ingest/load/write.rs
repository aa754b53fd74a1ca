//! Writing what an import has gathered: versions and events in the order of identities, then the rest.

use std::ops::ControlFlow;

use super::finish;
use super::leaves::Leaves;
use super::plot::Plot;
use super::repeats::Repeats;
use super::rows::{VersionRow, read_event};
use super::sort::{Key, Sorted};
use super::{ImportError, Result, Watch};
use crate::model::{BatchId, IdentityId, ImportProgress, Moment};
use crate::store::{NewEvent, NewVersion, StoreError, VersionKey, Writer};

/// Events of one identity that are held in memory at once; a multiple of what a block takes.
const EVENTS_AT_ONCE: usize = 8_000;

/// Rows between two reports.
const ROWS_A_REPORT: u64 = 4_096;

/// Writes everything.
pub(super) fn everything(writer: &Writer, mut plot: Plot<'_>, watch: &mut dyn Watch) -> Result<()> {
    let total = plot.rows;
    let mut report = Report {
        watch,
        rows: 0,
        total,
    };
    let folder = plot.folder.clone();
    let versions = std::mem::replace(&mut plot.versions, super::sort::Sorter::new(&folder));
    let mut leaves = Leaves::new(&folder);
    write_versions(&mut plot, versions.sorted()?, &mut leaves, &mut report)?;
    let events = std::mem::replace(&mut plot.events, super::sort::Sorter::new(&folder));
    write_events(&mut plot, events.sorted()?, &mut report)?;
    for (key, batch, line) in &plot.touched {
        writer.touch_version(*key, *batch, *line)?;
    }
    for (at, by) in &plot.replaced {
        writer.replace_event(*at, *by)?;
    }
    std::mem::replace(&mut plot.repeats, Repeats::new(&folder)).write(writer)?;
    report.stage("indexing")?;
    leaves.write(writer, plot.import)?;
    report.stage("linking")?;
    finish::people(writer, plot)
}

/// Tells the one who watches how far the writing is.
struct Report<'a> {
    watch: &'a mut dyn Watch,
    rows: u64,
    total: u64,
}

impl Report<'_> {
    fn row(&mut self) -> Result<()> {
        self.rows += 1;
        if self.rows.is_multiple_of(ROWS_A_REPORT) {
            self.stage("writing")?;
        }
        Ok(())
    }

    fn stage(&mut self, stage: &'static str) -> Result<()> {
        let progress = ImportProgress {
            stage,
            bytes: self.rows,
            total_bytes: self.total,
            rows: self.rows,
            ..ImportProgress::default()
        };
        match self.watch.progress(&progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(ImportError::Cancelled),
        }
    }
}

fn packing(error: &std::io::Error) -> ImportError {
    StoreError::Refused(format!("a body cannot be packed: {error}")).into()
}

fn write_versions(
    plot: &mut Plot<'_>,
    mut rows: Sorted,
    leaves: &mut Leaves,
    report: &mut Report<'_>,
) -> Result<()> {
    let writer = plot.writer;
    let (mut identity, mut n) = (0, 0);
    while let Some((key, row)) = rows.next()? {
        if key.group != identity {
            identity = key.group;
            n = plot.first_free_version(IdentityId(identity))?;
        }
        let version = VersionRow::read(&row)?;
        leaves.add(writer, IdentityId(identity), &version.body)?;
        let Some(batch) = plot.batches.get(key.part as usize) else {
            continue;
        };
        let Some(packer) = plot.packers.get_mut(batch.packer) else {
            continue;
        };
        let body = packer
            .pack(&version.body)
            .map_err(|error| packing(&error))?;
        let (batch, dataset) = (batch.id, batch.dataset);
        writer.put_version(&NewVersion {
            identity: IdentityId(identity),
            n,
            dataset,
            batch,
            line: version.line,
            operation: version.operation,
            customer_time: version.customer_time,
            secondary: &version.secondary,
            body: &body,
        })?;
        let stored = VersionKey::new(IdentityId(identity), n);
        for (batch, line) in plot.repeated.remove(&key.n).unwrap_or_default() {
            writer.touch_version(stored, batch, line)?;
        }
        n += 1;
        drop_older(plot, &rows, key)?;
        report.row()?;
    }
    Ok(())
}

/// Where a dataset keeps the newest version alone, the others go once the last of this import is in.
fn drop_older(plot: &Plot<'_>, rows: &Sorted, written: Key) -> Result<()> {
    let Some(batch) = plot.batches.get(written.part as usize) else {
        return Ok(());
    };
    let is_last = rows
        .peek()
        .is_none_or(|next| (next.group, next.part) != (written.group, written.part));
    if is_last && !batch.keeps_versions {
        plot.writer
            .remove_older_versions(IdentityId(written.group), batch.dataset)?;
    }
    Ok(())
}

fn write_events(plot: &mut Plot<'_>, mut rows: Sorted, report: &mut Report<'_>) -> Result<()> {
    let (mut identity, mut n) = (0, 0);
    let mut held: Vec<NewEvent> = Vec::new();
    while let Some((key, row)) = rows.next()? {
        if key.group != identity {
            identity = key.group;
            n = plot.first_free_block(IdentityId(identity))?;
        }
        let mut event = read_event(Moment(key.at), &row)?;
        event.outdated_by = plot.outdated.get(&key.n).copied();
        event.repeats = plot.repeats.of(key.n);
        held.push(event);
        let is_last = rows
            .peek()
            .is_none_or(|next| (next.group, next.part) != (key.group, key.part));
        if is_last || held.len() >= EVENTS_AT_ONCE {
            n += put_events(plot, key, n, &held)?;
            held.clear();
        }
        report.row()?;
    }
    Ok(())
}

fn put_events(plot: &mut Plot<'_>, key: Key, n: u32, events: &[NewEvent]) -> Result<u32> {
    let Some(batch) = plot.batches.get(key.part as usize) else {
        return Ok(0);
    };
    let Some(packer) = plot.packers.get_mut(batch.packer) else {
        return Ok(0);
    };
    let into: (_, BatchId) = (batch.dataset, batch.id);
    Ok(plot
        .writer
        .put_events(IdentityId(key.group), n, into, events, packer)?)
}
