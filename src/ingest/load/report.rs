//! How far the writing is, told to the one who watches.

use std::ops::ControlFlow;

use super::{ImportError, Result, Watch};
use crate::model::ImportProgress;

/// Steps between two reports.
const STEPS_A_REPORT: u64 = 4_096;

/// Tells of one stage after the other.
pub(super) struct Report<'a> {
    watch: &'a mut dyn Watch,
    rejected: u64,
    stage: &'static str,
    done: u64,
    told: u64,
    total: u64,
}

impl<'a> Report<'a> {
    /// Nothing is told yet; so many rows were rejected.
    pub(super) fn new(watch: &'a mut dyn Watch, rejected: u64) -> Report<'a> {
        Report {
            watch,
            rejected,
            stage: "",
            done: 0,
            told: 0,
            total: 0,
        }
    }

    /// Begins a stage of about this many steps.
    pub(super) fn begin(&mut self, stage: &'static str, total: u64) -> Result<()> {
        (self.stage, self.total) = (stage, total);
        (self.done, self.told) = (0, 0);
        self.tell()
    }

    /// Some more steps are done.
    pub(super) fn more(&mut self, steps: u64) -> Result<()> {
        self.done += steps;
        if self.done - self.told >= STEPS_A_REPORT {
            self.told = self.done;
            return self.tell();
        }
        Ok(())
    }

    fn tell(&mut self) -> Result<()> {
        let progress = ImportProgress {
            stage: self.stage,
            bytes: self.done,
            total_bytes: self.total,
            rows: self.done,
            rejected: self.rejected,
            ..ImportProgress::default()
        };
        match self.watch.progress(&progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(ImportError::Cancelled),
        }
    }
}
