//! One dataset of an import: its rows are admitted, known again or new, linked, and laid aside to be written.

use std::ops::ControlFlow;
use std::sync::Arc;

use hashbrown::HashMap;

use super::dictionaries::{Dictionary, Training};
use super::known::{KnownEvents, KnownRecords};
use super::names::node_at;
use super::naming::Named;
use super::passage::{unwrapped, wrapped};
use super::plot::{OpenBatch, Plot};
use super::screen::Verdict;
use super::warned::Warned;
use super::{DatasetPlan, ImportError, IngestError, Result, Watch};
use crate::identity::{Admission, Admitted, Ahead, Node, Sighting};
use crate::ingest::{
    self, Ended, Item, ReadProgress, Reason, Rejected, RejectsFile, Row, Sink, rejects,
};
use crate::model::{
    BatchId, Brought, DatasetId, DatasetKind, IdentityId, ImportProgress, Moment, NamespaceId,
    RowCounts,
};
use crate::store::{ObservationLog, Total, View, Writer};

/// Samples that a dictionary is trained on.
const SAMPLES: usize = 500;

/// Bodies of events in a sample: they are packed several together, and a dictionary fits what is like its samples.
const EVENTS_A_SAMPLE: usize = 4;

/// Bytes of a body that a dictionary is trained on.
const SAMPLE_BYTES: usize = 4_096;

/// So many rows tell how many more there will be.
const SOME_ROWS: u64 = 50_000;

/// More than these come as a surprise: there may be none of them, and room for them takes memory.
const MOST_EXPECTED: u64 = 20_000_000;

/// What the rows of a dataset are taken with.
pub(super) struct Surroundings<'a, 'w> {
    pub(super) plot: &'a mut Plot<'w>,
    pub(super) rejects: &'a mut RejectsFile,
    pub(super) watch: &'a mut dyn Watch,
}

/// Takes the rows of one dataset.
pub(super) struct Intake<'a, 'w> {
    pub(super) planned: &'a DatasetPlan,
    pub(super) dataset: DatasetId,
    pub(super) batch: BatchId,
    /// The names of the batch's files.
    files: Vec<Arc<str>>,
    pub(super) around: Surroundings<'a, 'w>,
    pub(super) admission: Admission,
    /// Identities that had arrived, fragments and events that were new, when the batch began.
    known: u64,
    begun: (u64, u64),
    pub(super) namespaces: HashMap<Arc<str>, NamespaceId>,
    /// The spellings of namespaces that were met last, known by where they lie.
    pub(super) spellings: Vec<(Arc<str>, NamespaceId)>,
    named: Named,
    pub(super) ahead: Ahead,
    ids: Vec<IdentityId>,
    linked: Vec<Node>,
    log: ObservationLog,
    pub(super) records: KnownRecords,
    pub(super) events: KnownEvents,
    pub(super) kinds: HashMap<String, i64>,
    samples: Vec<Vec<u8>>,
    pub(super) counts: RowCounts,
    pub(super) new_fragments: u64,
    pub(super) new_events: u64,
    warned: Warned,
    pub(super) row: u64,
    file: u16,
    /// Whether the rows to come were counted on.
    is_expecting: bool,
}

impl<'a, 'w> Intake<'a, 'w> {
    pub(super) fn new(
        planned: &'a DatasetPlan,
        (dataset, batch): (DatasetId, BatchId),
        around: Surroundings<'a, 'w>,
    ) -> Result<Intake<'a, 'w>> {
        // Namespaces may have come up since the import began.
        let settings = around.plot.writer.view().link_settings()?;
        Ok(Intake {
            planned,
            dataset,
            batch,
            files: planned.files.iter().map(|f| Arc::clone(&f.name)).collect(),
            admission: Admission::new(&settings),
            known: around.plot.people.arrived(),
            begun: (0, 0),
            namespaces: HashMap::new(),
            spellings: Vec::new(),
            named: Named::default(),
            ahead: Ahead::default(),
            ids: Vec::new(),
            linked: Vec::new(),
            log: ObservationLog::new(batch),
            records: KnownRecords::new(around.plot.at),
            events: KnownEvents::new(around.plot.at),
            kinds: HashMap::new(),
            samples: Vec::new(),
            counts: RowCounts::default(),
            new_fragments: 0,
            new_events: 0,
            warned: Warned::default(),
            row: 0,
            file: 0,
            is_expecting: false,
            around,
        })
    }

