//! How fast an import goes, from what it did in the last ten seconds.

use std::collections::VecDeque;

use super::{ImportProgress, Moment};

/// Milliseconds that are looked back on.
const WINDOW: i64 = 10_000;

/// Milliseconds before which nothing is said of the time left.
const LEAST: i64 = 3_000;

/// The pace of an import.
#[derive(Clone, Debug, Default)]
pub struct Rate {
    stage: &'static str,
    samples: VecDeque<(Moment, u64, u64)>,
}

impl Rate {
    /// Notes how far it has come.
    pub fn note(&mut self, progress: &ImportProgress, now: Moment) {
        let last = self.samples.back().map_or(0, |(_, bytes, _)| *bytes);
        // Each stage counts from nothing, and has a pace of its own.
        if self.stage != progress.stage || progress.bytes < last {
            self.samples.clear();
            self.stage = progress.stage;
        }
        self.samples.push_back((now, progress.bytes, progress.rows));
        while let Some((first, ..)) = self.samples.front() {
            if now.0.saturating_sub(first.0) <= WINDOW || self.samples.len() <= 2 {
                break;
            }
            self.samples.pop_front();
        }
    }

    /// Bytes and rows a second.
    pub fn per_second(&self) -> Option<(u64, u64)> {
        let (first, last) = (self.samples.front()?, self.samples.back()?);
        let ms = u64::try_from(last.0.0.saturating_sub(first.0.0))
            .ok()
            .filter(|ms| *ms > 0)?;
        let rate = |from: u64, to: u64| to.saturating_sub(from).saturating_mul(1_000) / ms;
        Some((rate(first.1, last.1), rate(first.2, last.2)))
    }

    /// Seconds that are left, where enough is known to say so.
    pub fn left(&self, total: u64) -> Option<u64> {
        let (first, last) = (self.samples.front()?, self.samples.back()?);
        if last.0.0.saturating_sub(first.0.0) < LEAST || total == 0 {
            return None;
        }
        let (bytes, _) = self.per_second()?;
        total.saturating_sub(last.1).checked_div(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(bytes: u64) -> ImportProgress {
        ImportProgress {
            bytes,
            rows: bytes / 10,
            ..ImportProgress::default()
        }
    }

    #[test]
    fn the_last_ten_seconds_count() {
        let mut rate = Rate::default();
        assert_eq!(rate.per_second(), None);
        rate.note(&progress(0), Moment(0));
        rate.note(&progress(1_000), Moment(1_000));
        assert_eq!(rate.per_second(), Some((1_000, 100)));
        assert_eq!(rate.left(10_000), None);
        for second in 2..60 {
            rate.note(&progress(second * 2_000), Moment(second as i64 * 1_000));
        }
        assert_eq!(rate.per_second(), Some((2_000, 200)));
        assert_eq!(rate.left(218_000), Some(50));
        assert_eq!(rate.left(0), None);
    }

    #[test]
    fn a_new_stage_has_a_pace_of_its_own() {
        let mut rate = Rate::default();
        let of = |stage, bytes| ImportProgress {
            stage,
            ..progress(bytes)
        };
        rate.note(&of("reading", 0), Moment(0));
        rate.note(&of("reading", 9_000), Moment(3_000));
        assert_eq!(rate.per_second(), Some((3_000, 300)));
        rate.note(&of("writing", 10_000), Moment(4_000));
        assert_eq!(rate.per_second(), None);
        rate.note(&of("writing", 10_500), Moment(5_000));
        assert_eq!(rate.per_second(), Some((500, 50)));
        rate.note(&of("writing", 0), Moment(6_000));
        assert_eq!(rate.per_second(), None);
    }

    #[test]
    fn a_clock_that_goes_back_does_no_harm() {
        let mut rate = Rate::default();
        rate.note(&progress(5), Moment(1_000));
        rate.note(&progress(1), Moment(0));
        assert_eq!(rate.per_second(), None);
    }
}
