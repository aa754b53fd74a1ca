//! The delivery of rows: on the calling thread, in the order of the files.

use std::ops::ControlFlow;

use crossbeam_channel::{Receiver, Sender};

use super::{Ended, Outcome, Parsed, Turn};
use crate::ingest::IngestError;
use crate::ingest::cutter::Chunk;
use crate::ingest::formats::Break;
use crate::ingest::plan::{DatasetPlan, Partial};
use crate::ingest::row::{Item, ReadProgress, Sink};

/// Rows that the sink hears of together before it takes them: few enough that what they touch stays at hand.
const FORESEEN: usize = 64;

/// The work of the calling thread: it hands rows to the sink.
pub(super) struct Delivery<'d> {
    plan: &'d DatasetPlan,
    sink: &'d mut dyn Sink,
    /// Takes chunks whose memory can be used again.
    spare: Sender<Chunk>,
    /// Takes rows that were delivered: memory is given back fastest where it was taken.
    spent: Sender<Vec<Item>>,
    outcome: Outcome,
    progress: ReadProgress,
}

impl<'d> Delivery<'d> {
    pub fn new(
        plan: &'d DatasetPlan,
        sink: &'d mut dyn Sink,
        spare: Sender<Chunk>,
        spent: Sender<Vec<Item>>,
    ) -> Delivery<'d> {
        Delivery {
            plan,
            sink,
            spare,
            spent,
            outcome: Outcome::default(),
            progress: ReadProgress::default(),
        }
    }

    pub fn run(mut self, turns: &Receiver<Turn>) -> Result<Outcome, IngestError> {
        while let Ok(turn) = turns.recv() {
            let flow = match turn {
                Turn::Begin(name) => {
                    self.progress.file = name;
                    ControlFlow::Continue(())
                }
                Turn::Chunk { rows, bytes } => self.take_chunk(&rows, bytes)?,
                Turn::End(file) => {
                    self.outcome.files.push(file);
                    ControlFlow::Continue(())
                }
                Turn::Failed(error) => return Err(error),
            };
            if flow.is_break() {
                self.outcome.ended = Ended::Interrupted;
                break;
            }
        }
        Ok(self.outcome)
    }

    fn take_chunk(
        &mut self,
        rows: &Receiver<Parsed>,
        bytes: u64,
    ) -> Result<ControlFlow<()>, IngestError> {
        let Parsed {
            mut items,
            mut chunk,
            skipped,
        } = rows.recv().map_err(|_| IngestError::Stopped {
            file: self.progress.file.to_string(),
        })?;
        for group in items.chunks_mut(FORESEEN) {
            self.sink.foresee(group);
            for item in group {
                if self.take(item, &chunk, skipped)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        // Where nothing more is read, nobody wants the memory.
        let _ = self.spent.send(items);
        if let Some(end) = chunk.end.take() {
            self.note_break(end)?;
        }
        let _ = self.spare.send(chunk);
        self.progress.bytes = bytes;
        self.progress.rows = self.outcome.rows;
        self.progress.rejected = self.outcome.rejected;
        Ok(self.sink.progress(&self.progress))
    }

    fn take(
        &mut self,
        item: &mut Item,
        chunk: &Chunk,
        skipped: u64,
    ) -> Result<ControlFlow<()>, IngestError> {
        self.outcome.rows += 1;
        match item {
            Item::Row(row) => {
                let text = chunk.text(row.offset - skipped, row.length);
                self.sink.accept(row, text)
            }
            Item::Rejected(rejected) => {
                self.outcome.rejected += 1;
                self.sink.reject(rejected.clone())?;
                Ok(ControlFlow::Continue(()))
            }
        }
    }

    fn note_break(&mut self, end: Break) -> Result<(), IngestError> {
        let broken = IngestError::Broken {
            file: self.progress.file.to_string(),
            line: end.line,
            column: end.column,
            what: end.what,
            rows: self.outcome.accepted(),
        };
        match self.plan.partial {
            Partial::Refuse => Err(broken),
            Partial::Keep => {
                self.outcome.breaks.push(broken.to_string());
                Ok(())
            }
        }
    }
}
