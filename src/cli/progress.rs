//! The progress of an import on one line of the terminal, and Ctrl-C, which ends it cleanly.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use signal_hook::SigId;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

use super::print::{cut, number};
use super::style::Terminal;
use crate::ingest::Watch;
use crate::model::ImportProgress;
use crate::model::display::printable;

/// How often the line is drawn anew.
const PAUSE: Duration = Duration::from_millis(100);

/// The exit code of a process that was interrupted twice.
const INTERRUPTED: i32 = 130;

/// Hears of the progress and draws it; after Ctrl-C it asks for the end, and a second Ctrl-C ends the process at once.
pub struct Bar {
    shown: Terminal,
    started: Instant,
    rows: u64,
    drawn: Option<Instant>,
    stop: Arc<AtomicBool>,
    signals: Vec<SigId>,
}

impl Bar {
    /// A bar that listens for signals, and draws where there is a terminal.
    pub fn new(shown: Terminal) -> io::Result<Bar> {
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
            rows: 0,
            drawn: None,
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
        // Rows and bytes are counted by dataset, and so is their rate.
        if progress.rows < self.rows {
            self.started = now;
        }
        self.rows = progress.rows;
        let is_due = self.drawn.is_none_or(|last| now - last >= PAUSE);
        if self.shown == Terminal::No || !is_due {
            return;
        }
        self.drawn = Some(now);
        let columns: usize = crossterm::terminal::size().map_or(80, |(columns, _)| columns.into());
        let line = line(progress, now - self.started);
        let line = cut(&line, columns.saturating_sub(1));
        let _ = write!(io::stderr(), "\r\x1b[K{line}");
    }
}

impl Watch for Bar {
    fn progress(&mut self, progress: &ImportProgress) -> ControlFlow<()> {
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

/// What is done, how much of it, how fast, and how long it will take.
fn line(progress: &ImportProgress, elapsed: Duration) -> String {
    let file = progress.file.rsplit(['/', '\\']).next().unwrap_or_default();
    let stage = format!("{} {}", progress.stage, printable(file));
    let mut parts = vec![stage.trim_end().to_owned()];
    let seconds = elapsed.as_secs_f64();
    let share = (progress.total_bytes > 0)
        .then(|| (progress.bytes as f64 / progress.total_bytes as f64).clamp(0.0, 1.0));
    if let Some(share) = share {
        parts.push(format!("{:.0} %", share * 100.0));
    }
    if progress.rows > 0 {
        parts.push(format!("{} rows", number(progress.rows)));
    }
    if progress.rows > 0 && seconds >= 1.0 {
        parts.push(format!(
            "{}/s",
            number((progress.rows as f64 / seconds) as u64)
        ));
    }
    if let Some(share) = share.filter(|share| *share > 0.0 && seconds >= 1.0) {
        parts.push(format!("{:.0} s left", seconds / share - seconds));
    }
    if progress.rejected > 0 {
        parts.push(format!("{} rejected", number(progress.rejected)));
    }
    parts.join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_share_rate_and_time_left() {
        let check = |bytes, total_bytes, rejected, seconds, expected: &str| {
            let progress = ImportProgress {
                stage: "reading",
                file: "exports/crm\x1b.csv".into(),
                bytes,
                total_bytes,
                rows: 50_000,
                rejected,
            };
            assert_eq!(line(&progress, Duration::from_secs(seconds)), expected);
        };
        check(0, 0, 0, 0, "reading crm^[.csv  50,000 rows");
        check(
            25,
            100,
            3,
            10,
            "reading crm^[.csv  25 %  50,000 rows  5,000/s  30 s left  3 rejected",
        );
        check(
            200,
            100,
            0,
            10,
            "reading crm^[.csv  100 %  50,000 rows  5,000/s  0 s left",
        );
    }

    #[test]
    fn ctrl_c_asks_for_the_end() {
        let mut bar = Bar::new(Terminal::No).expect("signals can be heard");
        let progress = ImportProgress::default();
        assert_eq!(bar.progress(&progress), ControlFlow::Continue(()));
        low_level::raise(SIGINT).expect("a signal can be raised");
        assert_eq!(bar.progress(&progress), ControlFlow::Break(()));
    }
}
