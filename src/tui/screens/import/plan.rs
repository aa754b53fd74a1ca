//! How a plan under review looks: the list of datasets and fields, and the reason of the selected one.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::model::{PlannedDataset, PlannedField};
use crate::tui::message::Ctx;
use crate::tui::text::{bytes, count, counted, fit, wrap};
use crate::tui::widgets::panel::{Focus, panel};
use crate::tui::widgets::rows;
use crate::tui::widgets::table::{self, Column, Side, column};

use super::Stage;
use super::review::{Review, Row};
use super::target::Target;

const COLUMNS: [Column; 6] = [
    column("field", Side::Left, 14, 3, 0),
    column("→", Side::Left, 1, 0, 0),
    column("becomes", Side::Left, 20, 4, 0),
    column("sample", Side::Left, 12, 3, 3),
    column("filled", Side::Right, 6, 0, 2),
    column("sure", Side::Right, 5, 0, 1),
];

/// The list, and what is said of the selected line.
pub fn areas(area: Rect) -> [Rect; 2] {
    let below = if area.height >= 14 { 6 } else { 0 };
    Layout::vertical([Constraint::Fill(1), Constraint::Length(below)]).areas(area)
}

/// Paints the review.
pub fn draw(review: &Review, frame: &mut Frame<'_>, area: Rect, focus: Focus, ctx: &Ctx) {
    let [list, below] = areas(area);
    let block = panel("what would be read", focus, ctx);
    let inside = block.inner(list);
    frame.render_widget(block, list);
    let widths = table::widths(&COLUMNS, usize::from(inside.width).saturating_sub(2));
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(inside);
    let mut headings = table::headings(&COLUMNS, &widths, ctx.theme.dim);
    headings.spans.insert(0, Span::raw("  "));
    frame.render_widget(headings, head);
    let width = usize::from(inside.width).saturating_sub(1);
    rows::rows(
        frame,
        body,
        (&review.cursor, review.rows.len()),
        focus,
        ctx,
        |at| {
            let row = review.rows.get(at).copied().unwrap_or(Row::Gap);
            line(review, row, (&widths, width), ctx)
        },
    );
    if below.height > 0 {
        said(review, frame, below, ctx);
    }
}

fn line(review: &Review, row: Row, (widths, width): (&[usize], usize), ctx: &Ctx) -> Line<'static> {
    let plan = &review.plan;
    match row {
        Row::Gap => Line::default(),
        Row::Dataset(at) => plan.datasets.get(at).map_or_else(Line::default, |dataset| {
            Line::styled(fit(&headline(dataset), width), ctx.theme.title)
        }),
        Row::Glued(..) | Row::Warning(..) => {
            let words = warning(review, row, ctx).unwrap_or_default();
            Line::styled(
                fit(&format!(" {} {words}", ctx.icons.warning), width),
                ctx.theme.conflict,
            )
        }
        Row::Note(at) => {
            let words = plan.notes.get(at).map_or("", String::as_str);
            Line::styled(
                fit(&format!("{} {words}", ctx.icons.dot), width),
                ctx.theme.dim,
            )
        }
        Row::Field(at, place) => {
            let dataset = plan.datasets.get(at);
            let field = dataset.and_then(|dataset| dataset.fields.get(place));
            let is_changed = review.is_changed(at, place);
            let shown = dataset.zip(field).map(|pair| cells(pair, is_changed, ctx));
            let mut line = table::line(&COLUMNS, widths, shown.into_iter().flatten());
            line.spans.insert(0, Span::raw(" "));
            line
        }
    }
}

