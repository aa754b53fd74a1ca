//! Which identities' fragments say what: the look-up behind `path:value` and words.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use rusqlite::{OptionalExtension, params};

use super::attribute_blocks::Visit;
use super::steps::{steps, unpack};
use super::{Result, View, Writer};
use crate::model::{IdentityId, ImportId, Path};

/// The number of a path in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathId(pub i64);

impl View<'_> {
    /// Every path that some fragment has.
    pub fn paths(&self) -> Result<Vec<(PathId, Path)>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT id, path FROM attribute_path ORDER BY path")?;
        let rows = statement.query_map([], |row| {
            let text: String = row.get(1)?;
            Ok((PathId(row.get(0)?), text.parse().unwrap_or_default()))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Identities of which some version of a fragment says this, in ascending order.
    pub fn identities_saying(&self, path: PathId, value: &str) -> Result<Vec<IdentityId>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT identities
             FROM attribute
             WHERE path = :path AND value = :value",
        )?;
        let mut rows = statement.query(params![path.0, value])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            unpack(row.get_ref(0)?.as_blob().unwrap_or_default(), &mut found)?;
        }
        self.saying_in_blocks(path, value, &mut found)?;
        Ok(in_order(found))
    }

    /// Values of a path that begin so, folded, in ascending order, each with how many identities' fragments say it; of
    /// rows and of the blocks of each import so many are looked at.
    pub fn values_at(&self, path: PathId, begun: &str, most: u64) -> Result<Vec<(String, u64)>> {
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        let mut count = |value: &str, steps: &[u8]| {
            if !value.starts_with(begun) {
                return Ok(ControlFlow::Break(()));
            }
            // Each step of an ascending list ends with the one byte below 128.
            let saying = steps.iter().filter(|byte| **byte < 128).count() as u64;
            match found.get_mut(value) {
                Some(known) => *known += saying,
                None => {
                    found.insert(value.to_owned(), saying);
                }
            }
            Ok(ControlFlow::Continue(()))
        };
        let cuts = [
            self.values_alone(path, begun, most, &mut count)?,
            self.values_in_blocks(path, begun, most, &mut count)?,
        ];
        // Behind the first value at which one of them broke off, others are not counted to the end.
        if let Some(cut) = cuts.into_iter().flatten().min() {
            found.split_off(&cut);
        }
        Ok(found.into_iter().collect())
    }

    /// Identities that say any value which passes a test; all values of the path are looked at.
    pub fn identities_where(
        &self,
        path: PathId,
        mut passes: impl FnMut(&str) -> bool,
    ) -> Result<Vec<IdentityId>> {
        let mut found = Vec::new();
        let mut visit = |value: &str, steps: &[u8]| {
            if passes(value) {
                unpack(steps, &mut found)?;
            }
            Ok(ControlFlow::Continue(()))
        };
        self.values_alone(path, "", u64::MAX, &mut visit)?;
        self.values_in_blocks(path, "", u64::MAX, &mut visit)?;
        Ok(in_order(found))
    }

    /// Visits the values with rows of their own, so many at most; gives the value at which it was broken off for that.
    fn values_alone(
        &self,
        path: PathId,
        begun: &str,
        most: u64,
        visit: Visit<'_>,
    ) -> Result<Option<String>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT value, identities
             FROM attribute
             WHERE path = :path AND value >= :begun
             ORDER BY value",
        )?;
        let mut rows = statement.query(params![path.0, begun])?;
        let mut seen = 0;
        while let Some(row) = rows.next()? {
            self.go_on()?;
            let value = row.get_ref(0)?.as_str().unwrap_or_default();
            if seen == most {
                return Ok(Some(value.to_owned()));
            }
            seen += 1;
            let steps = row.get_ref(1)?.as_blob().unwrap_or_default();
            if visit(value, steps)?.is_break() {
                break;
            }
        }
        Ok(None)
    }
}

fn in_order(mut identities: Vec<IdentityId>) -> Vec<IdentityId> {
    identities.sort_unstable();
    identities.dedup();
    identities
}

impl Writer {
    /// The number of a path; a new one is added.
    pub fn path(&self, path: &str) -> Result<PathId> {
        let conn = self.view().conn;
        let known = conn
            .prepare_cached("SELECT id FROM attribute_path WHERE path = :path")?
            .query_row([path], |row| row.get(0))
            .optional()?;
        if let Some(id) = known {
            return Ok(PathId(id));
        }
        conn.prepare_cached("INSERT INTO attribute_path (path) VALUES (:path)")?
            .execute([path])?;
        Ok(PathId(conn.last_insert_rowid()))
    }
}

impl Writer {
    /// Notes which identities' fragments no longer say this, and which say it now; `NoLonger` takes an identity out.
    pub fn change_attribute(
        &self,
        path: PathId,
        value: &str,
        import: ImportId,
        changes: &[(IdentityId, Says)],
    ) -> Result<()> {
        if self.change_in_blocks(path, value, import, |known| changed(known, changes))? {
            return Ok(());
        }
        let conn = self.view().conn;
        let known: Option<Vec<u8>> = conn
            .prepare_cached(
                "SELECT identities
                 FROM attribute
                 WHERE path = ?1 AND value = ?2 AND import = ?3",
            )?
            .query_row(params![path.0, value, import.0], |row| row.get(0))
            .optional()?;
        let now = changed(&known.unwrap_or_default(), changes)?;
        let statement = if now.is_empty() {
            "DELETE FROM attribute
             WHERE path = ?1 AND value = ?2 AND import = ?3 AND ?4 IS NOT NULL"
        } else {
            "INSERT OR REPLACE INTO attribute (path, value, import, identities)
             VALUES (?1, ?2, ?3, ?4)"
        };
        conn.prepare_cached(statement)?
            .execute(params![path.0, value, import.0, now])?;
        Ok(())
    }

    /// Takes out everything that an import said; all attributes are looked at.
    pub fn remove_attributes_of(&self, import: ImportId) -> Result<()> {
        for table in ["attribute", "attribute_block"] {
            self.view().conn.execute(
                &format!("DELETE FROM {table} WHERE import = :import"),
                [import.0],
            )?;
        }
        Ok(())
    }

    /// Takes out the paths that no fragment has any more.
    pub fn remove_empty_paths(&self) -> Result<()> {
        self.view().conn.execute(
            "DELETE FROM attribute_path
             WHERE NOT EXISTS (SELECT 1 FROM attribute WHERE path = attribute_path.id)
               AND NOT EXISTS (SELECT 1 FROM attribute_block WHERE path = attribute_path.id)",
            [],
        )?;
        Ok(())
    }
}

/// Whether some version of an identity's fragments says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// One says it.
    Yes,
    /// None does any more.
    NoLonger,
}

/// A list of identities after changes.
fn changed(known: &[u8], changes: &[(IdentityId, Says)]) -> Result<Vec<u8>> {
    let mut before = Vec::new();
    unpack(known, &mut before)?;
    let mut identities: BTreeSet<_> = before.into_iter().collect();
    for (id, says) in changes {
        match says {
            Says::Yes => identities.insert(*id),
            Says::NoLonger => identities.remove(id),
        };
    }
    let identities: Vec<_> = identities.into_iter().collect();
    Ok(steps(&identities))
}
