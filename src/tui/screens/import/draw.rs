//! How the import screen looks.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::model::{DatasetImport, ImportAnswer};
use crate::tui::message::Ctx;
use crate::tui::screen::Mode;
use crate::tui::text::{count, counted, fit, wrap};
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::table::{self, Column, Side, column};
use crate::tui::widgets::{Field, rows};

use super::refused::Refused;
use super::{Import, Stage, Writing, outcome, plan};

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

/// Columns from which the rows that were refused stand beside what was imported.
const BOTH: u16 = 120;

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
    let [main, beside] = areas(&import.stage, import.area);
    let block = panel(title(&import.stage), below, ctx);
    let inside = block.inner(main);
    frame.render_widget(block, main);
    rows::text(frame, inside, (&import.cursor, &import.lines), ctx);
    if let Some(refused) = refused_of(&import.stage).filter(|_| beside.width > 0) {
        let block = panel("rejected", Focus::Elsewhere, ctx);
        let block = noted(block, &refused.note(), ctx);
        let inside = block.inner(beside);
        frame.render_widget(block, beside);
        let lines = refused.lines(inside.width.into(), ctx);
        for (line, row) in lines.into_iter().zip(inside.rows()) {
            frame.render_widget(line, row);
        }
    }
}

fn refused_of(stage: &Stage) -> Option<&Refused> {
    match stage {
        Stage::Done(outcome) => outcome.refused.as_ref(),
        _ => None,
    }
}

/// What is said of the stage, and beside it the rows that were refused, where there are some and room for them.
pub fn areas(stage: &Stage, area: Rect) -> [Rect; 2] {
    let beside = match refused_of(stage) {
        Some(_) if area.width >= BOTH => 2,
        _ => 0,
    };
    Layout::horizontal([Constraint::Fill(3), Constraint::Fill(beside)]).areas(area)
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
        Stage::Done(outcome) if outcome.is_on_rows => "rejected rows",
        Stage::Done(_) => "imported",
        Stage::TakingBack => "taking it back",
        Stage::TakenBack(_) => "taken back",
        Stage::Failed(_) => "not imported",
    }
}

/// The lines of a stage, in its area.
pub fn lines(stage: &Stage, area: Rect, ctx: &Ctx) -> Vec<Line<'static>> {
    let [main, beside] = areas(stage, area);
    let width = usize::from(main.width).saturating_sub(3);
    match stage {
        Stage::Idle => idle(ctx),
        Stage::Planning => vec![Line::styled("looking at the files…", ctx.theme.dim)],
        // The review has lines of its own.
        Stage::Planned(_) => Vec::new(),
        Stage::Running(running) => running.lines(width, ctx),
        Stage::Done(outcome) if outcome.is_on_rows => {
            let file = outcome.answer.rejects.as_deref().unwrap_or_default();
            let refused = outcome.refused.as_ref();
            refused.map_or_else(Vec::new, |refused| refused.rows(file, width, ctx))
        }
        Stage::Done(outcome) => {
            let mut lines = done(&outcome.answer, width, ctx);
            lines.extend(outcome.lines(width, ctx));
            // Where there is no room beside, it stands below.
            if let Some(refused) = outcome.refused.as_ref().filter(|_| beside.width == 0) {
                lines.extend([Line::default(), Line::styled("rejected", ctx.theme.title)]);
                lines.extend(refused.lines(width, ctx));
            }
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
            "takes a file or a folder: JSON Lines, JSON, CSV, TSV, Parquet, also .gz and .zst",
        ),
        offer("S", "imports the bundled sample: a small shop's customers"),
        Line::default(),
        Line::styled(
            "  Nothing is written before you have seen what would be read.",
            ctx.theme.dim,
        ),
    ]
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

/// A sentence in the width, on six lines at most.
pub fn said(words: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    let lines = wrap(words, width, 6).into_iter();
    lines.map(|line| Line::styled(line, style)).collect()
}
