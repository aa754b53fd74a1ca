//! The progress of an import on one line of the terminal, and Ctrl-C, which ends it cleanly.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use signal_hook::SigId;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

use super::output::Notes;
use super::print::{cut, number};
use super::style::Terminal;
use crate::ingest::Watch;
use crate::model::display::printable;
use crate::model::{ImportProgress, Moment, Rate};

/// How often the line is drawn anew.
const PAUSE: Duration = Duration::from_millis(100);

/// The stage in which an import waits for another writer.
const WAITING: &str = "waiting for";

/// The exit code of a process that was interrupted twice.
const INTERRUPTED: i32 = 130;

/// Hears of the progress and draws it; after Ctrl-C it asks for the end, and a second Ctrl-C ends the process at once.
pub struct Bar {
    shown: Terminal,
    started: Instant,
    rate: Rate,
    drawn: Option<Instant>,
    notes: Notes,
    waits: bool,
    stop: Arc<AtomicBool>,
    signals: Vec<SigId>,
}

impl Bar {
    /// A bar that listens for signals, and draws where there is a terminal.
    pub fn new(shown: Terminal, notes: Notes) -> io::Result<Bar> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut signals = Vec::new();
        for signal in [SIGINT, SIGTERM] {
            signals.push(flag::register_conditional_shutdown(
                signal,
                INTERRUPTED,
                Arc::clone(&stop),
            )?);
            signals.push(flag::register(signal, Arc::clone(&stop))?);
        }
        Ok(Bar {
            shown,
            started: Instant::now(),
            rate: Rate::default(),
            drawn: None,
            notes,
            waits: false,
            stop,
            signals,
        })
    }

    /// Takes the line away again.
    pub fn finish(&mut self) {
        if self.drawn.take().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }

    fn draw(&mut self, progress: &ImportProgress) {
        let now = Instant::now();
        let is_due = self.drawn.is_none_or(|last| now - last >= PAUSE);
        if self.shown == Terminal::No || !is_due {
            return;
        }
        self.drawn = Some(now);
        let elapsed = (now - self.started).as_millis();
        self.rate.note(progress, Moment(elapsed as i64));
        let columns: usize = crossterm::terminal::size().map_or(80, |(columns, _)| columns.into());
        let line = cut(&line(progress, &self.rate), columns.saturating_sub(1));
        let _ = write!(io::stderr(), "\r\x1b[K{line}");
    }

    /// Without a terminal the wait for another writer is said once, in a line that stays.
    fn say_wait(&mut self, progress: &ImportProgress) {
        let waits = progress.stage == WAITING;
        let is_said = self.shown == Terminal::No && self.notes == Notes::Shown;
        if is_said && waits && !self.waits {
            let _ = writeln!(io::stderr(), "{WAITING} {}", printable(&progress.file));
        }
        self.waits = waits;
    }
}

impl Watch for Bar {
    fn progress(&mut self, progress: &ImportProgress) -> ControlFlow<()> {
        self.say_wait(progress);
        self.draw(progress);
        if self.stop.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.finish();
        for signal in self.signals.drain(..) {
            low_level::unregister(signal);
        }
    }
}

/// What is done, how much of it, how fast, and how long it will take, judged by the last seconds.
fn line(progress: &ImportProgress, rate: &Rate) -> String {
    let file = progress.file.rsplit(['/', '\\']).next().unwrap_or_default();
    let stage = format!("{} {}", progress.stage, printable(file));
    let mut parts = vec![stage.trim_end().to_owned()];
    if progress.total_bytes > 0 {
        let share = progress.bytes as f64 / progress.total_bytes as f64;
        parts.push(format!("{:.0} %", share.clamp(0.0, 1.0) * 100.0));
    }
    if progress.rows > 0 {
        parts.push(format!("{} rows", number(progress.rows)));
    }
    if let Some((_, rows)) = rate.per_second().filter(|(_, rows)| *rows > 0) {
        parts.push(format!("{}/s", number(rows)));
    }
    if let Some(left) = rate.left(progress.total_bytes) {
        parts.push(format!("≈ {} left", duration(left)));
    }
    if progress.rejected > 0 {
        parts.push(format!("{} rejected", number(progress.rejected)));
    }
    parts.join("  ")
}

/// Seconds as people say them.
fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3_600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_share_rate_and_time_left() {
        let progress = |bytes, total_bytes, rejected| ImportProgress {
            stage: "reading",
            file: "exports/crm\x1b.csv".into(),
            bytes,
            total_bytes,
            rows: bytes * 1_000,
            rejected,
        };
        let check = |progress: &ImportProgress, seconds: i64, expected: &str| {
            let mut rate = Rate::default();
            rate.note(
                &ImportProgress {
                    stage: "reading",
                    ..ImportProgress::default()
                },
                Moment(0),
            );
            rate.note(progress, Moment(seconds * 1_000));
            assert_eq!(line(progress, &rate), expected);
        };
        check(&progress(0, 0, 0), 0, "reading crm^[.csv");
        check(
            &progress(25, 100, 3),
            5,
            "reading crm^[.csv  25 %  25,000 rows  5,000/s  ≈ 15 s left  3 rejected",
        );
        check(
            &progress(25, 100, 0),
            2,
            "reading crm^[.csv  25 %  25,000 rows  12,500/s",
        );
        check(
            &progress(200, 100, 0),
            10,
            "reading crm^[.csv  100 %  200,000 rows  20,000/s  ≈ 0 s left",
        );
    }

    #[test]
    fn long_times_are_said_in_minutes_and_hours() {
        for (seconds, expected) in [
            (59, "59 s"),
            (61, "1 min 01 s"),
            (3_599, "59 min 59 s"),
            (7_320, "2 h 02 min"),
        ] {
            assert_eq!(duration(seconds), expected);
        }
    }

    #[test]
    fn ctrl_c_asks_for_the_end() {
        let mut bar = Bar::new(Terminal::No, Notes::Quiet).expect("signals can be heard");
        let progress = ImportProgress::default();
        assert_eq!(bar.progress(&progress), ControlFlow::Continue(()));
        low_level::raise(SIGINT).expect("a signal can be raised");
        assert_eq!(bar.progress(&progress), ControlFlow::Break(()));
    }
}
