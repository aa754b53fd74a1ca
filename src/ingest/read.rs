//! The reading of a dataset: one thread cuts, several read rows, and the caller's takes them in the order of the files.

mod delivery;

use std::ops::Range;
use std::sync::Arc;
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use super::IngestError;
use super::cutter::{Chunk, Cutter, Limits};
use super::formats::{Border, RowReader};
use super::input::Tally;
use super::interpret::{Place, Rules};
use super::plan::{DatasetPlan, PlannedFile};
use super::rejects::{self, Reason, Rejected};
use super::row::{Item, Sink};
use crate::model::SourceLine;
use delivery::Delivery;

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rows found.
    pub rows: u64,
    /// Rows that were refused.
    pub rejected: u64,
    /// The files that were read to their end, or to where they break.
    pub files: Vec<FileOutcome>,
    /// Where files break off; with [`Partial::Keep`](super::plan::Partial::Keep) only.
    pub breaks: Vec<String>,
    /// How the reading ended.
    pub ended: Ended,
}

/// How a reading ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ended {
    /// With the last row.
    #[default]
    Complete,
    /// As the sink wished.
    Interrupted,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOutcome {
    /// Its name.
    pub name: Arc<str>,
    /// Its length in bytes, as it lies on disk.
    pub bytes: u64,
    /// The XXH3 hash of these bytes.
    pub hash: u128,
}

/// Reads the files of a dataset; the rows come in their order, however many `jobs` read them.
pub fn read(plan: &DatasetPlan, jobs: usize, sink: &mut dyn Sink) -> Result<Outcome, IngestError> {
    read_with(plan, jobs, Limits::default(), sink)
}

pub(super) fn read_with(
    plan: &DatasetPlan,
    jobs: usize,
    limits: Limits,
    sink: &mut dyn Sink,
) -> Result<Outcome, IngestError> {
    let jobs = jobs.max(1);
    // So many chunks are under way that whoever takes their rows seldom waits, and few enough that they take little memory.
    let (work, jobs_waiting) = bounded::<Job>(2 * jobs);
    let (turns, next_turn) = bounded::<Turn>(8 * jobs);
    let (spare, spares) = unbounded::<Chunk>();
    let (spent, delivered) = unbounded::<Vec<Item>>();
    let stopped = |_| IngestError::Stopped {
        file: plan.name.clone(),
    };
    thread::scope(|scope| {
        let cutting = Cutting {
            plan,
            limits,
            work,
            turns,
            spares,
        };
        for number in 0..jobs {
            let (waiting, delivered) = (jobs_waiting.clone(), delivered.clone());
            thread::Builder::new()
                .name(format!("parse {number}"))
                .spawn_scoped(scope, move || parse_jobs(plan, &waiting, &delivered))
                .map_err(stopped)?;
        }
        drop(jobs_waiting);
        thread::Builder::new()
            .name("read".into())
            .spawn_scoped(scope, move || cutting.run())
            .map_err(stopped)?;
        // Dropped before the threads are waited for: an interrupted reading ends them.
        let turns = next_turn;
        Delivery::new(plan, sink, spare, spent).run(&turns)
    })
}

/// A chunk to parse, and where its rows are to go.
struct Job {
    file: usize,
    skipped: u64,
    chunk: Chunk,
    reply: Sender<Parsed>,
}

/// What comes next, in the order of the files.
enum Turn {
    Begin(Arc<str>),
    Chunk { rows: Receiver<Parsed>, bytes: u64 },
    End(FileOutcome),
    Failed(IngestError),
}

/// The rows of a chunk.
struct Parsed {
    items: Vec<Item>,
    /// The chunk, which holds their text.
    chunk: Chunk,
    /// Bytes that stand before the text of the file.
    skipped: u64,
}

/// The work of the thread that reads the files and cuts them into chunks.
struct Cutting<'p> {
    plan: &'p DatasetPlan,
    limits: Limits,
    work: Sender<Job>,
    turns: Sender<Turn>,
    spares: Receiver<Chunk>,
}

/// Nobody wants to hear more.
struct Unheard;

