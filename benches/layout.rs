//! Settles how events lie in `SQLite`: `cargo bench --bench layout [-- [IDENTITIES [EVENTS]] [LAYOUT]]` fills a file for each layout and reads it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement may stop where a program may not"
)]

#[path = "layout/block.rs"]
mod block;
#[path = "layout/events.rs"]
mod events;
#[path = "layout/reader.rs"]
mod reader;
#[path = "layout/shape.rs"]
mod shape;
#[path = "layout/table.rs"]
mod table;

use std::path::{Path, PathBuf};
use std::time::Duration;

use onefold::model::IdentityId;
use rusqlite::Connection;

use block::Entry;
use events::{Dice, Events};
use reader::{Reader, Top};
use shape::{Ground, Plan, Shape};
use table::{COLUMNS, mebibytes, median, micros, millis, print_line, print_titles, spread, timed};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const NEWEST: usize = 50;
const PAGE: usize = 200;
const VISITS: usize = 2_000;
const JUMPS: usize = 500;
const OPENINGS: usize = 25;
const ADDITIONS: u64 = 5;
const LOADS: usize = 1;
const DICTIONARIES: [usize; 3] = [8, 16, 64];
/// The events, who is asked for, and what the right answers are.
struct World {
    events: Events,
    order: Vec<u32>,
    busiest: IdentityId,
    anyone: Vec<IdentityId>,
    active: Vec<IdentityId>,
    tops: Vec<Top>,
    dictionaries: Vec<Vec<u8>>,
}

fn main() {
    // `cargo test --all-targets` runs benches too, without this; it has no minutes to spare.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let arguments = || {
        std::env::args()
            .skip(1)
            .filter(|argument| argument != "--bench")
    };
    let mut numbers = arguments().filter_map(|argument| argument.parse::<u32>().ok());
    let wanted = arguments().find(|argument| argument.parse::<u32>().is_err());
    let identities = numbers.next().unwrap_or(475_000);
    let count = numbers.next().unwrap_or(1_000_000);
    assert!(
        count >= 10_000 && (1_000..=count / 2).contains(&identities),
        "give 1000 identities or more, and at least 10000 events and twice as many as identities"
    );
    let world = World::new(count as usize, identities);
    world.describe();
    let folder = tempfile::tempdir().unwrap();
    print_titles();
    let is_wanted = |plan: &Plan| {
        let name = format!("{:?}", plan.shape);
        wanted
            .as_ref()
            .is_none_or(|wanted| name.starts_with(wanted))
    };
    for plan in plans().into_iter().filter(is_wanted) {
        let path = folder.path().join("events.db");
        let load = world.load(plan, &path);
        print_line(&world.measure(plan, &path, load));
    }
}

fn plans() -> Vec<Plan> {
    let plan = |shape, page, level, dictionary| Plan {
        shape,
        page,
        level,
        dictionary,
    };
    let mut plans = vec![
        plan(Shape::Arrival, 16, 1, 16),
        plan(Shape::Arrival, 4, 1, 16),
    ];
    for shape in [Shape::Clustered, Shape::Numbered] {
        plans.extend([1, 3].map(|level| plan(shape, 16, level, 16)));
    }
    for size in [20, 40, 80, 160] {
        plans.extend([1, 3].map(|level| plan(Shape::Blocks(size), 16, level, 16)));
    }
    for size in [20, 40, 80] {
        plans.extend([1, 3].map(|level| plan(Shape::Pooled(size), 16, level, 16)));
    }
    for shape in [Shape::Blocks(40), Shape::Pooled(40)] {
        plans.extend([8, 64].map(|dictionary| plan(shape, 16, 1, dictionary)));
    }
    plans
}

