//! One aligned table: its columns, and how times become text.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How many columns there are.
pub const COLUMNS: usize = 17;
const WIDTHS: [usize; COLUMNS] = [12, 4, 3, 4, 7, 5, 6, 5, 11, 11, 12, 14, 5, 7, 4, 10, 10];
const TITLES: [[&str; COLUMNS]; 2] = [
    [
        "layout",
        "page",
        "lvl",
        "dict",
        "load",
        "file",
        "bytes/",
        "of",
        "newest 50",
        "of active",
        "200 anywhere",
        "the same, cold",
        "count",
        "headers",
        "open",
        "add 1000",
        "checkpoint",
    ],
    [
        "",
        "KiB",
        "",
        "KiB",
        "rows/s",
        "MiB",
        "event",
        "JSON",
        "p50/p99 µs",
        "p50/p99 µs",
        "p50/p99 µs",
        "p50/p99 µs",
        "µs",
        "µs",
        "µs",
        "ms/WAL MiB",
        "ms",
    ],
];

/// Prints one line of the table.
pub fn print_line(cells: &[String; COLUMNS]) {
    let cells = cells.iter().zip(WIDTHS).enumerate();
    let line: Vec<String> = cells
        .map(|(at, (cell, width))| {
            if at == 0 {
                format!("{cell:<width$}")
            } else {
                format!("{cell:>width$}")
            }
        })
        .collect();
    println!("{}", line.join("  ").trim_end());
}

/// Prints the two lines of titles.
pub fn print_titles() {
    for title in TITLES {
        print_line(&title.map(String::from));
    }
}

/// How long it took, without the time to free what came of it.
pub fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let done = black_box(work());
    let time = start.elapsed();
    drop(done);
    time
}

/// The middle one of so many times.
pub fn median(times: usize, work: impl FnMut() -> Duration) -> Duration {
    let mut all: Vec<Duration> = std::iter::repeat_with(work).take(times).collect();
    all.sort_unstable();
    all[times / 2]
}

/// The middle one of these times, and that which one in a hundred exceeds.
pub fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |share: usize| micros(times[(times.len() - 1) * share / 100]);
    format!("{}/{}", at(50), at(99))
}

pub fn micros(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 100.0 {
        format!("{micros:.1}")
    } else {
        format!("{micros:.0}")
    }
}

pub fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e3)
}

pub fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
