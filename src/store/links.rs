//! Links between identities: their state, the rows that show them, and the intervals in which they held.

use rusqlite::{Row, params};

use super::many::ManyRows;
use super::{Result, StoreError, View, Writer};
use crate::model::{BatchId, IdentityId, Removal, SourceLine};

/// A place in the order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrived {
    /// The batch.
    pub batch: BatchId,
    /// The row's place in it, from 1.
    pub row: u64,
}

/// A link as the store holds it; `a` is the smaller number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLink {
    /// The identity that was seen earlier.
    pub a: IdentityId,
    /// The other one.
    pub b: IdentityId,
    /// Whether it holds.
    pub is_kept: bool,
    /// Since when it has held; of no meaning while it does not.
    pub since: Arrived,
    /// The record that first showed it.
    pub first: Arrived,
    /// Where in its batch that record stood.
    pub first_line: SourceLine,
    /// The record that last showed it.
    pub last: Arrived,
    /// How many records showed it.
    pub seen: u64,
}

/// The rows of one batch that show a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkRows {
    /// The batch.
    pub batch: BatchId,
    /// The first of them.
    pub first_line: SourceLine,
    /// The last of them.
    pub last_line: SourceLine,
    /// How many they are.
    pub seen: u64,
}

/// An interval in which a link held, and what ended it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkInterval {
    /// Its first record.
    pub since: Arrived,
    /// The record that ended it.
    pub until: Arrived,
    /// Where in its batch that record stood.
    pub until_line: SourceLine,
    /// Why.
    pub reason: Removal,
}

const COLUMNS: &str = "a, b, is_kept, batches_until_since, rows_until_since, first_batch, first_row, line_past_row, batches_until_last, rows_until_last, seen";

fn arrived(row: &Row<'_>, at: usize) -> rusqlite::Result<Arrived> {
    Ok(Arrived {
        batch: BatchId(row.get(at)?),
        row: row.get(at + 1)?,
    })
}

/// A place that is kept as its distance from the first sighting: most are the same, or near.
fn reckoned(row: &Row<'_>, at: usize, first: Arrived) -> rusqlite::Result<Arrived> {
    let (batches, rows): (i64, i64) = (row.get(at)?, row.get(at + 1)?);
    Ok(Arrived {
        batch: BatchId(i64::from(first.batch.0).wrapping_add(batches) as u32),
        row: first.row.wrapping_add_signed(rows),
    })
}

fn distance(to: Arrived, first: Arrived) -> (i64, i64) {
    (
        i64::from(to.batch.0) - i64::from(first.batch.0),
        to.row.wrapping_sub(first.row) as i64,
    )
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredLink> {
    let first = arrived(row, 5)?;
    Ok(StoredLink {
        a: IdentityId(row.get(0)?),
        b: IdentityId(row.get(1)?),
        is_kept: row.get(2)?,
        since: reckoned(row, 3, first)?,
        first,
        first_line: SourceLine::unpack(first.row.wrapping_add_signed(row.get(7)?)),
        last: reckoned(row, 8, first)?,
        seen: row.get(10)?,
    })
}

impl View<'_> {
    /// Every link of an identity, removed ones included.
    pub fn links_of(&self, id: IdentityId) -> Result<Vec<StoredLink>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM link WHERE a = :id
             UNION ALL
             SELECT {COLUMNS} FROM link INDEXED BY link_by_b WHERE b = :id"
        ))?;
        let rows = statement.query_map([id.0], from_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The links in which an identity is the earlier of the two.
    pub fn links_from(&self, id: IdentityId) -> Result<Vec<StoredLink>> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("SELECT {COLUMNS} FROM link WHERE a = :id"))?;
        let rows = statement.query_map([id.0], from_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Goes through every link.
    pub fn each_link(&self, mut visit: impl FnMut(StoredLink) -> Result<()>) -> Result<()> {
        let mut statement = self
            .conn
            .prepare(&format!("SELECT {COLUMNS} FROM link ORDER BY a, b"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            visit(from_row(row)?)?;
        }
        Ok(())
    }

    /// The rows that show a link, batch by batch, oldest first.
    pub fn link_rows(&self, link: &StoredLink) -> Result<Vec<LinkRows>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT batch, first_line, last_line, seen
             FROM link_source
             WHERE a = :a AND b = :b
             ORDER BY batch",
        )?;
        let rows = statement.query_map([link.a.0, link.b.0], |row| {
            Ok(LinkRows {
                batch: BatchId(row.get(0)?),
                first_line: SourceLine::unpack(row.get(1)?),
                last_line: SourceLine::unpack(row.get(2)?),
                seen: row.get(3)?,
            })
        })?;
        let mut found = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        if !found.iter().any(|rows| rows.batch == link.first.batch) {
            let once = LinkRows {
                batch: link.first.batch,
                first_line: link.first_line,
                last_line: link.first_line,
                seen: 1,
            };
            found.insert(0, once);
        }
        Ok(found)
    }

    /// The intervals of a link that are over, oldest first.
    pub fn intervals(&self, a: IdentityId, b: IdentityId) -> Result<Vec<LinkInterval>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT since_batch, since_row, until_batch, until_row, until_line, reason
             FROM link_interval
             WHERE a = :a AND b = :b
             ORDER BY until_batch, until_row",
        )?;
        let mut rows = statement.query([a.0, b.0])?;
        let mut intervals = Vec::new();
        while let Some(row) = rows.next()? {
            let reason: String = row.get(5)?;
            intervals.push(LinkInterval {
                since: arrived(row, 0)?,
                until: arrived(row, 2)?,
                until_line: SourceLine::unpack(row.get(4)?),
                reason: serde_json::from_str(&reason).map_err(|error| {
                    StoreError::Damaged(format!("the reason of a removed link: {error}"))
                })?,
            });
        }
        Ok(intervals)
    }
}

