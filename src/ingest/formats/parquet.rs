//! Parquet: tables by column, whose rows come out as lines of JSON; the number of a row is its line.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
use ::parquet::record::reader::RowIter;
use ::parquet::schema::types::TypePtr;

use super::json_lines::LineSplitter;
use super::json_row::JsonRows;
use super::parquet_value::write_row;
use super::{Confidence, Format, Head, RowReader, Source, Splitter, Table};
use crate::ingest::interpret::Rules;

/// Rows that lie by column.
pub struct Parquet;

/// What Parquet files begin with; the second is that of encrypted ones.
const SIGNS: [&[u8]; 2] = [b"PAR1", b"PARE"];

impl Format for Parquet {
    fn name(&self) -> &'static str {
        "Parquet"
    }

    fn sniff(&self, head: &Head<'_>) -> Confidence {
        if SIGNS.iter().any(|sign| head.bytes.starts_with(sign)) {
            Confidence::Certain
        } else {
            Confidence::No
        }
    }

    fn source(&self) -> Source {
        Source::File(rows_of)
    }

    fn table(&self, _: &Head<'_>) -> Option<Table> {
        None
    }

    fn splitter(&self, _: Option<&Table>) -> Box<dyn Splitter> {
        Box::new(LineSplitter::default())
    }

    fn reader<'r>(&self, rules: Rules<'r>, _: Option<&Table>) -> Box<dyn RowReader + 'r> {
        Box::new(JsonRows::new(rules))
    }
}

/// The rows of a file, a line of JSON each.
fn rows_of(file: File) -> io::Result<Box<dyn Read + Send>> {
    let opened = guarded(|| SerializedFileReader::new(file))?;
    let schema = opened.metadata().file_metadata().schema_descr();
    Ok(Box::new(Lines {
        schema: schema.root_schema_ptr(),
        rows: Some(RowIter::from_file_into(Box::new(opened))),
        line: String::new(),
        given: 0,
    }))
}

/// Rows on their way to lines; only pages of the columns in hand are in memory.
struct Lines {
    schema: TypePtr,
    /// None after the last row, and after a failure.
    rows: Option<RowIter<'static>>,
    line: String,
    given: usize,
}

impl Lines {
    /// Makes the line of the next row; an empty one after the last.
    fn fill(&mut self) -> io::Result<()> {
        self.line.clear();
        self.given = 0;
        let Some(mut rows) = self.rows.take() else {
            return Ok(());
        };
        let Some(row) = guarded(|| rows.next().transpose())? else {
            return Ok(());
        };
        write_row(&mut self.line, &row, Some(&self.schema));
        self.line.push('\n');
        self.rows = Some(rows);
        Ok(())
    }
}

impl Read for Lines {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.line.len() {
            self.fill()?;
        }
        let rest = self.line.as_bytes().get(self.given..).unwrap_or_default();
        let count = rest.len().min(into.len());
        into.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.given += count;
        Ok(count)
    }
}

thread_local! {
    /// A panic of this thread is caught, and told as an error.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Does a step of the reading. The library panics at some files that are damaged or meant to do harm.
fn guarded<T>(step: impl FnOnce() -> Result<T, ParquetError>) -> io::Result<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |info| {
            if !IS_GUARDED.get() {
                usual(info);
            }
        }));
    });
    IS_GUARDED.set(true);
    let done = catch_unwind(AssertUnwindSafe(step));
    IS_GUARDED.set(false);
    match done {
        Ok(done) => done.map_err(|error| damaged(&error.to_string())),
        Err(_) => Err(damaged("it holds what no Parquet file has")),
    }
}

fn damaged(why: &str) -> io::Error {
    let message = format!("not a whole Parquet file that can be read ({why}); write it again");
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests;
