//! The rejects files beside a store: rows of a forgotten person lose their content there.

use std::fs;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::ingest::IngestError;

/// The keys under which a refused row stands.
const CONTENT: [&str; 2] = ["row", "rowBase64"];

/// The rejects files of a store, one left by a killed import included.
pub(super) fn files(store: &Path) -> Result<Vec<PathBuf>, IngestError> {
    let folder = match store.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let stem = store.file_stem().unwrap_or_default().to_string_lossy();
    let is_ours = |name: &str| {
        let name = name.strip_suffix(".new").unwrap_or(name);
        let rest = name.strip_prefix(&*stem);
        let number = rest.and_then(|rest| rest.strip_suffix(".rejects.jsonl"));
        number.is_some_and(|n| {
            n.is_empty()
                || n.strip_prefix('-')
                    .is_some_and(|n| n.parse::<u32>().is_ok())
        })
    };
    let listed = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut files: Vec<_> = listed
        .map_err(|source| failure(folder, source))?
        .iter()
        .filter(|entry| is_ours(&entry.file_name().to_string_lossy()))
        .map(std::fs::DirEntry::path)
        .collect();
    files.sort();
    Ok(files)
}

/// How many rows of a file name one of these values, in lower case.
pub(super) fn count(path: &Path, values: &[String]) -> Result<u64, IngestError> {
    let mut rows = 0;
    each_line(path, |line| {
        rows += u64::from(without_content(line, values).is_some());
        Ok(())
    })?;
    Ok(rows)
}

/// Writes a file anew without the content of such rows; where and why they were refused stays.
pub(super) fn purge(path: &Path, values: &[String]) -> Result<(), IngestError> {
    let failed = |source| failure(path, source);
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
    let file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
    let mut out = BufWriter::new(file);
    each_line(path, |line| match without_content(line, values) {
        Some(kept) => {
            out.write_all(kept.as_bytes())?;
            out.write_all(b"\n")
        }
        None => out.write_all(line),
    })?;
    let file = out
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path)
        .map(drop)
        .map_err(|error| failed(error.error))
}

fn each_line(
    path: &Path,
    mut visit: impl FnMut(&[u8]) -> io::Result<()>,
) -> Result<(), IngestError> {
    let failed = |source| failure(path, source);
    let mut file = BufReader::new(fs::File::open(path).map_err(failed)?);
    let mut line = Vec::new();
    while file.read_until(b'\n', &mut line).map_err(failed)? > 0 {
        visit(&line).map_err(failed)?;
        line.clear();
    }
    Ok(())
}

fn failure(path: &Path, source: io::Error) -> IngestError {
    IngestError::Rejects {
        path: path.to_owned(),
        source,
    }
}

/// The line without the row in it; `None` where the row names none of the values.
fn without_content(line: &[u8], values: &[String]) -> Option<String> {
    let mut entry: Map<String, Value> = serde_json::from_slice(line).ok()?;
    let row = match (entry.get("row"), entry.get("rowBase64")) {
        (Some(Value::String(text)), _) => text.to_lowercase(),
        (_, Some(Value::String(packed))) => {
            let bytes = STANDARD.decode(packed).ok()?;
            String::from_utf8_lossy(&bytes).to_lowercase()
        }
        _ => return None,
    };
    if !values.iter().any(|value| names(&row, value)) {
        return None;
    }
    for key in CONTENT {
        entry.remove(key);
    }
    entry.insert("forgotten".into(), true.into());
    Some(Value::Object(entry).to_string())
}

/// Whether a row holds a value that does not go on on either side: `C-1` is not in `C-12`.
fn names(row: &str, value: &str) -> bool {
    let goes_on = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    !value.is_empty()
        && row.match_indices(value).any(|(at, found)| {
            let before = row.get(..at).and_then(|text| text.chars().next_back());
            let after = row
                .get(at + found.len()..)
                .and_then(|text| text.chars().next());
            !goes_on(before) && !goes_on(after)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_loses_its_content_where_it_names_the_person() {
        let values = ["ana@x.org".to_owned(), "c-1".to_owned()];
        let check = |row: &str, is_theirs: bool| {
            let line = serde_json::json!({"line": 3, "reason": "why", "row": row}).to_string();
            let kept = without_content(line.as_bytes(), &values);
            assert_eq!(kept.is_some(), is_theirs, "{row}");
            if let Some(kept) = kept {
                assert_eq!(kept, r#"{"line":3,"reason":"why","forgotten":true}"#);
            }
        };
        check("C-1,x", true);
        check("C-12,x", false);
        check(r#"{"mail":"Ana@X.org"}"#, true);
        check("banana@x.org", false);
        let packed = STANDARD.encode(b"C-1,\xff");
        let line = serde_json::json!({ "rowBase64": packed }).to_string();
        assert!(without_content(line.as_bytes(), &values).is_some());
        assert!(without_content(b"no json", &values).is_none());
    }

    #[test]
    fn the_rejects_files_of_a_store_are_those_of_its_name() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "a.rejects.jsonl",
            "a-2.rejects.jsonl",
            "a.rejects.jsonl.new",
            "a-b.rejects.jsonl",
            "b.rejects.jsonl",
            "a.db",
        ] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let found = files(&folder.path().join("a.db")).unwrap();
        let names: Vec<_> = found
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(
            names,
            [
                "a-2.rejects.jsonl",
                "a.rejects.jsonl",
                "a.rejects.jsonl.new"
            ]
        );
    }
}
