//! Reads pages of a timeline, newest first, from each of the layouts.

use std::path::Path;

use onefold::model::{IdentityId, Moment};
use rusqlite::{Connection, OpenFlags, Row, params};
use zstd::bulk::Decompressor;

use crate::block::{Entry, Stored};
use crate::shape::{Plan, Shape, keys};

const LARGEST_BODY: usize = 1 << 20;

/// Where a page begins: the newest event on it, by moment and by its number among the identity's events.
#[derive(Clone, Copy, Debug)]
pub struct Top {
    pub moment: Moment,
    pub number: usize,
}

/// What a page of blocks needs to know of a block before it opens one.
struct Header {
    key: i64,
    last: Moment,
    count: usize,
}

/// An open file.
pub struct Reader {
    db: Connection,
    shape: Shape,
    unzip: Decompressor<'static>,
    headers: Vec<Header>,
}

impl Reader {
    pub fn open(plan: Plan, path: &Path) -> Reader {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        db.execute_batch("PRAGMA cache_size = -65536").unwrap();
        let page: u32 = db
            .query_row("PRAGMA page_size", [], |row| row.get(0))
            .unwrap();
        assert_eq!(
            page,
            plan.page * 1024,
            "the file has the pages it was asked for"
        );
        let dictionary: Vec<u8> = db
            .query_row("SELECT bytes FROM dictionary", [], |row| row.get(0))
            .unwrap();
        let unzip = Decompressor::with_dictionary(&dictionary).unwrap();
        Reader {
            db,
            shape: plan.shape,
            unzip,
            headers: Vec::new(),
        }
    }

    /// The newest events of an identity.
    pub fn newest(&mut self, identity: IdentityId, limit: usize) -> Vec<Entry> {
        match self.shape {
            Shape::Arrival | Shape::Clustered => self.rows_before(identity, Moment::MAX, limit),
            Shape::Numbered => self.rows_below(keys(identity), limit),
            Shape::Blocks(_) | Shape::Pooled(_) => {
                let (_, high) = keys(identity);
                let mut page = self.blocks_below(identity, high, limit);
                if page.len() < limit && matches!(self.shape, Shape::Pooled(_)) {
                    page.extend(self.pooled(identity).into_iter().take(limit - page.len()));
                }
                page
            }
        }
    }

    /// The page of the busiest identity that begins here; blocks need [`Reader::read_headers`] first.
    pub fn page(&mut self, identity: IdentityId, top: Top, limit: usize) -> Vec<Entry> {
        match self.shape {
            Shape::Arrival | Shape::Clustered => self.rows_before(identity, top.moment, limit),
            Shape::Numbered => {
                let (low, _) = keys(identity);
                self.rows_below((low, low + top.number as i64), limit)
            }
            Shape::Blocks(_) | Shape::Pooled(_) => {
                let mut end = 0;
                let header = self.headers.iter().find(|header| {
                    end += header.count;
                    end > top.number
                });
                let header = header.unwrap();
                assert!(
                    header.last >= top.moment,
                    "the headers lead to another block"
                );
                let later = end - 1 - top.number;
                let mut page = self.blocks_below(identity, header.key, limit + later);
                page.drain(..later);
                page
            }
        }
    }

    pub fn count(&self, identity: IdentityId) -> usize {
        let (low, high) = keys(identity);
        let (count, from, to) = match self.shape {
            Shape::Arrival | Shape::Clustered => {
                let one = i64::from(identity.0);
                (
                    "SELECT count(*) FROM event WHERE identity BETWEEN ?1 AND ?2",
                    one,
                    one,
                )
            }
            Shape::Numbered => (
                "SELECT count(*) FROM event WHERE key BETWEEN ?1 AND ?2",
                low,
                high,
            ),
            Shape::Blocks(_) | Shape::Pooled(_) => (
                "SELECT sum(count) FROM block WHERE key BETWEEN ?1 AND ?2",
                low,
                high,
            ),
        };
        let mut count = self.db.prepare_cached(count).unwrap();
        count
            .query_row([from, to], |row| row.get::<_, u32>(0))
            .unwrap() as usize
    }

