//! An import that reads what the test writes, so that the test decides how far it comes.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

use super::store::Place;

/// An import that reads from standard input.
pub struct Feed {
    child: Child,
    input: Option<ChildStdin>,
}

/// How a process ended.
pub struct Ended {
    /// Its exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// What it wrote.
    pub stdout: String,
    /// What it said.
    pub stderr: String,
}

impl Ended {
    /// How this process ends.
    pub fn of(child: &mut Child) -> Ended {
        let mut ended = Ended {
            code: None,
            stdout: String::new(),
            stderr: String::new(),
        };
        if let Some(mut stdout) = child.stdout.take() {
            stdout.read_to_string(&mut ended.stdout).unwrap();
        }
        if let Some(mut stderr) = child.stderr.take() {
            stderr.read_to_string(&mut ended.stderr).unwrap();
        }
        ended.code = child.wait().unwrap().code();
        ended
    }
}

/// What the program is started with.
pub fn arguments(at: &str) -> [&str; 9] {
    [
        "import",
        "-",
        "--dataset",
        "web",
        "--kind",
        "event",
        "--at",
        at,
        "--quiet",
    ]
}

impl Feed {
    /// Starts an import of events.
    pub fn start(place: &Place, at: &str) -> Feed {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
        command.args(arguments(at));
        Feed::spawn(place, command)
    }

    /// Starts this program.
    pub fn spawn(place: &Place, mut command: Command) -> Feed {
        let mut child = place
            .surround(&mut command)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take();
        Feed { child, input }
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Writes all of this, and so waits until the import has taken it but for what a pipe holds.
    pub fn write(&mut self, text: &str) {
        self.input
            .as_mut()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    }

    /// Writes as much of this as somebody reads.
    pub fn write_as_far_as_it_goes(&mut self, text: &str) {
        let _ = self.input.as_mut().unwrap().write_all(text.as_bytes());
    }

    /// Writes this again and again until nobody reads it any more.
    pub fn write_until_closed(mut self, text: &str) -> Ended {
        let mut input = self.input.take().unwrap();
        for _ in 0..1_000 {
            if input.write_all(text.as_bytes()).is_err() {
                return Ended::of(&mut self.child);
            }
        }
        panic!("the import goes on and on");
    }

    /// Ends its input.
    pub fn close(&mut self) {
        self.input = None;
    }

    /// Ends its input and waits for its end.
    pub fn finish(&mut self) -> Ended {
        self.close();
        Ended::of(&mut self.child)
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let id = self.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.input = None;
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        // A test that failed leaves no process behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Letters that no packing makes short.
fn noise(seed: u64) -> String {
    let mut state = seed;
    let mut text = String::new();
    for _ in 0..8 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        write!(text, "{:016x}", state ^ state >> 29).unwrap();
    }
    text
}

/// Events of some people, a line each.
pub fn events(rows: usize, seed: u64) -> String {
    let mut text = String::new();
    for row in 0..rows as u64 {
        let person = (row * 7_919 + seed) % 500;
        let minute = row % 1_440;
        writeln!(
            text,
            r#"{{"_id":"e{seed}-{row}","timestamp":"2024-01-{:02}T{:02}:{:02}:00Z","eventType":"page","identityMap":{{"ECID":[{{"id":"{:038}"}}],"CRMID":[{{"id":"C-{}"}}]}},"page":{{"name":"home {row}","referrer":"https://news.example.org/{}"}},"noise":"{}"}}"#,
            row % 28 + 1,
            minute / 60,
            minute % 60,
            person + 1,
            person / 2,
            row * 31 % 1_000,
            noise(seed << 32 | row),
        )
        .unwrap();
    }
    text
}
