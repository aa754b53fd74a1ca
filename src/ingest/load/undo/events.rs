//! Events without the rows of batches that go: what only repeated them comes back, what they had replaced shows again.

use std::collections::{BTreeMap, BTreeSet};

use super::Undo;
use super::retell::{Fate, Told, recount, retell};
use crate::ingest::load::Result;
use crate::model::{BatchId, DatasetId, DatasetKind, IdentityId, SourceLine};
use crate::store::{HeldEvent, Mark, NewEvent, Repeat};

/// A row of an event's history: the event that it brought or repeated, and which row it was.
struct Row {
    event: usize,
    repeat: Option<Repeat>,
    at: (BatchId, SourceLine),
}

/// An event that a row is to be kept as, instead of one that goes.
pub(super) struct Promotion {
    /// The event that it had repeated.
    event: usize,
    row: Repeat,
    replaced_by: Option<BatchId>,
    repeats: Vec<Repeat>,
}

/// What is left of the events of an identity.
struct Left {
    events: Vec<HeldEvent>,
    is_kept: Vec<bool>,
    promoted: Vec<Promotion>,
}

/// A row that is to enter the log of its batch, with the row whose identities it names.
pub(super) struct Entry {
    pub(super) from: (BatchId, Mark),
    pub(super) to: Repeat,
}

