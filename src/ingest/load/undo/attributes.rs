//! Changes to the look-up of attributes, gathered so that each value is written once.

use std::collections::BTreeMap;

use crate::ingest::load::Result;
use crate::model::{IdentityId, ImportId};
use crate::store::{Says, Writer};

/// Changes that are held in memory at once.
const AT_ONCE: usize = 200_000;

/// A value at a path, as an import said it.
type Value = (String, String, ImportId);

/// What is said and what no longer is.
#[derive(Default)]
pub(super) struct Attributes {
    changes: BTreeMap<Value, Vec<(IdentityId, Says)>>,
    count: usize,
}

impl Attributes {
    pub(super) fn says(&mut self, import: ImportId, said: &(String, String), identity: IdentityId) {
        self.note(import, said, (identity, Says::Yes));
    }

    pub(super) fn says_no_longer(
        &mut self,
        import: ImportId,
        said: &(String, String),
        identity: IdentityId,
    ) {
        self.note(import, said, (identity, Says::NoLonger));
    }

    fn note(&mut self, import: ImportId, said: &(String, String), change: (IdentityId, Says)) {
        let (path, value) = said.clone();
        self.changes
            .entry((path, value, import))
            .or_default()
            .push(change);
        self.count += 1;
    }

    /// Writes what was gathered, where it is much.
    pub(super) fn write_some(&mut self, writer: &Writer) -> Result<()> {
        if self.count < AT_ONCE {
            return Ok(());
        }
        self.write(writer)
    }

    /// Writes what was gathered.
    pub(super) fn write(&mut self, writer: &Writer) -> Result<()> {
        self.count = 0;
        for ((path, value, import), changes) in std::mem::take(&mut self.changes) {
            let path = writer.path(&path)?;
            writer.change_attribute(path, &value, import, &changes)?;
        }
        Ok(())
    }
}
