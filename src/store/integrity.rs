//! Whether a store is whole, and copies of it.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{Reader, Result, StoreError, View, connection};

/// Rules that every store keeps, each with the question that counts its breaches.
const RULES: &[(&str, &str)] = &[
    (
        "links name identities that are not there",
        "SELECT count(*) FROM link
         WHERE a NOT IN (SELECT id FROM identity) OR b NOT IN (SELECT id FROM identity)",
    ),
    (
        "links hold identities of different clusters together",
        "SELECT count(*) FROM link
         JOIN identity AS x ON x.id = link.a
         JOIN identity AS y ON y.id = link.b
         WHERE is_kept AND x.cluster <> y.cluster",
    ),
    (
        "clusters are not named by their smallest identity",
        "SELECT count(*) FROM identity WHERE cluster > id",
    ),
    (
        "versions of fragments belong to no identity",
        "SELECT count(*) FROM fragment WHERE key >> 24 NOT IN (SELECT id FROM identity)",
    ),
    (
        "events belong to no identity",
        "SELECT count(*) FROM event_block WHERE key >> 24 NOT IN (SELECT id FROM identity)",
    ),
    (
        "versions of fragments belong to no batch",
        "SELECT count(*) FROM fragment WHERE batch NOT IN (SELECT id FROM batch)",
    ),
    (
        "events belong to no batch",
        "SELECT count(*) FROM event_block WHERE batch NOT IN (SELECT id FROM batch)",
    ),
    (
        "identities count other events than they have",
        "SELECT count(*) FROM identity
         WHERE events <> (SELECT coalesce(sum(b.events - coalesce(length(b.replaced), 0) / 8), 0)
                          FROM event_block AS b
                          WHERE b.key BETWEEN identity.id << 24 AND (identity.id << 24) + 16777215)",
    ),
    (
        "profiles are missing from the list",
        "SELECT count(DISTINCT cluster) FROM identity
         WHERE fragments + events > 0 AND cluster NOT IN (SELECT id FROM cluster)",
    ),
    (
        "profiles of the list count other identities, fragments or events than they have",
        "SELECT count(*) FROM cluster
         LEFT JOIN (SELECT cluster AS id, count(*) AS n, sum(fragments) AS f, sum(events) AS e
                    FROM identity GROUP BY cluster) AS counted USING (id)
         WHERE cluster.identities IS NOT counted.n
            OR cluster.fragments IS NOT counted.f
            OR cluster.events IS NOT counted.e",
    ),
    (
        "profiles of the list have no identity",
        "SELECT count(*) FROM cluster WHERE canonical NOT IN (SELECT id FROM identity)",
    ),
];

impl View<'_> {
    /// What is wrong with the store, a sentence each; empty where nothing is.
    pub fn faults(&self) -> Result<Vec<String>> {
        let mut faults = Vec::new();
        let mut statement = self.conn.prepare("PRAGMA integrity_check(20)")?;
        let lines = statement
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<String>>>()?;
        let told = lines.iter().flat_map(|row| row.lines());
        faults.extend(
            told.filter(|line| *line != "ok" && !line.starts_with("***"))
                .map(str::to_owned),
        );
        if !faults.is_empty() {
            return Ok(faults);
        }
        for (rule, count) in RULES {
            let breaches: u64 = self.conn.query_row(count, [], |row| row.get(0))?;
            if breaches > 0 {
                faults.push(format!("{breaches} {rule}"));
            }
        }
        Ok(faults)
    }
}

impl Reader {
    /// Copies the store as it is at this moment, while it may be in use; an existing file is never overwritten.
    pub fn backup(&self, to: &Path) -> Result<()> {
        let failed = |source| StoreError::File {
            what: "write",
            path: to.to_owned(),
            source,
        };
        connection::private(std::fs::OpenOptions::new().write(true).create_new(true))
            .open(to)
            .map_err(failed)?;
        let copied = self.copy(to);
        if copied.is_err() {
            // Half a copy must not be taken for one.
            let _ = std::fs::remove_file(to);
            let _ = std::fs::remove_file(connection::beside(to, "-journal"));
        }
        copied
    }

    /// In one step, within one reading: between steps the store could be changed or locked.
    fn copy(&self, to: &Path) -> Result<()> {
        let mut copy = Connection::open(to)?;
        self.snapshot(|view| match Backup::new(view.conn, &mut copy)?.step(-1)? {
            StepResult::Done => Ok(()),
            _ => Err(StoreError::Busy),
        })
    }
}
