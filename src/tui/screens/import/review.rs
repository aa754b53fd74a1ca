//! What was understood, under review: a list of datasets and fields, each of which can be corrected.

use crate::model::{
    DatasetKind, FieldRole, PlanAnswer, PlannedDataset, PlannedField, PlannedIdentity,
};
use crate::tui::widgets::Cursor;

use super::target::Target;

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// A dataset.
    Dataset(usize),
    /// A value that would glue strangers: dataset, place.
    Glued(usize, usize),
    /// Something else that should be known: dataset, place.
    Warning(usize, usize),
    /// A field: dataset, place.
    Field(usize, usize),
    /// A blank line.
    Gap,
    /// A note.
    Note(usize),
}

/// A plan that is looked through and corrected.
pub struct Review {
    /// As it is now.
    pub plan: PlanAnswer,
    /// As it was understood.
    understood: PlanAnswer,
    /// The lines of the list.
    pub rows: Vec<Row>,
    /// Where one is.
    pub cursor: Cursor,
}

impl Review {
    /// A plan as it comes.
    pub fn new(plan: PlanAnswer) -> Review {
        Review {
            rows: rows(&plan),
            understood: plan.clone(),
            plan,
            cursor: Cursor::default(),
        }
    }

    /// The selected line.
    pub fn row(&self) -> Option<Row> {
        self.rows.get(self.cursor.selected()).copied()
    }

    /// The dataset to which the selected line belongs.
    pub fn dataset(&self) -> Option<&PlannedDataset> {
        self.plan.datasets.get(self.dataset_place()?)
    }

    /// The selected field.
    pub fn field(&self) -> Option<&PlannedField> {
        let Row::Field(dataset, place) = self.row()? else {
            return None;
        };
        self.plan.datasets.get(dataset)?.fields.get(place)
    }

    fn dataset_place(&self) -> Option<usize> {
        match self.row()? {
            Row::Dataset(place)
            | Row::Glued(place, _)
            | Row::Warning(place, _)
            | Row::Field(place, _) => Some(place),
            Row::Gap | Row::Note(_) => None,
        }
    }

    /// The datasets that are not as they were understood.
    pub fn corrected(&self) -> Vec<PlannedDataset> {
        let pairs = self.plan.datasets.iter().zip(&self.understood.datasets);
        let changed = pairs.filter(|(now, before)| now != before);
        changed.map(|(now, _)| now.clone()).collect()
    }

    /// Whether a field is not as it was understood.
    pub fn is_changed(&self, dataset: usize, place: usize) -> bool {
        let of = |plan: &PlanAnswer| plan.datasets.get(dataset)?.fields.get(place).cloned();
        of(&self.plan) != of(&self.understood)
    }

    /// What the selected line is written as: a dataset's name, or a field's target.
    pub fn text(&self) -> Option<String> {
        match self.row()? {
            Row::Dataset(place) => self
                .plan
                .datasets
                .get(place)
                .map(|dataset| dataset.name.clone()),
            Row::Field(..) => self.field().map(|field| Target::of(field).to_string()),
            _ => None,
        }
    }

    /// Takes what was written for the selected line, or says why it can't be.
    pub fn write(&mut self, text: &str) -> Result<(), String> {
        match self.row() {
            Some(Row::Dataset(place)) => self.rename(place, text.trim()),
            Some(Row::Field(dataset, place)) => {
                let target = text.parse()?;
                self.put(dataset, place, &target)
            }
            _ => Ok(()),
        }
    }

    fn rename(&mut self, place: usize, name: &str) -> Result<(), String> {
        let mut others = self.plan.datasets.iter().enumerate();
        if name.is_empty() {
            return Err("a dataset needs a name".into());
        }
        if others.any(|(other, dataset)| other != place && dataset.name == name) {
            return Err(format!("another dataset is called `{name}`"));
        }
        if let Some(dataset) = self.plan.datasets.get_mut(place) {
            name.clone_into(&mut dataset.name);
        }
        Ok(())
    }

