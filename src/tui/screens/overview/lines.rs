//! The overview's lines: what is in the store, and what deserves a look.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::model::{DatasetTotals, Identity, NamespaceKind, Overlap, StatsAnswer};
use crate::tui::message::Ctx;
use crate::tui::text::{age, cells, count, fit, fit_left, fit_right};
use crate::tui::widgets::bar::bar;
use crate::tui::widgets::paper::{Entry, blank, plain, wrapped};
use crate::tui::widgets::table::{self, Column, Side, column};

/// What a line opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A profile.
    Profile(Identity),
    /// A graph.
    Graph(Identity),
    /// The profiles that a query finds.
    Query(String),
}

const DATASETS: [Column; 7] = [
    column("dataset", Side::Left, 14, 1, 0),
    column("kind", Side::Left, 6, 0, 3),
    column("channel", Side::Left, 9, 0, 4),
    column("batches", Side::Right, 7, 0, 5),
    column("fragments", Side::Right, 9, 0, 1),
    column("events", Side::Right, 9, 0, 1),
    column("ingested", Side::Right, 8, 0, 2),
];

/// Percent of a line for its name, where names are short.
const SHORT: u8 = 60;

/// The same where sets of names are listed.
const LONG: u8 = 80;

/// What is in the store: totals, datasets, profiles by namespace.
pub fn store(stats: &StatsAnswer, width: usize, ctx: &Ctx) -> Vec<Entry<Stop>> {
    let mut lines = Vec::new();
    if stats.resolve_pending {
        let words = format!(
            "{} settings changed since the links were made: onefold resolve --dry-run says what would change",
            ctx.icons.warning
        );
        lines.extend(wrapped(&words, 0, (width, 3), ctx.theme.alarm));
        lines.push(blank());
    }
    lines.extend(totals(stats, width, ctx));
    lines.push(blank());
    lines.extend(datasets(&stats.datasets, width, ctx));
    lines.push(blank());
    lines.push(title("profiles by namespace", width, ctx));
    let most = stats.profiles.max(1);
    let mut namespaces: Vec<_> = stats.profiles_by_namespace.iter().collect();
    namespaces.sort_by_key(|(_, profiles)| std::cmp::Reverse(**profiles));
    for (code, profiles) in namespaces {
        let kind = NamespaceKind::guess(code);
        let name = format!("{} {code}", ctx.icons.identity(kind));
        let style = ctx.theme.identity(kind);
        let stop = Stop::Query(format!("ns:{}", quoted(code)));
        lines.push(bar_line(
            (&name, style),
            (*profiles, most),
            stop,
            (width, SHORT),
            ctx,
        ));
    }
    lines
}

/// What deserves a look: suspects, the largest graphs, conflicts.
pub fn worth_a_look(stats: &StatsAnswer, width: usize, ctx: &Ctx) -> Vec<Entry<Stop>> {
    let name = |identity: &Identity| ctx.mask.identity(identity, &ctx.icons);
    let mut lines = vec![title("suspects", width, ctx)];
    for suspect in &stats.suspects {
        let text = format!("{} {}", ctx.icons.warning, name(&suspect.entity_id));
        let line = Line::styled(fit(&text, width), ctx.theme.bridge);
        lines.push((Some(Stop::Profile(suspect.entity_id.clone())), line));
        lines.extend(wrapped(&suspect.reason, 2, (width, 3), ctx.theme.dim));
    }
    lines.extend(none(stats.suspects.len(), width, ctx));
    lines.push(blank());
    lines.push(title("largest graphs", width, ctx));
    let most = stats.largest_graphs.iter().map(|(_, size)| *size).max();
    for (identity, size) in &stats.largest_graphs {
        let stop = Stop::Graph(identity.clone());
        let name = name(identity);
        let part = (*size, most.unwrap_or(1));
        lines.push(bar_line(
            (&name, ctx.theme.person),
            part,
            stop,
            (width, SHORT),
            ctx,
        ));
    }
    lines.extend(none(stats.largest_graphs.len(), width, ctx));
    lines.push(blank());
    lines.push(title("conflicts by path, in profiles", width, ctx));
    let most = stats.conflicts.iter().map(|(_, profiles)| *profiles).max();
    for (path, profiles) in &stats.conflicts {
        let path = path.to_string();
        let stop = Stop::Query(format!("conflict:{}", quoted(&path)));
        let part = (*profiles, most.unwrap_or(1));
        lines.push(bar_line(
            (&path, ctx.theme.path),
            part,
            stop,
            (width, SHORT),
            ctx,
        ));
    }
    lines.extend(none(stats.conflicts.len(), width, ctx));
    lines
}

