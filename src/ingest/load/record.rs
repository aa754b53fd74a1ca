//! Records on their way into fragments: repeated, replacing, or new.

use xxhash_rust::xxh3::xxh3_64;

use super::Result;
use super::intake::Intake;
use super::known::{Earlier, Novelty, record_hash};
use super::names::{node_at, same_as};
use super::rows::VersionHead;
use crate::identity::{Admitted, Node};
use crate::ingest::{Reason, Row};

impl Intake<'_, '_> {
    /// Takes a record whose identities were admitted, or says why it is refused.
    pub(super) fn take_record(
        &mut self,
        row: &mut Row,
        admitted: &Admitted,
        nodes: &[(usize, Node)],
    ) -> Result<Option<Reason>> {
        let mapped = row.primary.and_then(|place| same_as(row, nodes, place));
        let Some(primary) = mapped.or_else(|| node_at(nodes, admitted.primary)) else {
            return Ok(Some(Reason::Unidentified));
        };
        self.link(row, admitted, nodes, row.customer_time)?;
        let n = self.around.plot.next_row();
        let hash = record_hash(row.operation, row.body_hash);
        self.remember_record(primary)?;
        match self.records.meet(primary.index() as u32, hash, n) {
            Novelty::Repeats(earlier) => {
                self.counts.duplicates += 1;
                let plot = &mut *self.around.plot;
                match earlier {
                    Earlier::Stored(key) => plot.touched.push((key, self.batch, row.line)),
                    Earlier::Arrived(n) => {
                        let again = (self.batch, row.line);
                        plot.repeated.entry(n).or_default().push(again);
                    }
                }
                return Ok(None);
            }
            Novelty::Replaces(_) | Novelty::Precedes(_) => self.counts.replaced += 1,
            Novelty::New => self.add_fragment(primary)?,
        }
        self.counts.accepted += 1;
        self.sample(row.body.as_bytes());
        let plot = &mut *self.around.plot;
        let secondary = nodes
            .iter()
            .filter(|(_, node)| *node != primary)
            .map(|(_, node)| plot.people.graph.id(*node))
            .collect();
        let key = plot.key(primary, 0, n);
        let body = std::mem::take(&mut row.body);
        let head = VersionHead {
            line: row.line,
            operation: row.operation,
            customer_time: row.customer_time,
            secondary,
        };
        plot.versions.add(key, |bytes| head.write(bytes), body)?;
        Ok(None)
    }

    /// Notes what the store holds of an identity, when it is first met.
    fn remember_record(&mut self, primary: Node) -> Result<()> {
        let plot = &self.around.plot;
        let is_stored = plot
            .people
            .person(primary)
            .is_some_and(|person| person.stored_cluster().is_some() && person.fragments > 0);
        let number = primary.index() as u32;
        let has_met = self.records.has_met(number) && self.planned.mapping.ingested.is_none();
        if !is_stored || has_met {
            return Ok(());
        }
        let id = plot.people.graph.id(primary);
        if let Some(newest) = self.view().newest_version(id, self.dataset, plot.at)? {
            let hash = record_hash(newest.operation, xxh3_64(&newest.body));
            let at = newest.ingested_at;
            self.records.remember(number, hash, (at, newest.key));
        }
        Ok(())
    }

    fn add_fragment(&mut self, primary: Node) -> Result<()> {
        self.new_fragments += 1;
        self.add_source(primary)?;
        if let Some(person) = self.around.plot.people.change(primary) {
            person.fragments += 1;
        }
        Ok(())
    }
}
