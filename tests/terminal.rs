//! The interface in a pseudo-terminal: what the terminal gets, and that it is given back.

#![cfg(unix)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// How long something may take on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program in a terminal of its own.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    raw: Vec<u8>,
}

impl Session {
    fn start(store: &Path, variables: &[(&str, &str)]) -> Session {
        Session::run(store, &[], variables)
    }

    /// A command in a terminal.
    fn run(store: &Path, args: &[&str], variables: &[(&str, &str)]) -> Session {
        let size = size(80, 24);
        let pair = native_pty_system()
            .openpty(size)
            .expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_onefold"));
        command.args(["--store".as_ref(), store.as_os_str()]);
        command.args(args);
        command.cwd(store.parent().expect("a folder"));
        command.env("TERM", "xterm-256color");
        for name in ["COLORTERM", "NO_COLOR", "TMUX"] {
            command.env_remove(name);
        }
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("the program");
        let mut reader = pair.master.try_clone_reader().expect("its output");
        let (sender, bytes) = channel();
        thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                let chunk = buffer.get(..length).unwrap_or_default().to_vec();
                if sender.send(chunk).is_err() {
                    return;
                }
            }
        });
        Session {
            child,
            keys: pair.master.take_writer().expect("its input"),
            master: pair.master,
            bytes,
            screen: vt100::Parser::new(cells(24), cells(80), 0),
            raw: Vec::new(),
        }
    }

    fn keys(&mut self, keys: &str) -> &mut Session {
        self.keys.write_all(keys.as_bytes()).expect("its input");
        self
    }

    fn resize(&mut self, columns: u16, rows: u16) -> &mut Session {
        self.master.resize(size(columns, rows)).expect("a size");
        self.screen
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        self
    }

    /// Waits until the screen is as wanted.
    fn until(&mut self, what: &str, is_wanted: impl Fn(&vt100::Screen) -> bool) -> &mut Session {
        let start = Instant::now();
        while !is_wanted(self.screen.screen()) {
            let left = PATIENCE.saturating_sub(start.elapsed());
            match self.bytes.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                Err(error) => panic!("no {what}: {error}\n{}", self.screen.screen().contents()),
            }
        }
        self
    }

    fn until_text(&mut self, text: &str) -> &mut Session {
        self.until(text, |screen| screen.contents().contains(text))
    }

    /// Waits for the end, and for the last bytes.
    fn end(&mut self) -> ExitStatus {
        let status = self.child.wait().expect("an end");
        let start = Instant::now();
        while let Ok(bytes) = self
            .bytes
            .recv_timeout(PATIENCE.saturating_sub(start.elapsed()))
        {
            self.take(&bytes);
        }
        status
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.screen.process(bytes);
    }

    fn assert_given_back(&self) {
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is left");
        assert!(!screen.hide_cursor(), "the cursor is seen");
        assert!(!screen.bracketed_paste(), "pastes are plain");
        let mouse = screen.mouse_protocol_mode();
        assert_eq!(mouse, vt100::MouseProtocolMode::None);
    }
}

fn cells(number: u16) -> NonZero<u16> {
    NonZero::new(number).expect("a cell at least")
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// A folder with a store of the sample data.
fn sample() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("store.db");
    assert_cmd::Command::new(env!("CARGO_BIN_EXE_onefold"))
        .args(["--store".as_ref(), store.as_os_str()])
        .args(["demo", "--check"])
        .assert()
        .success();
    (folder, store)
}

#[test]
fn it_starts_searches_and_gives_the_terminal_back() {
    let (_folder, store) = sample();
    let mut session = Session::start(&store, &[]);
    session
        .until_text("results 1")
        .keys("zzzz")
        .until_text("No profile matches");
    session.keys("\x15").until_text("results 1");
    session
        .keys("\r")
        .until_text("NORMAL")
        .keys("q")
        .until_text("q again quits")
        .keys("q");
    assert_eq!(session.end().exit_code(), 0);
    session.assert_given_back();
    let begun = String::from_utf8_lossy(&session.raw)
        .matches("\x1b[?2026h")
        .count();
    let ended = String::from_utf8_lossy(&session.raw)
        .matches("\x1b[?2026l")
        .count();
    assert!(begun > 0 && begun == ended, "each picture comes whole");
}

