//! Putting in what fragments say: values that many say in rows of their own, the others in blocks.

use super::attribute_blocks::{Entry, pack, packer};
use super::codec::BodyWriter;
use super::many::ManyRows;
use super::{PathId, Result, Steps, Writer};
use crate::model::ImportId;

/// A value that more bytes of steps belong to stands alone.
const MOST_STEPS: usize = 256;

/// Bytes of a block before it is packed; several of them share a page, and one is opened for a look-up.
const BLOCK_BYTES: usize = 4_096;

/// Fewer values of a path than this stand alone: a block for each small import would be no shorter, and slower.
const FEWEST: usize = 32;

/// A value at a path, and whose fragments say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The path.
    pub path: PathId,
    /// The value, folded.
    pub value: String,
    /// The identities.
    pub identities: Steps,
}

/// Puts attributes in, those of each path together and in the order of their values.
pub struct AttributeInsert<'w> {
    import: ImportId,
    rows: ManyRows<'w>,
    blocks: ManyRows<'w>,
    packer: BodyWriter,
    alone: Vec<Attribute>,
    packed: Vec<(PathId, String, Vec<u8>)>,
    open: Open,
}

/// The values of the path in hand that wait for their block.
struct Open {
    path: PathId,
    entries: Vec<Entry>,
    bytes: usize,
    /// The path has a block already.
    has_blocks: bool,
}

impl Open {
    fn at(path: PathId) -> Open {
        Open {
            path,
            entries: Vec::new(),
            bytes: 0,
            has_blocks: false,
        }
    }
}

impl AttributeInsert<'_> {
    /// Notes what fragments say since an import.
    pub fn put(&mut self, attributes: Vec<Attribute>) -> Result<()> {
        for attribute in attributes {
            if attribute.path != self.open.path {
                self.close_path()?;
                self.open = Open::at(attribute.path);
            }
            if attribute.identities.len() > MOST_STEPS {
                self.alone.push(attribute);
                continue;
            }
            let steps = attribute.identities.bytes;
            self.open.bytes += attribute.value.len() + steps.len();
            self.open.entries.push(Entry {
                value: attribute.value,
                steps,
            });
            if self.open.bytes >= BLOCK_BYTES {
                self.close_block()?;
            }
        }
        self.write()
    }

    /// Writes what still waits for more.
    pub fn finish(&mut self) -> Result<()> {
        self.close_path()?;
        self.write()
    }

    fn close_path(&mut self) -> Result<()> {
        if self.open.has_blocks || self.open.entries.len() >= FEWEST {
            return self.close_block();
        }
        let path = self.open.path;
        let few = self.open.entries.drain(..);
        self.alone.extend(few.map(|entry| Attribute {
            path,
            value: entry.value,
            identities: Steps::of_bytes(entry.steps),
        }));
        Ok(())
    }

    fn close_block(&mut self) -> Result<()> {
        let Some(first) = self.open.entries.first() else {
            return Ok(());
        };
        let first = first.value.clone();
        let block = pack(&self.open.entries, &mut self.packer)?;
        self.packed.push((self.open.path, first, block));
        self.open = Open {
            has_blocks: true,
            ..Open::at(self.open.path)
        };
        Ok(())
    }

    fn write(&mut self) -> Result<()> {
        let import = self.import.0;
        self.rows.put(&self.alone, |columns, attribute| {
            columns.next(attribute.path.0)?;
            columns.next(attribute.value.as_str())?;
            columns.next(import)?;
            columns.next(attribute.identities.bytes.as_slice())
        })?;
        self.blocks
            .put(&self.packed, |columns, (path, first, block)| {
                columns.next(path.0)?;
                columns.next(import)?;
                columns.next(first.as_str())?;
                columns.next(block.as_slice())
            })?;
        self.alone.clear();
        self.packed.clear();
        Ok(())
    }
}

