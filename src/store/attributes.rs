//! Which identities' fragments say what: the look-up behind `path:value` and words.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, params};

use super::codec::{Numbers, put};
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
        Ok(in_order(found))
    }

    /// Values of a path that begin so, folded, in ascending order, each with how many identities' fragments say it; so many
    /// rows are looked at.
    pub fn values_at(&self, path: PathId, begun: &str, most: u64) -> Result<Vec<(String, u64)>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT value, identities
             FROM attribute
             WHERE path = :path AND value >= :begun
             ORDER BY value
             LIMIT :most",
        )?;
        let mut rows = statement.query(params![path.0, begun, most])?;
        let mut found: Vec<(String, u64)> = Vec::new();
        while let Some(row) = rows.next()? {
            self.go_on()?;
            let value = row.get_ref(0)?.as_str().unwrap_or_default();
            if !value.starts_with(begun) {
                break;
            }
            // Each step of an ascending list ends with the one byte below 128.
            let steps = row.get_ref(1)?.as_blob().unwrap_or_default();
            let count = steps.iter().filter(|byte| **byte < 128).count() as u64;
            match found.last_mut().filter(|(known, _)| known == value) {
                Some((_, known)) => *known += count,
                None => found.push((value.to_owned(), count)),
            }
        }
        Ok(found)
    }

    /// Identities that say any value which passes a test; all values of the path are looked at.
    pub fn identities_where(
        &self,
        path: PathId,
        mut passes: impl FnMut(&str) -> bool,
    ) -> Result<Vec<IdentityId>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT value, identities
             FROM attribute
             WHERE path = :path",
        )?;
        let mut rows = statement.query([path.0])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            self.go_on()?;
            if passes(row.get_ref(0)?.as_str().unwrap_or_default()) {
                unpack(row.get_ref(1)?.as_blob().unwrap_or_default(), &mut found)?;
            }
        }
        Ok(in_order(found))
    }
}

pub(super) fn unpack(steps: &[u8], into: &mut Vec<IdentityId>) -> Result<()> {
    let mut numbers = Numbers(steps);
    let mut id = 0;
    while !numbers.is_empty() {
        id += numbers.take()? as u32;
        into.push(IdentityId(id));
    }
    Ok(())
}

fn in_order(mut identities: Vec<IdentityId>) -> Vec<IdentityId> {
    identities.sort_unstable();
    identities.dedup();
    identities
}

/// Ascending identities as the steps between them.
pub(super) fn steps(identities: &[IdentityId]) -> Vec<u8> {
    let mut steps = Vec::with_capacity(identities.len());
    let mut last = 0;
    for id in identities {
        put(&mut steps, u64::from(id.0 - last));
        last = id.0;
    }
    steps
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

    /// Notes that fragments of these identities, in ascending order, say this.
    pub fn put_attribute(
        &self,
        path: PathId,
        value: &str,
        import: ImportId,
        identities: &[IdentityId],
    ) -> Result<()> {
        let steps = steps(identities);
        self.view()
            .conn
            .prepare_cached(
                "INSERT OR REPLACE INTO attribute (path, value, import, identities)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![path.0, value, import.0, steps])?;
        Ok(())
    }

    /// Notes which identities' fragments no longer say this, and which say it now; `NoLonger` takes an identity out.
    pub fn change_attribute(
        &self,
        path: PathId,
        value: &str,
        import: ImportId,
        changes: &[(IdentityId, Says)],
    ) -> Result<()> {
        let conn = self.view().conn;
        let known: Option<Vec<u8>> = conn
            .prepare_cached(
                "SELECT identities
                 FROM attribute
                 WHERE path = ?1 AND value = ?2 AND import = ?3",
            )?
            .query_row(params![path.0, value, import.0], |row| row.get(0))
            .optional()?;
        let mut before = Vec::new();
        unpack(&known.unwrap_or_default(), &mut before)?;
        let mut identities: BTreeSet<_> = before.into_iter().collect();
        for (id, says) in changes {
            match says {
                Says::Yes => identities.insert(*id),
                Says::NoLonger => identities.remove(id),
            };
        }
        let identities: Vec<_> = identities.into_iter().collect();
        if !identities.is_empty() {
            return self.put_attribute(path, value, import, &identities);
        }
        conn.prepare_cached(
            "DELETE FROM attribute WHERE path = ?1 AND value = ?2 AND import = ?3",
        )?
        .execute(params![path.0, value, import.0])?;
        Ok(())
    }

    /// Takes out everything that an import said; all attributes are looked at.
    pub fn remove_attributes_of(&self, import: ImportId) -> Result<()> {
        self.view()
            .conn
            .execute("DELETE FROM attribute WHERE import = :import", [import.0])?;
        Ok(())
    }

    /// Takes out the paths that no fragment has any more.
    pub fn remove_empty_paths(&self) -> Result<()> {
        self.view().conn.execute(
            "DELETE FROM attribute_path
             WHERE NOT EXISTS (SELECT 1 FROM attribute WHERE path = attribute_path.id)",
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
