//! What records say, leaf by leaf, gathered for the look-up of attributes.

mod paths;
mod said;
mod walk;

use std::collections::BTreeSet;
use std::io;
use std::path::Path as FilePath;

use hashbrown::HashMap;

use super::Result;
use super::sort::{Key, Sorted, Sorter};
use crate::model::{IdentityId, ImportId};
use crate::query::text::fold;
use crate::store::{AttributeInsert, PathId, Steps, Writer};
use paths::{PathNumber, Paths};
use said::Said;
use walk::each_leaf;

/// Longer values are not looked up whole; they are still found by their beginning.
const LONGEST_VALUE: usize = 128;

/// Gathers leaves of identities in ascending order.
pub(super) struct Leaves {
    paths: Paths,
    said: Said,
    sorter: Sorter,
    count: u64,
}

impl Leaves {
    /// Nothing yet; what memory does not hold is laid down in this folder.
    pub(super) fn new(folder: &FilePath) -> Leaves {
        Leaves {
            paths: Paths::default(),
            said: Said::default(),
            sorter: Sorter::new(folder),
            count: 0,
        }
    }

    /// Adds the leaves of a record of this identity, which is none before the last.
    pub(super) fn add(&mut self, identity: IdentityId, body: &str) -> io::Result<()> {
        let said = &mut self.said;
        each_leaf(body, &mut self.paths, &mut |path, leaf| {
            // Digits stay as they are, but `1E5` is looked up as `1e5`.
            said.note(path, beginning(&fold(leaf.text())), identity);
        });
        if self.said.is_full() {
            self.lay_aside()?;
        }
        Ok(())
    }

    /// Hands what was said so far to the sorter, and begins anew.
    fn lay_aside(&mut self) -> io::Result<()> {
        let (sorter, count) = (&mut self.sorter, &mut self.count);
        self.said.drain(|path, value, identities| {
            *count += 1;
            let key = Key {
                group: path.0,
                part: 0,
                at: prefix(value.as_bytes()),
                n: *count,
            };
            sorter.add(key, |bytes| {
                bytes.push(value.len() as u8);
                bytes.extend(value.as_bytes());
                identities.write(bytes);
            })
        })
    }

    /// Everything that was added, by path and value.
    pub(super) fn sorted(mut self) -> io::Result<SortedLeaves> {
        self.lay_aside()?;
        Ok(SortedLeaves {
            count: self.count,
            paths: self.paths,
            rows: self.sorter.sorted()?,
        })
    }
}

/// What a record says: every leaf by its path, its value as it is looked up.
pub(super) fn said(body: &[u8]) -> BTreeSet<(String, String)> {
    let body = std::str::from_utf8(body).unwrap_or_default();
    let mut paths = Paths::default();
    let mut leaves = Vec::new();
    each_leaf(body, &mut paths, &mut |path, leaf| {
        leaves.push((path, beginning(&fold(leaf.text())).to_owned()));
    });
    let with_text = |(path, value): (PathNumber, String)| (paths.text(path).to_owned(), value);
    leaves.into_iter().map(with_text).collect()
}

/// The leaves of an import by path and value.
pub(super) struct SortedLeaves {
    count: u64,
    paths: Paths,
    rows: Sorted,
}

impl SortedLeaves {
    /// How many steps the writing takes.
    pub(super) fn len(&self) -> u64 {
        self.count
    }

    /// Writes all of them; `tell` hears of each row.
    pub(super) fn write(
        mut self,
        writer: &Writer,
        import: ImportId,
        mut tell: impl FnMut() -> Result<()>,
    ) -> Result<()> {
        let mut ids: HashMap<u32, PathId> = HashMap::new();
        let mut insert = writer.attribute_insert()?;
        let mut alike: Vec<(String, Steps)> = Vec::new();
        let mut row = Vec::new();
        while let Some(key) = self.rows.next(&mut row)? {
            alike.extend(read(&row));
            row.clear();
            let is_last = self
                .rows
                .peek()
                .is_none_or(|next| (next.group, next.at) != (key.group, key.at));
            if is_last {
                let path = match ids.get(&key.group) {
                    Some(id) => *id,
                    None => writer.path(self.paths.text(PathNumber(key.group)))?,
                };
                ids.insert(key.group, path);
                write_alike(&mut insert, path, import, &mut alike)?;
            }
            tell()?;
        }
        Ok(())
    }
}

/// A value and who says it, as [`Leaves::lay_aside`] wrote them.
fn read(row: &[u8]) -> Option<(String, Steps)> {
    let (length, rest) = row.split_first()?;
    let (value, identities) = rest.split_at_checked(usize::from(*length))?;
    let value = String::from_utf8_lossy(value).into_owned();
    Some((value, Steps::read(identities)?))
}

/// Writes values that begin alike, each once with all its identities.
fn write_alike(
    insert: &mut AttributeInsert<'_>,
    path: PathId,
    import: ImportId,
    alike: &mut Vec<(String, Steps)>,
) -> Result<()> {
    // Stable: of one value, those who were laid aside first have the smaller numbers.
    alike.sort_by(|a, b| a.0.cmp(&b.0));
    for same in alike.chunk_by_mut(|a, b| a.0 == b.0) {
        if let Some(((value, identities), more)) = same.split_first_mut() {
            for (_, later) in more {
                identities.append(later);
            }
            insert.put(path, value, import, identities)?;
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

/// As much of a text as is looked up, cut at a letter.
fn beginning(text: &str) -> &str {
    let mut end = LONGEST_VALUE.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}
