//! What links two identities, or what keeps them apart, with the records that say so.

use ratatui::text::{Line, Span};

use crate::model::{Hop, Identity, WhyAnswer};
use crate::tui::message::Ctx;
use crate::tui::privacy::Mask;
use crate::tui::text::{counted, fit, fit_middle, fit_tail, second};
use crate::tui::widgets::paper::{Entry, blank, plain, wrapped};

use super::inspect::{end_lines, named};
use super::network::Network;

/// The lines of an answer; those of identities stand for them.
pub fn lines(
    (a, b): (&Identity, Option<&Identity>),
    answer: &WhyAnswer,
    network: &Network,
    width: usize,
    ctx: &Ctx,
) -> Vec<Entry<Identity>> {
    let title = |words: &str| plain(words, width, ctx.theme.title);
    let name = |identity: &Identity| ctx.mask.identity(identity, &ctx.icons);
    let mut lines = Vec::new();
    match answer {
        WhyAnswer::Linked { path } => {
            let hops = counted(path.len() as u64, "link");
            lines.push(title(&format!("one person, by {hops}")));
            lines.push(step(a, network, width, ctx));
            lines.extend(walk(a, path, network, width, ctx));
        }
        WhyAnswer::Apart { reason, removed } => {
            lines.push(title("not one person"));
            let ends = [Some(a), b];
            lines.extend(
                ends.into_iter()
                    .flatten()
                    .map(|end| step(end, network, width, ctx)),
            );
            lines.push(blank());
            lines.extend(wrapped(&told(reason, ctx), 0, (width, 6), ctx.theme.text));
            for link in removed {
                lines.push(blank());
                lines.push(step(&link.a, network, width, ctx));
                let words = format!("  {} {}", ctx.icons.removed, name(&link.b));
                lines.push((
                    Some(link.b.clone()),
                    Line::styled(fit(&words, width), ctx.theme.dim),
                ));
                if let Some(end) = &link.removed {
                    lines.extend(end_lines(end, width, ctx));
                }
            }
        }
        WhyAnswer::Links { links } => {
            let words = counted(links.len() as u64, "link");
            lines.push(title(&format!("{words}, each with its first record")));
            lines.push(step(a, network, width, ctx));
            for hop in links {
                lines.push(blank());
                lines.extend(hop_lines(a, hop, network, width, ctx));
            }
        }
    }
    lines
}

fn walk(
    from: &Identity,
    path: &[Hop],
    network: &Network,
    width: usize,
    ctx: &Ctx,
) -> Vec<Entry<Identity>> {
    let mut lines = Vec::new();
    let mut here = from.clone();
    for hop in path {
        lines.extend(hop_lines(&here, hop, network, width, ctx));
        here = other(&here, hop).clone();
    }
    lines
}

/// The record that first showed a link, and the identity that it leads to.
fn hop_lines(
    from: &Identity,
    hop: &Hop,
    network: &Network,
    width: usize,
    ctx: &Ctx,
) -> Vec<Entry<Identity>> {
    let dot = ctx.icons.dot;
    let record = format!(
        "{} {dot} batch {} {dot} {}",
        hop.dataset,
        hop.batch,
        second(hop.at)
    );
    let place = fit_tail(
        &format!("{}:{}", hop.file, hop.line),
        width.saturating_sub(4),
    );
    let mut lines = wrapped(&record, 4, (width, 2), ctx.theme.dim);
    lines.extend(wrapped(&place, 4, (width, 1), ctx.theme.dim));
    lines.push(step(other(from, hop), network, width, ctx));
    lines
}

fn other<'a>(from: &Identity, hop: &'a Hop) -> &'a Identity {
    if hop.a == *from { &hop.b } else { &hop.a }
}

fn step(identity: &Identity, network: &Network, width: usize, ctx: &Ctx) -> Entry<Identity> {
    let found = network.find(identity).and_then(|at| network.identity(at));
    let style = found.map_or(ctx.theme.text, |found| ctx.theme.identity(found.kind));
    let name = named(identity, found, ctx);
    let line = Line::from(Span::styled(fit_middle(&name, width), style));
    (Some(identity.clone()), line)
}

/// The sentence of an answer; under the mask only as far as it names no values.
fn told(reason: &str, ctx: &Ctx) -> String {
    match (ctx.mask, reason.split_once(": ")) {
        (Mask::On, Some((words, _))) => words.to_owned(),
        _ => reason.to_owned(),
    }
}
