//! The layouts under test: their tables, and how events are written into them.

use std::path::Path;

use onefold::model::IdentityId;
use rusqlite::{Connection, params};
use zstd::bulk::Compressor;
use zstd::dict::EncoderDictionary;

use crate::block::{Block, mark};
use crate::events::{Event, Events};

/// How events lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Rows as they came, found through an index; plain bodies.
    Arrival,
    /// Rows in a tree by identity and moment.
    Clustered,
    /// Rows whose key is the identity and the event's number in it.
    Numbered,
    /// So many events of one identity in a row.
    Blocks(usize),
    /// Blocks, and the identities that fill less than half of one share pools of that size.
    Pooled(usize),
}

/// One line of the table: a shape and its parameters.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub shape: Shape,
    /// KiB.
    pub page: u32,
    pub level: i32,
    /// KiB.
    pub dictionary: usize,
}

/// Whether the identities that are written may have events already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    Fresh,
    Settled,
}

/// The bits below the identity in a key: the number of the event or block.
pub const NUMBER_BITS: u32 = 24;

/// The lowest and the highest key of an identity.
pub fn keys(identity: IdentityId) -> (i64, i64) {
    let low = i64::from(identity.0) << NUMBER_BITS;
    (low, low | ((1 << NUMBER_BITS) - 1))
}

impl Shape {
    fn schema(self) -> &'static str {
        match self {
            Shape::Arrival => {
                "CREATE TABLE event (identity INTEGER NOT NULL, moment INTEGER NOT NULL, dataset INTEGER NOT NULL,
                   batch INTEGER NOT NULL, kind INTEGER NOT NULL, line INTEGER NOT NULL, mark BLOB NOT NULL, body BLOB NOT NULL)"
            }
            Shape::Clustered => {
                "CREATE TABLE event (identity INTEGER NOT NULL, moment INTEGER NOT NULL, number INTEGER NOT NULL, dataset INTEGER NOT NULL,
                   batch INTEGER NOT NULL, kind INTEGER NOT NULL, line INTEGER NOT NULL, mark BLOB NOT NULL, body BLOB NOT NULL,
                   PRIMARY KEY (identity, moment, number)) WITHOUT ROWID"
            }
            Shape::Numbered => {
                "CREATE TABLE event (key INTEGER PRIMARY KEY, moment INTEGER NOT NULL, dataset INTEGER NOT NULL,
                   batch INTEGER NOT NULL, kind INTEGER NOT NULL, line INTEGER NOT NULL, mark BLOB NOT NULL, body BLOB NOT NULL)"
            }
            Shape::Blocks(_) | Shape::Pooled(_) => {
                "CREATE TABLE block (key INTEGER PRIMARY KEY, dataset INTEGER NOT NULL, batch INTEGER NOT NULL,
                   first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
                   head BLOB NOT NULL, marks BLOB NOT NULL, bodies BLOB NOT NULL);
                 CREATE TABLE pool (key INTEGER PRIMARY KEY, dataset INTEGER NOT NULL, batch INTEGER NOT NULL,
                   first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
                   head BLOB NOT NULL, marks BLOB NOT NULL, bodies BLOB NOT NULL)"
            }
        }
    }
}

/// Makes a file of this plan and fills it as a fresh store is filled: no journal, no waiting for the disk.
pub fn load(plan: Plan, path: &Path, events: &Events, dictionary: &[u8]) {
    let db = Connection::open(path).unwrap();
    db.execute_batch(&format!(
        "PRAGMA page_size = {}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
         PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536;
         BEGIN; CREATE TABLE dictionary (bytes BLOB NOT NULL); {}",
        plan.page * 1024,
        plan.shape.schema()
    ))
    .unwrap();
    db.execute("INSERT INTO dictionary (bytes) VALUES (?1)", [dictionary])
        .unwrap();
    write(plan, &db, (events, Ground::Fresh), dictionary);
    if plan.shape == Shape::Arrival {
        db.execute_batch("CREATE INDEX event_moment ON event (identity, moment)")
            .unwrap();
    }
    db.execute_batch("COMMIT").unwrap();
}

/// Writes events inside the open transaction.
pub fn write(plan: Plan, db: &Connection, (events, ground): (&Events, Ground), dictionary: &[u8]) {
    let prepared = EncoderDictionary::copy(dictionary, plan.level);
    let zip = Compressor::with_prepared_dictionary(&prepared).unwrap();
    let mut writer = Writer {
        db,
        events,
        ground,
        zip,
    };
    match plan.shape {
        Shape::Arrival => writer.as_they_came(),
        Shape::Clustered => writer.clustered(),
        Shape::Numbered => writer.numbered(),
        Shape::Blocks(size) => writer.blocks(size, 0),
        Shape::Pooled(size) if ground == Ground::Settled => writer.blocks(size, 0),
        Shape::Pooled(size) => writer.blocks(size, size / 2),
    }
}

