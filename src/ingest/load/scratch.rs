//! A temporary file that is written from its beginning and read anywhere, past the system's cache where the disk keeps up: what is
//! read once need not push out what people look at, and fresh pages for it cost more than the disk does.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::time::Instant;

/// What lies at a multiple of this, in the file and in memory, goes to the disk as it is.
pub(super) const BLOCK: usize = 4 << 10;

/// Bytes that are written at once.
const A_WRITE: usize = 2 << 20;

/// A disk that takes fewer bytes a second is left to the system's cache.
const SLOW: u128 = 300_000_000;

/// Bytes that tell how fast a disk is.
const SOME_BYTES: u64 = 16 << 20;

/// The file; nobody else can see it.
pub(super) struct Scratch {
    file: File,
    is_direct: bool,
    end: u64,
    held: Aligned,
    /// How many bytes are held that are not written yet.
    len: usize,
    /// What was written past the cache, and how many nanoseconds that took.
    written: (u64, u128),
}

impl Scratch {
    /// An empty one in a folder.
    pub(super) fn new(folder: &Path) -> io::Result<Scratch> {
        let file = tempfile::tempfile_in(folder)?;
        Ok(Scratch {
            is_direct: pass_by_cache(&file, true),
            file,
            end: 0,
            held: Aligned::new(A_WRITE),
            len: 0,
            written: (0, 0),
        })
    }

    /// Where what is written next will lie.
    pub(super) fn end(&self) -> u64 {
        self.end + self.len as u64
    }

    /// Appends these bytes.
    pub(super) fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let room = self.held.get_mut(self.len..A_WRITE);
            let (now, later) = bytes.split_at(room.len().min(bytes.len()));
            room.split_at_mut(now.len()).0.copy_from_slice(now);
            self.len += now.len();
            bytes = later;
            if self.len == A_WRITE {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// Fills the last block, so that what is written next begins at one, and writes all that is held.
    pub(super) fn fill_block(&mut self) -> io::Result<()> {
        let filled = self.len.next_multiple_of(BLOCK);
        self.held.get_mut(self.len..filled).fill(0);
        self.len = filled;
        self.flush()
    }

    /// Writes what is held, which is whole blocks.
    fn flush(&mut self) -> io::Result<()> {
        let start = Instant::now();
        let written = self.file.write_all(self.held.get(0..self.len));
        if written.is_err() && self.is_direct {
            // There are file systems that refuse it only now.
            self.use_cache();
            self.file.seek(SeekFrom::Start(self.end))?;
            self.file.write_all(self.held.get(0..self.len))?;
        } else {
            written?;
        }
        self.end += self.len as u64;
        if self.is_direct {
            self.written.0 += self.len as u64;
            self.written.1 += start.elapsed().as_nanos();
            if is_slow(self.written) {
                self.use_cache();
            }
        }
        self.len = 0;
        Ok(())
    }

    fn use_cache(&mut self) {
        pass_by_cache(&self.file, false);
        self.is_direct = false;
    }

    /// Reads whole blocks from the beginning of one into memory that begins at one.
    pub(super) fn read(
        &mut self,
        at: u64,
        into: &mut Aligned,
        part: Range<usize>,
    ) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(at))?;
        let into = into.get_mut(part);
        match self.file.read_exact(into) {
            Err(_) if self.is_direct => {
                self.use_cache();
                self.file.seek(SeekFrom::Start(at))?;
                self.file.read_exact(into)
            }
            done => done,
        }
    }
}

/// Whether a disk took so many bytes in so many nanoseconds that the system's cache does better.
fn is_slow((bytes, nanos): (u64, u128)) -> bool {
    bytes >= SOME_BYTES && u128::from(bytes) * 1_000_000_000 < SLOW * nanos
}

/// Has a file pass by the system's cache, or use it; whether it passes by.
#[cfg(target_os = "linux")]
fn pass_by_cache(file: &File, passes: bool) -> bool {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    let Ok(mut flags) = fcntl_getfl(file) else {
        return false;
    };
    flags.set(OFlags::DIRECT, passes);
    fcntl_setfl(file, flags).is_ok() && passes
}

/// Other systems have other ways.
#[cfg(not(target_os = "linux"))]
fn pass_by_cache(_: &File, _: bool) -> bool {
    false
}

/// Memory that begins at a multiple of a block.
#[derive(Default)]
pub(super) struct Aligned {
    bytes: Vec<u8>,
    begin: usize,
}

impl Aligned {
    /// So many zeros.
    pub(super) fn new(len: usize) -> Aligned {
        let bytes = vec![0; len + BLOCK];
        let begin = bytes.as_ptr().align_offset(BLOCK).min(BLOCK);
        Aligned { bytes, begin }
    }

    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        self.bytes.len().saturating_sub(BLOCK)
    }

    /// Some of the bytes; none where these are more than there are.
    pub(super) fn get(&self, part: Range<usize>) -> &[u8] {
        let part = self.begin + part.start..self.begin + part.end;
        self.bytes.get(part).unwrap_or_default()
    }

    /// The same, to change them.
    pub(super) fn get_mut(&mut self, part: Range<usize>) -> &mut [u8] {
        let part = self.begin + part.start..self.begin + part.end;
        self.bytes.get_mut(part).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_pieces_is_read_in_blocks() {
        let folder = tempfile::tempdir().unwrap();
        for is_direct in [true, false] {
            let mut scratch = Scratch::new(folder.path()).unwrap();
            if !is_direct {
                scratch.use_cache();
            }
            let mut expected: Vec<u8> = Vec::new();
            let mut begins = Vec::new();
            for n in 0..40_u8 {
                begins.push(scratch.end());
                for piece in 0..usize::from(n) {
                    let bytes = vec![n; piece * 997];
                    scratch.write(&bytes).unwrap();
                    expected.extend(&bytes);
                }
                assert_eq!(scratch.end(), expected.len() as u64);
                scratch.fill_block().unwrap();
                expected.resize(expected.len().next_multiple_of(BLOCK), 0);
            }
            assert!(begins.iter().all(|at| at % BLOCK as u64 == 0));
            let mut read = Aligned::new(expected.len() + BLOCK);
            for at in (0..expected.len()).step_by(BLOCK) {
                let into = at + BLOCK..at + 2 * BLOCK;
                scratch.read(at as u64, &mut read, into).unwrap();
            }
            assert_eq!(read.get(BLOCK..BLOCK + expected.len()), expected);
        }
    }

    #[test]
    fn a_disk_is_slow_only_after_some_bytes() {
        assert!(!is_slow((1_000, 1_000_000_000)));
        assert!(is_slow((100_000_000, 1_000_000_000)));
        assert!(!is_slow((400_000_000, 1_000_000_000)));
    }
}
