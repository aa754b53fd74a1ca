//! How fast records link in memory, and what the slowest single record costs: medians of five runs.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints its table and ends where it cannot run"
)]

use std::fs;
use std::time::{Duration, Instant};

use onefold::identity::{Graph, Node, Sighting};
use onefold::model::{BatchId, LinkSettings, Namespace, NamespaceId, NamespaceKind, StoreSettings};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CRMID: u16 = 1;
const EMAIL: u16 = 2;
const LOGIN: u16 = 3;
const PHONE: u16 = 4;
const ECID: u16 = 5;

const RUNS: usize = 5;

/// A record: namespaces and the numbers that its values are made of.
type Record = Vec<(u16, u32)>;

struct Work {
    name: &'static str,
    /// Records that come first and are not counted.
    before: Vec<Record>,
    records: Vec<Record>,
    cap: Option<u32>,
}

struct Measured {
    total: Duration,
    slowest: Duration,
    links: usize,
    removed: usize,
}

fn main() {
    println!(
        "{:<44} {:>9} {:>9} {:>11} {:>11} {:>9} {:>9}",
        "work", "records", "total ms", "a record µs", "slowest ms", "links", "removed"
    );
    let wanted = wanted();
    for work in works() {
        if !work.name.contains(&wanted) {
            continue;
        }
        let mut runs: Vec<_> = (0..RUNS).map(|_| run(&work)).collect();
        let slowest = middle(&mut runs, |run| run.slowest).slowest;
        let run = middle(&mut runs, |run| run.total);
        println!(
            "{:<44} {:>9} {:>9.1} {:>11.2} {:>11.3} {:>9} {:>9}",
            work.name,
            work.records.len(),
            run.total.as_secs_f64() * 1e3,
            run.total.as_secs_f64() * 1e6 / work.records.len() as f64,
            slowest.as_secs_f64() * 1e3,
            run.links,
            run.removed,
        );
    }
    if wanted.is_empty() {
        print_memory();
    }
}

/// A part of the names of what is to be measured: `cargo bench --bench linking -- chain`.
fn wanted() -> String {
    let mut words = std::env::args().skip(1);
    words
        .find(|word| !word.starts_with('-'))
        .unwrap_or_default()
}

fn middle(runs: &mut [Measured], by: impl Fn(&Measured) -> Duration) -> &Measured {
    runs.sort_by_key(|run| by(run));
    runs.get(RUNS / 2).expect("there are runs")
}

impl Work {
    fn new(name: &'static str, records: Vec<Record>) -> Work {
        Work {
            name,
            before: Vec::new(),
            records,
            cap: None,
        }
    }

    fn after(self, before: Vec<Record>) -> Work {
        Work { before, ..self }
    }

    fn capped(self, cap: u32) -> Work {
        let cap = Some(cap);
        Work { cap, ..self }
    }
}

fn works() -> Vec<Work> {
    let (all, few) = (1_000_000, 100_000);
    let moved = vec![vec![(CRMID, 1), (EMAIL, 0)]];
    vec![
        Work::new("people: 1M records of 400k, 3 identifiers", people(all)),
        Work::new("strangers: 1M records of 3 identifiers", strangers(all)),
        Work::new("strangers: 100k records", strangers(few)),
        Work::new("one device in 100k records", hot_device(few)),
        Work::new("one device in 100k records, cap 50", hot_device(few)).capped(50),
        Work::new("one device, 100k people in turn", shared_device(few)),
        Work::new("a star of 100k changes hands, one by one", claims(few)).after(star(few)),
        Work::new("halves of 50k change hands", swaps(1_000)).after(halves(50_000)),
        Work::new("the same in triangles", swaps(1_000)).after(halves_of_triangles(25_000)),
        Work::new("a chain of 100k is torn and mended", tears(1_000)).after(chain(few)),
        Work::new("100k links are lost at once", moved).after(twice_linked(few)),
    ]
}

/// Every record shows a person and one of a few devices.
fn people(records: u32) -> Vec<Record> {
    let mut random = Random(7);
    (0..records)
        .map(|_| {
            let person = random.below(400_000);
            let device = person * 4 + random.below(3);
            vec![(CRMID, person), (EMAIL, person), (ECID, device)]
        })
        .collect()
}

fn strangers(records: u32) -> Vec<Record> {
    let record = |n| vec![(LOGIN, n), (PHONE, n), (ECID, n)];
    (0..records).map(record).collect()
}

fn hot_device(records: u32) -> Vec<Record> {
    let record = |n| vec![(LOGIN, n), (PHONE, n), (ECID, 0)];
    (0..records).map(record).collect()
}

fn shared_device(records: u32) -> Vec<Record> {
    let record = |n| vec![(CRMID, n), (EMAIL, n), (ECID, 0)];
    (0..records).map(record).collect()
}

fn star(size: u32) -> Vec<Record> {
    (0..size).map(|n| vec![(CRMID, 0), (ECID, n)]).collect()
}

fn claims(size: u32) -> Vec<Record> {
    (0..size).map(|n| vec![(CRMID, 1), (ECID, n)]).collect()
}

