//! Values that few say, many to a row: in order, without what each shares with the one before, and packed.

use std::ops::ControlFlow;

use rusqlite::{OptionalExtension, params};

use super::codec::{BodyWriter, Numbers, put};
use super::steps::{steps, unpack as unpack_steps};
use super::{PathId, Result, StoreError, View, Writer};
use crate::model::{IdentityId, ImportId};

/// Hears of a value and of the steps of those who say it, and may end it.
pub(super) type Visit<'v> = &'v mut dyn FnMut(&str, &[u8]) -> Result<ControlFlow<()>>;

/// A value, and the steps of those who say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) value: String,
    pub(super) steps: Vec<u8>,
}

/// Packs values that are in order; the first of them is part of the key of their row.
pub(super) fn pack(entries: &[Entry], packer: &mut BodyWriter) -> Result<Vec<u8>> {
    let (mut text, mut lists) = (Vec::new(), Vec::<u8>::new());
    put(&mut text, entries.len() as u64);
    let firsts = entries.iter().take(1).chain(entries);
    let pairs = || firsts.clone().zip(entries);
    // Lengths side by side are alike, and so pack well.
    for (before, entry) in pairs() {
        put(&mut text, shared(before, entry) as u64);
    }
    for (before, entry) in pairs() {
        put(
            &mut text,
            (entry.value.len() - shared(before, entry)) as u64,
        );
    }
    for entry in entries {
        put(&mut text, entry.steps.len() as u64);
        lists.extend(&entry.steps);
    }
    for (before, entry) in pairs() {
        let own = entry.value.as_bytes().get(shared(before, entry)..);
        text.extend(own.unwrap_or_default());
    }
    let packed = packer
        .pack(&text)
        .map_err(|error| StoreError::Damaged(format!("cannot pack values: {error}")))?;
    let mut block = Vec::with_capacity(packed.len() + lists.len() + 5);
    put(&mut block, packed.len() as u64);
    block.extend(packed);
    block.extend(lists);
    Ok(block)
}

/// How many bytes a value begins with that the one before begins with too.
fn shared(before: &Entry, entry: &Entry) -> usize {
    let pairs = before.value.bytes().zip(entry.value.bytes());
    pairs.take_while(|(a, b)| a == b).count()
}

fn broken() -> StoreError {
    StoreError::Damaged("a block of values breaks off".into())
}