struct Writer<'a> {
    db: &'a Connection,
    events: &'a Events,
    ground: Ground,
    zip: Compressor<'a>,
}

impl Writer<'_> {
    fn row(&self, at: u32) -> &Event {
        &self.events.rows[at as usize]
    }

    fn as_they_came(&mut self) {
        let insert = "INSERT INTO event (identity, moment, dataset, batch, kind, line, mark, body)
                      VALUES (?1, ?2, 1, 1, ?3, ?4, ?5, ?6)";
        let mut insert = self.db.prepare_cached(insert).unwrap();
        for row in &self.events.rows {
            let body = self.events.body(row);
            let values = params![
                row.identity.0,
                row.moment.0,
                row.kind,
                row.line,
                mark(body),
                body
            ];
            insert.execute(values).unwrap();
        }
    }

    fn clustered(&mut self) {
        let insert =
            "INSERT INTO event (identity, moment, number, dataset, batch, kind, line, mark, body)
                      VALUES (?1, ?2, ?3, 1, 1, ?4, ?5, ?6, ?7)";
        let mut insert = self.db.prepare_cached(insert).unwrap();
        for at in self.events.by_identity() {
            let row = &self.events.rows[at as usize];
            let body = self.events.body(row);
            let zipped = self.zip.compress(body).unwrap();
            let values = params![
                row.identity.0,
                row.moment.0,
                0,
                row.kind,
                row.line,
                mark(body),
                zipped
            ];
            insert.execute(values).unwrap();
        }
    }

    fn numbered(&mut self) {
        let insert = "INSERT INTO event (key, moment, dataset, batch, kind, line, mark, body)
                      VALUES (?1, ?2, 1, 1, ?3, ?4, ?5, ?6)";
        let mut insert = self.db.prepare_cached(insert).unwrap();
        let order = self.events.by_identity();
        let events = self.events;
        for run in events.runs(&order) {
            let low = self.free_key("event", self.row(run[0]).identity);
            for (key, at) in (low..).zip(run) {
                let row = &self.events.rows[*at as usize];
                let body = self.events.body(row);
                let zipped = self.zip.compress(body).unwrap();
                let values = params![key, row.moment.0, row.kind, row.line, mark(body), zipped];
                insert.execute(values).unwrap();
            }
        }
    }

    /// Identities with fewer than `own` events go into pools; none is parted between two.
    fn blocks(&mut self, size: usize, own: usize) {
        let order = self.events.by_identity();
        let events = self.events;
        let mut pool = Vec::new();
        for run in events.runs(&order) {
            if run.len() >= own {
                self.own_blocks(run, size);
            } else {
                if pool.len() + run.len() > size {
                    self.pool(&pool);
                    pool.clear();
                }
                pool.extend_from_slice(run);
            }
        }
        if !pool.is_empty() {
            self.pool(&pool);
        }
    }

    fn own_blocks(&mut self, run: &[u32], size: usize) {
        let low = self.free_key("block", self.row(run[0]).identity);
        for (key, part) in (low..).zip(run.chunks(size)) {
            self.put("block", key, part);
        }
    }

    fn pool(&mut self, run: &[u32]) {
        self.put("pool", i64::from(self.row(run[0]).identity.0), run);
    }

    fn put(&mut self, table: &str, key: i64, run: &[u32]) {
        let block = Block::of(self.events, run, &mut self.zip);
        let (first, last, count) = (block.first.0, block.last.0, run.len() as i64);
        let insert = format!(
            "INSERT INTO {table} (key, dataset, batch, first, last, count, head, marks, bodies)
             VALUES (?1, 1, 1, ?2, ?3, ?4, ?5, ?6, ?7)"
        );
        let mut insert = self.db.prepare_cached(&insert).unwrap();
        let values = params![
            key,
            first,
            last,
            count,
            block.head,
            block.marks,
            block.bodies
        ];
        insert.execute(values).unwrap();
    }

    fn free_key(&self, table: &str, identity: IdentityId) -> i64 {
        let (low, high) = keys(identity);
        if self.ground == Ground::Fresh {
            return low;
        }
        let newest = format!("SELECT max(key) FROM {table} WHERE key BETWEEN ?1 AND ?2");
        let mut newest = self.db.prepare_cached(&newest).unwrap();
        let key: Option<i64> = newest.query_row([low, high], |row| row.get(0)).unwrap();
        key.map_or(low, |key| key + 1)
    }
}