    /// Keeps what pages need to know of an identity's blocks; nothing for the layouts in rows.
    pub fn read_headers(&mut self, identity: IdentityId) {
        if !matches!(self.shape, Shape::Blocks(_) | Shape::Pooled(_)) {
            return;
        }
        let (low, high) = keys(identity);
        let select = "SELECT key, last, count FROM block WHERE key BETWEEN ?1 AND ?2 ORDER BY key";
        let mut select = self.db.prepare_cached(select).unwrap();
        let headers = select.query_map([low, high], |row| {
            Ok(Header {
                key: row.get(0)?,
                last: Moment(row.get(1)?),
                count: row.get::<_, u32>(2)? as usize,
            })
        });
        self.headers = headers.unwrap().map(Result::unwrap).collect();
    }

    fn rows_before(&mut self, identity: IdentityId, moment: Moment, limit: usize) -> Vec<Entry> {
        let select = "SELECT moment, dataset, batch, kind, line, body
                      FROM event
                      WHERE identity = ?1 AND moment <= ?2
                      ORDER BY moment DESC
                      LIMIT ?3";
        let mut select = self.db.prepare_cached(select).unwrap();
        let mut rows = select
            .query(params![identity.0, moment.0, limit as i64])
            .unwrap();
        let mut page = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            page.push(entry(row, self.shape, &mut self.unzip));
        }
        page
    }

    fn rows_below(&mut self, (low, high): (i64, i64), limit: usize) -> Vec<Entry> {
        let select = "SELECT moment, dataset, batch, kind, line, body
                      FROM event
                      WHERE key BETWEEN ?1 AND ?2
                      ORDER BY key DESC
                      LIMIT ?3";
        let mut select = self.db.prepare_cached(select).unwrap();
        let mut rows = select.query(params![low, high, limit as i64]).unwrap();
        let mut page = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            page.push(entry(row, self.shape, &mut self.unzip));
        }
        page
    }

    fn blocks_below(&mut self, identity: IdentityId, high: i64, limit: usize) -> Vec<Entry> {
        let select = "SELECT dataset, batch, first, head, bodies
                      FROM block
                      WHERE key BETWEEN ?1 AND ?2
                      ORDER BY key DESC";
        let mut select = self.db.prepare_cached(select).unwrap();
        let mut rows = select.query([keys(identity).0, high]).unwrap();
        let mut page = Vec::new();
        while page.len() < limit {
            let Some(row) = rows.next().unwrap() else {
                break;
            };
            page.extend(stored(identity, row, 2).entries(identity, &mut self.unzip));
        }
        page.truncate(limit);
        page
    }

    fn pooled(&mut self, identity: IdentityId) -> Vec<Entry> {
        let select = "SELECT key, dataset, batch, first, head, bodies
                      FROM pool
                      WHERE key <= ?1
                      ORDER BY key DESC
                      LIMIT 1";
        let mut select = self.db.prepare_cached(select).unwrap();
        let mut rows = select.query([identity.0]).unwrap();
        let Some(row) = rows.next().unwrap() else {
            return Vec::new();
        };
        let first = IdentityId(row.get(0).unwrap());
        stored(first, row, 3).entries(identity, &mut self.unzip)
    }
}

fn stored<'a>(identity: IdentityId, row: &'a Row<'_>, column: usize) -> Stored<'a> {
    Stored {
        identity,
        first: Moment(row.get(column).unwrap()),
        head: blob(row, column + 1),
        bodies: blob(row, column + 2),
    }
}

fn blob<'a>(row: &'a Row<'_>, column: usize) -> &'a [u8] {
    row.get_ref(column).unwrap().as_blob().unwrap()
}

fn entry(row: &Row<'_>, shape: Shape, unzip: &mut Decompressor<'_>) -> Entry {
    let body = blob(row, 5);
    Entry {
        moment: Moment(row.get(0).unwrap()),
        kind: row.get(3).unwrap(),
        line: row.get(4).unwrap(),
        body: match shape {
            Shape::Arrival => body.to_vec(),
            _ => unzip.decompress(body, LARGEST_BODY).unwrap(),
        },
    }
}
