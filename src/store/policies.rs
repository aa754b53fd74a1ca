//! Merge policies, with every version that they had.

use rusqlite::{OptionalExtension, params};

use super::{Result, StoreError, View, Writer};
use crate::model::{MergePolicy, Moment};

impl View<'_> {
    /// Every policy, the default first, then by name.
    pub fn policies(&self) -> Result<Vec<MergePolicy>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT document, is_default
             FROM policy
             ORDER BY is_default DESC, name",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?))
        })?;
        rows.map(|row| {
            let (document, is_default) = row?;
            Ok(MergePolicy {
                is_default,
                ..read(&document)?
            })
        })
        .collect()
    }

    /// An earlier version of a policy.
    pub fn policy_version(&self, id: &str, version: u32) -> Result<Option<MergePolicy>> {
        let document: Option<String> = self
            .conn
            .prepare_cached(
                "SELECT document FROM policy_version WHERE id = :id AND version = :version",
            )?
            .query_row(params![id, version], |row| row.get(0))
            .optional()?;
        document.map(|document| read(&document)).transpose()
    }

    /// An id for a new policy: its name in small letters, and a number where that is taken.
    pub fn new_policy_id(&self, name: &str) -> Result<String> {
        let plain: String = name
            .to_lowercase()
            .chars()
            .map(|letter| {
                if letter.is_alphanumeric() {
                    letter
                } else {
                    '-'
                }
            })
            .collect();
        let plain = plain.trim_matches('-');
        let policies = self.policies()?;
        let is_taken = |id: &str| policies.iter().any(|policy| policy.id == id);
        let mut id = plain.to_owned();
        let mut n = 1;
        while id.is_empty() || is_taken(&id) {
            n += 1;
            id = format!("{plain}-{n}");
        }
        Ok(id)
    }
}

fn read(document: &str) -> Result<MergePolicy> {
    serde_json::from_str(document)
        .map_err(|error| StoreError::Damaged(format!("a policy cannot be read: {error}")))
}

impl Writer {
    /// Keeps a new policy, or the next version of the one that has its id; that the policy is sound is the caller's to know.
    ///
    /// Where it is the default no other is any more, and the default stays the default.
    pub fn save_policy(&self, policy: &MergePolicy, now: Moment) -> Result<MergePolicy> {
        let conn = self.view().conn;
        let mut policy = policy.clone();
        if let Some(before) = self.view().policies()?.iter().find(|p| p.id == policy.id) {
            policy.version = before.version + 1;
            policy.is_default |= before.is_default;
        }
        policy.update_epoch = now.0 / 1000;
        if policy.is_default {
            conn.execute("UPDATE policy SET is_default = 0", [])?;
        }
        let document = serde_json::to_string(&policy)
            .map_err(|error| StoreError::Refused(format!("a policy cannot be written: {error}")))?;
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
            document
        ])?;
        conn.prepare_cached(
            "INSERT OR REPLACE INTO policy_version (id, version, document)
             VALUES (:id, :version, :document)",
        )?
        .execute(params![policy.id, policy.version, document])?;
        Ok(policy)
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
