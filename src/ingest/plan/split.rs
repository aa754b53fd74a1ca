//! Files whose shape was found out: into which dataset their rows go, or into which two.

use std::sync::Arc;

use super::{Opening, PlannedFile};
use crate::ingest::IngestError;
use crate::ingest::manifest::DatasetDeclaration;
use crate::ingest::shapes::{Share, Verdict};
use crate::model::DatasetKind;

/// A dataset with one file of its own, or its rows of a file.
pub type Part = (String, DatasetDeclaration, PlannedFile);

/// The dataset of a file without a mapping, or the two that its records and events make.
pub fn parts(
    name: String,
    (said, known): (Option<DatasetKind>, Option<DatasetKind>),
    mut file: PlannedFile,
) -> Result<Vec<Part>, IngestError> {
    let Some(verdict) = file.verdict else {
        return Ok(vec![(name, DatasetDeclaration::default(), file)]);
    };
    if let Some(kind) = said.or(verdict.kind()) {
        // What the dataset holds already decides where nobody says.
        let kind = said.or(known).unwrap_or(kind);
        return Ok(vec![shaped(name, verdict, kind, file)]);
    }
    let second = file.again()?;
    file.share = Share::OfItsKind;
    let (events, records) = match known {
        Some(DatasetKind::Record) => (format!("{name}_events"), name),
        _ => (name.clone(), format!("{name}_{}", verdict.shape.records())),
    };
    let second = PlannedFile {
        share: Share::OfItsKind,
        ..second
    };
    Ok(vec![
        shaped(events, verdict, DatasetKind::Event, file),
        shaped(records, verdict, DatasetKind::Record, second),
    ])
}

fn shaped(name: String, verdict: Verdict, kind: DatasetKind, file: PlannedFile) -> Part {
    let declaration = DatasetDeclaration {
        kind: Some(kind),
        shape: Some(verdict.shape),
        mapping: verdict.mapping(kind),
        ..DatasetDeclaration::default()
    };
    (name, declaration, file)
}

impl PlannedFile {
    /// The same file, to be read a second time; what can be read only once is laid aside first.
    fn again(&mut self) -> Result<PlannedFile, IngestError> {
        self.spool().map_err(|source| self.unreadable(source))?;
        let opening = match &self.opening {
            Opening::Folder(folder) => Opening::Folder(Arc::clone(folder)),
            Opening::Spooled(spool) => Opening::Spooled(Arc::clone(spool)),
            Opening::Once(_) => {
                let again =
                    std::io::Error::other("what comes through a pipe can be read only once");
                return Err(self.unreadable(again));
            }
        };
        Ok(PlannedFile {
            path: self.path.clone(),
            name: Arc::clone(&self.name),
            format: self.format,
            table: self.table.clone(),
            compression: self.compression,
            bytes: self.bytes,
            shape: self.shape,
            share: self.share,
            verdict: self.verdict,
            sample: self.sample.clone(),
            seekable: self.seekable.clone(),
            beginning: self.beginning.clone(),
            opening,
        })
    }
}
