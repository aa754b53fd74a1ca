//! How the import screen looks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::model::{DatasetImport, ImportAnswer, Moment};
use crate::tui::message::Ctx;
use crate::tui::screen::Mode;
use crate::tui::text::{bytes, count, counted, fit, wrap};
use crate::tui::widgets::bar::bar;
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::table::{self, Column, Side};
use crate::tui::widgets::{Field, rows};

use super::{Import, Running, Stage, Writing, outcome, plan};

/// The columns of the table of what became of each dataset.
const COLUMNS: [Column; 8] = [
    column("dataset", Side::Left, 14, 1, 0),
    column("kind", Side::Left, 6, 0, 2),
    column("batch", Side::Right, 5, 0, 3),
    column("read", Side::Right, 11, 0, 0),
    column("accepted", Side::Right, 11, 0, 0),
    column("replaced", Side::Right, 11, 0, 2),
    column("rejected", Side::Right, 9, 0, 0),
    column("duplicates", Side::Right, 11, 0, 1),
];

const fn column(title: &'static str, side: Side, least: usize, share: usize, rank: u8) -> Column {
    Column {
        title,
        side,
        least,
        share,
        rank,
    }
}

/// Paints the screen.
pub fn draw(import: &Import, frame: &mut Frame<'_>, ctx: &Ctx) {
    let (above, below) = match import.mode {
        Mode::Text => (Focus::Here, Focus::Elsewhere),
        Mode::Command => (Focus::Elsewhere, Focus::Here),
    };
    let (purpose, field, example) = boxed(import);
    let note = match import.writing {
        Writing::Line(_) => plan::box_note(&import.stage),
        _ => "",
    };
    let block = noted(panel(&purpose, above, ctx), note, ctx);
    let inside = block.inner(import.box_area);
    frame.render_widget(block, import.box_area);
    frame.render_widget(Span::styled(ctx.icons.prompt, ctx.theme.accent), inside);
    let area = Rect {
        x: inside.x + 2.min(inside.width),
        width: inside.width.saturating_sub(2),
        ..inside
    };
    if field.text().is_empty() {
        let words = fit(example, area.width.into());
        frame.render_widget(Span::styled(words, ctx.theme.faint), area);
    }
    field.draw(frame, area, above, ctx);
    if let Stage::Planned(review) = &import.stage {
        plan::draw(review, frame, import.area, below, ctx);
        return;
    }
    let block = panel(title(&import.stage), below, ctx);
    let inside = block.inner(import.area);
    frame.render_widget(block, import.area);
    rows::text(frame, inside, (&import.cursor, &import.lines), ctx);
}

/// What the box is for, its text, and what it may hold.
fn boxed(import: &Import) -> (String, &Field, &'static str) {
    match &import.writing {
        Writing::Paths => (
            "files or folders".into(),
            &import.field,
            "~/exports/crm.csv   \"a folder with onefold.toml\"   /data/2026-11-20",
        ),
        Writing::File(field) => ("write the mapping to".into(), field, "crm.toml"),
        Writing::Count(field) => {
            let title = match &import.stage {
                Stage::Done(outcome) => outcome.question(),
                _ => String::new(),
            };
            (title, field, "anything else leaves it")
        }
        Writing::Line(field) => {
            let title = match &import.stage {
                Stage::Planned(review) => plan::box_title(review),
                _ => String::new(),
            };
            (
                title,
                field,
                "id:Email, personalEmail.address   time   event id   or nothing: it keeps its place",
            )
        }
    }
}

fn title(stage: &Stage) -> &'static str {
    match stage {
        Stage::Idle => "import",
        Stage::Planning | Stage::Planned(_) => "what would be read",
        Stage::Running(_) => "importing",
        Stage::Done(_) => "imported",
        Stage::TakingBack => "taking it back",
        Stage::TakenBack(_) => "taken back",
        Stage::Failed(_) => "not imported",
    }
}

/// The lines of a stage, in a width.
pub fn lines(stage: &Stage, width: usize, ctx: &Ctx) -> Vec<Line<'static>> {
    match stage {
        Stage::Idle => idle(ctx),
        Stage::Planning => vec![Line::styled("looking at the files…", ctx.theme.dim)],
        // The review has lines of its own.
        Stage::Planned(_) => Vec::new(),
        Stage::Running(running) => self::running(running, width, ctx),
        Stage::Done(outcome) => {
            let mut lines = done(&outcome.answer, width, ctx);
            lines.extend(outcome.lines(width, ctx));
            lines
        }
        Stage::TakingBack => vec![Line::styled("taking it back…", ctx.theme.dim)],
        Stage::TakenBack(answer) => outcome::taken_back(answer, width, ctx),
        Stage::Failed(words) => said(words, width, ctx.theme.bad),
    }
}

fn idle(ctx: &Ctx) -> Vec<Line<'static>> {
    let offer = |key: &'static str, words: &'static str| {
        Line::from(vec![
            Span::styled(format!("  {key:<3}"), ctx.theme.key),
            Span::styled(words, ctx.theme.dim),
        ])
    };
    vec![
        Line::default(),
        offer(
            "/",
            "takes a file or a folder: JSON Lines, JSON, CSV, TSV, also .gz and .zst",
        ),
        offer("S", "imports the bundled sample: a small shop's customers"),
        Line::default(),
        Line::styled(
            "  Nothing is written before you have seen what would be read.",
            ctx.theme.dim,
        ),
    ]
}

