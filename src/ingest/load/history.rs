//! A dataset whose rows carry their own moments of ingestion: they are put in order first, and each moment is a batch.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;

use super::intake::{Intake, Surroundings};
use super::passage::{unwrapped, wrapped};
use super::plot::Plot;
use super::sort::{Key, Sorted, Sorter};
use super::stash::{self, Stash};
use super::{Command, ImportError, Result, Watch};
use crate::ingest::{
    self, DatasetPlan, Ended, IngestError, ReadProgress, Rejected, RejectsFile, Row, Sink,
};
use crate::model::{
    BatchId, DatasetId, DatasetImport, ImportProgress, Moment, RowCounts, SourceLine,
};
use crate::store;

/// Moments that one dataset may bring in one import: hours of five years, days of more than a century.
const MOST_MOMENTS: usize = 50_000;

/// Rows between two reports while they are taken in order.
const ROWS_A_REPORT: u64 = 4_096;

/// The loading of such a dataset.
pub(super) struct History<'a> {
    pub(super) command: &'a Command<'a>,
    pub(super) dataset: DatasetId,
    pub(super) planned: &'a DatasetPlan,
    /// The column or path of the moments.
    pub(super) named: &'a str,
}

impl History<'_> {
    /// Reads all files, then takes the rows moment by moment.
    pub(super) fn load(&self, around: Surroundings<'_, '_>) -> Result<DatasetImport> {
        let mut chronicle = Chronicle {
            history: self,
            rows: Sorter::new(&around.plot.folder),
            files: HashMap::new(),
            counts: RowCounts::default(),
            plot: &*around.plot,
            rejects: around.rejects,
            watch: around.watch,
        };
        let outcome = ingest::read(self.planned, self.command.options.jobs, &mut chronicle)
            .map_err(unwrapped)?;
        if outcome.ended == Ended::Interrupted {
            return Err(ImportError::Cancelled);
        }
        let Chronicle {
            rows,
            mut files,
            counts: refused,
            ..
        } = chronicle;
        if files.is_empty() {
            // What was refused has to be counted somewhere.
            let at = self.command.moment(around.plot.batches.len())?;
            files.insert(at, BTreeSet::new());
        }
        let hashes: Vec<_> = outcome.files.iter().map(|file| file.hash).collect();
        let print = super::fingerprint(self.planned, &hashes);
        let batches = self.batches(&files, around.plot)?;
        let mut turns = Turns {
            history: self,
            print: format!("{print}*{}", batches.len()),
            rows: rows.sorted()?,
            stash: Stash::default(),
        };
        turns.take(&batches, refused, around)
    }

    /// Opens a batch for each moment, earliest first: later than the one before, and never at the moment of a batch
    /// of another dataset.
    fn batches(&self, files: &FilesByMoment, plot: &Plot<'_>) -> Result<Vec<Turn>> {
        let taken = plot.writer.view().moments_of_others(self.dataset)?;
        let mut moments: Vec<_> = files.iter().collect();
        moments.sort_unstable_by_key(|(moment, _)| **moment);
        let mut free = Moment::MIN;
        moments
            .into_iter()
            .map(|(moment, files)| {
                let mut at = free.max(*moment);
                while taken.contains(&at) {
                    at = Moment(at.0.saturating_add(1));
                }
                free = Moment(at.0.saturating_add(1));
                let names = files.iter().map(|file| self.file(*file));
                let batch = plot.writer.begin_batch(&store::NewBatch {
                    import: self.command.import,
                    dataset: self.dataset,
                    ingested_at: at,
                    files: names.map(|name| name.to_string()).collect(),
                })?;
                Ok(Turn {
                    moment: *moment,
                    at,
                    batch,
                    files: files.iter().copied().collect(),
                })
            })
            .collect()
    }

    fn file(&self, place: u16) -> Arc<str> {
        let file = self.planned.files.get(usize::from(place));
        file.map_or_else(|| "".into(), |file| Arc::clone(&file.name))
    }
}

/// The files that hold rows of each moment, by their places in the plan.
type FilesByMoment = HashMap<Moment, BTreeSet<u16>>;

/// A moment whose rows make a batch.
struct Turn {
    /// The moment as the rows name it.
    moment: Moment,
    /// The moment of the batch.
    at: Moment,
    batch: BatchId,
    /// The batch's files, by their places in the plan.
    files: Vec<u16>,
}

/// Lays rows aside in the order of their moments.
struct Chronicle<'a> {
    history: &'a History<'a>,
    rows: Sorter,
    files: FilesByMoment,
    /// Rows so far, and those that were refused.
    counts: RowCounts,
    plot: &'a Plot<'a>,
    rejects: &'a mut RejectsFile,
    watch: &'a mut dyn Watch,
}

