//! Opening, making and locking a store.

use std::cell::{Cell, RefCell};
use std::fs::{self, File, OpenOptions};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, InterruptHandle};

use super::changes::ChangeLog;
use super::codec::Codecs;
use super::early_sync::EarlySync;
use super::lock::Lock;
use super::open::{connect, keep_plans};
use super::packers::Packers;
use super::remembered::Remembered;
use super::schema;
use super::{Catalog, Result, StoreError};

/// A connection that reads.
pub struct Reader {
    conn: Connection,
    stop: Arc<AtomicBool>,
    codecs: RefCell<Codecs>,
    remembered: Remembered,
}

/// The one connection that writes; the lock is given back when it goes.
pub struct Writer {
    reader: Reader,
    fresh: Option<Fresh>,
    pub(super) changes: RefCell<ChangeLog>,
    pub(super) packers: Packers,
    _lock: Lock,
}

/// A store that does not exist yet: it fills under another name.
struct Fresh {
    filling: PathBuf,
    path: PathBuf,
    /// How many of its indexes are made.
    indexes: Cell<usize>,
    _sync: EarlySync,
}

/// Every change counts up the store's generation.
const BUMP: &str = "INSERT INTO total (name, value) VALUES ('generation', 1)
                    ON CONFLICT (name) DO UPDATE SET value = value + 1";

/// Threads that may help to sort what an index is made of.
const SORTING_THREADS: i64 = 2;

/// The cache meanwhile, in KiB: it bounds the runs that are sorted, and small ones stay near the processor.
const SORTING_CACHE: i64 = -8_192;

/// What a question reads from: a connection with what is remembered about it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub(super) conn: &'a Connection,
    stop: &'a AtomicBool,
    pub(super) codecs: &'a RefCell<Codecs>,
    remembered: &'a Remembered,
}

impl Reader {
    /// Opens a store for reading, and brings an older schema up first.
    pub fn open(path: &Path) -> Result<Reader> {
        let conn = connect(path)?;
        conn.pragma_update(None, "query_only", true)?;
        Ok(Reader::over(conn))
    }

    fn over(conn: Connection) -> Reader {
        Reader {
            conn,
            stop: Arc::default(),
            codecs: RefCell::default(),
            remembered: Remembered::default(),
        }
    }

    /// What questions read from.
    pub fn view(&self) -> View<'_> {
        View {
            conn: &self.conn,
            stop: &self.stop,
            codecs: &self.codecs,
            remembered: &self.remembered,
        }
    }

    /// Everything that is read inside sees the store as it was at one moment.
    pub fn snapshot<T, E>(
        &self,
        question: impl FnOnce(View<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E>
    where
        E: From<StoreError>,
    {
        let transaction = self
            .conn
            .unchecked_transaction()
            .map_err(StoreError::from)?;
        self.remembered.begin_snapshot();
        let answer = question(self.view());
        self.remembered.end_snapshot();
        drop(transaction);
        answer
    }

    /// What interrupts the question that is asked from now on, from another thread.
    pub fn interrupter(&self) -> Interrupter {
        self.stop.store(false, Ordering::Relaxed);
        Interrupter {
            statement: self.conn.get_interrupt_handle(),
            stop: Arc::clone(&self.stop),
        }
    }
}

/// Stops a question, whether SQLite or one of our own loops is at work on it.
pub struct Interrupter {
    statement: InterruptHandle,
    stop: Arc<AtomicBool>,
}

impl Interrupter {
    /// Stops the question that is running.
    pub fn interrupt(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.statement.interrupt();
    }
}

impl View<'_> {
    /// Ends a loop over many small statements once the question is stale.
    pub fn go_on(&self) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(StoreError::Interrupted);
        }
        Ok(())
    }

    /// What says that the question is stale.
    pub fn stop(&self) -> &AtomicBool {
        self.stop
    }

    /// The file of the store.
    pub fn path(&self) -> Option<PathBuf> {
        self.conn.path().map(PathBuf::from)
    }

    /// The small tables, read once and again only when the store has changed.
    pub fn catalog(&self) -> Result<Rc<Catalog>> {
        self.remembered.catalog(self.conn)
    }

    /// Forgets what was remembered, after this very connection has written.
    pub(super) fn forget(&self) {
        self.remembered.forget();
        self.codecs.replace(Codecs::default());
    }
}

impl Writer {
    /// Opens the store at `path` for writing; where there is none, a new one that appears when it is committed.
    ///
    /// Waits up to [`LOCK_WAIT`](super::LOCK_WAIT) for another writer; `purpose` tells that one who holds the lock.
    pub fn open_or_create(path: &Path, purpose: &str) -> Result<Writer> {
        Writer::open_or_create_telling(path, purpose, &mut |_| ControlFlow::Continue(()))
    }