fn running(running: &Running, width: usize, ctx: &Ctx) -> Vec<Line<'static>> {
    let progress = &running.progress;
    let theme = &ctx.theme;
    let stage = match (running.is_cancelled, progress.stage) {
        (true, _) => "cancelling",
        (false, "") => "starting",
        (false, stage) => stage,
    };
    let mut lines = vec![Line::from(vec![
        Span::styled(format!("{} {stage}  ", ctx.icons.winner), theme.accent),
        Span::styled(fit(&progress.file, width / 2), theme.text),
    ])];
    lines.push(Line::default());
    if progress.total_bytes > 0 {
        let part = progress.bytes as f64 / progress.total_bytes as f64;
        let (total, done) = (bytes(progress.total_bytes), bytes(progress.bytes));
        let words = format!(" {:3.0} %  {done} of {total}", (part * 100.0).min(100.0));
        let room = width.saturating_sub(words.len() + 1);
        let shown = bar(part, room, ctx.icons.full, ctx.icons.rest);
        lines.push(Line::from(vec![
            Span::styled(shown, theme.accent),
            Span::styled(words, theme.text),
        ]));
    }
    lines.push(pace(running, ctx));
    lines.push(Line::default());
    let words = "x cancels it, and nothing of it stays. The other screens work meanwhile.";
    lines.extend(said(words, width, theme.dim));
    lines
}

fn pace(running: &Running, ctx: &Ctx) -> Line<'static> {
    let progress = &running.progress;
    let mut spans = vec![
        Span::styled(clock(running.since, ctx.now), ctx.theme.text),
        Span::styled(
            format!("   {}", counted(progress.rows, "row")),
            ctx.theme.text,
        ),
    ];
    if let Some((bytes_a_second, rows_a_second)) = running.rate.per_second() {
        let words = format!(
            "   {} rows/s   {}/s",
            count(rows_a_second),
            bytes(bytes_a_second)
        );
        spans.push(Span::styled(words, ctx.theme.dim));
    }
    if let Some(left) = running.rate.left(progress.total_bytes) {
        let words = format!("   left ≈ {:02}:{:02}", left / 60, left % 60);
        spans.push(Span::styled(words, ctx.theme.dim));
    }
    if progress.rejected > 0 {
        let words = format!("   {} rejected", count(progress.rejected));
        spans.push(Span::styled(words, ctx.theme.conflict));
    }
    Line::from(spans)
}

fn done(answer: &ImportAnswer, width: usize, ctx: &Ctx) -> Vec<Line<'static>> {
    let widths = table::widths(&COLUMNS, width);
    let mut lines = vec![table::headings(&COLUMNS, &widths, ctx.theme.dim)];
    lines.extend(
        answer
            .datasets
            .iter()
            .map(|dataset| dataset_line(dataset, &widths, ctx)),
    );
    lines.push(Line::default());
    let dot = ctx.icons.dot;
    let totals = format!(
        "the store now: {} {dot} {} {dot} {} {dot} {}",
        counted(answer.profiles, "profile"),
        counted(answer.identities, "identity"),
        counted(answer.links, "link"),
        counted(answer.removed_links, "removed link"),
    );
    lines.extend(said(&totals, width, ctx.theme.text));
    let seconds = answer.elapsed_ms as f64 / 1000.0;
    lines.push(Line::styled(
        format!("it took {seconds:.1} s"),
        ctx.theme.dim,
    ));
    if let Some(rejects) = &answer.rejects {
        let words = format!("the rejected rows, each with its reason: {rejects}");
        lines.extend(said(&words, width, ctx.theme.conflict));
    }
    lines.extend(notes(&answer.notes, width, ctx));
    lines
}

fn dataset_line(dataset: &DatasetImport, widths: &[usize], ctx: &Ctx) -> Line<'static> {
    let (text, counts) = (ctx.theme.text, &dataset.counts);
    let rejected = if counts.rejected > 0 {
        ctx.theme.conflict
    } else {
        text
    };
    let batch = dataset
        .batch
        .map_or_else(|| "known".to_owned(), |batch| batch.to_string());
    let cells: [(String, Style); 8] = [
        (dataset.name.clone(), ctx.theme.title),
        (dataset.kind.to_string(), ctx.theme.dim),
        (batch, ctx.theme.dim),
        (count(counts.read), text),
        (count(counts.accepted), text),
        (count(counts.replaced), ctx.theme.dim),
        (count(counts.rejected), rejected),
        (count(counts.duplicates), ctx.theme.dim),
    ];
    table::line(&COLUMNS, widths, cells)
}

fn notes(notes: &[String], width: usize, ctx: &Ctx) -> Vec<Line<'static>> {
    let shown = notes.iter().flat_map(|note| {
        let words = format!("{} {note}", ctx.icons.dot);
        said(&words, width, ctx.theme.text)
    });
    shown.collect()
}

fn said(words: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    let lines = wrap(words, width, 6).into_iter();
    lines.map(|line| Line::styled(line, style)).collect()
}

/// The time between two moments, as minutes and seconds.
pub fn clock(since: Moment, now: Moment) -> String {
    let seconds = now.0.saturating_sub(since.0).max(0) / 1_000;
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}
