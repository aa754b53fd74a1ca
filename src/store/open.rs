//! Opening a store that is there: that it is one, which schema it has, and whether it can be written.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::connection::beside;
use super::{Result, StoreError, schema};

/// Statements that a connection keeps ready.
const STATEMENTS: usize = 128;

/// Opens an existing store and sees to it that it is one.
pub(super) fn connect(path: &Path) -> Result<Connection> {
    look(path)?;
    let mut conn = match recognised(path, OpenFlags::SQLITE_OPEN_READ_WRITE) {
        Err(error) if is_shut(&error) && has_no_journal(path) => still(path)?,
        opened => opened?,
    };
    let found = schema::version(&conn)?;
    if found > schema::VERSION {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known: schema::VERSION,
        });
    }
    keep_plans(&conn)?;
    // A store on read-only media can still be read, only not in this mode.
    let _ = conn.pragma_update(None, "journal_mode", "wal");
    conn.pragma_update(None, "synchronous", "normal")?;
    // Several threads read over a connection each, and the system keeps what they read as well.
    conn.pragma_update(None, "cache_size", -8_192)?;
    schema::upgrade(&mut conn)?;
    Ok(conn)
}

/// Statements are prepared once: a plan that depends on no value is not made anew for every value that is bound.
pub(super) fn keep_plans(conn: &Connection) -> Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

fn look(path: &Path) -> Result<()> {
    let metadata = File::open(path).and_then(|file| file.metadata());
    match metadata {
        Ok(metadata) if metadata.is_file() => Ok(()),
        Ok(_) => Err(StoreError::NotAStore(path.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(StoreError::Missing(path.to_owned()))
        }
        Err(source) => Err(StoreError::File {
            what: "read",
            path: path.to_owned(),
            source,
        }),
    }
}

/// A connection to a file that says of itself that it is a store.
fn recognised(path: &Path, access: OpenFlags) -> Result<Connection> {
    let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    let id: rusqlite::Result<i64> =
        conn.pragma_query_value(None, "application_id", |row| row.get(0));
    match id {
        Ok(schema::APPLICATION_ID) => Ok(conn),
        Err(error) if error.sqlite_error_code() != Some(ErrorCode::NotADatabase) => {
            Err(error.into())
        }
        _ => Err(StoreError::NotAStore(path.to_owned())),
    }
}

/// Whether SQLite could not make the files that it needs beside a store in order to read it.
fn is_shut(error: &StoreError) -> bool {
    matches!(error, StoreError::ReadOnly)
        || matches!(error, StoreError::Sqlite(error) if error.sqlite_error_code() == Some(ErrorCode::CannotOpen))
}

fn has_no_journal(path: &Path) -> bool {
    fs::metadata(beside(path, "-wal")).map_or(true, |journal| journal.len() == 0)
}

/// Reads a store in a folder that cannot be written as a file that nobody changes.
fn still(path: &Path) -> Result<Connection> {
    let not_a_store = || StoreError::NotAStore(path.to_owned());
    let mut address = String::from("file:");
    for letter in path.to_str().ok_or_else(not_a_store)?.chars() {
        match letter {
            '%' => address.push_str("%25"),
            '?' => address.push_str("%3f"),
            '#' => address.push_str("%23"),
            letter => address.push(letter),
        }
    }
    address.push_str("?immutable=1");
    let access = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    recognised(Path::new(&address), access)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Writer;

    #[test]
    fn a_store_that_cannot_be_written_is_read_as_it_lies_there() {
        let folder = tempfile::tempdir().unwrap();
        let check = |name: &str| {
            let path = folder.path().join(name);
            Writer::open_or_create(&path, "test")
                .unwrap()
                .commit()
                .unwrap();
            let conn = still(&path).unwrap();
            assert_eq!(schema::version(&conn).unwrap(), schema::VERSION, "{name}");
            assert!(conn.execute_batch("DELETE FROM total").is_err(), "{name}");
        };
        check("plain.db");
        check("50%20a?b#c&d=.db");
    }

    #[test]
    fn what_is_no_store_is_refused_as_that() {
        let folder = tempfile::tempdir().unwrap();
        let check = |path: &Path| {
            let refused = connect(path).err();
            assert!(
                matches!(refused, Some(StoreError::NotAStore(_))),
                "{refused:?}"
            );
        };
        check(folder.path());
        for (name, content) in [("empty", ""), ("text", "SQLite format 3, but not quite")] {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            check(&path);
        }
    }

    #[test]
    fn a_journal_left_behind_is_not_played_into_a_new_store() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        for ending in ["-wal", "-shm", ".new"] {
            fs::write(beside(&path, ending), "left").unwrap();
        }
        Writer::open_or_create(&path, "test")
            .unwrap()
            .commit()
            .unwrap();
        assert_eq!(
            schema::version(&connect(&path).unwrap()).unwrap(),
            schema::VERSION
        );
        assert!(!beside(&path, ".new").exists());
    }
}
