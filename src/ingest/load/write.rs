//! Writing what an import has gathered: versions and events in the order of identities, then the rest.
//!
//! One thread merges sorted rows, others pack them, one gathers what records say; the caller's writes, in order.

use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded};
use hashbrown::HashMap;

use super::bundle::{Bundle, give_events, give_versions};
use super::finish;
use super::lanes::in_order;
use super::leaves::{Leaves, SortedLeaves};
use super::plot::Plot;
use super::repeats::Repeats;
use super::report::Report;
use super::rows::{VersionRow, read_event};
use super::sort::{Key, Sorted, Sorter};
use super::{Result, Watch};
use crate::model::{BatchId, IdentityId, Moment};
use crate::store::{
    Block, BlockInsert, BodyWriter, NewEvent, NewVersion, Repeat, VersionInsert, VersionKey,
    pack_block,
};

/// Bundles of records that may wait for their leaves to be gathered.
const WAITING: usize = 64;

/// Writes everything; `jobs` threads pack, and one more while there is nothing else to do.
pub(super) fn everything(mut plot: Plot<'_>, jobs: usize, watch: &mut dyn Watch) -> Result<()> {
    let mut report = Report::new(watch, plot.rejected);
    let leaves = rows(&mut plot, jobs + 1, &mut report)?;
    let writer = plot.writer;
    for (key, batch, line) in &plot.touched {
        writer.touch_version(*key, *batch, *line)?;
    }
    for (at, by) in &plot.replaced {
        writer.replace_event(*at, *by)?;
    }
    std::mem::replace(&mut plot.repeats, Repeats::new(&plot.folder)).write(writer)?;
    report.begin("indexing", leaves.len())?;
    leaves.write(writer, plot.import, || report.more(1))?;
    report.begin("linking", finish::rows(&plot))?;
    finish::people(writer, plot, &mut |rows| report.more(rows))
}

/// Writes versions and events, and gives back what the versions say.
fn rows(plot: &mut Plot<'_>, jobs: usize, report: &mut Report<'_>) -> Result<SortedLeaves> {
    let leaves = Leaves::new(&plot.folder);
    let (said, listening) = bounded(WAITING);
    thread::scope(|scope| {
        let gathering = thread::Builder::new()
            .name("leaves".into())
            .spawn_scoped(scope, move || gather(leaves, &listening))?;
        let written = bodies(plot, jobs, said, report);
        let gathered = joined(gathering)?;
        written.map(|()| gathered)
    })
}

fn joined<T>(thread: ScopedJoinHandle<'_, io::Result<T>>) -> io::Result<T> {
    let stopped = |_| io::Error::other("a thread that writes has stopped");
    thread.join().map_err(stopped)?
}

/// Gathers the leaves of all versions, and sorts them while events are written.
fn gather(mut leaves: Leaves, versions: &Receiver<Arc<Bundle>>) -> io::Result<SortedLeaves> {
    while let Ok(bundle) = versions.recv() {
        for (key, row) in bundle.rows() {
            leaves.add(IdentityId(key.group), VersionRow::read(row)?.body)?;
        }
    }
    leaves.sorted()
}

fn bodies(
    plot: &mut Plot<'_>,
    jobs: usize,
    said: Sender<Arc<Bundle>>,
    report: &mut Report<'_>,
) -> Result<()> {
    let spent = || Sorter::new(std::path::Path::new("."));
    let versions = std::mem::replace(&mut plot.versions, spent()).sorted()?;
    let events = std::mem::replace(&mut plot.events, spent()).sorted()?;
    report.begin("writing", plot.rows)?;
    write_versions(plot, versions, jobs, said, report)?;
    write_events(plot, events, jobs, report)
}

/// Dictionaries, and which of them each batch has.
struct Dictionaries {
    all: Vec<Vec<u8>>,
    of_batches: Vec<usize>,
}

impl Dictionaries {
    fn of(plot: &Plot<'_>) -> Dictionaries {
        Dictionaries {
            all: plot.dictionaries.clone(),
            of_batches: plot.batches.iter().map(|batch| batch.packer).collect(),
        }
    }
}

/// What packs the bodies of each batch, made on first use.
struct Packers<'d> {
    dictionaries: &'d Dictionaries,
    packers: Vec<Option<BodyWriter>>,
}

