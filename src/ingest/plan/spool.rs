//! Bytes that come once, laid aside in a temporary file, so that they can be read again and anywhere.

use std::fs::File;
use std::io::{self, BufReader};

use tempfile::NamedTempFile;

use crate::ingest::folder::Bytes;

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
