//! What waits to be written while others pack: people, their links, and what records say once that is gathered.

use std::io;
use std::thread::ScopedJoinHandle;

use super::Result;
use super::finish::{Finish, Indexes, rows};
use super::leaves::{SortedLeaves, WrittenLeaves};
use super::people::People;
use super::plot::{OpenBatch, Plot};
use super::report::Report;
use crate::model::ImportId;
use crate::store::Writer;

/// What is still to be written.
pub(super) struct Backlog<'w, 's> {
    writer: &'w Writer,
    import: ImportId,
    indexes: Indexes,
    /// Everyone, and the batches that brought them, until their writing begins.
    waiting: Option<(People, Vec<OpenBatch>)>,
    people: Option<Finish<'w>>,
    gathering: Option<ScopedJoinHandle<'s, io::Result<SortedLeaves>>>,
    leaves: Option<WrittenLeaves<'w>>,
}

impl<'w, 's> Backlog<'w, 's> {
    /// The people of this import, and the leaves that a thread gathers.
    pub(super) fn new(
        plot: &mut Plot<'w>,
        gathering: ScopedJoinHandle<'s, io::Result<SortedLeaves>>,
    ) -> Backlog<'w, 's> {
        Backlog {
            writer: plot.writer,
            import: plot.import,
            indexes: if plot.is_out_of_order {
                Indexes::Later
            } else {
                Indexes::Next
            },
            waiting: Some((plot.take_people(), plot.batches.clone())),
            people: None,
            gathering: Some(gathering),
            leaves: None,
        }
    }

    /// About how many rows of people there are to write.
    pub(super) fn rows(&self) -> u64 {
        self.waiting.as_ref().map_or(0, |(people, _)| rows(people))
    }

    /// Writes some rows of what is ready; how many, `None` where nothing is.
    pub(super) fn step(&mut self) -> Result<Option<u64>> {
        if let Some((people, batches)) = self.waiting.take() {
            let people = Finish::new(self.writer, people, &batches, self.indexes)?;
            self.people = Some(people);
        }
        if let Some(people) = &mut self.people {
            if let Some(rows) = people.step()? {
                return Ok(Some(rows));
            }
            self.people = None;
        }
        if self
            .gathering
            .as_ref()
            .is_some_and(ScopedJoinHandle::is_finished)
        {
            self.await_leaves()?;
        }
        match &mut self.leaves {
            Some(leaves) => leaves.step(),
            None => Ok(None),
        }
    }

    fn await_leaves(&mut self) -> Result<()> {
        if let Some(gathering) = self.gathering.take() {
            let stopped = |_| io::Error::other("a thread that writes has stopped");
            let sorted = gathering.join().map_err(stopped)??;
            self.leaves = Some(sorted.writing(self.writer, self.import)?);
        }
        Ok(())
    }

    /// Writes all that is left.
    pub(super) fn clear(mut self, report: &mut Report<'_>) -> Result<()> {
        self.go_on(report)?;
        self.await_leaves()?;
        let left = self.leaves.as_ref().map_or(0, WrittenLeaves::len);
        report.begin("indexing", left)?;
        self.go_on(report)
    }

    fn go_on(&mut self, report: &mut Report<'_>) -> Result<()> {
        while let Some(rows) = self.step()? {
            report.more(rows)?;
        }
        Ok(())
    }
}