fn cells(
    (dataset, field): (&PlannedDataset, &PlannedField),
    is_changed: bool,
    ctx: &Ctx,
) -> [(String, Style); 6] {
    let theme = &ctx.theme;
    let target = becomes(dataset, field);
    let (arrow, style) = match (target.is_empty(), field.identity.is_some()) {
        (true, _) => ("", theme.faint),
        (_, true) => ("→", theme.accent),
        _ => ("→", theme.text),
    };
    let sample = field.samples.first().map_or("", String::as_str);
    let sure = match (is_changed, field.opinion.percent) {
        (true, _) => "yours".to_owned(),
        (false, 0) => String::new(),
        (false, percent) => format!("{percent} %"),
    };
    let is_seen = dataset.rows_sampled > 0;
    let filled = if is_seen {
        format!("{:.0} %", field.filled * 100.0)
    } else {
        String::new()
    };
    [
        (field.source.clone(), theme.path),
        (arrow.into(), theme.faint),
        (
            if target.is_empty() {
                "stays as it is".into()
            } else {
                target
            },
            style,
        ),
        (
            ctx.mask.personal(sample, &ctx.icons).into_owned(),
            theme.dim,
        ),
        (filled, theme.dim),
        (sure, if is_changed { theme.accent } else { theme.dim }),
    ]
}

/// What becomes of a field; the primary identity says so.
fn becomes(dataset: &PlannedDataset, field: &PlannedField) -> String {
    let is_primary = field
        .identity
        .as_ref()
        .is_some_and(|identity| dataset.primary.as_ref() == Some(&identity.namespace));
    let mut target = Target::of(field);
    target.steps = None;
    if let Some(namespace) = target.namespace.as_mut().filter(|_| is_primary) {
        namespace.push_str(" (primary)");
    }
    target.to_string()
}

/// A dataset in one line: `crm: records, 1,002 rows from crm.csv (CSV, gzip, 18 kB)`.
fn headline(dataset: &PlannedDataset) -> String {
    let kind = format!("{}s", dataset.kind);
    let rows = match (dataset.rows_sampled, dataset.is_part) {
        (0, _) => String::new(),
        (rows, false) => format!(", {}", counted(rows, "row")),
        (rows, true) => format!(", more than {}", counted(rows, "row")),
    };
    let files: Vec<String> = dataset
        .files
        .iter()
        .map(|file| {
            let packing = file
                .packing
                .as_ref()
                .map_or_else(String::new, |packing| format!(", {packing}"));
            let length = file
                .bytes
                .map_or_else(String::new, |length| format!(", {}", bytes(length)));
            format!("{} ({}{packing}{length})", file.name, file.format)
        })
        .collect();
    format!("{}: {kind}{rows} from {}", dataset.name, files.join(", "))
}

/// What is said of the selected line.
fn said(review: &Review, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx) {
    let block = panel(&title(review), Focus::Elsewhere, ctx);
    let inside = block.inner(area);
    frame.render_widget(block, area);
    let width = usize::from(inside.width).saturating_sub(1);
    let texts = reasons(review, ctx).into_iter();
    let lines = texts.flat_map(|(words, style)| {
        let wrapped = wrap(&words, width, 4);
        wrapped
            .into_iter()
            .map(move |line| Line::styled(line, style))
    });
    for (line, row) in lines.zip(inside.rows()) {
        let row = Rect {
            x: row.x + 1,
            width: row.width.saturating_sub(1),
            ..row
        };
        frame.render_widget(line, row);
    }
}

fn title(review: &Review) -> String {
    match (review.row(), review.field(), review.dataset()) {
        (Some(Row::Field(..)), Some(field), _) => field.source.clone(),
        (Some(Row::Note(_)), ..) => "note".into(),
        (_, _, Some(dataset)) => dataset.name.clone(),
        _ => String::new(),
    }
}

fn reasons(review: &Review, ctx: &Ctx) -> Vec<(String, Style)> {
    let theme = &ctx.theme;
    match review.row() {
        Some(Row::Field(..)) => field_reasons(review, ctx),
        Some(Row::Dataset(_)) => review
            .dataset()
            .map_or_else(Vec::new, |dataset| dataset_reasons(dataset, ctx)),
        Some(row @ (Row::Glued(..) | Row::Warning(..))) => warning(review, row, ctx)
            .map(|words| (words, theme.conflict))
            .into_iter()
            .collect(),
        Some(Row::Note(at)) => review
            .plan
            .notes
            .get(at)
            .map(|note| (note.clone(), theme.text))
            .into_iter()
            .collect(),
        Some(Row::Gap) | None => Vec::new(),
    }
}

