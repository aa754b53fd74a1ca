//! Where a value or link came from, so that a reader can follow it: dataset, batch, file and line.

use std::collections::HashMap;

use crate::model::display::printable;
use crate::model::{BatchId, Origin, SourceLine};
use crate::store::Catalog;

/// The names of the files of every batch.
#[derive(Clone, Debug, Default)]
pub struct Files(HashMap<BatchId, Vec<String>>);

impl Files {
    /// The files of these batches.
    pub fn new(batches: impl IntoIterator<Item = (BatchId, Vec<String>)>) -> Files {
        Files(batches.into_iter().collect())
    }

    /// The files of the store's batches.
    pub fn of(catalog: &Catalog) -> Files {
        let batches = catalog.batches();
        Files::new(batches.iter().map(|batch| (batch.id, batch.files.clone())))
    }

    /// The name of the file in which a line stands; empty where that is not known.
    pub fn name(&self, batch: BatchId, line: SourceLine) -> &str {
        self.0
            .get(&batch)
            .and_then(|files| files.get(usize::from(line.file)))
            .map_or("", String::as_str)
    }

    /// An origin in words: `crm CRMID:C-1, batch 3, crm.csv line 17`.
    pub fn origin(&self, origin: &Origin) -> String {
        let place = place(
            origin.batch.0,
            self.name(origin.batch, origin.line),
            origin.line.line,
        );
        format!(
            "{} {}, {place}",
            printable(&origin.dataset),
            printable(&origin.identity.to_string())
        )
    }
}

/// A record's place in words: `batch 3, crm.csv line 17`.
pub fn place(batch: u32, file: &str, line: u64) -> String {
    match file {
        "" => format!("batch {batch} line {line}"),
        file => format!("batch {batch}, {} line {line}", printable(file)),
    }
}