/// Puts links in.
pub struct LinkInsert<'w>(ManyRows<'w>);

impl LinkInsert<'_> {
    /// Keeps the states of links.
    pub fn put(&mut self, links: &[StoredLink]) -> Result<()> {
        self.0.put(links, |columns, link| {
            columns.next(link.a.0)?;
            columns.next(link.b.0)?;
            columns.next(link.is_kept)?;
            let since = distance(link.since, link.first);
            let last = distance(link.last, link.first);
            let past_row = link.first_line.packed().wrapping_sub(link.first.row);
            columns.next(since.0)?;
            columns.next(since.1)?;
            columns.next(link.first.batch.0)?;
            columns.next(link.first.row)?;
            columns.next(past_row as i64)?;
            columns.next(last.0)?;
            columns.next(last.1)?;
            columns.next(link.seen)
        })
    }
}

/// The two identities of a link, the smaller first.
pub type Ends = (IdentityId, IdentityId);

/// Puts in the rows that show links.
pub struct LinkRowsInsert<'w>(ManyRows<'w>);

impl LinkRowsInsert<'_> {
    /// Keeps the rows of batches that show links.
    pub fn put(&mut self, rows: &[(Ends, LinkRows)]) -> Result<()> {
        self.0.put(rows, |columns, ((a, b), rows)| {
            columns.next(a.0)?;
            columns.next(b.0)?;
            columns.next(rows.batch.0)?;
            columns.next(rows.first_line.packed())?;
            columns.next(rows.last_line.packed())?;
            columns.next(rows.seen)
        })
    }
}

impl Writer {
    /// What links are put in with, many at a time.
    pub fn link_insert(&self) -> Result<LinkInsert<'_>> {
        let insert = format!("INSERT OR REPLACE INTO link ({COLUMNS})");
        let rows = ManyRows::new(self.view().conn, &insert, 11, "")?;
        Ok(LinkInsert(rows))
    }

    /// What the rows that show links are put in with, many at a time.
    pub fn link_rows_insert(&self) -> Result<LinkRowsInsert<'_>> {
        let rows = ManyRows::new(
            self.view().conn,
            "INSERT OR REPLACE INTO link_source (a, b, batch, first_line, last_line, seen)",
            6,
            "",
        )?;
        Ok(LinkRowsInsert(rows))
    }

    /// Keeps an interval that is over.
    pub fn put_interval(
        &self,
        a: IdentityId,
        b: IdentityId,
        interval: &LinkInterval,
    ) -> Result<()> {
        let reason = serde_json::to_string(&interval.reason).unwrap_or_default();
        self.view()
            .conn
            .prepare_cached(
                "INSERT OR REPLACE INTO link_interval
                     (a, b, since_batch, since_row, until_batch, until_row, until_line, reason)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                a.0,
                b.0,
                interval.since.batch.0,
                interval.since.row,
                interval.until.batch.0,
                interval.until.row,
                interval.until_line.packed(),
                reason
            ])?;
        Ok(())
    }

    /// Takes out everything that is known of the links of an identity, before they are made anew.
    pub fn remove_links_of(&self, id: IdentityId) -> Result<()> {
        for table in ["link", "link_source", "link_interval"] {
            self.view()
                .conn
                .prepare_cached(&format!("DELETE FROM {table} WHERE a = :id"))?
                .execute([id.0])?;
        }
        Ok(())
    }

    /// Takes out every link, before all are made anew.
    pub fn remove_all_links(&self) -> Result<()> {
        for table in ["link", "link_source", "link_interval"] {
            self.view()
                .conn
                .execute(&format!("DELETE FROM {table}"), [])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
