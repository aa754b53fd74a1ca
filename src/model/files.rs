//! The files of batches, so that a reader can follow a value or link to the line that it came from.

use std::collections::HashMap;

use super::display::printable;
use super::{BatchId, SourceLine};

/// The names of the files of every batch.
#[derive(Clone, Debug, Default)]
pub struct SourceFiles(HashMap<BatchId, Vec<String>>);

impl SourceFiles {
    /// The files of these batches.
    pub fn new(batches: impl IntoIterator<Item = (BatchId, Vec<String>)>) -> SourceFiles {
        SourceFiles(batches.into_iter().collect())
    }

    /// The name of the file in which a line stands; empty where that is not known.
    pub fn name(&self, batch: BatchId, line: SourceLine) -> &str {
        self.0
            .get(&batch)
            .and_then(|files| files.get(usize::from(line.file)))
            .map_or("", String::as_str)
    }

    /// A record's place as tables show it: `3:17` is batch 3, line 17; where the batch has several files, `3/2:17` is its second.
    pub fn short(&self, batch: BatchId, line: SourceLine) -> String {
        match self.0.get(&batch).map_or(0, Vec::len) {
            0 | 1 => format!("{batch}:{}", line.line),
            _ => format!("{batch}/{}:{}", line.file + 1, line.line),
        }
    }

    /// The same where the file is known by its name.
    pub fn short_named(&self, batch: u32, file: &str, line: u64) -> String {
        let batch = BatchId(batch);
        let files = self.0.get(&batch);
        let place = files.and_then(|files| files.iter().position(|name| name == file));
        let file = place.unwrap_or(0) as u16;
        self.short(batch, SourceLine { file, line })
    }
}

/// A record's place in words: `batch 3, crm.csv line 17`.
pub fn place(batch: u32, file: &str, line: u64) -> String {
    match file {
        "" => format!("batch {batch} line {line}"),
        file => format!("batch {batch}, {} line {line}", printable(file)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_named_where_a_batch_has_several() {
        let files = SourceFiles::new([
            (BatchId(1), vec!["crm.csv".into()]),
            (BatchId(2), vec!["a.json".into(), "b.json".into()]),
        ]);
        let line = SourceLine { file: 1, line: 17 };
        assert_eq!(
            files.short(BatchId(1), SourceLine { file: 0, line: 3 }),
            "1:3"
        );
        assert_eq!(files.short(BatchId(2), line), "2/2:17");
        assert_eq!(files.short_named(2, "b.json", 17), "2/2:17");
        assert_eq!(files.short_named(9, "gone", 4), "9:4");
        assert_eq!(files.name(BatchId(2), line), "b.json");
        assert_eq!(files.name(BatchId(9), line), "");
    }
}