    /// Reads all files of the dataset, and closes its batch.
    pub(super) fn read(mut self, jobs: usize) -> Result<RowCounts> {
        let outcome = ingest::read(self.planned, jobs, &mut self).map_err(unwrapped)?;
        if outcome.ended == Ended::Interrupted {
            return Err(ImportError::Cancelled);
        }
        let hashes: Vec<_> = outcome.files.iter().map(|file| file.hash).collect();
        let fingerprint = super::fingerprint(self.planned, &hashes);
        self.close_batch(&fingerprint)?;
        self.around.plot.bytes_read += outcome.files.iter().map(|file| file.bytes).sum::<u64>();
        let counts = self.counts;
        self.finish(&[])?;
        Ok(counts)
    }

    /// Another batch begins; the one before is closed already.
    pub(super) fn begin_batch(&mut self, batch: BatchId, files: Vec<Arc<str>>) {
        self.batch = batch;
        self.files = files;
        self.log = ObservationLog::new(batch);
        self.counts = RowCounts::default();
        self.row = 0;
        self.file = 0;
        self.known = self.around.plot.people.arrived();
        self.begun = (self.new_fragments, self.new_events);
        self.events.turn_to(self.around.plot.at);
        self.records.turn_to(self.around.plot.at);
    }

    /// No more rows come for this batch.
    pub(super) fn close_batch(&mut self, fingerprint: &str) -> Result<()> {
        let plot = &mut *self.around.plot;
        self.log.flush(plot.writer)?;
        plot.writer
            .finish_batch(self.batch, fingerprint, self.counts)?;
        plot.rejected += self.counts.rejected;
        plot.rows_read += self.counts.read;
        plot.batches.push(OpenBatch {
            id: self.batch,
            dataset: self.dataset,
            keeps_versions: self.planned.keeps_versions.unwrap_or(true),
            packer: plot.dictionaries.len(),
            brought: Brought {
                fragments: Some(self.new_fragments - self.begun.0),
                events: Some(self.new_events - self.begun.1),
                identities: Some(plot.people.arrived() - self.known),
                ..Brought::default()
            },
        });
        Ok(())
    }

    /// No more rows come for this dataset; the batches before the last share what packs its bodies.
    pub(super) fn finish(self, earlier: &[BatchId]) -> Result<()> {
        self.add_totals()?;
        let told = self.warned.told(&self.planned.name);
        self.around.plot.notes.extend(told);
        let batches = [&[self.batch], earlier].concat();
        let plot = self.around.plot;
        plot.dictionaries.push(dictionary(
            plot.writer,
            self.planned,
            &self.samples,
            (self.dataset, batches),
        )?);
        plot.rest()
    }

    fn add_totals(&self) -> Result<()> {
        let writer = self.around.plot.writer;
        for (total, more) in [
            (Total::Fragments, self.new_fragments),
            (Total::Events, self.new_events),
        ] {
            writer.set_total(total, writer.view().total(total)? + more)?;
        }
        Ok(())
    }

