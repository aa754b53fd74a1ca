//! An import that runs: its stages, its pace, its files.

use ratatui::text::{Line, Span};

use crate::model::{ImportProgress, Moment, PlannedDataset, Rate};
use crate::tui::message::Ctx;
use crate::tui::text::{bytes, count, counted, fit};
use crate::tui::widgets::bar::bar;

use super::draw::said;
use super::files::Files;
use super::rail::rail;

/// Rows of the table of files at most.
const MOST_FILES: usize = 12;

/// An import that runs.
pub struct Running {
    /// Since when.
    pub since: Moment,
    /// Whether it is to stop.
    pub is_cancelled: bool,
    progress: ImportProgress,
    rate: Rate,
    files: Files,
}

impl Running {
    /// An import that begins now, of the datasets that were planned.
    pub fn new(datasets: &[PlannedDataset], now: Moment) -> Running {
        Running {
            since: now,
            is_cancelled: false,
            progress: ImportProgress::default(),
            rate: Rate::default(),
            files: Files::of(datasets),
        }
    }

    /// Hears how far it has come.
    pub fn note(&mut self, progress: &ImportProgress, now: Moment) {
        self.rate.note(progress, now);
        self.files.note(progress);
        self.progress = progress.clone();
    }

    /// It as lines.
    pub fn lines(&self, width: usize, ctx: &Ctx) -> Vec<Line<'static>> {
        let progress = &self.progress;
        let theme = &ctx.theme;
        let mut lines = vec![rail(progress.stage, width, ctx)];
        let said_of_it = match (self.is_cancelled, progress.stage) {
            (true, _) => "cancelling",
            (false, "") => "starting",
            (false, stage) => stage,
        };
        lines.push(Line::from(vec![
            Span::styled(format!("{said_of_it}  "), theme.accent),
            Span::styled(fit(&progress.file, width / 2), theme.text),
        ]));
        if progress.total_bytes > 0 {
            lines.push(self.share(width, ctx));
        }
        lines.push(self.pace(ctx));
        lines.push(Line::default());
        if !self.files.is_empty() {
            lines.extend(self.files.lines(width, MOST_FILES, ctx));
            lines.push(Line::default());
        }
        let words = "x cancels it, and nothing of it stays. The other screens work meanwhile.";
        lines.extend(said(words, width, theme.dim));
        lines
    }

    fn share(&self, width: usize, ctx: &Ctx) -> Line<'static> {
        let progress = &self.progress;
        let part = progress.bytes as f64 / progress.total_bytes as f64;
        let (total, done) = if progress.stage == "reading" {
            (bytes(progress.total_bytes), bytes(progress.bytes))
        } else {
            (count(progress.total_bytes), count(progress.bytes))
        };
        let words = format!(" {:3.0} %  {done} of {total}", (part * 100.0).min(100.0));
        let room = width.saturating_sub(words.len() + 1);
        let shown = bar(part, room, ctx.icons.full, ctx.icons.rest);
        Line::from(vec![
            Span::styled(shown, ctx.theme.accent),
            Span::styled(words, ctx.theme.text),
        ])
    }

    fn pace(&self, ctx: &Ctx) -> Line<'static> {
        let progress = &self.progress;
        let mut spans = vec![
            Span::styled(clock(self.since, ctx.now), ctx.theme.text),
            Span::styled(
                format!("   {}", counted(progress.rows, "row")),
                ctx.theme.text,
            ),
        ];
        if let Some((bytes_a_second, rows_a_second)) = self.rate.per_second() {
            let words = format!("   {} rows/s", count(rows_a_second));
            spans.push(Span::styled(words, ctx.theme.dim));
            if progress.stage == "reading" {
                let words = format!("   {}/s", bytes(bytes_a_second));
                spans.push(Span::styled(words, ctx.theme.dim));
            }
        }
        if let Some(left) = self.rate.left(progress.total_bytes) {
            let words = format!("   left ≈ {:02}:{:02}", left / 60, left % 60);
            spans.push(Span::styled(words, ctx.theme.dim));
        }
        if progress.rejected > 0 {
            let words = format!("   {} rejected", count(progress.rejected));
            spans.push(Span::styled(words, ctx.theme.conflict));
        }
        Line::from(spans)
    }
}

/// The time between two moments, as minutes and seconds.
pub fn clock(since: Moment, now: Moment) -> String {
    let seconds = now.0.saturating_sub(since.0).max(0) / 1_000;
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}
