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
use crate::query::text::{fold, fold_onto};
use crate::store::{Attribute, AttributeInsert, PathId, Steps, Writer};
use paths::{PathNumber, Paths};
use said::Said;
use walk::each_leaf;

/// Longer values are not looked up whole; they are still found by their beginning.
const LONGEST_VALUE: usize = 128;

/// Rows that are written at once.
const ROWS_A_STEP: usize = 1_024;

/// Gathers leaves of identities in ascending order.
pub(super) struct Leaves {
    paths: Paths,
    said: Said,
    /// The value in hand, folded.
    folded: String,
    sorter: Sorter,
    count: u64,
}

impl Leaves {
    /// Nothing yet; what memory does not hold is laid down in this folder.
    pub(super) fn new(folder: &FilePath) -> Leaves {
        Leaves {
            paths: Paths::default(),
            said: Said::default(),
            folded: String::new(),
            sorter: Sorter::new(folder),
            count: 0,
        }
    }

    /// Adds the leaves of a record of this identity, which is none before the last.
    pub(super) fn add(&mut self, identity: IdentityId, body: &str) -> io::Result<()> {
        let (said, folded) = (&mut self.said, &mut self.folded);
        each_leaf(body, &mut self.paths, &mut |path, leaf| {
            folded.clear();
            // Digits stay as they are, but `1E5` is looked up as `1e5`.
            fold_onto(leaf.text(), folded);
            said.note(path, beginning(folded), identity);
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
    /// What writes them.
    pub(super) fn writing(self, writer: &Writer, import: ImportId) -> Result<WrittenLeaves<'_>> {
        Ok(WrittenLeaves {
            writer,
            left: self,
            ids: HashMap::new(),
            alike: Vec::new(),
            row: Vec::new(),
            ready: Vec::new(),
            insert: writer.attribute_insert(import)?,
        })
    }
}

/// The leaves of an import on their way into the store.
pub(super) struct WrittenLeaves<'w> {
    writer: &'w Writer,
    left: SortedLeaves,
    ids: HashMap<u32, PathId>,
    /// Values that begin alike, in hand.
    alike: Vec<(String, Steps)>,
    row: Vec<u8>,
    ready: Vec<Attribute>,
    insert: AttributeInsert<'w>,
}

impl WrittenLeaves<'_> {
    /// How many rows are left, about.
    pub(super) fn len(&self) -> u64 {
        self.left.count
    }

    /// Writes some of them; how many, `None` where none was left.
    pub(super) fn step(&mut self) -> Result<Option<u64>> {
        let mut taken = 0;
        while self.ready.len() < ROWS_A_STEP
            && let Some(key) = self.left.rows.next(&mut self.row)?
        {
            taken += 1;
            self.alike.extend(read(&self.row));
            self.row.clear();
            let next = self.left.rows.peek();
            if next.is_none_or(|next| (next.group, next.at) != (key.group, key.at)) {
                let path = self.path(PathNumber(key.group))?;
                self.ready_alike(path);
            }
        }
        self.insert.put(std::mem::take(&mut self.ready))?;
        if taken == 0 {
            self.insert.finish()?;
        }
        self.left.count = self.left.count.saturating_sub(taken);
        Ok((taken > 0).then_some(taken))
    }

    fn path(&mut self, path: PathNumber) -> Result<PathId> {
        if let Some(id) = self.ids.get(&path.0) {
            return Ok(*id);
        }
        let id = self.writer.path(self.left.paths.text(path))?;
        self.ids.insert(path.0, id);
        Ok(id)
    }

    /// Makes values that begin alike ready, each once with all its identities.
    fn ready_alike(&mut self, path: PathId) {
        // Stable: of one value, those who were laid aside first have the smaller numbers.
        self.alike.sort_by(|a, b| a.0.cmp(&b.0));
        for (value, identities) in self.alike.drain(..) {
            match self.ready.last_mut() {
                Some(last) if last.path == path && last.value == value => {
                    last.identities.append(&identities);
                }
                _ => self.ready.push(Attribute {
                    path,
                    value,
                    identities,
                }),
            }
        }
    }
}

/// A value and who says it, as [`Leaves::lay_aside`] wrote them.
fn read(row: &[u8]) -> Option<(String, Steps)> {
    let (length, rest) = row.split_first()?;
    let (value, identities) = rest.split_at_checked(usize::from(*length))?;
    let value = String::from_utf8_lossy(value).into_owned();
    Some((value, Steps::read(identities)?))
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
