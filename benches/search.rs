//! How fast the search box answers, key by key, beside what else can search: `cargo bench --bench search [-- 1m | STORE]`.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints its table and ends where it cannot run"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use onefold::index::Index;
use onefold::lookup::{self, SearchRequest};
use onefold::model::{MergePolicy, Moment};
use onefold::store::{Reader, View};

/// Names that are typed letter by letter.
const TYPED: [&str; 10] = [
    "martinez",
    "okafour",
    "ana serrano",
    "muller",
    "oconnor1@example.org",
    "sophie leroy",
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

fn main() {
    let store = wanted();
    let start = Instant::now();
    let made = lookup::refresh_index(&store, &lookup::unwatched).expect("an index");
    println!("index: {made:?} in {:.1} s", start.elapsed().as_secs_f64());
    let reader = Reader::open(&store).expect("a store");
    let start = Instant::now();
    let index = lookup::index_of(reader.view()).expect("a current index");
    println!("open: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    println!("size: {} MiB", size(&lookup::index_path(&store)) >> 20);
    println!(
        "{:<32} {:>9} {:>9} {:>9} {:>9}",
        "typed letter by letter", "keys", "p50 ms", "max ms", "hits"
    );
    for query in TYPED {
        typed(reader.view(), &index, query);
    }
    for query in ATTRIBUTES {
        let mut times: Vec<_> = (0..11).map(|_| ask(reader.view(), &index, query)).collect();
        print(query, &mut times);
    }
    println!("memory: {} MiB", memory() >> 20);
}

fn typed(view: View<'_>, index: &Index, query: &str) {
    let ends = query
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8());
    let mut times: Vec<_> = ends
        .filter_map(|end| query.get(..end))
        .map(|typed| ask(view, index, typed))
        .collect();
    print(query, &mut times);
}

fn print(query: &str, times: &mut [(Duration, u64)]) {
    let hits = times.last().map_or(0, |(_, hits)| *hits);
    times.sort_unstable();
    let ms = |at: usize| {
        times
            .get(at)
            .map_or(0.0, |(time, _)| time.as_secs_f64() * 1e3)
    };
    println!(
        "{query:<32} {:>9} {:>9.2} {:>9.2} {:>9}",
        times.len(),
        ms(times.len() / 2),
        ms(times.len() - 1),
        hits
    );
}

fn ask(view: View<'_>, index: &Index, query: &str) -> (Duration, u64) {
    let request = SearchRequest {
        query: query.into(),
        sort: None,
        offset: 0,
        limit: 40,
        patience: None,
        now: Moment(1_790_000_000_000),
    };
    let start = Instant::now();
    let answer = lookup::search_in(view, Some(index), &request, &MergePolicy::latest_wins());
    let answer = answer.expect("an answer");
    (start.elapsed(), answer.total)
}

fn wanted() -> PathBuf {
    let mut words = std::env::args().skip(1);
    let word = words.find(|word| !word.starts_with('-'));
    PathBuf::from(word.expect("a store"))
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

/// Resident memory of this process in bytes.
fn memory() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("VmRSS"));
    let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    number.unwrap_or(0) * 1024
}