    fn put(&mut self, dataset: usize, place: usize, target: &Target) -> Result<(), String> {
        let understood = self.understood.datasets.get(dataset);
        let understood = understood.and_then(|dataset| dataset.fields.get(place)?.identity.clone());
        let Some(dataset) = self.plan.datasets.get_mut(dataset) else {
            return Ok(());
        };
        if let Some(path) = &target.path {
            let others = dataset
                .fields
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != place);
            let mut taken = others.filter(|(_, field)| {
                field
                    .path
                    .as_ref()
                    .is_some_and(|other| overlap(other, path))
            });
            if let Some((_, other)) = taken.next() {
                return Err(format!("`{}` goes to that path already", other.source));
            }
        }
        if target.role != FieldRole::Plain {
            for field in dataset
                .fields
                .iter_mut()
                .filter(|field| field.role == target.role)
            {
                field.role = FieldRole::Plain;
                field.dates = None;
            }
        }
        let Some(field) = dataset.fields.get_mut(place) else {
            return Ok(());
        };
        let before = field.identity.take();
        let known = [before.as_ref(), understood.as_ref()];
        let namespace = target.namespace.as_ref();
        field.identity = namespace.map(|namespace| match &target.steps {
            Some(steps) => PlannedIdentity {
                namespace: namespace.clone(),
                normalise: steps.clone(),
            },
            None => identity(namespace, known),
        });
        field.role = target.role;
        field.dates.clone_from(&target.dates);
        field.path.clone_from(&target.path);
        settle_primary(dataset, before.as_ref(), target.namespace.as_ref());
        Ok(())
    }

    /// The field keeps its own place, or again becomes what was understood.
    pub fn leave_or_restore(&mut self) -> Result<(), String> {
        let Some(Row::Field(dataset, place)) = self.row() else {
            return Err(
                "choose a field; of a dataset `enter` changes the name, `t` the kind".into(),
            );
        };
        let understood = self.understood.datasets.get(dataset);
        let understood = understood.and_then(|dataset| dataset.fields.get(place));
        let target = match understood {
            Some(field) if self.is_changed(dataset, place) => Target::of(field),
            _ => Target::default(),
        };
        self.put(dataset, place, &target)
    }

    /// The rows become records where they were events, and the other way round.
    pub fn turn_kind(&mut self) -> Result<(), String> {
        let place = self
            .dataset_place()
            .ok_or("choose a dataset or one of its fields")?;
        let Some(dataset) = self.plan.datasets.get_mut(place) else {
            return Ok(());
        };
        dataset.kind = match dataset.kind {
            DatasetKind::Record => DatasetKind::Event,
            DatasetKind::Event => DatasetKind::Record,
        };
        match dataset.kind {
            DatasetKind::Event => dataset.primary = None,
            DatasetKind::Record => {
                let first = dataset
                    .fields
                    .iter()
                    .find_map(|field| field.identity.as_ref());
                dataset.primary = first.map(|identity| identity.namespace.clone());
            }
        }
        let has_time = dataset
            .fields
            .iter()
            .any(|field| field.role == FieldRole::Time);
        if dataset.kind == DatasetKind::Event && !has_time {
            return Err("events need a time: choose its field and write `time`".into());
        }
        Ok(())
    }

    /// Records are known by the identity of the selected field.
    pub fn set_primary(&mut self) -> Result<(), String> {
        let namespace = self.field().and_then(|field| field.identity.as_ref());
        let namespace = namespace.map(|identity| identity.namespace.clone());
        let namespace = namespace.ok_or("choose a field that is an identity")?;
        let place = self.dataset_place().unwrap_or_default();
        match self.plan.datasets.get_mut(place) {
            Some(dataset) if dataset.kind == DatasetKind::Event => Err(
                "an event is known by its identity of the highest priority; see `onefold namespace`".into(),
            ),
            Some(dataset) => {
                dataset.primary = Some(namespace);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The name of a file for the mapping.
    pub fn file_name(&self) -> String {
        match self.plan.datasets.as_slice() {
            [dataset] => format!("{}.toml", dataset.name.replace(['/', '\\'], "-")),
            _ => "onefold.toml".to_owned(),
        }
    }
}

/// A known namespace keeps what is done to its values; another gets what is usual for it.
fn identity(namespace: &str, known: [Option<&PlannedIdentity>; 2]) -> PlannedIdentity {
    let mut known = known.into_iter().flatten();
    let steps: &[&str] = match namespace.to_lowercase() {
        name if name.contains("mail") => &["trim", "lower"],
        name if name.contains("phone") => &["digits"],
        _ => &["trim"],
    };
    let kept = known.find(|known| known.namespace == namespace);
    kept.cloned().unwrap_or_else(|| PlannedIdentity {
        namespace: namespace.to_owned(),
        normalise: steps.iter().map(|step| (*step).to_owned()).collect(),
    })
}

/// The primary identity follows its field to another namespace; where it is gone, the first one left takes its place.
fn settle_primary(
    dataset: &mut PlannedDataset,
    before: Option<&PlannedIdentity>,
    now: Option<&String>,
) {
    let codes: Vec<&String> = dataset
        .fields
        .iter()
        .filter_map(|field| field.identity.as_ref())
        .map(|identity| &identity.namespace)
        .collect();
    if dataset.kind == DatasetKind::Event
        || dataset
            .primary
            .as_ref()
            .is_some_and(|primary| codes.contains(&primary))
    {
        return;
    }
    let followed =
        now.filter(|_| dataset.primary.as_ref() == before.map(|before| &before.namespace));
    dataset.primary = followed.or(codes.first().copied()).cloned();
}

fn overlap(a: &str, b: &str) -> bool {
    let path =
        |text: &str| -> crate::model::Path { text.parse().unwrap_or_else(|never| match never {}) };
    let (a, b) = (path(a), path(b));
    a.starts_with(&b) || b.starts_with(&a)
}

fn rows(plan: &PlanAnswer) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, dataset) in plan.datasets.iter().enumerate() {
        rows.push(Row::Dataset(at));
        rows.extend((0..dataset.glued.len()).map(|place| Row::Glued(at, place)));
        rows.extend((0..dataset.warnings.len()).map(|place| Row::Warning(at, place)));
        rows.extend((0..dataset.fields.len()).map(|place| Row::Field(at, place)));
        rows.push(Row::Gap);
    }
    rows.extend((0..plan.notes.len()).map(Row::Note));
    if rows.last() == Some(&Row::Gap) {
        rows.pop();
    }
    rows
}

#[cfg(test)]
mod tests;
