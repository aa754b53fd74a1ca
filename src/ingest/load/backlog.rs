//! What waits to be written while others pack: people, and how they are linked.

use std::io;
use std::thread::{self, JoinHandle};

use super::Result;
use super::finish::{Changed, Finish, Indexes, rows};
use super::plot::{OpenBatch, Plot};
use super::report::Report;
use crate::store::Writer;

/// What is still to be written.
pub(super) struct Backlog<'w> {
    writer: &'w Writer,
    indexes: Indexes,
    batches: Vec<OpenBatch>,
    /// About how many rows of people there are to write.
    rows: u64,
    /// A thread that finds out what has changed.
    looking: Option<JoinHandle<Changed>>,
    people: Option<Finish<'w>>,
}

impl<'w> Backlog<'w> {
    /// The people of this import.
    pub(super) fn new(plot: &mut Plot<'w>) -> Result<Backlog<'w>> {
        let people = plot.take_people();
        let rows = rows(&people);
        let thread = thread::Builder::new().name("people".into());
        Ok(Backlog {
            writer: plot.writer,
            indexes: if plot.is_out_of_order {
                Indexes::Later
            } else {
                Indexes::Next
            },
            batches: plot.batches.clone(),
            rows,
            looking: Some(thread.spawn(move || Changed::of(people))?),
            people: None,
        })
    }

    /// About how many rows of people there are to write.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes some rows of what is ready; how many, `None` where nothing is.
    pub(super) fn step(&mut self) -> Result<Option<u64>> {
        if self.looking.as_ref().is_some_and(JoinHandle::is_finished) {
            self.begin()?;
        }
        let Some(people) = &mut self.people else {
            return Ok(None);
        };
        let rows = people.step()?;
        if rows.is_none() {
            self.people = None;
        }
        Ok(rows)
    }

    /// Begins to write what has changed; where that is not known yet, it is waited for.
    fn begin(&mut self) -> Result<()> {
        if let Some(looking) = self.looking.take() {
            let stopped = |_| io::Error::other("the thread that looks for changes has stopped");
            let changed = looking.join().map_err(stopped)?;
            let people = Finish::new(self.writer, changed, &self.batches, self.indexes)?;
            self.people = Some(people);
        }
        Ok(())
    }

    /// Writes all that is left.
    pub(super) fn clear(mut self, report: &mut Report<'_>) -> Result<()> {
        self.begin()?;
        while let Some(rows) = self.step()? {
            report.more(rows)?;
        }
        Ok(())
    }
}
