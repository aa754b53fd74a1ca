//! The file beside a store that holds what is kept: its owner's alone, read whole and written whole.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{ConfigError, Keep, Kept};

/// Bytes that such a file may have; what is longer was not written by us.
const LONGEST: u64 = 4_000_000;

/// Why what is kept cannot be read or written.
#[derive(Debug, Error)]
pub enum KeptError {
    /// It holds what we do not understand.
    #[error("{0}; mend the file or remove it")]
    Broken(#[from] ConfigError),
    /// It holds something else than text, or too much.
    #[error("{0} is no file of saved searches; remove it")]
    Strange(PathBuf),
    /// The system refuses.
    #[error("cannot {what} {path}: {source}")]
    File {
        /// What was tried.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// Where what is kept about a store lies.
#[derive(Clone, Debug)]
pub struct KeptFile {
    path: PathBuf,
}

impl KeptFile {
    /// The file beside this store.
    pub fn beside(store: &Path) -> KeptFile {
        let mut name = store.as_os_str().to_owned();
        name.push(".searches.toml");
        KeptFile { path: name.into() }
    }

    /// What is kept; nothing where there is no file yet.
    pub fn read(&self) -> Result<Kept, KeptError> {
        match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Kept::default()),
            Err(error) => return Err(self.failed("read", error)),
            Ok(about) if about.len() > LONGEST || !about.is_file() => {
                return Err(KeptError::Strange(self.path.clone()));
            }
            Ok(_) => {}
        }
        let bytes = fs::read(&self.path).map_err(|error| self.failed("read", error))?;
        let text = String::from_utf8(bytes).map_err(|_| KeptError::Strange(self.path.clone()))?;
        Ok(Kept::parse(&self.path.display().to_string(), &text)?)
    }

    /// Makes changes to what is kept by now, whoever kept it; a file that is not understood stays as it is.
    pub fn change(&self, changes: &[Keep]) -> Result<Kept, KeptError> {
        let mut kept = self.read()?;
        let before = kept.clone();
        for change in changes {
            kept.apply(change.clone());
        }
        if kept != before {
            self.write(&kept.text())
                .map_err(|error| self.failed("write", error))?;
        }
        Ok(kept)
    }

    /// Writes another file and puts it in the place of this one, so that it is never half written.
    fn write(&self, text: &str) -> io::Result<()> {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".new");
        let fresh = PathBuf::from(name);
        match fs::remove_file(&fresh) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, &self.path)
    }

    fn failed(&self, what: &'static str, source: io::Error) -> KeptError {
        KeptError::File {
            what,
            path: self.path.clone(),
            source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_who_keep_at_the_same_time_lose_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = folder.path().join("store.db");
        let (one, other) = (KeptFile::beside(&store), KeptFile::beside(&store));
        assert_eq!(one.read().expect("nothing yet"), Kept::default());
        one.change(&[Keep::Query("ana".into())]).expect("a change");
        other
            .change(&[Keep::Query("ben".into())])
            .expect("a change");
        assert_eq!(one.read().expect("both").queries, ["ana", "ben"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let about = fs::metadata(&one.path).expect("the file");
            assert_eq!(about.permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_file_that_is_not_understood_stays_as_it_is() {
        for bytes in [&b"queries = 3"[..], b"\xff\xfe", b"= ="] {
            let folder = tempfile::tempdir().expect("a folder");
            let file = KeptFile::beside(&folder.path().join("store.db"));
            fs::write(&file.path, bytes).expect("the file");
            let error = file
                .change(&[Keep::Query("ana".into())])
                .expect_err("broken");
            assert!(error.to_string().ends_with("remove it"), "{error}");
            assert_eq!(fs::read(&file.path).expect("the file"), bytes);
        }
    }
}
