//! From planned files into the store: one command, one unit, visible whole or not at all.

mod backlog;
mod brought;
mod bundle;
mod declare;
mod desk;
mod dictionaries;
mod difference;
mod error;
mod event;
mod finish;
mod held;
mod history;
mod intake;
mod known;
mod lanes;
mod names;
mod naming;
mod parted;
mod passage;
mod people;
mod plot;
mod record;
mod recount;
mod rekey;
mod repeats;
mod replay;
mod report;
mod resolve;
mod room;
mod rows;
mod runs;
mod scratch;
mod screen;
mod settle;
mod sort;
mod stash;
mod undo;
mod warned;
mod write;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::mapping::Update;
use super::{DatasetPlan, IngestError, Known, Plan, RejectsFile};
use crate::model::{
    Dataset, DatasetId, DatasetImport, ImportAnswer, ImportId, ImportProgress, Moment, RowCounts,
};
use crate::store::{self, StoreError, Total, View, Writer};
pub use error::ImportError;
pub use held::known_by;
use history::History;
use intake::{Intake, Surroundings};
use plot::Plot;
pub use replay::ReplayOrder;
pub use resolve::{Outcome as Resolution, rekey, resolve};
pub use settle::Decision;
pub use undo::{delete_batches, delete_batches_and_replay, delete_dataset};

/// What happens with a file whose content and mapping are in the store already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Again {
    /// It is passed over; its rows count as duplicates.
    #[default]
    PassOver,
    /// It is read like any other.
    Read,
}

/// How an import goes about it.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Threads that parse.
    pub jobs: usize,
    /// The moment of ingestion, where it is not now.
    pub at: Option<Moment>,
    /// What happens with files that are in already.
    pub again: Again,
    /// Where rejected rows go; beside the store by default.
    pub rejects: Option<PathBuf>,
}

impl Default for ImportOptions {
    fn default() -> ImportOptions {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        ImportOptions {
            jobs: cores.clamp(1, 8),
            at: None,
            again: Again::default(),
            rejects: None,
        }
    }
}

/// Hears how far an import has come, and may end it; nothing of it is kept then.
pub trait Watch {
    /// Called a few times a second.
    fn progress(&mut self, progress: &ImportProgress) -> ControlFlow<()>;

    /// Called once, when everything is written and nothing is visible yet; it may add to the answer.
    ///
    /// A store that is being made has no indexes yet.
    fn settle(&mut self, _view: View<'_>, _answer: &mut ImportAnswer) -> Result<Decision> {
        Ok(Decision::Keep)
    }
}

type Result<T> = std::result::Result<T, ImportError>;

/// Imports what was planned; `now` is the moment of ingestion where the options name none.
pub fn import(
    store: &Path,
    plan: &Plan,
    options: &ImportOptions,
    now: Moment,
    watch: &mut dyn Watch,
) -> Result<ImportAnswer> {
    let start = Instant::now();
    room::look(store, plan)?;
    let writer = open(store, watch)?;
    let mut notes = plan.notes.clone();
    notes.extend(declare::settings(&writer, plan, now)?);
    let command = Command {
        writer: &writer,
        store,
        plan,
        options,
        import: writer.view().next_import()?,
        now,
    };
    let Loaded {
        datasets,
        rejects,
        is_out_of_order,
        notes: said,
    } = command.load(watch)?;
    notes.extend(said);
    notes.extend(without_rows(&datasets, plan));
    declare::policies(&writer, plan, now)?;
    if is_out_of_order {
        replay::relink(&writer)?;
    }
    let mut answer = answered(&writer, datasets, notes)?;
    let Some(rejects) = watch.settle(writer.view(), &mut answer)?.keeps(rejects)? else {
        answer.is_preview = true;
        answer.elapsed_ms = start.elapsed().as_millis() as u64;
        return Ok(answer);
    };
    let rejects = rejects.finish()?.map(|path| path.display().to_string());
    writer.set_elapsed(command.import, start.elapsed().as_millis() as u64)?;
    report::Report::new(watch, 0).begin("closing", 0)?;
    writer.commit()?;
    Ok(ImportAnswer {
        rejects,
        elapsed_ms: start.elapsed().as_millis() as u64,
        ..answer
    })
}

