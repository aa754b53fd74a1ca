//! The sample data, which is part of the program: a newcomer needs no file to begin with.

use std::path::PathBuf;
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::ingest::{self, Embedded, IngestError, Known, Plan, PlanOptions};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sample-data");

/// The folder that the files lie in, as the plan and the store name it.
const FOLDER: &str = "sample-data";

/// How the sample data is imported.
pub fn plan(known: &Known) -> Result<Plan, IngestError> {
    let files = FILES
        .files()
        .filter(|file| file.path().extension().is_none_or(|ending| ending != "md"))
        .map(|file| (PathBuf::from(FOLDER).join(file.path()), file.contents()));
    let options = PlanOptions {
        folder: Arc::new(Embedded::new(files)),
        ..PlanOptions::default()
    };
    ingest::plan(&[PathBuf::from(FOLDER)], &options, known)
}
