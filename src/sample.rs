//! The sample data, which is part of the program: a newcomer needs no file to begin with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::ingest::{self, Embedded, IngestError, Known, Plan, PlanOptions};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sample-data");

/// The folder that the files lie in, as the plan and the store name it.
const FOLDER: &str = "sample-data";

/// How the sample data is imported.
pub fn plan(known: &Known) -> Result<Plan, IngestError> {
    let files = files()
        .into_iter()
        .map(|(path, bytes)| (Path::new(FOLDER).join(path), bytes));
    let options = PlanOptions {
        folder: Arc::new(Embedded::new(files)),
        ..PlanOptions::default()
    };
    ingest::plan(&[PathBuf::from(FOLDER)], &options, known)
}

/// The files with their paths inside the folder, by path; what only explains them is left out.
pub fn files() -> Vec<(&'static Path, &'static [u8])> {
    let mut files = Vec::new();
    let mut folders = vec![&FILES];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        files.extend(folder.files().map(|file| (file.path(), file.contents())));
    }
    files.retain(|(path, _)| path.extension().is_none_or(|ending| ending != "md"));
    files.sort_unstable();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_names_every_file() {
        let plan = plan(&Known::default()).expect("a plan");
        assert_eq!(plan.notes, Vec::<String>::new());
        let planned: usize = plan
            .datasets
            .iter()
            .map(|dataset| dataset.files.len())
            .sum();
        assert_eq!(planned + 1, files().len());
        assert_eq!(plan.datasets.len(), 9);
        assert_eq!(plan.policies.len(), 3);
    }

    #[test]
    fn it_is_small_enough_to_carry_around() {
        let bytes: usize = files().iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(bytes < 400_000, "{bytes} bytes");
    }
}
