//! Datasets that nobody describes: their files are sampled together and understood together, as one may speak of another.

use std::collections::HashSet;

use super::inspect::{Expected, kind_of, misfits, stem};
use super::planner::Planner;
use super::{DatasetPlan, PlannedFile, Understood};
use crate::ingest::IngestError;
use crate::ingest::formats::homeless_columns;
use crate::ingest::guess::{Budget, Guess, Sample, Settled, Study, glued, join, settle};
use crate::ingest::mapping::{Mapping, Unidentified};
use crate::model::DatasetKind;

/// Files of a dataset that are sampled; the others are held to be like them.
const SAMPLED_FILES: usize = 8;

/// A dataset that is still to be understood.
pub struct Open {
    /// Its place in the plan.
    place: usize,
    /// Whether somebody named its first file, or it was met in a folder.
    expected: Expected,
}

impl Planner<'_> {
    /// Puts a file into a dataset that is to be understood.
    pub(super) fn add_open(
        &mut self,
        name: String,
        file: PlannedFile,
        expected: Expected,
    ) -> Result<(), IngestError> {
        let Some(place) = self.open_place(&name) else {
            return self.begin(name, file, expected);
        };
        let is_said = self.options.dataset.is_some();
        let dataset = self.plan.datasets.get_mut(place);
        match dataset
            .filter(|dataset| is_said || dataset.files.iter().all(|other| is_alike(other, &file)))
        {
            Some(dataset) => {
                dataset.files.push(file);
                Ok(())
            }
            None => self.apart(&name, file, expected),
        }
    }

    fn open_place(&self, name: &str) -> Option<usize> {
        let mut open = self.open.iter().map(|open| open.place);
        open.find(|place| {
            self.plan
                .datasets
                .get(*place)
                .is_some_and(|dataset| dataset.name == name)
        })
    }

    fn begin(
        &mut self,
        name: String,
        file: PlannedFile,
        expected: Expected,
    ) -> Result<(), IngestError> {
        if self
            .plan
            .datasets
            .iter()
            .any(|dataset| dataset.name == name)
        {
            let message = format!(
                "two files go into the dataset `{name}`, but not alike; give one another with --dataset"
            );
            return Err(IngestError::Options(message));
        }
        self.open.push(Open {
            place: self.plan.datasets.len(),
            expected,
        });
        self.plan.datasets.push(DatasetPlan {
            name,
            kind: DatasetKind::Record,
            channel: None,
            keeps_versions: None,
            mapping: Mapping::default(),
            files: vec![file],
            partial: self.options.partial,
            understood: None,
        });
        Ok(())
    }

    /// A file with the name of another but other columns is another dataset, named after its folder too.
    fn apart(
        &mut self,
        name: &str,
        file: PlannedFile,
        expected: Expected,
    ) -> Result<(), IngestError> {
        let folder = file.path.parent().and_then(stem);
        let own = format!("{}-{name}", folder.as_deref().unwrap_or("other"));
        self.plan.notes.push(format!(
            "{} has other columns than the `{name}` before it and goes into `{own}`; --dataset puts both into one",
            file.name
        ));
        match self.open_place(&own) {
            Some(_) => self.add_open(own, file, expected),
            None => self.begin(own, file, expected),
        }
    }

    /// Finds out what the open datasets hold.
    pub(super) fn understand(&mut self) -> Result<(), IngestError> {
        let open = std::mem::take(&mut self.open);
        if open.is_empty() {
            return Ok(());
        }
        let mut studies: Vec<Study> = self.plan.datasets.iter().map(study).collect();
        join(
            &mut studies,
            &self.known.namespaces,
            self.known.held.as_deref(),
        );
        let mut budget = Budget::of_command();
        let mut left = HashSet::new();
        for Open { place, expected } in open {
            let Some((dataset, study)) = self.plan.datasets.get(place).zip(studies.get(place))
            else {
                continue;
            };
            let said = self.kind_said(&dataset.name, self.options.kind)?;
            match settle(study, said) {
                Settled::Understood(guess) => self.fill(place, *guess, &mut budget)?,
                Settled::NoPersons if study.sample.count() == 0 || self.keeps_all() => {
                    self.as_it_is(place, said);
                }
                Settled::NoPersons => {
                    self.leave(place, expected)?;
                    left.insert(place);
                }
            }
        }
        self.drop_left(&left)
    }

    fn keeps_all(&self) -> bool {
        self.options.unidentified == Some(Unidentified::Keep)
    }

    /// A dataset is read as it was understood.
    fn fill(&mut self, place: usize, guess: Guess, budget: &mut Budget) -> Result<(), IngestError> {
        let Some(dataset) = self.plan.datasets.get_mut(place) else {
            return Ok(());
        };
        dataset.kind = guess.kind;
        dataset.channel = guess.channel;
        dataset.mapping = guess.mapping;
        if let Some(unidentified) = self.options.unidentified {
            dataset.mapping.unidentified = unidentified;
        }
        let is_homeless = |file: &PlannedFile| {
            let table = file.table.as_ref();
            table.is_some_and(|table| !homeless_columns(table, &dataset.mapping).is_empty())
        };
        if dataset.files.iter().any(is_homeless) {
            dataset.mapping.fields.clear();
        }
        misfits(
            &dataset.files,
            &dataset.mapping,
            (&dataset.name, dataset.kind),
            &mut self.plan.notes,
        )?;
        dataset.understood = Some(Understood {
            glued: glued(&dataset.files, &dataset.mapping, dataset.kind, budget),
            evidence: guess.evidence,
            warnings: guess.warnings,
        });
        Ok(())
    }

    /// Nothing is known of the rows but the conventions.
    fn as_it_is(&mut self, place: usize, said: Option<DatasetKind>) {
        if let Some(dataset) = self.plan.datasets.get_mut(place) {
            dataset.kind = said.unwrap_or_else(|| kind_of(&dataset.files));
            dataset.mapping.unidentified = self.options.unidentified.unwrap_or_default();
        }
    }

    /// A dataset without persons is left alone where it was met in a folder, and refused where it was named.
    fn leave(&mut self, place: usize, expected: Expected) -> Result<(), IngestError> {
        let files = self
            .plan
            .datasets
            .get(place)
            .map_or(&[][..], |dataset| &dataset.files);
        let names: Vec<&str> = files.iter().map(|file| &*file.name).collect();
        let path = names.join(", ");
        if expected == Expected::ToBeImported {
            return Err(IngestError::NoPersons { path });
        }
        self.plan.notes.push(format!(
            "{path}: left alone, as no column looks like a person; map it with --map to import it"
        ));
        Ok(())
    }

    fn drop_left(&mut self, left: &HashSet<usize>) -> Result<(), IngestError> {
        let datasets = std::mem::take(&mut self.plan.datasets);
        let first = datasets.first().and_then(|dataset| dataset.files.first());
        let path = first.map_or_else(String::new, |file| file.name.to_string());
        let kept = datasets
            .into_iter()
            .enumerate()
            .filter(|(place, _)| !left.contains(place));
        self.plan.datasets = kept.map(|(_, dataset)| dataset).collect();
        if self.plan.datasets.is_empty() {
            return Err(IngestError::NoPersons { path });
        }
        Ok(())
    }
}

/// A look at the first rows of a dataset's files.
fn study(dataset: &DatasetPlan) -> Study {
    let mut sample = Sample::default();
    for file in dataset.files.iter().take(SAMPLED_FILES) {
        if let Some(text) = file.sampled_text(dataset.mapping.encoding) {
            sample.add(file, text);
        }
    }
    Study::of(&dataset.name, sample)
}

/// Whether at least half of the columns or keys of two files are the same.
fn is_alike(a: &PlannedFile, b: &PlannedFile) -> bool {
    let (a, b) = (names(a), names(b));
    let both = a.intersection(&b).count();
    both * 2 >= a.union(&b).count()
}

fn names(file: &PlannedFile) -> HashSet<&str> {
    match &file.table {
        Some(table) => table.columns.iter().map(String::as_str).collect(),
        None => file
            .sample
            .iter()
            .flat_map(|keys| &keys.0)
            .map(String::as_str)
            .collect(),
    }
}
