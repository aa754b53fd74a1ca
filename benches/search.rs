//! How fast the search box answers, key by key, and attributes, and a cold process, beside what else can search.
//!
//! `cargo bench --bench search` makes a world of `ONEFOLD_BENCH_PEOPLE` people (100,000 by default), ten events for each, and
//! imports it; `cargo bench --bench search -- STORE` takes a store that is there, and makes its index anew where that is stale.
//! `fzf` is passed over where it is not installed.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints its table and ends where it cannot run"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use onefold::generate::{World, generate};
use onefold::index::Index;
use onefold::lookup::{self, SearchRequest};
use onefold::model::{MergePolicy, Moment};
use onefold::store::Reader;
use rusqlite::Connection;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// People of the world, where nothing else is asked for.
const PEOPLE: u64 = 100_000;

/// How often each query is asked.
const RUNS: usize = 5;

/// Rows of a list that fit on a screen.
const ROWS: u64 = 40;

/// Names that are typed letter by letter; two are misspelt, one is in nobody's name.
const TYPED: [&str; 10] = [
    "martinez",
    "martniez",
    "ana serrano",
    "muller",
    "oconnor1@example.org",
    "sophie leroyy",
    "岡部",
    "محمد",
    "1-303-555-01",
    "c-6498",
];

/// Queries on attributes, broad and narrow.
const ATTRIBUTES: [&str; 8] = [
    "country:FR tier:gold",
    "tier:gold",
    "city:par*",
    "points:>5000 tier:gold",
    "-tier:*",
    "ns:ECID -dataset:crm",
    "conflict:tier",
    "event:*purchase* country:FR",
];

/// What is asked under the other policies of the store, whose winners the index does not know.
const UNDER_ANOTHER: [&str; 3] = ["tier:gold", "country:FR tier:gold", "martinez"];

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = given().unwrap_or_else(|| make(folder.path()));
    let start = Instant::now();
    let made = lookup::refresh_index(&store, &lookup::unwatched).expect("an index");
    println!("index {made:?} in {:.1} s", start.elapsed().as_secs_f64());
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len() >> 20);
    let index = lookup::index_path(&store);
    println!("index {} MiB, store {} MiB", size(&index), size(&store));
    println!(
        "{:<44} {:>6} {:>15} {:>15} {:>10}",
        "milliseconds, p50 / p99", "asked", "first rows", "exact count", "found"
    );
    questions(&store);
    for query in ["martinez", "martniez", "country:FR tier:gold"] {
        let times = (0..=RUNS).map(|_| cold(&store, query)).skip(1);
        print(&format!("cold process: {query}"), &Asked::whole(times), 0);
    }
    peers(&store, folder.path());
}

fn questions(store: &Path) {
    let reader = Reader::open(store).expect("a store");
    let start = Instant::now();
    let index = lookup::index_of(reader.view()).expect("a current index");
    print("opening the index", &Asked::whole([start.elapsed()]), 0);
    let start = Instant::now();
    index.warm();
    print("warming it", &Asked::whole([start.elapsed()]), 0);
    let mut all = Asked::default();
    for query in TYPED {
        let (mut own, mut found) = (Asked::default(), 0);
        for _ in 0..RUNS {
            for typed in beginnings(query) {
                found = own.ask(&reader, &index, typed);
            }
        }
        print(&format!("letter by letter: {query}"), &own, found);
        all.first.extend(own.first);
        all.whole.extend(own.whole);
    }
    print("every key of these", &all, 0);
    for query in ATTRIBUTES {
        let (mut own, mut found) = (Asked::default(), 0);
        Asked::default().ask(&reader, &index, query);
        for _ in 0..RUNS {
            found = own.ask(&reader, &index, query);
        }
        print(query, &own, found);
    }
    let policies = reader.view().policies().expect("policies");
    for other in policies.iter().filter(|policy| !policy.is_default) {
        for query in UNDER_ANOTHER {
            let (mut own, mut found) = (Asked::default(), 0);
            for _ in 0..RUNS {
                found = own.ask_under(other, &reader, &index, query);
            }
            print(&format!("{}: {query}", other.name), &own, found);
        }
    }
    println!("memory {} MiB", memory() >> 20);
}

/// What stands in the box after each key.
fn beginnings(query: &str) -> impl Iterator<Item = &str> {
    let ends = query
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8());
    ends.filter_map(|end| query.get(..end))
}

/// How long questions took until their first rows were known, and until all was counted.
#[derive(Default)]
struct Asked {
    first: Vec<Duration>,
    whole: Vec<Duration>,
}

impl Asked {
    /// What answers at once alone.
    fn whole(times: impl IntoIterator<Item = Duration>) -> Asked {
        let whole: Vec<_> = times.into_iter().collect();
        Asked {
            first: whole.clone(),
            whole,
        }
    }

    /// Asks as the search box does; how many were found.
    fn ask(&mut self, reader: &Reader, index: &Index, query: &str) -> u64 {
        self.ask_under(&MergePolicy::latest_wins(), reader, index, query)
    }