    pub(super) fn view(&self) -> View<'w> {
        self.around.plot.writer.view()
    }

    /// Takes a row; where it is refused it is told by its text, or without that by its body.
    pub(super) fn take(&mut self, row: &mut Row, text: Option<&[u8]>) -> Result<()> {
        self.row += 1;
        self.counts.read += 1;
        self.warned.count(row, &self.files);
        if row.line.file != self.file {
            self.file = row.line.file;
            self.events.next_file();
        }
        let refused = if self.screen(row) == Verdict::Refused {
            Some(Reason::Forgotten)
        } else {
            let mut named = std::mem::take(&mut self.named);
            let taken = self.take_named(row, &mut named);
            self.named = named;
            taken?
        };
        match refused {
            Some(reason) => self.refuse(row, text, reason),
            None => Ok(()),
        }
    }

    /// Takes a row, and with it its body, or says why it is refused.
    fn take_named(&mut self, row: &mut Row, named: &mut Named) -> Result<Option<Reason>> {
        self.admit(row, named)?;
        for (n, refusal) in named.admitted.refusals.iter().enumerate() {
            self.around
                .plot
                .writer
                .put_refusal(self.batch, row.line, n, refusal)?;
        }
        if named.admitted.is_rejected {
            let refusal = named.admitted.refusals.first().cloned();
            return Ok(Some(refusal.map_or(Reason::Unidentified, Reason::Refused)));
        }
        self.find(row, named)?;
        match self.planned.kind {
            DatasetKind::Record => self.take_record(row, &named.admitted, &named.nodes),
            DatasetKind::Event => self.take_event(row, &named.admitted, &named.nodes),
        }
    }

    pub(super) fn add_source(&mut self, primary: Node) -> Result<()> {
        let plot = &mut *self.around.plot;
        if let Some(person) = plot.people.change(primary) {
            person.source_set = plot
                .sets
                .with(plot.writer, person.source_set, self.dataset)?;
        }
        Ok(())
    }

    /// Keeps the observation of a row, and links what it names.
    pub(super) fn link(
        &mut self,
        row: &Row,
        admitted: &Admitted,
        nodes: &[(usize, Node)],
        time: Option<Moment>,
    ) -> Result<()> {
        let plot = &mut *self.around.plot;
        self.ids.clear();
        let ids = nodes.iter().map(|(_, node)| plot.people.graph.id(*node));
        self.ids.extend(ids);
        self.log
            .add(plot.writer, self.row, row.line, time, &self.ids)?;
        for (_, node) in nodes {
            if let Some(person) = plot.people.change(*node) {
                person.last_seen = person.last_seen.max(plot.at);
                person.first_seen = person.first_seen.min(plot.at);
            }
        }
        let linked = admitted.linked.iter();
        self.linked.clear();
        self.linked
            .extend(linked.filter_map(|place| node_at(nodes, Some(*place))));
        let at = Sighting {
            batch: self.batch,
            row: self.row,
            line: row.line.packed(),
        };
        plot.people.graph.observe(&self.linked, at);
        Ok(())
    }

    /// Counts on as many rows as there are if the rest of the files is like what was read of them.
    fn expect_like(&mut self, read: &ReadProgress) {
        if self.is_expecting || read.rows < SOME_ROWS {
            return;
        }
        self.is_expecting = true;
        let all = self.planned.bytes().unwrap_or(0).max(read.bytes);
        let rows = u128::from(read.rows) * u128::from(all) / u128::from(read.bytes.max(1));
        let rows = rows.min(u128::from(MOST_EXPECTED)) as usize;
        match self.planned.kind {
            DatasetKind::Record => self.records.expect(rows),
            DatasetKind::Event => self.events.expect(rows),
        }
    }

    pub(super) fn sample(&mut self, body: &[u8]) {
        let most = match self.planned.kind {
            DatasetKind::Record => SAMPLES,
            DatasetKind::Event => SAMPLES * EVENTS_A_SAMPLE,
        };
        if self.samples.len() < most {
            let cut = body.get(..SAMPLE_BYTES).unwrap_or(body);
            self.samples.push(cut.to_vec());
        }
    }

    fn refuse(&mut self, row: &Row, text: Option<&[u8]>, reason: Reason) -> Result<()> {
        self.counts.rejected += 1;
        let text = text.unwrap_or(row.body.as_bytes());
        let file = self.files.get(usize::from(row.line.file));
        let rejected = Rejected {
            file: file.cloned().unwrap_or_else(|| "".into()),
            line: row.line,
            offset: row.offset,
            length: row.length,
            row: rejects::beginning(text).to_vec(),
            reason,
        };
        Ok(self.around.rejects.write(&self.planned.name, &rejected)?)
    }
}

/// The dictionary of a dataset for some batches of it, or a new one where it has none yet.
fn dictionary(
    writer: &Writer,
    planned: &DatasetPlan,
    samples: &[Vec<u8>],
    (dataset, batches): (DatasetId, Vec<BatchId>),
) -> Result<Dictionary> {
    if let Some((last, earlier)) = batches.split_first()
        && let Some(known) = writer.inherit_dictionary(*last, dataset)?
    {
        writer.share_dictionary_with(*last, earlier)?;
        return Ok(Dictionary::Known(known));
    }
    let together = match planned.kind {
        DatasetKind::Event if samples.len() >= SAMPLES => EVENTS_A_SAMPLE,
        DatasetKind::Event | DatasetKind::Record => 1,
    };
    let samples = samples.chunks(together).map(<[_]>::concat).collect();
    Ok(Dictionary::Training(Training::begin(samples, batches)?))
}

impl Sink for Intake<'_, '_> {
    fn accept(
        &mut self,
        row: &mut Row,
        text: &[u8],
    ) -> std::result::Result<ControlFlow<()>, IngestError> {
        match self.take(row, Some(text)) {
            Ok(()) => Ok(ControlFlow::Continue(())),
            Err(error) => Err(wrapped(error)),
        }
    }

    fn foresee(&mut self, rows: &[Item]) {
        self.look_ahead(rows);
    }

    fn reject(&mut self, rejected: Rejected) -> std::result::Result<(), IngestError> {
        self.counts.read += 1;
        self.counts.rejected += 1;
        let screened = self.around.plot.screened(rejected).map_err(wrapped)?;
        self.around.rejects.write(&self.planned.name, &screened)
    }

    fn progress(&mut self, progress: &ReadProgress) -> ControlFlow<()> {
        self.expect_like(progress);
        let Surroundings { plot, watch, .. } = &mut self.around;
        watch.progress(&ImportProgress {
            stage: "reading",
            file: progress.file.to_string(),
            bytes: plot.bytes_read + progress.bytes,
            total_bytes: plot.total_bytes,
            rows: plot.rows_read + progress.rows,
            rejected: plot.rejected + self.counts.rejected,
        })
    }
}
