//! Merge policies, with every version that they had.

use rusqlite::{OptionalExtension, params};

use super::{Result, StoreError, View, Writer};

/// A policy as the store holds it: its key fields, and its JSON document in Adobe's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPolicy {
    /// Its id.
    pub id: String,
    /// Its name, unique without regard to case.
    pub name: String,
    /// Whether it is the one that counts where none is named.
    pub is_default: bool,
    /// Its version.
    pub version: u32,
    /// Its JSON.
    pub document: String,
}

impl View<'_> {
    /// Every policy, the default first, then by name.
    pub fn policies(&self) -> Result<Vec<StoredPolicy>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, name, is_default, version, document
             FROM policy
             ORDER BY is_default DESC, name",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(StoredPolicy {
                id: row.get("id")?,
                name: row.get("name")?,
                is_default: row.get("is_default")?,
                version: row.get("version")?,
                document: row.get("document")?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The JSON of an earlier version of a policy.
    pub fn policy_version(&self, id: &str, version: u32) -> Result<Option<String>> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT document FROM policy_version WHERE id = :id AND version = :version",
            )?
            .query_row(params![id, version], |row| row.get(0))
            .optional()?)
    }
}

impl Writer {
    /// Keeps a policy under its id; where it is the default, no other is any more.
    pub fn save_policy(&self, policy: &StoredPolicy) -> Result<()> {
        let conn = self.view().conn;
        if policy.is_default {
            conn.execute("UPDATE policy SET is_default = 0", [])?;
        }
        conn.prepare_cached(
            "INSERT INTO policy (id, name, is_default, version, document)
             VALUES (:id, :name, :is_default, :version, :document)
             ON CONFLICT (id) DO UPDATE SET
                 name = excluded.name,
                 is_default = excluded.is_default,
                 version = excluded.version,
                 document = excluded.document",
        )?
        .execute(params![
            policy.id,
            policy.name,
            policy.is_default,
            policy.version,
            policy.document
        ])?;
        conn.prepare_cached(
            "INSERT OR REPLACE INTO policy_version (id, version, document)
             VALUES (:id, :version, :document)",
        )?
        .execute(params![policy.id, policy.version, policy.document])?;
        Ok(())
    }

    /// Makes a policy the default; no other is any more.
    pub fn set_default_policy(&self, id: &str) -> Result<()> {
        self.view()
            .conn
            .prepare_cached("UPDATE policy SET is_default = (id = :id)")?
            .execute([id])?;
        Ok(())
    }

    /// Deletes a policy; its versions stay readable.
    pub fn delete_policy(&self, id: &str) -> Result<()> {
        let gone = self
            .view()
            .conn
            .prepare_cached("DELETE FROM policy WHERE id = :id AND is_default = 0")?
            .execute([id])?;
        if gone == 0 {
            return Err(StoreError::Refused(
                "the default policy cannot be deleted; make another the default first".into(),
            ));
        }
        Ok(())
    }
}
