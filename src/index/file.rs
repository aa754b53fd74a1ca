//! The file of an index: a head, sections that are read when they are needed, and a directory at the end.

use std::fs::{self, File};
use std::io::{BufWriter, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::IndexError;
use super::numbers::Bytes;

/// What an index begins with; the number goes up with every change of the form.
const MAGIC: &[u8; 8] = b"1fldix04";

/// Magic, place of the directory, its length and its checksum.
const HEAD: usize = 8 + 3 * 8;

/// Where a part of the file lies, and what it must hash to.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Section {
    at: u64,
    len: u64,
    hash: u64,
}

impl Section {
    pub fn len(&self) -> u64 {
        self.len
    }

    /// All of it as numbers.
    pub fn numbers(self) -> [u64; 3] {
        [self.at, self.len, self.hash]
    }

    pub fn of_numbers([at, len, hash]: [u64; 3]) -> Section {
        Section { at, len, hash }
    }
}

/// A file that is read section by section.
#[derive(Debug)]
pub(super) struct SectionFile {
    path: PathBuf,
    file: File,
    /// Bytes that it had when it was opened; nobody writes to a file that is whole.
    size: u64,
    /// Where reading moves the file's one place, readers take turns.
    #[cfg(not(unix))]
    turn: Mutex<()>,
}

impl SectionFile {
    /// Opens a file and reads its directory.
    pub fn open<D: for<'a> Deserialize<'a>>(path: &Path) -> Result<(SectionFile, D), IndexError> {
        let reading = |error| IndexError::reading(path, error);
        let file = File::open(path).map_err(reading)?;
        let file = SectionFile {
            path: path.to_owned(),
            size: file.metadata().map_err(reading)?.len(),
            file,
            #[cfg(not(unix))]
            turn: Mutex::default(),
        };
        let mut head = Vec::new();
        file.read_at(0, HEAD as u64, &mut head)?;
        let damaged = || file.damaged();
        let (magic, numbers) = head.split_at_checked(8).ok_or_else(damaged)?;
        if magic != MAGIC {
            return Err(damaged());
        }
        let mut numbers = numbers.chunks_exact(8).map(|eight| {
            let eight = eight.try_into();
            eight.map_or(0, u64::from_le_bytes)
        });
        let mut next = || numbers.next().unwrap_or(0);
        let directory = Section {
            at: next(),
            len: next(),
            hash: next(),
        };
        let bytes = file.read(&directory)?;
        let directory = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        Ok((file, directory))
    }

    /// That the file is not what it was when it was written.
    pub fn damaged(&self) -> IndexError {
        IndexError::Damaged(self.path.clone())
    }

    /// A section, held against its checksum.
    pub fn read(&self, section: &Section) -> Result<Bytes, IndexError> {
        let mut bytes = Vec::new();
        self.read_into(section, &mut bytes)?;
        Ok(Arc::new(bytes))
    }

    /// The same into a buffer that grows where it must, and of which only the beginning is the section.
    pub fn read_into<'b>(
        &self,
        section: &Section,
        buffer: &'b mut Vec<u8>,
    ) -> Result<&'b [u8], IndexError> {
        let bytes = self.read_at(section.at, section.len, buffer)?;
        if xxh3_64(bytes) != section.hash {
            return Err(self.damaged());
        }
        Ok(bytes)
    }

    fn read_at<'b>(
        &self,
        at: u64,
        len: u64,
        buffer: &'b mut Vec<u8>,
    ) -> Result<&'b [u8], IndexError> {
        if at.checked_add(len).is_none_or(|end| end > self.size) {
            return Err(self.damaged());
        }
        let len = len as usize;
        if buffer.len() < len {
            buffer.resize(len, 0);
        }
        let bytes = buffer.get_mut(..len).unwrap_or_default();
        match self.fill(bytes, at) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(self.damaged()),
            filled => filled
                .map(|()| &*bytes)
                .map_err(|error| IndexError::reading(&self.path, error)),
        }
    }

    #[cfg(unix)]
    fn fill(&self, bytes: &mut [u8], at: u64) -> std::io::Result<()> {
        use std::os::unix::fs::FileExt;
        self.file.read_exact_at(bytes, at)
    }

    #[cfg(not(unix))]
    fn fill(&self, bytes: &mut [u8], at: u64) -> std::io::Result<()> {
        use std::io::Read;
        let _turn = self.turn.lock();
        let mut file = &self.file;
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(bytes)
    }
}

/// A file that fills section by section and appears under its name when it is whole.
pub(super) struct SectionWriter {
    path: PathBuf,
    filling: PathBuf,
    file: BufWriter<File>,
    at: u64,
    is_done: bool,
}

impl SectionWriter {
    /// Begins a file; `file` is an empty one that only its owner can read, at `filling`.
    pub fn new(path: &Path, filling: PathBuf, file: File) -> Result<SectionWriter, IndexError> {
        let mut writer = SectionWriter {
            path: path.to_owned(),
            filling,
            file: BufWriter::with_capacity(1 << 20, file),
            at: HEAD as u64,
            is_done: false,
        };
        writer.put(&[0; HEAD])?;
        Ok(writer)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        let written = self.file.write_all(bytes);
        written.map_err(|error| IndexError::writing(&self.filling, error))
    }

    /// Adds a section.
    pub fn add(&mut self, bytes: &[u8]) -> Result<Section, IndexError> {
        self.put(bytes)?;
        let section = Section {
            at: self.at,
            len: bytes.len() as u64,
            hash: xxh3_64(bytes),
        };
        self.at += section.len;
        Ok(section)
    }

    /// Ends the file with its directory and gives it its name.
    pub fn finish(mut self, directory: &impl Serialize) -> Result<(), IndexError> {
        let bytes = serde_json::to_vec(directory).unwrap_or_default();
        let section = self.add(&bytes)?;
        let mut head = MAGIC.to_vec();
        for number in [section.at, section.len, section.hash] {
            head.extend(number.to_le_bytes());
        }
        let settle = || -> std::io::Result<()> {
            self.file.flush()?;
            let file = self.file.get_mut();
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&head)?;
            // What a power cut tears is found by its checksums, and made again from the store.
            fs::rename(&self.filling, &self.path)
        };
        let mut settle = settle;
        settle().map_err(|error| IndexError::writing(&self.path, error))?;
        self.is_done = true;
        Ok(())
    }
}

/// A file that several threads fill.
pub(super) struct SharedWriter(Mutex<SectionWriter>);

impl SharedWriter {
    pub fn new(writer: SectionWriter) -> SharedWriter {
        SharedWriter(Mutex::new(writer))
    }

    /// Adds a section.
    pub fn add(&self, bytes: &[u8]) -> Result<Section, IndexError> {
        let mut writer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        writer.add(bytes)
    }

    /// The file itself, once it is filled.
    pub fn into_inner(self) -> SectionWriter {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SectionWriter {
    /// What was not finished goes.
    fn drop(&mut self) {
        if !self.is_done {
            let _ = fs::remove_file(&self.filling);
        }
    }
}