impl Undo<'_> {
    /// Tells the history of the events of an identity again.
    pub(super) fn events(&mut self, identity: IdentityId, dataset: DatasetId) -> Result<()> {
        let held = self.view().held_events(identity, dataset)?;
        let concerned: BTreeSet<u64> = held
            .iter()
            .filter(|event| self.is_concerned(event))
            .map(|event| event.mark.key)
            .collect();
        if concerned.is_empty() {
            return Ok(());
        }
        let mut by_key: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (at, event) in held.iter().enumerate() {
            if concerned.contains(&event.mark.key) {
                by_key.entry(event.mark.key).or_default().push(at);
            }
        }
        let mut left = Left {
            is_kept: vec![true; held.len()],
            events: held.clone(),
            promoted: Vec::new(),
        };
        for of_key in by_key.values() {
            self.history(identity, &held, of_key, &mut left)?;
        }
        self.write_events(identity, dataset, &held, &left)
    }

    fn is_concerned(&self, event: &HeldEvent) -> bool {
        let repeating = event.repeats.iter().map(|repeat| repeat.batch);
        repeating
            .chain([event.batch])
            .chain(event.replaced_by)
            .any(|batch| self.gone.contains(&batch))
    }

    /// Tells the history of one event again.
    fn history(
        &mut self,
        identity: IdentityId,
        held: &[HeldEvent],
        of_key: &[usize],
        left: &mut Left,
    ) -> Result<()> {
        let rows = self.event_rows(held, of_key)?;
        let told: Vec<Told> = rows
            .iter()
            .filter_map(|row| {
                Some(Told {
                    batch: row.at.0,
                    hash: u64::from(held.get(row.event)?.mark.body),
                    is_kept: row.repeat.is_none(),
                })
            })
            .collect();
        let fates = retell(&told, &self.gone);
        recount(&told, &fates, |change| &mut change.events, &mut self.counts);
        self.note_rows(DatasetKind::Event, &told, &fates);
        for (at, (row, fate)) in rows.iter().zip(&fates).enumerate() {
            let (Some(event), Some(kept)) = (held.get(row.event), left.is_kept.get_mut(row.event))
            else {
                continue;
            };
            if !fate.is_kept() {
                if row.repeat.is_none() {
                    *kept = false;
                    if *fate != Fate::Gone {
                        self.leave_log(identity, event);
                    }
                }
                continue;
            }
            let replaced_by = replacing(&rows, &fates, at);
            let repeats = repeating(&rows, &fates, at);
            if let Some(repeat) = row.repeat {
                self.enter_log(identity, event, repeat);
                left.promoted.push(Promotion {
                    event: row.event,
                    row: repeat,
                    replaced_by,
                    repeats,
                });
            } else if let Some(now) = left.events.get_mut(row.event) {
                now.replaced_by = replaced_by;
                now.repeats = repeats;
            }
        }
        Ok(())
    }

    /// The rows of an event in order of arrival; those that were deleted before say nothing any more.
    fn event_rows(&self, held: &[HeldEvent], of_key: &[usize]) -> Result<Vec<Row>> {
        let catalog = self.view().catalog()?;
        let mut rows = Vec::new();
        for at in of_key {
            let Some(event) = held.get(*at) else {
                continue;
            };
            rows.push(Row {
                event: *at,
                repeat: None,
                at: (event.batch, event.line),
            });
            let repeats = event.repeats.iter();
            rows.extend(repeats.map(|repeat| Row {
                event: *at,
                repeat: Some(*repeat),
                at: (repeat.batch, repeat.line),
            }));
        }
        rows.retain(|row| catalog.batch(row.at.0).is_ok());
        rows.sort_by_key(|row| row.at);
        Ok(rows)
    }

    /// A row that is kept now names its identities for linking.
    fn enter_log(&mut self, identity: IdentityId, event: &HeldEvent, row: Repeat) {
        self.entering.push(Entry {
            from: (event.batch, mark(identity, event)),
            to: row,
        });
    }

    /// A row that repeats another one now does not.
    fn leave_log(&mut self, identity: IdentityId, event: &HeldEvent) {
        self.leaving
            .entry(event.batch)
            .or_default()
            .push(mark(identity, event));
    }

    fn write_events(
        &mut self,
        identity: IdentityId,
        dataset: DatasetId,
        held: &[HeldEvent],
        left: &Left,
    ) -> Result<()> {
        let mut changed: BTreeSet<BatchId> = left.promoted.iter().map(|p| p.row.batch).collect();
        let lost = held.iter().zip(&left.is_kept).filter(|(_, kept)| !**kept);
        changed.extend(lost.map(|(event, _)| event.batch));
        let mut anew: BTreeMap<BatchId, Vec<(NewEvent<'static>, Option<BatchId>)>> =
            BTreeMap::new();
        let staying = || left.events.iter().zip(&left.is_kept);
        for (event, _) in staying().filter(|(e, kept)| **kept && changed.contains(&e.batch)) {
            let mut opened = self.view().open_event(event)?;
            opened.repeats.clone_from(&event.repeats);
            let entry = anew.entry(event.batch).or_default();
            entry.push((opened, event.replaced_by));
        }
        for promotion in &left.promoted {
            let Some(source) = held.get(promotion.event) else {
                continue;
            };
            let mut opened = self.view().open_event(source)?;
            opened.line = promotion.row.line;
            opened.repeats.clone_from(&promotion.repeats);
            let entry = anew.entry(promotion.row.batch).or_default();
            entry.push((opened, promotion.replaced_by));
        }
        for batch in &changed {
            self.writer.remove_blocks(identity, *batch)?;
        }
        for (batch, events) in anew {
            self.writer.put_blocks(identity, (dataset, batch), events)?;
        }
        self.annotate(held, left, &changed)?;
        let is_open = |event: &HeldEvent| event.repeats.iter().any(|repeat| repeat.row == 0);
        let promoted = left.promoted.iter().flat_map(|p| &p.repeats);
        if left.events.iter().any(is_open) || promoted.into_iter().any(|r| r.row == 0) {
            self.unnumbered.insert((identity, dataset));
        }
        Ok(())
    }

    /// Notes by block what was replaced and repeated, where that is not as it was.
    fn annotate(&self, held: &[HeldEvent], left: &Left, changed: &BTreeSet<BatchId>) -> Result<()> {
        let pairs: Vec<_> = held.iter().zip(&left.events).collect();
        for block in pairs.chunk_by(|a, b| a.0.at.block() == b.0.at.block()) {
            let is_other = block.iter().any(|(then, now)| {
                !changed.contains(&now.batch)
                    && (then.replaced_by != now.replaced_by || then.repeats != now.repeats)
            });
            if is_other {
                let events: Vec<&HeldEvent> = block.iter().map(|(_, now)| *now).collect();
                self.writer.annotate_block(&events)?;
            }
        }
        Ok(())
    }

    /// Rows that repeat another one only now get their number, once it is known from the log that they left.
    pub(super) fn number_rows(
        &self,
        numbers: &BTreeMap<(BatchId, SourceLine, IdentityId), u64>,
    ) -> Result<()> {
        for (identity, dataset) in &self.unnumbered {
            let mut held = self.view().held_events(*identity, *dataset)?;
            for block in held.chunk_by_mut(|a, b| a.at.block() == b.at.block()) {
                let open = block.iter_mut().flat_map(|event| &mut event.repeats);
                for repeat in open.filter(|repeat| repeat.row == 0) {
                    let place = (repeat.batch, repeat.line, *identity);
                    repeat.row = numbers.get(&place).copied().unwrap_or(1);
                }
                let events: Vec<&HeldEvent> = block.iter().collect();
                self.writer.annotate_block(&events)?;
            }
        }
        Ok(())
    }
}

fn mark(identity: IdentityId, event: &HeldEvent) -> Mark {
    Mark {
        line: event.line,
        identity,
        time: event.timestamp,
    }
}

/// The batch whose row says something else than this one.
fn replacing(rows: &[Row], fates: &[Fate], at: usize) -> Option<BatchId> {
    let by = fates.iter().position(|fate| *fate == Fate::Replaces(at))?;
    rows.get(by).map(|row| row.at.0)
}

/// The rows that say what this one says; those that were kept until now have no number yet.
fn repeating(rows: &[Row], fates: &[Fate], at: usize) -> Vec<Repeat> {
    rows.iter()
        .zip(fates)
        .filter(|(_, fate)| **fate == Fate::Repeats(at))
        .map(|(row, _)| {
            row.repeat.unwrap_or(Repeat {
                batch: row.at.0,
                row: 0,
                line: row.at.1,
            })
        })
        .collect()
}
