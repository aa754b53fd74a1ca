//! The small tables as a connection remembers them, compared with the store no more often than they can change.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rusqlite::Connection;

use super::{Catalog, Result};

/// The catalog of a connection, and when it was compared with the store.
#[derive(Default)]
pub(super) struct Remembered {
    catalog: RefCell<Option<(i64, Rc<Catalog>)>>,
    freshness: Cell<Freshness>,
}

/// Whether the catalog must be compared with the store before it is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Freshness {
    /// Another process may have written at any time.
    #[default]
    Passing,
    /// A snapshot was begun: it is compared once.
    Unchecked,
    /// Nothing changes any more before the snapshot ends.
    Checked,
}

impl Remembered {
    /// The catalog; it is read again only where the store has changed.
    pub(super) fn catalog(&self, conn: &Connection) -> Result<Rc<Catalog>> {
        if self.freshness.get() == Freshness::Checked
            && let Some((_, catalog)) = &*self.catalog.borrow()
        {
            return Ok(Rc::clone(catalog));
        }
        let version: i64 = conn
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        if self.freshness.get() == Freshness::Unchecked {
            self.freshness.set(Freshness::Checked);
        }
        if let Some((known, catalog)) = &*self.catalog.borrow()
            && *known == version
        {
            return Ok(Rc::clone(catalog));
        }
        let catalog = Rc::new(Catalog::load(conn)?);
        *self.catalog.borrow_mut() = Some((version, Rc::clone(&catalog)));
        Ok(catalog)
    }

    /// From now on the store is seen as it is at one moment.
    pub(super) fn begin_snapshot(&self) {
        self.freshness.set(Freshness::Unchecked);
    }

    /// The snapshot is over.
    pub(super) fn end_snapshot(&self) {
        self.freshness.set(Freshness::Passing);
    }

    /// Forgets the catalog, after this very connection has written.
    pub(super) fn forget(&self) {
        self.catalog.replace(None);
    }
}