#[test]
fn without_a_store_it_offers_the_sample() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("none.db");
    let mut session = Session::start(&store, &[]);
    session
        .until_text("bundled sample")
        .keys("S")
        .until_text("imported");
    session
        .keys("1")
        .until_text("results 1")
        .keys(":q")
        .until_text("Quit")
        .keys("\r");
    assert_eq!(session.end().exit_code(), 0);
    session.assert_given_back();
}

#[test]
fn what_is_pasted_is_text_and_no_command() {
    let (_folder, store) = sample();
    let mut session = Session::start(&store, &[]);
    session
        .until_text("results 1")
        .keys("\x1b[200~q\rq\rS\x1b[201~")
        .until_text("❯ q q S");
    session
        .keys("\x03")
        .until_text("ctrl-c again quits")
        .keys("\x03");
    assert_eq!(session.end().exit_code(), 0);
}

#[test]
fn no_key_is_lost_however_fast_they_come() {
    let (_folder, store) = sample();
    let mut session = Session::start(&store, &[]);
    let typed = "the quick brown fox jumps over the lazy dog 0123456789";
    session.until_text("results 1");
    for letter in typed.chars() {
        session.keys(&letter.to_string());
    }
    session.until_text(&format!("❯ {typed}"));
    session
        .keys("\x15celine")
        .until_text("❯ celine")
        .until_text("⟨celine⟩");
    session.keys(" tie\t").until_text("loyalty.tier:");
    session.keys("go\t").until_text("loyalty.tier:gold");
    session.keys("\r").until_text("NORMAL").keys("q").keys("q");
    assert_eq!(session.end().exit_code(), 0);
}

#[test]
fn what_is_kept_is_there_again_and_what_is_exported_is_there() {
    let (folder, store) = sample();
    let mut session = Session::start(&store, &[]);
    session
        .until_text("results 1")
        .keys("tier:gold\r")
        .until_text("NORMAL");
    session
        .keys("\x13")
        .until_text("save the search as")
        .keys("\x15golden\r");
    session
        .until_text("saved as golden")
        .keys("e")
        .until_text("export");
    session.keys("\x15gold.csv\r").until_text("in gold.csv");
    session.keys(":q").until_text("Quit").keys("\r");
    assert_eq!(session.end().exit_code(), 0);
    let text = std::fs::read_to_string(folder.path().join("gold.csv")).expect("the export");
    assert!(text.starts_with("entityId,name,"), "{text}");
    let mut again = Session::start(&store, &[]);
    again
        .until_text("results 1")
        .keys("\x1b1")
        .until_text("⟨tier: gold⟩");
    again.keys(":q").until_text("Quit").keys("\r");
    assert_eq!(again.end().exit_code(), 0);
}

#[test]
fn a_broken_file_of_saved_searches_is_one_sentence() {
    let (folder, store) = sample();
    let kept = folder.path().join("store.db.searches.toml");
    std::fs::write(&kept, "queries = 3").expect("the file");
    let mut session = Session::start(&store, &[]);
    session.until_text("not kept:").until_text("results 1");
    session
        .keys("ana\r")
        .until_text("NORMAL")
        .keys(":q")
        .until_text("Quit")
        .keys("\r");
    assert_eq!(session.end().exit_code(), 0);
    assert_eq!(
        std::fs::read_to_string(&kept).expect("the file"),
        "queries = 3"
    );
}

#[test]
fn without_colours_the_selection_is_still_seen() {
    let (_folder, store) = sample();
    let mut session = Session::start(&store, &[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]);
    session.until_text("results 1").keys("\r");
    session.until("reversed row", |screen| {
        (0..24).any(|row| screen.cell(row, 20).is_some_and(vt100::Cell::inverse))
    });
    let cells = (0..24).flat_map(|row| (0..80).map(move |column| (row, column)));
    let is_coloured = |(row, column)| {
        let cell = session.screen.screen().cell(row, column);
        cell.is_some_and(|cell| cell.fgcolor() != vt100::Color::Default)
    };
    assert!(!cells.clone().any(is_coloured));
    session.keys(":quit\r");
    assert_eq!(session.end().exit_code(), 0);
}

