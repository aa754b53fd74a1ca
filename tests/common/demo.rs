//! The bundled sample data in a store of its own.

use std::path::PathBuf;

use onefold::ingest::{self, ImportOptions, Known};
use onefold::model::{ImportAnswer, MergePolicy, Moment};
use onefold::store::{Reader, View};
use onefold::{lookup, sample};
use tempfile::TempDir;

use super::Silent;

/// The store, as it was imported.
pub struct Demo {
    directory: TempDir,
    pub reader: Reader,
    pub import: ImportAnswer,
}

impl Demo {
    pub fn new() -> Demo {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("demo.db");
        let plan = sample::plan(&Known::default()).unwrap();
        let import =
            ingest::import(&path, &plan, &ImportOptions::default(), now(), &mut Silent).unwrap();
        Demo {
            reader: Reader::open(&path).unwrap(),
            directory,
            import,
        }
    }

    /// With its search index beside it.
    pub fn indexed() -> Demo {
        let demo = Demo::new();
        lookup::refresh_index(&demo.path(), &lookup::unwatched).unwrap();
        demo
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("demo.db")
    }

    pub fn view(&self) -> View<'_> {
        self.reader.view()
    }

    pub fn policy(&self) -> MergePolicy {
        lookup::policy_named(self.view(), None).unwrap()
    }
}

/// The moment of its import.
pub fn now() -> Moment {
    Moment::parse("2026-10-05T08:00:00Z").unwrap()
}
