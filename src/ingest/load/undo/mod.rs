//! Taking batches back, as if they had never been imported.
//!
//! Histories are told again without their rows: a version or event that only repeated one of them comes back as its own
//! batch's, what they had replaced shows again. Then the records of the graphs that they took part in are linked anew; no
//! other graph can change, because records that never shared a link never met.

mod events;
mod fragments;
mod links;
mod logs;
mod retell;

use std::collections::{BTreeMap, BTreeSet};

use super::Result;
use super::replay::Scope;
use crate::model::{
    Batch, BatchId, DatasetId, DatasetKind, DeletionAnswer, IdentityId, RecordPaths,
};
use crate::store::{CountChange, IdentitySet, Mark, View, Writer};
use events::Entry;
use retell::{Fate, Told};

/// A deletion under way.
struct Undo<'w> {
    writer: &'w Writer,
    gone: BTreeSet<BatchId>,
    /// Whom the rows of the batches name, by dataset.
    named: BTreeMap<DatasetId, IdentitySet>,
    /// Everyone named by a row that goes, comes or stays away.
    concerned: IdentitySet,
    counts: BTreeMap<BatchId, CountChange>,
    /// The paths of rows to which versions were handed over.
    paths: RecordPaths,
    entering: Vec<Entry>,
    leaving: BTreeMap<BatchId, Vec<Mark>>,
    unnumbered: BTreeSet<(IdentityId, DatasetId)>,
    answer: DeletionAnswer,
}

/// Takes batches out as if they had never been imported; says what goes and what changes.
pub fn delete_batches(writer: &Writer, batches: &[BatchId]) -> Result<DeletionAnswer> {
    take_back(writer, batches, None)
}

/// The same with every record of the store linked again: slower, and what the other way must come to.
pub fn delete_batches_and_replay(writer: &Writer, batches: &[BatchId]) -> Result<DeletionAnswer> {
    take_back(writer, batches, Some(Scope::All))
}

/// Takes a dataset out, all its batches with it.
pub fn delete_dataset(writer: &Writer, dataset: DatasetId) -> Result<DeletionAnswer> {
    let batches: Vec<_> = writer
        .view()
        .catalog()?
        .batches()
        .iter()
        .filter(|batch| batch.dataset == dataset)
        .map(|batch| batch.id)
        .collect();
    let answer = delete_batches(writer, &batches)?;
    writer.remove_dataset(dataset)?;
    Ok(answer)
}

fn take_back(writer: &Writer, batches: &[BatchId], scope: Option<Scope>) -> Result<DeletionAnswer> {
    let mut undo = Undo::of(writer, batches)?;
    undo.histories()?;
    undo.amend_logs()?;
    undo.link_again(scope)?;
    for (batch, change) in &undo.counts {
        writer.move_counts(*batch, change)?;
    }
    Ok(undo.answer)
}

impl<'w> Undo<'w> {
    fn of(writer: &'w Writer, batches: &[BatchId]) -> Result<Undo<'w>> {
        let view = writer.view();
        let gone: BTreeSet<_> = batches.iter().copied().collect();
        let all = view.list_batches()?;
        let batches: Vec<Batch> = all.into_iter().filter(|b| gone.contains(&b.id)).collect();
        let mut undo = Undo {
            writer,
            gone,
            named: BTreeMap::new(),
            concerned: IdentitySet::default(),
            counts: BTreeMap::new(),
            paths: RecordPaths::default(),
            entering: Vec::new(),
            leaving: BTreeMap::new(),
            unnumbered: BTreeSet::new(),
            answer: DeletionAnswer {
                rows: batches.iter().map(|batch| batch.counts.read).sum(),
                batches,
                ..DeletionAnswer::default()
            },
        };
        undo.read_names()?;
        Ok(undo)
    }

    fn view(&self) -> View<'w> {
        self.writer.view()
    }

    fn read_names(&mut self) -> Result<()> {
        let catalog = self.view().catalog()?;
        for batch in &self.gone {
            let named = self
                .named
                .entry(catalog.batch(*batch)?.dataset)
                .or_default();
            self.writer.view().each_observation(*batch, |observation| {
                named.extend(&observation.identities);
                self.concerned.extend(&observation.identities);
                Ok(())
            })?;
        }
        Ok(())
    }

    fn histories(&mut self) -> Result<()> {
        let catalog = self.view().catalog()?;
        for (dataset, named) in std::mem::take(&mut self.named) {
            let kind = catalog.dataset(dataset)?.kind;
            for identity in named.iter() {
                match kind {
                    DatasetKind::Record => self.fragment(identity, dataset)?,
                    DatasetKind::Event => self.events(identity, dataset)?,
                }
            }
        }
        Ok(())
    }

    /// Counts for the answer what goes, comes back, and says nothing new any more.
    fn note_rows(&mut self, kind: DatasetKind, told: &[Told], fates: &[Fate]) {
        for (row, fate) in told.iter().zip(fates) {
            match (row.is_kept, *fate) {
                (true, Fate::Gone) => match kind {
                    DatasetKind::Record => self.answer.versions += 1,
                    DatasetKind::Event => self.answer.events += 1,
                },
                (false, fate) if fate.is_kept() => self.answer.returned_rows += 1,
                (true, Fate::Repeats(_)) => self.answer.repeating_rows += 1,
                _ => {}
            }
        }
    }
}