    /// As [`Writer::open_or_create`]; `waiting` hears over and over for whom it waits, and may give up.
    pub fn open_or_create_telling(
        path: &Path,
        purpose: &str,
        waiting: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> Result<Writer> {
        let lock = Lock::take_telling(path, purpose, waiting)?;
        if path.exists() {
            return Writer::over(connect(path)?, None, lock);
        }
        let filling = beside(path, ".new");
        // The journal of a store that somebody took away would be played back into the new one.
        for leftover in [filling.clone(), beside(path, "-wal"), beside(path, "-shm")] {
            remove_leftover(&leftover)?;
        }
        create_private(&filling)?;
        // From here on the file goes away again unless all goes well.
        let fresh = Fresh {
            filling: filling.clone(),
            path: path.to_owned(),
            indexes: Cell::new(0),
            _sync: EarlySync::of(filling.clone()),
        };
        let conn = Connection::open(&filling)?;
        keep_plans(&conn)?;
        conn.pragma_update(None, "page_size", 16_384)?;
        conn.pragma_update(None, "journal_mode", "off")?;
        conn.pragma_update(None, "synchronous", "off")?;
        conn.pragma_update(None, "locking_mode", "exclusive")?;
        // It fills in the order of its keys: a larger cache would only hold what is not looked at again.
        conn.pragma_update(None, "cache_size", -65_536)?;
        // Its indexes are sorted beside what is written.
        conn.pragma_update(None, "threads", SORTING_THREADS)?;
        schema::create_tables(&conn)?;
        Writer::over(conn, Some(fresh), lock)
    }

    /// Opens the store at `path` for writing; it must exist.
    pub fn open(path: &Path, purpose: &str) -> Result<Writer> {
        let lock = Lock::take(path, purpose)?;
        Writer::over(connect(path)?, None, lock)
    }

    fn over(conn: Connection, fresh: Option<Fresh>, lock: Lock) -> Result<Writer> {
        if fresh.is_none() {
            conn.pragma_update(None, "cache_size", -131_072)?;
        }
        conn.execute_batch("BEGIN IMMEDIATE")?;
        Ok(Writer {
            reader: Reader::over(conn),
            fresh,
            changes: RefCell::default(),
            packers: Packers::default(),
            _lock: lock,
        })
    }

    /// Whether the store is being made.
    pub fn is_fresh(&self) -> bool {
        self.fresh.is_some()
    }

    /// What the writer itself reads from, its own changes included.
    pub fn view(&self) -> View<'_> {
        self.reader.view()
    }

    /// Makes everything visible, and gives the connection and the lock for what is left to do.
    pub(super) fn commit_and_keep(self) -> Result<(Connection, Lock)> {
        self.reader.conn.execute(BUMP, [])?;
        self.write_changes()?;
        self.reader.conn.execute_batch("COMMIT")?;
        let Writer {
            reader,
            _lock: lock,
            ..
        } = self;
        Ok((reader.conn, lock))
    }

    /// Makes one more of the indexes of a store that is being made, once what it is over is in; false where none is left.
    pub fn make_index(&self) -> Result<bool> {
        let Some(fresh) = &self.fresh else {
            return Ok(false);
        };
        let Some(statement) = schema::indexes().nth(fresh.indexes.get()) else {
            return Ok(false);
        };
        let conn = &self.reader.conn;
        conn.pragma_update(None, "cache_size", SORTING_CACHE)?;
        conn.execute_batch(statement)?;
        fresh.indexes.set(fresh.indexes.get() + 1);
        Ok(true)
    }

    /// Makes everything since the opening visible at once; a fresh store appears under its name.
    pub fn commit(self) -> Result<()> {
        self.reader.conn.execute(BUMP, [])?;
        self.write_changes()?;
        while self.make_index()? {}
        let Writer {
            reader,
            fresh,
            _lock,
            ..
        } = self;
        let conn = &reader.conn;
        let Some(fresh) = fresh else {
            return Ok(conn.execute_batch("COMMIT")?);
        };
        conn.execute_batch("COMMIT")?;
        // A sample tells the planner as much as every row would.
        conn.execute_batch("PRAGMA analysis_limit = 1000; ANALYZE")?;
        drop(reader);
        let settle = || -> std::io::Result<()> {
            File::open(&fresh.filling)?.sync_all()?;
            fs::rename(&fresh.filling, &fresh.path)
        };
        settle().map_err(|source| StoreError::File {
            what: "write",
            path: fresh.path.clone(),
            source,
        })?;
        connect(&fresh.path).map(drop)
    }
}

impl Drop for Fresh {
    /// A store that was not committed is removed; SQLite rolls back an existing one by itself.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.filling);
    }
}

/// The name of a file that belongs to the store: `onefold.db` and `.lock` make `onefold.db.lock`.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn create_private(path: &Path) -> Result<()> {
    private(OpenOptions::new().write(true).create_new(true))
        .open(path)
        .map(drop)
        .map_err(|source| StoreError::File {
            what: "write",
            path: path.to_owned(),
            source,
        })
}

/// Files of the store are readable by their owner alone.
pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

fn remove_leftover(leftover: &Path) -> Result<()> {
    match fs::remove_file(leftover) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(StoreError::File {
            what: "remove",
            path: leftover.to_owned(),
            source,
        }),
        _ => Ok(()),
    }
}
