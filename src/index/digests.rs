//! The digests of a segment: packed a few together, in the order in which they came, and read where they are wanted.

use std::collections::HashSet;
use std::sync::Arc;

use zstd::bulk::{Compressor, Decompressor};

use super::IndexError;
use super::digest::Digest;
use super::digest_common::{Common, Copies, Inner, Legend, Wanted, path_list};
use super::digest_gate::{Gate, Lone};
use super::disputes::{Disputes, Told};
use super::docs::Doc;
use super::file::{Section, SectionFile, SharedWriter};
use super::layout::DigestLayout;
use super::numbers::{Bytes, Column};
use super::once::Once;
use crate::merge::{ClaimPath, ClaimPaths};
use crate::query::ast::Expr;

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
    copies: Copies,
    wanted: Wanted<'a>,
    /// The number of the block that was read last, and the block.
    at: Option<usize>,
    block: Vec<u8>,
    /// Room for a block as it lies in the file.
    packed: Vec<u8>,
}

impl<'a> DigestReader<'a> {
    pub(super) fn new(
        shelf: &'a DigestShelf,
        file: &'a SectionFile,
        layout: &DigestLayout,
    ) -> Result<DigestReader<'a>, IndexError> {
        let shared = shelf.shared(file, layout)?;
        Ok(DigestReader {
            file,
            shared,
            copies: Copies::of(&shared.common, &shared.paths),
            codec: Decompressor::new().map_err(IndexError::Packing)?,
            wanted: Wanted::default(),
            at: None,
            block: Vec::new(),
            packed: Vec::new(),
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

    /// Of each path, by number, whether others lie inside it.
    pub fn outer(&self) -> Vec<bool> {
        let paths = || self.shared.paths.iter().map(|path| path.keys.as_slice());
        let around = paths().flat_map(|keys| (0..keys.len()).filter_map(|len| keys.get(..len)));
        let around: HashSet<&[String]> = around.collect();
        paths().map(|keys| around.contains(keys)).collect()
    }

    /// Reads no more than this.
    pub fn only(&mut self, wanted: Wanted<'a>) {
        self.wanted = wanted;
    }

    /// What a query demands that the fragments of an identity say, where each identity is a profile of its own; `None` where
    /// that is nothing.
    pub fn gate<'q>(&self, expr: &'q Expr) -> Option<Gate<'q>> {
        Gate::of(expr, self.legend())
    }

    fn legend(&self) -> Legend<'_> {
        Legend {
            common: &self.shared.common,
            paths: &self.shared.paths,
            copies: &self.copies,
            wanted: self.wanted,
        }
    }

    /// The place of a document's digest among all: those that lie together are read together.
    pub fn place(&self, doc: Doc) -> u32 {
        self.shared.entries.get(doc as usize)
    }

    /// The digest of a document.
    pub fn read(&mut self, doc: Doc) -> Result<Digest, IndexError> {
        self.load(doc)?;
        let bytes = self.bytes(doc);
        let digest = bytes.and_then(|bytes| Digest::read(bytes, self.legend()));
        digest.ok_or_else(|| self.file.damaged())
    }

    /// What finds out where policies can differ that all see these datasets. `arrays_alike`: they join arrays in the same way.
    /// Policies that take empty texts for nothing, or stitch nothing, are not told of.
    pub fn disputes(&self, sees: &dyn Fn(&str) -> bool, arrays_alike: bool) -> Disputes {
        Disputes::of(self.legend(), &self.outer(), sees, arrays_alike)
    }

    /// Reads of the digest of a document what decides between policies.
    pub fn read_disputed(&mut self, doc: Doc, disputes: &mut Disputes) -> Result<Told, IndexError> {
        self.load(doc)?;
        let bytes = self.bytes(doc);
        let told = bytes.and_then(|bytes| disputes.read(bytes, self.legend()));
        told.ok_or_else(|| self.file.damaged())
    }

    /// The same of those identities alone that a gate does not pass over, and apart from it those that match by their only
    /// fragment.
    pub fn read_through(
        &mut self,
        gate: &Gate<'_>,
        doc: Doc,
    ) -> Result<(Digest, Vec<Lone>), IndexError> {
        self.load(doc)?;
        let mut lone = Vec::new();
        let bytes = self.bytes(doc);
        let digest =
            bytes.and_then(|bytes| Digest::read_through(gate, bytes, self.legend(), &mut lone));
        let digest = digest.ok_or_else(|| self.file.damaged())?;
        Ok((digest, lone))
    }

    /// Unpacks the block of a document, if it is not the one that was unpacked last.
    fn load(&mut self, doc: Doc) -> Result<(), IndexError> {
        let number = self.place(doc) as usize / TOGETHER;
        if self.at != Some(number) {
            self.at = None;
            self.unpack(number)?;
            self.at = Some(number);
        }
        Ok(())
    }

    fn unpack(&mut self, number: usize) -> Result<(), IndexError> {
        let place = self.shared.places.chunks_exact(PLACE).nth(number);
        let mut numbers = place.unwrap_or_default().chunks_exact(8).map(|eight| {
            let eight = eight.try_into();
            eight.map_or(0, u64::from_le_bytes)
        });
        let mut next = || numbers.next().unwrap_or(0);
        let section = Section::of_numbers([next(), next(), next()]);
        let unpacked = next() as usize;
        let packed = self.file.read_into(&section, &mut self.packed)?;
        self.block.clear();
        self.block.reserve(unpacked);
        let unpacked = self.codec.decompress_to_buffer(packed, &mut self.block);
        unpacked.map_err(|_| self.file.damaged())?;
        Ok(())
    }

    /// The bytes of a document's digest, in the block that was unpacked last.
    fn bytes(&self, doc: Doc) -> Option<&[u8]> {
        let entry = self.place(doc) as usize;
        let (number, within) = (entry / TOGETHER, entry % TOGETHER);
        let all = self.shared.entries.len();
        let count = all.saturating_sub(number * TOGETHER).min(TOGETHER);
        let (ends, digests) = self.block.split_at_checked(count * 4)?;
        let end = |at: usize| {
            let four = ends.get(at * 4..at * 4 + 4)?;
            Some(u32::from_le_bytes(four.try_into().ok()?) as usize)
        };
        let from = match within {
            0 => 0,
            _ => end(within - 1)?,
        };
        digests.get(from..end(within)?)
    }
}
