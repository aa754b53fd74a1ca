//! The digests of a segment: packed a few together, in the order in which they came, and read where they are wanted.

use std::collections::HashSet;
use std::sync::Arc;

use zstd::bulk::{Compressor, Decompressor};

use super::IndexError;
use super::digest::Digest;
use super::digest_common::{Common, Inner, Legend, path_list};
use super::docs::Doc;
use super::file::{Section, SectionFile, SharedWriter};
use super::layout::DigestLayout;
use super::numbers::{Bytes, Column};
use super::once::Once;
use crate::merge::{ClaimPath, ClaimPaths};

/// Digests that are packed together; more of them are smaller, and slower to read one by one.
const TOGETHER: usize = 16;

/// Bytes of a block's place in the file: where, how long, its checksum, and how long it is unpacked.
const PLACE: usize = 4 * 8;

/// Speed counts for more than the last byte.
const LEVEL: i32 = 1;

/// Packs digests as they come.
pub(super) struct DigestMaker<'w> {
    out: &'w SharedWriter,
    common: Common,
    codec: Compressor<'static>,
    /// The digests of the block under way, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<u32>,
    /// Where the blocks before it lie.
    places: Vec<u8>,
}

impl<'w> DigestMaker<'w> {
    pub fn new(out: &'w SharedWriter) -> Result<DigestMaker<'w>, IndexError> {
        Ok(DigestMaker {
            out,
            common: Common::default(),
            codec: Compressor::new(LEVEL).map_err(IndexError::Packing)?,
            bytes: Vec::new(),
            ends: Vec::new(),
            places: Vec::new(),
        })
    }

    pub fn add(&mut self, digest: &Digest) -> Result<(), IndexError> {
        digest.write(&mut self.common, &mut self.bytes);
        self.ends.push(self.bytes.len() as u32);
        if self.ends.len() == TOGETHER {
            self.pack()?;
        }
        Ok(())
    }

    fn pack(&mut self) -> Result<(), IndexError> {
        let mut block: Vec<u8> = Vec::with_capacity(self.ends.len() * 4 + self.bytes.len());
        self.ends
            .drain(..)
            .for_each(|end| block.extend(end.to_le_bytes()));
        block.append(&mut self.bytes);
        let packed = self.codec.compress(&block).map_err(IndexError::Packing)?;
        let section = self.out.add(&packed)?;
        for number in section.numbers().into_iter().chain([block.len() as u64]) {
            self.places.extend(number.to_le_bytes());
        }
        Ok(())
    }

    /// Ends the list; `order` are the entries in the order of documents.
    pub fn finish(mut self, order: &[Doc], paths: &ClaimPaths) -> Result<DigestLayout, IndexError> {
        if !self.ends.is_empty() {
            self.pack()?;
        }
        let entries: Vec<u8> = order.iter().flat_map(|entry| entry.to_le_bytes()).collect();
        let json = |list: Result<Vec<u8>, _>| list.unwrap_or_default();
        Ok(DigestLayout {
            blocks: self.out.add(&self.places)?,
            entries: self.out.add(&entries)?,
            names: self
                .out
                .add(&json(serde_json::to_vec(self.common.names())))?,
            paths: self
                .out
                .add(&json(serde_json::to_vec(&path_list(paths, &self.common))))?,
        })
    }
}

/// What all digests of a segment need to be read, once it was read itself.
#[derive(Debug, Default)]
pub(super) struct DigestShelf(Once<Shared>);

#[derive(Debug)]
struct Shared {
    places: Bytes,
    entries: Column,
    common: Common,
    paths: Vec<Arc<ClaimPath>>,
}

impl DigestShelf {
    fn shared(&self, file: &SectionFile, layout: &DigestLayout) -> Result<&Shared, IndexError> {
        self.0.get(|| {
            let paths: Vec<(Vec<String>, Inner)> = parsed(file, &layout.paths)?;
            let (paths, inner): (Vec<_>, Vec<_>) = paths.into_iter().unzip();
            let paths = (0..).zip(paths);
            Ok(Shared {
                places: file.read(&layout.blocks)?,
                entries: Column::of(&file.read(&layout.entries)?),
                common: Common::of(parsed(file, &layout.names)?, inner),
                paths: paths
                    .map(|(no, keys)| Arc::new(ClaimPath { no, keys }))
                    .collect(),
            })
        })
    }
}

fn parsed<T: serde::de::DeserializeOwned>(
    file: &SectionFile,
    section: &Section,
) -> Result<T, IndexError> {
    serde_json::from_slice(&file.read(section)?).map_err(|_| file.damaged())
}

/// Reads the digests of a segment, one after the other.
pub struct DigestReader<'a> {
    file: &'a SectionFile,
    shared: &'a Shared,
    codec: Decompressor<'static>,
    /// The paths that are wanted, by number; `None` is all.
    wanted: Option<&'a [bool]>,
    /// The block that was read last.
    block: Option<(usize, Vec<u8>)>,
}

