//! Whom present settings choose for every event that names several: some bytes an event, by batch and line.

use std::path::Path;

use hashbrown::HashMap;

use crate::identity::{Admission, Choice, Mention};
use crate::ingest::load::Result;
use crate::ingest::load::people::People;
use crate::model::{BatchId, DatasetKind, IdentityId, Moment};
use crate::store::{self, EventOrigin, Observation, Reader, View, read_in_parts};

/// Nobody is chosen, or it is not known who.
const NOBODY: u32 = 0;

/// The body has to say whom: the other bits are a place in the list of those who may be it.
const OPEN: u32 = 1 << 31;

/// Stands for the time of an event that has none of its own.
const NO_TIME: i64 = i64::MIN;

/// Whom an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chosen<'c> {
    /// Nobody, or it is not known.
    Nobody,
    /// This one.
    One(IdentityId),
    /// The first of these, identities by number, as the body marks and orders them.
    OneOf(&'c [u32]),
}

/// The choices of a batch.
#[derive(Default)]
struct OfBatch {
    /// By line, those of rows that have their line to themselves and name several identities.
    lines: Vec<(u64, u32)>,
    /// By line, time and any identity that the row names, those of rows that share their line.
    shared: HashMap<(u64, i64, u32), u32>,
    /// Groups of identities, each behind its length.
    open: Vec<u32>,
}

/// Whom present settings choose for the events of the store.
pub(super) struct Choices(HashMap<BatchId, OfBatch>);

impl Choices {
    /// Those of all events, from what their rows named.
    pub(super) fn gather(store: &Path, people: &People, admission: &Admission) -> Result<Choices> {
        let batches = Reader::open(store)?.snapshot(of_events)?;
        let gathered = read_in_parts(store, &batches, |view, batch| {
            OfBatch::gather(view, *batch, people, admission)
        })?;
        Ok(Choices(batches.into_iter().zip(gathered).collect()))
    }

    /// Whom an event belongs to by its row.
    pub(super) fn of(&self, event: &EventOrigin) -> Chosen<'_> {
        let Some(of_batch) = self.0.get(&event.batch) else {
            return Chosen::Nobody;
        };
        let choice = of_batch.of(event.line.packed(), event.timestamp, event.identity);
        if choice & OPEN == 0 {
            return match choice {
                NOBODY => Chosen::Nobody,
                id => Chosen::One(IdentityId(id)),
            };
        }
        let start = (choice & !OPEN) as usize;
        let length = of_batch.open.get(start).copied().unwrap_or(0) as usize;
        let group = of_batch.open.get(start + 1..start + 1 + length);
        Chosen::OneOf(group.unwrap_or_default())
    }
}

/// The batches of events.
fn of_events(view: View<'_>) -> store::Result<Vec<BatchId>> {
    let catalog = view.catalog()?;
    let mut batches = Vec::new();
    for batch in catalog.batches() {
        if catalog.dataset(batch.dataset)?.kind == DatasetKind::Event {
            batches.push(batch.id);
        }
    }
    Ok(batches)
}

impl OfBatch {
    fn gather(
        view: View<'_>,
        batch: BatchId,
        people: &People,
        admission: &Admission,
    ) -> store::Result<OfBatch> {
        let mut of_batch = OfBatch::default();
        let mut line: Vec<(Observation, u32)> = Vec::new();
        view.each_observation(batch, |row| {
            let first = line.first();
            if first.is_some_and(|(first, _)| first.line != row.line) {
                of_batch.close(&mut line);
            }
            let choice = of_batch.choose(people, admission, &row);
            line.push((row, choice));
            Ok(())
        })?;
        of_batch.close(&mut line);
        of_batch.finish();
        Ok(of_batch)
    }

    fn choose(&mut self, people: &People, admission: &Admission, row: &Observation) -> u32 {
        if row.identities.len() < 2 {
            // An event that names one identity alone lies with it.
            return NOBODY;
        }
        let (mut ids, mut mentions) = (Vec::new(), Vec::new());
        for id in &row.identities {
            if let Some(node) = people.node_of(*id) {
                ids.push(id.0);
                mentions.push(Mention {
                    namespace: people.graph.namespace_of(node),
                    value: people.graph.value(node),
                    is_primary: false,
                });
            }
        }
        match admission.choice(&mentions) {
            Choice::Nobody => NOBODY,
            Choice::One(at) => ids.get(at).copied().unwrap_or(NOBODY),
            Choice::OneOf(group) => {
                let start = self.open.len() as u32;
                self.open.push(group.len() as u32);
                self.open.extend(group.iter().filter_map(|at| ids.get(*at)));
                OPEN | start
            }
        }
    }

    /// Takes in the rows of one line.
    fn close(&mut self, rows: &mut Vec<(Observation, u32)>) {
        if let [(row, choice)] = rows.as_slice() {
            // An event that names one identity alone lies with it.
            if row.identities.len() > 1 {
                self.lines.push((row.line.packed(), *choice));
            }
        } else {
            for (row, choice) in rows.iter() {
                let time = row.time.map_or(NO_TIME, |time| time.0);
                for id in &row.identities {
                    let place = (row.line.packed(), time, id.0);
                    let known = self.shared.entry(place).or_insert(*choice);
                    // Two rows that can't be told apart belong to no one for sure.
                    if *known != *choice {
                        *known = NOBODY;
                    }
                }
            }
        }
        rows.clear();
    }

    fn finish(&mut self) {
        self.lines.sort_unstable();
        self.lines.dedup_by(|later, first| {
            let is_same = later.0 == first.0;
            if is_same && later.1 != first.1 {
                first.1 = NOBODY;
            }
            is_same
        });
        self.lines.shrink_to_fit();
    }

    fn of(&self, line: u64, time: Moment, identity: IdentityId) -> u32 {
        if let Ok(at) = self.lines.binary_search_by_key(&line, |(line, _)| *line) {
            return self.lines.get(at).map_or(NOBODY, |(_, choice)| *choice);
        }
        let times = [time.0, NO_TIME].into_iter();
        let mut found = times.filter_map(|time| self.shared.get(&(line, time, identity.0)));
        found.next().copied().unwrap_or(NOBODY)
    }
}