impl World {
    fn new(count: usize, identities: u32) -> World {
        let events = Events::world(count, identities);
        let order = events.by_identity();
        let busiest = events.busiest();
        let mut dice = Dice(99);
        let anyone = (0..VISITS).map(|_| IdentityId(1 + dice.below(u64::from(identities)) as u32));
        let anyone = anyone.collect();
        let active = (0..VISITS)
            .map(|_| dice.pick(&events.rows).identity)
            .collect();
        let dictionaries = DICTIONARIES
            .iter()
            .map(|size| train(&events, size * 1024))
            .collect();
        let tops = Vec::new();
        let mut world = World {
            events,
            order,
            busiest,
            anyone,
            active,
            tops,
            dictionaries,
        };
        let run = world.run(busiest);
        let tops = (0..JUMPS).map(|_| {
            let number = PAGE - 1 + dice.below((run.len() - PAGE + 1) as u64) as usize;
            Top {
                moment: world.events.rows[run[number] as usize].moment,
                number,
            }
        });
        world.tops = tops.collect();
        world
    }

    fn describe(&self) {
        let rows = &self.events.rows;
        let runs = self.events.runs(&self.order).map(<[u32]>::len);
        let runs: Vec<usize> = runs.collect();
        println!(
            "{} events of {} identities, {:.1} MiB of JSON, {} bytes each; the busiest has {}",
            rows.len(),
            runs.len(),
            mebibytes(self.events.text.len() as u64),
            self.events.text.len() / rows.len(),
            self.run(self.busiest).len(),
        );
        for (from, to) in [(1, 2), (3, 9), (10, 39), (40, usize::MAX)] {
            let those = || runs.iter().filter(|run| (from..=to).contains(*run));
            let share = 100.0 * those().sum::<usize>() as f64 / rows.len() as f64;
            let range = if to == usize::MAX {
                format!("{from} and more")
            } else {
                format!("{from} to {to}")
            };
            println!(
                "  {:>6} with {range} events have {share:.0} % of them",
                those().count()
            );
        }
        println!();
    }

    fn run(&self, identity: IdentityId) -> &[u32] {
        let of = |at: &u32| self.events.rows[*at as usize].identity;
        let from = self.order.partition_point(|at| of(at) < identity);
        let to = self.order.partition_point(|at| of(at) <= identity);
        &self.order[from..to]
    }

    fn dictionary(&self, plan: Plan) -> &[u8] {
        let at = DICTIONARIES
            .iter()
            .position(|size| *size == plan.dictionary)
            .unwrap();
        &self.dictionaries[at]
    }

