//! The logs of observations once rows count that did not, and others count no more.

use std::collections::{BTreeMap, HashMap};

use super::Undo;
use crate::ingest::load::Result;
use crate::model::{BatchId, IdentityId, SourceLine};
use crate::store::Observation;

impl Undo<'_> {
    /// Enters rows into the logs of their batches, and takes others out.
    pub(super) fn amend_logs(&mut self) -> Result<()> {
        let mut adding = self.entering_observations()?;
        let mut numbers = BTreeMap::new();
        for observation in adding.values().flatten() {
            self.concerned.extend(&observation.identities);
        }
        let leaving = std::mem::take(&mut self.leaving);
        let batches: Vec<BatchId> = adding.keys().chain(leaving.keys()).copied().collect();
        for batch in batches {
            let (add, remove) = (adding.remove(&batch), leaving.get(&batch).cloned());
            if add.is_none() && remove.is_none() {
                continue;
            }
            let removed = self.writer.amend_observations(
                batch,
                add.unwrap_or_default(),
                remove.unwrap_or_default(),
            )?;
            for observation in removed {
                note_number(&mut numbers, &observation);
                self.concerned.extend(&observation.identities);
            }
        }
        self.number_rows(&numbers)
    }

    /// The rows that enter a log name what the row named that they had repeated.
    fn entering_observations(&self) -> Result<BTreeMap<BatchId, Vec<Observation>>> {
        let mut wanted: BTreeMap<BatchId, HashMap<SourceLine, Vec<usize>>> = BTreeMap::new();
        for (at, entry) in self.entering.iter().enumerate() {
            let (batch, mark) = entry.from;
            let of_batch = wanted.entry(batch).or_default();
            of_batch.entry(mark.line).or_default().push(at);
        }
        let mut found = BTreeMap::<BatchId, Vec<Observation>>::new();
        for (batch, lines) in wanted {
            self.view().each_observation(batch, |observation| {
                for at in lines.get(&observation.line).into_iter().flatten() {
                    let Some(entry) = self.entering.get(*at) else {
                        continue;
                    };
                    let of_batch = found.entry(entry.to.batch).or_default();
                    let is_in = of_batch.iter().any(|known| known.row == entry.to.row);
                    if entry.from.1.fits(&observation) && !is_in {
                        of_batch.push(Observation {
                            batch: entry.to.batch,
                            row: entry.to.row,
                            line: entry.to.line,
                            ..observation.clone()
                        });
                    }
                }
                Ok(())
            })?;
        }
        Ok(found)
    }
}

fn note_number(
    numbers: &mut BTreeMap<(BatchId, SourceLine, IdentityId), u64>,
    observation: &Observation,
) {
    for id in &observation.identities {
        let place = (observation.batch, observation.line, *id);
        numbers.entry(place).or_insert(observation.row);
    }
}
