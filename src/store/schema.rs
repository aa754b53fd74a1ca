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
