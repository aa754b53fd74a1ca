//! Events on their way into blocks: repeated, replacing, or new.

use super::Result;
use super::intake::Intake;
use super::known::{Earlier, Novelty};
use super::names::node_at;
use super::rows::EventHead;
use crate::identity::{Admitted, Node};
use crate::ingest::{Reason, Row};
use crate::model::{Moment, Refusal};
use crate::store::{EventMark, Repeat};

impl Intake<'_, '_> {
    /// Takes an event whose identities were admitted, or says why it is refused.
    pub(super) fn take_event(
        &mut self,
        row: &mut Row,
        admitted: &Admitted,
        nodes: &[(usize, Node)],
    ) -> Result<Option<Reason>> {
        let Some(primary) = node_at(nodes, admitted.primary) else {
            self.link(row, admitted, nodes, row.timestamp)?;
            return Ok(Some(no_primary(admitted)));
        };
        let timestamp = row.timestamp.unwrap_or(self.around.plot.at);
        let number = primary.index() as u32;
        self.remember_events(primary)?;
        // Read again, an event without a time is the same, whatever moment stands in for it.
        let own_time = row.timestamp.unwrap_or(Moment(0));
        let mark = self
            .events
            .mark(number, row.id.as_deref(), own_time, row.body_hash);
        let n = self.around.plot.next_row();
        match self.events.meet(number, mark, n) {
            Novelty::Repeats(earlier) => {
                self.counts.duplicates += 1;
                let again = Repeat {
                    batch: self.batch,
                    row: self.row,
                    line: row.line,
                };
                self.around.plot.repeats.note(earlier, again)?;
                return Ok(None);
            }
            Novelty::Replaces(earlier) => self.replace(earlier),
            Novelty::Precedes(later) => {
                self.counts.replaced += 1;
                self.around.plot.outdated.insert(n, later);
            }
            Novelty::New => self.add_event(primary)?,
        }
        self.link(row, admitted, nodes, row.timestamp)?;
        self.counts.accepted += 1;
        self.sample(row.body.as_bytes());
        self.keep(primary, timestamp, (n, mark), row)?;
        Ok(None)
    }

    fn replace(&mut self, earlier: Earlier<crate::store::EventPlace>) {
        self.counts.replaced += 1;
        let plot = &mut *self.around.plot;
        match earlier {
            Earlier::Stored(at) => plot.replaced.push((at, self.batch)),
            Earlier::Arrived(n) => {
                plot.outdated.insert(n, self.batch);
            }
        }
    }

    /// Lays the event aside to be written.
    fn keep(
        &mut self,
        primary: Node,
        timestamp: Moment,
        (n, mark): (u64, EventMark),
        row: &mut Row,
    ) -> Result<()> {
        let body = std::mem::take(&mut row.body);
        let head = EventHead {
            kind: self.kind(row.kind.as_deref())?,
            line: row.line,
            mark,
            id: row.id.as_deref(),
        };
        let plot = &mut *self.around.plot;
        if let Some(person) = plot.people.change(primary) {
            person.set_last_event(person.last_event().max(Some(timestamp)));
        }
        let key = plot.key(primary, timestamp.0, n);
        plot.events.add(key, |bytes| head.write(bytes), body)?;
        Ok(())
    }

    fn remember_events(&mut self, primary: Node) -> Result<()> {
        let plot = &self.around.plot;
        let is_stored = plot
            .people
            .person(primary)
            .is_some_and(|person| person.stored_cluster().is_some() && person.events > 0);
        let number = primary.index() as u32;
        if !is_stored || !self.events.is_first_meeting(number) {
            return Ok(());
        }
        let id = plot.people.graph.id(primary);
        for known in self.view().known_events(id, self.dataset)? {
            self.events.remember(number, known);
        }
        Ok(())
    }

    fn add_event(&mut self, primary: Node) -> Result<()> {
        self.new_events += 1;
        self.add_source(primary)?;
        if let Some(person) = self.around.plot.people.change(primary) {
            person.events += 1;
        }
        Ok(())
    }

    fn kind(&mut self, name: Option<&str>) -> Result<i64> {
        let Some(name) = name else {
            return Ok(0);
        };
        if let Some(id) = self.kinds.get(name) {
            return Ok(*id);
        }
        let id = self.around.plot.writer.event_type(name)?;
        self.kinds.insert(name.to_owned(), id);
        Ok(id)
    }
}

/// Why an event that names no one primary identity is refused.
fn no_primary(admitted: &Admitted) -> Reason {
    admitted
        .refusals
        .iter()
        .find(|refusal| matches!(refusal, Refusal::AmbiguousPrimary { .. }))
        .cloned()
        .map_or(Reason::Unidentified, Reason::Refused)
}