    fn load(&self, plan: Plan, path: &Path) -> Duration {
        median(LOADS, || {
            for suffix in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(beside(path, suffix));
            }
            timed(|| shape::load(plan, path, &self.events, self.dictionary(plan)))
        })
    }

    fn measure(&self, plan: Plan, path: &Path, load: Duration) -> [String; COLUMNS] {
        let count = self.events.rows.len() as f64;
        let size = std::fs::metadata(path).unwrap().len();
        let reads = self.reads(plan, path);
        let is_plain = plan.shape == Shape::Arrival;
        let or_dash = |text: String| if is_plain { "–".to_owned() } else { text };
        let [newest, active, page, cold] = reads.pages;
        let [added, checkpoint] = self.add(plan, path);
        [
            format!("{:?}", plan.shape),
            plan.page.to_string(),
            or_dash(plan.level.to_string()),
            or_dash(plan.dictionary.to_string()),
            format!("{:.0}", count / load.as_secs_f64()),
            format!("{:.1}", mebibytes(size)),
            format!("{:.1}", size as f64 / count),
            format!("{:.3}", size as f64 / self.events.text.len() as f64),
            newest,
            active,
            page,
            cold,
            micros(reads.count),
            micros(reads.headers),
            micros(reads.open),
            added,
            checkpoint,
        ]
    }

    fn reads(&self, plan: Plan, path: &Path) -> Reads {
        let mut reader = Reader::open(plan, path);
        let newest = self.newest(&mut reader, &self.anyone);
        let active = self.newest(&mut reader, &self.active);
        let headers = median(OPENINGS, || timed(|| reader.read_headers(self.busiest)));
        for top in &self.tops {
            let run = &self.run(self.busiest)[..=top.number];
            self.check(&reader.page(self.busiest, *top, PAGE), run, PAGE);
        }
        let page = self
            .tops
            .iter()
            .map(|top| timed(|| reader.page(self.busiest, *top, PAGE)));
        let page = spread(page.collect());
        let count = median(OPENINGS, || timed(|| reader.count(self.busiest)));
        assert_eq!(reader.count(self.busiest), self.run(self.busiest).len());
        drop(reader);
        let cold = self.tops.iter().step_by(JUMPS / 100).map(|top| {
            timed(|| {
                let mut reader = Reader::open(plan, path);
                reader.read_headers(self.busiest);
                reader.page(self.busiest, *top, PAGE)
            })
        });
        let cold = spread(cold.collect());
        let mut visitors = self.active.iter();
        let open = median(OPENINGS, || {
            let identity = *visitors.next().unwrap();
            timed(|| Reader::open(plan, path).newest(identity, NEWEST))
        });
        Reads {
            pages: [newest, active, page, cold],
            count,
            headers,
            open,
        }
    }

    /// The first round checks and warms, the second is timed.
    fn newest(&self, reader: &mut Reader, identities: &[IdentityId]) -> String {
        for identity in identities {
            self.check(
                &reader.newest(*identity, NEWEST),
                self.run(*identity),
                NEWEST,
            );
        }
        let times = identities
            .iter()
            .map(|one| timed(|| reader.newest(*one, NEWEST)));
        spread(times.collect())
    }

    /// The page holds the last of these events, newest first.
    fn check(&self, page: &[Entry], run: &[u32], limit: usize) {
        assert_eq!(
            page.len(),
            run.len().min(limit),
            "a page is as long as it can be"
        );
        for (entry, at) in page.iter().zip(run.iter().rev()) {
            let row = &self.events.rows[*at as usize];
            assert_eq!(
                (entry.moment, entry.kind, entry.line),
                (row.moment, row.kind, row.line)
            );
            assert_eq!(entry.body, self.events.body(row));
        }
    }

    /// Checkpoints are timed on their own: else they fall into some rounds of some layouts.
    fn add(&self, plan: Plan, path: &Path) -> [String; 2] {
        let db = Connection::open(path).unwrap();
        db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
             PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 0",
        )
        .unwrap();
        let (mut checkpoints, mut journals) = (Vec::new(), Vec::new());
        let mut rounds = 0..ADDITIONS;
        let time = median(ADDITIONS as usize, || {
            let later = self.events.later(rounds.next().unwrap());
            let time = timed(|| {
                db.execute_batch("BEGIN IMMEDIATE").unwrap();
                shape::write(plan, &db, (&later, Ground::Settled), self.dictionary(plan));
                db.execute_batch("COMMIT").unwrap();
            });
            journals.push(std::fs::metadata(beside(path, "-wal")).unwrap().len());
            let last = later.rows.last().unwrap();
            let page = Reader::open(plan, path).newest(last.identity, NEWEST);
            assert_eq!(page[0].body, later.body(last), "what was added comes first");
            let checkpoint = || {
                db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                    row.get::<_, u32>(0)
                })
            };
            checkpoints.push(timed(|| {
                assert_eq!(checkpoint().unwrap(), 0, "nothing held it up");
            }));
            time
        });
        checkpoints.sort_unstable();
        journals.sort_unstable();
        let middle = ADDITIONS as usize / 2;
        [
            format!("{}/{:.1}", millis(time), mebibytes(journals[middle])),
            millis(checkpoints[middle]),
        ]
    }
}

/// What reading a file cost.
struct Reads {
    pages: [String; 4],
    count: Duration,
    headers: Duration,
    open: Duration,
}

fn train(events: &Events, size: usize) -> Vec<u8> {
    let sample = || {
        events
            .rows
            .iter()
            .step_by(events.rows.len().div_ceil(20_000))
    };
    let text: Vec<u8> = sample().flat_map(|row| events.body(row)).copied().collect();
    let sizes: Vec<usize> = sample().map(|row| events.body(row).len()).collect();
    let mut dictionary = Vec::new();
    let time = timed(|| dictionary = zstd::dict::from_continuous(&text, &sizes, size).unwrap());
    println!(
        "a dictionary of {} KiB from {} bodies: {:.2} s",
        size / 1024,
        sizes.len(),
        time.as_secs_f64()
    );
    dictionary
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
