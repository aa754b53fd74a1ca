//! Writing what an import has gathered: versions and events in the order of identities, then the rest.
//!
//! One thread merges sorted rows, others pack them; the caller's writes, in order, and while it waits for them what is known
//! of people already.

use std::io;
use std::ops::Range;

use hashbrown::HashMap;

use super::backlog::Backlog;
use super::bundle::{Bundle, give_events, give_versions};
use super::desk::Desk;
use super::dictionaries::settled;
use super::lanes::in_order;
use super::plot::Plot;
use super::repeats::Repeats;
use super::report::Report;
use super::rows::{VersionRow, read_event};
use super::sort::{Key, Sorter};
use super::{Result, Watch};
use crate::model::{BatchId, Moment, Path, RecordPaths};
use crate::store::{Block, BodyWriter, NewEvent, Repeat, pack_block};

/// Bundles of versions that may wait packed: they are held with their rows.
const VERSIONS_WAITING: usize = 128;

/// The same of events, of which only the blocks are held: making the indexes of everyone takes a while.
const EVENTS_WAITING: usize = 4_096;

/// Writes everything; `jobs` threads pack, and one more while there is nothing else to do.
pub(super) fn everything(mut plot: Plot<'_>, jobs: usize, watch: &mut dyn Watch) -> Result<()> {
    let mut report = Report::new(watch, plot.rejected);
    let mut backlog = Backlog::new(&mut plot)?;
    report.begin("writing", plot.rows + backlog.rows())?;
    bodies(&mut plot, jobs + 1, &mut backlog, &mut report)?;
    known_again(&mut plot)?;
    backlog.clear(&mut report)
}

/// Writes what is said of rows that came in before.
fn known_again(plot: &mut Plot<'_>) -> Result<()> {
    let writer = plot.writer;
    for (key, batch, line) in &plot.touched {
        writer.touch_version(*key, *batch, *line)?;
    }
    for (at, by) in &plot.replaced {
        writer.replace_event(*at, *by)?;
    }
    std::mem::replace(&mut plot.repeats, Repeats::new(&plot.folder)).write(writer)
}

fn bodies<'w>(
    plot: &mut Plot<'w>,
    jobs: usize,
    backlog: &mut Backlog<'w>,
    report: &mut Report<'_>,
) -> Result<()> {
    let spent = || Sorter::new(std::path::Path::new("."));
    let versions = std::mem::replace(&mut plot.versions, spent()).sorted()?;
    let events = std::mem::replace(&mut plot.events, spent());
    let dictionaries = Dictionaries::of(plot)?;
    let later = Later {
        outdated: std::mem::take(&mut plot.outdated),
        repeats: plot.repeats.take_arrived(),
    };
    in_order(
        (jobs, VERSIONS_WAITING),
        move |outlet| give_versions(versions, outlet),
        || {
            let mut packers = Packers::new(&dictionaries);
            let mut paths = RecordPaths::default();
            Ok(move |bundle| pack_versions(bundle, &mut packers, &mut paths))
        },
        Desk::new(plot, backlog, report)?,
    )?;
    // Not before: from then on they take memory to be read ahead.
    let events = events.sorted()?;
    in_order(
        (jobs, EVENTS_WAITING),
        move |outlet| give_events(events, outlet),
        || {
            let mut packers = Packers::new(&dictionaries);
            let later = &later;
            Ok(move |bundle: Bundle| pack_events(&bundle, &mut packers, later))
        },
        Desk::new(plot, backlog, report)?,
    )
}

/// Dictionaries, empty where nothing could be learnt, and which of them each batch has.
struct Dictionaries {
    all: Vec<Vec<u8>>,
    of_batches: Vec<usize>,
}

impl Dictionaries {
    fn of(plot: &mut Plot<'_>) -> Result<Dictionaries> {
        let all = std::mem::take(&mut plot.dictionaries);
        Ok(Dictionaries {
            all: settled(all, plot.writer)?,
            of_batches: plot.batches.iter().map(|batch| batch.packer).collect(),
        })
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
pub(super) struct PackedVersions {
    pub(super) bundle: Bundle,
    pub(super) bodies: Vec<u8>,
    pub(super) places: Vec<Range<usize>>,
    /// Paths that the packer had not met before, each with the place of its batch.
    pub(super) paths: Vec<(u32, Path)>,
}

fn pack_versions(
    bundle: Bundle,
    packers: &mut Packers<'_>,
    paths: &mut RecordPaths,
) -> io::Result<PackedVersions> {
    let mut bodies = Vec::new();
    let mut places = Vec::with_capacity(bundle.len());
    for (key, row) in bundle.rows() {
        let version = VersionRow::read(row)?;
        let from = bodies.len();
        let packer = packers.of(key.part)?;
        bodies.extend(packer.pack(version.body.as_bytes())?);
        places.push(from..bodies.len());
        paths.add(key.part, version.body);
    }
    Ok(PackedVersions {
        bundle,
        bodies,
        places,
        paths: paths.take_new().collect(),
    })
}

/// Blocks of events with the key of the first event of each, and how many events they hold in all.
pub(super) struct PackedEvents {
    pub(super) blocks: Vec<(Key, Block)>,
    pub(super) events: u64,
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
        let mut events: Vec<NewEvent<'_>> = Vec::with_capacity(rows.len());
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