impl<'d> Packers<'d> {
    fn new(dictionaries: &'d Dictionaries) -> Packers<'d> {
        Packers {
            dictionaries,
            packers: dictionaries.all.iter().map(|_| None).collect(),
        }
    }

    fn of(&mut self, batch: u32) -> io::Result<&mut BodyWriter> {
        let unknown = || io::Error::other("a row names a batch that there is not");
        let number = self.dictionaries.of_batches.get(batch as usize);
        let number = *number.ok_or_else(unknown)?;
        let place = self.packers.get_mut(number).ok_or_else(unknown)?;
        let packer = match place.take() {
            Some(packer) => packer,
            None => {
                let dictionary = self.dictionaries.all.get(number);
                BodyWriter::new(dictionary.ok_or_else(unknown)?)?
            }
        };
        Ok(place.insert(packer))
    }
}

/// Versions whose bodies are packed.
struct PackedVersions {
    bundle: Arc<Bundle>,
    bodies: Vec<u8>,
    places: Vec<Range<usize>>,
}

fn pack_versions(bundle: Arc<Bundle>, packers: &mut Packers<'_>) -> io::Result<PackedVersions> {
    let mut bodies = Vec::new();
    let mut places = Vec::with_capacity(bundle.len());
    for (key, row) in bundle.rows() {
        let version = VersionRow::read(row)?;
        let from = bodies.len();
        let packer = packers.of(key.part)?;
        bodies.extend(packer.pack(version.body.as_bytes())?);
        places.push(from..bodies.len());
    }
    Ok(PackedVersions {
        bundle,
        bodies,
        places,
    })
}

/// The identity whose rows are being written, and the number of its next row in the store.
#[derive(Default)]
struct Place {
    identity: u32,
    n: u32,
}

fn write_versions(
    plot: &mut Plot<'_>,
    rows: Sorted,
    jobs: usize,
    said: Sender<Arc<Bundle>>,
    report: &mut Report<'_>,
) -> Result<()> {
    let dictionaries = Dictionaries::of(plot);
    let mut insert = plot.writer.version_insert()?;
    let mut place = Place::default();
    in_order(
        jobs,
        move |outlet| give_versions(rows, outlet, |bundle| said.send(Arc::clone(bundle)).is_ok()),
        || {
            let mut packers = Packers::new(&dictionaries);
            Ok(move |bundle| pack_versions(bundle, &mut packers))
        },
        |packed: io::Result<PackedVersions>| {
            let packed = packed?;
            put_versions(plot, &packed, &mut insert, &mut place)?;
            report.more(packed.places.len() as u64)
        },
    )
}

fn put_versions(
    plot: &mut Plot<'_>,
    packed: &PackedVersions,
    insert: &mut VersionInsert<'_>,
    place: &mut Place,
) -> Result<()> {
    let rows = packed.bundle.rows().zip(packed.bundle.keys());
    for (((key, row), (_, next)), at) in rows.zip(&packed.places) {
        if key.group != place.identity {
            let n = plot.first_free_version(IdentityId(key.group))?;
            *place = Place {
                identity: key.group,
                n,
            };
        }
        let version = VersionRow::read(row)?;
        let Some(batch) = plot.batches.get(key.part as usize) else {
            continue;
        };
        insert.put(&NewVersion {
            identity: IdentityId(key.group),
            n: place.n,
            dataset: batch.dataset,
            batch: batch.id,
            line: version.line,
            operation: version.operation,
            customer_time: version.customer_time,
            secondary: &version.secondary,
            body: packed.bodies.get(at.clone()).unwrap_or_default(),
        })?;
        let stored = VersionKey::new(IdentityId(key.group), place.n);
        for (batch, line) in plot.repeated.remove(&key.n).unwrap_or_default() {
            plot.writer.touch_version(stored, batch, line)?;
        }
        place.n += 1;
        drop_older(plot, key, next)?;
    }
    Ok(())
}

/// Where a dataset keeps the newest version alone, the others go once the last of this import is in.
fn drop_older(plot: &Plot<'_>, written: Key, next: Option<Key>) -> Result<()> {
    let Some(batch) = plot.batches.get(written.part as usize) else {
        return Ok(());
    };
    let is_last = next.is_none_or(|next| (next.group, next.part) != (written.group, written.part));
    if is_last && !batch.keeps_versions {
        plot.writer
            .remove_older_versions(IdentityId(written.group), batch.dataset)?;
    }
    Ok(())
}

/// Blocks of events with the key of the first event of each, and how many events they hold in all.
struct PackedEvents {
    blocks: Vec<(Key, Block)>,
    events: u64,
}

/// What later rows of the import said of events of it, by their numbers.
struct Later {
    /// The batch of one that holds another version.
    outdated: HashMap<u64, BatchId>,
    /// Those that said the very same.
    repeats: HashMap<u64, Vec<Repeat>>,
}

fn pack_events(bundle: &Bundle, packers: &mut Packers<'_>, later: &Later) -> Result<PackedEvents> {
    let mut blocks = Vec::new();
    for rows in bundle.blocks() {
        let mut first = None;
        let mut events: Vec<NewEvent<'_>> = Vec::new();
        for (key, row) in rows {
            let event = read_event(Moment(key.at), row)?;
            first.get_or_insert(key);
            events.push(NewEvent {
                outdated_by: later.outdated.get(&key.n).copied(),
                repeats: later.repeats.get(&key.n).cloned().unwrap_or_default(),
                ..event
            });
        }
        if let Some(first) = first {
            blocks.push((first, pack_block(&events, packers.of(first.part)?)?));
        }
    }
    Ok(PackedEvents {
        blocks,
        events: bundle.len() as u64,
    })
}

fn write_events(
    plot: &mut Plot<'_>,
    rows: Sorted,
    jobs: usize,
    report: &mut Report<'_>,
) -> Result<()> {
    let dictionaries = Dictionaries::of(plot);
    let later = Later {
        outdated: std::mem::take(&mut plot.outdated),
        repeats: plot.repeats.take_arrived(),
    };
    let mut insert = plot.writer.block_insert()?;
    let mut place = Place::default();
    in_order(
        jobs,
        move |outlet| give_events(rows, outlet),
        || {
            let mut packers = Packers::new(&dictionaries);
            let later = &later;
            Ok(move |bundle: Bundle| pack_events(&bundle, &mut packers, later))
        },
        |packed| {
            let packed = packed?;
            put_events(plot, &packed, &mut insert, &mut place)?;
            report.more(packed.events)
        },
    )
}

fn put_events(
    plot: &Plot<'_>,
    packed: &PackedEvents,
    insert: &mut BlockInsert<'_>,
    place: &mut Place,
) -> Result<()> {
    for (key, block) in &packed.blocks {
        if key.group != place.identity {
            let n = plot.first_free_block(IdentityId(key.group))?;
            *place = Place {
                identity: key.group,
                n,
            };
        }
        let Some(batch) = plot.batches.get(key.part as usize) else {
            continue;
        };
        let into = (batch.dataset, batch.id);
        insert.put(IdentityId(key.group), place.n, into, block)?;
        place.n += 1;
    }
    Ok(())
}
