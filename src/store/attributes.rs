//! Which identities' fragments say what: the look-up behind `path:value` and words.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, params};

use super::codec::{Numbers, put};
use super::many::ManyRows;
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

    /// What attributes are put in with, many at a time.
    pub fn attribute_insert(&self) -> Result<AttributeInsert<'_>> {
        Ok(AttributeInsert(ManyRows::new(
            self.view().conn,
            "INSERT OR REPLACE INTO attribute (path, value, import, identities)",
            4,
            "",
        )?))
    }
}

/// A value at a path, and whose fragments say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The path.
    pub path: PathId,
    /// The value, folded.
    pub value: String,
    /// The identities.
    pub identities: Steps,
}

/// Puts attributes in.
pub struct AttributeInsert<'w>(ManyRows<'w>);

impl AttributeInsert<'_> {
    /// Notes what fragments say since an import.
    pub fn put(&mut self, import: ImportId, attributes: &[Attribute]) -> Result<()> {
        self.0.put(attributes, |columns, attribute| {
            columns.next(attribute.path.0)?;
            columns.next(attribute.value.as_str())?;
            columns.next(import.0)?;
            columns.next(attribute.identities.bytes.as_slice())
        })
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
        if !identities.is_empty() {
            let mut steps = Steps::default();
            for id in identities {
                steps.add(id);
            }
            let attribute = Attribute {
                path,
                value: value.to_owned(),
                identities: steps,
            };
            return self.attribute_insert()?.put(import, &[attribute]);
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

/// Ascending identities, packed in variable-length steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    first: u32,
    last: u32,
    bytes: Vec<u8>,
}

impl Steps {
    /// Adds an identity that is none before the last; one that is in already stays as it is.
    pub fn add(&mut self, identity: IdentityId) {
        if self.bytes.is_empty() {
            self.first = identity.0;
        } else if self.last == identity.0 {
            return;
        }
        put(
            &mut self.bytes,
            u64::from(identity.0.saturating_sub(self.last)),
        );
        self.last = identity.0;
    }

    /// Adds all of another list, none of which is before the last.
    pub fn append(&mut self, later: &Steps) {
        let Some(rest) = later.after_first() else {
            return;
        };
        self.add(IdentityId(later.first));
        self.bytes.extend(rest);
        self.last = later.last;
    }

    /// How many bytes it takes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nobody is in.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The steps behind that to the first identity; `None` where there is none.
    fn after_first(&self) -> Option<&[u8]> {
        let mut numbers = Numbers(&self.bytes);
        numbers.take().ok().map(|_| numbers.0)
    }

    /// Appends the list, so that [`Steps::read`] has it back.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.first.to_le_bytes());
        bytes.extend(self.last.to_le_bytes());
        bytes.extend(&self.bytes);
    }

    /// Reads what [`Steps::write`] wrote.
    pub fn read(bytes: &[u8]) -> Option<Steps> {
        let (first, rest) = bytes.split_first_chunk()?;
        let (last, rest) = rest.split_first_chunk()?;
        Some(Steps {
            first: u32::from_le_bytes(*first),
            last: u32::from_le_bytes(*last),
            bytes: rest.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_identities_are_the_same_in_one_piece_or_in_two() {
        let of = |ids: &[u32]| {
            let mut steps = Steps::default();
            for id in ids {
                steps.add(IdentityId(*id));
            }
            steps
        };
        for ids in [&[7][..], &[1, 2, 300, 70_000], &[0, 5, 5, 9, u32::MAX]] {
            let whole = of(ids);
            for (place, _) in ids.iter().enumerate() {
                let (front, back) = ids.split_at(place);
                let mut bytes = Vec::new();
                of(back).write(&mut bytes);
                let mut joined = of(front);
                joined.append(&Steps::read(&bytes).unwrap());
                assert_eq!(joined, whole, "{ids:?} at {place}");
            }
            let mut back = Vec::new();
            unpack(&whole.bytes, &mut back).unwrap();
            let mut expected: Vec<_> = ids.iter().map(|id| IdentityId(*id)).collect();
            expected.dedup();
            assert_eq!(back, expected);
        }
        assert!(Steps::read(&[1, 2, 3]).is_none());
    }
}