impl Writer {
    /// What attributes of an import are put in with, many at a time.
    pub fn attribute_insert(&self, import: ImportId) -> Result<AttributeInsert<'_>> {
        let conn = self.view().conn;
        Ok(AttributeInsert {
            import,
            rows: ManyRows::new(
                conn,
                "INSERT OR REPLACE INTO attribute (path, value, import, identities)",
                4,
                "",
            )?,
            blocks: ManyRows::new(
                conn,
                "INSERT INTO attribute_block (path, import, first, says)",
                4,
                "",
            )?,
            packer: packer()?,
            alone: Vec::new(),
            packed: Vec::new(),
            open: Open::at(PathId(0)),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet, HashSet};

    use super::*;
    use crate::model::IdentityId;
    use crate::store::{Says, StoreError, View};

    /// What is said at a path: values with the numbers of those who say them.
    type Told = BTreeMap<String, BTreeSet<u32>>;

    /// As many values as make several blocks, every tenth of which many say.
    fn told(count: u32, from: u32) -> Told {
        let saying = |n: u32| match n % 10 {
            0 => (from..from + 400).collect(),
            _ => BTreeSet::from([from + n, from + 2 * n]),
        };
        let value = |n: u32| format!("2026-03-{:02}t{:05}é", n % 28, n * 7919 % 100_003);
        (0..count).map(|n| (value(n), saying(n))).collect()
    }

    fn put(writer: &Writer, path: PathId, import: ImportId, told: &Told) {
        let mut insert = writer.attribute_insert(import).unwrap();
        let attributes = told.iter().map(|(value, ids)| {
            let mut identities = Steps::default();
            for id in ids {
                identities.add(IdentityId(*id));
            }
            Attribute {
                path,
                value: value.clone(),
                identities,
            }
        });
        // They come in pieces that blocks do not heed.
        for piece in attributes.collect::<Vec<_>>().chunks(13) {
            insert.put(piece.to_vec()).unwrap();
        }
        insert.finish().unwrap();
    }

    fn numbers(ids: Vec<IdentityId>) -> BTreeSet<u32> {
        ids.into_iter().map(|id| id.0).collect()
    }

    /// Everything that can be asked of a path says the same as these.
    fn check(view: View<'_>, path: PathId, told: &Told) {
        for (value, ids) in told {
            let found = view.identities_saying(path, value).unwrap();
            assert_eq!(numbers(found), *ids, "{value}");
        }
        let some = |value: &str| value.contains("t07");
        let found = view.identities_where(path, some).unwrap();
        let expected = told.iter().filter(|(value, _)| some(value));
        let expected = expected.flat_map(|(_, ids)| ids.iter().copied()).collect();
        assert_eq!(numbers(found), expected);
        for (begun, most) in [
            ("", 10_000),
            ("2026-03-1", 10_000),
            ("2026-03-2", 7),
            ("x", 9),
        ] {
            let found = view.values_at(path, begun, most).unwrap();
            let counts = told.iter().map(|(value, ids)| (value, ids.len() as u64));
            let expected = counts.filter(|(value, _)| value.starts_with(begun));
            let expected: Vec<_> = expected.map(|(v, n)| (v.clone(), n)).collect();
            assert!(expected.starts_with(&found), "{begun}: {found:?}");
            let is_whole = found.len() == expected.len();
            assert!(is_whole || found.len() as u64 >= most, "{begun}: {found:?}");
        }
        for absent in ["", "2026", "2026-03-05t", "~"] {
            assert!(view.identities_saying(path, absent).unwrap().is_empty());
        }
    }

    fn blocks(writer: &Writer) -> u32 {
        let conn = writer.view().conn;
        conn.query_row("SELECT count(*) FROM attribute_block", [], |row| row.get(0))
            .unwrap()
    }

    fn with_store(test: impl FnOnce(&Writer)) {
        let folder = tempfile::tempdir().unwrap();
        test(&Writer::open_or_create(&folder.path().join("store.db"), "test").unwrap());
    }

    #[test]
    fn values_are_found_in_blocks_and_rows_of_several_imports() {
        with_store(|writer| {
            let (path, other) = (writer.path("a").unwrap(), writer.path("b").unwrap());
            let (mut first, second, few) = (told(2_000, 1), told(1_500, 5_000), told(20, 9_000));
            put(writer, path, ImportId(1), &first);
            put(writer, path, ImportId(2), &second);
            put(writer, path, ImportId(3), &few);
            put(writer, other, ImportId(3), &few);
            assert!(blocks(writer) > 10);
            for (value, ids) in second.into_iter().chain(few.clone()) {
                first.entry(value).or_default().extend(ids);
            }
            check(writer.view(), path, &first);
            check(writer.view(), other, &few);
        });
    }

    #[test]
    fn what_is_said_no_longer_goes_from_its_block_and_the_last_takes_the_block_along() {
        with_store(|writer| {
            let path = writer.path("a").unwrap();
            let import = ImportId(1);
            let mut told = told(600, 1);
            put(writer, path, import, &told);
            let change = |value: &str, id: u32, says: Says| {
                writer.change_attribute(path, value, import, &[(IdentityId(id), says)])
            };
            let all: Vec<String> = told.keys().cloned().collect();
            for (n, value) in all.iter().enumerate().filter(|(n, _)| n % 3 > 0) {
                let ids = told.get_mut(value).unwrap();
                if n % 3 == 1 {
                    ids.insert(77_777);
                    change(value, 77_777, Says::Yes).unwrap();
                    continue;
                }
                for id in std::mem::take(ids) {
                    change(value, id, Says::NoLonger).unwrap();
                }
            }
            told.retain(|_, ids| !ids.is_empty());
            told.insert("new".into(), BTreeSet::from([5]));
            change("new", 5, Says::Yes).unwrap();
            check(writer.view(), path, &told);
            for (value, ids) in &told {
                let gone = ids.iter().map(|id| (IdentityId(*id), Says::NoLonger));
                let gone: Vec<_> = gone.collect();
                let left: std::result::Result<(), StoreError> =
                    writer.change_attribute(path, value, import, &gone);
                left.unwrap();
            }
            assert_eq!(blocks(writer), 0);
            writer.remove_empty_paths().unwrap();
            assert!(writer.view().paths().unwrap().is_empty());
        });
    }

    #[test]
    fn the_forgotten_and_whole_imports_leave_no_block_behind() {
        with_store(|writer| {
            let path = writer.path("a").unwrap();
            let (mut told, later) = (told(900, 1), told(700, 1));
            put(writer, path, ImportId(1), &told);
            put(writer, path, ImportId(2), &later);
            writer.remove_attributes_of(ImportId(2)).unwrap();
            let value = told.keys().nth(450).unwrap().clone();
            let (gone, mended) = (
                HashSet::from([IdentityId(13)]),
                HashSet::from([IdentityId(1)]),
            );
            writer
                .forget_attributes(&gone, &mended, &HashSet::from([value.clone()]))
                .unwrap();
            for (said, ids) in &mut told {
                ids.remove(&13);
                if *said == value {
                    ids.remove(&1);
                }
            }
            told.retain(|_, ids| !ids.is_empty());
            check(writer.view(), path, &told);
        });
    }
}
