//! After a person was taken out: the file is written anew, so that none of the old bytes are left in it.

use rusqlite::{Connection, OptionalExtension};

use super::{Result, StoreError, View, Writer};

/// Says that old bytes may still lie in the file.
const PENDING: &str = "sweep_pending";

/// What came of the sweeping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swept {
    /// Nothing of the old bytes is left in the store's files.
    Wholly,
    /// Another process reads the store as it was; the old bytes go once that is over and the store is swept again.
    InUse,
}

impl View<'_> {
    /// Whether old bytes may still lie in the file, as a sweeping was cut short.
    pub fn sweep_pending(&self) -> Result<bool> {
        let found: Option<i64> = self
            .conn
            .prepare_cached("SELECT 1 FROM setting WHERE key = :key")?
            .query_row([PENDING], |row| row.get(0))
            .optional()?;
        Ok(found.is_some())
    }
}

impl Writer {
    /// Commits, and writes the whole file anew: deleted rows leave copies in pages that were split, freed or logged.
    pub fn commit_and_sweep(self) -> Result<Swept> {
        let conn = self.view().conn;
        conn.execute(
            "INSERT OR REPLACE INTO setting (key, value) VALUES (:key, '1')",
            [PENDING],
        )?;
        forget_statistics(conn)?;
        let (conn, _lock) = self.commit_and_keep()?;
        sweep(&conn).map_err(|error| {
            StoreError::Refused(format!(
                "it is forgotten, but old bytes are left in the file: {error}; run the same command again once that is mended"
            ))
        })
    }
}

/// The planner's statistics hold samples of values.
fn forget_statistics(conn: &Connection) -> Result<()> {
    let has_samples: bool = conn.query_row(
        "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat4'",
        [],
        |row| row.get(0),
    )?;
    if has_samples {
        conn.execute("DELETE FROM sqlite_stat4", [])?;
    }
    Ok(())
}

fn sweep(conn: &Connection) -> Result<Swept> {
    conn.execute_batch("VACUUM")?;
    if checkpoint(conn)? == Swept::InUse {
        return Ok(Swept::InUse);
    }
    conn.execute("DELETE FROM setting WHERE key = :key", [PENDING])?;
    checkpoint(conn)?;
    Ok(Swept::Wholly)
}

/// Brings the journal into the file and empties it.
fn checkpoint(conn: &Connection) -> Result<Swept> {
    let is_busy: bool = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(if is_busy { Swept::InUse } else { Swept::Wholly })
}