impl<'a> DigestReader<'a> {
    pub(super) fn new(
        shelf: &'a DigestShelf,
        file: &'a SectionFile,
        layout: &DigestLayout,
    ) -> Result<DigestReader<'a>, IndexError> {
        Ok(DigestReader {
            file,
            shared: shelf.shared(file, layout)?,
            codec: Decompressor::new().map_err(IndexError::Packing)?,
            wanted: None,
            block: None,
        })
    }

    /// The paths, by number, at which something decides about paths that pass a test.
    pub fn deciding(&self, is_asked: impl Fn(&[&str]) -> bool) -> Vec<bool> {
        let Shared { paths, common, .. } = self.shared;
        let claimed: HashSet<&[String]> = paths.iter().map(|path| path.keys.as_slice()).collect();
        // Where a path is claimed around another one, all that is claimed inside it says which of the two there is.
        let outermost = |path: &'a Arc<ClaimPath>| {
            let mut around = (1..=path.keys.len()).filter_map(|len| path.keys.get(..len));
            around.find(|keys| claimed.contains(keys))
        };
        let asked = paths.iter().filter(|path| common.passes(path, &is_asked));
        let asked: HashSet<&[String]> = asked.filter_map(outermost).collect();
        let is_wanted = |path| outermost(path).is_some_and(|keys| asked.contains(keys));
        paths.iter().map(is_wanted).collect()
    }

    /// Reads no more of what fragments say than what stands at these paths, by number.
    pub fn only(&mut self, wanted: &'a [bool]) {
        self.wanted = Some(wanted);
    }

    /// The place of a document's digest among all: those that lie together are read together.
    pub fn place(&self, doc: Doc) -> u32 {
        self.shared.entries.get(doc as usize)
    }

    /// The digest of a document.
    pub fn read(&mut self, doc: Doc) -> Result<Digest, IndexError> {
        let entry = self.place(doc) as usize;
        let (number, within) = (entry / TOGETHER, entry % TOGETHER);
        if self.block.as_ref().is_none_or(|(own, _)| *own != number) {
            self.block = Some((number, self.unpacked(number)?));
        }
        let block = self.block.as_ref().map_or(&[][..], |(_, block)| block);
        self.digest(number, block, within)
            .ok_or_else(|| self.file.damaged())
    }

    fn unpacked(&mut self, number: usize) -> Result<Vec<u8>, IndexError> {
        let place = self.shared.places.chunks_exact(PLACE).nth(number);
        let mut numbers = place.unwrap_or_default().chunks_exact(8).map(|eight| {
            let eight = eight.try_into();
            eight.map_or(0, u64::from_le_bytes)
        });
        let mut next = || numbers.next().unwrap_or(0);
        let packed = self
            .file
            .read(&Section::of_numbers([next(), next(), next()]))?;
        let unpacked = self.codec.decompress(&packed, next() as usize);
        unpacked.map_err(|_| self.file.damaged())
    }

    fn digest(&self, number: usize, block: &[u8], within: usize) -> Option<Digest> {
        let all = self.shared.entries.len();
        let count = all.saturating_sub(number * TOGETHER).min(TOGETHER);
        let (ends, digests) = block.split_at_checked(count * 4)?;
        let end = |at: usize| {
            let four = ends.get(at * 4..at * 4 + 4)?;
            Some(u32::from_le_bytes(four.try_into().ok()?) as usize)
        };
        let from = match within {
            0 => 0,
            _ => end(within - 1)?,
        };
        let bytes = digests.get(from..end(within)?)?;
        let legend = Legend {
            paths: &self.shared.paths,
            wanted: self.wanted,
        };
        Digest::read(bytes, &self.shared.common, legend)
    }
}
