//! The files of a running import, each with how far it is read.

use ratatui::style::Style;
use ratatui::text::Line;

use crate::model::{ImportProgress, PlannedDataset};
use crate::tui::message::Ctx;
use crate::tui::text::{bytes, count, fit_tail};
use crate::tui::widgets::bar::bar;
use crate::tui::widgets::table::{self, Column, Side, column};

use super::rail::is_past_reading;

const COLUMNS: [Column; 7] = [
    column("", Side::Left, 1, 0, 0),
    column("file", Side::Left, 18, 2, 0),
    column("format", Side::Left, 12, 1, 4),
    column("size", Side::Right, 7, 0, 3),
    column("read", Side::Left, 12, 1, 2),
    column("rows", Side::Right, 11, 0, 0),
    column("rejected", Side::Right, 8, 0, 1),
];

/// What all files together had when one of them was begun, or now.
#[derive(Clone, Copy, Default)]
struct Mark {
    bytes: u64,
    rows: u64,
    rejected: u64,
}

/// A file.
#[derive(Default)]
struct File {
    name: String,
    format: String,
    size: Option<u64>,
    /// From where to where it goes among all files; `None` where it is not begun.
    span: Option<(Mark, Mark)>,
}

/// The files, in the order in which they are read.
#[derive(Default)]
pub struct Files {
    all: Vec<File>,
    /// The one in hand.
    present: Option<usize>,
    now: Mark,
    is_read: bool,
}

impl Files {
    /// The files of a plan; those that it does not name come as they are met.
    pub fn of(datasets: &[PlannedDataset]) -> Files {
        let planned = datasets.iter().flat_map(|dataset| &dataset.files);
        let file = |facts: &crate::model::FileFacts| File {
            name: facts.name.clone(),
            format: match &facts.packing {
                Some(packing) => format!("{}, {packing}", facts.format),
                None => facts.format.clone(),
            },
            size: facts.bytes,
            span: None,
        };
        Files {
            all: planned.map(file).collect(),
            ..Files::default()
        }
    }

    /// Whether none is known yet.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Hears how far all of them are.
    pub fn note(&mut self, progress: &ImportProgress) {
        if is_past_reading(progress.stage) {
            self.is_read = true;
        }
        if self.is_read || progress.stage != "reading" || progress.file.is_empty() {
            return;
        }
        let is_present = |file: &File| file.name == progress.file;
        if !self
            .present
            .and_then(|at| self.all.get(at))
            .is_some_and(is_present)
        {
            self.present = Some(self.begin(&progress.file));
        }
        self.now = Mark {
            bytes: progress.bytes,
            rows: progress.rows,
            rejected: progress.rejected,
        };
        let present = self.present.and_then(|at| self.all.get_mut(at));
        if let Some((_, end)) = present.and_then(|file| file.span.as_mut()) {
            *end = self.now;
        }
    }

    /// The place of a file that is begun now: the next of this name, or a new one.
    fn begin(&mut self, name: &str) -> usize {
        let from = self.present.map_or(0, |at| at + 1);
        let rest = self.all.iter().skip(from);
        let known = rest.take_while(|file| file.span.is_none());
        let place = known
            .enumerate()
            .find(|(_, file)| file.name == name)
            .map_or(self.all.len(), |(at, _)| from + at);
        if place == self.all.len() {
            self.all.push(File {
                name: name.to_owned(),
                ..File::default()
            });
        }
        // Files between that held nothing were passed without a word.
        for file in self.all.iter_mut().skip(from).take(place + 1 - from) {
            file.span = Some((self.now, self.now));
        }
        place
    }