/// Which namespaces, and which datasets, make profiles together.
pub fn overlaps(stats: &StatsAnswer, width: usize, ctx: &Ctx) -> Vec<Entry<Stop>> {
    let mut lines = Vec::new();
    for (heading, word, overlaps) in [
        ("namespaces together", "ns", &stats.namespace_overlap),
        ("datasets together", "dataset", &stats.dataset_overlap),
    ] {
        if !lines.is_empty() {
            lines.push(blank());
        }
        lines.push(title(heading, width, ctx));
        let most = overlaps.iter().map(|overlap| overlap.profiles).max();
        for overlap in overlaps {
            lines.push(overlap_line(word, overlap, most.unwrap_or(1), width, ctx));
        }
        lines.extend(none(overlaps.len(), width, ctx));
    }
    lines
}

fn totals(stats: &StatsAnswer, width: usize, ctx: &Ctx) -> Vec<Entry<Stop>> {
    let alone = match stats.profiles {
        0 => String::new(),
        all => format!(
            "{} of one identity ({} %)",
            count(stats.single_identity_profiles),
            stats.single_identity_profiles.saturating_mul(100) / all
        ),
    };
    let number = |name: &str, number: u64, note: &str| {
        let line = Line::from(vec![
            Span::styled(fit_left(name, 11), ctx.theme.dim),
            Span::styled(fit_right(&count(number), 12), ctx.theme.title),
            Span::styled(
                fit(&format!("   {note}"), width.saturating_sub(23)),
                ctx.theme.dim,
            ),
        ]);
        (None, line)
    };
    vec![
        number("profiles", stats.profiles, &alone),
        number("identities", stats.identities, ""),
        number("links", stats.links, ""),
        number("fragments", stats.fragments, ""),
        number("events", stats.events, ""),
    ]
}

fn datasets(datasets: &[DatasetTotals], width: usize, ctx: &Ctx) -> Vec<Entry<Stop>> {
    let widths = table::widths(&DATASETS, width);
    let mut lines = vec![(None, table::headings(&DATASETS, &widths, ctx.theme.dim))];
    let some = |number: u64| match number {
        0 => ctx.icons.dot.to_owned(),
        _ => count(number),
    };
    for dataset in datasets {
        let last = dataset
            .last_ingested
            .map_or_else(|| ctx.icons.dot.to_owned(), |last| age(last, ctx.now));
        let cells = [
            (dataset.name.clone(), ctx.theme.text),
            (dataset.kind.to_string(), ctx.theme.dim),
            (dataset.channel.clone().unwrap_or_default(), ctx.theme.dim),
            (count(dataset.batches), ctx.theme.number),
            (some(dataset.fragments), ctx.theme.number),
            (some(dataset.events), ctx.theme.number),
            (last, ctx.theme.text),
        ];
        let stop = Stop::Query(format!("dataset:{}", quoted(&dataset.name)));
        lines.push((Some(stop), table::line(&DATASETS, &widths, cells)));
    }
    lines
}

fn title(words: &str, width: usize, ctx: &Ctx) -> Entry<Stop> {
    plain(words, width, ctx.theme.title)
}

fn none(len: usize, width: usize, ctx: &Ctx) -> Option<Entry<Stop>> {
    (len == 0).then(|| plain("none", width, ctx.theme.dim))
}

/// A name, a bar and its number.
fn bar_line(
    (name, style): (&str, Style),
    (part, whole): (u64, u64),
    stop: Stop,
    (width, share_of_names): (usize, u8),
    ctx: &Ctx,
) -> Entry<Stop> {
    let number = count(part);
    let figures = cells(&number).max(9);
    let rest = width.saturating_sub(figures + 2);
    let names = rest * usize::from(share_of_names) / 100;
    let share = part as f64 / whole.max(1) as f64;
    let shape = bar(share, rest - names, ctx.icons.full, " ");
    let line = Line::from(vec![
        Span::styled(fit_left(name, names), style),
        Span::raw(" "),
        Span::styled(shape, ctx.theme.border),
        Span::styled(
            format!(" {}", fit_right(&number, figures)),
            ctx.theme.number,
        ),
    ]);
    (Some(stop), line)
}

fn overlap_line(word: &str, overlap: &Overlap, most: u64, width: usize, ctx: &Ctx) -> Entry<Stop> {
    let terms = overlap
        .names
        .iter()
        .map(|name| format!("{word}:{}", quoted(name)));
    let stop = Stop::Query(terms.collect::<Vec<_>>().join(" "));
    let name = overlap.names.join(" + ");
    bar_line(
        (&name, ctx.theme.text),
        (overlap.profiles, most),
        stop,
        (width, LONG),
        ctx,
    )
}

/// A name as a query takes it.
fn quoted(name: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_-.".contains(letter);
    if name.chars().all(is_plain) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', ""))
    }
}