impl Cutting<'_> {
    fn run(self) {
        let mut before = 0;
        for (place, file) in self.plan.files.iter().enumerate() {
            match self.cut_file(place, file, before) {
                Ok(Ok(bytes)) => before += bytes,
                Ok(Err(error)) => {
                    // The hearer may have gone, and then needs no error.
                    let _ = self.turns.send(Turn::Failed(error));
                    return;
                }
                Err(Unheard) => return,
            }
        }
    }

    /// Cuts a file; its length, or why it can't be read.
    fn cut_file(
        &self,
        place: usize,
        file: &PlannedFile,
        before: u64,
    ) -> Result<Result<u64, IngestError>, Unheard> {
        self.say(Turn::Begin(Arc::clone(&file.name)))?;
        let (tally, text) = match file.open(self.plan.mapping.encoding) {
            Ok(opened) => opened,
            Err(error) => return Ok(Err(error)),
        };
        let splitter = file.format.splitter(file.table.as_ref());
        let mut cutter = Cutter::new(text.bytes, splitter, self.limits);
        while let Some(chunk) = cutter.next(self.spares.try_recv().unwrap_or_default()) {
            let (reply, rows) = bounded(1);
            let bytes = before + tally.count();
            self.say(Turn::Chunk { rows, bytes })?;
            let job = Job {
                file: place,
                skipped: text.skipped,
                chunk,
                reply,
            };
            self.work.send(job).map_err(|_| Unheard)?;
        }
        Ok(match finish(file, tally) {
            Ok(outcome) => {
                let bytes = outcome.bytes;
                self.say(Turn::End(outcome))?;
                Ok(bytes)
            }
            Err(error) => Err(error),
        })
    }

    fn say(&self, turn: Turn) -> Result<(), Unheard> {
        self.turns.send(turn).map_err(|_| Unheard)
    }
}

fn finish(file: &PlannedFile, mut tally: Tally) -> Result<FileOutcome, IngestError> {
    let hash = tally.finish().map_err(|source| file.unreadable(source))?;
    Ok(FileOutcome {
        name: Arc::clone(&file.name),
        bytes: tally.count(),
        hash,
    })
}

/// The work of a thread that parses chunks; what was `delivered` it lets go of.
fn parse_jobs(plan: &DatasetPlan, waiting: &Receiver<Job>, delivered: &Receiver<Vec<Item>>) {
    let mut reader: Option<(usize, Box<dyn RowReader + '_>)> = None;
    while let Ok(job) = waiting.recv() {
        let Some(file) = plan.files.get(job.file) else {
            return;
        };
        let (_, reader) = match reader.take() {
            Some(current) if current.0 == job.file => reader.insert(current),
            _ => {
                let rules = Rules {
                    dataset: &plan.name,
                    kind: plan.kind,
                    mapping: &plan.mapping,
                    shape: file.shape,
                    share: file.share,
                };
                reader.insert((job.file, file.format.reader(rules, file.table.as_ref())))
            }
        };
        delivered.try_iter().for_each(drop);
        let chunk = job.chunk;
        let origin = Origin {
            file: job.file as u16,
            name: Arc::clone(&file.name),
            skipped: job.skipped,
        };
        let parsed = Parsed {
            items: parse(&chunk, reader.as_mut(), &origin),
            chunk,
            skipped: job.skipped,
        };
        // A reading that was given up needs no rows.
        let _ = job.reply.send(parsed);
    }
}

/// Reads the rows of a chunk; blank lines are none.
fn parse(chunk: &Chunk, reader: &mut dyn RowReader, origin: &Origin) -> Vec<Item> {
    let mut items = Vec::with_capacity(chunk.borders.len());
    let takes_unreadable = reader.takes_unreadable();
    for border in &chunk.borders {
        let bytes = chunk.row(border);
        let (row, place) = if border.fault.is_some() {
            (
                bytes,
                origin.place(border, 0..(border.end - border.start) as usize),
            )
        } else {
            let extent = reader.extent(bytes);
            let row = bytes.get(extent.clone()).unwrap_or_default();
            (row, origin.place(border, extent))
        };
        let read = match (&border.fault, std::str::from_utf8(row)) {
            (None, Ok("")) => continue,
            (None, Ok(text)) => reader.read(text, place),
            _ if !takes_unreadable => continue,
            (Some(fault), _) => Err(fault.clone()),
            (None, Err(error)) => Err(Reason::NotUtf8 {
                at: error.valid_up_to() + 1,
            }),
        };
        items.extend(match read {
            Ok(row) => row.map(Item::Row),
            Err(reason) => Some(Item::Rejected(origin.rejected(row, place, reason))),
        });
    }
    items
}

/// The file that a chunk comes from.
struct Origin {
    file: u16,
    name: Arc<str>,
    /// Bytes that stand before its text.
    skipped: u64,
}

impl Origin {
    fn place(&self, border: &Border, extent: Range<usize>) -> Place {
        Place {
            line: SourceLine {
                file: self.file,
                line: border.line,
            },
            offset: self.skipped + border.start + extent.start as u64,
            length: extent.len() as u64,
        }
    }

    fn rejected(&self, row: &[u8], place: Place, reason: Reason) -> Rejected {
        Rejected {
            file: Arc::clone(&self.name),
            line: place.line,
            offset: place.offset,
            length: place.length,
            reason,
            row: rejects::beginning(row).to_vec(),
        }
    }
}

#[cfg(test)]
mod tests;