fn dataset_reasons(dataset: &PlannedDataset, ctx: &Ctx) -> Vec<(String, Style)> {
    let theme = &ctx.theme;
    if !dataset.guessed {
        let words = "a manifest or the rows themselves say what they are";
        return vec![(words.into(), theme.text)];
    }
    let (kind, opinion) = (dataset.kind, &dataset.kind_opinion);
    let (rows, length) = (dataset.rows_sampled, dataset.bytes_sampled);
    let looked = format!("looked at {} ({})", counted(rows, "row"), bytes(length));
    let why = format!("{kind}s, {} % sure: {}", opinion.percent, opinion.reason);
    vec![(why, theme.text), (looked, theme.dim)]
}

fn field_reasons(review: &Review, ctx: &Ctx) -> Vec<(String, Style)> {
    let Some((field, dataset)) = review.field().zip(review.dataset()) else {
        return Vec::new();
    };
    let target = becomes(dataset, field);
    let target = if target.is_empty() {
        "it keeps its own place".to_owned()
    } else {
        format!("becomes {target}")
    };
    let mut said = vec![(target, ctx.theme.text)];
    let opinion = &field.opinion;
    let is_changed =
        matches!(review.row(), Some(Row::Field(at, place)) if review.is_changed(at, place));
    if is_changed {
        said.push((
            "as you say; space brings back what was understood".into(),
            ctx.theme.dim,
        ));
    } else if opinion.percent > 0 {
        said.push((
            format!("{} % sure: {}", opinion.percent, opinion.reason),
            ctx.theme.dim,
        ));
    }
    if let Some(steps) = field
        .identity
        .as_ref()
        .map(|identity| identity.normalise.join(", "))
        .filter(|steps| !steps.is_empty())
    {
        said.push((format!("its values are normalised: {steps}"), ctx.theme.dim));
    }
    if !field.samples.is_empty() {
        let samples = field.samples.join("   ");
        said.push((
            format!("such as {}", ctx.mask.personal(&samples, &ctx.icons)),
            ctx.theme.dim,
        ));
    }
    said
}

fn warning(review: &Review, row: Row, ctx: &Ctx) -> Option<String> {
    match row {
        Row::Glued(at, place) => {
            let mut glued = review.plan.datasets.get(at)?.glued.get(place)?.clone();
            for value in [&mut glued.written, &mut glued.value] {
                *value = ctx.mask.personal(value, &ctx.icons).into_owned();
            }
            Some(glued.to_string())
        }
        Row::Warning(at, place) => review.plan.datasets.get(at)?.warnings.get(place).cloned(),
        _ => None,
    }
}

/// The title of the box in which the selected line is changed.
pub fn box_title(review: &Review) -> String {
    match (review.row(), review.field()) {
        (Some(Row::Field(..)), Some(field)) => format!("what becomes of {}", field.source),
        _ => "the name of the dataset".to_owned(),
    }
}

/// What may be written in that box.
pub fn box_note(stage: &Stage) -> &'static str {
    match stage {
        Stage::Planned(review) if review.field().is_some() => {
            "id:Email trim lower, time day/month/year, event id, a path, or nothing"
        }
        _ => "",
    }
}

/// Where one is, for the status row.
pub fn position(review: &Review) -> String {
    let datasets = counted(review.plan.datasets.len() as u64, "dataset");
    match review.corrected().len() as u64 {
        0 => format!("{datasets} to read; s starts"),
        changed => format!("{datasets} to read, {} corrected; s starts", count(changed)),
    }
}
