//! The schema and the steps that bring an older one up; a released step never changes.

use rusqlite::Connection;

use super::Result;

/// Marks a SQLite file as a store: the letters "1fld".
pub(super) const APPLICATION_ID: i64 = 0x3166_6c64;

/// A step of the schema: its tables, and the indexes that are made once they are filled.
struct Step {
    tables: &'static str,
    indexes: &'static str,
}

const STEPS: &[Step] = &[
    Step {
        tables: include_str!("sql/0001_spine.sql"),
        indexes: include_str!("sql/0001_indexes.sql"),
    },
    Step {
        tables: include_str!("sql/0002_undo.sql"),
        indexes: "",
    },
    Step {
        tables: include_str!("sql/0003_changes.sql"),
        indexes: "",
    },
    Step {
        tables: include_str!("sql/0006_forgotten.sql"),
        indexes: "",
    },
    Step {
        tables: include_str!("sql/0007_attribute_blocks.sql"),
        indexes: "",
    },
    Step {
        tables: include_str!("sql/0008_differences.sql"),
        indexes: "",
    },
    Step {
        tables: include_str!("sql/0009_shorter.sql"),
        indexes: "",
    },
    Step {
        tables: include_str!("sql/0010_batch_paths.sql"),
        indexes: "",
    },
];

/// The newest schema that this program knows.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// The schema of this file; 0 for an empty one.
pub(super) fn version(conn: &Connection) -> Result<i64> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Makes the tables of an empty file, without their indexes.
pub(super) fn create_tables(conn: &Connection) -> Result<()> {
    for step in STEPS {
        conn.execute_batch(step.tables)?;
    }
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(conn.pragma_update(None, "user_version", VERSION)?)
}

/// The statements that make the indexes which [`create_tables`] left out.
pub(super) fn indexes() -> impl Iterator<Item = &'static str> {
    let statements = STEPS.iter().flat_map(|step| step.indexes.split(';'));
    statements.filter(|statement| !statement.trim().is_empty())
}

/// Brings an older schema up, in one transaction.
pub(super) fn upgrade(conn: &mut Connection) -> Result<()> {
    let from = usize::try_from(version(conn)?).unwrap_or(0);
    if from >= STEPS.len() {
        return Ok(());
    }
    let transaction = conn.transaction()?;
    for step in STEPS.iter().skip(from) {
        transaction.execute_batch(step.tables)?;
        transaction.execute_batch(step.indexes)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(transaction.commit()?)
}

/// Makes the store of an older program, after so many steps.
#[cfg(test)]
pub(super) fn create_older(conn: &Connection, steps: usize) -> Result<()> {
    for step in STEPS.iter().take(steps) {
        conn.execute_batch(step.tables)?;
        conn.execute_batch(step.indexes)?;
    }
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(conn.pragma_update(None, "user_version", steps as i64)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables and indexes, each with the statement that makes it.
    fn layout(conn: &Connection) -> Vec<(String, Option<String>)> {
        let mut statement = conn
            .prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")
            .unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().collect::<rusqlite::Result<_>>().unwrap()
    }

    #[test]
    fn blocks_of_older_programs_last_as_long_as_they_did() {
        let mut old = Connection::open_in_memory().unwrap();
        create_older(&old, 6).unwrap();
        old.execute_batch(
            "INSERT INTO event_block (key, dataset, batch, first, last, events, head, marks, bodies)
             VALUES (1, 1, 1, -5, 70, 2, x'00', x'', x'')",
        )
        .unwrap();
        upgrade(&mut old).unwrap();
        let lasting = "SELECT first, lasting FROM event_block";
        let row = old.query_row(lasting, [], |row| Ok((row.get(0)?, row.get(1)?)));
        assert_eq!(row.unwrap(), (-5, 75));
    }

    #[test]
    fn paths_of_older_programs_are_those_of_every_batch_of_records() {
        let mut old = Connection::open_in_memory().unwrap();
        create_older(&old, 7).unwrap();
        old.execute_batch(
            "INSERT INTO dataset VALUES
                 (1, 'crm', 'record', NULL, 0, 1), (2, 'web', 'event', NULL, 0, 1);
             INSERT INTO batch (id, import, dataset, ingested_at, files, fingerprint, read, accepted, replaced, rejected, duplicates)
             VALUES
                 (1, 1, 1, 0, '', '', 0, 0, 0, 0, 0), (2, 1, 2, 0, '', '', 0, 0, 0, 0, 0),
                 (3, 3, 1, 0, '', '', 0, 0, 0, 0, 0);
             INSERT INTO attribute_path VALUES (1, 'a.b'), (2, 'c');
             INSERT INTO attribute VALUES (1, 'x', 1, x''), (1, 'y', 1, x'');
             INSERT INTO attribute_block VALUES (2, 1, 'x', x''), (2, 3, 'x', x'');",
        )
        .unwrap();
        upgrade(&mut old).unwrap();
        let mut statement = old
            .prepare("SELECT path || ' ' || batch FROM batch_path ORDER BY 1")
            .unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0));
        let rows: Vec<String> = rows.unwrap().collect::<rusqlite::Result<_>>().unwrap();
        assert_eq!(rows, ["a.b 1", "c 1", "c 3"]);
    }

    #[test]
    fn every_older_schema_comes_up_to_what_a_new_store_has() {
        let fresh = Connection::open_in_memory().unwrap();
        create_tables(&fresh).unwrap();
        for index in indexes() {
            fresh.execute_batch(index).unwrap();
        }
        for from in 0..STEPS.len() {
            let mut old = Connection::open_in_memory().unwrap();
            create_older(&old, from).unwrap();
            upgrade(&mut old).unwrap();
            assert_eq!(version(&old).unwrap(), VERSION, "from {from}");
            assert_eq!(layout(&old), layout(&fresh), "from {from}");
        }
    }
}
