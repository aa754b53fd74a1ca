//! Bytes that come once, laid aside in a temporary file, so that they can be read again and anywhere.

use std::fs::File;
use std::io::{self, BufReader};
use std::sync::{Arc, PoisonError};

use tempfile::NamedTempFile;

use super::{Opening, PlannedFile};
use crate::ingest::folder::{Bytes, Folder};
use crate::ingest::input::Compression;

/// Bytes in a file that vanishes with it.
#[derive(Debug)]
pub struct Spool(NamedTempFile);

impl Spool {
    /// Lays aside all that comes.
    pub fn of(mut bytes: Bytes) -> io::Result<Spool> {
        let mut file = NamedTempFile::new()?;
        io::copy(&mut bytes, &mut file)?;
        Ok(Spool(file))
    }

    /// The bytes from their beginning.
    pub fn open(&self) -> io::Result<Bytes> {
        Ok(Box::new(BufReader::new(self.file()?)))
    }

    /// The file, at its beginning.
    pub fn file(&self) -> io::Result<File> {
        self.0.reopen()
    }

    /// How many bytes there are.
    pub fn length(&self) -> io::Result<u64> {
        Ok(self.0.as_file().metadata()?.len())
    }
}

/// Where any place of a file can be read.
#[derive(Clone, Debug)]
pub enum Seekable {
    /// Where it lies.
    InPlace(Arc<dyn Folder>),
    /// Laid aside, unpacked.
    Spooled(Arc<Spool>),
}

impl PlannedFile {
    /// Lays aside what can be read only once.
    pub(super) fn spool(&mut self) -> io::Result<()> {
        let Opening::Once(bytes) = &mut self.opening else {
            return Ok(());
        };
        let bytes = bytes.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = bytes.take() {
            let spool = Spool::of(bytes)?;
            self.bytes = Some(spool.length()?);
            self.opening = Opening::Spooled(Arc::new(spool));
        }
        Ok(())
    }

    /// Sees to it that any place of the unpacked file can be read.
    pub(super) fn make_seekable(&mut self) -> io::Result<()> {
        self.spool()?;
        let in_place = match (&self.opening, self.compression) {
            (Opening::Folder(folder), Compression::None) => folder
                .file(&self.path)?
                .map(|_| Seekable::InPlace(Arc::clone(folder))),
            (Opening::Spooled(spool), Compression::None) => {
                Some(Seekable::Spooled(Arc::clone(spool)))
            }
            _ => None,
        };
        self.seekable = Some(match in_place {
            Some(in_place) => in_place,
            None => {
                let unpacked = self.unpacked(self.raw()?, None)?;
                Seekable::Spooled(Arc::new(Spool::of(unpacked.bytes)?))
            }
        });
        Ok(())
    }

    /// The unpacked file, to be read anywhere.
    pub(super) fn file(&self) -> io::Result<File> {
        let file = match &self.seekable {
            Some(Seekable::InPlace(folder)) => folder.file(&self.path)?,
            Some(Seekable::Spooled(spool)) => Some(spool.file()?),
            None => None,
        };
        file.ok_or_else(|| io::Error::other("the file can be read only from its beginning"))
    }
}
