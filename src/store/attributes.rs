//! Which identities' fragments say what: the look-up behind `path:value` and words.

use rusqlite::{OptionalExtension, params};

use super::codec::{Numbers, put};
use super::identities::like_escaped;
use super::{Result, View, Writer};
use crate::model::{IdentityId, ImportId, Path};

/// The number of a path in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathId(pub i64);

/// How the values of a path are compared with a text that is folded like them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueMatch {
    /// It is the value.
    Is(String),
    /// It is part of the value.
    Holds(String),
    /// The value looks like it: `*` is any text.
    Like(String),
    /// There is a value at all.
    Any,
}

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
    ///
    /// More may be named than say it today: what a deleted batch said stays until the store is rebuilt.
    pub fn identities_saying(&self, path: PathId, value: &ValueMatch) -> Result<Vec<IdentityId>> {
        let (condition, text) = match value {
            ValueMatch::Is(text) => ("AND attribute.value = :text", text.clone()),
            ValueMatch::Holds(text) => (
                "AND attribute.value LIKE :text ESCAPE '\\'",
                format!("%{}%", like_escaped(text)),
            ),
            ValueMatch::Like(text) => (
                "AND attribute.value LIKE :text ESCAPE '\\'",
                like_escaped(text).replace('*', "%"),
            ),
            ValueMatch::Any => ("AND :text = ''", String::new()),
        };
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT identities
             FROM attribute
             WHERE path = :path {condition}"
        ))?;
        let mut rows = statement.query(rusqlite::named_params! {":path": path.0, ":text": text})?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let mut numbers = Numbers(row.get_ref(0)?.as_blob().unwrap_or_default());
            let mut id = 0;
            while !numbers.is_empty() {
                id += numbers.take()? as u32;
                found.push(IdentityId(id));
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
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
        let mut steps = Vec::with_capacity(identities.len());
        let mut last = 0;
        for id in identities {
            put(&mut steps, u64::from(id.0 - last));
            last = id.0;
        }
        self.view()
            .conn
            .prepare_cached(
                "INSERT OR REPLACE INTO attribute (path, value, import, identities)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![path.0, value, import.0, steps])?;
        Ok(())
    }
}
