//! What a rejects file holds, by reasons: for people who do not read it row by row.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;

use super::IngestError;
use crate::model::{RefusedAnswer, RefusedKind, RefusedRow};

/// Rows that are looked at.
const MOST_ROWS: u64 = 100_000;
/// Reasons that are told apart; each of these has values of its own otherwise.
const MOST_KINDS: usize = 200;
/// Places that are named of each.
const MOST_PLACES: usize = 3;
/// Rows that are told themselves.
const MOST_TOLD: usize = 200;
/// Letters of a row and of a reason.
const MOST_LETTERS: usize = 300;

/// How a reason ends that begins with an identity.
const BLOCKED: &str = " is a blocked value";

/// A line of the file, as far as it matters here.
#[derive(Deserialize)]
struct Entry {
    file: String,
    line: u64,
    reason: String,
    row: Option<String>,
}

/// Reads a rejects file, or its first rows where it is long.
pub fn refused(path: &Path) -> Result<RefusedAnswer, IngestError> {
    let failed = |source| IngestError::Unreadable {
        path: path.display().to_string(),
        source,
    };
    let file = BufReader::new(File::open(path).map_err(failed)?);
    let mut answer = RefusedAnswer::default();
    let mut places = HashMap::new();
    for entry in serde_json::Deserializer::from_reader(file).into_iter::<Entry>() {
        let entry = entry.map_err(|error| failed(error.into()))?;
        if answer.rows == MOST_ROWS {
            answer.is_part = true;
            break;
        }
        answer.rows += 1;
        if answer.first.len() < MOST_TOLD {
            answer.first.push(RefusedRow {
                file: entry.file.clone(),
                line: entry.line,
                reason: beginning(&entry.reason),
                row: entry.row.as_deref().map(beginning),
            });
        }
        count(&mut answer.kinds, &mut places, entry);
    }
    answer
        .kinds
        .sort_by_key(|kind| std::cmp::Reverse(kind.rows));
    Ok(answer)
}

fn count(kinds: &mut Vec<RefusedKind>, places: &mut HashMap<String, usize>, entry: Entry) {
    let reason = without_values(&entry.reason);
    let known = places.get(&reason).copied();
    let place = match known {
        Some(place) => place,
        None if kinds.len() < MOST_KINDS => {
            places.insert(reason.clone(), kinds.len());
            kinds.push(RefusedKind {
                reason,
                first_reason: beginning(&entry.reason),
                first_row: entry.row.as_deref().map(beginning),
                rows: 0,
                places: Vec::new(),
            });
            kinds.len() - 1
        }
        None => return,
    };
    if let Some(kind) = kinds.get_mut(place) {
        kind.rows += 1;
        if kind.places.len() < MOST_PLACES {
            kind.places.push((entry.file, entry.line));
        }
    }
}

fn beginning(text: &str) -> String {
    text.chars().take(MOST_LETTERS).collect()
}

/// A reason with `…` for what stands in double quotes, for identities, and for every number.
fn without_values(reason: &str) -> String {
    if reason.ends_with(BLOCKED) {
        return format!("…{BLOCKED}");
    }
    let mut out = String::new();
    let mut is_quoted = false;
    let mut is_escaped = false;
    for letter in reason.chars().take(MOST_LETTERS) {
        let is_end = letter == '"' && !is_escaped;
        is_escaped = is_quoted && letter == '\\' && !is_escaped;
        if is_end {
            is_quoted = !is_quoted;
        } else if !is_quoted && !letter.is_ascii_digit() {
            out.push(letter);
            continue;
        }
        if !out.ends_with('…') {
            out.push('…');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_by_reasons_without_their_values() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.rejects.jsonl");
        let line = |line: u64, reason: &str, row: &str| {
            let entry = serde_json::json!({"dataset": "crm", "file": "crm.csv", "line": line,
                "offset": 0, "length": 9, "reason": reason, "row": row});
            format!("{entry}\n")
        };
        let text = [
            line(2, "`at`: \"x\\\"7\" is no time", "1,x"),
            line(4, "3 values where the header names 2 columns", "a,b,c"),
            line(9, "`at`: \"soon\" is no time", "2,soon"),
            line(12, "Name:Ana M is a blocked value", "3,Ana M"),
        ];
        std::fs::write(&path, text.concat()).unwrap();
        let answer = refused(&path).unwrap();
        assert_eq!((answer.rows, answer.is_part), (4, false));
        let kinds: Vec<_> = answer
            .kinds
            .iter()
            .map(|kind| (kind.reason.as_str(), kind.rows))
            .collect();
        assert_eq!(
            kinds,
            [
                ("`at`: … is no time", 2),
                ("… values where the header names … columns", 1),
                ("… is a blocked value", 1)
            ]
        );
        let places = &answer.kinds[0].places;
        assert_eq!(places[..], [("crm.csv".into(), 2), ("crm.csv".into(), 9)]);
        assert_eq!(answer.kinds[0].first_row.as_deref(), Some("1,x"));
        let told = answer
            .first
            .iter()
            .map(|row| (row.line, row.row.as_deref()));
        let rows = [
            (2, Some("1,x")),
            (4, Some("a,b,c")),
            (9, Some("2,soon")),
            (12, Some("3,Ana M")),
        ];
        assert!(told.eq(rows));
        assert_eq!(answer.first[2].reason, "`at`: \"soon\" is no time");
    }

    #[test]
    fn a_file_that_is_gone_or_none_is_said() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.rejects.jsonl");
        assert!(refused(&path).is_err());
        std::fs::write(&path, "no JSON").unwrap();
        assert!(refused(&path).is_err());
    }
}
