//! What records say, leaf by leaf, gathered for the look-up of attributes.

use std::collections::{BTreeSet, HashMap};
use std::path::Path as FilePath;

use serde_json::Value;

use super::Result;
use super::sort::{Key, Sorter};
use crate::model::{IdentityId, ImportId, Path};
use crate::query::text::fold;
use crate::store::{PathId, Writer};

/// Longer values are not looked up whole; they are still found by their beginning.
const LONGEST_VALUE: usize = 128;

/// Gathers leaves in any order, and writes them by path and value.
pub(super) struct Leaves {
    paths: HashMap<String, PathId>,
    sorter: Sorter,
    count: u64,
}

impl Leaves {
    pub(super) fn new(folder: &FilePath) -> Leaves {
        Leaves {
            paths: HashMap::new(),
            sorter: Sorter::new(folder),
            count: 0,
        }
    }

    /// Adds the leaves of a record of this identity.
    pub(super) fn add(&mut self, writer: &Writer, identity: IdentityId, body: &[u8]) -> Result<()> {
        each_leaf(body, &mut |path, value| {
            self.leaf(writer, identity, path, value)
        })
    }

    fn leaf(
        &mut self,
        writer: &Writer,
        identity: IdentityId,
        path: &Path,
        value: &str,
    ) -> Result<()> {
        let path = path.to_string();
        let id = match self.paths.get(&path) {
            Some(id) => *id,
            None => {
                let id = writer.path(&path)?;
                self.paths.insert(path, id);
                id
            }
        };
        self.count += 1;
        let key = Key {
            group: id.0 as u32,
            part: 0,
            at: prefix(value.as_bytes()),
            n: self.count,
        };
        self.sorter.add(key, |bytes| {
            bytes.extend(identity.0.to_le_bytes());
            bytes.extend(value.as_bytes());
        })?;
        Ok(())
    }

    /// Writes everything that was added.
    pub(super) fn write(self, writer: &Writer, import: ImportId) -> Result<()> {
        let mut rows = self.sorter.sorted()?;
        let mut alike: Vec<(String, IdentityId)> = Vec::new();
        while let Some((key, row)) = rows.next()? {
            if let Some((id, value)) = row.split_first_chunk::<4>() {
                let value = String::from_utf8_lossy(value).into_owned();
                alike.push((value, IdentityId(u32::from_le_bytes(*id))));
            }
            let is_last = rows
                .peek()
                .is_none_or(|next| (next.group, next.at) != (key.group, key.at));
            if is_last {
                write_alike(writer, PathId(i64::from(key.group)), import, &mut alike)?;
            }
        }
        Ok(())
    }
}

/// What a record says: every leaf by its path, its value as it is looked up.
pub(super) fn said(body: &[u8]) -> Result<BTreeSet<(String, String)>> {
    let mut said = BTreeSet::new();
    each_leaf(body, &mut |path, value| {
        said.insert((path.to_string(), value.to_owned()));
        Ok(())
    })?;
    Ok(said)
}

fn each_leaf(body: &[u8], visit: &mut dyn FnMut(&Path, &str) -> Result<()>) -> Result<()> {
    serde_json::from_slice::<Value>(body).map_or(Ok(()), |body| walk(&Path::root(), &body, visit))
}

fn walk(
    path: &Path,
    value: &Value,
    visit: &mut dyn FnMut(&Path, &str) -> Result<()>,
) -> Result<()> {
    match value {
        Value::Null => Ok(()),
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| !(path.0.is_empty() && key.as_str() == "identityMap"))
            .try_for_each(|(key, value)| walk(&path.child(key), value, visit)),
        Value::Array(items) => items.iter().try_for_each(|item| walk(path, item, visit)),
        Value::String(text) => visit(path, beginning(&fold(text), LONGEST_VALUE)),
        Value::Bool(_) | Value::Number(_) => {
            visit(path, beginning(&value.to_string(), LONGEST_VALUE))
        }
    }
}

/// Writes values that begin alike, each once with all its identities.
fn write_alike(
    writer: &Writer,
    path: PathId,
    import: ImportId,
    alike: &mut Vec<(String, IdentityId)>,
) -> Result<()> {
    alike.sort_unstable();
    alike.dedup();
    for same in alike.chunk_by(|a, b| a.0 == b.0) {
        if let Some((value, _)) = same.first() {
            let identities: Vec<_> = same.iter().map(|(_, id)| *id).collect();
            writer.put_attribute(path, value, import, &identities)?;
        }
    }
    alike.clear();
    Ok(())
}

/// The first eight bytes as a number that sorts as they do.
fn prefix(bytes: &[u8]) -> i64 {
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(bytes) {
        *to = *from;
    }
    (u64::from_be_bytes(first) ^ (1 << 63)) as i64
}

/// At most this many bytes of a text, cut at a letter.
fn beginning(text: &str, longest: usize) -> &str {
    let mut end = longest.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}
