//! What waits to be written while others pack: people, and how they are linked.

use super::Result;
use super::finish::{Finish, Indexes, rows};
use super::people::People;
use super::plot::{OpenBatch, Plot};
use super::report::Report;
use crate::store::Writer;

/// What is still to be written.
pub(super) struct Backlog<'w> {
    writer: &'w Writer,
    indexes: Indexes,
    /// Everyone, and the batches that brought them, until their writing begins.
    waiting: Option<(People, Vec<OpenBatch>)>,
    people: Option<Finish<'w>>,
}

impl<'w> Backlog<'w> {
    /// The people of this import.
    pub(super) fn new(plot: &mut Plot<'w>) -> Backlog<'w> {
        Backlog {
            writer: plot.writer,
            indexes: if plot.is_out_of_order {
                Indexes::Later
            } else {
                Indexes::Next
            },
            waiting: Some((plot.take_people(), plot.batches.clone())),
            people: None,
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
        let Some(people) = &mut self.people else {
            return Ok(None);
        };
        let rows = people.step()?;
        if rows.is_none() {
            self.people = None;
        }
        Ok(rows)
    }

    /// Writes all that is left.
    pub(super) fn clear(mut self, report: &mut Report<'_>) -> Result<()> {
        while let Some(rows) = self.step()? {
            report.more(rows)?;
        }
        Ok(())
    }
}
