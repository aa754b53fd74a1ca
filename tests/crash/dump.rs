//! All that stands in a store, for holding two against each other.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;

/// Every row of every table, but for policies and tokens of changes, which are made up or know the time of day; nothing where
/// there is no store.
pub fn dump(store: &Path) -> String {
    if !store.exists() {
        return String::new();
    }
    let conn = Connection::open(store).unwrap();
    let mut tables = conn
        .prepare(
            "SELECT name FROM sqlite_schema
             WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'policy%'
               AND name <> 'change'
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
        let names: Vec<String> = statement.column_names().map(String::from).collect();
        // How long an import took is no two times the same.
        let columns: Vec<usize> = (0..names.len())
            .filter(|at| names[*at] != "took_ms")
            .collect();
        let mut rows = statement.query([]).unwrap();
        let mut lines = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<Value> = columns.iter().map(|at| row.get(*at).unwrap()).collect();
            lines.push(format!("{table} {values:?}\n"));
        }
        lines.sort();
        text.extend(lines);
    }
    text
}
