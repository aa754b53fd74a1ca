//! All that stands in a store, for holding two against each other.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;

/// Every row of every table but for the policies, which know the time of day; nothing where there is no store.
pub fn dump(store: &Path) -> String {
    if !store.exists() {
        return String::new();
    }
    let conn = Connection::open(store).unwrap();
    let mut tables = conn
        .prepare(
            "SELECT name FROM sqlite_schema
             WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'policy%'
             ORDER BY name",
        )
        .unwrap();
    let tables: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut text = String::new();
    for table in tables {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut lines = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<Value> = (0..columns).map(|at| row.get(at).unwrap()).collect();
            lines.push(format!("{table} {values:?}\n"));
        }
        lines.sort();
        text.extend(lines);
    }
    text
}