    fn ask_under(
        &mut self,
        policy: &MergePolicy,
        reader: &Reader,
        index: &Index,
        query: &str,
    ) -> u64 {
        let request = SearchRequest {
            query: query.into(),
            sort: None,
            offset: 0,
            limit: ROWS,
            patience: None,
            now: Moment(1_790_000_000_000),
        };
        let start = Instant::now();
        let mut first = None;
        let mut early = |_| first = first.or(Some(start.elapsed()));
        let early = &mut Some(&mut early as &mut dyn FnMut(_));
        let answer = reader
            .snapshot(|view| lookup::search_telling(view, Some(index), &request, policy, early));
        let whole = start.elapsed();
        self.first.push(first.unwrap_or(whole));
        self.whole.push(whole);
        answer.map_or(0, |answer| answer.total)
    }
}

fn print(work: &str, asked: &Asked, found: u64) {
    let times = |times: &[Duration]| {
        let mut times = times.to_vec();
        times.sort_unstable();
        let ms = |part: usize| {
            let at = (times.len().saturating_sub(1) * part).div_ceil(100);
            times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3)
        };
        format!("{:.1} / {:.1}", ms(50), ms(99))
    };
    println!(
        "{work:<44} {:>6} {:>15} {:>15} {found:>10}",
        asked.whole.len(),
        times(&asked.first),
        times(&asked.whole),
    );
}

fn cold(store: &Path, query: &str) -> Duration {
    let mut command = onefold(store);
    timed(command.args(["search", query, "--limit", "40"])).expect("a search")
}

fn onefold(store: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
    command.arg("--store").arg(store);
    command
}

/// How long a command takes; `None` where it cannot be run.
fn timed(command: &mut Command) -> Option<Duration> {
    let start = Instant::now();
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().ok()?;
    Some(start.elapsed())
}

/// The same people as one text each: `fzf` over a file, and SQLite by `LIKE` and by FTS5, in memory.
fn peers(store: &Path, folder: &Path) {
    let texts = texts(store);
    let file = folder.join("texts");
    fs::write(&file, texts.join("\n")).expect("a file of texts");
    let fzf = || {
        let lines = File::open(&file).ok()?;
        timed(
            Command::new("fzf")
                .args(["--filter", "martinez"])
                .stdin(lines),
        )
    };
    match (0..RUNS).map(|_| fzf()).collect::<Option<Vec<_>>>() {
        Some(times) => print("fzf --filter martinez", &Asked::whole(times), 0),
        None => println!("{:<44} not installed", "fzf --filter martinez"),
    }
    in_sqlite(&texts);
}

/// What SQLite makes of the same texts.
fn in_sqlite(texts: &[String]) {
    let conn = Connection::open_in_memory().expect("a database");
    conn.execute_batch(
        "CREATE TABLE plain (text TEXT);
         CREATE VIRTUAL TABLE split USING fts5 (text, prefix = '2 3');
         BEGIN",
    )
    .expect("tables");
    for table in ["plain", "split"] {
        let mut insert = conn
            .prepare(&format!("INSERT INTO {table} VALUES (?1)"))
            .expect("an insertion");
        for text in texts {
            insert.execute([text]).expect("a row");
        }
    }
    for (work, sql) in [
        (
            "SQLite LIKE",
            "SELECT count(*) FROM plain WHERE text LIKE '%martinez%'",
        ),
        (
            "SQLite FTS5, prefix",
            "SELECT count(*) FROM split WHERE split MATCH 'martinez*'",
        ),
        (
            "SQLite FTS5, prefix of two letters, ranked",
            "SELECT rowid FROM split WHERE split MATCH 'ma*' ORDER BY rank LIMIT 40",
        ),
    ] {
        let run = || -> (Duration, u64) {
            let start = Instant::now();
            let found = conn.query_row(sql, [], |row| row.get(0)).unwrap_or(0);
            (start.elapsed(), found)
        };
        let (times, found): (Vec<_>, Vec<_>) = (0..RUNS).map(|_| run()).unzip();
        print(
            work,
            &Asked::whole(times),
            found.first().copied().unwrap_or(0),
        );
    }
}

/// The identity values of each cluster, side by side.
fn texts(store: &Path) -> Vec<String> {
    let reader = Reader::open(store).expect("a store");
    let mut texts: BTreeMap<u32, String> = BTreeMap::new();
    let read = reader.view().each_identity(|identity| {
        let text = texts.entry(identity.cluster.0).or_default();
        let _ = write!(text, "{} ", identity.value);
        Ok(())
    });
    read.expect("identities");
    texts.into_values().collect()
}

fn given() -> Option<PathBuf> {
    let mut words = std::env::args().skip(1);
    words.find(|word| !word.starts_with('-')).map(PathBuf::from)
}

/// A store of a made-up world.
fn make(folder: &Path) -> PathBuf {
    let people = std::env::var("ONEFOLD_BENCH_PEOPLE").ok();
    let people = people.map_or(PEOPLE, |people| people.parse().expect("a number of people"));
    let asked = World {
        people,
        events: people * 10,
        seed: 1,
    };
    let world = folder.join("world");
    generate(&asked, &world, &|_| {}).expect("a world");
    let store = folder.join("bench.db");
    let start = Instant::now();
    timed(onefold(&store).arg("import").arg(&world)).expect("an import");
    println!(
        "import of {people} people with its index: {:.1} s",
        start.elapsed().as_secs_f64()
    );
    store
}

/// Resident memory of this process in bytes.
fn memory() -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("VmRSS"));
    let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    number.unwrap_or(0) * 1024
}
