//! Why each policy says what it says of a path: its rule, its winner and the runner-up.

use ratatui::text::{Line, Span};

use crate::model::{ComparedSide, Leaf, Path, Rule};
use crate::tui::message::Ctx;
use crate::tui::screens::content::sentence;
use crate::tui::text::{brief, cells, day, fit, record, second};
use crate::tui::widgets::paper::{Entry, wrapped};

use super::table::{Row, Table, Tally};

/// The letter of a side.
pub fn letter(side: usize) -> char {
    char::from(b'A' + (side % 26) as u8)
}

/// The lines about a row, a few for each side.
pub fn lines(row: Row, table: &Table, sides: &[usize], width: usize, ctx: &Ctx) -> Vec<Entry<()>> {
    let shown = sides
        .iter()
        .filter_map(|at| Some((*at, table.sides().get(*at)?)));
    shown
        .flat_map(|(at, side)| match (row, table.field(row)) {
            (_, Some(field)) => field_lines(at, side, &field.path, width, ctx),
            (Row::Tally(tally), _) => vec![tally_line(at, side, tally, width, ctx)],
            _ => Vec::new(),
        })
        .collect()
}

fn field_lines(
    at: usize,
    side: &ComparedSide,
    path: &Path,
    width: usize,
    ctx: &Ctx,
) -> Vec<Entry<()>> {
    let profile = match &side.profile {
        Err(miss) => return said(at, &sentence(miss, ctx), width, ctx),
        Ok(profile) => profile,
    };
    let Some(leaf) = profile.profile.leaf(path) else {
        return said(at, "no fragment that it sees has a value", width, ctx);
    };
    let origin = &leaf.winner;
    let dot = ctx.icons.dot;
    let file = profile.files.name(origin.batch, origin.line);
    let when = if width < 90 {
        day(origin.ingested_at)
    } else {
        second(origin.ingested_at)
    };
    let from = format!(
        "{when} {dot} {}",
        record(origin.batch, file, origin.line, dot)
    );
    let mut lines = vec![ends(at, &rule(leaf), &from, width, ctx)];
    if let Some(candidate) = leaf.candidates.first() {
        let value = if ctx.mask.hides(path, &candidate.value) {
            ctx.icons.masked.to_owned()
        } else {
            brief(&candidate.value, width)
        };
        let from = format!(
            "{} {}",
            candidate.origin.dataset,
            second(candidate.origin.ingested_at)
        );
        let room = width.saturating_sub(cells(&from) + 12);
        let words = format!("over {}  {from}", fit(&value, room));
        lines.extend(wrapped(&words, 3, (width, 1), ctx.theme.dim));
    }
    lines
}

/// The rule that decided, in words.
fn rule(leaf: &Leaf) -> String {
    let winner = &leaf.winner.dataset;
    let next = leaf
        .candidates
        .first()
        .map(|next| next.origin.dataset.as_ref());
    let next = next.unwrap_or("nothing");
    let mut words = match leaf.rule {
        Rule::OnlyCandidate => format!("only candidate: {winner}"),
        Rule::NewestFragment => format!("newest fragment: {winner}, then {next}"),
        Rule::DatasetOrder => format!("dataset order: {winner} before {next}"),
        Rule::NewestValue => format!("newest value: {winner}, then {next}"),
        Rule::Tie => format!("tie: only the stable order puts {winner} before {next}"),
        Rule::Union => format!("union: {winner} first, then {next}"),
        Rule::Concat => format!("concat: {winner} first, then {next}"),
    };
    if leaf.tie && leaf.rule != Rule::Tie {
        words.push_str(" (a tie)");
    }
    if leaf.same_import {
        words.push_str(" (times of one import)");
    }
    words
}

fn tally_line(at: usize, side: &ComparedSide, tally: Tally, width: usize, ctx: &Ctx) -> Entry<()> {
    let words = match (&side.profile, tally) {
        (Err(miss), _) => sentence(miss, ctx),
        (Ok(profile), Tally::Identities) => {
            let names = profile.identities.iter().take(40);
            let names: Vec<_> = names
                .map(|name| ctx.mask.identity(name, &ctx.icons))
                .collect();
            names.join(", ")
        }
        (Ok(profile), Tally::Events) if profile.hidden_events > 0 => {
            let hidden = crate::tui::text::counted(profile.hidden_events, "event");
            format!("{hidden} in datasets that it leaves out")
        }
        (Ok(_), Tally::Events) => "it sees every event of these identities".into(),
        (Ok(profile), Tally::Fragments) => format!("from {}", profile.sources.join(", ")),
    };
    ends(at, &words, "", width, ctx)
}

fn said(at: usize, words: &str, width: usize, ctx: &Ctx) -> Vec<Entry<()>> {
    let mut lines = wrapped(words, 3, (width, 3), ctx.theme.text);
    if let Some((_, first)) = lines.first_mut() {
        let text = first.to_string().trim_start().to_owned();
        *first = lead(at, &text, width, ctx);
    }
    lines
}

fn lead<'a>(at: usize, words: &str, width: usize, ctx: &Ctx) -> Line<'a> {
    Line::from(vec![
        Span::styled(format!("{}  ", letter(at)), ctx.theme.key),
        Span::styled(fit(words, width.saturating_sub(3)), ctx.theme.text),
    ])
}

fn ends(at: usize, left: &str, right: &str, width: usize, ctx: &Ctx) -> Entry<()> {
    let right = fit(right, width / 2);
    let room = width.saturating_sub(cells(&right) + 5);
    let mut line = lead(at, &crate::tui::text::fit_left(left, room), room + 3, ctx);
    line.push_span(Span::styled(format!("  {right}"), ctx.theme.dim));
    (None, line)
}