impl Chronicle<'_> {
    fn lay_aside(&mut self, row: &Row) -> Result<()> {
        // The interpreter refuses rows without a moment.
        let moment = row.ingested.unwrap_or(self.history.command.now);
        self.files.entry(moment).or_default().insert(row.line.file);
        if self.files.len() > MOST_MOMENTS {
            return Err(self.too_many().into());
        }
        self.counts.read += 1;
        let key = Key {
            group: 0,
            part: 0,
            at: moment.0,
            n: self.counts.read,
        };
        self.rows
            .add(key, |bytes| stash::write(row, bytes), String::new())?;
        Ok(())
    }

    fn too_many(&self) -> IngestError {
        IngestError::Options(format!(
            "dataset `{}`: `{}` names more than {MOST_MOMENTS} moments, and each of them makes a batch; \
             cut them to the hour or the day on which the rows were loaded, or import the file with --at TIME; nothing was changed",
            self.history.planned.name, self.history.named
        ))
    }
}

impl Sink for Chronicle<'_> {
    fn accept(
        &mut self,
        row: &mut Row,
        _: &[u8],
    ) -> std::result::Result<ControlFlow<()>, IngestError> {
        match self.lay_aside(row) {
            Ok(()) => Ok(ControlFlow::Continue(())),
            Err(error) => Err(wrapped(error)),
        }
    }

    fn reject(&mut self, rejected: Rejected) -> std::result::Result<(), IngestError> {
        self.counts.rejected += 1;
        let screened = self.plot.screened(rejected).map_err(wrapped)?;
        self.rejects.write(&self.history.planned.name, &screened)
    }

    fn progress(&mut self, progress: &ReadProgress) -> ControlFlow<()> {
        self.watch.progress(&ImportProgress {
            stage: "reading",
            file: progress.file.to_string(),
            bytes: progress.bytes,
            total_bytes: self.history.planned.bytes().unwrap_or(0),
            rows: progress.rows,
            rejected: self.counts.rejected,
        })
    }
}

/// Takes the rows that were laid aside, moment by moment.
struct Turns<'a> {
    history: &'a History<'a>,
    print: String,
    rows: Sorted,
    stash: Stash,
}

impl Turns<'_> {
    fn take(
        &mut self,
        turns: &[Turn],
        refused: RowCounts,
        around: Surroundings<'_, '_>,
    ) -> Result<DatasetImport> {
        let planned = self.history.planned;
        let mut total = RowCounts::default();
        let batches: Vec<_> = turns.iter().map(|turn| turn.batch).collect();
        let (last, earlier) = batches
            .split_last()
            .map_or((BatchId(0), &[][..]), |(l, e)| (*l, e));
        let Surroundings {
            plot,
            rejects,
            watch,
        } = around;
        let around = Surroundings {
            plot: &mut *plot,
            rejects: &mut *rejects,
            watch: &mut *watch,
        };
        let mut intake = Intake::new(planned, (self.history.dataset, last), around)?;
        for (n, turn) in turns.iter().enumerate() {
            intake.around.plot.turn_to(turn.at);
            let names = turn.files.iter().map(|file| self.history.file(*file));
            intake.begin_batch(turn.batch, names.collect());
            if n == 0 {
                intake.counts.read += refused.rejected;
                intake.counts.rejected += refused.rejected;
            }
            self.take_turn(turn, &mut intake, refused.read)?;
            intake.close_batch(&self.print)?;
            total.add(intake.counts);
        }
        intake.around.plot.notes.extend(self.note(turns));
        intake.finish(earlier)?;
        Ok(DatasetImport {
            name: planned.name.clone(),
            kind: planned.kind,
            batch: Some(last.0),
            counts: total,
        })
    }

    fn take_turn(&mut self, turn: &Turn, intake: &mut Intake<'_, '_>, of: u64) -> Result<()> {
        let mut bytes = Vec::new();
        while self.rows.peek().is_some_and(|key| key.at == turn.moment.0) {
            bytes.clear();
            let Some(key) = self.rows.next(&mut bytes)? else {
                break;
            };
            let mut row = self.stash.read(turn.moment, &bytes)?;
            // A batch counts its own files, so that thousands of batches do not list all of the import.
            let place = turn.files.binary_search(&row.line.file).unwrap_or(0);
            row.line = SourceLine {
                file: place as u16,
                line: row.line.line,
            };
            intake.take(&mut row, None)?;
            if key.n.is_multiple_of(ROWS_A_REPORT) {
                report(intake, key.n, of)?;
            }
        }
        Ok(())
    }

    /// Says that one dataset made several batches.
    fn note(&self, turns: &[Turn]) -> Option<String> {
        let (first, last) = (turns.first()?, turns.last()?);
        (turns.len() > 1).then(|| {
            format!(
                "{}: {} batches, {} to {}, by the moments in `{}`",
                self.history.planned.name,
                turns.len(),
                first.batch,
                last.batch,
                self.history.named
            )
        })
    }
}

/// Tells the one who watches how many of the rows were taken in the order of their moments.
fn report(intake: &mut Intake<'_, '_>, rows: u64, of: u64) -> Result<()> {
    let progress = ImportProgress {
        stage: "ordering",
        bytes: rows,
        total_bytes: of,
        rows,
        rejected: intake.counts.rejected,
        ..ImportProgress::default()
    };
    match intake.around.watch.progress(&progress) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ImportError::Cancelled),
    }
}
