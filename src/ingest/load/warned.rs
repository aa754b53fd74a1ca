//! What was understood of rows, but not as it stands: counted, and told once for each kind of it.

use std::sync::Arc;

use crate::ingest::{Row, Warning};
use crate::model::SourceLine;

/// As many kinds as are told; what more there are is a sign that the source is another one.
const MOST_KINDS: usize = 8;

/// A warning, the file and line that first had it, and how many rows have it.
type Kind = (Warning, Arc<str>, SourceLine, u64);

/// The warnings of a dataset's rows.
#[derive(Debug, Default)]
pub(super) struct Warned {
    kinds: Vec<Kind>,
    more: u64,
}

impl Warned {
    /// Counts the warnings of a row; `files` are the names of its batch's files.
    pub(super) fn count(&mut self, row: &Row, files: &[Arc<str>]) {
        for warning in &row.warnings {
            let is_full = self.kinds.len() >= MOST_KINDS;
            let mut kinds = self.kinds.iter_mut();
            match kinds.find(|(other, ..)| is_alike(other, warning)) {
                Some((.., count)) => *count += 1,
                None if is_full => self.more += 1,
                None => {
                    let file = files.get(usize::from(row.line.file));
                    let file = file.map_or_else(|| "".into(), Arc::clone);
                    self.kinds.push((warning.clone(), file, row.line, 1));
                }
            }
        }
    }

    /// A sentence for each kind, with the first line that has it.
    pub(super) fn told(&self, dataset: &str) -> Vec<String> {
        let sentence = |(warning, file, line, count): &Kind| {
            let times = match count {
                1 => String::new(),
                2 => ", and in 1 more row".to_owned(),
                count => format!(", and in {} more rows", count - 1),
            };
            format!("{dataset}: {file}, line {}: {warning}{times}", line.line)
        };
        let more = (self.more > 0)
            .then(|| format!("{dataset}: {} more warnings of other kinds", self.more));
        self.kinds.iter().map(sentence).chain(more).collect()
    }
}

/// Whether two warnings say the same, whatever the text was that they say it of.
fn is_alike(a: &Warning, b: &Warning) -> bool {
    match (a, b) {
        (Warning::UnreadTime { field: a, .. }, Warning::UnreadTime { field: b, .. }) => a == b,
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::row_identity;
    use crate::model::Operation;

    fn row(line: u64, warnings: Vec<Warning>) -> Row {
        let line = SourceLine { file: 1, line };
        Row {
            line,
            offset: 0,
            length: 2,
            mentions: vec![row_identity("x", line)],
            primary: None,
            timestamp: None,
            customer_time: None,
            ingested: None,
            id: None,
            kind: None,
            operation: Operation::Create,
            body: "{}".into(),
            body_hash: 0,
            warnings,
        }
    }

    #[test]
    fn a_warning_is_told_once_with_its_first_line_and_its_count() {
        let unread = |field: &str, text: &str| Warning::UnreadTime {
            field: field.into(),
            text: text.into(),
        };
        let files = ["a".into(), "b".into()];
        let mut warned = Warned::default();
        warned.count(&row(3, vec![unread("t", "soon"), Warning::NoTime]), &files);
        warned.count(&row(4, vec![unread("t", "later")]), &files);
        for n in 0..10 {
            warned.count(&row(5, vec![unread(&format!("t{n}"), "")]), &files);
        }
        let told = warned.told("web");
        let expected = [
            "web: b, line 3: `t`: \"soon\" is no time; it stays as it is, and in 1 more row",
            "web: b, line 3: the event names no time; the moment of the import is taken",
        ];
        assert_eq!(told[..2], expected);
        assert_eq!(told.last().unwrap(), "web: 4 more warnings of other kinds");
    }
}