impl View<'_> {
    /// Visits the values of a block in order.
    fn open_values(&self, first: &str, block: &[u8], visit: Visit<'_>) -> Result<ControlFlow<()>> {
        let mut block = Numbers(block);
        let length = block.take()? as usize;
        let (packed, mut lists) = block.0.split_at_checked(length).ok_or_else(broken)?;
        let text = self.codecs.borrow_mut().unpack(self.conn, 0, packed)?;
        let mut text = Numbers(&text);
        let count = text.take()? as usize;
        // Each number takes a byte at least: a count beyond that is damage.
        let all = count.checked_mul(3).ok_or_else(broken)?;
        if all > text.0.len() {
            return Err(broken());
        }
        let mut lengths = Vec::with_capacity(all);
        for _ in 0..all {
            lengths.push(text.take()? as usize);
        }
        let (shared, rest) = lengths.split_at(count);
        let (own, listed) = rest.split_at(count);
        let mut value = first.as_bytes().to_vec();
        let mut texts = text.0;
        for ((shared, own), listed) in shared.iter().zip(own).zip(listed) {
            let (text, behind) = texts.split_at_checked(*own).ok_or_else(broken)?;
            let (list, others) = lists.split_at_checked(*listed).ok_or_else(broken)?;
            (texts, lists) = (behind, others);
            value.truncate(*shared);
            value.extend(text);
            let value = std::str::from_utf8(&value).map_err(|_| broken())?;
            if visit(value, list)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn entries(&self, first: &str, block: &[u8]) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        self.open_values(first, block, &mut |value, steps| {
            entries.push(Entry {
                value: value.to_owned(),
                steps: steps.to_vec(),
            });
            Ok(ControlFlow::Continue(()))
        })?
        .is_continue();
        Ok(entries)
    }

    /// The block that holds a value, if any does: the last that begins with it or before.
    fn block_around(
        &self,
        path: PathId,
        import: ImportId,
        value: &str,
    ) -> Result<Option<(String, Vec<u8>)>> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT first, says
                 FROM attribute_block
                 WHERE path = :path AND import = :import AND first <= :value
                 ORDER BY first DESC
                 LIMIT 1",
            )?
            .query_row(params![path.0, import.0, value], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?)
    }

    /// The imports of which a path has blocks.
    fn imports_at(&self, path: PathId) -> Result<Vec<ImportId>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT min(import) FROM attribute_block WHERE path = :path AND import > :last",
        )?;
        let (mut imports, mut last) = (Vec::new(), -1);
        // From one to the next is a look-up; going through all rows would take as long as reading them.
        while let Some(next) = statement.query_row([path.0, last], |row| row.get(0))? {
            imports.push(ImportId(next));
            last = i64::from(next);
        }
        Ok(imports)
    }

    /// Adds those who say a value.
    pub(super) fn saying_in_blocks(
        &self,
        path: PathId,
        wanted: &str,
        into: &mut Vec<IdentityId>,
    ) -> Result<()> {
        for import in self.imports_at(path)? {
            let Some((first, block)) = self.block_around(path, import, wanted)? else {
                continue;
            };
            self.open_values(&first, &block, &mut |value, steps| {
                if value == wanted {
                    unpack_steps(steps, into)?;
                }
                Ok(if value < wanted {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                })
            })?
            .is_break();
        }
        Ok(())
    }

    /// Visits the values of a path from `begun` on, import by import, of each so many at most; gives the smallest value
    /// at which one was broken off for that.
    pub(super) fn values_in_blocks(
        &self,
        path: PathId,
        begun: &str,
        most: u64,
        visit: Visit<'_>,
    ) -> Result<Option<String>> {
        let mut cut: Option<String> = None;
        for import in self.imports_at(path)? {
            let from = self.block_around(path, import, begun)?;
            let from = from.map_or_else(|| begun.to_owned(), |(first, _)| first);
            let mut seen = 0;
            self.blocks_from(path, import, &from, &mut |value, steps| {
                if value < begun {
                    return Ok(ControlFlow::Continue(()));
                }
                if seen == most {
                    let sooner = cut.take().filter(|known| known.as_str() < value);
                    cut = Some(sooner.unwrap_or_else(|| value.to_owned()));
                    return Ok(ControlFlow::Break(()));
                }
                seen += 1;
                visit(value, steps)
            })?;
        }
        Ok(cut)
    }

    fn blocks_from(
        &self,
        path: PathId,
        import: ImportId,
        from: &str,
        visit: Visit<'_>,
    ) -> Result<()> {
        let mut statement = self.conn.prepare_cached(
            "SELECT first, says
             FROM attribute_block
             WHERE path = :path AND import = :import AND first >= :from
             ORDER BY first",
        )?;
        let mut rows = statement.query(params![path.0, import.0, from])?;
        while let Some(row) = rows.next()? {
            self.go_on()?;
            let first = row.get_ref(0)?.as_str().unwrap_or_default();
            let block = row.get_ref(1)?.as_blob().unwrap_or_default();
            if self.open_values(first, block, visit)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// A block by the key of its row.
struct Placed {
    path: PathId,
    import: ImportId,
    first: String,
}

impl Writer {
    /// Changes who says a value, where a block holds it; false where none does.
    pub(super) fn change_in_blocks(
        &self,
        path: PathId,
        value: &str,
        import: ImportId,
        change: impl FnOnce(&[u8]) -> Result<Vec<u8>>,
    ) -> Result<bool> {
        let Some((first, block)) = self.view().block_around(path, import, value)? else {
            return Ok(false);
        };
        let mut entries = self.view().entries(&first, &block)?;
        let Some(entry) = entries.iter_mut().find(|entry| entry.value == value) else {
            return Ok(false);
        };
        entry.steps = change(&entry.steps)?;
        let at = Placed {
            path,
            import,
            first,
        };
        self.replace_block(&at, &entries)?;
        Ok(true)
    }

    /// Takes out of all blocks those who are to go from a value.
    pub(super) fn forget_in_blocks(&self, goes: impl Fn(&str, IdentityId) -> bool) -> Result<()> {
        let view = self.view();
        let mut statement = view
            .conn
            .prepare("SELECT path, import, first, says FROM attribute_block")?;
        let mut rows = statement.query([])?;
        let mut changed = Vec::new();
        while let Some(row) = rows.next()? {
            let first: String = row.get(2)?;
            let block = row.get_ref(3)?.as_blob().unwrap_or_default();
            let mut entries = view.entries(&first, block)?;
            let mut is_changed = false;
            for entry in &mut entries {
                let mut saying = Vec::new();
                unpack_steps(&entry.steps, &mut saying)?;
                let before = saying.len();
                saying.retain(|id| !goes(&entry.value, *id));
                if saying.len() < before {
                    is_changed = true;
                    entry.steps = steps(&saying);
                }
            }
            if is_changed {
                let at = Placed {
                    path: PathId(row.get(0)?),
                    import: ImportId(row.get(1)?),
                    first,
                };
                changed.push((at, entries));
            }
        }
        drop(rows);
        for (at, entries) in changed {
            self.replace_block(&at, &entries)?;
        }
        Ok(())
    }

    /// Writes a block anew with what somebody still says of these; its row goes where nobody says any.
    fn replace_block(&self, at: &Placed, entries: &[Entry]) -> Result<()> {
        let conn = self.view().conn;
        conn.prepare_cached(
            "DELETE FROM attribute_block
             WHERE path = :path AND import = :import AND first = :first",
        )?
        .execute(params![at.path.0, at.import.0, at.first])?;
        let said = entries.iter().filter(|entry| !entry.steps.is_empty());
        let said: Vec<Entry> = said.cloned().collect();
        let Some(first) = said.first() else {
            return Ok(());
        };
        conn.prepare_cached(
            "INSERT INTO attribute_block (path, import, first, says)
             VALUES (:path, :import, :first, :says)",
        )?
        .execute(params![
            at.path.0,
            at.import.0,
            first.value,
            pack(&said, &mut packer()?)?
        ])?;
        Ok(())
    }
}

/// What packs values: they are too short and too many for a dictionary.
pub(super) fn packer() -> Result<BodyWriter> {
    BodyWriter::new(&[]).map_err(|error| StoreError::Damaged(format!("cannot pack: {error}")))
}