/// Person 0 with devices, person 1 without, and a login with as many devices that either may have.
fn halves(size: u32) -> Vec<Record> {
    let own = (0..size).map(|n| vec![(CRMID, 0), (ECID, n)]);
    let lent = (size..2 * size).map(|n| vec![(LOGIN, 0), (ECID, n)]);
    own.chain(lent).collect()
}

fn halves_of_triangles(size: u32) -> Vec<Record> {
    let own = (0..size).map(|n| vec![(CRMID, 0), (PHONE, n), (ECID, n)]);
    let lent = (size..2 * size).map(|n| vec![(LOGIN, 0), (PHONE, n), (ECID, n)]);
    own.chain(lent).collect()
}

fn swaps(times: u32) -> Vec<Record> {
    (0..times)
        .map(|n| vec![(CRMID, n % 2), (LOGIN, 0)])
        .collect()
}

fn chain(size: u32) -> Vec<Record> {
    let person = std::iter::once(vec![(CRMID, 0), (ECID, 0)]);
    let chain = (1..size).map(|n| vec![(ECID, n - 1), (ECID, n)]);
    person.chain(chain).collect()
}

/// Two people claim the far end of a chain and its middle by turns.
fn tears(times: u32) -> Vec<Record> {
    let record = |n| match n % 4 {
        0 => vec![(CRMID, 1), (ECID, 99_999)],
        1 => vec![(CRMID, 0), (ECID, 99_999)],
        2 => vec![(CRMID, 1), (ECID, 50_000)],
        _ => vec![(CRMID, 0), (ECID, 50_000)],
    };
    (0..times).map(record).collect()
}

fn twice_linked(size: u32) -> Vec<Record> {
    let record = |n| vec![(CRMID, 0), (EMAIL, 0), (ECID, n)];
    (0..size).map(record).collect()
}

fn run(work: &Work) -> Measured {
    let mut graph = Graph::new(&settings(work.cap));
    let before = texts(&work.before);
    let records = texts(&work.records);
    let mut measured = Measured {
        total: Duration::ZERO,
        slowest: Duration::ZERO,
        links: 0,
        removed: 0,
    };
    let mut row = 0;
    for record in &before {
        row += 1;
        observe(&mut graph, record, row);
    }
    let start = Instant::now();
    for record in &records {
        row += 1;
        let begin = Instant::now();
        measured.removed += observe(&mut graph, record, row);
        measured.slowest = measured.slowest.max(begin.elapsed());
    }
    measured.total = start.elapsed();
    measured.links = graph.links().count();
    measured
}

fn observe(graph: &mut Graph, record: &[(NamespaceId, String)], row: u64) -> usize {
    let nodes: Vec<Node> = record
        .iter()
        .map(|(namespace, value)| graph.intern(*namespace, value))
        .collect();
    let at = Sighting {
        batch: BatchId(1),
        row,
        line: row,
    };
    graph.observe(&nodes, at).removed.len()
}

fn texts(records: &[Record]) -> Vec<Vec<(NamespaceId, String)>> {
    let text = |(namespace, n): &(u16, u32)| {
        // Numbers of one kind differ early in the text, as hashes and addresses do.
        let value = format!(
            "{:08x}-{namespace}-of-some-kind",
            n.wrapping_mul(0x9e37_79b1)
        );
        (NamespaceId(*namespace), value)
    };
    let record = |record: &Record| record.iter().map(text).collect();
    records.iter().map(record).collect()
}

fn settings(cap: Option<u32>) -> LinkSettings {
    let namespace = |id, code: &str, kind, unique| Namespace {
        id: NamespaceId(id),
        code: code.to_owned(),
        kind,
        unique,
        priority: Some(u32::from(id)),
    };
    LinkSettings {
        namespaces: vec![
            namespace(CRMID, "CRMID", NamespaceKind::CrossDevice, true),
            namespace(EMAIL, "Email", NamespaceKind::Email, true),
            namespace(LOGIN, "loginID", NamespaceKind::CrossDevice, false),
            namespace(PHONE, "Phone", NamespaceKind::Phone, false),
            namespace(ECID, "ECID", NamespaceKind::Cookie, false),
        ],
        store: StoreSettings {
            max_identities: cap,
            ..StoreSettings::default()
        },
    }
}

/// What 4.75M identities and 6M links take, where the system tells.
fn print_memory() {
    let resident = || {
        let status = fs::read_to_string("/proc/self/statm").ok()?;
        let pages: u64 = status.split(' ').nth(1)?.parse().ok()?;
        Some(pages * 4096 / 1_000_000)
    };
    let before = resident();
    let mut graph = Graph::new(&settings(None));
    let mut row = 0;
    for n in 0..1_375_000 {
        row += 1;
        let mut record = vec![(LOGIN, n), (PHONE, n), (ECID, n)];
        if n % 11 < 5 {
            record.push((EMAIL, n));
        }
        for record in texts(&[record]) {
            observe(&mut graph, &record, row);
        }
    }
    if let (Some(before), Some(after)) = (before, resident()) {
        println!(
            "{} identities and {} links take {} MB",
            graph.len(),
            graph.links().count(),
            after.saturating_sub(before)
        );
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % u64::from(limit)) as u32
    }
}