/// What is to be said of an import that is written, but not visible yet.
fn answered(
    writer: &Writer,
    datasets: Vec<DatasetImport>,
    notes: Vec<String>,
) -> Result<ImportAnswer> {
    let total = |total| writer.view().total(total);
    Ok(ImportAnswer {
        datasets,
        identities: total(Total::Identities)?,
        links: total(Total::Links)?,
        removed_links: total(Total::RemovedLinks)?,
        profiles: finish::profiles(writer)?,
        rejects: None,
        notes,
        elapsed_ms: 0,
        effects: None,
        is_preview: false,
    })
}

/// The writer; whoever watches hears for whom it waits, and may give up.
fn open(store: &Path, watch: &mut dyn Watch) -> Result<Writer> {
    let opened = Writer::open_or_create_telling(store, "import", &mut |holder| {
        watch.progress(&ImportProgress {
            stage: "waiting for",
            file: holder.to_owned(),
            ..ImportProgress::default()
        })
    });
    opened.map_err(|error| match error {
        StoreError::Interrupted => ImportError::Cancelled,
        error => error.into(),
    })
}

/// A sentence for each dataset whose files held nothing to read.
fn without_rows(datasets: &[DatasetImport], plan: &Plan) -> Vec<String> {
    let files = |name: &str| -> String {
        let planned = plan.datasets.iter().find(|planned| planned.name == name);
        let files = planned.iter().flat_map(|planned| &planned.files);
        let names: Vec<&str> = files.map(|file| &*file.name).collect();
        names.join(", ")
    };
    datasets
        .iter()
        .filter(|dataset| dataset.counts.read == 0)
        .map(|dataset| format!("{}: no row in {}", dataset.name, files(&dataset.name)))
        .collect()
}

/// What a store knows already, for planning an import into it.
pub fn known(view: View<'_>) -> std::result::Result<Known, StoreError> {
    let catalog = view.catalog()?;
    Ok(Known {
        namespaces: catalog
            .namespaces()
            .iter()
            .map(|namespace| namespace.code.clone())
            .collect(),
        datasets: catalog
            .datasets()
            .iter()
            .map(|dataset| (dataset.name.clone(), dataset.kind))
            .collect(),
        held: None,
    })
}

/// An import command under way.
struct Command<'a> {
    writer: &'a Writer,
    store: &'a Path,
    plan: &'a Plan,
    options: &'a ImportOptions,
    import: ImportId,
    now: Moment,
}

/// What an import command has read and written.
struct Loaded {
    datasets: Vec<DatasetImport>,
    rejects: RejectsFile,
    /// A history came in with moments before what was there already.
    is_out_of_order: bool,
    notes: Vec<String>,
}

