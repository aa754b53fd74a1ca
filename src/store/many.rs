//! Putting many rows in with one statement: its cursor stays at the end of the table, where rows in order belong.

use rusqlite::{CachedStatement, Connection, ToSql};

use super::Result;

/// Rows of one statement.
const ROWS: usize = 32;

/// Puts rows of some columns into a table.
pub(super) struct ManyRows<'w> {
    single: CachedStatement<'w>,
    many: CachedStatement<'w>,
}

/// Gives the columns of one row their values, from left to right.
pub(super) struct Columns<'s, 'w> {
    statement: &'s mut CachedStatement<'w>,
    filled: usize,
}

impl Columns<'_, '_> {
    /// The value of the next column.
    pub(super) fn next(&mut self, value: impl ToSql) -> rusqlite::Result<()> {
        self.filled += 1;
        self.statement.raw_bind_parameter(self.filled, value)
    }
}

impl<'w> ManyRows<'w> {
    /// Rows of `columns` values between `INSERT INTO …` and what may follow on the values.
    pub(super) fn new(
        conn: &'w Connection,
        insert: &str,
        columns: usize,
        ending: &str,
    ) -> Result<ManyRows<'w>> {
        let row = format!("({})", vec!["?"; columns].join(", "));
        let of = |rows: usize| {
            let values = vec![row.as_str(); rows].join(", ");
            conn.prepare_cached(&format!("{insert} VALUES {values} {ending}"))
        };
        Ok(ManyRows {
            single: of(1)?,
            many: of(ROWS)?,
        })
    }

    /// Puts these rows in, each filled by `fill`.
    pub(super) fn put<T>(
        &mut self,
        rows: &[T],
        mut fill: impl FnMut(&mut Columns<'_, 'w>, &T) -> rusqlite::Result<()>,
    ) -> Result<()> {
        let (many, rest) = rows.as_chunks::<ROWS>();
        for rows in many {
            execute(&mut self.many, rows, &mut fill)?;
        }
        for row in rest.chunks(1) {
            execute(&mut self.single, row, &mut fill)?;
        }
        Ok(())
    }
}

fn execute<'w, T>(
    statement: &mut CachedStatement<'w>,
    rows: &[T],
    fill: &mut impl FnMut(&mut Columns<'_, 'w>, &T) -> rusqlite::Result<()>,
) -> Result<()> {
    let mut columns = Columns {
        statement,
        filled: 0,
    };
    for row in rows {
        fill(&mut columns, row)?;
    }
    statement.raw_execute()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_every_number_go_in_and_replace_what_stands_there() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
            .unwrap();
        for count in [0, 1, ROWS - 1, ROWS, 2 * ROWS + 3] {
            let rows: Vec<(usize, String)> =
                (0..count).map(|n| (n, format!("{count}/{n}"))).collect();
            let mut insert = ManyRows::new(
                &conn,
                "INSERT INTO t (a, b)",
                2,
                "ON CONFLICT (a) DO UPDATE SET b = excluded.b",
            )
            .unwrap();
            insert
                .put(&rows, |columns, (a, b)| {
                    columns.next(a)?;
                    columns.next(b)
                })
                .unwrap();
            let mut read = conn.prepare("SELECT a, b FROM t ORDER BY a").unwrap();
            let found: Vec<(usize, String)> = read
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap()
                .collect::<rusqlite::Result<_>>()
                .unwrap();
            assert_eq!(found, rows);
        }
    }
}
