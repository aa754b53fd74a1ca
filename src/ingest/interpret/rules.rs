//! By what the rows of a dataset are read: its mapping, the conventions, and the shape of its file.

use crate::ingest::formats::{Slot, conventions};
use crate::ingest::mapping::{Address, Mapping};
use crate::ingest::shapes::{Shape, Share, Sorter};
use crate::model::{DatasetKind, Path};

/// By what the rows of a dataset are read.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'r> {
    /// The dataset's name.
    pub dataset: &'r str,
    /// What it holds.
    pub kind: DatasetKind,
    /// Its mapping.
    pub mapping: &'r Mapping,
    /// The shape of its rows, where one was found out.
    pub shape: Option<&'static dyn Shape>,
    /// Which rows of the file are its own.
    pub share: Share,
}

impl Rules<'_> {
    /// The fields that are looked at, and for what: those of the mapping, and the conventions that it leaves in force.
    pub fn wanted(&self) -> Vec<(Address, Slot)> {
        let mapping = self.mapping;
        let mut wanted = Vec::new();
        for (place, field) in mapping.identities.iter().enumerate() {
            wanted.push((field.address.clone(), Slot::Identity(place)));
        }
        let named = [
            (&mapping.time, Slot::Time),
            (&mapping.id, Slot::Id),
            (&mapping.ingested, Slot::Ingested),
        ];
        for (address, slot) in named {
            wanted.extend(address.iter().map(|address| (address.clone(), slot)));
        }
        let is_named = |slot| {
            named
                .iter()
                .any(|(at, other)| *other == slot && at.is_some())
        };
        for (path, slot) in conventions(self.kind) {
            if is_named(slot) {
                continue;
            }
            let moved = mapping.fields.iter().filter(|field| field.to == path);
            wanted.extend(moved.map(|field| (field.from.clone(), slot)));
            wanted.push((Address::of(&path), slot));
        }
        wanted
    }

    /// The fields that the shape adds, and for what.
    pub fn shaped(&self) -> Vec<(Path, Slot)> {
        let Some(shape) = self.shape else {
            return Vec::new();
        };
        let payloads = shape.payloads();
        let mut wanted = shape.fields(self.kind);
        for payload in &payloads {
            let conventions = conventions(self.kind).into_iter();
            wanted.extend(conventions.map(|(path, slot)| (payload.join(&path), slot)));
        }
        wanted.extend(payloads.into_iter().map(|path| (path, Slot::Payload)));
        wanted
    }

    /// What tells the rows of a shared file apart.
    pub fn sorter(&self) -> Option<Sorter> {
        let shape = self.shape.filter(|_| self.share == Share::OfItsKind);
        shape.map(Sorter::of)
    }

    /// The field where the time of a rank is looked for, as people name it.
    pub fn time_field(&self, rank: u8) -> String {
        let others = self
            .shape
            .map_or(&[][..], |shape| shape.other_times(self.kind));
        if let Some(field) = usize::from(rank).checked_sub(1).and_then(|n| others.get(n)) {
            return (*field).to_owned();
        }
        match (&self.mapping.time, self.kind) {
            (Some(address), _) => address.text.clone(),
            (None, DatasetKind::Event) => "timestamp".into(),
            (None, DatasetKind::Record) => "extSourceSystemAudit.lastUpdatedDate".into(),
        }
    }
}