#[test]
fn a_storm_of_sizes_ends_in_a_whole_picture() {
    let (_folder, store) = sample();
    let mut session = Session::start(&store, &[]);
    session.until_text("results 1");
    for step in 0..40 {
        session.resize(20 + step * 5, 5 + step);
    }
    session.resize(30, 8).until_text("onefold needs");
    session
        .resize(100, 30)
        .until("a border in the last column", |screen| {
            screen.contents().contains("results 1")
                && screen
                    .cell(2, 99)
                    .is_some_and(|cell| cell.contents() == "╮")
        });
    session.keys("\x03\x03");
    assert_eq!(session.end().exit_code(), 0);
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let (_folder, store) = sample();
    for signal in ["TERM", "HUP", "INT"] {
        let mut session = Session::start(&store, &[]);
        session
            .until_text("results 1")
            .keys("\x1bOQ")
            .until_text("the mouse is taken");
        let id = session.child.process_id().expect("a number").to_string();
        let sent = std::process::Command::new("kill")
            .args(["-s", signal, &id])
            .status();
        assert!(sent.expect("kill").success());
        assert!(!session.end().success(), "{signal}");
        session.assert_given_back();
    }
}

#[test]
fn a_copy_is_asked_of_the_terminal() {
    let (_folder, store) = sample();
    let mut session = Session::start(&store, &[]);
    session
        .until_text("results 1")
        .keys("\ryy")
        .until_text("copied the identity");
    let raw = String::from_utf8_lossy(&session.raw);
    assert!(raw.contains("\x1b]52;c;"), "the request to the terminal");
    session.keys("\x03\x03");
    assert_eq!(session.end().exit_code(), 0);
}

#[test]
fn an_address_opens_its_screen_and_the_search_lies_behind_it() {
    let (_folder, store) = sample();
    let check = |address: &str, expected: &str| {
        let mut session = Session::run(&store, &["open", address], &[("LANG", "C.UTF-8")]);
        session.until_text(expected);
        session.keys("H").until_text("[1 Search]");
        session.keys("\x03\x03");
        assert_eq!(session.end().exit_code(), 0, "{address}");
        session.assert_given_back();
    };
    check("crmid:C-2001", "onefold › profile › CRMID:C-2001 › ");
    check(
        "onefold › graph › CRMID:C-2001",
        "onefold › graph › CRMID:C-2001",
    );
    check(
        "timeline > CRMID:C-2001",
        "onefold › timeline › CRMID:C-2001",
    );
    check("onefold › overview", "onefold › overview");
}

#[test]
fn an_address_of_nobody_leaves_the_terminal_alone() {
    let (folder, store) = sample();
    let check = |store: &Path, address: &str, code: u32, expected: &str| {
        let mut session = Session::run(store, &["open", address], &[]);
        assert_eq!(session.end().exit_code(), code, "{address}");
        let raw = String::from_utf8_lossy(&session.raw);
        assert!(raw.contains(expected), "{address}: {raw}");
        assert!(!raw.contains("\x1b[?1049h"), "{address}: {raw}");
    };
    let none = folder.path().join("none.db");
    check(
        &store,
        "CRMID:C-200",
        3,
        "no record knows CRMID:C-200; nearest: CRMID:C-2001",
    );
    check(&store, "graph > CRMID:C-20…", 3, "`y a` copies it whole");
    check(&store, "graph", 2, "the address names nobody");
    check(&none, "CRMID:C-2001", 1, "there is no store at");
    check(&none, "onefold › search", 1, "there is no store at");
    assert!(!none.exists());
}

#[test]
fn forgetting_asks_for_the_number_on_a_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("store.db");
    let mut made = Session::run(&store, &["demo", "--check"], &[]);
    assert!(made.end().success());
    let forget = ["forget", "CRMID:C-2001"];
    let mut declined = Session::run(&store, &forget, &[]);
    declined.until_text("to forget this person:").keys("no\r");
    assert!(!declined.end().success());
    assert!(
        declined
            .screen
            .screen()
            .contents()
            .contains("nothing was changed")
    );
    let mut asked = Session::run(&store, &forget, &[]);
    asked.until_text("to forget this person:");
    let shown = asked.screen.screen().contents();
    let number = shown
        .rsplit_once(", to forget this person:")
        .and_then(|(before, _)| before.rsplit_once(' '))
        .map(|(_, number)| number.to_owned())
        .expect("a number");
    asked.keys(&format!("{number}\r"));
    assert!(asked.end().success());
}
