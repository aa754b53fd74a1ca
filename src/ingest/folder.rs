//! Where files lie: on the disk, or built into the program.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

/// The path that means standard input.
pub const STANDARD_INPUT: &str = "-";

/// The raw bytes of a file.
pub type Bytes = Box<dyn Read + Send>;

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file, or standard input.
    File,
    /// A folder.
    Folder,
    /// Nothing.
    Nothing,
}

/// A place with files in it.
pub trait Folder: fmt::Debug + Send + Sync {
    /// What lies at the path.
    fn kind(&self, path: &Path) -> Kind;

    /// The entries of a folder, in byte order of their names.
    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>>;

    /// The file's length in bytes, where it has one.
    fn size(&self, path: &Path) -> Option<u64>;

    /// The file's bytes.
    fn open(&self, path: &Path) -> io::Result<Bytes>;

    /// The same path without links in it, by which a folder is known again.
    fn real(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }

    /// The file itself, to be read anywhere; `None` where its bytes come only in their order.
    fn file(&self, path: &Path) -> io::Result<Option<File>> {
        let _ = path;
        Ok(None)
    }
}

/// The disk, with `-` as standard input.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Folder for Disk {
    fn kind(&self, path: &Path) -> Kind {
        match path.metadata() {
            _ if path == Path::new(STANDARD_INPUT) => Kind::File,
            Ok(metadata) if metadata.is_dir() => Kind::Folder,
            Ok(_) => Kind::File,
            Err(_) => Kind::Nothing,
        }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let mut paths = fs::read_dir(path)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<Vec<_>>>()?;
        paths.sort_by(|a, b| {
            a.as_os_str()
                .as_encoded_bytes()
                .cmp(b.as_os_str().as_encoded_bytes())
        });
        Ok(paths)
    }

    fn size(&self, path: &Path) -> Option<u64> {
        let metadata = path.metadata().ok()?;
        metadata.is_file().then_some(metadata.len())
    }

    fn open(&self, path: &Path) -> io::Result<Bytes> {
        if path == Path::new(STANDARD_INPUT) {
            Ok(Box::new(io::stdin()))
        } else {
            Ok(Box::new(File::open(path)?))
        }
    }

    fn real(&self, path: &Path) -> PathBuf {
        path.canonicalize().unwrap_or_else(|_| path.to_owned())
    }

    fn file(&self, path: &Path) -> io::Result<Option<File>> {
        match self.size(path) {
            Some(_) => File::open(path).map(Some),
            None => Ok(None),
        }
    }
}

/// Files that are part of the program or of a test.
#[derive(Clone, Default)]
pub struct Embedded {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Embedded {
    /// A folder of these files; their paths begin at the folder, such as `sample/crm.csv`.
    pub fn new<P: Into<PathBuf>, B: Into<Vec<u8>>>(
        files: impl IntoIterator<Item = (P, B)>,
    ) -> Embedded {
        let files = files.into_iter();
        Embedded {
            files: files
                .map(|(path, bytes)| (path.into(), bytes.into()))
                .collect(),
        }
    }
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.files.keys()).finish()
    }
}

impl Folder for Embedded {
    fn kind(&self, path: &Path) -> Kind {
        if self.files.contains_key(path) {
            Kind::File
        } else if self.files.keys().any(|file| file.starts_with(path)) {
            Kind::Folder
        } else {
            Kind::Nothing
        }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let depth = path.components().count() + 1;
        let below = self.files.keys().filter(|file| file.starts_with(path));
        let mut entries: Vec<PathBuf> = below
            .map(|file| file.components().take(depth).collect())
            .collect();
        entries.dedup();
        Ok(entries)
    }

    fn size(&self, path: &Path) -> Option<u64> {
        self.files.get(path).map(|bytes| bytes.len() as u64)
    }

    fn open(&self, path: &Path) -> io::Result<Bytes> {
        match self.files.get(path) {
            Some(bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}
