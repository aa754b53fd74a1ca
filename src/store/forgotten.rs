//! The marks that the forgotten leave: by them rows of theirs are known, and by nothing else.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::{Result, View, Writer};
use crate::model::{Identity, Moment};

/// What a mark says of the identity that left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForgottenMark {
    /// The identity names a person, so rows that name it are theirs; others name a device, which may have other owners.
    pub names_person: bool,
    /// When the identity was forgotten.
    pub at: Moment,
}

/// All marks of a store, with the salt that makes them.
#[derive(Default)]
pub struct Forgotten {
    salt: Vec<u8>,
    marks: HashMap<[u8; 32], ForgottenMark>,
}

impl Forgotten {
    /// Whether nobody was forgotten.
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// The mark of an identity, where it was forgotten.
    pub fn mark(&self, namespace: &str, value: &str) -> Option<ForgottenMark> {
        if self.marks.is_empty() {
            return None;
        }
        let key = hash(&self.salt, namespace, value);
        self.marks.get(&key).copied()
    }
}

/// Codes of namespaces match without regard to case, values byte for byte; a NUL parts them, as no code holds one.
fn hash(salt: &[u8], namespace: &str, value: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(namespace.to_ascii_lowercase());
    hash.update([0]);
    hash.update(value);
    hash.finalize().into()
}

impl View<'_> {
    /// The marks of all who were forgotten.
    pub fn forgotten(&self) -> Result<Forgotten> {
        let Some(salt) = self.salt()? else {
            return Ok(Forgotten::default());
        };
        let mut statement = self
            .conn
            .prepare_cached("SELECT mark, names_person, forgotten_at FROM forgotten")?;
        let rows = statement.query_map([], |row| {
            let mark = ForgottenMark {
                names_person: row.get(1)?,
                at: Moment(row.get(2)?),
            };
            Ok((row.get(0)?, mark))
        })?;
        Ok(Forgotten {
            salt,
            marks: rows.collect::<rusqlite::Result<_>>()?,
        })
    }

    /// When an identity was forgotten, where it was.
    pub fn forgotten_at(&self, identity: &Identity) -> Result<Option<Moment>> {
        let Some(salt) = self.salt()? else {
            return Ok(None);
        };
        let mark = hash(&salt, &identity.namespace, &identity.value);
        Ok(self
            .conn
            .prepare_cached("SELECT forgotten_at FROM forgotten WHERE mark = :mark")?
            .query_row([mark], |row| Ok(Moment(row.get(0)?)))
            .optional()?)
    }

    fn salt(&self) -> Result<Option<Vec<u8>>> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT unhex(value)
                 FROM setting
                 WHERE key = 'forgotten_salt'",
            )?
            .query_row([], |row| row.get(0))
            .optional()?)
    }
}

impl Writer {
    /// Leaves the mark of an identity; the store's salt is made with the first.
    pub fn mark_forgotten(&self, identity: &Identity, mark: ForgottenMark) -> Result<()> {
        let conn = self.view().conn;
        conn.prepare_cached(
            "INSERT OR IGNORE INTO setting (key, value)
             VALUES ('forgotten_salt', hex(randomblob(32)))",
        )?
        .execute([])?;
        let salt = self.view().salt()?.unwrap_or_default();
        let key = hash(&salt, &identity.namespace, &identity.value);
        conn.prepare_cached(
            "INSERT OR REPLACE INTO forgotten (mark, names_person, forgotten_at)
             VALUES (?1, ?2, ?3)",
        )?
        .execute(params![key, mark.names_person, mark.at.0])?;
        Ok(())
    }
}