impl Command<'_> {
    fn load(&self, watch: &mut dyn Watch) -> Result<Loaded> {
        let folder = self.store.parent().unwrap_or(Path::new("."));
        let path = match &self.options.rejects {
            Some(path) => path.clone(),
            None => rejects_path(self.store),
        };
        let mut rejects = RejectsFile::at(path);
        let mut plot = Plot::new(self.writer, folder, self.moment(0)?)?;
        plot.total_bytes = total_bytes(self.plan);
        if plot.is_large_beside_the_store(self.plan)? {
            plot.people.load_all(self.writer.view())?;
        }
        let mut datasets = Vec::new();
        for planned in &self.plan.datasets {
            let id = self.writer.put_dataset(&dataset(planned))?;
            if !planned.files.is_empty() {
                datasets.push(self.load_dataset(id, planned, &mut plot, &mut rejects, watch)?);
            }
        }
        let is_out_of_order = plot.is_out_of_order;
        let notes = std::mem::take(&mut plot.notes);
        write::everything(plot, self.options.jobs, watch)?;
        Ok(Loaded {
            datasets,
            rejects,
            is_out_of_order,
            notes,
        })
    }

    fn load_dataset(
        &self,
        id: DatasetId,
        planned: &DatasetPlan,
        plot: &mut Plot<'_>,
        rejects: &mut RejectsFile,
        watch: &mut dyn Watch,
    ) -> Result<DatasetImport> {
        if self.options.again == Again::PassOver
            && let Some(rows) = self.known_rows(id, planned)?
        {
            plot.rows_read += rows;
            plot.bytes_read += planned.bytes().unwrap_or(0);
            return Ok(DatasetImport {
                name: planned.name.clone(),
                kind: planned.kind,
                batch: None,
                counts: RowCounts {
                    read: rows,
                    duplicates: rows,
                    ..RowCounts::default()
                },
            });
        }
        if let Some(named) = &planned.mapping.ingested {
            let history = History {
                command: self,
                dataset: id,
                planned,
                named: &named.text,
            };
            let around = Surroundings {
                plot,
                rejects,
                watch,
            };
            return history.load(around);
        }
        plot.turn_to(self.moment(plot.batches.len())?);
        let batch = self.writer.begin_batch(&store::NewBatch {
            import: self.import,
            dataset: id,
            ingested_at: plot.at,
            files: planned.files.iter().map(|f| f.name.to_string()).collect(),
        })?;
        let around = Surroundings {
            plot,
            rejects,
            watch,
        };
        let counts = Intake::new(planned, (id, batch), around)?.read(self.options.jobs)?;
        Ok(DatasetImport {
            name: planned.name.clone(),
            kind: planned.kind,
            batch: Some(batch.0),
            counts,
        })
    }

    /// The moment of the nth batch of this command: later than that of the batch before, unless the command names one.
    fn moment(&self, n: usize) -> Result<Moment> {
        if let Some(at) = self.options.at {
            return Ok(Moment(at.0.saturating_add(n as i64)));
        }
        let last = self.writer.view().last_ingestion()?;
        Ok(self.now.max(Moment(last.0.saturating_add(1))))
    }

    /// How many rows these files have, where a batch of the same content stands.
    fn known_rows(&self, dataset: DatasetId, planned: &DatasetPlan) -> Result<Option<u64>> {
        if !self.writer.view().has_batches(dataset)? {
            return Ok(None);
        }
        let mut hashes = Vec::new();
        for file in &planned.files {
            match file.hash()? {
                Some(hash) => hashes.push(hash),
                None => return Ok(None),
            }
        }
        let fingerprint = fingerprint(planned, &hashes);
        Ok(self
            .writer
            .view()
            .rows_of_fingerprint(dataset, &fingerprint)?)
    }
}

/// Bytes of all files; 0 where those of one can't be known.
fn total_bytes(plan: &Plan) -> u64 {
    let bytes: Option<u64> = plan.datasets.iter().map(DatasetPlan::bytes).sum();
    bytes.unwrap_or(0)
}

/// By what the content of these files under this mapping is known again.
fn fingerprint(planned: &DatasetPlan, hashes: &[u128]) -> String {
    hashes
        .iter()
        .fold(format!("{:032x}", planned.fingerprint()), |print, hash| {
            format!("{print}-{hash:032x}")
        })
}

fn dataset(planned: &DatasetPlan) -> Dataset {
    Dataset {
        id: DatasetId(0),
        name: planned.name.clone(),
        kind: planned.kind,
        channel: planned.channel.clone(),
        upsert: planned.mapping.update == Update::Patch,
        keeps_versions: planned.keeps_versions.unwrap_or(true),
    }
}

/// The name of the rejects file beside a store: `onefold.db` has `onefold.rejects.jsonl`.
fn rejects_path(store: &Path) -> PathBuf {
    store.with_extension("rejects.jsonl")
}
