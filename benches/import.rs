//! How fast sources come into a store, linked and ready to be asked, beside what else reads them: medians of three runs.
//!
//! `ONEFOLD_BENCH_PEOPLE` says how many people the world has that is made for it, ten events for each; 20,000 by default.
//! Peers that are not installed are passed over: `sqlite3`, `sqlite-utils`, and `DuckDB` as a module of `python3`.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints its table and ends where it cannot run"
)]

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use flate2::read::MultiGzDecoder;
use onefold::generate::{World, generate};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RUNS: usize = 3;

/// People of the world, where nothing else is asked for.
const PEOPLE: u64 = 20_000;

/// How often the memory of a process is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// A way to bring the sources in.
struct Work {
    name: &'static str,
    /// Rows that come in.
    rows: u64,
    /// Bytes of their text, unpacked.
    text: u64,
    /// What is run; the file that it fills is given to it.
    command: Box<dyn Fn(&Path) -> Command>,
}

/// What a run took.
struct Measured {
    took: Duration,
    /// The most memory that it held, in megabytes.
    memory: u64,
    /// Bytes of the file that it filled.
    filled: u64,
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let sources = Sources::make(folder.path());
    println!(
        "{:<44} {:>10} {:>8} {:>10} {:>7} {:>12}",
        "work", "rows", "s", "rows/s", "MB", "of the text"
    );
    for work in sources.works() {
        let runs = (0..RUNS).map(|_| run(&work, &folder.path().join("filled")));
        let Some(mut runs) = runs.collect::<Option<Vec<_>>>() else {
            println!("{:<44} not installed", work.name);
            continue;
        };
        runs.sort_by_key(|run| run.took);
        if let Some(run) = runs.get(RUNS / 2) {
            print(&work, run);
        }
    }
}

fn print(work: &Work, run: &Measured) {
    let seconds = run.took.as_secs_f64();
    println!(
        "{:<44} {:>10} {:>8.2} {:>10.0} {:>7} {:>11.2}×",
        work.name,
        work.rows,
        seconds,
        work.rows as f64 / seconds,
        run.memory,
        run.filled as f64 / work.text as f64
    );
}

/// The sources of a world, and its events once more as one plain file.
struct Sources {
    world: PathBuf,
    rows: u64,
    text: u64,
    events: PathBuf,
    event_rows: u64,
}

impl Sources {
    fn make(folder: &Path) -> Sources {
        let people = std::env::var("ONEFOLD_BENCH_PEOPLE").ok();
        let people = people.map_or(PEOPLE, |people| people.parse().expect("a number of people"));
        let asked = World {
            people,
            events: people * 10,
            seed: 1,
        };
        let world = folder.join("world");
        let summary = generate(&asked, &world, &|_| {}).expect("a world");
        let events = folder.join("web.jsonl");
        let (text, event_rows) = unpack(&world, &events).expect("files of the world");
        Sources {
            world,
            rows: summary.records + summary.events,
            text,
            events,
            event_rows,
        }
    }

    fn works(&self) -> Vec<Work> {
        let text = fs::metadata(&self.events).map_or(0, |file| file.len());
        let (world, events) = (self.world.clone(), self.events.clone());
        let mut works = vec![
            Work {
                name: "onefold, the whole world, linked",
                rows: self.rows,
                text: self.text,
                command: Box::new(move |store| onefold(&world, store)),
            },
            Work {
                name: "onefold, web events alone",
                rows: self.event_rows,
                text,
                command: Box::new(move |store| onefold(&events, store)),
            },
        ];
        for (name, command) in PEERS {
            let events = self.events.clone();
            works.push(Work {
                name,
                rows: self.event_rows,
                text,
                command: Box::new(move |filled| command(&events, filled)),
            });
        }
        works
    }
}

type Peer = (&'static str, fn(&Path, &Path) -> Command);

/// What else brings a file of events in; none of them links anything.
const PEERS: &[Peer] = &[
    ("sqlite3 .import, lines with an index on _id", sqlite3),
    ("DuckDB read_json into a table", duckdb),
    ("sqlite-utils insert --nl", sqlite_utils),
];

fn onefold(sources: &Path, store: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
    command
        .args(["import", "--quiet", "--store"])
        .arg(store)
        .arg(sources);
    command
}

fn sqlite3(events: &Path, filled: &Path) -> Command {
    let mut command = Command::new("sqlite3");
    command.arg(filled).args([
        "PRAGMA journal_mode = off; PRAGMA synchronous = off; CREATE TABLE event (line TEXT);"
            .into(),
        ".mode ascii".into(),
        ".separator \u{1f} \"\\n\"".to_owned(),
        format!(".import {} event", events.display()),
        "CREATE INDEX event_id ON event (json_extract(line, '$._id'));".into(),
    ]);
    command
}

fn duckdb(events: &Path, filled: &Path) -> Command {
    let mut command = Command::new("python3");
    let script = "import duckdb, sys; duckdb.connect(sys.argv[2]).execute(\
                  \"CREATE TABLE event AS SELECT * FROM read_json('\" + sys.argv[1] + \"')\")";
    command.args(["-c", script]).arg(events).arg(filled);
    command
}

fn sqlite_utils(events: &Path, filled: &Path) -> Command {
    let mut command = Command::new("sqlite-utils");
    command
        .arg("insert")
        .arg(filled)
        .args(["event"])
        .arg(events);
    command.args(["--nl", "--pk", "_id"]);
    command
}

/// Runs it once into a file that is not there yet; `None` where it is not installed.
fn run(work: &Work, filled: &Path) -> Option<Measured> {
    for ending in ["", "-wal", "-shm", ".lock", ".wal"] {
        let _ = fs::remove_file(format!("{}{ending}", filled.display()));
    }
    let started = Instant::now();
    let mut child = (work.command)(filled)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut memory = 0;
    let status = loop {
        memory = memory.max(most_memory(child.id()));
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        thread::sleep(LOOK);
    };
    let took = started.elapsed();
    let filled = fs::metadata(filled)
        .ok()
        .filter(|_| status.success())?
        .len();
    Some(Measured {
        took,
        memory,
        filled,
    })
}

/// The most memory that a process has held so far, in megabytes; 0 where the system does not say.
fn most_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}

/// Counts the text of all sources, and writes the web events into one plain file; gives bytes and web events.
fn unpack(world: &Path, events: &Path) -> io::Result<(u64, u64)> {
    let (mut text, mut rows) = (0, 0);
    let mut out = BufWriter::new(File::create(events)?);
    for entry in fs::read_dir(world)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if matches!(name.as_str(), "truth.jsonl" | "onefold.toml") {
            continue;
        }
        let file = File::open(&path)?;
        let mut lines: Box<dyn BufRead> = match path.extension().and_then(|ending| ending.to_str())
        {
            Some("gz") => Box::new(BufReader::new(MultiGzDecoder::new(file))),
            _ => Box::new(BufReader::new(file)),
        };
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            text += line.len() as u64;
            if name.starts_with("web-events") {
                rows += 1;
                out.write_all(&line)?;
            }
            line.clear();
        }
    }
    out.flush()?;
    Ok((text, rows))
}
