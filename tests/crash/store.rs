//! A folder with a store, and disks that are small.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::feed::Ended;

/// Where a program is run: nothing outside of it is read or written.
pub struct Place {
    folder: PathBuf,
    _own: Option<tempfile::TempDir>,
}

impl Place {
    /// A folder without a store.
    pub fn empty() -> Place {
        let own = tempfile::tempdir().unwrap();
        Place {
            folder: own.path().to_owned(),
            _own: Some(own),
        }
    }

    /// One whose store holds some people.
    pub fn with_people() -> Place {
        let place = Place::empty();
        place.import_people();
        place
    }

    /// A folder that is there.
    pub fn on(folder: &Path) -> Place {
        Place {
            folder: folder.to_owned(),
            _own: None,
        }
    }

    /// Imports some people.
    pub fn import_people(&self) {
        let mut people = String::new();
        for person in 0..300 {
            writeln!(
                people,
                r#"{{"identityMap":{{"CRMID":[{{"id":"C-{person}"}}],"Email":[{{"id":"p{person}@example.com"}}]}},"name":"Person {person}"}}"#
            )
            .unwrap();
        }
        std::fs::write(self.folder.join("people.jsonl"), people).unwrap();
        let ran = self.run(&["import", "people.jsonl", "--at", "2024-01-01T00:00:00Z"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    }

    /// The store's file.
    pub fn store(&self) -> PathBuf {
        self.folder.join("store.db")
    }

    /// Lets a program run here.
    pub fn surround<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .current_dir(&self.folder)
            .env("HOME", &self.folder)
            .env("XDG_DATA_HOME", self.folder.join("home"))
            .env("ONEFOLD_STORE", self.store())
    }

    /// The program with these arguments.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
        self.surround(command.args(args));
        command
    }

    /// Runs the program.
    pub fn run(&self, args: &[&str]) -> Ended {
        let mut child = self
            .command(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Ended::of(&mut child)
    }

    /// The store, where there is one, keeps all of its own rules.
    pub fn check(&self) {
        if self.store().exists() {
            let ran = self.run(&["check"]);
            assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
        }
    }

    /// Files that are neither the store's nor the test's.
    pub fn strangers(&self) -> Vec<String> {
        let known = [
            "store.db",
            "store.db-wal",
            "store.db-shm",
            "store.db.lock",
            "store.index",
            "store.index.lock",
            "people.jsonl",
        ];
        let entries = std::fs::read_dir(&self.folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .filter(|name| !known.contains(&name.as_str()))
            .collect()
    }
}

/// A disk of a few megabytes, taken away in the end.
pub struct Disk(tempfile::TempDir);

impl Disk {
    /// A disk of this size, where the system lets us make one.
    pub fn of_megabytes(megabytes: u32) -> Option<Disk> {
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new("mount")
            .args([
                "-t",
                "tmpfs",
                "-o",
                &format!("size={megabytes}m"),
                "onefold-test",
            ])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        made.is_ok_and(|made| made.success()).then(|| Disk(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}