    /// One line for each file, so many at most, and one of headings; of more files those around the present one.
    pub fn lines(&self, width: usize, most: usize, ctx: &Ctx) -> Vec<Line<'static>> {
        let widths = table::widths(&COLUMNS, width);
        let mut lines = vec![table::headings(&COLUMNS, &widths, ctx.theme.dim)];
        let room = most.saturating_sub(1).max(1);
        let before = self.present.unwrap_or(0).saturating_sub(room / 2);
        let first = before.min(self.all.len().saturating_sub(room));
        let seen = self.all.iter().enumerate().skip(first).take(room);
        lines.extend(seen.map(|(at, file)| {
            let cells = self.cells(at, file, &widths, ctx);
            table::line(&COLUMNS, &widths, cells)
        }));
        lines
    }

    fn cells(&self, at: usize, file: &File, widths: &[usize], ctx: &Ctx) -> [(String, Style); 7] {
        let (theme, icons) = (&ctx.theme, &ctx.icons);
        let is_present = self.present == Some(at) && !self.is_read;
        let is_done = self.is_read || (file.span.is_some() && !is_present);
        let (sign, style) = match (is_done, is_present) {
            (true, _) => (icons.yes, theme.good),
            (_, true) => (icons.winner, theme.accent),
            _ => (icons.dot, theme.dim),
        };
        let (from, to) = file.span.unwrap_or_default();
        let part = match (is_done, file.size) {
            (true, _) => 1.0,
            (_, Some(size)) if size > 0 => to.bytes.saturating_sub(from.bytes) as f64 / size as f64,
            _ => 0.0,
        };
        let [_, name, _, _, read, ..] = *widths else {
            return Default::default();
        };
        let rejected = to.rejected.saturating_sub(from.rejected);
        let is_bad = rejected > 0;
        let number = |number: u64| match file.span {
            Some(_) => count(number),
            None => String::new(),
        };
        [
            (sign.to_owned(), style),
            (fit_tail(&file.name, name), theme.text),
            (file.format.clone(), theme.dim),
            (file.size.map(bytes).unwrap_or_default(), theme.dim),
            (bar(part, read, icons.full, icons.rest), style),
            (number(to.rows.saturating_sub(from.rows)), theme.text),
            (
                number(rejected),
                if is_bad { theme.conflict } else { theme.dim },
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FileFacts;

    fn shown(files: &Files) -> Vec<String> {
        let ctx = crate::tui::testing::ctx();
        let lines = files.lines(100, 9, &ctx).into_iter().skip(1);
        lines
            .map(|line| {
                let line = line.to_string().replace(['█', '░'], "");
                line.split_whitespace().collect::<Vec<_>>().join(" ")
            })
            .collect()
    }

    #[test]
    fn each_file_has_the_rows_that_came_while_it_was_in_hand() {
        let facts = |name: &str| FileFacts {
            name: name.into(),
            format: "CSV".into(),
            packing: None,
            bytes: Some(100),
        };
        let mut files = Files::of(&[PlannedDataset {
            files: ["a.csv", "empty.csv", "b.csv"].map(facts).to_vec(),
            ..PlannedDataset::default()
        }]);
        let mut read = |file: &str, stage, (bytes, rows, rejected)| {
            files.note(&ImportProgress {
                stage,
                file: file.into(),
                bytes,
                total_bytes: 300,
                rows,
                rejected,
            });
            shown(&files)
        };
        let first = read("a.csv", "reading", (50, 5, 0));
        assert_eq!(
            first,
            [
                "▶ a.csv CSV 100 B 5 0",
                "· empty.csv CSV 100 B",
                "· b.csv CSV 100 B"
            ]
        );
        read("a.csv", "reading", (100, 10, 2));
        let second = read("b.csv", "reading", (150, 14, 3));
        assert_eq!(
            second,
            [
                "✓ a.csv CSV 100 B 10 2",
                "✓ empty.csv CSV 100 B 0 0",
                "▶ b.csv CSV 100 B 4 1"
            ]
        );
        read("c.csv", "reading", (150, 15, 3));
        let last = read("", "writing", (0, 0, 3));
        assert_eq!(last.last().map(String::as_str), Some("✓ c.csv 1 0"));
    }
}
