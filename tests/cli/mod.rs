//! A small world in a folder of its own, and the program run in it.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::unwrap_used,
    reason = "a world that cannot be made ends the test"
)]

#[path = "../common/manifest.rs"]
pub mod manifest;

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use manifest::{customer, dataset, namespace, people};
use serde_json::Value;
use tempfile::TempDir;

/// Where a program is run: nothing outside of it is read or written.
pub struct World {
    folder: TempDir,
}

/// What a run of the program left.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl World {
    /// An empty one.
    pub fn empty() -> World {
        World {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// One with the sources below imported into its store.
    pub fn imported() -> World {
        let world = World::empty();
        world.write("in/onefold.toml", MANIFEST);
        world.write("in/crm.csv", CRM);
        world.write("in/signup.jsonl", SIGNUP);
        world.write("in/web.jsonl", WEB);
        let ran = world.run(&["import", "in"]);
        assert_eq!(ran.code, 4, "{ran:?}");
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
        for name in ["NO_COLOR", "ONEFOLD_THEME"] {
            command.env_remove(name);
        }
        command
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("XDG_DATA_HOME", self.path("home"))
            .env("ONEFOLD_STORE", self.path("store.db"))
            .args(args);
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "")
    }

    /// A run with this text on its standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Ran {
        let output = self.command(args).write_stdin(input).output().unwrap();
        Ran {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The JSON that a successful run prints, and nothing but that.
    pub fn json(&self, args: &[&str]) -> Value {
        let ran = self.run(&[args, &["--json"]].concat());
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        serde_json::from_str(&ran.stdout).unwrap()
    }
}

/// The store's path as the program prints it.
pub fn store(world: &World) -> String {
    Path::display(&world.path("store.db")).to_string()
}

const MANIFEST: &str = concat!(
    people!(),
    dataset!(
        "crm",
        "record",
        "crm.csv",
        r#"channel = "crm"
primary = "CRMID"
[dataset.identities]
crm_id = "CRMID"
email = "Email"
[dataset.fields]
first = "person.name.firstName"
tier = "loyalty.tier"
email = "personalEmail.address""#
    ),
    dataset!(
        "web-signup",
        "record",
        "signup.jsonl",
        r#"primary = "Email""#
    ),
    dataset!("web", "event", "web.jsonl"),
    r#"[[policy]]
name = "CRM first"
method = "dataSetPrecedence"
order = ["crm", "web-signup"]
[[policy]]
name = "Alone"
stitching = "none"
"#
);

pub const CRM: &str = "crm_id,email,first,tier\nC-1,ana@example.com,Anna,gold\nC-2,ben@example.com,Ben,silver\n,,x,y\n";

const SIGNUP: &str = r#"{"identityMap":{"Email":[{"id":"ana@example.com","primary":true}]},"person":{"name":{"firstName":"Ana"}}}
{"identityMap":{"Email":[{"id":"ev\u001b[31mil\u202e@example.com","primary":true}]},"person":{"name":{"firstName":"E\u0000vil<>&\"\u001b]0;x\u0007"}}}
"#;

const WEB: &str = r#"{"_id":"e1","timestamp":"2024-06-01T10:00:00Z","eventType":"web.pageView","identityMap":{"ECID":[{"id":"111"}],"Email":[{"id":"ana@example.com"}]},"n":1.50}
{"_id":"e2","timestamp":"2024-06-02T10:00:00Z","eventType":"commerce.purchases","identityMap":{"ECID":[{"id":"111"}],"CRMID":[{"id":"C-1"}]},"total":120}
{"_id":"e3","timestamp":"2024-06-03T10:00:00Z","eventType":"web.pageView","identityMap":{"ECID":[{"id":"111"}],"CRMID":[{"id":"C-2"}]}}
"#;
